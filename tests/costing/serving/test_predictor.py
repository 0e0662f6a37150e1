"""How fast any open model runs on any GPU: own curve, published measurement, estimate, in this order."""

from __future__ import annotations

import csv
import io
import json
import math
from dataclasses import replace
from datetime import date
from decimal import Decimal
from functools import lru_cache
from pathlib import Path
from typing import Any

import numpy as np
import pytest
from pydantic import ValidationError

from costing.cli.main import main
from costing.cli.throughput_batch import ADDED, answered
from costing.serving.predictor import Prediction, Predictor, Question
from costing.serving.roofline import USUAL, Setup, Setups, fitted, log_speed
from i18n.errors import CrossoverError
from i18n.message import literal
from pricing.published_throughput import MEASUREMENTS, published, read, sources
from pricing.rows import Evidence
from pricing.rows.machines import CurvePoint
from tests.support.factories import frozen_book

from ...support.factories import book, deployment, gpu, open_model

SHIPPED_DAY = date(2026, 11, 22)


@lru_cache(maxsize=1)
def shipped() -> Predictor:
    return Predictor.of(frozen_book().on(SHIPPED_DAY))


def ask(**changes: Any) -> Question:
    fields: dict[str, Any] = {
        "model": "llama-3.1-405b",
        "gpu": "MI300X",
        "precision": "fp8",
        "gpu_count": 8,
        "parallel": "8",
        "engine": "vllm",
        "input_tokens": 1000,
        "output_tokens": 1000,
        "concurrency": 32,
        **changes,
    }
    return Question(**fields)


def gpt_oss(**changes: Any) -> Question:
    base: dict[str, Any] = {"model": "gpt-oss-120b", "gpu": "H200", "precision": "fp4", "gpu_count": 1}
    base |= {"parallel": "1", "input_tokens": 8192, "output_tokens": 1024, "concurrency": 64}
    return ask(**{**base, **changes})


def own(*points: tuple[int, int]) -> Predictor:
    """One's own curve of the example deployment: 100 tokens/s at 10 at once, by default 300 at 40."""
    curve = tuple(
        CurvePoint(concurrency=n, output_tokens_per_s=Decimal(speed)) for n, speed in points or [(40, 300)]
    )
    row = deployment(evidence="measured", curve=curve)
    return Predictor.of(book(row, gpu(), open_model()).on(SHIPPED_DAY), measurements=())


def own_question(concurrency: float, **changes: Any) -> Question:
    base: dict[str, Any] = {"model": "open-10b", "gpu": "g1", "precision": "fp8", "gpu_count": 1}
    base |= {"parallel": "", "engine": "none", "input_tokens": 1000, "output_tokens": 100}
    return ask(**{**base, "concurrency": concurrency, **changes})


def test_every_published_row_is_carried_over_with_its_source() -> None:
    assert len(published()) == 1638
    assert all(sources()[row.source] for row in published())
    assert MEASUREMENTS.stat().st_size < 300_000


def test_a_faulty_row_of_the_table_is_named_with_its_line() -> None:
    text = MEASUREMENTS.read_text(encoding="utf-8")
    first, second = text.splitlines()[:2]
    with pytest.raises(CrossoverError, match=r"throughput.csv:3: precision: unknown 'fp9'"):
        read("\n".join([first, second, second.replace(",fp4,", ",fp9,")]), set(sources()))
    with pytest.raises(CrossoverError, match=r"throughput.csv:1: the columns are not"):
        read("a,b\n1,2", set())


def test_a_published_measurement_is_given_back() -> None:
    # InferenceMAX, gpt-oss-120b on one H200, 8,192 in, 1,024 out, 64 at once: 1,443.63 tokens/s
    prediction = shipped().predict(gpt_oss())
    assert prediction.evidence == Evidence.PUBLISHED
    assert prediction.output_tokens_per_s == pytest.approx(1443.63, rel=0.03)


def test_between_two_loads_the_speed_lies_between_theirs() -> None:
    low, mid, high = (shipped().predict(gpt_oss(concurrency=n)) for n in (32, 45, 64))
    assert low.output_tokens_per_s < mid.output_tokens_per_s < high.output_tokens_per_s
    assert mid.evidence == Evidence.PUBLISHED
    assert mid.sigma_log < 0.1


def test_other_lengths_are_carried_over_and_known_less_well() -> None:
    at, longer = shipped().predict(gpt_oss()), shipped().predict(gpt_oss(input_tokens=16_384))
    assert longer.output_tokens_per_s < at.output_tokens_per_s
    assert longer.evidence == Evidence.PUBLISHED
    assert longer.sigma_log > at.sigma_log


def test_an_unseen_group_is_an_estimate_near_its_measurements() -> None:
    # Left out: qwen3-8b on an RTX 5090 in vllm, of which nvfp4 was measured.
    known = [row for row in shipped().known if row.traits.group != ("qwen3-8b", "rtx-5090", "vllm", "fp4")]
    assert len(known) == len(shipped().known) - 17
    blind = Predictor(frozen_book().on(SHIPPED_DAY), known)
    question = ask(model="qwen3-8b", gpu="RTX 5090", precision="nvfp4", gpu_count=1, parallel="1")
    question = replace(question, input_tokens=8192.0, output_tokens=492.0, concurrency=8.0)
    seen, unseen = shipped().predict(question), blind.predict(question)
    assert unseen.evidence == Evidence.ESTIMATED
    assert abs(math.log(unseen.output_tokens_per_s / seen.output_tokens_per_s)) < 0.5
    assert unseen.sigma_log > seen.sigma_log


def test_ones_own_curve_goes_before_all_and_is_exact_where_it_was_measured() -> None:
    predictor = own()
    for load, speed in ((10, 100), (40, 300)):
        prediction = predictor.predict(own_question(load))
        assert prediction.evidence == Evidence.MEASURED
        assert prediction.output_tokens_per_s == pytest.approx(speed)


def test_ones_own_curve_is_interpolated_in_log_concurrency() -> None:
    # 20 is half way from 10 to 40 in logs: the roofline's error there is the mean of the two errors, in logs.
    predictor = own()
    tokens_per_s = predictor.predict(own_question(20)).output_tokens_per_s
    roofs = [_roof(predictor, load) for load in (10, 20, 40)]
    assert tokens_per_s == pytest.approx(roofs[1] * math.sqrt(100 / roofs[0] * 300 / roofs[2]))
    assert 100 < tokens_per_s < 300


def _roof(predictor: Predictor, load: float) -> float:
    question = own_question(load)
    setup = Setup.of(
        open_model(),
        gpu(),
        "fp8",
        gpu_count=1,
        parallel="",
        input_tokens=question.input_tokens,
        output_tokens=question.output_tokens,
        concurrency=load,
    )
    (efficiencies,) = predictor.efficiencies.values()
    return math.exp(float(log_speed(Setups.of([setup]), efficiencies)[0]))


def test_a_load_outside_ones_own_curve_is_carried_and_warned_of() -> None:
    prediction = own().predict(own_question(80))
    assert prediction.evidence == Evidence.MEASURED
    assert any("outside what was measured: 10 to 40" in str(warning) for warning in prediction.warnings)


def test_a_curve_out_of_order_is_refused() -> None:
    with pytest.raises(ValidationError, match="twice, or out of order"):
        own((40, 1), (20, 1))


@pytest.mark.parametrize(
    ("changes", "words"),
    [
        ({"input_tokens": 20_000}, "context beyond 10,000 tokens"),
        ({"gpu_count": 16, "parallel": "16"}, "more than 8 GPUs share a layer"),
        ({"speculative": True}, "speculative decoding is not modelled"),
        ({"prefix_caching": True}, "prefix caching is not modelled"),
        ({"concurrency": 100_000}, "outside what was measured"),
    ],
)
def test_an_extrapolation_is_said_to_be_one(changes: dict[str, Any], words: str) -> None:
    assert not any(words in str(warning) for warning in shipped().predict(ask()).warnings)
    assert any(words in str(warning) for warning in shipped().predict(ask(**changes)).warnings)


@pytest.mark.parametrize(
    ("changes", "words"),
    [
        ({"model": "llama-3.1-8c"}, "model 'llama-3.1-8c' is not in open_models; did you mean"),
        ({"gpu": "H10"}, "GPU 'H10' is not in gpus; did you mean 'h100'"),
        ({"precision": "fp7"}, "precision 'fp7' is unknown; did you mean"),
        # 405.9 GB of weights against 80 GiB x 0.9 a GPU: 405.9 + 1.03 = 406.9 of 77.3 GB each: 6
        ({"gpu": "h100", "gpu_count": 4, "parallel": "4"}, r"does not fit 4 × H100 SXM \(take 6\)"),
    ],
)
def test_why_there_is_no_answer(changes: dict[str, Any], words: str) -> None:
    with pytest.raises(CrossoverError, match=words):
        shipped().predict(ask(**changes))


def test_fewer_bits_are_faster_and_never_larger() -> None:
    # On a B200, which computes in each of them; a model that nobody has published.
    setup = {"model": "qwen3-32b", "gpu": "b200", "gpu_count": 1, "parallel": "1", "concurrency": 8}
    speeds = [
        shipped().predict(ask(**setup, precision=name)).output_tokens_per_s for name in ("bf16", "fp8", "fp4")
    ]
    assert speeds == sorted(speeds)


def test_efficiencies_that_made_the_speeds_are_found_again() -> None:
    true = USUAL + np.array([0.2, -0.3, 0.2, 0.4, 0.0])
    loads = [(i, o, n) for i in (100, 1000, 8000) for o in (100, 1000) for n in (1, 4, 16, 64, 256)]
    setups = Setups.of(
        [
            Setup.of(
                open_model(),
                gpu(),
                "fp8",
                gpu_count=1,
                parallel="1",
                input_tokens=i,
                output_tokens=o,
                concurrency=n,
            )
            for i, o, n in loads
        ]
    )
    measured = log_speed(setups, true)
    assert abs(log_speed(setups, fitted(setups, measured)) - measured).max() < 0.1
    assert abs(log_speed(setups, USUAL) - measured).max() > 0.2


HEADER = "model_key,gpu,precision,gpu_count,tp,engine,input_len,output_len,concurrency"
GOOD = "gpt-oss-120b,H200,fp4,1,1,vllm,8192,1024,64"


def fixed(_: Question) -> Prediction:
    return Prediction(123.4567, Evidence.PUBLISHED, 0.06, literal("how"), ())


def rows_of(text: str) -> list[dict[str, str]]:
    return list(csv.DictReader(io.StringIO(text)))


def test_a_file_is_answered_row_by_row_in_order() -> None:
    bad = [
        ("gpt-oss-120b,H200,fp4,1,1,vllm,,1024,64", "input_len: missing (fill it in)"),
        ("gpt-oss-120b,H200,fp4,1.5,1,vllm,1,1024,64", "gpu_count: 1.5 is not a whole number (correct it)"),
        ("gpt-oss-120b,H200,fp4,1,1,vllm,8192,nan,64", "output_len: 'nan' is no number from 1 to 10,000,000"),
        ("gpt-oss-120b,H200,fp4,1,1,vllm,8192,1024,-3", "concurrency: '-3' is no number"),
        (",H200,fp4,1,1,vllm,8192,1024,64", "model_key: missing (fill it in)"),
        ("gpt-oss-120b,H200", "2 values for 9 columns (correct the row)"),
    ]
    text = "\n".join([HEADER, GOOD, *(line for line, _ in bad), GOOD])
    out, refused = answered(text, "in.csv", fixed)
    rows = rows_of(out)
    assert [row["predicted_output_tok_s_total"] for row in rows] == ["123.457", *[""] * len(bad), "123.457"]
    assert rows[0]["evidence"] == "published"
    assert rows[0]["sigma_log"] == "0.060"
    assert rows[0]["refused"] == ""
    for row, (_, reason) in zip(rows[1:-1], bad, strict=True):
        assert reason in row["refused"]
    assert refused.total() == len(bad)


def test_columns_of_ones_own_are_passed_on_and_formulas_are_not() -> None:
    out, _ = answered(f"{HEADER},mine\n{GOOD},=1+1\n", "in.csv", fixed)
    assert rows_of(out)[0]["mine"] == "'=1+1"
    assert out.splitlines()[0] == f"{HEADER},mine,{','.join(ADDED)}"


@pytest.mark.parametrize(
    ("first", "words"),
    [
        ("model_key,gpu", "in.csv:1: no column 'precision'"),
        (f"{HEADER},gpu", "in.csv:1: column 'gpu' stands twice"),
        (f"{HEADER},refused", "in.csv:1: column 'refused' is what this command adds"),
        ('"' + HEADER, "in.csv: not a CSV file"),
    ],
)
def test_a_first_line_that_cannot_serve_is_refused(first: str, words: str) -> None:
    with pytest.raises(CrossoverError, match=words):
        answered(first + "\n", "in.csv", fixed)


def test_the_command_answers_a_file(tmp_path: Path, capsys: pytest.CaptureFixture[str]) -> None:
    (tmp_path / "in.csv").write_text(
        f"{HEADER}\n{GOOD}\n{GOOD.replace('H200', 'H20000')}\n", encoding="utf-8"
    )
    out = tmp_path / "out.csv"
    assert main(["throughput", "--batch", str(tmp_path / "in.csv"), "--out", str(out)]) == 0
    rows = rows_of(out.read_text(encoding="utf-8"))
    assert float(rows[0]["predicted_output_tok_s_total"]) == pytest.approx(1443.63, rel=0.03)
    assert "GPU 'H20000' is not in gpus" in rows[1]["refused"]
    assert "1 refused: GPU 'H20000'" in capsys.readouterr().err
    assert {path.name for path in tmp_path.iterdir()} == {"in.csv", "out.csv"}


def test_the_command_can_forget_the_group_it_is_asked_about(tmp_path: Path) -> None:
    (tmp_path / "in.csv").write_text(f"{HEADER}\n{GOOD}\n", encoding="utf-8")
    out = tmp_path / "out.csv"
    arguments = ["throughput", "--batch", str(tmp_path / "in.csv"), "--out", str(out), "--leave-group-out"]
    assert main(arguments) == 0
    (row,) = rows_of(out.read_text(encoding="utf-8"))
    assert row["evidence"] == "estimated"
    assert float(row["sigma_log"]) > 0.1


def test_the_command_answers_one_setup(capsys: pytest.CaptureFixture[str]) -> None:
    setup = ["--model", "gpt-oss-120b", "--gpu", "h200-sxm", "--precision", "fp4", "--engine", "vllm"]
    load = ["--input", "8192", "--output", "1024", "--concurrency", "64"]
    assert main(["throughput", *setup, *load, "--json"]) == 0
    assert json.loads(capsys.readouterr().out)["evidence"] == "published"
    assert main(["throughput", *setup, *load]) == 0
    assert "output tokens/s in total (published" in capsys.readouterr().out
    assert main(["throughput", *setup]) == 2
    assert capsys.readouterr().err == "input_len: missing (fill it in)\n"


def test_a_file_that_is_not_there_or_not_text_is_one_line(
    tmp_path: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    (tmp_path / "in.csv").write_bytes(b"\xff\xfe")
    for name in ("in.csv", "none.csv"):
        assert main(["throughput", "--batch", str(tmp_path / name), "--out", str(tmp_path / "o.csv")]) == 2
        assert capsys.readouterr().err.count("\n") == 1
    assert not (tmp_path / "o.csv").exists()


OWN_ROW = """\
- id: own-llama-8b
  name: Our Llama 3.1 8B
  open_model: llama-3.1-8b
  gpu: l4
  gpus_per_replica: 1
  precision: fp8
  engine: vllm
  load: closed loop
  input_tokens: 1000
  output_tokens: 200
  concurrency: 4
  output_tokens_per_s: 90
  curve:
    - {concurrency: 8, output_tokens_per_s: 160}
    - {concurrency: 16, output_tokens_per_s: 250.5}
  source: our bench of 2026-11-20
  checked_on: 2026-11-20
  evidence: measured
"""


def test_a_companys_own_curve_is_read_from_its_folder(
    tmp_path: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    (tmp_path / "deployments.yaml").write_text(OWN_ROW, encoding="utf-8")
    setup = ["--model", "llama-3.1-8b", "--gpu", "l4", "--precision", "fp8", "--engine", "vllm"]
    load = ["--input", "1000", "--output", "200", "--concurrency", "16", "--json"]
    assert main(["throughput", *setup, *load, "--prices", str(tmp_path)]) == 0
    report = json.loads(capsys.readouterr().out)
    assert (report["evidence"], report["predicted_output_tok_s_total"]) == ("measured", 250.5)

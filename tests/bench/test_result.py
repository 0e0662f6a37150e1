"""Result file: written, read, refused, rendered as text, CSV and page, compared, turned into a price row."""

from __future__ import annotations

import csv
import io
import json
import re
from dataclasses import replace
from pathlib import Path
from typing import Any
from xml.etree import ElementTree

import pytest

from bench.calibrate import Deployed, row
from bench.compare import changes
from bench.hardware import hardware_row
from bench.html_report import to_html
from bench.load_patterns import Load, LoadLevel
from bench.measures import Slo
from bench.printout import lines
from bench.request_record import RequestRecord
from bench.result import Sweep, join, read, to_csv, to_json, write
from i18n.errors import CrossoverError
from pricing.rows import Deployment, Evidence, Gpu
from pricing.strict_yaml import parse
from tests.support.bench_results import MACHINE, closed_level, error_of, poisson_level, result_of

PATHS = [Path("a.json"), Path("b.json")]
DEPLOYED = Deployed("toy-1", "Toy", "toy-270m", "cpu", 1, "int4", "known 1")


def test_the_summary_has_the_keys_that_others_read() -> None:
    document = json.loads(to_json(result_of(closed_level(), poisson_level(2.0))))
    assert document["schema_version"] == 1
    closed, timed = document["summary"]
    assert closed["concurrency"] == 1
    assert "rate_per_s" not in closed
    assert timed["rate_per_s"] == 2.0
    assert "concurrency" not in timed
    for level in (closed, timed):
        for name in ("requests", "errors", "output_tokens_per_s", "requests_per_s", "client_lag_s"):
            assert isinstance(level[name], int | float)
        for name in ("ttft_s", "itl_s", "tpot_s", "e2e_s"):
            assert set(level[name]) == {"mean", "p50", "p90", "p95", "p99"}
    assert len(document["requests"]) == 60
    assert document["requests"][0]["record"]["chunk_s"][0] == 0.5


def test_a_result_comes_back_as_it_was_written(tmp_path: Path) -> None:
    made = result_of(
        closed_level(), poisson_level(2.0), sweep=Sweep(1, 7.3, 2.0, 22.0), warnings=("careful",)
    )
    write(made, tmp_path / "a.json")
    assert to_json(read(tmp_path / "a.json")) == to_json(made)
    assert not list(tmp_path.glob("*.partial"))


@pytest.mark.parametrize(
    ("text", "reason"),
    [
        ("", "no result of schema version 1: found none"),
        ("[1]", "found none"),
        ("[" * 100_000, "found none"),
        ('{"schema_version": 2}', "found 2"),
        ('{"schema_version": 1}', "Field required"),
    ],
)
def test_a_file_that_is_no_result_is_one_line(text: str, reason: str, tmp_path: Path) -> None:
    path = tmp_path / "a.json"
    path.write_text(text, encoding="utf-8")
    with pytest.raises(CrossoverError, match=reason) as caught:
        read(path)
    assert "\n" not in str(caught.value)
    with pytest.raises(CrossoverError, match="cannot be read"):
        read(tmp_path / "none.json")


def test_a_changed_field_is_named(tmp_path: Path) -> None:
    document = json.loads(to_json(result_of(closed_level())))
    document["summary"][0]["requests"] = "many"
    (tmp_path / "a.json").write_text(json.dumps(document), encoding="utf-8")
    with pytest.raises(CrossoverError, match=r"summary\.0\.requests"):
        read(tmp_path / "a.json")


def test_results_of_different_machines_are_not_joined() -> None:
    first, second = (
        result_of(closed_level()),
        result_of(closed_level(), fingerprint=replace(MACHINE, cores=4)),
    )
    with pytest.raises(CrossoverError, match="different machines: One CPU, 2 cores"):
        join([first, second], PATHS)
    with pytest.raises(CrossoverError, match="another endpoint"):
        join([first, result_of(closed_level(), model="other")], PATHS)


def test_joined_results_keep_their_levels_and_requests_together() -> None:
    both = join([result_of(closed_level(3)), result_of(poisson_level(2.0, 5))], PATHS)
    assert len(both.summary) == 2
    assert (len(both.records(0)), len(both.records(1))) == (3, 5)


def test_the_terminal_says_the_figures_and_what_limits_them() -> None:
    made = result_of(closed_level(), partial=True)
    limited = replace(made.summary[0], client_error=error_of(gap_p50=0.009), client_limited=True)
    text = "\n".join(lines(replace(made, summary=(limited,))))
    assert re.search(r"1 at once +20 +0 +500 ms", text)
    assert "[client_limited]" in text
    assert "n too small" in text
    assert "interrupted" in text
    assert "SLO kept by 100.0% [83.9% to 100.0%]" in text


def test_a_level_without_an_answer_is_shown_with_blanks() -> None:
    level = LoadLevel(Load(concurrency=1, requests=2), [RequestRecord(0, 0, 1, fault="timeout")] * 2)
    text = "\n".join(lines(result_of(level)))
    assert re.search(r"1 at once +2 +2 +– +–", text)
    assert "2 × timeout" in text


def test_the_csv_has_a_row_a_level_and_keeps_formulas_texts() -> None:
    made = result_of(closed_level(), poisson_level(2.0), model="=cmd()")
    rows = list(csv.DictReader(io.StringIO(to_csv(made).removeprefix("\ufeff"))))
    assert len(rows) == 2
    assert rows[0]["model"] == "'=cmd()"
    assert float(rows[0]["ttft_p50_s"]) == pytest.approx(0.5)
    assert rows[1]["concurrency"] == ""


def test_the_page_needs_nothing_else_and_shows_the_slo() -> None:
    two = replace(closed_level(), load=Load(concurrency=2, requests=20))
    page = to_html(result_of(closed_level(), two, model="<b>toy</b>"))
    assert "<b>" not in page
    assert "<script" not in page
    assert not re.search(r"(src|href)=", page)
    assert not re.search(r"https?://(?!www\.w3\.org/2000/svg|127\.0\.0\.1)", page)
    drawn = [ElementTree.fromstring(svg) for svg in re.findall(r"<svg.*?</svg>", page)]
    titles = [svg.attrib["aria-label"] for svg in drawn]
    assert "TTFT against streams at once" in titles
    assert ">SLO</text>" in page


def worse_by(share: float, spread: float = 0.0) -> list[bool]:
    """Whether each change of TTFT p50 exceeds 5 %, with first tokens of the second run later by `share`."""
    before = closed_level(60)
    after = closed_level(60, ttft=0.5 * (1 + share))
    for level in (before, after):
        for i, record in enumerate(level.records):
            shift = spread * (i % 7 - 3) / 3
            moved = tuple(s + shift for s in record.chunk_s)
            level.records[i] = replace(record, chunk_s=moved, end_s=moved[-1])
    compared = changes(result_of(before), result_of(after))
    return [change.past(0.05) for change in compared if change.figure == "TTFT p50"]


def test_a_comparison_finds_a_slower_run_and_passes_the_same() -> None:
    assert worse_by(0.0) == [False]
    assert worse_by(0.04) == [False]
    assert worse_by(0.2) == [True]
    assert worse_by(-0.2) == [False]


def test_a_difference_within_chance_is_not_called_worse() -> None:
    assert worse_by(0.06, spread=0.4) == [False]


def test_less_throughput_is_worse_and_more_is_not() -> None:
    slow, fast = result_of(closed_level(20, itl=0.12)), result_of(closed_level(20))
    figures = {c.figure: c for c in changes(fast, slow)}
    assert figures["output per s"].past(0.05)
    assert not {c.figure: c for c in changes(slow, fast)}["output per s"].past(0.05)


def test_a_result_becomes_a_row_with_its_curve_from_the_largest_rate_that_held() -> None:
    slo = Slo(1.0, 0.2)
    slow = poisson_level(8.0)
    slow.records[:] = [replace(r, chunk_s=tuple(s + 2 for s in r.chunk_s)) for r in slow.records]
    two = replace(closed_level(), load=Load(concurrency=2, requests=20))
    made = result_of(closed_level(), two, poisson_level(2.0), poisson_level(4.0), slow, slo=slo)
    value = parse(row(made, DEPLOYED), "row").value
    assert isinstance(value, list)
    deployment = value[0]
    assert isinstance(deployment, dict)
    assert deployment["evidence"] == "measured"
    assert "poisson at 4 requests/s; 95% keep TTFT ≤ 1000 ms and TPOT ≤ 200 ms" in deployment["load"]
    assert [point["concurrency"] for point in deployment["curve"]] == [1, 2]
    assert float(deployment["curve"][0]["output_tokens_per_s"]) == pytest.approx(11 / 1.5, abs=1e-3)
    assert (deployment["input_tokens"], deployment["output_tokens"]) == (20, 11)
    assert "One CPU, 2 cores" in deployment["note"]
    # But for the curve, it is a row of today's table.
    Deployment.model_validate({name: v for name, v in deployment.items() if name != "curve"})


def test_a_row_is_not_made_of_a_closed_loop_unless_told_so() -> None:
    made = result_of(closed_level())
    with pytest.raises(CrossoverError, match="no Poisson rate"):
        row(made, DEPLOYED)
    assert "a ceiling, expect less" in row(made, replace(DEPLOYED, closed_loop=True))


def test_a_row_is_not_made_of_what_the_client_limited_or_nobody_counted() -> None:
    made = result_of(poisson_level(2.0))
    limited = replace(made, summary=(replace(made.summary[0], client_limited=True),))
    with pytest.raises(CrossoverError, match="client_limited"):
        row(limited, DEPLOYED)
    unknown = replace(made, summary=(replace(made.summary[0], input_tokens_mean=None),))
    with pytest.raises(CrossoverError, match="sent no usage"):
        row(unknown, DEPLOYED)


def test_a_machine_without_a_gpu_becomes_a_row_that_the_price_book_takes() -> None:
    text = hardware_row(result_of(closed_level()), "own-cpu", 0.1)
    rows = parse(text, "gpus.yaml").value
    assert isinstance(rows, list)
    gpu = Gpu.model_validate(rows[0])
    assert (gpu.kind, gpu.vendor, float(gpu.memory_gib)) == ("CPU", "none", 8.0)
    assert gpu.evidence == Evidence.ASSUMED  # its power was only told
    assert 'evidence: "measured"' in hardware_row(result_of(closed_level()), "own-cpu", None)


@pytest.mark.parametrize(
    ("change", "reason"),
    [
        ({"gpus": ("NVIDIA H100",)}, "NVIDIA H100: a GPU's bandwidth"),
        ({"local": False}, "on another machine"),
        ({"memory_gib": None}, "memory is not known"),
    ],
)
def test_a_machine_that_is_not_known_gets_no_row(change: dict[str, Any], reason: str) -> None:
    result = result_of(closed_level(), fingerprint=replace(MACHINE, **change))
    with pytest.raises(CrossoverError, match=reason):
        hardware_row(result, "own", None)

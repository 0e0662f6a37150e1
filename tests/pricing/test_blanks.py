"""Blank fields of price rows are unknown: refused where needed, shown as unknown, never taken for 0."""

from __future__ import annotations

from decimal import Decimal
from pathlib import Path
from typing import Any

import pytest
from hypothesis import given
from hypothesis import strategies as st

from costing.cli.main import main as costing
from costing.comparison.compare import Comparison, compare
from costing.decision.availability import lifecycle
from costing.decision.latency import token_ms
from costing.fleet.measured_capacity import MeasuredCapacity
from costing.reports.gpu_memory import memory as report_memory
from costing.reports.gpu_memory import memory_unknown
from costing.scenario.scenario_yaml import dump
from costing.serving.gpu_memory import Memory
from costing.serving.measurements import own_points
from costing.serving.predictor import Predictor, Question
from costing.serving.roofline import Setup
from costing.serving.throughput import ReplicaRoofline
from costing.strategies.overflow import Overflow
from costing.strategies.pre_training import PreTraining
from costing.strategies.self_hosted import SelfHosted
from dashboard.figures.comparison import gpu_memory
from dashboard.figures.palette import palette
from frames.csv import frame_csv
from i18n.errors import CrossoverError
from i18n.message import message
from pricing.__main__ import main as pricing
from pricing.audit.checks import doubts
from pricing.rows import Deployment, Gpu, OpenModel, UnknownFigure
from pricing.rows.machines import CurvePoint
from pricing.survey.row_details import UNKNOWN, fields_of
from tests.support.plotly import trace_names
from tests.support.rows import rows_of

from ..support.factories import (
    HOSTED,
    STUFFED,
    book,
    choice,
    deployment,
    frozen_book,
    frozen_prices,
    gpu,
    open_model,
    prices,
    prior,
    scenario,
    workload,
)

FIGURES = (
    *("total_params_b", "active_params_b", "layers", "hidden", "attention_layers", "kv_bytes_per_token"),
    *("routed_experts", "experts_per_token"),
)
NEEDED_OF_DENSE = FIGURES[:6]
BLANK_OF: dict[str, set[str]] = {
    "kimi-k3": {"active_params_b", "licence"},
    "minimax-m3": {"total_params_b", "active_params_b", "licence"},
    "mistral-small-4": {
        *("layers", "hidden", "attention_layers", "kv_bytes_per_token", "kv_window_bytes_per_sequence"),
    },
    "mistral-large-3": {
        *("layers", "hidden", "attention_layers", "kv_bytes_per_token", "kv_window_bytes_per_sequence"),
        *("routed_experts", "experts_per_token"),
    },
    "minimax-m2.5": {"licence"},
}


SUPPLIED_GPUS = """
    A10G; L4; L40S; RTX 4090; RTX 5090; RTX 6000 Ada; RTX PRO 6000 Blackwell SE; A100-40GB SXM;
    A100-80GB SXM; H100 PCIe; H100 SXM; H200 SXM; B200; B300; GB200 NVL72 (per GPU); MI300X; MI325X;
    MI355X
"""
SUPPLIED_MODELS = """
    Llama-3.1-8B; Llama-3.3-70B; Llama-3.1-405B; Llama-4-Scout-17B-16E; Llama-4-Maverick-17B-128E;
    Qwen3-8B; Qwen3-32B; Qwen3-30B-A3B; Qwen3-235B-A22B; Qwen3-Coder-480B-A35B; Qwen3.5-27B;
    Qwen3.5-35B-A3B; Qwen3.5-122B-A10B; Qwen3.5-397B-A17B; Qwen3.6-27B; Qwen3.6-35B-A3B; Gemma-3-12B;
    Gemma-3-27B; Gemma-4-26B-A4B; Gemma-4-31B; gpt-oss-20b; gpt-oss-120b; Mistral-Small-3.2-24B;
    Mistral-Small-4; Mistral-Large-2407; Mistral-Large-3; Mixtral-8x7B; DeepSeek-V3; DeepSeek-V3.2;
    DeepSeek-V4-Flash; DeepSeek-V4-Pro; Kimi-K2; Kimi-K2.5; Kimi-K3; GLM-4.5; GLM-4.5-Air; GLM-5;
    GLM-5.2; MiniMax-M2.5; MiniMax-M3
"""
"""What the project was given to start from, by name."""


def names(text: str) -> set[str]:
    return {name.strip() for name in text.replace("\n", " ").split(";")}


def no_speed(row: OpenModel | Gpu) -> str:
    """Reason why a fleet of the user's own choice is infeasible; the strategy beside it is feasible."""
    own = choice("self_hosted", open_model="open-10b", gpu="g1")
    comparison = compare(scenario(STUFFED, own), book(row))
    stuffed, fleet = comparison.outcomes
    assert stuffed.is_feasible
    assert fleet.infeasible_reason is not None
    return str(fleet.infeasible_reason)


# --- what is shipped


def test_every_gpu_and_model_that_was_supplied_is_in_the_book() -> None:
    assert names(SUPPLIED_GPUS) <= {row.name for row in frozen_prices().rows(Gpu).values()}
    assert names(SUPPLIED_MODELS) <= {row.name for row in frozen_prices().rows(OpenModel).values()}
    assert (len(names(SUPPLIED_GPUS)), len(names(SUPPLIED_MODELS))) == (18, 40)


def test_the_rows_whose_figures_are_not_all_known_are_there_too() -> None:
    models = frozen_prices().rows(OpenModel)
    assert {name: set(row.unknown_fields) for name, row in models.items() if row.unknown_fields} == BLANK_OF
    assert models["kimi-k3"].kv_bytes_per_token == 24 * (512 + 64) * 2  # MLA: a latent and a key a layer
    assert models["minimax-m3"].kv_bytes_per_token == 2 * 60 * 4 * 128 * 2
    assert models["mistral-small-3.2-24b"].kv_bytes_per_token == 2 * 40 * 8 * 128 * 2
    card = frozen_prices().gpu("rtx-6000-ada")
    assert [card.memory_gib, card.bandwidth_gb_per_s, card.tdp_w] == [48, 960, 300]
    assert card.unknown_fields == ("bf16_tflops", "all_in_kw")
    assert frozen_prices().gpu_rent("rtx-6000-ada").usd_per_gpu_hour == Decimal("0.826")


@pytest.mark.parametrize("model", [*BLANK_OF, "mistral-small-3.2-24b"])
def test_each_of_them_can_be_chosen_and_answers_or_says_what_is_unknown(model: str) -> None:
    own = choice("self_hosted", open_model=model, gpu="b200", gpus_per_replica=8)
    comparison = compare(scenario(HOSTED_SHIPPED, own), frozen_book())
    assert comparison.outcomes[0].is_feasible
    reason = comparison.outcomes[1].infeasible_reason
    if set(BLANK_OF.get(model, ())) <= {"licence"}:
        assert reason is None
    else:
        assert str(reason).startswith(f"{frozen_prices().open_model(model).name}: ")
        assert " is unknown (add it to its row of open_models" in str(reason)
        assert "\n" not in str(reason)


HOSTED_SHIPPED = choice("stuffed_prompt", model="openai/gpt-6.1-terra")


def test_an_rtx_6000_ada_is_not_predicted_for_want_of_its_arithmetic() -> None:
    own = choice("self_hosted", open_model="llama-3.1-8b", gpu="rtx-6000-ada")
    (outcome,) = compare(scenario(own), frozen_book()).outcomes
    assert str(outcome.infeasible_reason) == (
        "RTX 6000 Ada: bf16_tflops is unknown (add it to its row of gpus with a source, or choose another)"
    )


# --- the rows


@given(blank=st.sets(st.sampled_from(FIGURES)))
def test_a_blank_is_unknown_and_every_other_figure_is_known(blank: set[str]) -> None:
    row = open_model(**{"routed_experts": 8, "experts_per_token": 2, **dict.fromkeys(blank)})
    for name in FIGURES:
        if name in blank:
            with pytest.raises(UnknownFigure, match=f"^Open 10B: {name} is unknown"):
                row.known(name)  # type: ignore[arg-type]
        else:
            assert row.known(name) == getattr(row, name)  # type: ignore[arg-type]


@given(blank=st.sets(st.sampled_from(NEEDED_OF_DENSE), min_size=1))
def test_whatever_of_a_roofline_is_blank_no_speed_is_made_up(blank: set[str]) -> None:
    row = open_model(**dict.fromkeys(blank))
    with pytest.raises(UnknownFigure):
        ReplicaRoofline.of(deployment(), row, gpu(), prior())
    with pytest.raises(UnknownFigure):
        Setup.of(
            *(row, gpu(), "fp8"), gpu_count=1, parallel="", input_tokens=10, output_tokens=10, concurrency=1
        )
    if blank & {"total_params_b", "kv_bytes_per_token"}:
        with pytest.raises(UnknownFigure):
            Memory.of(row, gpu(), "fp8", 1)
    else:
        assert Memory.of(row, gpu(), "fp8", 1) == Memory.of(open_model(), gpu(), "fp8", 1)


def test_fewer_active_than_all_parameters_are_experts_even_if_nobody_says_how_many() -> None:
    row = open_model(active_params_b=2)
    assert row.has_experts
    assert row.unknown_fields == ("routed_experts", "experts_per_token")
    assert not open_model().has_experts
    assert open_model(total_params_b=None, routed_experts=8).has_experts
    assert not open_model(total_params_b=None).has_experts


def test_a_row_is_shown_with_unknown_in_its_place_and_what_it_has_none_of_stays_blank() -> None:
    shown = dict(fields_of(open_model(active_params_b=None, licence=None)).itertuples(index=False))
    assert (shown["active_params_b"], shown["licence"], shown["total_params_b"]) == (UNKNOWN, UNKNOWN, "10")
    assert shown["routed_experts"] == ""
    card = dict(fields_of(gpu(bf16_tflops=None, fp4_tflops=None)).itertuples(index=False))
    assert (card["bf16_tflops"], card["fp4_tflops"]) == (UNKNOWN, "")


def test_the_command_line_says_unknown(capsys: pytest.CaptureFixture[str]) -> None:
    assert pricing(["show", "kimi-k3"]) == 0
    shown = capsys.readouterr().out.splitlines()
    assert "  active_params_b: unknown" in shown
    assert "  licence: unknown" in shown
    assert "  kv_bytes_per_token: 27648" in shown
    assert pricing(["show", "vertex/gemini-3.1-flash-lite@sft"]) == 0
    assert "unknown" not in capsys.readouterr().out
    assert pricing(["show", "mistral/all@sft-classifier-factory"]) == 0
    assert "  training_usd_per_mtok: unknown" in capsys.readouterr().out.splitlines()


def test_a_check_names_what_keeps_a_speed_from_being_predicted_in_a_line() -> None:
    doubtful_fields = {
        (row.id, field) for row, field, what in doubts([open_model(layers=None, licence=None)])
    }
    assert ("open-10b", "layers") in doubtful_fields
    assert ("g1", "bf16_tflops") in {(row.id, field) for row, field, _ in doubts([gpu(bf16_tflops=None)])}
    assert not [f for _, f, _ in doubts([gpu(kind="CPU", bf16_tflops=None)]) if f != "source"]
    assert not [f for _, f, _ in doubts([open_model(licence=None)]) if f != "source"]


# --- a fleet of one's own choice


@pytest.mark.parametrize("name", NEEDED_OF_DENSE)
def test_a_fleet_whose_speed_must_be_predicted_says_what_is_unknown(name: str) -> None:
    assert no_speed(open_model(**{name: None})) == (
        f"Open 10B: {name} is unknown (add it to its row of open_models with a source, or choose another)"
    )


def test_the_speed_of_a_gpu_without_its_bandwidth_is_not_predicted() -> None:
    assert no_speed(gpu(bandwidth_gb_per_s=None)).startswith("G1: bandwidth_gb_per_s is unknown")


def test_its_own_training_needs_the_active_parameters() -> None:
    row = deployment(evidence="measured", curve=CURVE)
    own = choice("self_hosted", deployment=row.id, own_training="lora")
    rows = (row, open_model(active_params_b=None, routed_experts=8, experts_per_token=2))
    (outcome,) = compare(scenario(own), book(*rows)).outcomes
    assert str(outcome.infeasible_reason).startswith("Open 10B: active_params_b is unknown")


def test_pre_training_needs_the_parameters() -> None:
    rows = prices(deployment(evidence="measured", curve=CURVE), open_model(total_params_b=None))
    built = PreTraining.build({"deployment": "open-10b-1xg1"}, rows)
    with pytest.raises(UnknownFigure, match="total_params_b is unknown"):
        list(built.lines(workload()))


def test_what_is_unknown_is_said_before_advice_on_how_many_gpus_would_hold_it() -> None:
    row = open_model(active_params_b=None, total_params_b=1000)  # 1,000 GB: far more than one G1 holds
    assert "active_params_b is unknown" in no_speed(row)


# --- a fleet whose speed is stated

CURVE = (
    CurvePoint(concurrency=5, output_tokens_per_s=Decimal(60)),
    CurvePoint(concurrency=10, output_tokens_per_s=Decimal(100)),
)
BLANK_MODELS = [
    open_model(active_params_b=None),
    open_model(total_params_b=None, active_params_b=None),
    open_model(kv_bytes_per_token=None, layers=None, hidden=None, attention_layers=None),
]


def stated(model: OpenModel, row: Deployment, *more: Any, **settings: Any) -> SelfHosted:
    return SelfHosted.build({"deployment": row.id, **settings}, prices(row, model, *more))


@pytest.mark.parametrize("model", BLANK_MODELS)
@pytest.mark.parametrize(
    "row", [deployment(), deployment(evidence="measured", curve=CURVE)], ids=["rated", "curve"]
)
def test_at_the_lengths_and_load_that_were_measured_nothing_else_is_needed(
    model: OpenModel, row: Deployment
) -> None:
    # 100 output tokens/s and 100 tokens an answer: one request a second, as with every figure known.
    fleet, known = stated(model, row).fleet, stated(open_model(), row).fleet
    assert fleet.speed(workload()) == known.speed(workload())
    assert fleet.speed(workload()).output_tokens_per_s == 100
    assert fleet.speed(workload()).evidence == row.evidence
    assert fleet.capacity_requests_per_s(workload()) == 1
    assert [line.usd for line in fleet.lines(workload())] == [line.usd for line in known.lines(workload())]


@pytest.mark.parametrize("model", BLANK_MODELS)
@pytest.mark.parametrize(
    "row", [deployment(), deployment(evidence="measured", curve=CURVE)], ids=["rated", "curve"]
)
def test_at_other_lengths_what_is_unknown_is_said(model: OpenModel, row: Deployment) -> None:
    with pytest.raises(UnknownFigure, match=r"^Open 10B: \w+ is unknown \(add it"):
        stated(model, row).fleet.speed(workload(question=4000))
    with pytest.raises(UnknownFigure, match=r"^Open 10B: \w+ is unknown \(add it"):
        stated(model, row).fleet.speed(workload(answer=300))


@pytest.mark.parametrize("card", [gpu(bf16_tflops=None), gpu(bandwidth_gb_per_s=None)])
def test_a_gpu_without_a_roofline_serves_as_it_was_measured(card: Gpu) -> None:
    fleet = stated(open_model(), deployment(), card).fleet
    assert fleet.speed(workload()).output_tokens_per_s == 100
    assert fleet.first_token(workload()) is None  # a prefill is not told from a step
    with pytest.raises(UnknownFigure, match=r"^G1: "):
        fleet.speed(workload(question=4000))
    with pytest.raises(UnknownFigure, match=r"^G1: "):  # fewer at once: by a roofline
        stated(open_model(), deployment(), card, slowest_ms_per_token=20).fleet.speed(workload())


def test_a_curve_answers_at_fewer_requests_too() -> None:
    row = deployment(evidence="measured", curve=CURVE)
    limited = stated(BLANK_MODELS[1], row, slowest_ms_per_token=5 / 60 * 1000).fleet.speed(workload())
    assert (limited.concurrency, limited.output_tokens_per_s) == pytest.approx((5, 60))


def test_where_nobody_says_how_many_ran_together_it_is_not_guessed() -> None:
    row = deployment(concurrency=None)
    assert (
        stated(open_model(active_params_b=None), row).fleet.speed(workload()).concurrency > 10
    )  # its memory says
    with pytest.raises(UnknownFigure, match="total_params_b is unknown"):
        stated(BLANK_MODELS[1], row).fleet.speed(workload())


def test_adapters_need_to_know_what_room_they_take() -> None:
    with pytest.raises(UnknownFigure, match="kv_bytes_per_token is unknown"):
        stated(BLANK_MODELS[2], deployment(), adapters=3).fleet.speed(workload())


def test_a_request_longer_than_those_measured_is_not_taken_to_fit() -> None:
    # 1,000 tokens in and 100 out were seen; 6 % more is the same length: 1,166.
    room = MeasuredCapacity(deployment(gpus_per_replica=4), UnknownFigure(message("why")))
    assert room.gpus_that_hold(1166) == 4
    with pytest.raises(UnknownFigure, match="why"):
        room.gpus_that_hold(1167)


def test_a_share_of_the_load_can_be_left_to_an_api_whatever_is_unknown() -> None:
    own = {"open_model": "open-10b", "gpu": "g1", "model": "acme/large"}
    rows = book(open_model(kv_bytes_per_token=None))
    none, half = (choice("overflow", **own, percentile=percentile) for percentile in (0, 50))
    comparison = compare(scenario(none, half), rows)
    assert comparison.outcomes[0].is_feasible
    assert isinstance(comparison.outcomes[0].strategy, Overflow)
    assert "is 0, at" in " ".join(map(str, comparison.outcomes[0].notes))  # the best percentile that is known
    assert "kv_bytes_per_token is unknown" in str(comparison.outcomes[1].infeasible_reason)


# --- what else reads them


def unknown_memory() -> Comparison:
    row = deployment(id="blank-1xg1", name="Blank", open_model="blank")
    rows = (row, open_model(id="blank", name="Blank", kv_bytes_per_token=None))
    own = choice("self_hosted", deployment=row.id)
    return compare(scenario(HOSTED, own), book(*rows))


def test_memory_that_is_unknown_is_a_row_without_a_figure_and_the_others_keep_theirs() -> None:
    table = report_memory(unknown_memory())
    rows = rows_of(table)
    (blank,) = [row for row in rows if row.open_model == "blank"]
    assert (blank.part, blank.gib, blank.requests_at_once) == ("unknown", None, 10)
    assert len([row for row in rows if row.gib is not None]) == 4
    ((name, what),) = memory_unknown(unknown_memory())
    assert "Blank" in str(name)
    assert "kv_bytes_per_token is unknown" in str(what)
    figure = gpu_memory(table, palette())
    assert len(figure.layout.yaxis.tickvals) == 1
    assert {*trace_names(figure)} == {row.part for row in rows} - {"unknown"} | {"Total"}
    last = [line for line in frame_csv(table).decode("utf-8-sig").splitlines() if "blank" in line]
    assert last[0].endswith(",unknown,")


def test_a_measurement_of_a_model_with_blanks_teaches_nothing_and_harms_nothing() -> None:
    row = deployment(id="own", evidence="measured", curve=CURVE, open_model="blank")
    rows = prices(row, open_model(id="blank", name="Blank", layers=None), deployment(evidence="measured"))
    assert own_points(rows, row) == []
    predictor = Predictor.of(rows, measurements=())
    assert {known.traits.model for known in predictor.known} == {"open-10b"}
    question = Question("blank", "g1", "fp8", 1, "", "none", 1000, 100, 10)
    with pytest.raises(CrossoverError, match=r"^Blank: layers is unknown"):
        predictor.predict(question)


def test_the_new_rows_move_no_prediction() -> None:
    old = [row for row in frozen_prices().rows(OpenModel).values() if row.id not in BLANK_OF]
    known = Predictor.of(frozen_prices()).known
    assert known
    assert {measurement.traits.model for measurement in known} <= {row.id for row in old} - {
        "mistral-small-3.2-24b"
    }
    assert "rtx-6000-ada" not in {measurement.traits.gpu for measurement in known}


def test_a_file_of_setups_refuses_the_unknown_ones_and_answers_the_others(
    tmp_path: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    setups, predictions = tmp_path / "in.csv", tmp_path / "out.csv"
    setups.write_text(
        "model_key,gpu,precision,gpu_count,tp,engine,input_len,output_len,concurrency\n"
        "kimi-k3,b200,fp8,32,,vllm,1000,1000,16\n"
        "llama-3.1-8b,rtx-6000-ada,fp8,1,,vllm,1000,1000,16\n"
        "mistral-small-3.2-24b,h100-sxm,fp8,1,,vllm,1000,1000,16\n",
        encoding="utf-8",
    )
    assert costing(["throughput", "--batch", str(setups), "--out", str(predictions)]) == 0
    kimi, ada, small = predictions.read_text(encoding="utf-8").splitlines()[1:]
    assert "Kimi-K3: active_params_b is unknown" in kimi
    assert "RTX 6000 Ada: bf16_tflops is unknown" in ada
    assert ",estimated," in small
    assert capsys.readouterr().err.count("1 refused: ") == 2


ROWS = """\
- id: own-minimax
  name: Our MiniMax-M3
  open_model: minimax-m3
  gpu: h200-sxm
  gpus_per_replica: 8
  precision: fp8
  engine: vllm
  load: closed loop
  input_tokens: 1000
  output_tokens: 100
  concurrency: 64
  output_tokens_per_s: 2500
  source: our bench
  checked_on: 2026-11-20
  evidence: measured
"""


@pytest.mark.parametrize("command", ["compare", "breakeven", "cashflow", "uncertainty", "decide"])
def test_a_fleet_as_it_was_measured_goes_through_every_report(
    command: str, tmp_path: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    (tmp_path / "acme").mkdir()
    (tmp_path / "acme" / "deployments.yaml").write_text(ROWS, encoding="utf-8")
    own, kimi = (
        choice("self_hosted", deployment="own-minimax"),
        choice("self_hosted", open_model="kimi-k3", gpu="b200", gpus_per_replica=32),
    )
    file = tmp_path / "own.yaml"
    file.write_text(dump(scenario(HOSTED_SHIPPED, own, kimi)), encoding="utf-8")
    assert costing([command, str(file), "--prices", str(tmp_path / "acme")]) == 0
    printed = capsys.readouterr()
    assert printed.err == ""
    assert "Our MiniMax-M3" in printed.out
    assert "Our MiniMax-M3 (rented): not possible" not in printed.out
    if command in ("compare", "cashflow", "decide"):  # the others list what can be used
        assert "Kimi-K3 FP8 (32 × B200 per replica, rented): not possible: Kimi-K3: active" in printed.out


def test_the_time_between_tokens_is_that_of_the_load_that_was_measured_where_no_other_is_known() -> None:
    # 10 at once share 100 tokens a second: 100 ms each; with every figure known, a request alone is quicker.
    fleet = stated(BLANK_MODELS[1], deployment()).fleet
    assert token_ms(fleet, workload()).ms == pytest.approx(100)
    assert "at full load" in str(token_ms(fleet, workload()).condition)
    assert token_ms(stated(open_model(), deployment()).fleet, workload(10)).ms < 100


def test_a_licence_that_is_unknown_is_said_so_in_a_decision() -> None:
    fleet = stated(open_model(licence=None), deployment())
    fact = lifecycle(fleet)
    assert str(fact.text) == "open weights (unknown): cannot be withdrawn"

"""From a measured endpoint to a figure: a bench result, a company's row, a comparison with an API."""

from __future__ import annotations

from datetime import date
from decimal import Decimal
from pathlib import Path
from typing import Any

import pytest

from bench.__main__ import main as bench
from bench.load_patterns import Load, LoadLevel
from bench.result import write
from costing.comparison.compare import Comparison, compare
from costing.reports.comparison import plain
from costing.reports.volume import marginal as report_marginal
from costing.scenario.scenario import Part
from costing.serving.measured_curve import MeasuredCurve
from costing.serving.predictor import Predictor, Question
from costing.strategies.self_hosted import SelfHosted
from costing.strategy.base import Infeasible
from i18n.errors import CrossoverError
from pricing.__main__ import main as pricing
from pricing.book import PriceBook
from pricing.company_tables import company_book
from pricing.rows import Evidence, Gpu
from pricing.rows.machines import CurvePoint
from tests.support.rows import rows_of

from ...support.bench_results import answered, closed_level, poisson_level, result_of
from ...support.factories import (
    DAY,
    book,
    choice,
    deployment,
    frozen_book,
    gpu,
    open_model,
    prices,
    scenario,
    workload,
)

CPU_ROW = """\
- id: own-cpu
  name: Our two cores
  vendor: none
  kind: CPU
  memory_gib: 8
  all_in_kw: 0.1
  source: /proc/cpuinfo
  checked_on: 2026-11-22
"""
CPU: dict[str, Any] = {
    "id": "own-cpu",
    "name": "Our two cores",
    "kind": "CPU",
    "bandwidth_gb_per_s": None,
    "bf16_tflops": None,
    "fp8_tflops": None,
}


def together(streams: int) -> LoadLevel:
    """A level of `streams` concurrent requests; the more there are, the slower each is."""
    records = [answered(0.0, itl=0.1 * (1 + streams / 10)) for _ in range(streams)] * 3
    return LoadLevel(Load(concurrency=streams, requests=len(records)), records, [0.001], 4.0, streams)


def calibrated(folder: Path, *more: str, rate: float | None = 2.0) -> PriceBook:
    """The shipped tables under a company's folder, with the row that `bench calibrate` wrote."""
    levels = [closed_level(30), together(4)] + ([poisson_level(rate)] if rate else [])
    folder.mkdir(exist_ok=True)
    write(result_of(*levels), folder.parent / "result.json")
    (folder / "gpus.yaml").write_text(CPU_ROW, encoding="utf-8")
    chosen = ["--id", "own", "--open-model", "gemma-3-270m", "--gpu", "own-cpu", "--precision", "int4"]
    out = ["--out", str(folder / "deployments.yaml")]
    assert bench(["calibrate", str(folder.parent / "result.json"), *chosen, *out, *more]) == 0
    return company_book(frozen_book(), folder)


def compared(prices_of: PriceBook, input_tokens: int = 20, output_tokens: int = 11) -> Comparison:
    """20 tokens in and 11 out, as the example result measured; counted in advance, so no ratio moves them."""
    parts = {
        **scenario().parts,
        "question": Part(tokens=input_tokens),
        "answer": Part(tokens=output_tokens),
    }
    own = choice(
        "self_hosted",
        deployment="own",
        rent_usd_per_gpu_hour=0.5,
        target_utilisation_share=1.0,
        spare_replicas=0,
    )
    api = choice("stuffed_prompt", model="openai/gpt-4o-mini")
    return compare(scenario(own, api, parts=parts), prices_of)


def test_a_calibrated_row_gives_a_bill_and_usd_per_mtok(tmp_path: Path) -> None:
    comparison = compared(calibrated(tmp_path / "acme"))
    own = comparison.outcomes[0]
    assert own.infeasible_reason is None
    # One machine at 0.5 USD for 730.5 hours.
    assert own.recurring_usd == Decimal("365.25")
    strategy = own.strategy
    assert isinstance(strategy, SelfHosted)
    row = comparison.book.on(DAY).deployment("own")
    assert row.evidence == Evidence.MEASURED
    assert row.layer == "acme"
    speed = strategy.fleet.speed(comparison.workload)
    assert speed.output_tokens_per_s == float(row.output_tokens_per_s)
    assert speed.evidence == Evidence.MEASURED
    notes = " ".join(str(note) for note in own.notes)
    assert "(measured)" in notes
    assert "Speed of a replica (measured): your own measured curve; ± 6% (1 sigma)." in notes


def test_usd_per_mtok_is_the_hour_over_what_the_machine_answers_in_it(tmp_path: Path) -> None:
    comparison = compared(calibrated(tmp_path / "acme"))
    own = comparison.outcomes[0]
    strategy = own.strategy
    assert isinstance(strategy, SelfHosted)
    row = comparison.book.on(DAY).deployment("own")
    # A full machine: 0.5 USD an hour over 3,600 s x output tokens/s; USD per Mtok of output.
    expected = 0.5 / (3600 * float(row.output_tokens_per_s)) * 1e6
    full = strategy.fleet.capacity_requests_per_s(comparison.workload) * 86_400
    bill = float(comparison.usd_at(own, full))
    output_mtok = full * 365.25 / 12 * strategy.prompt(comparison.workload).answer_tokens / 1e6
    assert bill / output_mtok == pytest.approx(expected, rel=1e-6)


def test_the_marginal_table_shows_it_beside_the_api(tmp_path: Path) -> None:
    from costing.comparison.breakeven import breakeven

    comparison = compared(calibrated(tmp_path / "acme"))
    rows = rows_of(report_marginal(comparison, breakeven(comparison), plain))
    assert {row.strategy for row in rows} == {str(outcome.name) for outcome in comparison.outcomes}
    assert all(row.usd_per_mtok and row.usd_per_mtok > 0 for row in rows)


def test_the_capacity_is_the_poisson_rate_and_else_the_ceiling(tmp_path: Path) -> None:
    poisson = calibrated(tmp_path / "acme").on(DAY).deployment("own")
    closed = calibrated(tmp_path / "other", "--closed-loop", rate=None).on(DAY).deployment("own")
    assert poisson.is_open_loop
    assert poisson.concurrency is None
    assert not closed.is_open_loop
    assert MeasuredCurve.of(poisson).capacity == float(poisson.output_tokens_per_s)
    assert MeasuredCurve.of(closed).capacity == max(float(at.output_tokens_per_s) for at in closed.curve)


def test_the_price_check_accepts_the_folder(tmp_path: Path, capsys: pytest.CaptureFixture[str]) -> None:
    calibrated(tmp_path / "acme")
    capsys.readouterr()  # what `bench calibrate` said
    assert pricing(["check", "--prices", str(tmp_path / "acme")]) == 0
    assert "own" not in capsys.readouterr().err


def test_a_cpu_is_refused_at_other_lengths_than_measured(tmp_path: Path) -> None:
    comparison = compared(calibrated(tmp_path / "acme"), output_tokens=200)
    reason = str(comparison.outcomes[0].infeasible_reason)
    assert "was measured at 20 tokens in and 11 out, and nothing carries that to" in reason
    assert reason.endswith("on a CPU (measure at these lengths)")


def test_what_somebody_else_published_of_a_cpu_is_not_called_ones_own() -> None:
    row = deployment(evidence="published", gpu="own-cpu")
    built = SelfHosted.build({"deployment": row.id}, prices(row, gpu(**CPU)))
    pace = built.fleet.replica_speed(workload())
    assert (pace.full.output_tokens_per_s, pace.full.evidence, pace.method) == (100, "published", None)


# --- rows


@pytest.mark.parametrize("name", ["bandwidth_gb_per_s", "bf16_tflops"])
def test_any_machine_may_leave_out_what_a_roofline_needs_and_then_says_so(name: str) -> None:
    assert gpu(**{**CPU, name: None}).is_cpu
    assert name in gpu(**{name: None}).unknown_fields


def test_a_cpu_is_not_trained_on_without_its_arithmetic() -> None:
    built = SelfHosted.build(
        {"deployment": "open-10b-1xg1", "own_training": "lora"},
        prices(gpu(**{**CPU, "id": "g1"}), deployment(evidence="measured")),
    )
    with pytest.raises(CrossoverError, match="bf16_tflops is unknown"):
        list(built.lines(workload()))


# --- the curve, worked by hand


def curve(**changes: Any) -> MeasuredCurve:
    points = tuple(
        CurvePoint(concurrency=n, output_tokens_per_s=Decimal(speed))
        for n, speed in ((1, 20), (4, 60), (16, 100))
    )
    row = {"concurrency": None, "curve": points, "load": "open loop, poisson at 1 requests/s", **changes}
    return MeasuredCurve.of(deployment(evidence="measured", **row))


def test_a_point_between_two_lies_in_log_concurrency() -> None:
    # 8 is halfway between 4 and 16 in logs: halfway between 60 and 100.
    assert curve().at(8) == pytest.approx(80)
    assert curve().at(2) == pytest.approx(40)


def test_what_was_not_sustained_is_not_planned_with() -> None:
    measured = curve(output_tokens_per_s=70)
    assert measured.capacity == 70
    assert measured.planned == 16  # the first measured load that gives as much
    assert measured.at(16) == 70
    assert measured.at(1) == 20


def test_below_its_lowest_point_a_curve_falls_in_proportion() -> None:
    assert curve(curve=(CurvePoint(concurrency=4, output_tokens_per_s=Decimal(60)),)).at(1) == 15


def measured_fleet(**settings: Any) -> SelfHosted:
    points = tuple(
        CurvePoint(concurrency=n, output_tokens_per_s=Decimal(speed))
        for n, speed in ((1, 20), (4, 60), (16, 100))
    )
    row = deployment(evidence="measured", curve=points, concurrency=None, load="open loop, poisson at 1/s")
    return SelfHosted.build({"deployment": "open-10b-1xg1", **settings}, prices(row))


def test_a_limit_on_the_time_per_token_reads_the_curve() -> None:
    # 16 at once: 160 ms a token; 4 at once: 66.7 ms.
    assert measured_fleet().fleet.speed(workload()).concurrency == 16
    limited = measured_fleet(slowest_ms_per_token=4 / 60 * 1000).fleet.speed(workload())
    assert limited.concurrency == pytest.approx(4)
    assert limited.output_tokens_per_s == pytest.approx(60)
    assert limited.evidence == Evidence.MEASURED
    with pytest.raises(Infeasible, match="needs 50"):
        measured_fleet(slowest_ms_per_token=40).fleet.speed(workload())


def test_other_lengths_are_carried_by_the_roofline_and_called_estimated() -> None:
    longer = measured_fleet().fleet.speed(workload(question=4000))
    assert longer.output_tokens_per_s < measured_fleet().fleet.speed(workload()).output_tokens_per_s
    assert longer.evidence == Evidence.ESTIMATED


# --- the predictor


def cpu_predictor() -> Predictor:
    machine: Gpu = gpu(**CPU)
    points = (CurvePoint(concurrency=1, output_tokens_per_s=Decimal(40)),)
    row = deployment(id="own", gpu="own-cpu", evidence="measured", curve=points)
    return Predictor.of(book(machine, row, open_model()).on(date(2026, 11, 22)), measurements=())


def ask(**changes: Any) -> Question:
    fields: dict[str, Any] = {
        "model": "open-10b",
        "gpu": "own-cpu",
        "precision": "fp8",
        "gpu_count": 1,
        "parallel": "",
        "engine": "none",
        "input_tokens": 1000,
        "output_tokens": 100,
        "concurrency": 10,
    }
    return Question(**{**fields, **changes})


def test_the_predictor_reads_a_cpus_own_curve() -> None:
    prediction = cpu_predictor().predict(ask())
    assert (prediction.output_tokens_per_s, prediction.evidence) == (100, "measured")
    assert cpu_predictor().predict(ask(concurrency=1)).output_tokens_per_s == 40
    assert cpu_predictor().predict(ask(concurrency=None)).output_tokens_per_s == 100


@pytest.mark.parametrize(
    "changes", [{"concurrency": 20}, {"output_tokens": 200}, {"precision": "int4"}, {"gpu_count": 2}]
)
def test_the_predictor_draws_no_roofline_of_a_cpu(changes: dict[str, Any]) -> None:
    with pytest.raises(CrossoverError, match="Our two cores is a CPU: its speed is known only where"):
        cpu_predictor().predict(ask(**changes))

"""A fleet without a deployment: any open model on any GPU, its speed predicted, its memory shown."""

from __future__ import annotations

from dataclasses import replace
from typing import Any

import numpy as np
import pytest

from costing.comparison.compare import Comparison, compare
from costing.fleet.replica_speed import predictor_of
from costing.reports.gpu_memory import has_fleet
from costing.reports.gpu_memory import memory as report_memory
from costing.scenario.scenario_yaml import dump, read
from costing.serving.predictor import Question
from costing.strategies.overflow import Overflow
from costing.strategies.self_hosted import SelfHosted
from costing.strategy.base import Infeasible, Setting
from frames.csv import frame_csv
from i18n.errors import CrossoverError
from tests.support.rows import rows_of

from ...support.factories import (
    HOSTED,
    STUFFED,
    book,
    choice,
    frozen_book,
    frozen_prices,
    prices,
    scenario,
    workload,
)

CHOSEN: dict[str, Any] = {"open_model": "llama-3.3-70b", "gpu": "h100-sxm", "gpus_per_replica": 2}


def hosted(**settings: Setting) -> SelfHosted:
    return SelfHosted.build({**CHOSEN, **settings}, frozen_prices())


def load(requests_per_day: Any = 1000) -> Any:
    """1,000 tokens in and 100 out, counted in the model's family."""
    plain = workload(requests_per_day)
    return replace(plain, tokens={"llama3": plain.tokens["o200k_base"]})


def compared(*strategies: Any) -> Comparison:
    return compare(scenario(*strategies), frozen_book())


def notes_of(comparison: Comparison) -> str:
    return " ".join(str(note) for note in comparison.outcomes[0].notes)


# --- what is chosen


def test_a_model_and_a_gpu_stand_in_for_a_deployment() -> None:
    assert str(hosted().label) == "Self-hosted · Llama-3.3-70B FP8 (2 × H100 SXM per replica, rented)"
    assert str(hosted(tenure="owned", precision="int4").label).startswith(
        "Self-hosted · Llama-3.3-70B INT4 (2 × H100 SXM per replica, bought)"
    )


@pytest.mark.parametrize("blank", [{}, {"deployment": ""}, {"deployment": None}])
@pytest.mark.parametrize("half", [{}, {"open_model": "llama-3.3-70b"}, {"gpu": "h100-sxm", "open_model": ""}])
def test_neither_a_deployment_nor_both_of_the_others_is_one_clear_line(
    blank: dict[str, Setting], half: dict[str, Setting]
) -> None:
    with pytest.raises(CrossoverError) as error:
        SelfHosted.build({**blank, **half}, frozen_prices())
    assert str(error.value) == "deployment: missing (name a row, or all of open_model, gpu)"


def test_a_deployment_goes_before_what_was_chosen_beside_it() -> None:
    beside: dict[str, Any] = {**CHOSEN, "precision": "bf16", "requests_at_once": 1}
    plain, both = compared(HOSTED_SHIPPED), compared(choice("self_hosted", **DEPLOYMENT, **beside))
    assert both.feasible[0].usd_per_month == plain.feasible[0].usd_per_month
    assert str(both.feasible[0].name) == str(plain.feasible[0].name)


DEPLOYMENT: dict[str, Any] = {"deployment": "llama-3.3-70b-fp8-2xh100"}
HOSTED_SHIPPED = choice("self_hosted", **DEPLOYMENT)


def test_a_blank_deployment_leaves_what_its_row_said() -> None:
    settings: dict[str, Any] = {**DEPLOYMENT, "spare_replicas": 3}
    assert SelfHosted.expand_pick(settings, "deployment", frozen_prices()) == {
        **CHOSEN,
        "deployment": "",
        "precision": "fp8",
        "spare_replicas": 3,
    }


def test_what_was_chosen_singly_before_is_kept() -> None:
    settings: dict[str, Any] = {**DEPLOYMENT, "gpu": "h200-sxm"}
    assert SelfHosted.expand_pick(settings, "deployment", frozen_prices())["gpu"] == "h200-sxm"


def test_a_scenario_without_a_deployment_reads_back() -> None:
    written = scenario(choice("self_hosted", **CHOSEN, precision="int4"))
    assert read(dump(written), "own.yaml").strategies == written.strategies


def test_it_works_for_the_base_load_too() -> None:
    built = Overflow.build({**CHOSEN, "model": "openai/gpt-4o"}, frozen_prices())
    assert str(built.label) == (
        "Base load + API · Llama-3.3-70B FP8 + GPT-4o "
        "(2 × H100 SXM per replica, rented; OpenAI above percentile 50)"
    )


# --- how fast


def test_its_speed_is_the_predictors_at_the_load_planned_for() -> None:
    question = Question("llama-3.3-70b", "h100-sxm", "fp8", 2, "", "vllm", 1000, 100, 64.0)
    expected = predictor_of(frozen_prices()).predict(question)
    speed = hosted().fleet.replica_speed(load())
    assert speed.full.output_tokens_per_s == expected.output_tokens_per_s
    assert (speed.full.evidence, speed.sigma_log) == (expected.evidence, expected.sigma_log)
    assert speed.full.concurrency == 64


def test_the_page_says_what_the_speed_rests_on_and_how_far_off_it_may_be() -> None:
    notes = notes_of(compared(choice("self_hosted", **CHOSEN)))
    sigma = hosted().fleet.replica_speed(load()).sigma_log
    assert "Speed of a replica (estimated): roofline, corrected by " in notes
    assert f"; ± {np.expm1(sigma):.0%} (1 sigma)." in notes
    assert 0.1 < sigma < 0.6


def test_what_makes_a_speed_less_sure_is_a_note() -> None:
    long = scenario(
        choice("self_hosted", **CHOSEN),
        parts={**scenario().parts, "knowledge": replace(scenario().parts["question"], tokens=12_000)},
    )
    notes = " ".join(str(note) for note in compare(long, frozen_book()).outcomes[0].notes)
    assert "Speed of a replica: context beyond 10,000 tokens" in notes


def test_more_requests_at_once_are_faster_together_and_slower_each() -> None:
    speeds = [hosted(requests_at_once=n).fleet.speed(load()) for n in (4, 16, 64)]
    together = [speed.output_tokens_per_s for speed in speeds]
    each = [speed.output_tokens_per_s / speed.concurrency for speed in speeds]
    assert together == sorted(together)
    assert each == sorted(each, reverse=True)


def test_a_limit_on_the_time_per_token_is_kept() -> None:
    free, limited = hosted().fleet.speed(load()), hosted(slowest_ms_per_token=25).fleet.speed(load())
    assert 1000 * free.concurrency / free.output_tokens_per_s > 25
    assert 1000 * limited.concurrency / limited.output_tokens_per_s == pytest.approx(25, rel=1e-6)
    with pytest.raises(Infeasible, match=r"needs .* ms for a token even if it answers one request at a time"):
        hosted(slowest_ms_per_token=1).fleet.speed(load())


def test_the_predictor_is_fitted_once_for_the_same_rows() -> None:
    later = frozen_prices().day.replace(month=12)
    assert predictor_of(frozen_prices()) is predictor_of(frozen_book().on(later))


# --- what fits


def test_a_model_that_does_not_fit_says_how_many_gpus_would() -> None:
    # 70.6 G parameters of 2 bytes are 141.2 GB; a GPU of 80 GiB gives 77.3 GB: 2.
    (outcome,) = compared(
        choice("self_hosted", **{**CHOSEN, "precision": "bf16", "gpus_per_replica": 1})
    ).outcomes
    assert str(outcome.infeasible_reason).endswith(
        "does not fit its GPUs at 1,100 tokens of context: 2 of them would"
    )


def test_fewer_bits_make_it_fit() -> None:
    single_gpu: dict[str, Any] = {**CHOSEN, "gpus_per_replica": 1}
    fits = {
        precision: compared(choice("self_hosted", **single_gpu, precision=precision)).outcomes[0].is_feasible
        for precision in ("bf16", "fp8", "int4")
    }
    assert fits == {"bf16": False, "fp8": True, "int4": True}


def test_the_parts_of_the_memory_add_up_to_that_of_the_replica() -> None:
    comparison = compared(
        choice("self_hosted", **CHOSEN), HOSTED_SHIPPED, choice("self_hosted", **DEPLOYMENT_2)
    )
    rows = rows_of(report_memory(comparison))
    for outcome in comparison.feasible:
        strategy = outcome.strategy
        assert isinstance(strategy, SelfHosted)
        own = [row for row in rows if row.strategy == str(outcome.name)]
        assert [row.part for row in own] == ["Weights", "KV cache", "Activations", "Free"]
        gib = [row.gib for row in own if row.gib is not None]
        assert len(gib) == len(own)
        assert sum(gib) == pytest.approx(
            strategy.fleet.served.gpus * float(strategy.fleet.served.gpu.memory_gib)
        )
        assert min(gib) >= 0


DEPLOYMENT_2: dict[str, Any] = {"deployment": "qwen3-30b-a3b-int4-1xpro6000"}


def test_the_bands_are_worked_by_hand() -> None:
    # 10 G parameters of 1 byte; 10 requests x 1,050 tokens x 1 kB; a tenth of 100 GiB; the rest.
    rows = rows_of(report_memory(compare(scenario(HOSTED), book())))
    weights, cache = 10e9 / 2**30, 10 * 1050 * 1000 / 2**30
    assert [row.gib for row in rows] == pytest.approx([weights, cache, 10, 90 - weights - cache])
    assert [row.requests_at_once for row in rows] == [10] * 4


def test_adapters_are_among_the_weights() -> None:
    with_adapters = replace(HOSTED, settings={**HOSTED.settings, "adapters": 5, "adapter_gib": 2.0})
    plain, loaded = (
        rows_of(report_memory(compare(scenario(strategy), book()))) for strategy in (HOSTED, with_adapters)
    )
    assert plain[0].gib is not None
    assert loaded[0].gib == pytest.approx(plain[0].gib + 10)


def test_a_full_replica_has_nothing_free() -> None:
    small = choice("self_hosted", **{**CHOSEN, "requests_at_once": 2048})
    rows = {row.part: row.gib for row in rows_of(report_memory(compared(small)))}
    assert rows["Free"] is not None
    assert 0 <= rows["Free"] < 0.5


def test_what_keeps_no_fleet_has_no_memory() -> None:
    assert not has_fleet(compare(scenario(STUFFED), book()))
    nothing_below = choice("overflow", **CHOSEN, model="openai/gpt-4o", percentile=0)
    assert rows_of(report_memory(compared(nothing_below))) == []


def test_the_csv_holds_the_same_rows() -> None:
    table = report_memory(compare(scenario(HOSTED), book()))
    text = frame_csv(table).decode("utf-8-sig")
    assert len(text.splitlines()) == 1 + len(table)
    assert "KV cache" in text


def test_a_plain_deployment_is_untouched_by_what_is_new() -> None:
    # 100 tokens a second at the measured lengths, ten at once: a request a second.
    built = SelfHosted.build(dict(HOSTED.settings), prices())
    assert built.fleet.speed(workload()).output_tokens_per_s == 100
    assert built.fleet.replica_speed(workload()).method is None

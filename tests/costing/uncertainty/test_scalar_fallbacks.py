"""Every formula takes sample arrays, whatever number is a range; one that does not is counted and named."""

from __future__ import annotations

import json
from collections.abc import Iterator, Mapping
from dataclasses import replace
from pathlib import Path
from typing import Any

import numpy as np
import pytest

from costing.cli.uncertainty import document, printout
from costing.comparison.compare import Comparison, compare
from costing.cost_lines import Cadence, CostLine, PriceRef
from costing.reports.uncertainty_sentences import slow_formulas
from costing.scenario.library import load_scenario
from costing.scenario.range_paths import WORKLOAD_PATHS
from costing.scenario.scenario import Scenario, StrategyChoice
from costing.scenario.uncertain_fields import INPUTS
from costing.strategies import registered
from costing.strategies.self_hosted import SelfHosted
from costing.strategies.stuffed_prompt import StuffedPrompt
from costing.strategy.base import Strategy
from costing.uncertainty.inputs import idle
from costing.uncertainty.monte_carlo import uncertainty
from costing.uncertainty.monthly_costs import SampledMonths
from costing.uncertainty.overrides import deployment_of, strategy_at
from costing.uncertainty.samples import Array
from costing.uncertainty.strategy_costs import SampledStrategy
from costing.workload.workload import PARTS, TOOL_USE, Workload
from i18n.message import literal
from pricing.rows import Deployment, EmbeddingPrice, Gpu, ModelPrice, OpenModel, TunedPrice

from ...support.factories import book, frozen_book, scenario

AGENT = replace(load_scenario("travel_agent"), horizon_months=3, ranges=())
"""Tool calls and six turns."""
PICTURES = replace(AGENT, images_per_request=1.0, tool_calls_per_request=0.0, turns=2)

ROWS: Mapping[type, str] = {
    ModelPrice: "anthropic/claude-haiku-4-5",
    TunedPrice: "openai/tuned-gpt-4.1",
    EmbeddingPrice: "openai/text-embedding-3-small",
    Deployment: "gpt-oss-120b-2xh100",
    OpenModel: "llama-3.1-8b",
    Gpu: "h100-sxm",
}
"""A row for each kind of pick."""
SWITCHED_ON: Mapping[str, Any] = {
    "slo_ttft_ms": 3000.0,
    "slowest_ms_per_token": 40.0,
    "adapters": 4,
    "staff_fte": 1.0,
    "licence_usd_per_gpu_year": 100.0,
    "batch_share": 0.3,
    "reasoning_tokens": 200,
    "setup_usd": 5.0,
    "grid": "taiwan",
    "carbon_usd_per_tonne": 50.0,
}
"""Settings that are off by default, and without which a part of the formulas is not evaluated."""


def settings_of(kind: type[Strategy]) -> list[dict[str, Any]]:
    """Default settings; all features on; the picks that stand in for another; values of choices."""
    picks, knobs = kind.picks(), kind.knobs()
    default = {name: ROWS[pick.kind] for name, pick in picks.items() if not pick.is_optional}
    stand_ins = {name: row for name, row in default.items() if not picks[name].or_else}
    stand_ins |= {other: ROWS[picks[other].kind] for pick in picks.values() for other in pick.or_else}
    on = {name: value for name, value in SWITCHED_ON.items() if name in knobs or name in picks}
    variants = [default, {**default, **on}]
    if stand_ins != default:
        variants += [stand_ins, {**stand_ins, **on}]
    for name, knob in knobs.items():
        variants += [{**default, name: value} for value in knob.choices if value != knob.default]
    return variants


def spread(low: float, high: float, now: float) -> Array:
    """Both ends, and values around the present one."""
    near = min(high, 4 * now) if now else low + (high - low) * 0.001
    return np.array([low, high, *np.linspace(max(low, now / 4), near, 4)])[[0, 2, 3, 4, 1, 5]]


def knob_columns(comparison: Comparison) -> dict[str, Array]:
    strategy, settings = comparison.outcomes[0].strategy, comparison.scenario.strategies[0].settings
    knobs = strategy.knobs()
    return {
        f"strategies.1.{name}": spread(knob.low or 0.0, knob.high or 0.0, strategy.knob_value(name) or 0.0)
        for name, knob in knobs.items()
        if knob.kind in ("integer", "number")
        and knob.matters(settings, knobs)
        and idle(comparison, f"strategies.1.{name}") is None
    }


def field_columns(comparison: Comparison) -> dict[str, Array]:
    columns = {
        path: spread(max(limits.low, -0.5), min(limits.high, max(4 * now, 2.0)), now)
        for path, limits in WORKLOAD_PATHS.items()
        for now in (float(INPUTS[path].value(comparison.scenario) or 0) if path in INPUTS else 0.5,)
        if idle(comparison, path) is None
    }
    columns |= {f"tokens.{part}": np.array([0.01, 0.5, 1, 2, 5, 3000]) for part in (*PARTS, *TOOL_USE)}
    columns |= {f"counts.{name}": np.array([0.7, 1, 1.3]) for name in comparison.workload.tokens}
    deployment = deployment_of(comparison.outcomes[0].strategy)
    if deployment is not None:
        columns[f"speeds.{deployment.id}"] = np.array([0.3, 0.9, 1, 2])
    return columns


def with_strategy(start: Scenario, name: str, settings: Mapping[str, Any]) -> Comparison:
    return compare(replace(start, strategies=(StrategyChoice(name, dict(settings)),)), frozen_book())


def check_columns(comparison: Comparison, columns: Mapping[str, Array], every: int = 4) -> None:
    """No draw is evaluated by itself; of each `every` draws, one is compared with its cost by itself."""
    draws = len(next(iter(columns.values())))
    sampled = SampledStrategy(comparison, 0, columns, draws)
    usd = sampled.usd_per_month()
    where = comparison.scenario.strategies[0], tuple(columns)
    assert sampled.scalar_fallback is None, where
    checked = range(0, draws, every)
    singly = [
        SampledStrategy(comparison, 0, {path: column[i : i + 1] for path, column in columns.items()}, 1)
        for i in checked
    ]
    expected = np.array([float(one_draw.usd_per_month()[0]) for one_draw in singly])
    usd = usd[np.array(checked)]
    if "gpu" in comparison.scenario.strategies[0].settings:
        # A predicted speed is interpolated between lengths, so that a fleet may differ by a replica.
        assert (np.isfinite(usd) == np.isfinite(expected)).all(), where
        assert np.isclose(usd, expected, rtol=0.1, equal_nan=True).mean() >= 0.5, where
    else:
        assert usd == pytest.approx(expected, rel=1e-9, abs=2e-6, nan_ok=True), where


@pytest.mark.parametrize("name", registered())
def test_every_number_of_every_strategy_is_evaluated_in_arrays(name: str) -> None:
    covered: set[str] = set()
    numeric = {k for k, knob in registered()[name].knobs().items() if knob.kind in ("integer", "number")}
    for settings in settings_of(registered()[name]):
        comparison = with_strategy(AGENT, name, settings)
        assert comparison.outcomes[0].is_feasible, (settings, comparison.outcomes[0].infeasible_reason)
        on = "slo_ttft_ms" in settings or "batch_share" in settings
        for path, column in knob_columns(comparison).items():
            if on or path not in covered:
                check_columns(comparison, {path: column})
            covered.add(path)
    idle_knobs = {"measured_first_token_ms", "measured_token_ms", "resolved_share"}  # they move no cost
    assert covered == {f"strategies.1.{knob}" for knob in numeric - idle_knobs}


@pytest.mark.parametrize("name", registered())
def test_every_number_of_the_workload_is_evaluated_in_arrays(name: str) -> None:
    covered: set[str] = set()
    for settings in settings_of(registered()[name])[:4]:
        for start in (AGENT, PICTURES):
            comparison = with_strategy(start, name, settings)
            if not comparison.outcomes[0].is_feasible:  # no rule for the images of an open model
                continue
            for path, column in field_columns(comparison).items():
                check_columns(comparison, {path: column})
                covered.add(path)
    assert {"turns", "tool_calls_per_request", "retry_share", "tokens.answer"} <= covered


@pytest.mark.parametrize("name", registered())
def test_many_ranges_together_are_evaluated_in_arrays(name: str) -> None:
    rng = np.random.default_rng(5)
    for settings in settings_of(registered()[name])[:4]:
        comparison = with_strategy(AGENT, name, settings)
        shares = {
            path: rng.uniform(0.5, 1.5, 12)
            for path in ("tokens.answer", "tokens.question", "tokens.tool_result", "tokens.knowledge")
        }
        columns = {
            **shares,
            "requests_per_day": rng.uniform(100, 200_000, 12),
            "peak_to_average": rng.uniform(1, 6, 12),
            "turns": rng.uniform(1, 5, 12),
            "tool_calls_per_request": rng.uniform(0, 3, 12),
            "retry_share": rng.uniform(0, 0.2, 12),
        }
        for path in ("speed_factor", "percentile", "target_utilisation_share", "slo_ttft_ms"):
            knob = comparison.outcomes[0].strategy.knobs().get(path)
            if knob is not None and settings.get(path) != 0:
                low, high = {"slo_ttft_ms": (2000, 9000)}.get(
                    path, (0.4 * (knob.high or 1), 0.9 * (knob.high or 1))
                )
                columns[f"strategies.1.{path}"] = rng.uniform(low, high, 12)
        check_columns(comparison, columns, every=1)
        months = SampledMonths(SampledStrategy(comparison, 0, columns, 12), columns, np.empty(0))
        months.into(np.empty((comparison.scenario.horizon_months, 12)), np.empty((0, 12)))
        assert months.sampled.scalar_fallback is None


@pytest.mark.parametrize("path", ["slo_ttft_ms", "slowest_ms_per_token", "target_utilisation_share"])
def test_limits_of_latency_do_not_split_the_draws_into_single_ones(
    path: str, monkeypatch: pytest.MonkeyPatch
) -> None:
    evaluations: list[int] = []

    def counted(*arguments: Any) -> Strategy:
        evaluations.append(1)
        return strategy_at(*arguments)

    monkeypatch.setattr("costing.uncertainty.strategy_costs.strategy_at", counted)
    limits = {"slo_ttft_ms": 3000.0, "slowest_ms_per_token": 40.0}
    comparison = with_strategy(AGENT, "self_hosted", {"deployment": "llama-3.3-70b-fp8-2xh100", **limits})
    low, high = {"slo_ttft_ms": (2000, 9000), "slowest_ms_per_token": (20, 90)}.get(path, (0.3, 0.9))
    rng = np.random.default_rng(6)
    columns = {
        f"strategies.1.{path}": rng.uniform(low, high, 400),
        "tokens.answer": rng.uniform(0.5, 2, 400),
    }
    usd = SampledStrategy(comparison, 0, columns, 400).usd_per_month()
    assert np.isfinite(usd).any()
    assert len(evaluations) < 100


# --- a formula that takes one number is counted and named; one with a fault is an error


def whole_tokens(self: StuffedPrompt, workload: Workload) -> Iterator[CostLine]:
    """A formula that takes one number of tokens at a time."""
    tokens = int(self.prompt(workload).output_tokens)
    yield CostLine(
        literal("Output"),
        "output",
        workload.requests_per_month * tokens / 1e6,
        "Mtok",
        float(self.model.output_usd_per_mtok),
        Cadence.MONTHLY,
        PriceRef.of(self.model),
    )


LARGE = StrategyChoice("stuffed_prompt", {"model": "acme/large"}, "large")
HOSTED = StrategyChoice("self_hosted", {"deployment": "open-10b-1xg1"}, "own")


def test_a_formula_that_takes_one_number_is_counted_and_named(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(StuffedPrompt, "lines", whole_tokens)
    comparison = compare(scenario(LARGE, HOSTED), book())
    answers = {"tokens.answer": np.array([1.0, 1.2, 2.0])}
    sampled = SampledStrategy(comparison, 0, answers, 3)
    # 100 tokens of an answer x 30,437.5 requests x 10 USD a million: 30.4375 USD, times 1, 1.2 and 2.
    assert sampled.usd_per_month() == pytest.approx([30.4375, 36.525, 60.875])
    fallback = sampled.scalar_fallback
    assert fallback is not None
    assert (str(fallback.strategy), fallback.draws) == ("large", 3)
    file, line = fallback.place.split(":")
    assert file == "tests/costing/uncertainty/test_scalar_fallbacks.py"
    assert "int(" in Path(__file__).read_text(encoding="utf-8").splitlines()[int(line) - 1]
    own = SampledStrategy(comparison, 1, answers, 3)
    own.usd_per_month()
    assert own.scalar_fallback is None


def test_draws_evaluated_one_by_one_are_in_the_result_the_text_and_the_json(
    monkeypatch: pytest.MonkeyPatch,
) -> None:
    monkeypatch.setattr(StuffedPrompt, "lines", whole_tokens)
    result = uncertainty(compare(scenario(LARGE, HOSTED), book()), 50)
    (fallback,) = result.scalar_fallbacks
    assert fallback.draws >= 50  # the ends of the tornado come on top
    (sentence,) = slow_formulas(result)
    assert str(sentence).startswith(f"large: {fallback.draws} simulations were evaluated one by one")
    assert str(sentence) in printout(result)
    printed = json.loads(json.dumps(document(result)))
    assert printed["scalar_fallbacks"] == [
        {"strategy": "large", "draws": fallback.draws, "place": fallback.place}
    ]


def test_a_result_without_slow_formulas_says_so_with_an_empty_list() -> None:
    result = uncertainty(compare(scenario(LARGE), book()), 20)
    assert document(result)["scalar_fallbacks"] == []
    assert "one by one" not in printout(result)


@pytest.mark.parametrize("error", [TypeError, ValueError, ZeroDivisionError])
def test_a_fault_of_a_formula_is_raised_and_not_taken_for_a_branch(
    error: type[Exception], monkeypatch: pytest.MonkeyPatch
) -> None:
    def faulty(self: StuffedPrompt, workload: Workload) -> Iterator[CostLine]:
        if workload.turns > 1:
            raise error("a fault of the formula")
        yield from ()

    monkeypatch.setattr(StuffedPrompt, "lines", faulty)
    comparison = compare(scenario(LARGE), book())
    with pytest.raises(error, match="a fault of the formula"):
        SampledStrategy(comparison, 0, {"turns": np.array([1.0, 2.0, 3.0])}, 3).usd_per_month()


def test_an_infeasible_draw_is_a_refusal_of_that_draw_alone() -> None:
    comparison = compare(scenario(LARGE), book())
    # A window of 100,000 tokens: 1,000 of the question times 50 fit, times 200 do not.
    sampled = SampledStrategy(comparison, 0, {"tokens.question": np.array([1.0, 50, 200, 300])}, 4)
    assert np.isnan(sampled.usd_per_month()).tolist() == [False, False, True, True]
    assert sampled.scalar_fallback is None
    # 200 x 1,000 tokens of the question and 100 of the answer, in words and not as a placeholder.
    assert "200,100 tokens exceed its window of 100,000" in str(sampled.refusal)


def test_a_speed_that_is_unknown_at_a_grid_point_is_predicted_at_the_draw_itself() -> None:
    """24 GiB hold 8 GB of weights and the cache of some 110,000 tokens: longer grid points are refused."""
    one_turn = replace(AGENT, turns=1, tool_calls_per_request=0.0)
    comparison = with_strategy(one_turn, "self_hosted", {"open_model": "llama-3.1-8b", "gpu": "l4"})
    assert isinstance(comparison.outcomes[0].strategy, SelfHosted)
    columns = {"tokens.knowledge": np.linspace(1, 180, 60)}
    sampled = SampledStrategy(comparison, 0, columns, 60)
    usd = sampled.usd_per_month()
    assert sampled.scalar_fallback is None
    assert 0 < np.isfinite(usd).sum() < 60
    singly = [
        float(SampledStrategy(comparison, 0, {"tokens.knowledge": column}, 1).usd_per_month()[0])
        for column in columns["tokens.knowledge"][:, None]
    ]
    assert (np.isfinite(usd) == np.isfinite(singly)).all()
    assert usd == pytest.approx(singly, rel=0.1, nan_ok=True)

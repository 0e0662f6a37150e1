"""Every number of a scenario can be a range: draws are a loop of scenarios; what cannot be one says why."""

from __future__ import annotations

import json
from dataclasses import replace
from datetime import date
from pathlib import Path
from typing import Any

import numpy as np
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from costing.cli.uncertainty import document
from costing.comparison.compare import Comparison, compare
from costing.scenario.input_ranges import InputRange, normal_draws
from costing.scenario.library import load_scenario, shipped_ids
from costing.scenario.outlook import DRIFTS, Outlook
from costing.scenario.scenario import Scenario
from costing.scenario.scenario_yaml import dump, read
from costing.scenario.traffic import GIVEN, S_CURVE, Traffic
from costing.scenario.uncertain_fields import CURVE, ESCALATION, INPUTS, TOOL_CALLS
from costing.strategies import registered
from costing.uncertainty.inputs import inputs_of
from costing.uncertainty.monte_carlo import uncertainty
from costing.uncertainty.monthly_costs import SampledMonths
from costing.uncertainty.samples import Array
from costing.uncertainty.strategy_costs import SampledStrategy
from costing.uncertainty.what_if import lever, levers, over_time_paths, starting_range, winner_map
from costing.workload.workload import PARTS
from i18n.errors import CrossoverError

from ...support.cli import printed, refusal
from ...support.factories import HOSTED, STUFFED, TUNED, book, choice, frozen_book, model_price, scenario
from ...support.scenarios import EXAMPLE, errors
from ...support.uncertainty import all_fixed

AGENT = replace(load_scenario("travel_agent"), horizon_months=14)
SEEN = replace(AGENT, images_per_request=1.0, tool_calls_per_request=0.0)
"""The same assistant, sent a picture a question."""


def a_month(start: Scenario, columns: dict[str, Array]) -> Array:
    """(strategies, draws)."""
    comparison, draws = compare(start, frozen_book()), len(next(iter(columns.values())))
    return np.array(
        [SampledStrategy(comparison, i, columns, draws).usd_per_month() for i in range(len(start.strategies))]
    )


def one_by_one(start: Scenario, columns: dict[str, Array]) -> Array:
    """The same by a comparison of each draw; NaN where a strategy is not possible."""
    usd: list[list[float]] = []
    for draw in range(len(next(iter(columns.values())))):
        changes = {
            path: round(float(c[draw])) if INPUTS[path].limits.whole else float(c[draw])
            for path, c in columns.items()
        }
        changed: Any = replace(start, **changes)  # type: ignore[arg-type]
        outcomes = compare(changed, frozen_book()).outcomes
        usd.append([float(o.usd_per_month) if o.is_feasible else np.nan for o in outcomes])
    return np.array(usd).T


few = settings(max_examples=8, deadline=None)
calls = st.one_of(st.sampled_from([0.0, 1.0, 2.0, 3.0]), st.floats(0, 6))


# --- draws are a loop


@few
@given(drawn=st.lists(calls, min_size=2, max_size=6), turns=st.integers(1, 4), cached=st.booleans())
def test_drawn_tool_calls_are_a_loop_of_scenarios(drawn: list[float], turns: int, cached: bool) -> None:
    start = replace(AGENT, turns=turns, tool_calls_per_request=2.0 if cached else 0.0)
    columns = {TOOL_CALLS: np.array(drawn)}
    assert a_month(start, columns) == pytest.approx(one_by_one(start, columns), abs=2e-6, nan_ok=True)


@few
@given(
    drawn=st.lists(
        st.tuples(
            st.one_of(st.sampled_from([0.0, 1.0]), st.floats(0, 5)),
            st.floats(1, 5000),
            st.floats(1, 5000),
        ),
        min_size=2,
        max_size=6,
    ),
    has_images=st.booleans(),
    detail=st.sampled_from(["low", "high", "auto"]),
)
def test_drawn_images_are_a_loop_of_scenarios(
    drawn: list[tuple[float, float, float]], has_images: bool, detail: Any
) -> None:
    """Models without a rule are refused in the very draws that send an image, and so are sizes."""
    start = replace(SEEN, image_detail=detail, images_per_request=1.0 if has_images else 0.0)
    names = ("images_per_request", "image_width_px", "image_height_px")
    columns = {name: np.array(column) for name, column in zip(names, zip(*drawn, strict=True), strict=True)}
    assert a_month(start, columns) == pytest.approx(one_by_one(start, columns), abs=2e-6, nan_ok=True)


def test_tool_calls_and_turns_together_are_a_loop_of_scenarios() -> None:
    rng = np.random.default_rng(4)
    columns = {TOOL_CALLS: rng.uniform(0, 4, 15), "turns": rng.uniform(0.6, 5.4, 15)}
    assert a_month(AGENT, columns) == pytest.approx(one_by_one(AGENT, columns), abs=2e-6)


def test_a_tier_of_long_prompts_begins_in_the_draw_whose_tool_calls_reach_it() -> None:
    """Context cliffs: Haiku costs five times as much beyond 100,000 tokens, call by call."""
    start = replace(AGENT, turns=1, tool_result_tokens=30_000)
    columns = {TOOL_CALLS: np.linspace(0, 6, 13)}
    assert a_month(start, columns) == pytest.approx(one_by_one(start, columns), abs=2e-6, nan_ok=True)


def months_of(start: Scenario, place: int, columns: dict[str, Array]) -> Array:
    """(months, draws): paid up to the end of each month."""
    comparison, draws = compare(start, frozen_book()), len(next(iter(columns.values())))
    paid_usd = np.empty((start.horizon_months, draws))
    sampled = SampledStrategy(comparison, place, columns, draws)
    SampledMonths(sampled, columns, np.empty(0)).into(paid_usd, np.empty((0, draws)))
    return paid_usd


def with_time(start: Scenario, drawn: dict[str, float]) -> Scenario:
    traffic: dict[str, Any] = {name: drawn[name] for name in CURVE if name in drawn}
    factors = list(start.traffic.season_factors) or [1.0] * 12
    for path, value in drawn.items():
        if path.startswith("season_factors."):
            factors[int(path.split(".")[1]) - 1] = value
            traffic["season_factors"] = tuple(factors)
    ahead: dict[str, Any] = {name: drawn[name] for name in DRIFTS if name in drawn}
    growth = drawn.get("growth_share_per_month", start.growth_share_per_month)
    return replace(
        start,
        traffic=replace(start.traffic, **traffic),
        outlook=replace(start.outlook, **ahead),
        growth_share_per_month=growth,
    )


def assert_months_are_a_loop(start: Scenario, columns: dict[str, Array]) -> None:
    for place in range(len(start.strategies)):
        paid_usd = months_of(start, place, columns)
        for draw in range(paid_usd.shape[1]):
            single = with_time(start, {path: float(column[draw]) for path, column in columns.items()})
            compared = compare(single, frozen_book())
            usd = [float(x) for x in compared.usd_by_month(compared.outcomes[place])]
            assert paid_usd[:, draw] == pytest.approx(np.cumsum(usd), rel=1e-6)


OWNED = replace(
    load_scenario("claim_25m_owned"),
    requests_per_day=3_000_000.0,
    horizon_months=40,
    growth_share_per_month=0.01,
)


@few
@given(
    drifts=st.dictionaries(
        st.sampled_from(DRIFTS),
        st.lists(st.one_of(st.just(0.0), st.floats(-0.9, 2)), min_size=3, max_size=3),
        min_size=1,
    ),
    base=st.floats(-0.3, 0.3),
)
def test_drawn_drifts_are_a_loop_of_scenarios(drifts: dict[str, list[float]], base: float) -> None:
    """Also for fleets that are bought, in cohorts at the prices of their months."""
    own = OWNED.strategies[1]
    dear = {**own.settings, "colocation_usd_per_kw_month": 150.0, "licence_usd_per_gpu_year": 900.0}
    start = replace(
        OWNED.with_strategy(1, replace(own, settings=dear)),
        outlook=Outlook(purchase_drift_share_per_year=base, staff_drift_share_per_year=base),
    )
    assert_months_are_a_loop(start, {name: np.array(column) for name, column in drifts.items()})


@few
@given(
    drawn=st.lists(
        st.tuples(st.floats(0.2, 8), st.floats(0, 30), st.floats(0.05, 2), st.floats(0.3, 3)),
        min_size=2,
        max_size=3,
    ),
    seasons=st.booleans(),
)
def test_drawn_s_curves_and_seasons_are_a_loop_of_scenarios(
    drawn: list[tuple[float, float, float, float]], seasons: bool
) -> None:
    factors = (1.0, 1, 1, 1.2, 1, 0.8, 1, 1, 1, 1.4, 1, 0.7) if seasons else ()
    start = replace(OWNED, traffic=Traffic(S_CURVE, season_factors=factors))
    names = (*CURVE, "season_factors.12")
    columns = {name: np.array(column) for name, column in zip(names, zip(*drawn, strict=True), strict=True)}
    assert_months_are_a_loop(start, columns)


def test_a_drawn_season_and_drawn_growth_together_are_a_loop_of_scenarios() -> None:
    columns = {
        "growth_share_per_month": np.array([-0.02, 0.0, 0.03]),
        "season_factors.1": np.array([0.5, 1.0, 2.0]),
    }
    assert_months_are_a_loop(OWNED, columns)


@few
@given(
    drawn=st.lists(
        st.tuples(st.one_of(st.just(1.0), st.floats(1, 30)), st.sampled_from([0.0, 5, 37.5, 50, 90, 100])),
        min_size=2,
        max_size=6,
    ),
    which=st.sampled_from([(0,), (1,), (0, 1)]),
    has_hours=st.booleans(),
)
def test_drawn_peaks_and_percentiles_of_an_overflow_are_a_loop_of_scenarios(
    drawn: list[tuple[float, float]], which: tuple[int, ...], has_hours: bool
) -> None:
    mixed = choice("overflow", model="acme/large", deployment="open-10b-1xg1")
    start = scenario(mixed, requests_per_day=500_000.0, peak_to_average=2.0)
    if has_hours:
        which, start = (1,), start.with_hours((0.0,) * 8 + (0.05,) * 8 + (0.075,) * 8)
    names = ("peak_to_average", "strategies.1.percentile")
    columns = {names[i]: np.array([row[i] for row in drawn]) for i in which}
    usd = SampledStrategy(compare(start, book()), 0, columns, len(drawn)).usd_per_month()
    for draw, row in enumerate(drawn):
        settings = {**mixed.settings, **({"percentile": row[1]} if 1 in which else {})}
        single = start.with_strategy(0, replace(mixed, settings=settings))
        if 0 in which:
            single = replace(single, peak_to_average=row[0])
        assert usd[draw] == pytest.approx(float(compare(single, book()).outcomes[0].usd_per_month), abs=2e-6)


# --- without any width


@pytest.mark.parametrize("calls_per_request", [0.0, 1.0, 2.5])
def test_tool_calls_held_at_a_figure_are_those_of_a_scenario_with_that_figure(
    calls_per_request: float,
) -> None:
    none = replace(AGENT, tool_calls_per_request=0.0)
    held = all_fixed(compare(none, frozen_book())).scenario.ranges
    at = InputRange(TOOL_CALLS, calls_per_request, calls_per_request, calls_per_request)
    result = uncertainty(compare(replace(none, ranges=(*held, at)), frozen_book()), 2)
    plain = compare(replace(none, tool_calls_per_request=calls_per_request), frozen_book())
    for place, outcome in enumerate(plain.outcomes):
        assert result.usd[place] == pytest.approx(float(outcome.usd_per_month), abs=2e-6)


def test_every_number_of_a_scenario_held_as_it_is_moves_nothing() -> None:
    start = replace(AGENT, images_per_request=0.0, traffic=Traffic(S_CURVE), horizon_months=8)
    comparison = compare(start, frozen_book())
    held = {input_range.path: input_range for input_range in all_fixed(comparison).scenario.ranges}
    paths = [path for path in INPUTS if path not in ("growth_share_per_month", "peak_to_average", ESCALATION)]
    paths = [path for path in paths if not path.startswith("image_")]
    for path in paths:
        now = float(INPUTS[path].value(start))
        held[path] = InputRange(path, now, now, now)
    result = uncertainty(compare(replace(start, ranges=tuple(held.values())), frozen_book()), 2)
    for place, (outcome, distribution) in enumerate(zip(comparison.outcomes, result.strategies, strict=True)):
        usd = [float(x) for x in comparison.usd_by_month(outcome)]
        assert result.usd[place] == pytest.approx(float(outcome.usd_per_month), abs=2e-6)
        assert distribution.months.p50 == pytest.approx(np.cumsum(usd), rel=1e-6)


def ranged(start: Scenario, *ranges: InputRange) -> Comparison:
    return compare(replace(start, ranges=ranges), frozen_book())


def test_the_same_seed_gives_the_same_bytes_with_tools_images_and_drifts_drawn() -> None:
    comparison = ranged(
        SEEN,
        InputRange(TOOL_CALLS, 0, 1, 3, "triangular"),
        InputRange("images_per_request", 0, 0, 2, "triangular"),
        InputRange("api_price_drift_share_per_year", -0.5, -0.2, 0.1, "triangular"),
        InputRange("season_factors.12", 1, 1.5, 2, "triangular"),
    )

    def text(seed: int) -> str:
        return json.dumps(document(uncertainty(comparison, 40, seed)))

    assert text(3) == text(3)
    assert text(3) != text(4)


def test_drifts_widen_the_horizon_and_not_the_first_month() -> None:
    held = all_fixed(compare(AGENT, frozen_book())).scenario.ranges
    drift = InputRange("api_price_drift_share_per_year", -0.4, -0.1, 0.2, "triangular")
    distribution = uncertainty(ranged(AGENT, *held, drift), 400).strategies[0]
    assert distribution.usd_per_month is not None
    assert distribution.usd_per_month.p5 == distribution.usd_per_month.p95
    assert distribution.horizon_usd is not None
    assert distribution.horizon_usd.p95 > 1.05 * distribution.horizon_usd.p5


def test_more_tool_calls_never_cost_less_where_nothing_is_cached() -> None:
    """A longer prompt may be cached where a shorter one is not, and then cost less."""
    plain = [
        replace(
            strategy,
            settings={**strategy.settings, **({"caching": False} if "model" in strategy.settings else {})},
        )
        for strategy in AGENT.strategies
    ]
    usd = a_month(replace(AGENT, strategies=tuple(plain)), {TOOL_CALLS: np.linspace(0, 5, 41)})
    assert (np.diff(usd, axis=1) >= 0).all()


@pytest.mark.parametrize("path", ["turns", TOOL_CALLS])
def test_a_range_of_turns_or_tool_calls_is_not_evaluated_draw_by_draw(
    path: str, monkeypatch: pytest.MonkeyPatch
) -> None:
    evaluations: list[int] = []
    lines = type(compare(AGENT, frozen_book()).outcomes[0].strategy).lines

    def counted(*args: Any) -> Any:
        evaluations.append(1)
        return lines(*args)

    comparison = ranged(AGENT, InputRange(path, 1, 3, 8, "triangular"))
    monkeypatch.setattr(type(comparison.outcomes[0].strategy), "lines", counted)
    uncertainty(comparison, 2000)
    assert len(evaluations) < 1000


# --- every number is rangeable, or says why not


@pytest.mark.parametrize("path", INPUTS)
def test_a_range_of_every_number_of_a_scenario_is_read_and_written_back(path: str) -> None:
    limits = INPUTS[path].limits
    low, high = max(limits.low, 1.0 if limits.high > 2 else 0.0), min(limits.high, 3.0)
    loaded = read(EXAMPLE + f"ranges:\n  {path}: {{low: {low}, high: {high}, shape: uniform}}\n", "f.yaml")
    assert loaded.ranges == (InputRange(path, low, None, high, "uniform"),)
    assert read(dump(loaded), "again.yaml") == loaded


def test_every_number_of_every_strategy_can_be_a_range() -> None:
    for name, kind in registered().items():
        for knob_name, knob in kind.knobs().items():
            if knob.kind not in ("integer", "number"):
                continue
            text = EXAMPLE.replace("strategy: fine_tuned", f"strategy: {name}")
            path = f"strategies.2.{knob_name}"
            low, high = knob.low or 0, knob.high
            lines = errors_or_none(
                text + f"ranges:\n  {path}: {{low: {low}, high: {high}, shape: uniform}}\n"
            )
            assert not [line for line in lines if "ranges" in line], path


def errors_or_none(text: str) -> list[str]:
    try:
        read(text, "f.yaml")
    except CrossoverError as error:
        return [str(problem) for problem in error.errors]
    return []


@pytest.mark.parametrize("part", PARTS)
def test_the_tokens_of_every_part_can_be_a_range(part: str) -> None:
    assert not errors_or_none(EXAMPLE + f"ranges:\n  tokens.{part}: {{low: 0.5, high: 2}}\n")


@pytest.mark.parametrize(
    ("path", "says"),
    [
        ("horizon_months", "cannot be a range: the horizon is how far is looked ahead"),
        ("tool_call_tokens", "write tokens.tool_call, a factor"),
        ("workload.tool_result_tokens", "write tokens.tool_result, a factor"),
        ("outlook.discount_rate_share_per_year", "the simulation does not discount"),
        ("hour_shares", "the hours make up one day together"),
        ("season_factors", "write season_factors.1 for January"),
        ("needs.escalation_usd", "did you mean 'escalation_usd'?"),
        ("needs.answer_s_at_most", "a requirement is not an uncertain number"),
        ("season_factors.13", "no such input"),
        ("images_per_requests", "did you mean 'images_per_request'?"),
    ],
)
def test_what_cannot_be_a_range_says_why_or_what_to_write(path: str, says: str) -> None:
    (line,) = errors(EXAMPLE + f"ranges:\n  {path}: {{low: 1, high: 2}}\n")
    assert says in line


@pytest.mark.parametrize(
    ("start", "path", "says"),
    [
        (AGENT, "ceiling_multiple", "traffic is no S-curve here"),
        (AGENT, "escalation_usd", "people are not counted"),
        (AGENT, "strategies.1.resolved_share", "people are not counted"),
        (AGENT, "strategies.1.measured_token_ms", "it moves no cost"),
        (AGENT, "image_width_px", "no images are sent (take out this range, or set images)"),
        (SEEN, "tokens.tool_result", "no tools are called"),
        (
            replace(AGENT, traffic=Traffic(GIVEN, given={"2026-11": 5.0})),
            "season_factors.3",
            "months that are given have no seasons",
        ),
    ],
)
def test_a_range_that_means_nothing_is_one_clear_line(start: Scenario, path: str, says: str) -> None:
    with pytest.raises(CrossoverError) as error:
        inputs_of(ranged(start, InputRange(path, 1, 1.5, 2)))
    assert len(error.value.errors) == 1
    assert says in str(error.value)


def test_a_range_of_tool_calls_gives_those_of_its_tokens_a_meaning_and_takes_the_input_shares() -> None:
    inputs_of(
        ranged(
            SEEN, InputRange(TOOL_CALLS, 1, 2, 3, "triangular"), InputRange("tokens.tool_result", 0.5, 1, 2)
        )
    )
    one_turn = replace(SEEN, turns=1)
    with pytest.raises(CrossoverError, match="answers are sent again"):
        inputs_of(ranged(one_turn, InputRange(TOOL_CALLS, 1, 2, 3), InputRange("input_share", 0.4, 0.5, 0.6)))


# --- maps, the page's list, the command line


def test_tool_calls_and_images_are_levers_and_the_months_inputs_are_not() -> None:
    comparison = compare(AGENT, frozen_book())
    paths = {input_lever.path for input_lever in levers(comparison)}
    assert {TOOL_CALLS, "images_per_request"} <= paths
    assert not paths & {"api_price_drift_share_per_year", "season_factors.1", "growth_share_per_month"}
    assert {"api_price_drift_share_per_year", "season_factors.1"} <= set(over_time_paths(comparison))
    with pytest.raises(CrossoverError, match="it moves the cost over time"):
        lever(comparison, "api_price_drift_share_per_year")


def test_a_map_over_tool_calls_and_turns_is_a_loop_of_scenarios() -> None:
    comparison = compare(AGENT, frozen_book())
    across, up = lever(comparison, TOOL_CALLS).between(0, 3), lever(comparison, "turns").between(1, 3)
    winners = winner_map(comparison, across, up, 3)
    for row, turns in enumerate(winners.up_values):
        for column, tool_calls in enumerate(winners.across_values):
            single = replace(AGENT, turns=int(turns), tool_calls_per_request=float(tool_calls))
            cheapest = compare(single, frozen_book()).choices[0]
            assert winners.usd[row, column] == pytest.approx(float(cheapest.usd_per_month), abs=2e-6)


def test_the_command_line_draws_maps_and_seeks_them(tmp_path: Path) -> None:
    text = dump(replace(AGENT, ranges=(InputRange(TOOL_CALLS, 0, 1.5, 4, "triangular"),)))
    path = tmp_path / "agent.yaml"
    path.write_text(text, encoding="utf-8")
    report = json.loads(printed("uncertainty", str(path), "--draws", "60", "--json"))
    assert TOOL_CALLS in {row["path"] for row in report["inputs"]}
    across = f"{TOOL_CALLS}=0:3"
    cells = json.loads(
        printed("map", "travel_agent", "--across", across, "--up", "images_per_request=0:2", "--json")
    )
    assert cells["across_values"][0] == 0
    assert "Tool calls per request" in printed("seek", "travel_agent", "--input", across, "--equal", "1", "3")
    assert "it moves the cost over time" in refusal(
        "seek", "travel_agent", "--input", "rent_drift_share_per_year=-0.1:0.1", "--equal", "1", "3"
    )


def test_a_tuned_model_and_a_fleet_take_drawn_tool_calls_and_turns() -> None:
    wide = (InputRange(TOOL_CALLS, 0, 1, 3, "triangular"), InputRange("turns", 1, 2, 4, "uniform"))
    comparison = compare(scenario(STUFFED, TUNED, HOSTED, ranges=wide), book())
    inputs = inputs_of(comparison)
    z = normal_draws([uncertain.path for uncertain in inputs], (), 12, 2)
    columns = {
        uncertain.path: uncertain.at(z[i])
        for i, uncertain in enumerate(inputs)
        if uncertain.path in (TOOL_CALLS, "turns")
    }
    for place in range(3):
        usd = SampledStrategy(comparison, place, columns, 12).usd_per_month()
        for draw in range(12):
            single = replace(
                comparison.scenario,
                ranges=(),
                tool_calls_per_request=float(columns[TOOL_CALLS][draw]),
                turns=round(float(columns["turns"][draw])),
            )
            outcome = compare(single, book()).outcomes[place]
            expected = float(outcome.usd_per_month) if outcome.is_feasible else np.nan
            assert usd[draw] == pytest.approx(expected, abs=2e-6, nan_ok=True)


@pytest.mark.parametrize("scenario_id", shipped_ids())
def test_all_that_the_page_lists_can_be_a_range_from_where_it_starts(scenario_id: str) -> None:
    """Every setting of the strategies among it, those that are blank too."""
    comparison = compare(load_scenario(scenario_id), frozen_book())
    paths = [*(input_lever.path for input_lever in levers(comparison)), *over_time_paths(comparison)]
    ranges = {path: starting_range(comparison, path) for path in paths}
    input_ranges = tuple(InputRange(p, r.low, r.likely, r.high, "triangular") for p, r in ranges.items())
    for input_range in input_ranges:
        inputs = inputs_of(replace(comparison, scenario=replace(comparison.scenario, ranges=(input_range,))))
        assert input_range.path in {uncertain.path for uncertain in inputs}


# --- prices of the months to come


def test_a_price_factor_carries_to_the_announced_price_of_the_same_row() -> None:
    rows = [
        model_price(),
        model_price(effective_from=date(2027, 2, 1), input_usd_per_mtok=4, output_usd_per_mtok=20),
    ]
    table = book()
    doubled = type(table)({**table.tables(), "models": rows})
    columns = {"prices.acme/large": np.array([1.0, 0.5])}
    comparison = compare(scenario(STUFFED, horizon_months=6), doubled)
    paid_usd = np.empty((6, 2))
    sampled = SampledStrategy(comparison, 0, columns, 2)
    SampledMonths(sampled, columns, np.empty(0)).into(paid_usd, np.empty((0, 2)))
    # 91.3125 a month, from the fourth month on 182.625; half of all of it in the second draw.
    assert paid_usd[:, 0] == pytest.approx(np.cumsum([91.3125] * 3 + [182.625] * 3))
    assert paid_usd[:, 1] == pytest.approx(paid_usd[:, 0] / 2)


def test_the_price_of_a_successor_is_a_range_of_its_own_and_moves_the_months_after() -> None:
    start = load_scenario("openai_or_azure")
    first = replace(start.strategies[0], strategy="stuffed_prompt", settings={"model": "openai/gpt-4.1"})
    with_successor = replace(
        start,
        strategies=(first,),
        outlook=Outlook(successors={"openai/gpt-4.1": "anthropic/claude-sonnet-5-5"}),
        ranges=(),
    )
    path = "prices.anthropic/claude-sonnet-5-5"
    plain = compare(with_successor, frozen_book())
    assert path in over_time_paths(plain)
    with pytest.raises(CrossoverError, match="it moves the cost over time"):
        lever(plain, path)
    held = all_fixed(plain).scenario.ranges
    dear = compare(replace(with_successor, ranges=(*held, InputRange(path, 2, 2, 2))), frozen_book())
    (gone,) = plain.retirements
    usd = np.array([float(x) for x in plain.usd_by_month(plain.outcomes[0])])
    usd[gone.month :] *= 2
    distribution = uncertainty(dear, 2).strategies[0]
    assert distribution.months.p50 == pytest.approx(np.cumsum(usd), rel=1e-6)


@pytest.mark.parametrize(
    ("path", "now"), [("turns", 60), ("tool_calls_per_request", 30.0), ("images_per_request", 30.0)]
)
def test_what_a_scenario_says_lies_within_the_span_that_is_looked_at(path: str, now: float) -> None:
    """20 is usual, but no more than that."""
    changes: dict[str, Any] = {path: now}
    changed = replace(scenario(STUFFED), **changes)
    comparison = compare(changed, book())
    input_lever, proposed = lever(comparison, path), starting_range(comparison, path)
    assert input_lever.low < now < input_lever.high
    assert proposed.low < now < proposed.high


def test_a_share_of_input_is_refused_beside_drawn_turns_and_beside_tool_calls_that_may_be() -> None:
    share = InputRange("input_share", 0.5, 0.6, 0.7)
    for other in (InputRange("turns", 1, 2, 3), InputRange(TOOL_CALLS, 0, 0, 1, "uniform")):
        with pytest.raises(CrossoverError, match="answers are sent again as input"):
            inputs_of(compare(scenario(STUFFED, ranges=(share, other)), book()))
    for held in (InputRange("turns", 1, 1, 1), InputRange(TOOL_CALLS, 0, 0, 0)):
        assert inputs_of(compare(scenario(STUFFED, ranges=(share, held)), book()))

"""The draws of many months: without any width they are the comparison, with width a loop of comparisons."""

from __future__ import annotations

from dataclasses import replace

import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st

from costing.comparison.compare import Comparison, compare
from costing.comparison.price_timetable import add_months
from costing.comparison.purchase_cohorts import cohorts, in_service, mean_factor, mean_price_factor
from costing.cost_lines import usd_per_month
from costing.scenario.input_ranges import InputRange, normal_draws
from costing.scenario.library import load_scenario, shipped_ids
from costing.scenario.outlook import Outlook
from costing.scenario.scenario import Scenario
from costing.scenario.traffic import GIVEN, S_CURVE, Traffic, month_name
from costing.uncertainty.inputs import inputs_of
from costing.uncertainty.monte_carlo import uncertainty
from costing.uncertainty.monthly_costs import SampledMonths
from costing.uncertainty.samples import Array
from costing.uncertainty.strategy_costs import SampledStrategy

from ...support.factories import frozen_book
from ...support.uncertainty import all_fixed

SEASONS = (1.0, 1.0, 1.0, 1.2, 1.0, 0.8, 1.0, 1.0, 1.0, 1.4, 1.0, 0.7)
HOURS = (0.01,) * 8 + (0.08,) * 8 + (0.035,) * 8
DRIFTS = Outlook(
    api_price_drift_share_per_year=-0.2,
    rent_drift_share_per_year=0.1,
    purchase_drift_share_per_year=-0.15,
    staff_drift_share_per_year=0.03,
)
SHAPES = ("plain", "hours", "seasons", "falling", "s-curve", "months", "drift", "tools and turns")
DRAWS = 12


def shaped(scenario: Scenario, shape: str) -> Scenario:
    """As it is, or with another time ahead or another way of asking."""
    plain = replace(scenario, ranges=(), correlations=())
    months = [month_name(add_months(scenario.on, month)) for month in range(9)]
    given_months = {m: scenario.requests_per_day * (1.5 - 0.1 * n) for n, m in enumerate(months)}
    return {
        "plain": plain,
        "hours": plain.with_hours(HOURS),
        "seasons": replace(plain, traffic=Traffic(season_factors=SEASONS), growth_share_per_month=0.03),
        "falling": replace(plain, growth_share_per_month=-0.05, outlook=DRIFTS),
        "s-curve": replace(plain, traffic=Traffic(S_CURVE, ceiling_multiple=4)),
        "months": replace(plain, traffic=Traffic(GIVEN, given=given_months)),
        "drift": replace(plain, outlook=DRIFTS),
        "tools and turns": replace(plain, retry_share=0.1, tool_calls_per_request=1.5, turns=3),
    }[shape]


def so_far(comparison: Comparison, place: int) -> Array:
    """Paid up to the end of each month."""
    months = comparison.usd_by_month(comparison.outcomes[place])
    return np.cumsum([float(usd) for usd in months])


@pytest.mark.parametrize("shape", SHAPES)
@pytest.mark.parametrize("scenario_id", shipped_ids())
def test_without_any_width_the_months_of_all_draws_are_the_comparisons(scenario_id: str, shape: str) -> None:
    compared = all_fixed(compare(shaped(load_scenario(scenario_id), shape), frozen_book()))
    result = uncertainty(compared, 2)
    for place, (outcome, distribution) in enumerate(zip(compared.outcomes, result.strategies, strict=True)):
        if outcome.is_feasible:
            assert result.usd[place] == pytest.approx(float(outcome.usd_per_month), abs=2e-6)
            assert distribution.months.p50 == pytest.approx(so_far(compared, place), rel=1e-6)
        else:
            assert np.isnan(result.usd[place]).all()


@pytest.mark.parametrize("shape", ["plain", "seasons", "drift"])
def test_draws_of_a_bought_fleet_are_a_loop_of_comparisons(shape: str) -> None:
    """Each draw buys cohorts at the prices of its own months, and keeps them when the need has fallen."""
    busy = replace(load_scenario("claim_25m_uncertain"), requests_per_day=3_000_000, horizon_months=60)
    wide = (
        InputRange("growth_share_per_month", -0.03, 0.01, 0.05, "triangular"),
        InputRange("strategies.2.life_years", 2, 3, 5, "triangular"),
        InputRange("requests_per_day", 1e6, 3e6, 5e6),
    )
    plain = replace(shaped(busy, shape), growth_share_per_month=0.01)
    fixed = all_fixed(compare(plain, frozen_book())).scenario.ranges
    wider = {input_range.path for input_range in wide}
    ranges = (*wide, *(input_range for input_range in fixed if input_range.path not in wider))
    compared = compare(replace(plain, ranges=ranges), frozen_book())
    inputs = inputs_of(compared)
    z = normal_draws([uncertain.path for uncertain in inputs], (), DRAWS, 1)
    values = {uncertain.path: uncertain.at(z[place]) for place, uncertain in enumerate(inputs)}
    paid_usd = np.empty((plain.horizon_months, DRAWS))
    SampledMonths(SampledStrategy(compared, 1, values, DRAWS), values, np.empty(0)).into(
        paid_usd, np.empty((0, DRAWS))
    )
    for draw in range(DRAWS):
        drawn = {path: float(column[draw]) for path, column in values.items()}
        choice = plain.strategies[1]
        settings = {**choice.settings, "life_years": drawn["strategies.2.life_years"]}
        single = replace(
            plain.with_strategy(1, replace(choice, settings=settings)),
            requests_per_day=drawn["requests_per_day"],
            growth_share_per_month=drawn["growth_share_per_month"],
        )
        assert paid_usd[:, draw] == pytest.approx(so_far(compare(single, frozen_book()), 1), rel=1e-6)


def test_draws_of_pauses_retries_and_tools_are_a_loop_of_comparisons() -> None:
    start = shaped(load_scenario("travel_agent"), "hours")
    wide = (
        InputRange("seconds_between_turns", 0, 75, 900, "triangular"),
        InputRange("retry_share", 0, 0.02, 0.3, "triangular"),
        InputRange("turns", 1, 6, 9, "triangular"),
        InputRange("tokens.tool_call", 0.5, 1, 2, "triangular"),
        InputRange("tokens.tool_result", 0.5, 1, 2, "triangular"),
        InputRange("requests_per_day", 10_000, 400_000, 900_000),
    )
    wider = {input_range.path for input_range in wide}
    fixed = all_fixed(compare(start, frozen_book())).scenario.ranges
    ranged = replace(
        start, ranges=(*wide, *(input_range for input_range in fixed if input_range.path not in wider))
    )
    compared = compare(ranged, frozen_book())
    inputs = inputs_of(compared)
    z = normal_draws([uncertain.path for uncertain in inputs], (), DRAWS, 1)
    values = {uncertain.path: uncertain.at(z[place]) for place, uncertain in enumerate(inputs)}
    sampled_usd = np.array(
        [SampledStrategy(compared, i, values, DRAWS).usd_per_month() for i in range(len(start.strategies))]
    )
    for draw in range(DRAWS):
        drawn = {path: float(column[draw]) for path, column in values.items()}
        single = replace(
            start,
            seconds_between_turns=drawn["seconds_between_turns"],
            retry_share=drawn["retry_share"],
            turns=round(drawn["turns"]),
            requests_per_day=drawn["requests_per_day"],
        )
        workload = compare(single, frozen_book()).workload
        tools = {
            name: replace(
                counts,
                tool_call=counts.tool_call.times(drawn["tokens.tool_call"]),
                tool_result=counts.tool_result.times(drawn["tokens.tool_result"]),
            )
            for name, counts in workload.tokens.items()
        }
        for place, outcome in enumerate(compared.outcomes):
            lines = tuple(outcome.strategy.lines(replace(workload, tokens=tools)))
            usd = float(usd_per_month(lines, start.horizon_months))
            assert sampled_usd[place, draw] == pytest.approx(usd, abs=1e-4)


def test_draws_go_on_with_a_successor_that_counts_in_its_own_way() -> None:
    start = load_scenario("openai_or_azure")
    with_successor = replace(
        start,
        strategies=(
            replace(start.strategies[0], strategy="stuffed_prompt", settings={"model": "openai/gpt-4.1"}),
        ),
        outlook=Outlook(successors={"openai/gpt-4.1": "anthropic/claude-sonnet-5-5"}),
        ranges=(),
    )
    compared = all_fixed(compare(with_successor, frozen_book()))
    assert compared.retirements, "the example must retire within the horizon"
    result = uncertainty(compared, 2)
    assert result.strategies[0].months.p50 == pytest.approx(so_far(compared, 0), rel=1e-6)


@given(
    st.lists(st.lists(st.integers(0, 9), min_size=8, max_size=8), min_size=1, max_size=4),
    st.sampled_from([2.0, 3.5, 6.0, 20.0]),
    st.floats(0.8, 1.2),
)
def test_cohorts_of_many_draws_are_the_cohorts_of_each(
    needs: list[list[int]], life: float, drift: float
) -> None:
    needed = np.array(needs, dtype=np.float64).T
    at = np.asarray(drift ** np.arange(len(needed)), dtype=np.float64)
    mean_factors = mean_price_factor(needed, np.full(needed.shape[1], life), at[:, None])
    for draw, column in enumerate(needed.T.tolist()):
        bought = cohorts(column, life)
        for month, wanted in enumerate(column):
            units = sum(cohort.units for cohort in in_service(bought, month))
            if wanted:
                mean = mean_factor(column, life, at)[month]
                assert mean_factors[month, draw] == pytest.approx(units / wanted * mean)

"""Sample arrays in formulas of a single figure give what a loop over the draws gives."""

from __future__ import annotations

import math
from dataclasses import replace
from typing import Any

import numpy as np
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from costing.comparison.compare import Comparison, compare
from costing.cost_lines import usd_per_month
from costing.fleet import Fleet
from costing.numerics.quantiles import quantiles
from costing.scenario.input_ranges import InputRange, normal_draws, normal_share_below
from costing.scenario.library import load_scenario, shipped_ids
from costing.scenario.scenario import StrategyChoice
from costing.scenario.uncertain_fields import REQUESTS
from costing.uncertainty.inputs import inputs_of
from costing.uncertainty.monte_carlo import uncertainty
from costing.uncertainty.overrides import strategy_at, workload_at
from costing.uncertainty.samples import Array, BranchDivergence, Samples, ScalarOnly
from costing.uncertainty.strategy_costs import SampledStrategy
from i18n.errors import CrossoverError

from ...support.factories import HOSTED, STUFFED, TUNED, book, frozen_book, scenario


def columns(comparison: Comparison, draws: int) -> dict[str, Array]:
    inputs = inputs_of(comparison)
    z = normal_draws([uncertain.path for uncertain in inputs], (), draws, 3)
    return {uncertain.path: uncertain.at(z[i]) for i, uncertain in enumerate(inputs)}


def one_by_one(comparison: Comparison, index: int, values: dict[str, Array]) -> list[float]:
    """A month's cost of each draw by itself; NaN where the strategy is not possible."""
    usd: list[float] = []
    strategy = comparison.outcomes[index].strategy
    for draw in range(len(next(iter(values.values())))):
        drawn = {path: float(column[draw]) for path, column in values.items()}
        try:
            lines = strategy_at(strategy, index, drawn).lines(
                workload_at(comparison.workload, drawn).at(drawn[REQUESTS])
            )
            months = comparison.scenario.horizon_months
            usd.append(float(usd_per_month([_priced(x, drawn) for x in lines], months)))
        except CrossoverError:
            usd.append(float("nan"))
    return usd


def _priced(line: Any, drawn: dict[str, float]) -> Any:
    factor = drawn.get(f"prices.{line.price.ref.split(' @ ')[0]}", 1.0)
    return replace(line, usd_per_unit=line.usd_per_unit * (1.0 if line.price.layer == "scenario" else factor))


@pytest.mark.parametrize("scenario_id", shipped_ids())
def test_draws_at_once_are_what_a_loop_over_them_gives(scenario_id: str) -> None:
    comparison = compare(load_scenario(scenario_id), frozen_book())
    values = columns(comparison, 40)
    for index, outcome in enumerate(comparison.outcomes):
        at_once = SampledStrategy(comparison, index, values, 40).usd_per_month()
        # Speeds that are predicted are interpolated between lengths: see the test of them below.
        fleet = outcome.strategy.part(Fleet)
        predicted = fleet is not None and fleet.replica.deployment is None
        near = 0.02 if predicted else 1e-9
        assert at_once == pytest.approx(
            one_by_one(comparison, index, values), rel=near, abs=1e-5, nan_ok=True
        )


@pytest.mark.parametrize(
    "choice",
    [
        StrategyChoice("overflow", {"model": "acme/large", "deployment": "open-10b-1xg1"}),
        StrategyChoice("pre_training", {"deployment": "open-10b-1xg1"}),
        HOSTED,
        TUNED,
    ],
)
@pytest.mark.parametrize(
    "own",
    [
        InputRange("turns", 1, 1, 4, "uniform"),
        InputRange("input_share", 0.2, 0.5, 0.9, "triangular"),
    ],
    ids=lambda input_range: input_range.path,
)
def test_every_kind_of_strategy_takes_draws_of_anything(choice: StrategyChoice, own: InputRange) -> None:
    wide = [
        own,
        InputRange("requests_per_day", 100, 1000, 300_000),
        InputRange("peak_to_average", 1, 2, 6, "triangular"),
        InputRange("tokens.answer", 0.2, 1, 5),
        InputRange("tokens.question", 0.2, 1, 5),
    ]
    comparison = compare(scenario(choice, ranges=tuple(wide)), book())
    values = columns(comparison, 30)
    at_once = SampledStrategy(comparison, 0, values, 30).usd_per_month()
    assert np.isfinite(at_once).any()
    assert at_once == pytest.approx(one_by_one(comparison, 0, values), rel=1e-9, abs=1e-5, nan_ok=True)


def test_a_condition_on_samples_holds_only_where_all_draws_agree() -> None:
    row = Samples.of(np.array([1.0, 2.0, 3.0]))
    assert row > 0
    assert not row > 5
    with pytest.raises(BranchDivergence) as split:
        bool(row > 1.5)
    assert split.value.is_true.tolist() == [False, True, True]


def test_a_condition_that_differs_within_a_draw_is_not_decided() -> None:
    volumes = np.array([[1.0, 1.0], [9.0, 9.0]])
    with pytest.raises(TypeError, match="between the volumes of one draw"):
        bool(Samples.of(np.array([2.0, 3.0])) > volumes)


@pytest.mark.parametrize(
    "convert",
    [
        int,
        float,
        round,
        complex,
        math.trunc,
        math.sqrt,
        math.log,
        range,
        lambda row: row.item(),
        lambda row: [1, 2, 3][row],
        lambda row: float(row.any()),
    ],
)
@pytest.mark.parametrize("values", [[1.0, 2.0], [2.0, 2.0], [2.0]])
def test_a_conversion_to_one_number_is_refused_whatever_the_values(convert: Any, values: list[float]) -> None:
    with pytest.raises(ScalarOnly, match="of a sample array"):
        convert(Samples.of(np.array(values)))


@pytest.mark.parametrize("reduce", [np.sum, np.prod, np.mean, np.min, np.max, np.std, np.var])
def test_a_reduction_over_the_draws_is_an_error_and_over_volumes_is_not(reduce: Any) -> None:
    table = Samples.of(np.array([[1.0, 2.0], [3.0, 4.0]]))
    for axis in (None, -1, 1):
        with pytest.raises(TypeError, match="over the draws of a sample array mixes them"):
            reduce(table, axis=axis)
    assert np.shape(reduce(table, axis=0)) == (2,)


def test_functions_that_work_on_each_sample_give_sample_arrays() -> None:
    row = Samples.of(np.array([1.0, 2.0, 4.0]))
    assert np.asarray(np.where(row > 1.5, row, 0.0)).tolist() == [0, 2, 4]
    assert np.asarray(np.interp(row, [0, 4], [0, 8])).tolist() == [2, 4, 8]
    assert np.asarray(math.floor(row / 2)).tolist() == [0, 1, 2]
    assert np.asarray(math.ceil(row / 2)).tolist() == [1, 1, 2]
    for values in (np.where(row > 1.5, row, 0.0), np.interp(row, [0, 4], [0, 8]), np.minimum(row, 2.0)):
        with pytest.raises(BranchDivergence):
            bool(values == 2)


def test_predicted_speeds_between_lengths_are_near_those_predicted_there() -> None:
    comparison = compare(load_scenario("claim_25m_uncertain"), frozen_book())
    shares = np.linspace(0.5, 0.95, 25)
    fleet = comparison.outcomes[1].strategy.part(Fleet)
    assert fleet is not None

    def speeds(values: dict[str, Any]) -> Any:
        return fleet.speed(workload_at(comparison.workload, values)).output_tokens_per_s

    at_once = np.asarray(speeds({"input_share": Samples.of(shares)}))
    singly = [speeds({"input_share": float(share)}) for share in shares]
    assert at_once == pytest.approx(singly, rel=0.02)


@settings(max_examples=30, deadline=None)
@given(
    draws=st.integers(1, 60_000),
    seed=st.integers(0, 2**32 - 1),
    shape=st.sampled_from(["normal", "heavy", "steps", "same"]),
)
def test_quantiles_are_those_of_numpy(draws: int, seed: int, shape: str) -> None:
    rng = np.random.default_rng(seed)
    row = rng.standard_normal(draws)
    row = {"normal": row, "heavy": np.exp(4 * row), "steps": np.round(row), "same": np.ones(draws)}[shape]
    shares = (0.05, 0.5, 0.95)
    assert quantiles(row[None], shares)[0] == pytest.approx(np.quantile(row, shares), rel=1e-12)


def test_the_normal_distribution_function_is_that_of_the_table() -> None:
    # 0.8413447 at one standard deviation, 0.9772499 at two: any table of the normal distribution.
    assert normal_share_below(np.array([0.0, 1.0, -2.0])) == pytest.approx(
        [0.5, 0.8413447461, 1 - 0.9772498681], abs=1e-9
    )


def test_the_bands_over_the_months_are_those_of_single_scenarios() -> None:
    grown = replace(
        scenario(STUFFED, ranges=(InputRange("tokens.answer", 1, 1, 1),)),
        growth_share_per_month=0.1,
        horizon_months=12,
    )
    bands = uncertainty(compare(grown, book()), 200, 5).strategies[0].months
    volumes = columns_of_volume(grown, 200, 5)
    by_volume = [
        np.cumsum([float(x) for x in comparison.usd_by_month(comparison.outcomes[0])])
        for comparison in (compare(replace(grown, requests_per_day=float(v)), book()) for v in volumes)
    ]
    for share, column in ((0.05, bands.p5), (0.5, bands.p50), (0.95, bands.p95)):
        assert column == pytest.approx(np.quantile(by_volume, share, axis=0), rel=1e-7)


def columns_of_volume(start: Any, draws: int, seed: int) -> Array:
    span = next(i.range for i in inputs_of(compare(start, book())) if i.path == REQUESTS)
    return span.at(normal_draws([REQUESTS], (), draws, seed)[0])


def test_growth_that_is_not_sure_widens_the_cost_over_time_and_not_the_first_month() -> None:
    fixed = tuple(InputRange(p, v, v, v) for p, v in (("tokens.answer", 1.0), (REQUESTS, 1000.0)))
    growth = InputRange("growth_share_per_month", 0, 0.02, 0.05, "triangular")
    distribution = uncertainty(compare(scenario(STUFFED, ranges=(*fixed, growth)), book()), 500).strategies[0]
    assert distribution.usd_per_month is not None
    assert distribution.usd_per_month.p5 == distribution.usd_per_month.p95
    assert distribution.months.p95[0] == pytest.approx(distribution.months.p5[0])
    assert distribution.months.p95[-1] > 1.05 * distribution.months.p5[-1]


def test_bands_rise_and_hold_the_median_at_every_month_and_volume() -> None:
    result = uncertainty(compare(load_scenario("brand_voice"), frozen_book()), 300)
    for distribution in result.strategies:
        for bands in (distribution.months, distribution.volumes):
            assert (bands.p5 <= bands.p50).all()
            assert (bands.p50 <= bands.p95).all()
            assert (np.diff(bands.p50) >= 0).all()


@settings(max_examples=25, deadline=None)
@given(
    ends=st.lists(st.floats(0.05, 20), min_size=3, max_size=3).map(sorted),
    shape=st.sampled_from(["triangular", "lognormal", "uniform", "normal"]),
    volume=st.floats(50, 500_000),
    seed=st.integers(0, 1000),
)
def test_chances_add_up_to_one_whatever_the_ranges(
    ends: list[float], shape: str, volume: float, seed: int
) -> None:
    low, likely, high = ends
    ranges = (
        InputRange("tokens.question", low, likely, high, shape),
        InputRange("tokens.answer", low, likely, high, shape),
        InputRange(REQUESTS, volume / 2, volume, volume * 2),
    )
    result = uncertainty(
        compare(scenario(STUFFED, TUNED, HOSTED, ranges=ranges, requests_per_day=volume), book()), 60, seed
    )
    shares = [distribution.cheapest.share for distribution in result.strategies]
    assert sum(shares) + result.none_share == pytest.approx(1)
    over = sum(distribution.cheapest_over_horizon.share for distribution in result.strategies)
    assert over + result.none_share == pytest.approx(1)

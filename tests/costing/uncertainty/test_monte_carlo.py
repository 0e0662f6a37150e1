"""How sure a comparison is: draws that repeat, known quantiles, ranges refused in one clear line."""

from __future__ import annotations

import json
import math
from dataclasses import replace
from decimal import Decimal
from typing import Any

import numpy as np
import pytest

from costing.cli.uncertainty import document
from costing.comparison.compare import Comparison, compare
from costing.reports.uncertainty import distributions, swings
from costing.reports.uncertainty_sentences import (
    breakeven_sentence,
    reversal_inputs,
)
from costing.scenario.input_ranges import Array, Correlation, InputRange, Range, normal_draws
from costing.scenario.library import load_scenario, shipped_ids
from costing.scenario.scenario_yaml import dump, read
from costing.strategy.base import Strategy
from costing.uncertainty.inputs import inputs_of
from costing.uncertainty.monte_carlo import MAX_DRAWS, Chance, Uncertainty, uncertainty
from costing.uncertainty.overrides import strategy_at
from i18n.errors import CrossoverError

from ...support.cli import printed, refusal
from ...support.factories import (
    HOSTED,
    STUFFED,
    TUNED,
    book,
    cached_model_price,
    choice,
    deployment,
    frozen_book,
    scenario,
)
from ...support.scenarios import EXAMPLE, changed, errors
from ...support.uncertainty import all_fixed

SIGMA = math.log(2) / 1.6448536269514722
"""Standard deviation of the logarithm of a figure whose 95th percentile is twice its median."""


def compared(*strategies: Any, ranges: tuple[InputRange, ...] = (), **changes: Any) -> Comparison:
    return compare(scenario(*strategies, ranges=ranges, **changes), book())


def drawn(result: Uncertainty, place: int) -> Array:
    return np.asarray(result.usd[place])


# --- a range


def test_a_lognormal_range_meets_its_three_percentiles() -> None:
    z = np.array([-1.6448536269514722, 0, 1.6448536269514722])
    assert Range(1, 2, 8).at(z) == pytest.approx([1, 2, 8])


def test_a_triangular_range_keeps_within_its_ends_and_splits_at_its_mode() -> None:
    span = Range(0, 1, 4, "triangular")
    assert span.at(np.array([-40.0, 40.0])) == pytest.approx([0, 4])
    # A quarter of the area lies below the mode: (1 - 0) / (4 - 0). The normal quartile is -0.67449.
    assert span.at(np.array([-0.6744897501960817])) == pytest.approx([1])


@pytest.mark.parametrize("span", [Range(1, 2, 8), Range(0, 1, 4, "triangular"), Range(2, 2, 3, "triangular")])
def test_a_range_rises_with_its_draw(span: Range) -> None:
    values = span.at(np.linspace(-4, 4, 400))
    assert (np.diff(values) >= 0).all()


def test_draws_of_a_path_do_not_depend_on_the_other_paths() -> None:
    alone = normal_draws(["a"], (), 50, 7)
    assert np.array_equal(normal_draws(["b", "a"], (), 50, 7)[1], alone[0])
    assert not np.array_equal(normal_draws(["a"], (), 50, 8), alone)


def test_correlated_draws_have_the_rank_correlation_asked_for() -> None:
    z = normal_draws(["a", "b"], [Correlation("a", "b", 0.7)], 20_000, 1)
    ranks = z.argsort(axis=1).argsort(axis=1)
    assert np.asarray(np.corrcoef(ranks))[0, 1] == pytest.approx(0.7, abs=0.02)


def test_correlations_that_contradict_one_another_are_one_clear_line() -> None:
    pairs = [Correlation("a", "b", 0.95), Correlation("b", "c", 0.95), Correlation("a", "c", -0.95)]
    with pytest.raises(CrossoverError, match=r"correlations: they contradict one another \(bring"):
        normal_draws(["a", "b", "c"], pairs, 10, 1)


# --- the whole


def test_the_same_seed_gives_the_same_bytes_and_another_seed_others() -> None:
    def text(seed: int) -> str:
        return json.dumps(document(uncertainty(compared(STUFFED, TUNED, HOSTED), 60, seed)))

    assert text(1) == text(1)
    assert text(1) != text(2)


@pytest.mark.parametrize("scenario_id", shipped_ids())
def test_ranges_of_no_width_give_exactly_the_figures_of_the_comparison(scenario_id: str) -> None:
    comparison = all_fixed(compare(load_scenario(scenario_id), frozen_book()))
    result = uncertainty(comparison, 3)
    assert result.inputs
    assert all(uncertain.range.is_point for uncertain in result.inputs)
    for place, outcome in enumerate(comparison.outcomes):
        figures = {Decimal(repr(usd)).quantize(Decimal("0.000001")) for usd in drawn(result, place).tolist()}
        assert figures == {outcome.usd_per_month}


@pytest.mark.parametrize("scenario_id", shipped_ids())
def test_the_chances_of_being_cheapest_add_up_to_one(scenario_id: str) -> None:
    result = uncertainty(compare(load_scenario(scenario_id), frozen_book()), 120)
    shares = [distribution.cheapest.share for distribution in result.strategies]
    assert sum(shares) + result.none_share == pytest.approx(1)
    for distribution in result.strategies:
        assert distribution.cheapest.low <= distribution.cheapest.share <= distribution.cheapest.high
        usd = distribution.usd_per_month
        assert usd is not None
        assert usd.p5 <= usd.p50 <= usd.p95


def test_a_cost_that_is_linear_in_one_lognormal_input_has_its_quantiles() -> None:
    comparison = compared(STUFFED, ranges=(InputRange("tokens.answer", 1, 1, 1),))
    percentiles = uncertainty(comparison, 20_000).strategies[0].usd_per_month
    point = float(comparison.outcomes[0].usd_per_month)
    assert percentiles is not None
    # Volume alone is unsure, from half to twice, and every line is per token. The standard error of a
    # drawn 5 % quantile is sigma x 0.015 here, of the median sigma x 0.009.
    assert math.log(percentiles.p5 / point) == pytest.approx(-math.log(2), abs=4 * 0.015 * SIGMA)
    assert math.log(percentiles.p50 / point) == pytest.approx(0, abs=4 * 0.009 * SIGMA)
    assert math.log(percentiles.p95 / point) == pytest.approx(math.log(2), abs=4 * 0.015 * SIGMA)


def test_a_price_factor_moves_all_strategies_of_that_row_alike() -> None:
    twice = choice("stuffed_prompt", "again", model="acme/large")
    fixed = tuple(InputRange(path, 1, 1, 1) for path in ("tokens.answer",))
    ranges = (
        *fixed,
        InputRange("requests_per_day", 1000, 1000, 1000),
        InputRange("prices.acme/large", 0.5, 1, 2),
    )
    result = uncertainty(compared(STUFFED, twice, ranges=ranges), 200)
    assert np.array_equal(drawn(result, 0), drawn(result, 1))
    point = float(result.comparison.outcomes[0].usd_per_month)
    by_hand = Range(0.5, 1, 2).at(normal_draws(["prices.acme/large"], (), 200, 1)[0]) * point
    assert drawn(result, 0) == pytest.approx(by_hand, abs=2e-6)


def test_a_formula_run_once_and_run_draw_by_draw_agree() -> None:
    volume = InputRange("requests_per_day", 500, 1000, 2000)
    at_once = uncertainty(compared(STUFFED, ranges=(volume, InputRange("tokens.answer", 1, 1, 1))), 50)
    whole = scenario(STUFFED, ranges=(volume,))
    volumes = Range(500, 1000, 2000).at(normal_draws(["requests_per_day"], (), 50, 1)[0])
    one_by_one = [
        float(compare(replace(whole, requests_per_day=float(v)), book()).outcomes[0].usd_per_month)
        for v in volumes
    ]
    assert drawn(at_once, 0) == pytest.approx(one_by_one, abs=2e-6)


def test_a_slower_fleet_needs_more_replicas() -> None:
    busy = replace(scenario(HOSTED), requests_per_day=80_000.0)
    slow = replace(busy, ranges=(InputRange("speeds.open-10b-1xg1", 0.25, 0.25, 0.25),))
    result = uncertainty(compare(slow, book(deployment())), 1)
    # A replica answers a request a second, 86,400 a day: one is enough; at a quarter of it four are not
    # quite twice two: 80,000 / 21,600 = 3.7, so four.
    rent = next(s for s in result.swings if s.input.path == "speeds.open-10b-1xg1")
    assert rent.low_usd == pytest.approx(4 * float(compare(busy, book()).outcomes[0].usd_per_month))


def test_a_draw_in_which_a_strategy_is_not_possible_does_not_count_it_the_cheapest() -> None:
    long = InputRange("tokens.question", 1, 150, 200, "triangular")
    result = uncertainty(compared(STUFFED, TUNED, ranges=(long,)), 200)
    stuffed = result.strategies[0]
    assert 0 < stuffed.possible_share < 1
    assert np.isnan(drawn(result, 0)).any()
    assert result.none_share > 0
    shares = [distribution.cheapest.share for distribution in result.strategies]
    assert sum(shares) + result.none_share == pytest.approx(1)


def test_the_tornado_is_sorted_and_its_ends_are_those_of_the_comparison() -> None:
    whole = scenario(STUFFED, HOSTED)
    result = uncertainty(compare(whole, book()), 5)
    sizes = [swing.usd for swing in result.swings]
    assert sizes == sorted(sizes, reverse=True)
    swing = next(
        swing
        for swing in result.swings
        if (swing.strategy, swing.input.path) == (result.comparison.outcomes[0].name, "requests_per_day")
    )
    for end, volume in ((swing.low_usd, 500.0), (swing.high_usd, 2000.0)):
        there = compare(replace(whole, requests_per_day=volume), book()).outcomes[0]
        assert end == pytest.approx(float(there.usd_per_month), abs=2e-6)


def test_what_can_overturn_the_verdict_is_named() -> None:
    result = uncertainty(compare(load_scenario("claim_25m_owned"), frozen_book()), 20)
    assert "Requests per day" in str(reversal_inputs(result))
    single = uncertainty(compared(STUFFED), 20)
    assert str(reversal_inputs(single)).startswith("No single input")


def test_the_break_even_of_an_unmoved_claim_is_its_crossing() -> None:
    comparison = all_fixed(compare(load_scenario("claim_25m_rented"), frozen_book()))
    breakeven = uncertainty(comparison, 10).breakeven
    assert breakeven is not None
    assert breakeven.tokens_per_day is not None
    # Two H100 at 2.35 USD for 730.5 hours, over 4.375 USD per Mtok and 30.4375 days: 25.78 M a day.
    assert breakeven.tokens_per_day.p50 == pytest.approx(2 * 2.35 * 730.5 / 4.375 / 30.4375 * 1e6, rel=1e-3)
    assert breakeven.never_share == 0
    assert breakeven.share_at_most(25e6) == 0
    assert breakeven.share_at_most(26e6) == 1


def test_the_break_even_says_whose_tokens_it_counts() -> None:
    """The pairs of the Break-even tab count those of their own hosted side: the figures differ."""
    comparison = compare(load_scenario("brand_voice"), frozen_book())
    sentence = str(breakeven_sentence(uncertainty(comparison, 20)))
    assert f"counted in tokens of {comparison.outcomes[0].name})" in sentence


def test_there_is_no_break_even_without_both_sides() -> None:
    assert uncertainty(compared(STUFFED), 5).breakeven is None
    assert uncertainty(compared(HOSTED), 5).breakeven is None


def test_wilsons_interval_is_that_of_the_textbook() -> None:
    # 10 of 100: (0.1 + 1.92 / 100 ± 1.96 sqrt(0.09 / 100 + 3.84 / 40,000)) / (1 + 3.84 / 100)
    chance = Chance.of(10, 100)
    assert (chance.low, chance.high) == pytest.approx((0.0552, 0.1744), abs=1e-4)
    assert Chance.of(0, 100).low == 0
    assert Chance.of(100, 100).high == 1


def test_proposed_ranges_are_called_assumed_and_given_ones_replace_them() -> None:
    given = InputRange("requests_per_day", 900, None, 1100, "triangular")
    inputs = {
        uncertain.path: uncertain for uncertain in inputs_of(compared(STUFFED, HOSTED, ranges=(given,)))
    }
    assert inputs["requests_per_day"].origin == "scenario"
    assert inputs["requests_per_day"].range == Range(900, 1000, 1100, "triangular")
    assert inputs["tokens.answer"].origin == "assumed"
    assert inputs["prices.g1"].origin == "assumed"
    assert inputs["speeds.open-10b-1xg1"].origin == "estimated"


def test_rows_hold_the_number_of_simulations_and_the_seed() -> None:
    result = uncertainty(compared(STUFFED, HOSTED), 20, 3)
    table = distributions(result)
    assert set(zip(table["draws"], table["seed"], strict=True)) == {(20, 3)}
    assert len(swings(result)) == len(result.swings)


# --- bad input


@pytest.mark.parametrize(
    ("ranges", "says"),
    [
        ("{request_per_day: {low: 1, high: 2}}", "no such input; did you mean 'requests_per_day'?"),
        ("{strategies.1.modle: {low: 1, high: 2}}", "no such input"),
        ("{strategies.2.epochz: {low: 1, high: 2}}", "did you mean 'strategies.2.epochs'?"),
        ("{tokens.answer: {low: 1}}", "tokens.answer.high: missing (add it)"),
        ("{tokens.answer: {low: 1, hihg: 2, high: 2}}", "unknown field; did you mean 'high'?"),
        ("{tokens.answer: {low: 2, high: 1}}", "do not rise (put them in order)"),
        ("{tokens.answer: {low: one, high: 2}}", "'one' is not a number"),
        ("{tokens.answer: {low: 0, high: 2, shape: triangular}}", "a factor must be above 0"),
        ("{requests_per_day: {low: 0, high: 10, shape: triangular}}", "0.0 is outside 1 to 1e+09"),
        ("{strategies.2.epochs: {low: 1, high: 100000}}", "is outside"),
        ("{tokens.answer: {low: 1, high: 2, shape: bell}}", "'bell' is not one of triangular, lognormal"),
        ("{tokens.answer: 3}", "not a range (write {low: 1, likely: 2, high: 4, shape: lognormal})"),
        ("[tokens.answer]", "ranges: not a group of"),
    ],
)
def test_a_bad_range_is_one_clear_line_with_its_place(ranges: str, says: str) -> None:
    (line,) = errors(EXAMPLE + f"ranges: {ranges}\n")
    assert line.startswith("f.yaml:18: ")
    assert says in line


@pytest.mark.parametrize(
    ("correlations", "says"),
    [
        ("[{between: [tokens.answer, tokens.question], rank: 1.5}]", "'1.5' is not between -1 and 1"),
        ("[{between: [tokens.answer], rank: 0.5}]", "not two inputs (write"),
        ("[{between: [tokens.answer, tokens.questoin], rank: 0.5}]", "did you mean 'tokens.question'?"),
        ("{a: b}", "not a list"),
    ],
)
def test_a_bad_correlation_is_one_clear_line(correlations: str, says: str) -> None:
    (line,) = errors(EXAMPLE + f"correlations: {correlations}\n")
    assert says in line


def test_ranges_and_correlations_read_back_as_they_were_written() -> None:
    text = changed("    epochs: 2\n", "    epochs: 2\nranges:\n  tokens.answer: {low: 0.5, high: 2}\n")
    text += "  requests_per_day: {low: 500, likely: 900, high: 2000, shape: triangular}\n"
    text += "correlations:\n  - {between: [tokens.answer, requests_per_day], rank: 0.5}\n"
    loaded = read(text, "f.yaml")
    assert loaded.ranges[0] == InputRange("tokens.answer", 0.5, None, 2.0)
    assert read(dump(loaded), "again.yaml") == loaded


@pytest.mark.parametrize(
    ("input_range", "says"),
    [
        (InputRange("prices.acme/larg", 0.5, 1, 2), "did you mean 'acme/large'?"),
        (InputRange("speeds.nothing", 0.5, 1, 2), "ranges.speeds.nothing: 'nothing' is not used here"),
        (InputRange("requests_per_day", 5000, None, 9000), "do not rise"),
        (InputRange("strategies.2.rent_usd_per_gpu_hour", 1, None, 2), "is blank in the scenario"),
    ],
)
def test_a_range_of_what_the_scenario_does_not_use_is_one_clear_line(
    input_range: InputRange, says: str
) -> None:
    with pytest.raises(CrossoverError) as error:
        uncertainty(compared(STUFFED, HOSTED, ranges=(input_range,)), 5)
    assert len(error.value.errors) == 1
    assert says in str(error.value)


def test_the_command_prints_one_json_object_with_what_was_asked() -> None:
    arguments = ("uncertainty", "claim_25m_rented", "--draws", "100", "--seed", "4", "--json")
    report = json.loads(printed(*arguments, "--at-most", "25e6"))
    assert printed(*arguments) == printed(*arguments)
    assert report["draws"] == 100
    assert report["seed"] == 4
    assert set(report["breakeven_tokens_per_day"]) == {"p5", "p50", "p95"}
    assert 0 < report["share_at_most"] < 1
    assert report["never_share"] == 0
    assert sum(strategy["cheapest_share"] for strategy in report["strategies"]) == pytest.approx(1)


def test_the_command_says_how_many_draws_and_which_ranges_are_assumed() -> None:
    text = printed("uncertainty", "brand_voice", "--draws", "50")
    assert "50 simulations, random seed 1" in text
    assert "assumed" in text


@pytest.mark.parametrize(
    ("option", "value", "says"),
    [
        ("--draws", "0", "draws: 0 is outside"),
        ("--draws", str(MAX_DRAWS + 1), "draws:"),
        ("--seed", "-1", "seed: -1"),
    ],
)
def test_bad_draws_and_seeds_are_one_clear_line(option: str, value: str, says: str) -> None:
    assert says in refusal("uncertainty", "brand_voice", option, value)


# --- the claim with what is not known as ranges


def test_the_uncertain_claim_breaks_even_near_56_m_and_seldom_below_25_m() -> None:
    breakeven = uncertainty(compare(load_scenario("claim_25m_uncertain"), frozen_book()), 20_000).breakeven
    assert breakeven is not None
    assert breakeven.tokens_per_day is not None
    assert 50e6 <= breakeven.tokens_per_day.p50 <= 62e6
    assert 0.10 <= breakeven.share_at_most(25e6) <= 0.16
    # By the plain formula, (GPUs x price + host) x (annual share + maintenance) + energy, times copies, +
    # staff, over the blended price x 365.25, drawn a million times: 17.2, 55.9 and 142.3 M.
    assert breakeven.tokens_per_day.p5 == pytest.approx(17.2e6, rel=0.05)
    assert breakeven.tokens_per_day.p95 == pytest.approx(142.3e6, rel=0.05)


def test_the_uncertain_claim_draws_the_inputs_of_the_claim_and_no_other() -> None:
    comparison = compare(load_scenario("claim_25m_uncertain"), frozen_book())
    moving = [uncertain for uncertain in inputs_of(comparison) if not uncertain.range.is_point]
    assert {uncertain.origin for uncertain in moving} == {"scenario"}
    assert len(moving) == 13
    gpus = next(uncertain for uncertain in moving if uncertain.path == "strategies.2.gpus_per_replica")
    assert gpus.range.values == (1, 2, 2, 4, 8)


def test_the_bought_box_of_the_claim_in_parts_costs_what_it_costs_whole() -> None:
    # Two GPUs: 10,000 USD each is a host of 20,000; 0.7 kW each and 0.6 for the server are 1.0 each.
    whole = load_scenario("claim_25m_owned")
    settings = dict(whole.strategies[1].settings)
    parts = {
        **settings,
        "host_usd_per_gpu": 0.0,
        "host_usd_per_replica": 20_000.0,
        "it_kw_per_gpu": 0.7,
        "it_kw_per_replica": 0.6,
    }
    split = whole.with_strategy(1, replace(whole.strategies[1], settings=parts))
    usd = [compare(start, frozen_book()).outcomes[1].usd_per_month for start in (whole, split)]
    assert float(usd[1]) == pytest.approx(float(usd[0]), abs=1e-5)


def test_a_given_cached_share_is_charged_at_the_cached_price() -> None:
    # 1,000 requests x 1,000 tokens in and 100 out x 30.4375 days: 30.4375 Mtok in, 3.04375 out. A quarter of
    # the input at 1 USD, the rest at 2, the output at 10: 7.609375 + 45.65625 + 30.4375.
    stuffed = choice("stuffed_prompt", model="acme/large", cached_input_share=0.25)
    outcome = compare(scenario(stuffed), book(cached_model_price())).outcomes[0]
    assert float(outcome.usd_per_month) == pytest.approx(7.609375 + 45.65625 + 30.4375, abs=1e-5)


# --- shapes


def test_listed_values_are_drawn_as_often_as_they_stand_there() -> None:
    drawn_values = Range.of_values([4, 1, 2, 2]).at(np.random.default_rng(1).standard_normal(40_000))
    share = {value: float(np.mean(drawn_values == value)) for value in (1, 2, 4)}
    assert share == pytest.approx({1: 0.25, 2: 0.5, 4: 0.25}, abs=0.01)


def test_a_uniform_range_is_even_and_a_normal_one_meets_its_percentiles() -> None:
    z = np.array([-1.6448536269514722, 0, 1.6448536269514722])
    assert Range(0, 1, 10, "uniform").at(z) == pytest.approx([0.5, 5, 9.5])
    assert Range(1, 2, 5, "normal").at(z) == pytest.approx([1, 2, 5])


def test_a_sigma_is_a_lognormal_range_about_its_median() -> None:
    text = changed(
        "    epochs: 2\n", "    epochs: 2\nranges:\n  tokens.answer: {likely: 2, sigma_log: 0.2}\n"
    )
    loaded = read(text, "f.yaml")
    (input_range,) = loaded.ranges
    # e^(1.6449 x 0.2) = 1.38954
    assert (input_range.low, input_range.likely, input_range.high) == pytest.approx(
        (2 / 1.38954, 2, 2 * 1.38954), rel=1e-5
    )
    assert read(dump(loaded), "again.yaml") == loaded


def test_listed_values_read_back_as_they_were_written() -> None:
    text = changed(
        "    epochs: 2\n", "    epochs: 2\nranges:\n  strategies.2.epochs: {values: [3, 1, 2, 2]}\n"
    )
    loaded = read(text, "f.yaml")
    assert loaded.ranges[0].values == (1, 2, 2, 3)
    assert read(dump(loaded), "again.yaml") == loaded


@pytest.mark.parametrize(
    ("ranges", "says"),
    [
        ("{tokens.answer: {values: []}}", "tokens.answer.values: not a list of numbers (write"),
        ("{tokens.answer: {values: [1, two]}}", "not a list of numbers"),
        ("{tokens.answer: {values: [1, 2], low: 1}}", "both values and a range (keep one)"),
        ("{tokens.answer: {values: [1, -2]}}", "a factor must be above 0"),
        ("{strategies.2.epochs: {values: [1, 2.5]}}", "not a whole number"),
        ("{tokens.answer: {sigma_log: 0.2}}", "is not a number above 0 (write the median)"),
        ("{tokens.answer: {likely: 1, sigma_log: 9}}", "sigma_log: 9 is outside 0 to 3"),
        ("{tokens.answer: {likely: 1, sigma_log: 0.2, low: 0.5}}", "keep sigma_log and likely alone"),
        ("{input_share: {low: 0.5, high: 1.5, shape: uniform}}", "is outside 0.001 to 0.999"),
    ],
)
def test_bad_values_and_sigmas_are_one_clear_line(ranges: str, says: str) -> None:
    (line,) = errors(EXAMPLE + f"ranges: {ranges}\n")
    assert says in line


def test_the_speed_of_a_predicted_fleet_is_not_sure_by_its_own_sigma() -> None:
    whole = load_scenario("claim_25m_uncertain")
    free = replace(whole, ranges=())
    inputs = {uncertain.path: uncertain for uncertain in inputs_of(compare(free, frozen_book()))}
    speed = inputs["strategies.2.speed_factor"]
    assert speed.origin == "estimated"
    assert speed.range.high == pytest.approx(1 / speed.range.low)
    assert speed.range.high > 1.05


def test_the_input_share_moves_tokens_between_question_and_answer() -> None:
    # 1,100 tokens a request, half of them input: 550 x 2 USD + 550 x 10 USD a million, 30,437.5 requests.
    half = InputRange("input_share", 0.5, 0.5, 0.5)
    fixed = (InputRange("tokens.answer", 1, 1, 1), InputRange("requests_per_day", 1000, 1000, 1000), half)
    usd = drawn(uncertainty(compared(STUFFED, ranges=fixed), 1), 0)
    assert usd == pytest.approx([550 * 12 / 1e6 * 30_437.5], abs=1e-5)


@pytest.mark.parametrize("scenario_id", shipped_ids())
def test_the_formulas_of_ready_scenarios_take_all_draws_at_once(
    scenario_id: str, monkeypatch: pytest.MonkeyPatch
) -> None:
    # Draw by draw it would be built some thousand times, and the page would wait for it.
    builds: list[int] = []
    build = strategy_at

    def counted(*args: Any) -> Strategy:
        builds.append(1)
        return build(*args)

    monkeypatch.setattr("costing.uncertainty.strategy_costs.strategy_at", counted)
    comparison = compare(load_scenario(scenario_id), frozen_book())
    uncertainty(comparison, draws=1000)
    assert len(builds) < 500


@pytest.mark.parametrize("name", ["brand_voice", "claim_25m_rented"])
def test_at_another_volume_the_break_even_drawn_before_is_that_drawn_anew(name: str) -> None:
    start = load_scenario(name)
    before = uncertainty(compare(start, frozen_book()), 300)
    moved = compare(replace(start, requests_per_day=start.requests_per_day * 3), frozen_book())
    taken, anew = uncertainty(moved, 300, before=before), uncertainty(moved, 300)
    assert taken.breakeven is before.breakeven
    assert taken.breakeven is not None
    assert anew.breakeven is not None
    assert taken.breakeven.tokens_per_day == anew.breakeven.tokens_per_day
    np.testing.assert_array_equal(taken.breakeven.draws_tokens_per_day, anew.breakeven.draws_tokens_per_day)
    np.testing.assert_array_equal(taken.usd, anew.usd)


@pytest.mark.parametrize("name", shipped_ids())
def test_draws_that_stand_on_those_of_another_volume_are_those_drawn_anew(name: str) -> None:
    start = load_scenario(name)
    start = replace(start, ranges=tuple(x for x in start.ranges if x.path != "requests_per_day"))
    taken = uncertainty(compare(start, frozen_book()), 200)
    for times in (0.1, 7.0, 1.0):  # each reuses the draws of the one before
        moved = compare(replace(start, requests_per_day=start.requests_per_day * times), frozen_book())
        taken, anew = uncertainty(moved, 200, before=taken), uncertainty(moved, 200)
        np.testing.assert_array_equal(taken.usd, anew.usd)
        assert str(taken.swings) == str(anew.swings)
        assert str(taken.evpi) == str(anew.evpi)
        for reused, redrawn in zip(taken.strategies, anew.strategies, strict=True):
            assert (reused.refusal, reused.cheapest, reused.horizon_usd) == (
                redrawn.refusal,
                redrawn.cheapest,
                redrawn.horizon_usd,
            )
            for mine, its in ((reused.months, redrawn.months), (reused.volumes, redrawn.volumes)):
                np.testing.assert_array_equal([mine.p5, mine.p50, mine.p95], [its.p5, its.p50, its.p95])


@pytest.mark.parametrize("changes", [{"peak_to_average": 9.0}, {"horizon_months": 30}, {"retry_share": 0.2}])
def test_after_any_other_change_the_break_even_is_drawn_anew(changes: dict[str, Any]) -> None:
    start = load_scenario("brand_voice")
    before = uncertainty(compare(start, frozen_book()), 100)
    moved = compare(replace(start, **changes), frozen_book())
    assert uncertainty(moved, 100, before=before).breakeven is not before.breakeven
    assert (
        uncertainty(compare(start, frozen_book()), 100, seed=2, before=before).breakeven
        is not before.breakeven
    )

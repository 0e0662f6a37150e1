"""Break-even volumes: every crossing, worked by hand, and the explanation where there is none."""

from __future__ import annotations

import math
from collections.abc import Callable
from dataclasses import replace
from fractions import Fraction

import numpy as np
import numpy.typing as npt
import pytest
from hypothesis import assume, given
from hypothesis import strategies as st

from costing.comparison.breakeven import Breakeven, Crossing, api_side, breakeven
from costing.comparison.compare import Comparison, Outcome, compare
from costing.numerics.crossings import crossing_volumes
from costing.scenario.library import load_scenario, shipped_ids
from costing.scenario.scenario import Scenario
from costing.strategy.base import Setting
from pricing.rows import Fact

from ...support.factories import (
    HOSTED,
    STUFFED,
    TUNED,
    book,
    choice,
    deployment,
    frozen_book,
    gpu_rent,
    model_price,
    scenario,
    tuned_price,
)

Array = npt.NDArray[np.float64]
every_scenario = pytest.mark.parametrize("scenario_id", shipped_ids())


def shipped(scenario_id: str) -> Comparison:
    return compare(load_scenario(scenario_id), frozen_book())


def with_setting(scenario: Scenario, index: int, **settings: Setting) -> Scenario:
    chosen = scenario.strategies[index]
    return scenario.with_strategy(index, replace(chosen, settings={**chosen.settings, **settings}))


def tokens_per_day(scenario: Scenario) -> float:
    """Tokens a day at the only crossing of a scenario with two strategies."""
    (pair,) = breakeven(compare(scenario, frozen_book())).pairs
    (crossing,) = pair.crossings
    return crossing.tokens_per_day


# --- the 25 M claim


def test_two_bought_h100_break_even_with_gpt_4o_at_24_2_million_tokens_a_day() -> None:
    # 3,221.05 USD a month / 4.375 USD per Mtok / 30.4375 days = 24.19
    assert 24.1e6 < tokens_per_day(load_scenario("claim_25m_owned")) < 24.4e6


def test_two_rented_h100_break_even_with_gpt_4o_at_25_8_million_tokens_a_day() -> None:
    # 2 x 2.35 x 730.5 = 3,433.35 USD a month / 4.375 / 30.4375 = 25.78
    assert tokens_per_day(load_scenario("claim_25m_rented")) == pytest.approx(25.78e6, rel=1e-3)


def test_without_a_cost_of_capital_it_is_20_8_million_tokens_a_day() -> None:
    # 80,000 / 36 + 333.33 + 206.96 = 2,762.51 USD a month / 4.375 / 30.4375 = 20.75
    scenario = with_setting(load_scenario("claim_25m_owned"), 1, wacc_share=0.0)
    assert 20.7e6 < tokens_per_day(scenario) < 20.9e6


def test_against_gpt_4o_mini_it_is_346_million_tokens_a_day() -> None:
    # Mini blends to (3 x 0.15 + 0.60) / 4 = 0.2625 USD per Mtok: 2,762.51 / 0.2625 / 30.4375 = 345.8
    scenario = with_setting(load_scenario("claim_25m_owned"), 1, wacc_share=0.0)
    scenario = with_setting(scenario, 0, model="openai/gpt-4o-mini")
    assert 345e6 < tokens_per_day(scenario) < 347e6


def test_with_the_cost_of_capital_gpt_4o_mini_holds_to_403_million_tokens_a_day() -> None:
    # 3,221.05 / 0.2625 / 30.4375 = 403.1
    scenario = with_setting(load_scenario("claim_25m_owned"), 0, model="openai/gpt-4o-mini")
    assert tokens_per_day(scenario) == pytest.approx(403.1e6, rel=1e-3)


@pytest.mark.parametrize("scenario_id", ["claim_25m_owned", "claim_25m_rented"])
def test_at_a_peak_of_four_the_servers_never_beat_gpt_4o_mini(scenario_id: str) -> None:
    scenario = with_setting(load_scenario(scenario_id), 0, model="openai/gpt-4o-mini")
    breakevens = breakeven(compare(replace(scenario, peak_to_average=4.0), frozen_book()))
    assert breakevens.pairs[0].crossings == ()
    assert str(breakevens.verdict).startswith("Never: Self-hosted · Llama 3.3 70B FP8 (2 × H100")
    assert "0.2625 USD with Prompt stuffing · GPT-4o mini (OpenAI), so more volume does not help." in str(
        breakevens.verdict
    )


def test_the_blended_price_of_gpt_4o_is_4_375_usd_per_million_tokens() -> None:
    breakevens = breakeven(shipped("claim_25m_owned"))
    # (3 x 2.50 + 10) / 4 = 4.375
    assert breakevens.marginal_usd_per_mtok[0][1] == pytest.approx(4.375, rel=1e-6)


def test_the_claims_verdict_says_who_is_cheaper_on_which_side() -> None:
    assert str(breakeven(shipped("claim_25m_owned")).verdict) == (
        "Prompt stuffing · GPT-4o (OpenAI) is cheapest up to 24,189 requests per day, Self-hosted · Llama "
        "3.3 70B FP8 (2 × H100 per replica, bought) above."
    )


# --- crossings of two curves


def staircase(per_step: float, step: float, base: float) -> Callable[[Array], Array]:
    """A cost that grows by `per_step` above every multiple of `step`."""
    return lambda volumes: base + per_step * np.ceil(volumes / step)


def multiples(step: float, end: int) -> Array:
    """`step` times 1, 2, ... up to but not including `end`."""
    return np.arange(1, end, dtype=np.float64) * step


def test_every_crossing_of_a_small_staircase_is_found() -> None:
    # A request costs 1; the fleet 70 + 60 for every 100 requests begun:
    # to 100: 130, never met. To 200: 190, met at 190. Above 200: 250, so 200 is passed by a jump;
    # met at 250. Above 300: 310, a jump at 300; met at 310. Above 400: 370, below 400: no more.
    fleet = staircase(60, 100, 70)
    crossings = crossing_volumes(lambda v: (v, fleet(v)), multiples(100, 20), 2000)
    assert [is_jump for _, is_jump in crossings] == [False, True, False, True, False]
    assert [volume for volume, _ in crossings] == pytest.approx([190, 200, 250, 300, 310], rel=1e-9)


def test_a_staircase_that_is_never_met_has_no_crossing() -> None:
    # A request costs 0.5, and the fleet 0.6 in the long run and more before.
    fleet = staircase(60, 100, 70)
    assert crossing_volumes(lambda v: (0.5 * v, fleet(v)), multiples(100, 20), 2000) == []


def test_costs_that_touch_without_changing_places_do_not_cross() -> None:
    # A request costs 1, a whole hundred of them 100: equal at every hundred, and the fleet never cheaper.
    hundreds = np.arange(1, 10, dtype=np.float64) * 100
    assert crossing_volumes(lambda v: (v, 100 * np.ceil(v / 100 * (1 - 1e-9))), hundreds, 1000) == []


def test_a_bend_at_low_volume_is_not_lost_on_a_long_piece() -> None:
    # v + 20 (1 - e^(-v / 20)) against a flat 60: where they meet is found by bisection below.
    crossings = crossing_volumes(
        lambda v: (v - 20 * np.expm1(-v / 20), np.full_like(v, 60)), np.empty(0), 1e8
    )
    low, high = 1.0, 60.0
    while high - low > 1e-12 * high:
        middle = (low + high) / 2
        if middle + 20 * (1 - math.exp(-middle / 20)) < 60:
            low = middle
        else:
            high = middle
    assert [volume for volume, _ in crossings] == pytest.approx([low], rel=1e-9)


def test_two_straight_lines_meet_once() -> None:
    # 3 v = 100 + v at v = 50
    ((volume, is_jump),) = crossing_volumes(lambda v: (3 * v, 100 + v), np.empty(0), 1e6)
    assert volume == pytest.approx(50, rel=1e-9)
    assert not is_jump


@given(
    price=st.integers(1, 50),
    per_step=st.integers(1, 5000),
    base=st.integers(0, 20_000),
    step=st.integers(10, 200),
)
def test_all_crossings_of_a_line_and_a_staircase_are_those_of_exact_arithmetic(
    price: int, per_step: int, base: int, step: int
) -> None:
    last = 30
    expected: list[tuple[Fraction, bool]] = []
    for number in range(1, last + 1):
        height, low, high = base + per_step * number, step * (number - 1), step * number
        root = Fraction(height, price)
        # Curves that touch at a corner are left out: whether they cross there is not defined.
        assume(root not in (low, high, 1))
        if max(low, 1) < root < high:
            expected.append((root, False))
        if number < last and price * high > height and price * high < height + per_step:
            expected.append((Fraction(high), True))
    fleet = staircase(per_step, step, base)
    crossings = crossing_volumes(lambda v: (price * v, fleet(v)), multiples(step, last), last * step)
    assert [is_jump for _, is_jump in crossings] == [is_jump for _, is_jump in expected]
    assert [v for v, _ in crossings] == pytest.approx([float(v) for v, _ in expected], rel=1e-6)


def test_a_curve_that_bends_can_cross_a_flat_cost_three_times() -> None:
    # A warming cache: v (1 + 10 e^(-v / 288)) rises past 1,300, falls below it and rises again.
    def cost(volume: float) -> float:
        return volume * (1 + 10 * math.exp(-volume / 288))

    expected = []
    for low, high in ((1.0, 288.0), (288.0, 800.0), (800.0, 2000.0)):
        rises = cost(low) < 1300
        assert rises == (cost(high) > 1300)
        for _ in range(200):
            middle = (low + high) / 2
            low, high = (middle, high) if (cost(middle) < 1300) == rises else (low, middle)
        expected.append(low)

    crossings = crossing_volumes(
        lambda v: (v * (1 + 10 * np.exp(-v / 288)), np.full_like(v, 1300)), np.empty(0), 1e6
    )
    assert [is_jump for _, is_jump in crossings] == [False, False, False]
    assert [volume for volume, _ in crossings] == pytest.approx(expected, rel=1e-6)


# --- a whole scenario worked by hand


def by_hand(api_usd_per_request: float = 1.0, staff_usd_per_day: float = 70) -> Comparison:
    """The staircase above as a scenario: 60 USD a day for every 100 requests per day begun, 70 for staff.

    A request of 1,000 tokens at 1,000 USD per Mtok costs 1 USD. A replica gives 1 token a second, 100 an
    answer: 864 requests per day, and at a peak of 8.64 times the average 100. It costs 2.5 x 24 = 60 USD.
    """
    rows: list[Fact] = [
        model_price(input_usd_per_mtok=1000 * api_usd_per_request, output_usd_per_mtok=0),
        deployment(output_tokens_per_s=1),
        gpu_rent(2.5),
    ]
    staff = replace(HOSTED, settings={**HOSTED.settings, "staff_usd_per_month": staff_usd_per_day * 30.4375})
    return compare(scenario(STUFFED, staff, peak_to_average=8.64), book(*rows))


API = "Prompt stuffing · large (Acme)"
SERVERS = "Self-hosted · Open 10B (G1, rented)"


def test_every_crossing_of_a_scenario_is_found() -> None:
    (pair,) = breakeven(by_hand()).pairs
    crossings = pair.crossings
    assert [c.requests_per_day for c in crossings] == pytest.approx([190, 200, 250, 300, 310], rel=1e-6)
    assert [c.is_jump for c in crossings] == [False, True, False, True, False]
    # At 190 the API costs 190 a day x 30.4375.
    assert crossings[0].usd_per_month == pytest.approx(190 * 30.4375, rel=1e-6)
    # 1,100 tokens a request
    assert [c.tokens_per_day for c in crossings] == pytest.approx(
        [209_000, 220_000, 275_000, 330_000, 341_000], rel=1e-6
    )
    assert [str(c.cheaper_below) for c in crossings] == [API, SERVERS, API, SERVERS, API]
    assert [str(c.cheaper_above) for c in crossings] == [SERVERS, API, SERVERS, API, SERVERS]


def test_the_cheapest_strategy_is_known_at_every_volume() -> None:
    winners = breakeven(by_hand()).winners
    assert [str(name) for _, name in winners] == [API, SERVERS, API, SERVERS, API, SERVERS]
    assert [volume for volume, _ in winners] == pytest.approx([1, 190, 200, 250, 300, 310], rel=1e-6)


def test_a_long_list_of_crossings_is_summed_up_in_a_sentence() -> None:
    breakevens = breakeven(by_hand())
    assert str(breakevens.pairs[0].explanation).startswith(
        f"{API} is cheaper below 190 requests per day, {SERVERS} above 310; between, they change places"
    )
    assert str(breakevens.verdict).startswith(
        f"{API} is cheapest up to 190 requests per day, {SERVERS} from 310 on; between, the answer changes"
    )


def test_where_each_token_costs_more_in_the_long_run_the_answer_is_never_and_why() -> None:
    # 0.50 USD a request from the API; 60 / 100 = 0.60 from the fleet; 1,100 tokens each:
    # 0.50 / 1,100 = 454.5 USD per Mtok and 545.5.
    breakevens = breakeven(by_hand(api_usd_per_request=0.5))
    assert breakevens.pairs[0].crossings == ()
    assert str(breakevens.verdict) == (
        f"Never: {SERVERS} is more expensive at every volume. In the long run a million tokens cost 545.5 "
        f"USD there and 454.5 USD with {API}, so more volume does not help."
    )
    assert [str(o.name) for o, _ in breakevens.marginal_usd_per_mtok] == [API, SERVERS]
    assert [usd for _, usd in breakevens.marginal_usd_per_mtok] == pytest.approx([454.545, 545.455], abs=1e-3)


def test_a_crossing_beyond_the_volumes_searched_is_not_called_never() -> None:
    # Free GPUs and 1,000,000 USD of staff a month against 0.0001 USD a request: they would meet at
    # 1,000,000 / 30.4375 / 0.0001 = 329 million requests per day.
    fleet = replace(
        HOSTED,
        settings={**HOSTED.settings, "rent_usd_per_gpu_hour": 0, "staff_usd_per_month": 1_000_000},
    )
    cheap = model_price(input_usd_per_mtok=0.1, output_usd_per_mtok=0)
    breakevens = breakeven(compare(scenario(STUFFED, fleet), book(cheap)))
    # 0.0001 USD / 1,100 tokens = 0.09091 USD per Mtok
    assert str(breakevens.verdict) == (
        f"No break-even up to 100,000,000 requests per day, as far as was searched: {API} is cheaper so far, "
        f"though {SERVERS} has the lower long-run cost (0 against 0.09091 USD per million tokens)."
    )


def test_a_hosted_model_with_a_fixed_fee_crosses_one_without() -> None:
    # Azure's way: 2 in and 10 out with 1.70 USD an hour; OpenAI's: 3 in and 15 out. A request costs 0.003
    # and 0.0045; 1,241.85 USD a month / 0.0015 / 30.4375 = 27,200 requests per day.
    rows = [
        tuned_price(hosting_usd_per_hour=1.7),
        tuned_price(id="acme/dear", input_usd_per_mtok=3, output_usd_per_mtok=15),
    ]
    dear = choice("fine_tuned", "dear", offer="acme/dear")
    breakevens = breakeven(compare(scenario(TUNED, dear), book(*rows)))
    (crossing,) = breakevens.pairs[0].crossings
    assert crossing.requests_per_day == pytest.approx(1241.85 / 0.0015 / 30.4375, rel=1e-9)
    assert str(crossing.cheaper_below) == "dear"
    assert not crossing.is_jump


def test_a_pair_is_counted_in_the_tokens_of_its_hosted_side() -> None:
    comparison = by_hand()
    api, servers = comparison.outcomes
    assert api_side(api, servers) is api
    assert api_side(servers, api) is api
    assert api_side(servers, servers) is servers


def test_a_strategy_that_cannot_be_used_has_no_crossings() -> None:
    narrow = model_price(id="acme/narrow", context_window_tokens=10)
    inputs = scenario(STUFFED, choice("stuffed_prompt", model="acme/narrow"), TUNED)
    breakevens = breakeven(compare(inputs, book(narrow)))
    assert len(breakevens.pairs) == 1
    assert len(breakevens.marginal_usd_per_mtok) == 2


def test_where_nothing_can_be_used_there_is_no_answer() -> None:
    breakevens = breakeven(compare(scenario(STUFFED), book(model_price(context_window_tokens=10))))
    assert (breakevens.pairs, breakevens.winners, breakevens.marginal_usd_per_mtok) == ((), (), ())
    assert str(breakevens.verdict) == "None of these options can serve this workload."


# --- laws, over the shipped tables and scenarios


def usd_at(comparison: Comparison, outcome: Outcome, volume: float) -> float:
    return float(np.asarray(comparison.usd_at(outcome, np.array([volume])))[0])


def check_crossing(comparison: Comparison, first: Outcome, second: Outcome, crossing: Crossing) -> None:
    """The cheaper strategy changes at the crossing; unless it is a jump, both cost the same there."""
    volume = crossing.requests_per_day
    for nearby, cheaper in (
        (volume * (1 - 1e-6), crossing.cheaper_below),
        (volume * (1 + 1e-6), crossing.cheaper_above),
    ):
        usd = {o.name: usd_at(comparison, o, nearby) for o in (first, second)}
        assert min(usd, key=lambda name: usd[name]) == cheaper
    first_usd, second_usd = usd_at(comparison, first, volume), usd_at(comparison, second, volume)
    if not crossing.is_jump:
        assert first_usd == pytest.approx(second_usd, rel=1e-7)
    assert crossing.usd_per_month == pytest.approx(first_usd, rel=1e-9)


@every_scenario
def test_the_cheaper_strategy_changes_exactly_at_a_crossing(scenario_id: str) -> None:
    comparison = shipped(scenario_id)
    crossings = 0
    for pair in breakeven(comparison).pairs:
        for crossing in pair.crossings:
            check_crossing(comparison, pair.first, pair.second, crossing)
            crossings += 1
    assert crossings > 0


@given(
    price=st.floats(0.1, 100),
    rent=st.floats(0.1, 10),
    staff=st.floats(0, 10_000),
    utilisation=st.floats(0.05, 1),
    peak=st.floats(1, 10),
)
def test_the_cheaper_strategy_changes_exactly_at_a_crossing_of_any_fleet(
    price: float, rent: float, staff: float, utilisation: float, peak: float
) -> None:
    fleet = replace(
        HOSTED,
        settings={
            **HOSTED.settings,
            "rent_usd_per_gpu_hour": rent,
            "staff_usd_per_month": staff,
            "target_utilisation_share": utilisation,
        },
    )
    inputs = scenario(STUFFED, fleet, peak_to_average=peak)
    comparison = compare(inputs, book(model_price(input_usd_per_mtok=price)))
    (pair,) = breakeven(comparison).pairs
    for crossing in pair.crossings[:20]:
        check_crossing(comparison, pair.first, pair.second, crossing)


@every_scenario
def test_between_two_crossings_nobody_changes_places(scenario_id: str) -> None:
    comparison = shipped(scenario_id)
    volumes = np.geomspace(1, 1e8, 4001)
    for pair in breakeven(comparison).pairs:
        crossings = np.array([c.requests_per_day for c in pair.crossings])
        difference = np.asarray(comparison.usd_at(pair.first, volumes)) - np.asarray(
            comparison.usd_at(pair.second, volumes)
        )
        passed = np.searchsorted(crossings, volumes)
        for low, high in zip(range(4000), range(1, 4001), strict=True):
            if passed[low] == passed[high]:
                assert difference[low] * difference[high] > 0


@every_scenario
def test_the_winner_of_a_volume_is_the_cheapest_there(scenario_id: str) -> None:
    comparison = shipped(scenario_id)
    winners = breakeven(comparison).winners
    starts = [volume for volume, _ in winners]
    assert starts == sorted(set(starts))
    for volume in np.geomspace(1.5, 9e7, 301):
        winner = winners[int(np.searchsorted(starts, volume)) - 1][1]
        usd = {o.name: usd_at(comparison, o, float(volume)) for o in comparison.feasible}
        assert usd[winner] == min(usd.values())


@every_scenario
def test_every_pair_is_explained(scenario_id: str) -> None:
    comparison = shipped(scenario_id)
    result: Breakeven = breakeven(comparison)
    count = len(comparison.feasible)
    assert len(result.pairs) == count * (count - 1) // 2
    for pair in result.pairs:
        explanation = str(pair.explanation)
        assert str(pair.first.name) in explanation
        assert str(pair.second.name) in explanation
        assert ("is cheaper below" in explanation) == bool(pair.crossings)


@every_scenario
def test_a_pair_without_a_crossing_is_never_only_where_the_long_run_says_so(scenario_id: str) -> None:
    comparison = shipped(scenario_id)
    for pair in breakeven(comparison).pairs:
        if not pair.crossings:
            # What 100 million requests per day more cost, from 100 billion on: caches warm, fleets large.
            more = {
                o.name: usd_at(comparison, o, 2e11) - usd_at(comparison, o, 1e11)
                for o in (pair.first, pair.second)
            }
            dear = max((pair.first, pair.second), key=lambda o: usd_at(comparison, o, 1000.0)).name
            cheap = min((pair.first, pair.second), key=lambda o: usd_at(comparison, o, 1000.0)).name
            assert str(pair.explanation).startswith("Never: ") == (more[dear] >= more[cheap])

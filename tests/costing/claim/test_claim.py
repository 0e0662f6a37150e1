"""The 25 M claim: reconstructions, drivers, sensitivity, goal seek and history."""

from __future__ import annotations

from collections import Counter
from dataclasses import replace
from datetime import date
from itertools import pairwise

import numpy as np
import pytest
from hypothesis import assume, given, settings
from hypothesis import strategies as st

from costing.claim.drivers import BOX, DRIVERS, OF_THE_FLEET, Driver
from costing.claim.history import LINES, aged_rows
from costing.claim.reconstruction import PRESETS, Claim
from costing.claim.sensitivity import seek_rows, seek_sentence, tornado_bars, tornado_rows
from costing.claim.winner_map import map_rows, nearest_cell, stair_rows
from costing.comparison.breakeven import breakeven
from costing.comparison.compare import compare
from costing.reports.claim import chain_rows, second_condition, verdict
from costing.scenario.library import load_scenario
from costing.strategies.self_hosted import SelfHosted
from i18n.errors import CrossoverError
from tests.support.factories import DAY, frozen_book, frozen_prices

OWNED = Claim(load_scenario(PRESETS["owned"]), frozen_prices())
RENTED = Claim(load_scenario(PRESETS["rented"]), frozen_prices())
MINI = OWNED.with_model("openai/gpt-4o-mini")
every_driver = pytest.mark.parametrize("driver", DRIVERS.values(), ids=lambda driver: str(driver.id))


def mtok(claim: Claim) -> float:
    tokens = claim.break_even.tokens_per_day
    assert tokens is not None
    return tokens / 1e6


def of(driver: Driver) -> Claim:
    """The reconstruction in which the driver matters."""
    return RENTED if driver.tenure == "rented" else OWNED


def test_the_reconstructions_come_out_at_24_2_and_25_8_million_tokens_a_day() -> None:
    assert mtok(OWNED) == pytest.approx(24.189, abs=0.001)
    # 2 x 2.35 x 730.5 / 4.375 / 30.4375
    assert mtok(RENTED) == pytest.approx(25.783, abs=0.001)
    assert str(verdict(OWNED, RENTED)) == (
        "24.2 M tokens a day with 2 × H100 SXM bought, against gpt-4o; with the same rented, 25.8 M."
    )


def test_without_a_cost_of_capital_it_is_20_8() -> None:
    assert mtok(OWNED.with_driver("wacc_share", 0)) == pytest.approx(20.75, abs=0.01)


def test_against_gpt_4o_mini_it_is_346_or_403_and_never_at_a_peak_of_four() -> None:
    assert mtok(MINI.with_driver("wacc_share", 0)) == pytest.approx(345.8, abs=0.1)
    assert mtok(MINI) == pytest.approx(403.1, abs=0.1)
    busy = MINI.with_driver("peak_to_average", 4).break_even
    assert busy.tokens_per_day is None
    assert str(busy.why_not).startswith("Never: in the long run a million tokens cost 0.28")
    assert "0.2625 USD with gpt-4o-mini" in str(busy.why_not)
    sentences = [str(sentence) for sentence in second_condition(OWNED)]
    assert sentences[0] == "Against gpt-4o-mini: 403.1 M tokens a day."
    assert sentences[1] == "Without a cost of capital: 345.8 M tokens a day."
    assert "Never" in sentences[2]


def test_a_replica_can_serve_763_million_tokens_a_day() -> None:
    # 2 x 2,209 output tokens/s x 86,400 s x 2, since as many go in as come out
    assert OWNED.measured_tokens_per_day == pytest.approx(763.4e6, rel=1e-4)


def test_usd_per_mtok_is_usd_per_gpu_hour_over_speed_times_0_0036() -> None:
    # Rented at 2.35 USD; fully used, and counted in output tokens: 2.35 / (tok/s per GPU x 0.0036)
    speed = RENTED.own.fleet.speed(RENTED.workload).output_tokens_per_s / 2
    prompt = RENTED.own.prompt(RENTED.workload)
    per_output_mtok = RENTED.usd_per_mtok(RENTED.own) * RENTED.tokens_per_request / prompt.answer_tokens
    assert per_output_mtok == pytest.approx(2.35 / (speed * 0.0036), rel=1e-6)


def test_the_chain_divides_the_servers_by_the_apis_price() -> None:
    rows = {row.what: row for row in chain_rows(OWNED)}
    assert rows["API: a million tokens"].value == pytest.approx(4.375)
    parts = [row.value for row in rows.values() if row.unit == "USD a day" and "together" not in row.what]
    assert rows["Servers: together"].value == pytest.approx(sum(parts))
    assert rows["Break-even"].value == pytest.approx(sum(parts) / 4.375)
    assert rows["The claim's 25 M of that"].value == pytest.approx(25 / 763.4, rel=1e-3)


@pytest.mark.parametrize("tenure", PRESETS)
def test_with_nothing_moved_it_is_the_scenarios_own_crossing(tenure: str) -> None:
    (pair,) = breakeven(compare(load_scenario(PRESETS[tenure]), frozen_book())).pairs
    claim = Claim(load_scenario(PRESETS[tenure]), frozen_prices())
    assert claim.break_even.tokens_per_day == pytest.approx(pair.crossings[0].tokens_per_day, rel=1e-12)
    assert claim.changed == {}


@every_driver
def test_a_driver_has_a_label_a_help_and_ends_within_its_range(driver: Driver) -> None:
    assert driver.label
    assert driver.help
    assert driver.low <= driver.usual_low < driver.usual_high <= driver.high
    assert driver.low <= of(driver).start[driver.id] <= driver.high


@every_driver
def test_a_driver_of_the_servers_is_a_knob_with_at_least_its_range(driver: Driver) -> None:
    if driver.group == BOX and driver.id not in OF_THE_FLEET:
        knob = SelfHosted.knobs()[driver.id]
        assert knob.error(driver.low if not driver.whole else int(driver.low)) is None
        assert knob.error(driver.high if not driver.whole else int(driver.high)) is None
        assert knob.label == driver.label


@every_driver
def test_a_moved_driver_is_shown_against_the_preset_and_changes_one_side(driver: Driver) -> None:
    claim = of(driver)
    moved = claim.with_driver(driver.id, driver.usual_high)
    if driver.usual_high == claim.start[driver.id]:
        moved = claim.with_driver(driver.id, driver.usual_low)
    assert list(moved.changed) == [driver.id]
    before, after = moved.changed[driver.id]
    assert (before, after) == (claim.start[driver.id], moved.values[driver.id])
    busy = np.array([1e6, 50e9]) / claim.tokens_per_request  # one replica, and many, so that capacity counts

    def sides(variant: Claim) -> list[list[float]]:
        return [variant.usd_a_month(side, busy).tolist() for side in (variant.api, variant.own)]

    assert sides(moved) != sides(claim)


def test_a_discount_takes_its_share_off_both_prices() -> None:
    # 4.375 x 0.8 = 3.5
    cheaper = OWNED.with_driver("api_discount_share", 0.2)
    assert cheaper.usd_per_mtok(cheaper.api) == pytest.approx(3.5)


def test_another_model_comes_with_its_own_prices() -> None:
    moved = OWNED.with_driver("api_input_usd_per_mtok", 9).with_driver("staff_usd_per_month", 100)
    other = moved.with_model("openai/gpt-4o-mini")
    assert set(other.changed) == {"staff_usd_per_month"}
    assert other.usd_per_mtok(other.api) == pytest.approx(0.2625)


def test_servers_that_cost_nothing_are_cheaper_from_the_first_request_on() -> None:
    free = RENTED.with_driver("rent_usd_per_gpu_hour", 0.1).with_driver("api_output_usd_per_mtok", 300)
    assert mtok(free) == pytest.approx(2 * 0.1 * 24 / 76.875, rel=1e-3)


def test_a_model_that_does_not_fit_its_gpus_says_so() -> None:
    small = OWNED.with_driver("gpus_per_replica", 1).with_driver("tokens_per_request", 50_000)
    assert small.break_even.tokens_per_day is None
    assert "does not fit" in str(small.break_even.why_not)


@pytest.mark.parametrize(
    ("name", "value", "message"),
    [
        ("pue", 0.5, "PUE: 0.5 is outside 1 to 3 (choose a value in between)"),
        ("spare_replicas", 1.5, "Spare replicas: 1.5 is not a whole number"),
        ("peu", 1.4, "no driver 'peu'; did you mean 'pue'?"),
    ],
)
def test_a_driver_refuses_what_it_cannot_be(name: str, value: float, message: str) -> None:
    with pytest.raises(CrossoverError) as raised:
        Claim(OWNED.scenario, OWNED.prices, moved={name: value})
    assert str(raised.value) == message


# --- sensitivity


def test_the_tornado_is_sorted_and_leaves_out_what_does_not_move_it() -> None:
    rows = tornado_rows(OWNED)
    ratios = []
    for row in rows:
        ends = (row.tokens_per_day_at_low, row.tokens_per_day_at_high)
        assert ends[0] is not None
        assert ends[1] is not None
        ratios.append(max(ends[0] / ends[1], ends[1] / ends[0]))
    assert ratios == sorted(ratios, reverse=True)
    assert rows[0].driver == "API model: gpt-4o-mini or gpt-5.5"
    assert rows[1].driver == "Staff"
    names = {row.driver for row in rows}
    assert "Electricity" in names
    assert "Speed of a GPU" not in names  # one replica is far from busy at the break-even


def test_the_tornado_of_servers_that_never_pay_shows_what_would_make_them_pay() -> None:
    rows = tornado_rows(MINI.with_driver("peak_to_average", 4))
    assert "Peak over average" in {row.driver for row in rows}


def test_a_bar_reaches_from_its_lower_to_its_higher_end_around_the_break_even_of_now() -> None:
    for bar in tornado_bars(tornado_rows(OWNED), OWNED.break_even.tokens_per_day):
        ends = [bar.row.tokens_per_day_at_low, bar.row.tokens_per_day_at_high, 24_188_610.88]
        known = [end / 1e6 for end in ends if end is not None]
        assert bar.middle == pytest.approx(24.1886, rel=1e-5)
        assert (bar.start, bar.end) == pytest.approx((min(known), max(known)))
        assert not bar.never


def test_a_bar_of_which_one_end_never_pays_goes_to_the_end_of_the_chart() -> None:
    bars = {bar.row.driver: bar for bar in tornado_bars(tornado_rows(MINI), MINI.break_even.tokens_per_day)}
    peak = bars["Peak over average"]
    assert peak.never
    assert peak.end == max(bar.end for bar in bars.values())


def test_where_nothing_pays_now_the_bars_show_what_would() -> None:
    busy = MINI.with_driver("peak_to_average", 4)
    bars = tornado_bars(tornado_rows(busy), None)
    assert bars
    assert all(bar.start < bar.middle == bar.end for bar in bars)


# --- goal seek


def test_what_was_sought_is_said_in_words() -> None:
    sentence = seek_sentence(OWNED.sought("purchase_usd_per_gpu"), "purchase_usd_per_gpu", 25e6)
    assert str(sentence) == "For 25.0 M tokens a day, Purchase price per GPU would have to be 31,433.9 USD."
    sentence = seek_sentence(OWNED.sought("load_share"), "load_share", 25e6)
    assert str(sentence) == (
        "Average load for power: no value between 0 share and 1 share does it; the break-even stays between "
        "23.4 and 24.9 M tokens a day."
    )
    sentence = seek_sentence(OWNED.sought("gpus_per_replica"), "gpus_per_replica", 25e6)
    assert str(sentence) == (
        "GPUs in a replica: no value does it exactly; the break-even passes 25.0 M tokens a day between 2 "
        "and 3."
    )
    busy = MINI.with_driver("target_utilisation_share", 0.05)
    sentence = seek_sentence(busy.sought("wacc_share"), "wacc_share", 25e6)
    assert "gives a break-even at all" in str(sentence)


@every_driver
def test_the_break_even_over_a_drivers_range_holds_both_of_its_ends(driver: Driver) -> None:
    rows = seek_rows(of(driver), driver.id)
    assert (rows[0].value, rows[-1].value) == (driver.low, driver.high)
    assert all(a.value < b.value for a, b in pairwise(rows))


@pytest.mark.parametrize("driver_id", ["api_output_usd_per_mtok", "purchase_usd_per_gpu", "life_years"])
def test_a_sought_driver_puts_the_break_even_at_25_million(driver_id: str) -> None:
    (value,) = OWNED.sought(driver_id).values
    assert mtok(OWNED.with_driver(driver_id, value)) == pytest.approx(25, rel=1e-5)


def test_the_price_of_a_gpu_for_25_million_by_hand() -> None:
    # 25 x 4.375 x 30.4375 = 3,329.10 USD a month; less 206.96 power: 3,122.14 for capital and maintenance,
    # each 0.402115/12 + 0.05/12 = 0.0376762 of it: 82,868 USD in all, 41,434 a GPU, less 10,000 host.
    (value,) = OWNED.sought("purchase_usd_per_gpu").values
    assert value == pytest.approx(31_434, abs=10)


def test_no_value_of_the_load_for_power_makes_it_25_million() -> None:
    sought = OWNED.sought("load_share")
    assert sought.values == ()
    assert sought.most is not None
    assert sought.most < 25e6


@given(st.sampled_from([d for d in DRIVERS.values() if not d.whole]), st.floats(0.02, 0.98))
@settings(max_examples=8)
def test_goal_seek_inverts_the_forward_computation(driver: Driver, place: float) -> None:
    claim = of(driver)
    value = driver.low + place * (driver.high - driver.low)
    target = claim.with_driver(driver.id, value).break_even.tokens_per_day
    current = claim.break_even.tokens_per_day
    assume(target is not None and current is not None and abs(target - current) > 1e-3 * current)
    assert target is not None
    values = claim.sought(driver.id, target).values
    assert any(abs(v - value) <= 1e-4 * (driver.high - driver.low) for v in values)


# --- the winner map and the fleet's cost steps


def test_the_map_says_who_is_cheapest_in_each_cell() -> None:
    rows = map_rows((OWNED, RENTED))
    assert len(rows) == len({(row.tokens_per_day, row.api_usd_per_mtok) for row in rows})
    assert set(Counter(row.cheapest for row in rows)) == {"api", "owned"}  # bought is below rented here
    # 105.825 USD a day: the API is cheapest exactly where price x volume is below, as one replica holds
    few = [row for row in rows if row.tokens_per_day < 700e6]
    for row in few:
        assert (row.cheapest == "api") == (row.api_usd_per_mtok * row.tokens_per_day / 1e6 < 105.825)


def test_the_cell_of_a_value_is_the_nearest_by_ratio() -> None:
    cells = [1.0, 10.0, 100.0]
    assert [nearest_cell(v, cells) for v in (1, 3, 4, 100, 0.5, 101)] == [0, 0, 1, 2, None, None]


def test_short_lived_servers_are_better_rented() -> None:
    rows = map_rows((OWNED.with_driver("life_years", 1), RENTED))
    assert {row.cheapest for row in rows} == {"api", "rented"}


def test_the_staircase_holds_both_sides_of_each_step_and_the_crossing() -> None:
    rows = stair_rows(OWNED)
    assert any(row.tokens_per_day == pytest.approx(24_188_610.88, rel=1e-9) for row in rows)
    jumps = [b.own_usd_per_month / a.own_usd_per_month for a, b in pairwise(rows)]
    assert jumps[0] == 1
    assert sum(jump > 1.01 for jump in jumps) == 11
    assert all(a.tokens_per_day < b.tokens_per_day for a, b in pairwise(rows))


# --- history


def test_every_day_leads_to_a_price_row_and_two_sources() -> None:
    rows = aged_rows(OWNED, frozen_book(), list(LINES), DAY)
    assert {row.line for row in rows} == set(LINES)
    for row in rows:
        assert row.price_ref.startswith(row.model)
        assert "https://" in row.price_source
        assert "https://" in row.launch_source


def test_the_claim_against_flagships_by_hand() -> None:
    rows = {row.model: row for row in aged_rows(OWNED, frozen_book(), ["flagship"], DAY)}
    # gpt-4 blends to (3 x 30 + 60) / 4 = 37.5: 105.825 / 37.5; gpt-5.5 to 11.25
    assert rows["openai/gpt-4"].tokens_per_day == pytest.approx(2.822e6, rel=1e-3)
    assert rows["openai/gpt-4o"].tokens_per_day == pytest.approx(24.189e6, rel=1e-3)
    assert rows["openai/gpt-5.5"].tokens_per_day == pytest.approx(9.407e6, rel=1e-3)
    assert min(row.day for row in rows.values()) == date(2023, 3, 14)


def test_announced_prices_are_drawn_and_marked() -> None:
    announced = [r for r in aged_rows(OWNED, frozen_book(), list(LINES), DAY) if r.announced]
    assert [(r.model, r.day) for r in announced] == [("google/gemini-3.8-flash", date(2027, 1, 1))]
    # Its price doubles, so half the volume is enough.
    before = aged_rows(OWNED, frozen_book(), ["flash"], DAY)[-2]
    assert announced[0].tokens_per_day == pytest.approx((before.tokens_per_day or 0) / 2)


def test_with_dated_rents_no_day_is_older_than_the_first_known_rent() -> None:
    rows = aged_rows(RENTED, frozen_book(), ["flagship"], DAY, dated_rent=True)
    assert min(row.day for row in rows) == date(2025, 7, 1)
    assert all(row.rent_ref.startswith("h100-sxm @ ") for row in rows)
    on = {row.day: row.rent_usd_per_gpu_hour for row in rows}
    assert (on[date(2025, 8, 7)], on[date(2026, 3, 5)], on[date(2026, 9, 22)]) == (1.7, 2.35, 2.95)


def test_servers_that_never_paid_have_no_volume_on_that_day() -> None:
    slow = replace(OWNED, moved={"output_tokens_per_s_per_gpu": 50.0})
    rows = aged_rows(slow, frozen_book(), ["small"], DAY)
    assert any(row.tokens_per_day is None for row in rows)

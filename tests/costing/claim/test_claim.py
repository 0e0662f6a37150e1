"""The 25 M claim: reconstructions, drivers, sensitivity, goal seek and cost map."""

from __future__ import annotations

from itertools import pairwise

import numpy as np
import pytest
from hypothesis import assume, given, settings
from hypothesis import strategies as st

from costing.claim.driver import Driver
from costing.claim.drivers import DRIVERS, OF_THE_FLEET, SERVER_GROUPS
from costing.claim.reconstruction import PRESETS, Claim
from costing.claim.sensitivity import seek_frame, seek_sentence, tornado_frame
from costing.claim.winner_map import cost_curves, cost_map
from costing.comparison.breakeven import breakeven
from costing.comparison.compare import compare
from costing.reports.claim import derivation, headline, second_condition
from costing.scenario.library import load_scenario
from costing.strategies.self_hosted import SelfHosted
from i18n.errors import CrossoverError
from tests.support.factories import frozen_book, frozen_prices

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
    assert str(headline(OWNED, OWNED)) == (
        "Break-even: 24.2 M tokens per day with 2 × H100 SXM bought, against GPT-4o."
    )
    assert str(headline(RENTED, RENTED)) == (
        "Break-even: 25.8 M tokens per day with 2 × H100 SXM rented, against GPT-4o."
    )


def test_the_headline_follows_the_drivers_and_keeps_the_baseline() -> None:
    # No residual value and 105.825 USD per day; electricity at 0 takes 6.799 of it: 99.026 / 4.375 = 22.63
    assert str(headline(OWNED, OWNED.with_driver("usd_per_kwh", 0))) == (
        "Break-even: baseline 24.2 M, with your changes 22.6 M tokens per day (2 × H100 SXM bought, against "
        "GPT-4o)."
    )
    assert str(headline(OWNED, MINI.with_driver("peak_to_average", 4))) == (
        "Break-even: baseline 24.2 M tokens per day, with your changes at no volume (2 × H100 SXM bought, "
        "against GPT-4o mini)."
    )


def test_without_a_cost_of_capital_it_is_20_8() -> None:
    assert mtok(OWNED.with_driver("wacc_share", 0)) == pytest.approx(20.75, abs=0.01)


def test_against_gpt_4o_mini_it_is_346_or_403_and_never_at_a_peak_of_four() -> None:
    assert mtok(MINI.with_driver("wacc_share", 0)) == pytest.approx(345.8, abs=0.1)
    assert mtok(MINI) == pytest.approx(403.1, abs=0.1)
    busy = MINI.with_driver("peak_to_average", 4).break_even
    assert busy.tokens_per_day is None
    assert str(busy.why_not).startswith("Never: at scale one million tokens cost 0.28")
    assert "0.2625 USD with GPT-4o mini" in str(busy.why_not)
    sentences = [str(sentence) for sentence in second_condition(OWNED)]
    assert sentences[0] == "Against GPT-4o mini: 403 M tokens per day."
    assert sentences[1] == "Without a cost of capital: 346 M tokens per day."
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


def test_the_derivation_divides_the_servers_by_the_apis_price() -> None:
    steps = derivation(OWNED)
    value = steps.drop_duplicates("step_kind").set_index("step_kind")["step_value"]
    parts = steps.loc[steps["step_kind"] == "server cost", "step_value"].sum()
    assert value["api"] == pytest.approx(4.375)
    assert value["servers"] == pytest.approx(parts)
    assert value["break-even"] == pytest.approx(parts / 4.375 * 1e6)
    assert value["share"] == pytest.approx(25 / 763.4, rel=1e-3)


def test_the_derivation_of_servers_that_never_pay_has_no_break_even() -> None:
    kinds = set(derivation(MINI.with_driver("peak_to_average", 4))["step_kind"])
    assert "servers" in kinds
    assert "break-even" not in kinds


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
    if driver.group in SERVER_GROUPS and driver.id not in OF_THE_FLEET:
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
        return [variant.usd_per_month_of(side, busy).tolist() for side in (variant.api, variant.own)]

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
        ("peu", 1.4, "no assumption 'peu'; did you mean 'pue'?"),
    ],
)
def test_a_driver_refuses_what_it_cannot_be(name: str, value: float, message: str) -> None:
    with pytest.raises(CrossoverError) as raised:
        Claim(OWNED.scenario, OWNED.prices, moved={name: value})
    assert str(raised.value) == message


# --- sensitivity


def test_the_tornado_is_sorted_and_leaves_out_what_does_not_change_the_break_even() -> None:
    rows = tornado_frame(OWNED)
    ratio = rows["tokens_per_day_at_high"] / rows["tokens_per_day_at_low"]
    lengths = np.maximum(ratio, 1 / ratio).tolist()
    assert lengths == sorted(lengths, reverse=True)
    assert rows["driver"].tolist()[:2] == ["API model: GPT-4o mini or GPT-5.5", "Staff"]
    assert "Electricity" in set(rows["driver"])
    assert "Speed of a GPU" not in set(rows["driver"])  # one replica is far from busy at the break-even


def test_the_tornado_of_servers_that_never_pay_shows_what_would_make_them_pay() -> None:
    rows = tornado_frame(MINI.with_driver("peak_to_average", 4)).set_index("driver")
    # At a peak of 1 gpt-4o-mini breaks even at 403 M.
    assert rows.loc["Peak to average load", "tokens_per_day_at_low"] == pytest.approx(403.1e6, rel=1e-3)
    assert np.isnan(rows.loc["Peak to average load", "tokens_per_day_at_high"])


# --- goal seek


def test_what_was_sought_is_said_in_words() -> None:
    sentence = seek_sentence(OWNED.sought("purchase_usd_per_gpu"), "purchase_usd_per_gpu", 25e6)
    assert (
        str(sentence)
        == "For a break-even at 25 M tokens per day, Purchase price per GPU would have to be 31,433.9 USD."
    )
    sentence = seek_sentence(OWNED.sought("load_share"), "load_share", 25e6)
    assert str(sentence) == (
        "Average load for power: no value between 0% and 100% does it; the break-even stays between 23.4 M "
        "and 24.9 M tokens per day."
    )
    sentence = seek_sentence(OWNED.sought("gpus_per_replica"), "gpus_per_replica", 25e6)
    assert str(sentence) == (
        "GPUs in a replica: no value does it exactly; the break-even passes 25 M tokens per day between 2 "
        "and 3."
    )
    busy = MINI.with_driver("target_utilisation_share", 0.05)
    sentence = seek_sentence(busy.sought("wacc_share"), "wacc_share", 25e6)
    assert "gives a break-even at all" in str(sentence)


@every_driver
def test_the_break_even_over_a_drivers_range_holds_both_of_its_ends(driver: Driver) -> None:
    values = seek_frame(of(driver), driver.id)["driver_value"].tolist()
    assert (values[0], values[-1]) == (driver.low, driver.high)
    assert all(a < b for a, b in pairwise(values))


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


# --- the cost map and the fleet's cost steps


def test_the_map_has_the_cheapest_option_of_each_cell() -> None:
    cells = cost_map((OWNED, RENTED))
    assert not cells.duplicated(["tokens_per_day", "api_usd_per_mtok"]).any()
    assert set(cells["cheapest"]) == {"api", "owned"}  # bought is below rented here
    # 105.825 USD per day: the API is cheapest exactly where price x volume is below, as one replica holds
    few = cells[cells["tokens_per_day"] < 700e6]
    api_usd_per_day = few["api_usd_per_mtok"] * few["tokens_per_day"] / 1e6
    assert ((few["cheapest"] == "api") == (api_usd_per_day < 105.825)).all()


def test_short_lived_servers_are_better_rented() -> None:
    assert set(cost_map((OWNED.with_driver("life_years", 1), RENTED))["cheapest"]) == {"api", "rented"}


def test_the_cost_curves_hold_both_sides_of_each_step_and_the_crossing() -> None:
    curves = cost_curves(OWNED)
    volumes, own = curves["tokens_per_day"].tolist(), curves["own_usd_per_month"].tolist()
    assert any(volume == pytest.approx(24_188_610.88, rel=1e-9) for volume in volumes)
    jumps = [b / a for a, b in pairwise(own)]
    assert jumps[0] == 1
    assert sum(jump > 1.01 for jump in jumps) == 11
    assert all(a < b for a, b in pairwise(volumes))


# --- drivers


def test_a_range_over_decades_has_logarithmic_positions_and_keeps_both_ends() -> None:
    positions = DRIVERS["api_output_usd_per_mtok"].positions
    assert (positions[0], positions[-1]) == (0.01, 300)
    assert all(a < b for a, b in pairwise(positions))
    # As many positions from 1 to 10 as from 10 to 100.
    assert len([p for p in positions if 1 <= p < 10]) == len([p for p in positions if 10 <= p < 100])


def test_a_wide_range_from_zero_starts_at_zero_and_goes_on_at_its_step() -> None:
    assert DRIVERS["staff_usd_per_month"].positions[:3] == (0, 500, 600)
    assert DRIVERS["staff_usd_per_month"].positions[-1] == 200_000


@pytest.mark.parametrize("driver_id", ["pue", "spare_replicas", "input_share", "wacc_share"])
def test_a_narrow_or_whole_range_is_linear(driver_id: str) -> None:
    assert DRIVERS[driver_id].positions == ()


def test_every_tenure_has_a_few_drivers_that_are_shown_first() -> None:
    for claim in (OWNED, RENTED):
        assert 4 <= len([driver for driver in claim.drivers if driver.is_main]) <= 8

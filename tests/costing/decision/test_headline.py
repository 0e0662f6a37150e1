"""Headline: recommended option, saving, confidence, set, warnings."""

from __future__ import annotations

from dataclasses import replace
from datetime import date

import pytest

from costing.comparison.breakeven import breakeven
from costing.comparison.compare import Comparison, compare
from costing.comparison.endings import can_be_started, endings, is_closed, option_in_use, unknown_lifecycle
from costing.comparison.resolution import ranked
from costing.decision.changes import changes
from costing.decision.headline import Headline, headline, recommended, usd_per_1k_requests
from costing.decision.near_equality import about_equal
from costing.decision.option_warnings import has_no_staff, option_warnings
from costing.scenario.library import load_scenario, shipped_ids
from costing.uncertainty.confidence import confidence
from pricing.rows import Fact

from ...support.factories import (
    HOSTED,
    STUFFED,
    book,
    choice,
    estimated_tokenizer,
    frozen_book,
    model_price,
    scenario,
)

SMALL = choice("stuffed_prompt", model="acme/small")
CHEAP = model_price(id="acme/small", name="small", input_usd_per_mtok=1, output_usd_per_mtok=5)
"""Half the price of acme/large: 45.65625 USD for 1,000 requests a day, where that costs 91.3125."""


def compared(*strategies: object, rows: tuple[Fact, ...] = (CHEAP,), **changes: object) -> Comparison:
    return compare(scenario(*strategies, **changes), book(*rows))  # type: ignore[arg-type]


def texts(answer: Headline) -> str:
    parts = [answer.answer, answer.comparison, answer.confidence, answer.set_size, *answer.notes]
    return " ".join(str(part) for part in parts if part is not None)


def test_the_answer_names_option_cost_per_month_and_per_1000_requests() -> None:
    # 1,000 requests x 30.4375 days = 30,437.5 a month; 45.65625 USD / 30.4375 = 1.50 USD per 1,000
    answer = headline(compared(STUFFED, SMALL))
    assert str(answer.answer) == (
        "At 1,000 requests per day, Prompt stuffing · small (Acme) is cheapest: 45.66 USD per month, "
        "1.50 USD per 1,000 requests."
    )
    assert str(answer.comparison) == "45.66 USD per month (50%) less than the next, Prompt stuffing · large."
    assert str(answer.set_size) == "Cheapest of the 2 options that you compare."
    assert answer.warnings == ()


def test_one_option_is_not_called_the_cheapest() -> None:
    answer = headline(compared(STUFFED))
    assert "costs 91.31 USD per month" in str(answer.answer)
    assert answer.comparison is None
    assert str(answer.set_size) == "The only option that you compare."


def test_the_saving_is_against_the_option_in_use_today() -> None:
    middle = model_price(id="acme/middle", name="middle", input_usd_per_mtok=1.5, output_usd_per_mtok=7.5)
    options = (SMALL, choice("stuffed_prompt", model="acme/middle"), replace(STUFFED, is_today=True))
    answer = headline(compared(*options, rows=(CHEAP, middle)))
    assert (
        str(answer.comparison)
        == "Saves 45.66 USD per month (50%) against Prompt stuffing · large, in use today."
    )


def test_today_s_option_may_be_the_answer() -> None:
    comparison = compared(STUFFED, replace(SMALL, is_today=True))
    assert str(headline(comparison).comparison) == "It is the option in use today."
    in_use = option_in_use(comparison)
    assert in_use is not None
    assert str(in_use.name) == "Prompt stuffing · small (Acme)"


def test_a_difference_within_the_token_band_is_about_equal() -> None:
    # 1.9 instead of 2 USD: 5% cheaper, but its tokens are 1.5 [1.15 to 1.89] of an estimate, 1.5 times less.
    rival = model_price(
        id="acme/small",
        name="small",
        tokenizer="guess",
        input_usd_per_mtok=1.9 / 1.5,
        output_usd_per_mtok=9.5 / 1.5,
    )
    comparison = compared(STUFFED, SMALL, rows=(rival, estimated_tokenizer()))
    first, second = comparison.choices
    assert float(first.usd_per_month / second.usd_per_month) == pytest.approx(0.95, abs=1e-4)
    assert about_equal(first, second, None)
    assert "About equal to Prompt stuffing · large" in str(headline(comparison).comparison)
    assert "5%" not in texts(headline(comparison))


def test_two_models_with_one_vocabulary_are_not_equal_for_its_uncertainty() -> None:
    rows = (
        model_price(tokenizer="guess"),
        model_price(id="acme/small", name="small", tokenizer="guess", input_usd_per_mtok=1.9),
        estimated_tokenizer(),
    )
    comparison = compared(STUFFED, SMALL, rows=rows)
    first, second = comparison.choices
    assert not about_equal(first, second, None)


def test_a_model_that_ends_soon_is_not_recommended_while_another_lasts() -> None:
    ending = replace_row(CHEAP, retires_on=date(2027, 1, 14))
    answer = headline(compared(STUFFED, SMALL, rows=(ending,)))
    assert "Prompt stuffing · large (Acme) is recommended" in str(answer.answer)
    assert [str(note) for note in answer.notes] == [
        "Cheaper, but retires on 14 Jan 2027: Prompt stuffing · small (Acme), 45.66 USD per month."
    ]
    assert "which is open to new customers and lasts" in str(answer.set_size)


def test_an_offer_of_unknown_lifecycle_is_not_called_open() -> None:
    ending = replace_row(CHEAP, retires_on=date(2027, 1, 14))
    answer = headline(compared(STUFFED, SMALL, rows=(ending, model_price(lifecycle=None))))
    assert str(answer.set_size) == (
        "The only one of the 2 options that you compare that is not known to be closed or to end soon."
    )


@pytest.mark.parametrize("scenario_id", shipped_ids())
def test_no_ready_scenario_is_called_open_while_a_lifecycle_is_not_known(scenario_id: str) -> None:
    comparison = compare(load_scenario(scenario_id), frozen_book())
    counted = [each for each in ranked(comparison) if can_be_started(comparison, each)]
    if any(unknown_lifecycle(comparison, each) is not None for each in counted):
        assert "open to new customers" not in str(headline(comparison).set_size)


def test_an_end_within_the_horizon_stands_in_the_sentence_and_in_a_badge() -> None:
    ending = replace_row(CHEAP, retires_on=date(2027, 9, 1))
    answer = headline(compared(STUFFED, SMALL, rows=(ending,)))
    assert "until it ends on 1 Sep 2027" in str(answer.answer)
    assert [str(warning.text) for warning in answer.warnings] == ["retires on 1 Sep 2027"]
    later = headline(compared(STUFFED, SMALL, rows=(ending,), horizon_months=6))
    assert later.warnings == ()
    assert "until" not in str(later.answer)


def test_where_everything_ends_soon_the_sentence_says_so() -> None:
    ending = replace_row(CHEAP, retires_on=date(2027, 1, 14))
    answer = headline(compared(SMALL, rows=(ending,)))
    assert "until it ends on 14 Jan 2027" in str(answer.answer)


def test_an_option_closed_to_new_customers_is_recommended_only_to_who_uses_it() -> None:
    closed = replace_row(CHEAP, lifecycle="existing customers only")
    comparison = compared(STUFFED, SMALL, rows=(closed,))
    assert is_closed(comparison, comparison.choices[0])
    assert str(recommended(comparison).name) == "Prompt stuffing · large (Acme)"
    used = compared(STUFFED, replace(SMALL, is_today=True), rows=(closed,))
    assert str(recommended(used).name) == "Prompt stuffing · small (Acme)"
    assert option_warnings(used, recommended(used)) == ()


def test_promotions_count_as_ends_unless_the_next_price_is_announced() -> None:
    promoted = replace_row(CHEAP, guaranteed_until=date(2026, 12, 31))
    comparison = compared(SMALL, rows=(promoted,))
    (end,) = endings(comparison, comparison.choices[0])
    assert (end.day, str(end.text)) == (date(2026, 12, 31), "the price guarantee of small ends")
    next_price = replace_row(CHEAP, effective_from=date(2027, 1, 1))
    comparison = compared(SMALL, rows=(promoted, next_price))
    assert endings(comparison, comparison.choices[0]) == ()


def test_servers_without_staff_are_warned_of() -> None:
    comparison = compared(HOSTED)
    assert has_no_staff(comparison.choices[0])
    assert [str(w.text) for w in headline(comparison).warnings] == ["no staff cost counted"]
    staffed = compared(replace(HOSTED, settings={**HOSTED.settings, "staff_fte": 0.5}))
    assert headline(staffed).warnings == ()


def test_nothing_feasible_is_said() -> None:
    comparison = compared(STUFFED, rows=(model_price(context_window_tokens=10),))
    assert str(headline(comparison).answer).startswith("None of these options")


def test_the_cost_of_1000_requests_is_that_of_the_month_by_its_requests() -> None:
    # 1,100 tokens: 1,000 x 2 USD + 100 x 10 USD per Mtok = 0.003 USD a request
    comparison = compared(STUFFED)
    assert usd_per_1k_requests(comparison, comparison.choices[0]) == pytest.approx(3.0)


def test_confidence_is_said_of_the_simulations() -> None:
    comparison = compared(STUFFED, SMALL)
    simulation = confidence(comparison, draws=200)
    # Prices of the same vendor are not uncertain by default: half the price stays cheaper in every draw.
    assert (
        str(headline(comparison, simulation).confidence)
        == "It is the cheapest of them in 100% of simulations."
    )


# --- what could change it


def test_what_could_change_it_names_a_volume_a_price_and_a_day() -> None:
    # One replica is 730.5 h x 2 USD = 1,461 USD a month; 91.3125 USD x 16 = 1,461: at 16,000 a day.
    ending = model_price(retires_on=date(2027, 9, 1))
    comparison = compared(STUFFED, HOSTED, rows=(ending,))
    volume, price, day = (str(line) for line in changes(comparison, breakeven(comparison)))
    assert volume == "Above 16,000 requests per day, Self-hosted · Open 10B is cheaper."
    # 1,461 / 91.3125 = 16: 1,500% more
    assert price == (
        "If the cost of Prompt stuffing · large rises by 1500%, Self-hosted · Open 10B is cheaper."
    )
    assert day == "On 1 Sep 2027, large retires."


def test_a_single_option_has_nothing_that_could_change_it() -> None:
    comparison = compared(STUFFED)
    assert changes(comparison, breakeven(comparison)) == ()


def replace_row(row: Fact, **changes: object) -> Fact:
    return row.model_copy(update=changes)

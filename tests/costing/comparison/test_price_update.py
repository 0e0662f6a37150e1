"""Difference between the prices of a scenario's day and those of a later day."""

from __future__ import annotations

from datetime import date
from decimal import Decimal

import pytest

from costing.comparison.compare import Comparison, compare
from costing.comparison.price_update import newer_rows, price_update
from frames.frame import records
from pricing.rows import Fact

from ...support.factories import DAY, STUFFED, book, choice, model_price, scenario

LATER = date(2027, 2, 1)
RISE = model_price(
    id="acme/large", name="large", effective_from=date(2027, 1, 1), input_usd_per_mtok=Decimal(4)
)


def comparison(*rows: Fact) -> Comparison:
    return compare(scenario(STUFFED), book(*rows))


def test_a_newer_row_in_use_is_counted_and_one_that_is_not_in_use_is_not() -> None:
    other = model_price(id="acme/other")
    newer_other = model_price(id="acme/other", effective_from=date(2027, 1, 1), input_usd_per_mtok=Decimal(9))
    assert newer_rows(comparison(other, newer_other), LATER) == 0
    assert newer_rows(comparison(model_price(), RISE), LATER) == 1


def test_on_the_day_before_a_change_nothing_is_newer() -> None:
    assert newer_rows(comparison(model_price(), RISE), date(2026, 12, 31)) == 0
    assert newer_rows(comparison(model_price(), RISE), date(2027, 1, 1)) == 1


def test_the_difference_names_each_changed_price_with_both_values() -> None:
    update = price_update(comparison(model_price(), RISE), LATER)
    assert (update.on, update.to, update.rows) == (DAY, LATER, 1)
    (row,) = records(update.prices)
    assert (row["table"], row["id"], row["field"]) == ("models", "acme/large", "input_usd_per_mtok")
    assert (row["before_price"], row["after_price"]) == (2, 4)
    assert row["effective_from"] == date(2027, 1, 1)


def test_the_effect_on_an_option_is_its_cost_at_both_days() -> None:
    # 30,437.5 requests a month of 1,000 tokens in and 100 out: at 2 and 10 USD per Mtok 0.003 USD each, at
    # 4 and 10 USD 0.005.
    (row,) = records(price_update(comparison(model_price(), RISE), LATER).costs)
    assert row["before_usd_per_month"] == Decimal("91.3125")
    assert row["after_usd_per_month"] == Decimal("152.1875")
    assert row["change_share"] == pytest.approx(2 / 3)


def test_a_model_that_has_no_price_on_the_later_day_is_an_error_not_a_cost() -> None:
    ending = model_price(id="acme/large", name="large", effective_to=date(2026, 12, 31))
    update = price_update(compare(scenario(STUFFED), book(ending)), LATER)
    assert update.rows == 1
    assert update.error is not None
    assert "acme/large" in str(update.error)
    assert list(update.costs["after_usd_per_month"].isna()) == [True]


def test_a_pinned_scenario_keeps_its_day_and_an_unpinned_one_takes_the_day_it_is_opened() -> None:
    pinned = scenario(choice("stuffed_prompt", model="acme/large")).pinned(DAY)
    assert (pinned.on, pinned.is_pinned) == (DAY, True)
    assert (pinned.unpinned(LATER).on, pinned.unpinned(LATER).is_pinned) == (LATER, False)

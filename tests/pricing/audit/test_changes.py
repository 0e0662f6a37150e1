"""Warnings about doubtful changes of price tables."""

from __future__ import annotations

from datetime import date
from decimal import Decimal
from typing import Any

import pytest

from pricing.audit.changes import change_warnings, per_token_doubts
from pricing.book import PriceBook
from pricing.rows import ModelPrice
from tests.support.factories import live_book

TODAY = date(2026, 11, 22)


def price(**fields: Any) -> ModelPrice:
    plain: dict[str, Any] = {
        "id": "acme/one",
        "vendor": "Acme",
        "name": "one",
        "tokenizer": "o200k_base",
        "effective_from": date(2026, 1, 1),
        "input_usd_per_mtok": Decimal(2),
        "output_usd_per_mtok": Decimal(8),
        "source": "https://acme.example/prices",
        "checked_on": date(2026, 11, 1),
    }
    return ModelPrice(**{**plain, **fields})


def warnings(old: list[ModelPrice], new: list[ModelPrice]) -> list[str]:
    return [str(w) for w in change_warnings(PriceBook({"models": old}), PriceBook({"models": new}), TODAY)]


def next_price(**fields: Any) -> ModelPrice:
    """A row that follows `price`, from today on."""
    return price(effective_from=TODAY, checked_on=TODAY, **fields)


def test_no_change_gives_no_warning() -> None:
    assert warnings([price()], [price()]) == []


@pytest.mark.parametrize("usd", ["4", "1", "3.99"])
def test_a_new_row_up_to_twice_or_half_the_price_before_is_no_doubt(usd: str) -> None:
    assert warnings([price()], [price(), next_price(input_usd_per_mtok=Decimal(usd))]) == []


@pytest.mark.parametrize(
    ("usd", "text"),
    [
        ("4.01", "2 becomes 4.01: × 2.005"),
        ("2000000", "2 becomes 2000000: × 1,000,000"),
        ("0.5", "2 becomes 0.5: ÷ 4"),
        ("0", "2 becomes 0"),
    ],
)
def test_a_price_beyond_twice_or_half_the_one_before_is_named_with_its_ratio(usd: str, text: str) -> None:
    (warning,) = warnings([price()], [price(), next_price(input_usd_per_mtok=Decimal(usd))])
    assert warning == f"models.yaml: acme/one @ 2026-11-22: input_usd_per_mtok: {text}"


def test_a_new_row_is_compared_with_the_row_before_it_not_with_the_first() -> None:
    middle = price(effective_from=date(2026, 6, 1), input_usd_per_mtok=Decimal(4))
    assert warnings([price(), middle], [price(), middle, next_price(input_usd_per_mtok=Decimal(8))]) == []


def test_a_price_within_a_tier_is_compared_too() -> None:
    def tiered(usd: str) -> ModelPrice:
        tier = {"input_usd_per_mtok": Decimal(usd), "output_usd_per_mtok": Decimal(4)}
        return next_price(service_tiers={"batch": tier})

    (warning,) = warnings([tiered("1")], [tiered("10")])
    assert "service_tiers.batch.input_usd_per_mtok: 1 becomes 10: × 10" in warning


def test_editing_a_price_in_force_is_doubtful_but_not_its_note() -> None:
    assert warnings([price()], [price(note="a promotion")]) == []
    (warning,) = warnings([price()], [price(input_usd_per_mtok=Decimal(3))])
    assert "changes a price that is in force since 2026-01-01" in warning
    # A row of today can still be corrected: no earlier day used it.
    assert warnings([next_price()], [next_price(input_usd_per_mtok=Decimal(3))]) == []


def test_removing_a_past_row_is_doubtful() -> None:
    (warning,) = warnings([price(), next_price()], [next_price()])
    assert warning.startswith("models.yaml: acme/one @ 2026-01-01: effective_from: removes a price")


def test_a_start_after_the_check_is_right_only_for_an_announced_price() -> None:
    announced = price(effective_from=date(2027, 1, 1))
    (warning,) = warnings([price()], [price(), announced])
    assert "effective_from: 2027-01-01 is after checked_on, 2026-11-01" in warning
    assert warnings([price(), announced], [price(), announced]) == []  # it was there before


def test_a_price_per_token_is_recognised_by_its_size() -> None:
    # 0.0000025 USD per token are 2.5 USD per million.
    ((field, what),) = per_token_doubts(price(input_usd_per_mtok=Decimal("0.0000025")))
    assert (field, str(what)) == (
        "input_usd_per_mtok",
        "0.0000025 looks like USD per token (per million tokens it is 2.5)",
    )
    assert list(per_token_doubts(price(input_usd_per_mtok=Decimal("0.001")))) == []
    assert list(per_token_doubts(price(input_usd_per_mtok=Decimal(0)))) == []


def test_no_shipped_price_looks_like_one_per_token() -> None:
    rows = [row for table in live_book().tables().values() for row in table]
    assert rows
    assert [row.ref for row in rows if list(per_token_doubts(row))] == []

"""Tests of the total row of a frame."""

from __future__ import annotations

from decimal import Decimal

from frames.frame import frame, records
from frames.registry import columns
from frames.total import with_total

COLUMNS = columns("strategy amount_usd quantity currency")


def row(name: str, usd: str, currency: str = "USD") -> dict[str, object]:
    return {"strategy": name, "amount_usd": Decimal(usd), "quantity": 1.0, "currency": currency}


def test_a_total_is_the_exact_sum_and_leaves_the_other_columns_blank() -> None:
    table = with_total(
        frame(COLUMNS, [row("a", "0.1"), row("b", "0.2")]), "strategy", ["amount_usd"], "Total"
    )
    assert records(table)[-1] == {
        "strategy": "Total",
        "amount_usd": Decimal("0.3"),
        "quantity": None,
        "currency": "USD",
    }
    assert len(table) == 3


def test_one_row_has_no_total() -> None:
    table = frame(COLUMNS, [row("a", "1")])
    assert with_total(table, "strategy", ["amount_usd"], "Total") is table

"""Difference that the prices of a later day make: the rows in use that changed, and each option's cost."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass
from datetime import date
from typing import Any, Final

import pandas as pd

from frames.frame import frame
from frames.registry import columns
from i18n.errors import CrossoverError
from pricing.rows import TABLES, ExchangeRate, Fact
from pricing.rows.prices import all_prices

from .compare import Comparison, compare

NEWER_PRICES: Final = columns(
    "table id field before_price after_price effective_from checked_on source layer"
)
"""Columns of the prices in use that differ on the later day. `after_price` is missing where there is none."""
COST_EFFECTS: Final = columns("option before_usd_per_month after_usd_per_month change_share")
"""Columns of the options' monthly costs on both days; missing where an option cannot be used."""


@dataclass(frozen=True, slots=True)
class PriceUpdate:
    """What changes if a comparison moves to the prices of another day."""

    on: date
    to: date
    prices: pd.DataFrame
    """Columns NEWER_PRICES; a row for each price that differs."""
    rows: int
    """Number of price rows in use that another row replaces, or that end."""
    costs: pd.DataFrame
    """Columns COST_EFFECTS; a row for each option."""
    error: CrossoverError | None = None
    """Why the comparison cannot be priced on the later day."""


def newer_rows(comparison: Comparison, to: date) -> int:
    """Number of price rows in use that another row replaces by that day, or that end by then."""
    return len(list(_changed(comparison, to)))


def price_update(comparison: Comparison, to: date) -> PriceUpdate:
    """The difference between the prices of the comparison's day and those of `to`."""
    changed = list(_changed(comparison, to))
    error: CrossoverError | None = None
    after: Comparison | None = None
    try:
        after = compare(comparison.scenario.pinned(to), comparison.book)
    except CrossoverError as problem:
        error = problem
    return PriceUpdate(
        on=comparison.scenario.on,
        to=to,
        prices=frame(
            NEWER_PRICES,
            (record for table, old, new in changed for record in _price_records(table, old, new)),
        ),
        rows=len(changed),
        costs=frame(COST_EFFECTS, _effects(comparison, after)),
        error=error,
    )


def _changed(comparison: Comparison, to: date) -> Iterator[tuple[str, Fact, Fact | None]]:
    """(table, row in use, row on the later day) where they differ."""
    book = comparison.book
    now, later = book.on(comparison.scenario.on), book.on(to)
    used = {(line.price.ref, line.price.source) for outcome in comparison.outcomes for line in outcome.lines}
    for table, row_id in book.ids():
        kind = TABLES[table]
        row = now.rows(kind).get(row_id)
        is_rate = kind is ExchangeRate and row_id == comparison.scenario.currency
        if row is None or not (is_rate or (row.ref, row.source) in used):
            continue
        new = later.rows(kind).get(row_id)
        if new is None or new.ref != row.ref:
            yield table, row, new


def _price_records(table: str, old: Fact, new: Fact | None) -> Iterator[dict[str, Any]]:
    before = dict(all_prices(old))
    after = dict(all_prices(new)) if new is not None else {}
    fields = [name for name in {**before, **after} if before.get(name) != after.get(name)]
    shown = new or old
    for field in fields:
        yield {
            "table": table,
            "id": old.id,
            "field": field,
            "before_price": before.get(field),
            "after_price": after.get(field),
            "effective_from": getattr(shown, "effective_from", None),
            "checked_on": shown.checked_on,
            "source": shown.source,
            "layer": shown.layer,
        }


def _effects(before: Comparison, after: Comparison | None) -> Iterator[dict[str, Any]]:
    later = after.outcomes if after is not None else (None,) * len(before.outcomes)
    for old, new in zip(before.outcomes, later, strict=True):
        usd = old.usd_per_month if old.is_feasible else None
        usd_after = new.usd_per_month if new is not None and new.is_feasible else None
        yield {
            "option": str(old.name),
            "before_usd_per_month": usd,
            "after_usd_per_month": usd_after,
            "change_share": float(usd_after / usd - 1) if usd and usd_after is not None else None,
        }

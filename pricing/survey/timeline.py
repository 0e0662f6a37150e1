"""Prices over time: the periods of a price, announced ones included, and the offers that end soon."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from datetime import date, timedelta
from decimal import Decimal
from typing import Any, Final

import pandas as pd

from frames.frame import frame, records
from frames.registry import columns
from i18n.message import N_

from ..book import PriceBook
from ..rows import TABLES, DatedFact, Fact, LifecycleDates, LifecycleState, lifecycle_of
from ..rows.prices import own_prices
from .market import ENDED, ENDS, PRICE_TABLES, ends_of, state_on

PRICE_CHANGES: Final = N_("new price")
RAN_OUT: Final = N_("guarantee has run out")
_PASSED_COUNT: Final = frozenset({"guaranteed_until"})
"""Event kinds that still matter after their day: an expired guarantee may be followed by any price."""


PRICE_HISTORY: Final = columns("table id field price first_day last_day announced source checked_on layer")
"""Columns of a price's periods: from its first day to its last, missing: until further notice.

`price` is missing where it is not known; `announced` is whether the period starts after the day of the query.
"""

PRICE_STEPS: Final = columns("table id day price announced")
"""Columns of a price's line: this price from this day on, missing: none; `announced`: after today."""

ENDINGS: Final = columns(
    "day days_left table vendor id ending input_now input_then output_now output_then source"
)
"""Columns of offers that end and prices that change. Negative `days_left`: passed.

`ending` is a value of ENDS, PRICE_CHANGES or RAN_OUT; a missing price is not announced. USD per Mtok.
"""


def price_history(book: PriceBook, keys: Sequence[tuple[str, str]], field: str, today: date) -> pd.DataFrame:
    """Periods of one price of each (table, id), oldest first; none for an id that never had such a price."""
    rows: list[dict[str, Any]] = []
    for table, row_id in keys:
        own = _periods(book, table, row_id, field, today)
        if any(period["price"] is not None for period in own):
            rows += own
    return frame(PRICE_HISTORY, rows)


def _periods(book: PriceBook, table: str, row_id: str, field: str, today: date) -> list[dict[str, Any]]:
    history = [row for row in book.history(TABLES[table], row_id) if isinstance(row, DatedFact)]
    nexts: Sequence[DatedFact | None] = [*history[1:], None]
    return [
        {
            "table": table,
            "id": row_id,
            "field": field,
            "price": own_prices(row).get(field),
            "first_day": row.effective_from,
            "last_day": _last_day(row, after),
            "announced": row.effective_from > today,
            "source": row.source,
            "checked_on": row.checked_on,
            "layer": row.layer,
        }
        for row, after in zip(history, nexts, strict=False)
    ]


def _last_day(row: DatedFact, after: DatedFact | None) -> date | None:
    ends = [row.effective_to] if row.effective_to is not None else []
    if after is not None:
        ends.append(after.effective_from - timedelta(days=1))
    return min(ends, default=None)


def price_steps(history: pd.DataFrame, today: date, until: date) -> pd.DataFrame:
    """The corners of the lines of a price history up to `until`; the last repeats the price in force then."""
    lines: dict[tuple[str, str], list[dict[str, Any]]] = {}
    for period in records(history):
        lines.setdefault((period["table"], period["id"]), []).append(period)
    return frame(
        PRICE_STEPS,
        (
            {"table": table, "id": row_id, "day": day, "price": price, "announced": day > today}
            for (table, row_id), periods in lines.items()
            for day, price in sorted(_corners(periods, until).items())
        ),
    )


def _corners(periods: Sequence[Mapping[str, Any]], until: date) -> dict[date, Decimal | None]:
    """Day -> price from that day on; None: no price."""
    corners: list[tuple[date, Decimal | None]] = []
    for period in periods:
        if period["first_day"] > until:
            break
        corners.append((period["first_day"], period["price"]))
        last = period["last_day"]
        if last is not None and last < until:
            corners.append((last + timedelta(days=1), None))
    kept = dict(corners)  # a next price starts where the one before ends
    if corners:
        kept.setdefault(until, corners[-1][1])
    return kept


def last_shown_day(history: pd.DataFrame, today: date, margin_days: int) -> date:
    """End of a chart of this history: some days after today and after the last announced price."""
    last: date = max(history["first_day"], default=today)
    return max(last, today) + timedelta(days=margin_days)


def endings(book: PriceBook, today: date, within_days: int) -> pd.DataFrame:
    """Offers that end within `within_days` days, announced price changes, and expired guarantees."""
    ending_rows: list[dict[str, Any]] = []
    for table, row_id in book.ids():
        if table not in PRICE_TABLES:
            continue
        history = [row for row in book.history(TABLES[table], row_id) if isinstance(row, DatedFact)]
        started = [row for row in history if row.effective_from <= today]
        if not started or state_on(started[-1], today) in (LifecycleState.SHUT_DOWN, ENDED):
            continue
        now, coming = started[-1], history[len(started) :]
        for name, day in ends_of(now).items():
            left = (day - today).days
            if any(row.effective_from == day + timedelta(days=1) for row in coming):
                continue  # the announced price is reported below
            if 0 <= left <= within_days:
                then = next((row for row in coming if row.effective_from > day), None)
                ending = _ending(table, now, then, day, today, ENDS[name])
                if name in LifecycleDates.model_fields:
                    ending["source"] = lifecycle_of(now).source
                ending_rows.append(ending)
            elif left < 0 and name in _PASSED_COUNT:
                ending_rows.append(_ending(table, now, None, day, today, RAN_OUT))
        for row in coming:
            ending_rows.append(_ending(table, now, row, row.effective_from, today, PRICE_CHANGES))
    ending_rows.sort(key=lambda ending: (ending["day"], ending["table"], ending["id"]))
    return frame(ENDINGS, ending_rows)


def _ending(table: str, now: Fact, then: Fact | None, day: date, today: date, ending: str) -> dict[str, Any]:
    before = own_prices(now)
    after = own_prices(then) if then is not None else {}
    return {
        "day": day,
        "days_left": (day - today).days,
        "table": table,
        "vendor": str(getattr(now, "vendor", "")),
        "id": now.id,
        "ending": ending,
        "input_now": before.get("input_usd_per_mtok"),
        "input_then": after.get("input_usd_per_mtok"),
        "output_now": before.get("output_usd_per_mtok"),
        "output_then": after.get("output_usd_per_mtok"),
        "source": (then or now).source,
    }

"""Prices over time: the periods of a price, announced ones included, and the offers that end soon."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import date, timedelta
from decimal import Decimal
from typing import Final

from i18n.message import N_

from ..book import PriceBook
from ..rows import TABLES, DatedFact, Fact
from .market import ENDS, PRICE_TABLES, ends_of, price_fields, state_on

PRICE_CHANGES: Final = N_("new price")
RAN_OUT: Final = N_("guarantee has run out")
_PASSED_COUNT: Final = frozenset({"guaranteed_until"})
"""Event kinds that still matter after their day: an expired guarantee may be followed by any price."""


@dataclass(frozen=True, slots=True)
class PricePeriod:
    """One price of one id, from its first day to its last."""

    table: str
    id: str
    field: str
    price: Decimal | None
    """None: not known for this period."""
    first_day: date
    last_day: date | None
    """None: until further notice."""
    announced: bool
    """Whether it starts after the day of the query."""
    source: str
    checked_on: date
    layer: str


def periods(book: PriceBook, table: str, row_id: str, field: str, today: date) -> list[PricePeriod]:
    """The history of one price, oldest first; empty if the id never had such a price."""
    history = [row for row in book.history(TABLES[table], row_id) if isinstance(row, DatedFact)]
    nexts: Sequence[DatedFact | None] = [*history[1:], None]
    price_periods = [
        PricePeriod(
            table=table,
            id=row_id,
            field=field,
            price=price_fields(row).get(field),
            first_day=row.effective_from,
            last_day=_last_day(row, after),
            announced=row.effective_from > today,
            source=row.source,
            checked_on=row.checked_on,
            layer=row.layer,
        )
        for row, after in zip(history, nexts, strict=False)
    ]
    return price_periods if any(period.price is not None for period in price_periods) else []


def _last_day(row: DatedFact, after: DatedFact | None) -> date | None:
    ends = [row.effective_to] if row.effective_to is not None else []
    if after is not None:
        ends.append(after.effective_from - timedelta(days=1))
    return min(ends, default=None)


@dataclass(frozen=True, slots=True)
class Step:
    """A step of a price's line: this price from this day on; None: no price."""

    day: date
    price: Decimal | None


def steps(periods: Sequence[PricePeriod], until: date) -> list[Step]:
    """The steps of one price's line up to `until`; the last one repeats the price in force then."""
    corners: list[Step] = []
    for period in periods:
        if period.first_day > until:
            break
        corners.append(Step(period.first_day, period.price))
        last = period.last_day
        if last is not None and last < until:
            corners.append(Step(last + timedelta(days=1), None))
    kept = {corner.day: corner for corner in corners}  # a next price starts where the one before ends
    if corners and until not in kept:
        kept[until] = Step(until, corners[-1].price)
    return [kept[day] for day in sorted(kept)]


def split(corners: Sequence[Step], today: date) -> tuple[list[Step], list[Step]]:
    """(up to today, from today on), both with the price of today at the joint, if there is one."""
    past = [corner for corner in corners if corner.day <= today]
    future = [corner for corner in corners if corner.day > today]
    if not past or not future:
        return past, future
    joint = Step(today, past[-1].price)
    return ([*past, joint] if past[-1].day < today else past), [joint, *future]


def last_shown_day(periods: Sequence[PricePeriod], today: date, margin_days: int) -> date:
    """End of a chart of these periods: some days after today and after the last announced price."""
    last = max((period.first_day for period in periods), default=today)
    return max(last, today) + timedelta(days=margin_days)


@dataclass(frozen=True, slots=True)
class Ending:
    """An offer that ends, or a price that changes, on a known day; prices are USD per Mtok."""

    day: date
    days_left: int
    """Negative: it has passed."""
    table: str
    vendor: str
    id: str
    what: str
    """A value of ENDS, PRICE_CHANGES or RAN_OUT."""
    input_now: Decimal | None
    input_then: Decimal | None
    """None where no price is announced for the time after."""
    output_now: Decimal | None
    output_then: Decimal | None
    source: str


def endings(book: PriceBook, today: date, within_days: int) -> list[Ending]:
    """Offers that end within `within_days` days, announced price changes, and expired guarantees."""
    ending_rows: list[Ending] = []
    for table, row_id in book.ids():
        if table not in PRICE_TABLES:
            continue
        history = [row for row in book.history(TABLES[table], row_id) if isinstance(row, DatedFact)]
        started = [row for row in history if row.effective_from <= today]
        if not started or state_on(started[-1], today) in ("retired", "ended"):
            continue
        now, coming = started[-1], history[len(started) :]
        for name, day in ends_of(now).items():
            left = (day - today).days
            if any(row.effective_from == day + timedelta(days=1) for row in coming):
                continue  # the announced price is reported below
            if 0 <= left <= within_days:
                then = next((row for row in coming if row.effective_from > day), None)
                ending_rows.append(_ending(table, now, then, day, today, ENDS[name]))
            elif left < 0 and name in _PASSED_COUNT:
                ending_rows.append(_ending(table, now, None, day, today, RAN_OUT))
        for row in coming:
            ending_rows.append(_ending(table, now, row, row.effective_from, today, PRICE_CHANGES))
    return sorted(ending_rows, key=lambda ending: (ending.day, ending.table, ending.id))


def _ending(table: str, now: Fact, then: Fact | None, day: date, today: date, what: str) -> Ending:
    before = price_fields(now)
    after = price_fields(then) if then is not None else {}
    return Ending(
        day=day,
        days_left=(day - today).days,
        table=table,
        vendor=str(getattr(now, "vendor", "")),
        id=now.id,
        what=what,
        input_now=before.get("input_usd_per_mtok"),
        input_then=after.get("input_usd_per_mtok"),
        output_now=before.get("output_usd_per_mtok"),
        output_then=after.get("output_usd_per_mtok"),
        source=(then or now).source,
    )

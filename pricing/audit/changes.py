"""Warnings about changes of price tables that are probably mistakes; a change is confirmed, not forbidden."""

from __future__ import annotations

from collections.abc import Iterator
from datetime import date
from decimal import Decimal
from typing import Final

from i18n.message import Message, figure, message

from ..book import PriceBook
from ..rows import TABLES, DatedFact, Fact
from ..rows.prices import all_prices

FACTOR: Final = 2
"""Ratio to the price before beyond which a change is confirmed."""
PER_TOKEN_BELOW: Final = Decimal("0.001")
"""A price per million tokens below this is read as one per token: no offer is so cheap, and 1,000 USD per
million tokens are 0.001 USD per token."""
_PER_MTOK: Final = "_per_mtok"

Doubt = tuple[str, Message]
"""(field, what looks wrong)."""


def per_token_doubts(row: Fact) -> Iterator[Doubt]:
    """Prices of a row that look like USD per token instead of USD per million tokens."""
    for field, usd in all_prices(row):
        if field.endswith(_PER_MTOK) and 0 < usd < PER_TOKEN_BELOW:
            yield (
                field,
                message(
                    "{usd} looks like USD per token (per million tokens it is {per_mtok})",
                    usd=f"{usd:f}",
                    per_mtok=f"{(usd * 1_000_000).normalize():f}",
                ),
            )


def change_warnings(old: PriceBook, new: PriceBook, today: date) -> list[Message]:
    """Doubtful changes from one book to another, by table and row."""
    warnings: list[Message] = []
    for table, row_id in sorted({*old.ids(), *new.ids()}):
        before = {row.ref: row for row in old.history(TABLES[table], row_id)}
        after = new.history(TABLES[table], row_id)
        refs = {row.ref for row in after}
        for place, row in enumerate(after):
            if _is_same(before.get(row.ref), row):
                continue
            earlier = before.get(row.ref) or (after[place - 1] if place else None)
            warnings += [
                _at(table, row, field, what)
                for field, what in _doubts(row, before.get(row.ref), earlier, today)
            ]
        warnings += [
            _at(table, row, "effective_from", _PAST_REMOVED)
            for ref, row in before.items()
            if ref not in refs and _is_past(row, today)
        ]
    return warnings


_PAST_REMOVED: Final = message("removes a price that was in force: earlier costs can no longer be calculated")


def _at(table: str, row: Fact, field: str, what: Message) -> Message:
    return message("{place}: {field}: {what}", place=f"{table}.yaml: {row.ref}", field=field, what=what)


def _is_same(before: Fact | None, after: Fact) -> bool:
    """Whether the row itself is unchanged, whatever its lifecycle is now."""
    return before is not None and before.with_lifecycle(None) == after.with_lifecycle(None)


def _doubts(row: Fact, same: Fact | None, earlier: Fact | None, today: date) -> Iterator[Doubt]:
    """`same` is the row as it was; `earlier` that, or else the row that a new one follows."""
    yield from per_token_doubts(row)
    if isinstance(row, DatedFact) and row.effective_from > row.checked_on:
        yield (
            "effective_from",
            message(
                "{start} is after checked_on, {checked} (right only for an announced price)",
                start=row.effective_from.isoformat(),
                checked=row.checked_on.isoformat(),
            ),
        )
    if row.checked_on > today:
        yield "checked_on", message("{checked} is in the future", checked=row.checked_on.isoformat())
    if earlier is not None:
        yield from _ratio_doubts(dict(all_prices(earlier)), dict(all_prices(row)))
    if same is not None and _is_past(same, today) and dict(all_prices(same)) != dict(all_prices(row)):
        yield (
            "effective_from",
            message(
                "changes a price that is in force since {start}: earlier costs change too (add a new row "
                "with a later effective_from)",
                start=getattr(same, "effective_from", today).isoformat(),
            ),
        )


def _ratio_doubts(before: dict[str, Decimal], after: dict[str, Decimal]) -> Iterator[Doubt]:
    for field, usd in after.items():
        old = before.get(field)
        if old is None or old == usd:
            continue
        if not old or not usd:
            yield field, message("{old} becomes {new}", old=f"{old:f}", new=f"{usd:f}")
        elif not Decimal(1) / FACTOR <= usd / old <= FACTOR:
            ratio = usd / old
            yield (
                field,
                message(
                    "{old} becomes {new}: {factor}", old=f"{old:f}", new=f"{usd:f}", factor=_factor(ratio)
                ),
            )


def _factor(ratio: Decimal) -> str:
    """A ratio as people say it: × 2.5, or ÷ 4."""
    return f"× {figure(float(ratio), 4)}" if ratio > 1 else f"÷ {figure(float(1 / ratio), 4)}"


def _is_past(row: Fact, today: date) -> bool:
    """Whether the row was in force before today."""
    return isinstance(row, DatedFact) and row.effective_from < today

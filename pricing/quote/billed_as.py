"""Histories of models whose vendor bills them as their successor from a day on."""

from __future__ import annotations

from datetime import timedelta

from ..book import PriceBook
from ..rows import DatedFact, lifecycle_of

History = tuple[DatedFact, ...]


def as_billed(history: History, book: PriceBook) -> History:
    """The history, and from the day on which the vendor bills the successor the successor's rows."""
    if not history:
        return history
    newest = history[-1]
    lifecycle = lifecycle_of(newest)
    day, successor = lifecycle.billed_as_successor_from, lifecycle.successor
    if day is None or successor is None:
        return history
    rows = book.history(type(newest), successor)
    started = [row for row in rows if row.effective_from <= day]
    if not started:
        return history
    own = tuple(row for row in history if row.effective_from < day)
    last = own[-1].effective_to if own else None
    ended = day - timedelta(days=1)
    kept = tuple(row.with_lifecycle(None) for row in own)
    if kept and (last is None or last > ended):
        kept = (*kept[:-1], kept[-1].model_copy(update={"effective_to": ended}))
    first = started[-1].model_copy(update={"effective_from": day})
    return (*kept, first, *(row for row in rows if row.effective_from > day))

"""Proposals of new rows where the catalogue differs from our newest rows of models and embeddings."""

from __future__ import annotations

from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass
from datetime import date
from typing import Final

from ..book import PriceBook
from ..rows import DatedFact, EmbeddingPrice, ModelPrice, Rates, ServiceTiers, Tiered, Window

KINDS: Final[Mapping[str, type[ModelPrice] | type[EmbeddingPrice]]] = {
    "models": ModelPrice,
    "embeddings": EmbeddingPrice,
}
"""Compared tables and their row classes."""

RATES: Final = tuple(Rates.model_fields)
EMBEDDING_RATES: Final = ("input_usd_per_mtok", "batch_input_usd_per_mtok")
TIERS: Final = tuple(ServiceTiers.model_fields)


@dataclass(frozen=True, slots=True)
class Proposal:
    """A price of the catalogue that differs from our row in force on its day."""

    old: ModelPrice | EmbeddingPrice
    new: ModelPrice | EmbeddingPrice
    effective_from: date
    fields: tuple[str, ...]
    """Names of the different fields; service tiers by name, as service_tiers.batch."""


def proposals(
    book: PriceBook, catalogue: Mapping[str, Sequence[DatedFact]], today: date, table: str = "models"
) -> Iterator[Proposal]:
    """Rows for which the catalogue's current or announced price differs from ours.

    What either does not know, be it a tier of service or hours of the day, is no difference. A day on which
    we have a row already is left to a person.
    """
    kind = KINDS[table]
    for place, row_id in book.ids():
        if place != table or row_id not in catalogue:
            continue
        own = book.history(kind, row_id)
        theirs = [row for row in catalogue[row_id] if isinstance(row, kind)]
        started = [row for row in theirs if row.effective_from <= today]
        later = [row for row in theirs if row.effective_from > today]
        for row in (*started[-1:], *later):
            day = max(row.effective_from, today) if row in started else row.effective_from
            ours = [mine for mine in own if mine.effective_from <= day]
            if not ours:
                continue
            fields = tuple(_differences(ours[-1], row))
            if fields and ours[-1].effective_from < day:
                yield Proposal(ours[-1], row, day, fields)


def _differences(ours: DatedFact, theirs: DatedFact) -> Iterator[str]:
    if isinstance(ours, EmbeddingPrice) and isinstance(theirs, EmbeddingPrice):
        yield from _other_rates(ours, theirs, EMBEDDING_RATES)
    if isinstance(ours, ModelPrice) and isinstance(theirs, ModelPrice):
        yield from _other_tiered(ours, theirs)
        for tier in TIERS:
            mine, other = getattr(ours.service_tiers, tier), getattr(theirs.service_tiers, tier)
            if mine is not None and other is not None and any(_other_tiered(mine, other)):
                yield f"service_tiers.{tier}"
        if ours.windows and theirs.windows and not _same_hours(ours.windows, theirs.windows):
            yield "windows"


def _other_rates(ours: object, theirs: object, names: Sequence[str] = RATES) -> Iterator[str]:
    """Rates known to them that ours lack or state differently."""
    for name in names:
        known = getattr(theirs, name)
        if known is not None and getattr(ours, name) != known:
            yield name


def _other_tiered(ours: Tiered, theirs: Tiered) -> Iterator[str]:
    yield from _other_rates(ours, theirs)
    if theirs.context_tiers and not _same_cliffs(ours, theirs):
        yield "context_tiers"


def _same_cliffs(ours: Tiered, theirs: Tiered) -> bool:
    return len(ours.context_tiers) == len(theirs.context_tiers) and all(
        mine.above_prompt_tokens == other.above_prompt_tokens and not any(_other_rates(mine, other))
        for mine, other in zip(ours.context_tiers, theirs.context_tiers, strict=True)
    )


def _same_hours(ours: Sequence[Window], theirs: Sequence[Window]) -> bool:
    """Whether the same hours of the same days have the same rates, in whatever order they are written."""
    mine, others = sorted(ours, key=_hours), sorted(theirs, key=_hours)
    return list(map(_hours, mine)) == list(map(_hours, others)) and not any(
        any(_other_tiered(own, other)) for own, other in zip(mine, others, strict=True)
    )


def _hours(window: Window) -> tuple[str, str, tuple[str, ...]]:
    return window.from_utc, window.to_utc, tuple(sorted(window.weekdays))

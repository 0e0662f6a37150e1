"""Company discounts: the row class, and exact discounted prices of a book."""

from __future__ import annotations

from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass
from datetime import date, timedelta
from decimal import Decimal, Inexact, localcontext
from fnmatch import fnmatchcase
from itertools import combinations, pairwise
from typing import Annotated, Any, Final, Literal, Self, cast, get_args

from pydantic import AfterValidator, BaseModel, ConfigDict, Field, WithJsonSchema, model_validator

from i18n.errors import CrossoverError
from i18n.message import Message, literal, message

from .book import suggestion
from .names.suggest import product_hint
from .rows import Dated, DatedFact, Evidence, Fact, Number, Positive, Text, WrittenEvidence

Discountable = Literal[
    "models",
    "finetunes",
    "training",
    "embeddings",
    "tool_fees",
    "provisioned",
    "gpu_offers",
    "gpu_rent",
    "gpu_purchase",
]
DISCOUNTABLE: Final[tuple[Discountable, ...]] = get_args(Discountable)

_DIGITS: Final = 100
"""Decimal precision above that of any product of two table values, so that no product is rounded."""


def _assumed(evidence: Evidence) -> Evidence:
    if evidence != Evidence.ASSUMED:
        raise ValueError(f"'{evidence}': only 'assumed' is possible (leave it out)")
    return evidence


AssumedEvidence = Annotated[
    WrittenEvidence,
    AfterValidator(_assumed),
    WithJsonSchema({"const": "assumed", "title": "Evidence", "type": "string"}),
]


class Discount(Dated):
    """A share off list prices that a company was granted."""

    model_config = ConfigDict(
        json_schema_extra={"oneOf": [{"required": ["vendor"]}, {"required": ["model"]}]}
    )

    vendor: Text | None = None
    """All offers of this vendor; alternatively `model`:"""
    model: Text | None = None
    """The id of a row, or ids by a wildcard."""
    share_off: Annotated[Number, Field(lt=1, decimal_places=6)]
    """0.15 is 15 % off; 0 makes an exception from a wider discount."""
    applies_to: tuple[Discountable, ...] = ("models", "finetunes")
    """The tables whose prices it lowers."""
    committed_usd_per_month: Positive | None = None
    """The spending that the company committed to in return."""
    evidence: AssumedEvidence = Evidence.ASSUMED
    """No page shows a contract. A discounted price keeps the evidence of its list price."""

    @model_validator(mode="after")
    def _one_target(self) -> Self:
        if (self.vendor is None) == (self.model is None):
            raise ValueError("give exactly one of vendor and model (two targets are two discounts)")
        if not self.applies_to:
            raise ValueError("applies_to: names no table (leave it out for models and finetunes)")
        return self

    @property
    def rank(self) -> int:
        """Specificity: the highest applies."""
        if self.model is None:
            return 0
        return 1 if "*" in self.model else 2

    def covers(self, table: str, row: Fact) -> bool:
        """Whether it lowers this row's prices, on the days on which both hold."""
        if table not in self.applies_to:
            return False
        if self.model is None:
            return getattr(row, "vendor", None) == self.vendor
        return fnmatchcase(row.id, self.model) if self.rank == 1 else row.id == self.model

    @property
    def words(self) -> str:
        """Text for the note of a discounted row."""
        percent = f"{(self.share_off * 100).normalize():f}"
        under = self.committed_usd_per_month
        commitment = "" if under is None else f", under a commitment of {under:,f} USD per month"
        return f"{percent} % off by discount '{self.id}' ({self.layer}){commitment}"


@dataclass(frozen=True, slots=True)
class _Period:
    """A discount from its first day to its last, and where it is written."""

    discount: Discount
    last: date
    place: str

    @property
    def first(self) -> date:
        return self.discount.effective_from

    def holds(self, day: date) -> bool:
        return self.first <= day <= self.last

    def overlaps(self, other: _Period) -> bool:
        return self.first <= other.last and other.first <= self.last


def discounted(
    tables: Mapping[str, Sequence[Fact]], discounts: Iterable[tuple[Discount, str]]
) -> dict[str, list[Fact]]:
    """The rows with all discounts applied, each split at the days on which a discount starts or ends.

    `discounts` come with their places. Raises CrossoverError for one that lowers nothing, and for two
    that are equally specific, overlap in time and lower the same row.
    """
    periods = _periods(discounts)
    discounted_tables = {table: list(rows) for table, rows in tables.items()}
    errors = [
        error
        for period in periods
        if not any(period.discount.covers(table, row) for table in tables for row in tables[table])
        for error in [_lowers_nothing(period, tables)]
    ]
    clashes: dict[tuple[str, str], Message] = {}
    for table in DISCOUNTABLE:
        histories: dict[str, list[DatedFact]] = {}
        for row in tables.get(table, ()):
            histories.setdefault(row.id, []).append(cast(DatedFact, row))
        discounted_tables[table] = []
        for history in histories.values():
            over = [p for p in periods if any(p.discount.covers(table, row) for row in history)]
            for first, other in combinations(over, 2):
                if first.discount.rank == other.discount.rank and first.overlaps(other):
                    clashes.setdefault((other.place, first.place), _clash(other, first, history[0].id))
            discounted_tables[table] += _cut(table, history, over) if over else history
    errors += clashes.values()
    if errors:
        raise CrossoverError(*errors)
    return discounted_tables


def _periods(discounts: Iterable[tuple[Discount, str]]) -> list[_Period]:
    """Each until its last day, or the day before the next row of the same id."""
    by_id: dict[str, list[tuple[Discount, str]]] = {}
    for discount, place in discounts:
        by_id.setdefault(discount.id, []).append((discount, place))
    periods: list[_Period] = []
    for rows in by_id.values():
        rows.sort(key=lambda item: item[0].effective_from)
        nexts = [row.effective_from for row, _ in rows[1:]]
        for (row, place), following in zip(rows, [*nexts, None], strict=True):
            periods.append(_Period(row, _last(row, following), place))
    return periods


def _last(row: Dated, following: date | None) -> date:
    """The last day on which a row holds."""
    until_next = date.max if following is None else following - timedelta(days=1)
    return min(until_next, row.effective_to or date.max)


def _cut(table: str, rows: Sequence[DatedFact], periods: Sequence[_Period]) -> list[Fact]:
    """All rows of one id, split where a discount starts or ends, with the discounts applied."""
    history = sorted(rows, key=lambda row: row.effective_from)
    nexts: list[date | None] = [row.effective_from for row in history[1:]]
    cut_rows: list[Fact] = []
    for row, following in zip(history, [*nexts, None], strict=True):
        last = _last(row, following)
        days = {row.effective_from}
        for period in periods:
            after = period.last + timedelta(days=1) if period.last < date.max else None
            days |= {day for day in (period.first, after) if day and row.effective_from < day <= last}
        ordered = sorted(days)
        winners = [_winner(table, row, periods, day) for day in ordered]
        cut_rows.append(_priced(row, row.effective_from, winners[0]))
        for (before, winner), day in zip(pairwise(winners), ordered[1:], strict=True):
            if winner is not before:
                cut_rows.append(_priced(row, day, winner, before))
    return cut_rows


def _winner(table: str, row: Fact, periods: Iterable[_Period], day: date) -> Discount | None:
    holding = [p.discount for p in periods if p.holds(day) and p.discount.covers(table, row)]
    return max(holding, key=lambda discount: discount.rank, default=None)


def _priced(row: DatedFact, day: date, discount: Discount | None, ended: Discount | None = None) -> DatedFact:
    """The row from that day on, at list price or discounted."""
    changes: dict[str, Any] = {"effective_from": day}
    if discount is None or not discount.share_off:
        if ended is not None and ended.share_off:
            words = f"list price again after discount '{ended.id}' ({ended.layer})"
            changes["note"] = _joined(row.note, words)
        return row.model_copy(update=changes)
    with localcontext(prec=_DIGITS) as exact:
        exact.traps[Inexact] = True
        changes |= _times(row, 1 - discount.share_off)
    changes["note"] = _joined(row.note, discount.words)
    changes["source"] = _joined(row.source, f"discount '{discount.id}': {discount.source}")
    return row.model_copy(update=changes).in_layer(discount.layer)


def _joined(text: str, more: str) -> str:
    return f"{text}; {more}" if text else more


def _times(row: BaseModel, factor: Decimal) -> dict[str, Any]:
    """Every price in USD of a row, and of the rates inside it, times a factor."""
    changes: dict[str, Any] = {}
    for name, value in row:
        if isinstance(value, Decimal) and "usd" in name:
            changes[name] = value * factor
        elif isinstance(value, BaseModel):
            changes[name] = value.model_copy(update=_times(value, factor))
        elif isinstance(value, tuple) and any(isinstance(item, BaseModel) for item in value):
            changes[name] = tuple(item.model_copy(update=_times(item, factor)) for item in value)
    return changes


def _clash(period: _Period, other: _Period, row_id: str) -> Message:
    return message(
        "{place}: {id}: as specific as {other}, and both lower '{row}' on the same days (end or remove one)",
        place=period.place,
        id=period.discount.id,
        other=other.place,
        row=row_id,
    )


def _lowers_nothing(period: _Period, tables: Mapping[str, Sequence[Fact]]) -> Message:
    discount = period.discount
    among = [row for table in discount.applies_to for row in tables.get(table, ())]
    if discount.model is None:
        field, target = "vendor", discount.vendor or ""
        known = {vendor for row in among if (vendor := getattr(row, "vendor", None))}
    else:
        field, target = "model", discount.model
        known = {row.id for row in among}
    anywhere = discount.model_copy(update={"applies_to": DISCOUNTABLE})
    elsewhere = [
        table for table in DISCOUNTABLE if any(anywhere.covers(table, row) for row in tables.get(table, ()))
    ]
    hint = (
        message("; it stands in {tables} (name that in applies_to)", tables=", ".join(elsewhere))
        if elsewhere
        else suggestion(target, sorted(known))
        if discount.model is None
        else product_hint(target, sorted(known))
    )
    return message(
        "{place}: {id}: {field}: '{target}' is in none of {tables}{hint}",
        place=period.place,
        id=discount.id,
        field=literal(field),
        target=target,
        tables=", ".join(discount.applies_to),
        hint=hint,
    )

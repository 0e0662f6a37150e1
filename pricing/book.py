"""PriceBook: all rows of all days; PricesOnDay: those in force on one day, by id, with "did you mean"."""

from __future__ import annotations

import difflib
import hashlib
from collections.abc import Iterable, Mapping
from dataclasses import dataclass, field
from datetime import date, timedelta
from functools import cached_property
from types import MappingProxyType
from typing import Final, TypeVar

from i18n.errors import CrossoverError
from i18n.message import Message, literal, message

from .catalogue import catalogue
from .names.model_names import ModelNames
from .names.suggest import product_hint
from .rows import (
    SHIPPED_LAYER,
    TABLES,
    DatedFact,
    Deployment,
    EmbeddingPrice,
    Fact,
    Gpu,
    GpuPurchase,
    GpuRent,
    Lifecycle,
    ModelPrice,
    OpenModel,
    ThroughputPrior,
    Tokenizer,
    TunedPrice,
    lifecycle_of,
    writes_own,
)

Row = TypeVar("Row", bound=Fact)

QUOTED: Final = (ModelPrice, TunedPrice, EmbeddingPrice)
"""The tables whose rows price tokens."""


def suggestion(wrong: str, known: Iterable[str]) -> Message:
    """ "; did you mean 'x'?", or nothing where no known id is near."""
    known = list(known)
    by_tail = {name.lower().rsplit("/", 1)[-1]: name for name in known}
    candidates = {**{name.lower(): name for name in known}, **by_tail}
    near = difflib.get_close_matches(wrong.lower(), candidates, n=1, cutoff=0.6)
    if not near:
        return literal("")
    return message("; did you mean '{id}'?", id=candidates[near[0]])


@dataclass(frozen=True, slots=True)
class PricesOnDay:
    """The rows in force on one day: table -> id -> row."""

    day: date
    tables: Mapping[str, Mapping[str, Fact]]
    later: Mapping[tuple[str, str], date]
    """(table, id) -> first day, for ids whose first row starts after `day`."""
    ended: Mapping[tuple[str, str], date]
    """(table, id) -> last day, for ids whose last row before `day` has ended."""
    names: ModelNames = field(default_factory=lambda: ModelNames({}), compare=False, repr=False)
    """The resolver of model names: a row may be asked for as people write its name."""

    def rows(self, kind: type[Row]) -> Mapping[str, Row]:
        """All rows of one class, by id."""
        return self.tables[_TABLE_OF[kind]]  # type: ignore[return-value]

    def catalogue_ids(self) -> list[str]:
        """Models that only the catalogue prices on this day."""
        own = self.tables[_TABLE_OF[ModelPrice]]
        return sorted(i for i in catalogue().histories if i not in own and self._behind(i) is not None)

    def _behind(self, row_id: str) -> ModelPrice | None:
        """The catalogue's row of a model that our tables do not have."""
        key = (_TABLE_OF[ModelPrice], row_id)
        if key in self.later or key in self.ended:
            return None
        started = [row for row in catalogue().histories.get(row_id, ()) if row.effective_from <= self.day]
        return started[-1] if started and isinstance(started[-1], ModelPrice) else None

    def get(self, kind: type[Row], row_id: str) -> Row:
        """The row of `row_id` in force; raises CrossoverError with the nearest id.

        A model may be named as people write it. One that our tables do not have is taken from the
        catalogue, and marked so.
        """
        row_id = self.id_of(kind, row_id)
        rows = self.rows(kind)
        if row_id in rows:
            return rows[row_id]
        table = _TABLE_OF[kind]
        first = self.later.get((table, row_id))
        if first is not None:
            raise CrossoverError(
                message(
                    "no price for '{id}' on {day}: its first row starts on {first} (choose a later date)",
                    id=row_id,
                    day=self.day.isoformat(),
                    first=first.isoformat(),
                )
            )
        last = self.ended.get((table, row_id))
        if last is not None:
            raise CrossoverError(
                message(
                    "no price for '{id}' on {day}: its last row ended on {last} (choose an earlier date)",
                    id=row_id,
                    day=self.day.isoformat(),
                    last=last.isoformat(),
                )
            )
        behind = self._behind(row_id) if kind is ModelPrice else None
        if isinstance(behind, kind):
            return behind
        raise CrossoverError(
            message(
                "no price for '{id}' on {day} in {table}{hint}",
                id=row_id,
                day=self.day.isoformat(),
                table=table,
                hint=self._hint(kind, row_id),
            )
        )

    def id_of(self, kind: type[Fact], written: str) -> str:
        """The id of a row of this class that a name means; the name itself where it means none.

        Raises CrossoverError where the name is of a model that has no price per token.
        """
        if kind not in QUOTED or written in self.rows(kind):
            return written
        row_id = self.names.find(written)
        if isinstance(row_id, Message):
            raise CrossoverError(row_id)
        return written if row_id is None else row_id

    def _hint(self, kind: type[Fact], row_id: str) -> Message:
        rows = self.rows(kind)
        if kind not in QUOTED:
            return suggestion(row_id, rows)
        return product_hint(row_id, [*rows, *(self.catalogue_ids() if kind is ModelPrice else ())])

    def model(self, row_id: str) -> ModelPrice:
        return self.get(ModelPrice, row_id)

    def tuned(self, row_id: str) -> TunedPrice:
        return self.get(TunedPrice, row_id)

    def deployment(self, row_id: str) -> Deployment:
        return self.get(Deployment, row_id)

    def open_model(self, row_id: str) -> OpenModel:
        return self.get(OpenModel, row_id)

    def gpu(self, row_id: str) -> Gpu:
        return self.get(Gpu, row_id)

    def gpu_purchase(self, row_id: str) -> GpuPurchase:
        return self.get(GpuPurchase, row_id)

    def gpu_rent(self, row_id: str) -> GpuRent:
        return self.get(GpuRent, row_id)

    def tokenizer(self, row_id: str) -> Tokenizer:
        return self.get(Tokenizer, row_id)

    def throughput_prior(self, gpu: Gpu, mixture_of_experts: bool) -> ThroughputPrior:
        """The efficiencies of this class of GPU and model; raises CrossoverError if there is none."""
        for prior in self.rows(ThroughputPrior).values():
            if (prior.gpu_vendor, prior.gpu_kind, prior.mixture_of_experts) == (
                gpu.vendor,
                gpu.kind,
                mixture_of_experts,
            ):
                return prior
        raise CrossoverError(
            message(
                "throughput_priors: no row for {vendor} {kind} (add one, or choose another deployment)",
                vendor=gpu.vendor,
                kind=gpu.kind,
            )
        )


_TABLE_OF: dict[type[Fact], str] = {kind: table for table, kind in TABLES.items()}


class PriceBook:
    """Every row of every day, by table and id, oldest first."""

    def __init__(self, rows: Mapping[str, Iterable[Fact]]) -> None:
        self._history: dict[tuple[str, str], list[Fact]] = {}
        for table, table_rows in rows.items():
            for row in table_rows:
                self._history.setdefault((table, row.id), []).append(row)
        for history in self._history.values():
            history.sort(key=_starts)
        self._join_lifecycles()
        self._days: dict[date, PricesOnDay] = {}

    def _join_lifecycles(self) -> None:
        """Give every row the row of lifecycles.yaml with its id.

        A price row of a higher layer that has lifecycle fields of its own keeps them.
        """
        table = _TABLE_OF[Lifecycle]
        lifecycles = {row_id: rows[-1] for (name, row_id), rows in self._history.items() if name == table}
        for (name, row_id), history in self._history.items():
            if name == table:
                continue
            lifecycle = lifecycles.get(row_id)
            for index, row in enumerate(history):
                is_above = lifecycle is not None and writes_own(row) and row.layer != lifecycle.layer
                joined = None if is_above and row.layer != SHIPPED_LAYER else lifecycle
                if row.lifecycle_row is not joined:
                    history[index] = row.with_lifecycle(joined)

    def on(self, day: date) -> PricesOnDay:
        """The rows in force on `day`."""
        if day not in self._days:
            tables: dict[str, dict[str, Fact]] = {table: {} for table in TABLES}
            later: dict[tuple[str, str], date] = {}
            ended: dict[tuple[str, str], date] = {}
            for (table, row_id), history in self._history.items():
                started = [row for row in history if _starts(row) <= day]
                last = _ends(started[-1]) if started else None
                if not started:
                    later[table, row_id] = _starts(history[0])
                elif last is not None and last < day:
                    ended[table, row_id] = last
                else:
                    tables[table][row_id] = started[-1]
            views = {table: MappingProxyType(rows) for table, rows in tables.items()}
            self._days[day] = PricesOnDay(
                day,
                MappingProxyType(views),
                MappingProxyType(later),
                MappingProxyType(ended),
                self.names,
            )
        return self._days[day]

    def history(self, kind: type[Row], row_id: str) -> tuple[Row, ...]:
        """All rows of one id, oldest first, announced ones included."""
        return tuple(self._history.get((_TABLE_OF[kind], row_id), ()))  # type: ignore[arg-type]

    @cached_property
    def quoted(self) -> Mapping[str, type[DatedFact]]:
        """Id of every row that prices tokens -> its class; a model before a tuned model of the same id."""
        tables = [(_TABLE_OF[kind], kind) for kind in reversed(QUOTED)]
        return {row_id: kind for table, kind in tables for known, row_id in self._history if known == table}

    @cached_property
    def names(self) -> ModelNames:
        """The resolver of model names, with the catalogue behind our rows."""
        return ModelNames(self.bases)

    @cached_property
    def own_names(self) -> ModelNames:
        """The resolver of the names of our rows alone."""
        return ModelNames(self.bases, with_catalogue=False)

    @cached_property
    def bases(self) -> Mapping[str, str]:
        """Id of every row that prices tokens -> the model that was tuned, blank for other rows."""
        tuned = _TABLE_OF[TunedPrice]
        return {
            row_id: getattr(self._history[tuned, row_id][-1], "base_model", "") if kind is TunedPrice else ""
            for row_id, kind in self.quoted.items()
        }

    def ids(self) -> list[tuple[str, str]]:
        """(table, id) of everything in the book, in the order of the tables."""
        return list(self._history)

    def tables(self) -> dict[str, list[Fact]]:
        """Every row of every day, by table."""
        tables: dict[str, list[Fact]] = {table: [] for table in TABLES}
        for (table, _), history in self._history.items():
            tables[table] += history
        return tables

    @cached_property
    def content_hash(self) -> str:
        """The same for books of equal rows: says whether a figure was made with these prices."""
        digest = hashlib.sha256()
        for (table, row_id), history in sorted(self._history.items(), key=lambda item: item[0]):
            digest.update(f"{table}/{row_id}".encode())
            for row in history:
                digest.update(row.model_dump_json().encode())
        return digest.hexdigest()[:12]

    @cached_property
    def _own_change_days(self) -> frozenset[date]:
        """Cached: a book is immutable, and every slider move needs them."""
        days = {_starts(row) for history in self._history.values() for row in history[1:]}
        for history in self._history.values():
            for last in (lifecycle_of(history[-1]).new_jobs_until, *map(_ends, history)):
                if last is not None and last < date.max:
                    days.add(last + timedelta(days=1))
        return frozenset(days)

    def change_days(self, used: Iterable[str] = ()) -> list[date]:
        """Every day on which some price changes, or some offer ends, in order.

        Of the catalogue's models only those `used`.
        """
        days = set(self._own_change_days)
        for row_id in used:
            if "/" in row_id and (_TABLE_OF[ModelPrice], row_id) not in self._history:
                days.update(row.effective_from for row in catalogue().histories.get(row_id, ())[1:])
        return sorted(days)


def _starts(row: Fact) -> date:
    return row.effective_from if isinstance(row, DatedFact) else date.min


def _ends(row: Fact) -> date | None:
    return row.effective_to if isinstance(row, DatedFact) else None

"""Checks of lifecycles.yaml against the other tables: ids, successors, a lifecycle that is written twice."""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Mapping, Sequence

from i18n.message import Message, message

from .book import suggestion
from .rows import LIFECYCLE_TABLES, Fact, Lifecycle, writes_own

Placed = Sequence[tuple[Fact, str]]


def check_lifecycles(
    rows: Mapping[str, Placed], below: Mapping[str, Iterable[Fact]], errors: list[Message]
) -> None:
    """Append a line for every fault; `below` are the rows of the layer below, which were checked before."""
    placed = [(row, place) for row, place in rows["lifecycles"] if isinstance(row, Lifecycle)]
    if not placed:
        return
    ids = {
        table: {row.id for row in below.get(table, ())} | {row.id for row, _ in rows[table]}
        for table in LIFECYCLE_TABLES
    }
    successors = {row.id: row.successor for row in below.get("lifecycles", ()) if isinstance(row, Lifecycle)}
    successors |= {row.id: row.successor for row, _ in placed}
    for row, place in placed:
        for field, what in _faults(row, ids, successors):
            errors.append(
                message("{place}: {id}: {field}: {what}", place=place, id=row.id, field=field, what=what)
            )
    written = {row.id for row, _ in placed}
    errors += [
        message(
            "{place}: {id}: lifecycle: also in lifecycles.yaml (keep it there, remove the lifecycle fields "
            "here)",
            place=place,
            id=row.id,
        )
        for table in LIFECYCLE_TABLES
        for row, place in rows[table]
        if row.id in written and writes_own(row)
    ]


def _faults(
    row: Lifecycle, ids: Mapping[str, set[str]], successors: Mapping[str, str | None]
) -> Iterator[tuple[str, Message]]:
    """(field, what is wrong and what to do)."""
    known = set().union(*ids.values())
    tables = [table for table in LIFECYCLE_TABLES if row.id in ids[table]]
    if known and not tables:
        yield (
            "id",
            message(
                "no row has it in {tables}{hint}",
                tables=", ".join(f"{table}.yaml" for table in LIFECYCLE_TABLES),
                hint=suggestion(row.id, known),
            ),
        )
    if row.successor is None:
        return
    same_kind = set().union(*(ids[table] for table in tables))
    if tables and row.successor not in same_kind:
        yield (
            "successor",
            message(
                "no '{target}' in {table}.yaml{hint}",
                target=row.successor,
                table=tables[0],
                hint=suggestion(row.successor, same_kind),
            ),
        )
    elif _leads_back(row.id, successors):
        yield (
            "successor",
            message(
                "'{target}' leads back to this row (name a row that stays, or leave it out)",
                target=row.successor,
            ),
        )


def _leads_back(row_id: str, successors: Mapping[str, str | None]) -> bool:
    """Whether the chain of successors of a row comes back to it."""
    seen: set[str] = set()
    target = successors.get(row_id)
    while target is not None and target not in seen:
        if target == row_id:
            return True
        seen.add(target)
        target = successors.get(target)
    return False

"""Loads the YAML price tables into a PriceBook and reports all errors at once."""

from __future__ import annotations

import os
from collections.abc import Iterable, Mapping
from datetime import date
from functools import lru_cache
from pathlib import Path
from typing import Any, Final

from pydantic import ValidationError

from i18n.errors import CrossoverError
from i18n.message import Message, message

from .book import PriceBook, suggestion
from .lifecycle_references import check_lifecycles
from .rows import OPTIONAL_TABLES, REFERENCES, TABLES, Dated, Fact
from .strict_yaml import Document, parse
from .validation import faults_of

SHIPPED: Final = Path(__file__).parent / "tables"

TABLES_VARIABLE: Final = "CROSSOVER_TABLES"
"""The environment variable that names a folder of tables to use in place of the shipped ones.

With the tables of an earlier release, it gives the figures of that release again.
"""

DISCOUNTS: Final = "discounts"
"""A file that only a company's folder holds."""

_MISSING: Final = message("missing (add it, with its source)")

Placed = list[tuple[Fact, str]]
"""Rows, each with the file and line on which it starts."""


def tables_folder() -> Path:
    """The folder of the base tables: the shipped one, unless the environment names another."""
    named = os.environ.get(TABLES_VARIABLE, "").strip()
    return Path(named) if named else SHIPPED


@lru_cache(maxsize=1)
def shipped_book() -> PriceBook:
    """The base tables, read once; `cache_clear()` after a change of the files or of the variable.

    Not validated against the clock: they were validated on release, and a wrong clock or another time zone
    must not reject them.
    """
    return load_book(tables_folder(), today=date.max)


def today() -> date:
    """The local calendar day, the default of commands with a date option."""
    return date.today()


def load_book(folder: Path, today: date | None = None) -> PriceBook:
    """All tables of `folder`; raises CrossoverError with every fault, each with file and line."""
    paths = {table: folder / f"{table}.yaml" for table in TABLES}
    return book_of(
        texts_of(path for table, path in paths.items() if table not in OPTIONAL_TABLES or path.exists()),
        today,
    )


def texts_of(paths: Iterable[Path]) -> dict[str, bytes]:
    """File name -> text; raises CrossoverError with every file that cannot be read."""
    texts: dict[str, bytes] = {}
    errors: list[Message] = []
    for path in paths:
        try:
            texts[path.name] = path.read_bytes()
        except OSError as error:
            errors.append(
                message(
                    "{place}: cannot be read: {problem} (restore the table)",
                    place=str(path),
                    problem=error.strerror or str(error),
                )
            )
    if errors:
        raise CrossoverError(*errors)
    return texts


def book_of(texts: Mapping[str, str | bytes], today: date | None = None) -> PriceBook:
    """A PriceBook of the texts of `<table>.yaml` files, checked row by row and across tables."""
    errors: list[Message] = []
    rows = read_tables(texts, TABLES, "", today, errors)
    check_references(rows, {}, errors)
    check_lifecycles(rows, {}, errors)
    if errors:
        raise CrossoverError(*errors)
    return PriceBook({table: [row for row, _ in placed] for table, placed in rows.items()})


def key_of(row: Fact) -> tuple[str, date | None]:
    """Unique key of a row in its table."""
    return row.id, row.effective_from if isinstance(row, Dated) else None


def read_tables(
    texts: Mapping[str, str | bytes],
    kinds: Mapping[str, type[Fact]],
    prefix: str,
    today: date | None,
    errors: list[Message],
) -> dict[str, Placed]:
    """The rows of every text; errors are appended to `errors`."""
    rows: dict[str, Placed] = {table: [] for table in kinds}
    for name, text in texts.items():
        table = name.removesuffix(".yaml")
        if table not in kinds:
            hint = (
                message(" (check a company's folder with --prices)")
                if table == DISCOUNTS
                else suggestion(table, kinds)
            )
            errors.append(message("{place}: no such table{hint}", place=prefix + name, hint=hint))
            continue
        try:
            document = parse(text, prefix + name)
        except CrossoverError as error:
            errors += error.errors
            continue
        rows[table] = _rows(document, kinds[table], today or date.today(), errors)
    return rows


def _rows(document: Document, kind: type[Fact], today: date, errors: list[Message]) -> Placed:
    if not isinstance(document.value, list):
        errors.append(
            message("{place}: not a list of rows (start each row with '- id:')", place=document.name)
        )
        return []
    placed: Placed = []
    seen: dict[tuple[str, date | None], str] = {}
    for index, value in enumerate(document.value):
        place = document.place((index,))
        if not isinstance(value, dict):
            errors.append(message("{place}: not a row (start it with '- id:')", place=place))
            continue
        row_id = str(value.get("id", "?"))
        seen_on = value.get("checked_on")
        if isinstance(seen_on, date) and seen_on > today:
            errors.append(
                message(
                    "{place}: {id}: checked_on: {day} is in the future (give the day somebody looked)",
                    place=document.place((index, "checked_on")),
                    id=row_id,
                    day=seen_on.isoformat(),
                )
            )
        try:
            row = kind.model_validate({k: _tuples(v) for k, v in value.items()})
        except ValidationError as error:
            errors += [
                message(
                    "{place}: {id}: {field}: {what}",
                    place=document.place((index, *path)),
                    id=row_id,
                    field=".".join(map(str, path)) or "row",
                    what=what,
                )
                for path, what in faults_of(error, kind.model_fields, otherwise_missing=_MISSING)
            ]
            continue
        key = key_of(row)
        if key in seen:
            errors.append(
                message(
                    "{place}: {id}: the same id and day as {other} (change the day or remove one)",
                    place=place,
                    id=row_id,
                    other=seen[key],
                )
            )
        seen[key] = place
        placed.append((row, place))
    return placed


def _tuples(value: Any) -> Any:
    """Converts lists to tuples at any depth, as strict rows require."""
    if isinstance(value, list):
        return tuple(_tuples(item) for item in value)
    if isinstance(value, dict):
        return {key: _tuples(item) for key, item in value.items()}
    return value


def check_references(
    rows: Mapping[str, Placed], below: Mapping[str, Iterable[Fact]], errors: list[Message]
) -> None:
    """Check that references exist among the rows and those of the layer below."""
    ids = {table: {row.id for row in below.get(table, ())} for table in TABLES}
    for table, placed in rows.items():
        ids[table] |= {row.id for row, _ in placed}
    for placed in rows.values():
        for row, place in placed:
            for field, table in REFERENCES.get(type(row), {}).items():
                target = getattr(row, field)
                if ids[table] and target not in ids[table]:
                    errors.append(
                        message(
                            "{place}: {id}: {field}: no '{target}' in {table}.yaml{hint}",
                            place=place,
                            id=row.id,
                            field=field,
                            target=target,
                            table=table,
                            hint=suggestion(target, ids[table]),
                        )
                    )

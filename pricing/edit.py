"""In-place editor of a price table: validated as a whole book, with a conflict check and atomic writes."""

from __future__ import annotations

import difflib
import os
import tempfile
from collections.abc import Callable, Mapping, Sequence
from contextlib import suppress
from dataclasses import dataclass
from datetime import UTC, date, datetime
from hashlib import sha256
from pathlib import Path
from threading import Lock
from typing import Final

from i18n.errors import CrossoverError
from i18n.message import Message, message

from .load import book_of
from .rows import TABLES
from .strict_yaml import parse

Build = Callable[[Mapping[str, str | bytes], date], object]
"""Builds a book from the texts of a folder's files; raises CrossoverError with every fault."""

_BOM: Final = b"\xef\xbb\xbf"
_SAVING: Final = Lock()
"""Serialises saves of the sessions of one server."""


@dataclass(frozen=True, slots=True)
class OpenTable:
    """Text and fingerprint of a table when it was opened."""

    name: str
    text: str
    """With newlines as line ends, as in a text box."""
    fingerprint: str


@dataclass(frozen=True, slots=True)
class RowBlock:
    """The lines of one row of a table, the first counted as 1, both included."""

    label: str
    first_line: int
    last_line: int


def tables_in(folder: Path, known: Sequence[str] = tuple(TABLES)) -> list[str]:
    """The names of the files that a folder holds of the known ones, in their order."""
    return [f"{table}.yaml" for table in known if (folder / f"{table}.yaml").is_file()]


def open_table(path: Path) -> OpenTable:
    """A table's text, and the fingerprint that detects a later change of the file."""
    raw = _read(path)
    try:
        text = raw.decode("utf-8-sig")
    except UnicodeDecodeError as error:
        raise CrossoverError(
            message("{place}: not UTF-8 text (save the file as UTF-8)", place=path.name)
        ) from error
    return OpenTable(path.name, text.replace("\r\n", "\n"), _fingerprint(raw))


def blocks(text: str, name: str) -> list[RowBlock]:
    """The rows of a table's text, none for an empty text; raises CrossoverError where it is not YAML."""
    document = parse(text, name)
    rows = document.value
    if not isinstance(rows, list) or not rows:
        return []
    starts = [document.line((index,)) for index in range(len(rows))]
    ends = [start - 1 for start in starts[1:]] + [len(_lines(text))]
    return [
        RowBlock(_label(row, index), start, end)
        for index, (row, start, end) in enumerate(zip(rows, starts, ends, strict=True))
    ]


def _label(row: object, index: int) -> str:
    if not isinstance(row, dict):
        return f"? ({index + 1})"
    day = row.get("effective_from")
    return f"{row.get('id', '?')} @ {day}" if day is not None else str(row.get("id", "?"))


def block_text(text: str, block: RowBlock) -> str:
    """The lines of one row."""
    return "\n".join(_lines(text)[block.first_line - 1 : block.last_line]) + "\n"


def replaced(text: str, block: RowBlock, new: str) -> str:
    """The table with the lines of one row replaced; nothing in their place removes it."""
    lines, between = _lines(text), _lines(new) if new.strip() else []
    return "\n".join([*lines[: block.first_line - 1], *between, *lines[block.last_line :]]) + "\n"


def check(path: Path, new: str, today: date, build: Build = book_of) -> tuple[Message, ...]:
    """Every fault of the folder with this text in place of the file; empty: valid."""
    try:
        build(texts_with(path, new), today)
    except CrossoverError as error:
        return error.errors
    return ()


def texts_with(path: Path, new: str) -> dict[str, str | bytes]:
    """The texts of the folder's files by their names, with this text in place of the file."""
    others = [other for other in sorted(path.parent.glob("*.yaml")) if other.name != path.name]
    return {**{other.name: _read(other) for other in others}, path.name: new}


def diff(old: str, new: str, name: str) -> str:
    """Unified diff with context; empty if nothing changes."""
    return "\n".join(
        difflib.unified_diff(_lines(old), _lines(new), f"{name} (now)", f"{name} (after saving)", lineterm="")
    )


def save(path: Path, new: str, fingerprint: str, at: datetime, build: Build = book_of) -> Path:
    """Write a checked text over the file that has this fingerprint; returns the backup of what was there.

    Raises CrossoverError, with the file as it was, if the text has faults, if the file changed since it
    was opened, or if it cannot be written. `at` is the time of saving, with its zone.
    """
    errors = check(path, new, at.date(), build)
    if errors:
        raise CrossoverError(*errors)
    target = path.resolve()  # write to the target of a symbolic link
    with _SAVING:
        old = _read(target)
        if _fingerprint(old) != fingerprint:
            raise CrossoverError(
                message(
                    "{place}: the file on disk has changed since it was opened (reload it, and make your "
                    "change again)",
                    place=path.name,
                )
            )
        try:
            backup = _back_up(target, old, at)
            try:
                _write(target, _as_bytes(new, like=old))
            except BaseException:
                backup.unlink(missing_ok=True)
                raise
        except OSError as error:
            raise CrossoverError(
                message(
                    "{place}: cannot be saved: {problem} (nothing was changed; check the folder's rights "
                    "and space)",
                    place=path.name,
                    problem=error.strerror or str(error),
                )
            ) from error
    return backup


def _lines(text: str) -> list[str]:
    """Lines as an editor counts them; str.splitlines also splits at rarer characters."""
    return text.removesuffix("\n").split("\n")


def _read(path: Path) -> bytes:
    try:
        return path.read_bytes()
    except OSError as error:
        raise CrossoverError(
            message(
                "{place}: cannot be read: {problem} (restore the table)",
                place=str(path),
                problem=error.strerror or str(error),
            )
        ) from error


def _fingerprint(raw: bytes) -> str:
    return sha256(raw).hexdigest()


def _as_bytes(text: str, like: bytes) -> bytes:
    """The text with the line ends and the mark of the file that it replaces."""
    ends = "\r\n" if b"\r\n" in like else "\n"
    plain = text.replace("\r\n", "\n").rstrip("\n") + "\n"
    return (_BOM if like.startswith(_BOM) else b"") + plain.replace("\n", ends).encode("utf-8")


def _back_up(target: Path, old: bytes, at: datetime) -> Path:
    stamp = at.astimezone(UTC).strftime("%Y%m%dT%H%M%S%fZ")
    backup = target.with_name(f"{target.name}.{stamp}.bak")
    try:
        with backup.open("xb") as file:
            file.write(old)
            file.flush()
            os.fsync(file.fileno())
    except FileExistsError:  # created by another server in the same microsecond: do not remove
        raise
    except BaseException:
        backup.unlink(missing_ok=True)
        raise
    return backup


def _write(target: Path, content: bytes) -> None:
    """Atomic write: to a temporary file, then renamed over the target."""
    handle, name = tempfile.mkstemp(dir=target.parent, prefix=f".{target.name}.", suffix=".partial")
    beside = Path(name)
    try:
        with os.fdopen(handle, "wb") as file:
            file.write(content)
            file.flush()
            os.fsync(file.fileno())
        beside.chmod(target.stat().st_mode & 0o7777)
        beside.replace(target)
    except BaseException:
        beside.unlink(missing_ok=True)
        raise
    with suppress(OSError):  # makes the rename durable, where the system supports it
        folder = os.open(target.parent, os.O_RDONLY)
        try:
            os.fsync(folder)
        finally:
            os.close(folder)

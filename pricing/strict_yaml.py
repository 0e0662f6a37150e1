"""Strict YAML parser: plain values, with the line of every value.

Stricter than YAML: no aliases, no tags, no duplicate keys, limits on size, depth and count; true and
false are the only booleans, so NO and 12:30 stay text; a number with a point is a Decimal, exactly as
written.
"""

from __future__ import annotations

import re
from dataclasses import dataclass, field
from datetime import date
from decimal import Decimal
from typing import Any

import yaml

from i18n.errors import CrossoverError
from i18n.message import Message, message

Value = None | bool | int | Decimal | str | date | list[Any] | dict[str, Any]
Path = tuple[str | int, ...]

MAX_CHARACTERS = 16_000_000
MAX_VALUES = 200_000
MAX_DEPTH = 20

_INTEGER = re.compile(r"[-+]?(0|[1-9][0-9_]*)\Z")
_DECIMAL = re.compile(r"[-+]?(0|[1-9][0-9_]*)(\.[0-9]+)?([eE][-+]?[0-9]{1,3})?\Z")
_DATE = re.compile(r"\d{4}-\d{2}-\d{2}\Z")
_NOT_FINITE = re.compile(r"[-+]?\.?(inf|nan)\Z", re.IGNORECASE)
_Loader: Any = getattr(yaml, "CSafeLoader", yaml.SafeLoader)


@dataclass(frozen=True, slots=True)
class Document:
    """The value of a YAML text and the 1-based line on which each part of it starts."""

    name: str
    value: Value
    lines: dict[Path, int] = field(repr=False)

    def line(self, path: Path) -> int:
        """The line of `path`, or of the nearest part of it that exists."""
        while path and path not in self.lines:
            path = path[:-1]
        return self.lines.get(path, 1)

    def place(self, path: Path) -> str:
        return f"{self.name}:{self.line(path)}"


def parse(text: str | bytes, name: str) -> Document:
    """Read one YAML document; raises CrossoverError with the line of the first fault."""
    if isinstance(text, bytes):
        try:
            text = text.decode("utf-8-sig")
        except UnicodeDecodeError as error:
            line = error.object[: error.start].count(b"\n") + 1
            raise CrossoverError(
                message("{place}: not UTF-8 text (save the file as UTF-8)", place=f"{name}:{line}")
            ) from error
    if len(text) > MAX_CHARACTERS:
        raise CrossoverError(
            message(
                "{place}: {characters:,} characters, more than {limit:,} (split the file)",
                place=name,
                characters=len(text),
                limit=MAX_CHARACTERS,
            )
        )
    reader = _Reader(name)
    try:
        value = reader.read(text)
    except (yaml.YAMLError, UnicodeEncodeError) as error:
        line = _line_of(error, text)
        problem = getattr(error, "problem", None) or getattr(error, "reason", None) or "not YAML"
        raise CrossoverError(
            message(
                "{place}: not valid YAML: {problem} (indent with spaces, quote special characters)",
                place=f"{name}:{line}",
                problem=str(problem).replace("\n", " "),
            )
        ) from error
    return Document(name, value, reader.lines)


def _line_of(error: yaml.YAMLError | UnicodeEncodeError, text: str) -> int:
    """Line of a syntax error: from the parser's mark, or from its position in the text."""
    mark = getattr(error, "problem_mark", None)
    if mark is not None:
        return int(mark.line) + 1
    position = getattr(error, "position", None) or getattr(error, "start", None) or 0
    return text[:position].count("\n") + 1


def _line(event: Any) -> int:
    return int(event.start_mark.line) + 1


class _Reader:
    def __init__(self, name: str) -> None:
        self.name = name
        self.lines: dict[Path, int] = {}
        self.count = 0

    def read(self, text: str) -> Value:
        events: Any = yaml.parse(text, Loader=_Loader)
        value: Value = None
        seen = False
        for event in events:
            if isinstance(event, yaml.DocumentStartEvent):
                if seen:
                    raise self._error(event, message("a second document (keep one per file)"))
                seen = True
                value = self._value(next(events), events, ())
        return value

    def _value(self, event: Any, events: Any, path: Path) -> Value:
        self.count += 1
        if self.count > MAX_VALUES:
            raise self._error(event, message("more than {n:,} values (split the file)", n=MAX_VALUES))
        if len(path) > MAX_DEPTH:
            raise self._error(event, message("nested deeper than {n} levels (flatten it)", n=MAX_DEPTH))
        self.lines.setdefault(path, _line(event))
        if isinstance(event, yaml.AliasEvent) or getattr(event, "anchor", None) is not None:
            raise self._error(event, message("an alias or anchor (write the value out)"))
        if getattr(event, "tag", None) is not None:
            raise self._error(event, message("a tag, {tag} (remove it)", tag=event.tag))
        if isinstance(event, yaml.ScalarEvent):
            return self._scalar(event)
        if isinstance(event, yaml.SequenceStartEvent):
            return self._sequence(events, path)
        return self._mapping(events, path)

    def _sequence(self, events: Any, path: Path) -> list[Any]:
        items: list[Any] = []
        for event in events:
            if isinstance(event, yaml.SequenceEndEvent):
                break
            items.append(self._value(event, events, (*path, len(items))))
        return items

    def _mapping(self, events: Any, path: Path) -> dict[str, Any]:
        mapping: dict[str, Any] = {}
        for event in events:
            if isinstance(event, yaml.MappingEndEvent):
                break
            if not isinstance(event, yaml.ScalarEvent) or event.tag is not None or event.anchor is not None:
                raise self._error(event, message("a key that is not plain text (use a word)"))
            key = event.value
            if key in mapping:
                raise self._error(event, message("'{key}' stands twice (keep one)", key=key))
            self.lines[(*path, key)] = _line(event)
            mapping[key] = self._value(next(events), events, (*path, key))
        return mapping

    def _scalar(self, event: Any) -> Value:
        text: str = event.value
        if event.style:  # quoted or block scalars are always text
            return text
        if text in ("", "~", "null"):
            return None
        if text in ("true", "false"):
            return text == "true"
        if len(text) <= 40:
            if _INTEGER.match(text):
                return int(text.replace("_", ""))
            if _DECIMAL.match(text):
                return Decimal(text.replace("_", ""))
            if _DATE.match(text):
                try:
                    return date.fromisoformat(text)
                except ValueError as error:
                    raise self._error(event, message("'{text}' is no date", text=text)) from error
            if _NOT_FINITE.match(text):
                raise self._error(event, message("'{text}' is not a finite number", text=text))
        return text

    def _error(self, event: Any, what: Message) -> CrossoverError:
        place = f"{self.name}:{_line(event)}"
        return CrossoverError(message("{place}: {what}", place=place, what=what))

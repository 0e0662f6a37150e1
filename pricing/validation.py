"""Faults of a validated file in plain words, each with its line and field: for price rows and scenarios."""

from __future__ import annotations

from collections.abc import Collection, Iterable, Mapping
from typing import Any, Final

from pydantic import ValidationError

from i18n.errors import CrossoverError
from i18n.message import Message, literal, message

from .book import suggestion
from .foreign_fields import conversion
from .strict_yaml import Document, Path

Fault = tuple[Path, Message]
"""The path of a value below the value that is validated, and what is wrong with it."""

MISSING: Final = message("missing (add it)")
_KEY: Final = "[key]"
"""What pydantic puts behind the name of a key where the key itself is wrong."""
_MAX_CHARACTERS: Final = 60


class Refused(ValueError):
    """Raised by a validator of ours: every fault of the value, in words that need no translation by type."""

    def __init__(self, *faults: Fault) -> None:
        self.faults = faults
        super().__init__("; ".join(str(what) for _, what in faults))


def refusal(what: Message) -> Refused:
    """A fault of the value as a whole."""
    return Refused(((), what))


def faults_of(
    error: ValidationError,
    known: Collection[str] = (),
    missing: Mapping[str, Message] | None = None,
    otherwise_missing: Message = MISSING,
) -> list[Fault]:
    """Every fault of a validation.

    `known` are the fields of the model, to suggest one for a misspelt name. `missing` says by field how to
    complete what is left out.
    """
    faults: list[Fault] = []
    for item in error.errors(include_url=False):
        path: Path = item["loc"]
        if path[-1:] == (_KEY,):
            path = path[:-1]
        cause = item.get("ctx", {}).get("error")
        if isinstance(cause, Refused):
            faults += [((*path, *below), what) for below, what in cause.faults]
        elif item["type"] == "missing":
            faults.append((path, (missing or {}).get(str(path[-1]), otherwise_missing)))
        else:
            faults.append((path, _explained(item, path, known)))
    return faults


def invalid(error: ValidationError, whole: str) -> CrossoverError:
    """The error of values without a file: "field: what"; `whole` names a fault of the value as a whole."""
    return CrossoverError(
        *(
            message("{place}: {what}", place=".".join(map(str, path)) or whole, what=what)
            for path, what in faults_of(error)
        )
    )


def _explained(item: Any, path: Path, known: Collection[str]) -> Message:
    """What pydantic found, in our words."""
    value = str(item["input"])[:_MAX_CHARACTERS]
    match item["type"]:
        case "extra_forbidden":
            field = str(path[-1])
            converted = conversion(field, item["input"], known)
            return converted or message("unknown field{hint}", hint=suggestion(field, known))
        case "greater_than" | "greater_than_equal":
            return message("{value} is too small (a price or size cannot be negative)", value=item["input"])
        case "less_than":
            return message("{value} is too large (a share is below 1: 0.15 is 15 %)", value=item["input"])
        case "is_instance_of" | "decimal_type":
            return message("'{value}' is not a number (write it without quotes)", value=value)
        case "string_type":
            return message("not text (put it in quotes)")
        case "bool_type":
            return message("'{value}' is not true or false", value=value)
        case "date_type":
            return message("'{value}' is not a date (write 2026-11-22, without quotes)", value=value)
        case "value_error":
            return literal(str(item["ctx"]["error"]))
        case _:
            return message("'{value}': {problem}", value=value, problem=item["msg"].lower())


def reports(document: Document, faults: Iterable[Fault]) -> tuple[Message, ...]:
    """One line for each fault, "file:line: field: what", by lines; places in lists count from 1."""
    by_line = sorted(faults, key=lambda fault: document.line(fault[0]))
    return tuple(_report(document, path, what) for path, what in by_line)


def _report(document: Document, path: Path, what: Message) -> Message:
    place = document.place(path)
    if not path:
        return message("{place}: {what}", place=place, what=what)
    dotted = ".".join(str(part + 1) if isinstance(part, int) else part for part in path)
    return message("{place}: {field}: {what}", place=place, field=dotted, what=what)

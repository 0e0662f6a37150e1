"""Amounts inside notes: strategies write them in USD, a report shows them in its currency."""

from __future__ import annotations

from dataclasses import dataclass, replace
from typing import Final

from i18n.message import Message

from .currency import USD, Currency

_CURRENCY: Final = "currency"


@dataclass(frozen=True, slots=True)
class NoteAmounts:
    """One amount, or several in a row, of USD; a note names their `currency` beside them, as USD."""

    values: tuple[float, ...]

    def __format__(self, spec: str) -> str:
        return " · ".join(format(value, spec) for value in self.values)

    def __str__(self) -> str:
        return format(self, "")


def in_currency(note: Message, currency: Currency) -> Message:
    """The note with its amounts, if any, in the currency of the report."""
    if currency.code == USD or not any(isinstance(value, NoteAmounts) for _, value in note.values):
        return note
    return replace(note, values=tuple((name, _turned(name, value, currency)) for name, value in note.values))


def _turned(name: str, value: object, currency: Currency) -> object:
    if isinstance(value, NoteAmounts):
        return NoteAmounts(tuple(currency.of_float(usd) for usd in value.values))
    return currency.code if name == _CURRENCY else value

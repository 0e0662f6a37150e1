"""First line of a CSV of usage: its separator, and the columns that are read."""

from __future__ import annotations

import csv
import re
from collections import Counter
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from pathlib import Path
from typing import Final

from i18n.errors import CrossoverError
from i18n.message import message

NEEDED: Final = ("provider", "model", "date", "input_tokens", "output_tokens")
INSTEAD: Final[Mapping[str, str]] = {
    "input_tokens": "uncached_input_tokens",
    "output_tokens": "answer_tokens",
}
"""Inclusive total -> the column that may stand in its place, without the cached or the reasoning tokens."""
COUNTS: Final = (
    "input_tokens",
    "output_tokens",
    "cached_tokens",
    "cache_write_tokens",
    "cache_write_1h_tokens",
    "reasoning_tokens",
)
TIER: Final = "tier"
ADDED: Final = ("amount_usd", "price_ref", "refused")
SEPARATORS: Final = (",", ";", "\t", "|")
READ: Final = frozenset((*NEEDED, *COUNTS, *INSTEAD.values(), TIER))

_TOTAL: Final = "total_tokens"
"""A sum of columns that are read, in most logs."""
_MAX_SHOWN: Final = 200


@dataclass(frozen=True, slots=True)
class UsageHeader:
    """The columns of a usage CSV."""

    separator: str
    names: tuple[str, ...]
    """As the file writes them."""

    @property
    def columns(self) -> list[str]:
        """Names to read them by: those of READ whatever their case, all others as the file writes them."""
        return [plain if (plain := _plain(name)) in READ else name for name in self.names]

    @property
    def unread(self) -> tuple[str, ...]:
        """Columns that look like numbers of tokens and are not priced."""
        return tuple(
            name for name in self.names if "token" in _plain(name) and _plain(name) not in (*READ, _TOTAL)
        )


def separator_of(first_line: bytes) -> str:
    """The separator by which most columns of the first line are known."""
    line = first_line.decode("utf-8-sig", errors="replace")
    known = {
        separator: sum(_plain(name) in READ for name in next(csv.reader([line], delimiter=separator), []))
        for separator in SEPARATORS
    }
    return max(SEPARATORS, key=lambda separator: known[separator])


def checked_header(source: Path, separator: str, names: Sequence[str]) -> UsageHeader:
    """The header of a file. Raises CrossoverError where a column is missing, double or one that is added."""
    header = UsageHeader(separator, tuple(names))
    columns = header.columns
    for name in NEEDED:
        instead = INSTEAD.get(name)
        if name in columns and instead in columns:
            raise CrossoverError(
                message(
                    "{place}:1: both '{name}' and '{instead}' (keep one: the total, or what it leaves over)",
                    place=str(source),
                    name=name,
                    instead=instead,
                )
            )
        if name not in columns and instead not in columns:
            shown = ", ".join(names)
            raise CrossoverError(
                message(
                    "{place}:1: no column '{name}' among: {shown} (name the columns {needed} in the first "
                    "line)",
                    place=str(source),
                    name=name,
                    shown=shown if len(shown) <= _MAX_SHOWN else shown[:_MAX_SHOWN] + "…",
                    needed=", ".join(NEEDED),
                )
            )
    double = next((name for name, count in Counter(columns).items() if count > 1), None)
    if double is not None:
        raise CrossoverError(
            message("{place}:1: column '{name}' stands twice (keep one)", place=str(source), name=double)
        )
    taken = next((name for name in ADDED if name in columns), None)
    if taken is not None:
        raise CrossoverError(
            message(
                "{place}:1: column '{name}' is what this command adds (rename yours)",
                place=str(source),
                name=taken,
            )
        )
    return header


def _plain(name: str) -> str:
    """`Input Tokens` -> `input_tokens`."""
    return re.sub(r"[\s-]+", "_", name.strip().lower())

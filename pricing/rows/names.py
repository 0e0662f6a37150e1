"""Names of rows as people read them: models as their vendors write them, no two alike in one list."""

from __future__ import annotations

import re
from collections import Counter
from collections.abc import Iterable, Mapping
from typing import Final

from .base import Fact

_DATE: Final = re.compile(r"-(\d{4}-\d{2}-\d{2}|\d{8}|\d{4})$")
_FAMILIES: Final = {"claude": "Claude", "gemini": "Gemini"}
"""Families whose ids are the words of the model's name, joined by hyphens."""


def model_label(name: str) -> str:
    """A model's name as its vendor writes it, where its id is a known spelling of it.

    >>> model_label("gpt-4.1-mini"), model_label("gpt-4o-2024-08-06"), model_label("gpt-oss-120b")
    ('GPT-4.1 mini', 'GPT-4o 2024-08-06', 'gpt-oss-120b')
    >>> model_label("claude-sonnet-5-5"), model_label("gemini-3.8-flash")
    ('Claude Sonnet 5.5', 'Gemini 3.8 Flash')
    """
    dated = _DATE.search(name)
    day = f" {dated[1]}" if dated else ""
    stem = name[: dated.start()] if dated else name
    family, *words = stem.split("-")
    if family == "gpt" and words and words[0][:1].isdigit():
        return " ".join([f"GPT-{words[0]}", *words[1:]]) + day
    if family in _FAMILIES and words:
        title = " ".join(word if word[:1].isdigit() else word.capitalize() for word in words)
        return f"{_FAMILIES[family]} {re.sub(r'(?<=[0-9]) (?=[0-9]+(?: |$))', '.', title)}{day}"
    return name


def full_name(row: Fact) -> str:
    """Name of a row with its vendor and its region, where it has any; the id of a row without a name."""
    name, *places = (str(getattr(row, field, "")) for field in ("name", "vendor", "region"))
    if not name:
        return row.id
    place = ", ".join(filter(None, places))
    return f"{model_label(name)} ({place})" if place else model_label(name)


def full_names(rows: Mapping[str, Fact]) -> dict[str, str]:
    """Names of rows by their ids; two that would be alike have their ids, too."""
    names = {row_id: full_name(row) for row_id, row in rows.items()}
    times = Counter(names.values())
    return {row_id: name if times[name] == 1 else f"{name} · {row_id}" for row_id, name in names.items()}


def by_name(ids: Iterable[str], names: Mapping[str, str]) -> list[str]:
    """Ids in the order of their names; a blank one, for none, is first.

    >>> by_name(["b", "x", "", "a"], {"": "none", "a": "Zeta", "b": "alpha"})
    ['', 'b', 'x', 'a']
    """
    return sorted(set(ids), key=lambda row_id: (row_id != "", names.get(row_id, row_id).casefold()))

"""Lines that coincide: one line where they are the same throughout, stripes where they meet for a time."""

from __future__ import annotations

from collections.abc import Hashable, Mapping, Sequence
from typing import Any, Final

LINE_PX: Final = 2.5
EDGES_PX: Final = 4.0
"""Visible width of a line on both sides of one that is drawn over it."""
MAX_NAMES: Final = 3

Points = tuple[tuple[Any, float | None], ...]
"""(x, y) of a line; None: no value from there on."""


def same_lines(lines: Mapping[str, Hashable]) -> list[tuple[str, ...]]:
    """Groups of names whose lines are the same in every point, each by its first name.

    >>> same_lines({"a": (1, 2), "b": (1, 3), "c": (1, 2)})
    [('a', 'c'), ('b',)]
    """
    names: dict[Hashable, list[str]] = {}
    for name, line in lines.items():
        names.setdefault(line, []).append(name)
    return [tuple(group) for group in names.values()]


def joined_name(names: Sequence[str]) -> str:
    """Name of a line that several share: the first three, and how many more.

    >>> joined_name(["a", "b", "c", "d", "e"])
    'a = b = c (+2)'
    """
    more = len(names) - MAX_NAMES
    return " = ".join(names[:MAX_NAMES]) + (f" (+{more})" if more > 0 else "")


def line_widths(lines: Sequence[Points]) -> list[float]:
    """Width of each line in pixels: wider than every later line with which it has a point in common.

    >>> line_widths([((1, 5.0), (2, 6.0)), ((1, 5.0), (2, 9.0)), ((1, 1.0), (2, 2.0))])
    [6.5, 2.5, 2.5]
    """
    widths = [LINE_PX] * len(lines)
    known = [{(x, y) for x, y in points if y is not None} for points in lines]
    for place in reversed(range(len(lines))):
        over = [widths[later] for later in range(place + 1, len(lines)) if known[place] & known[later]]
        widths[place] = max(over, default=LINE_PX - EDGES_PX) + EDGES_PX
    return widths

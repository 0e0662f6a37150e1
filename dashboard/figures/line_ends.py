"""Names at the ends of lines, in place of a legend: kept apart, and one name for lines that are the same."""

from __future__ import annotations

from collections.abc import Hashable, Mapping, Sequence
from dataclasses import dataclass
from math import log10
from typing import Any, Final, TypeVar

from .template import wrapped

LINE_PX: Final = 15
"""Height of a line of a label."""
LABEL_COLUMNS: Final = 20
COLUMN_PX: Final = 6.6
MAX_NAMES: Final = 3

L = TypeVar("L", bound=Hashable)


@dataclass(frozen=True, slots=True)
class LineEnd:
    """The last point of a line, in the units of the axes, with its name and colour."""

    name: str
    x: Any
    y: float
    colour: str


def same_lines(lines: Mapping[str, L]) -> dict[tuple[str, ...], L]:
    """Lines that are the same in every point as one, by the names that share it."""
    names: dict[L, list[str]] = {}
    for name, line in lines.items():
        names.setdefault(line, []).append(name)
    return {tuple(shared): line for line, shared in names.items()}


def joined_name(names: Sequence[str]) -> str:
    """Name of a line that several share: the first three, and how many more."""
    more = len(names) - MAX_NAMES
    return " = ".join(names[:MAX_NAMES]) + (f" (+{more})" if more > 0 else "")


def line_labels(
    ends: Sequence[LineEnd], y_range: tuple[float, float], height_px: float, *, is_log: bool
) -> tuple[list[dict[str, Any]], float]:
    """(annotations, width of the widest in pixels); labels that would overlap are moved apart."""
    low, high = (log10(end) for end in y_range) if is_log else y_range
    scale = height_px / ((high - low) or 1.0)
    labels = sorted(
        (((log10(end.y) if is_log else end.y) - low) * scale, place, end) for place, end in enumerate(ends)
    )
    texts = [wrapped(end.name, LABEL_COLUMNS) for _, _, end in labels]
    heights = [(text.count("<br>") + 1) * LINE_PX for text in texts]
    shifts = apart([at for at, _, _ in labels], heights)
    annotations = [
        {
            "x": end.x,
            "y": log10(end.y) if is_log else end.y,
            "text": text,
            "font": {"color": end.colour, "size": 12},
            "xanchor": "left",
            "yanchor": "middle",
            "xshift": 6,
            "yshift": round(shift - at),
            "align": "left",
            "showarrow": False,
        }
        for (at, _, end), text, shift in zip(labels, texts, shifts, strict=True)
    ]
    longest = max((len(line) for text in texts for line in text.split("<br>")), default=0)
    return annotations, longest * COLUMN_PX + 12


def apart(places: Sequence[float], heights: Sequence[float]) -> list[float]:
    """Ascending places of labels, moved as little as possible so that none overlaps the next.

    >>> apart([0.0, 5.0, 100.0], [10, 10, 10])
    [-2.5, 7.5, 100.0]
    """
    groups: list[tuple[list[int], float]] = []  # labels that touch, and the middle of their block
    for i, place in enumerate(places):
        groups.append(([i], place))
        while len(groups) > 1:
            (below, at), (above, over) = groups[-2:]
            room = (sum(heights[k] for k in below) + sum(heights[k] for k in above)) / 2
            if over - at >= room:
                break
            both = [*below, *above]
            offsets = _offsets([heights[k] for k in both])
            middle = sum(places[k] - offset for k, offset in zip(both, offsets, strict=True)) / len(both)
            groups[-2:] = [(both, middle)]
    moved = [0.0] * len(places)
    for members, middle in groups:
        for k, offset in zip(members, _offsets([heights[k] for k in members]), strict=True):
            moved[k] = middle + offset
    return moved


def _offsets(heights: Sequence[float]) -> list[float]:
    """Middles of stacked labels, from the middle of their stack."""
    at = -sum(heights) / 2
    offsets = []
    for height in heights:
        offsets.append(at + height / 2)
        at += height
    return offsets

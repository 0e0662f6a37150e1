"""Labels at the ends of lines, in place of a legend."""

from __future__ import annotations

import math
from collections.abc import Sequence
from dataclasses import dataclass
from typing import Any, Final

from .template import AxisType, columns_of, wrapped

MAX_LABELS: Final = 14
LABEL_WIDTH: Final = 20
"""Columns of a line of text; a Han letter takes two."""
FONT_SIZE: Final = 11
PX_PER_COLUMN: Final = 6.2
LINE_PX: Final = 14


@dataclass(frozen=True, slots=True)
class LineEnd:
    """The end of a line on the right side of a figure."""

    name: str
    colour: str
    y: float


def margin_px(names: Sequence[str]) -> int:
    """Width of the labels."""
    widths = [columns_of(line) for name in names for line in wrapped(name, LABEL_WIDTH).split("<br>")]
    return round(16 + PX_PER_COLUMN * max(widths, default=0))


def end_labels(
    ends: Sequence[LineEnd], x: Any, y_range: tuple[float, float], y_type: AxisType, height_px: float
) -> dict[str, Any]:
    """Trace with the name of each line at its end, moved apart where labels would overlap.

    `y_range` in data units, `height_px` of the plot area. A narrow page shows the legend instead.
    """
    labelled = [end for end in ends if math.isfinite(end.y) and (y_type == "linear" or end.y > 0)][
        :MAX_LABELS
    ]
    labelled.sort(key=lambda end: end.y)
    texts = [wrapped(end.name, LABEL_WIDTH) for end in labelled]
    low, high = (_scaled(value, y_type) for value in y_range)
    px = height_px / (high - low) if high > low else 1.0
    heights = [LINE_PX * (1 + text.count("<br>")) / px for text in texts]
    places = spread([_scaled(end.y, y_type) for end in labelled], heights, low, high)
    return {
        "type": "scatter",
        "mode": "text",
        "name": "",
        "x": [x] * len(labelled),
        "y": [10**place if y_type == "log" else place for place in places],
        "text": [f" {text.replace('<br>', '<br> ')}" for text in texts],
        "textposition": "middle right",
        "textfont": {"size": FONT_SIZE, "color": [end.colour for end in labelled]},
        "cliponaxis": False,
        "hoverinfo": "skip",
        "showlegend": False,
        "meta": {"role": "end_labels"},
    }


def _scaled(value: float, axis_type: AxisType) -> float:
    return math.log10(value) if axis_type == "log" else value


def spread(places: Sequence[float], heights: Sequence[float], low: float, high: float) -> list[float]:
    """Middles of labels, moved apart so that they do not overlap, each whole within bounds if they fit.

    >>> spread([1.0, 1.0, 5.0], [2.0, 2.0, 2.0], 0.0, 10.0)
    [1.0, 3.0, 5.0]
    >>> spread([9.0, 10.0], [2.0, 2.0], 0.0, 10.0)
    [7.0, 9.0]
    >>> spread([0.0, 5.0], [2.0, 2.0], 0.0, 10.0)
    [1.0, 5.0]
    """
    moved = list(places)
    if moved:
        moved[0] = max(moved[0], low + heights[0] / 2)
    for i in range(1, len(moved)):
        moved[i] = max(moved[i], moved[i - 1] + (heights[i - 1] + heights[i]) / 2)
    if moved and moved[-1] > high - heights[-1] / 2:
        moved[-1] = high - heights[-1] / 2
        for i in range(len(moved) - 2, -1, -1):
            moved[i] = min(moved[i], moved[i + 1] - (heights[i] + heights[i + 1]) / 2)
    return moved

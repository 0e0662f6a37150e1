"""Colours of figures: options, cost components and neutral marks, on a light and on a dark page."""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from typing import Final

from costing.cost_lines import CostCategory

OPTION_COLOURS: Final = (
    "#0072b2",
    "#e69f00",
    "#009e73",
    "#cc79a7",
    "#56b4e9",
    "#d55e00",
    "#8f7a00",
    "#7f7f7f",
    "#5e3c99",
    "#1b7837",
    "#b2182b",
    "#4d4d4d",
)
"""Strong colours that colour-blind readers can tell apart (Okabe and Ito), then darker ones."""

CATEGORY_COLOURS: Final[Mapping[str, tuple[str, ...]]] = {
    CostCategory.INPUT: ("#77aadd", "#b3d0ee", "#5289c1", "#d3e4f5"),
    CostCategory.OUTPUT: ("#ee8866", "#f7bda8"),
    CostCategory.TRAINING: ("#ffaabb", "#d98597"),
    CostCategory.HOSTING: ("#eedd88",),
    CostCategory.HARDWARE: ("#44bb99", "#93d9c5", "#2f8f74"),
    CostCategory.MAINTENANCE: ("#aaaa00",),
    CostCategory.POWER: ("#bbcc33",),
    CostCategory.STAFF: ("#bbbbbb",),
    CostCategory.COLOCATION: ("#c9a98a",),
    CostCategory.LICENCES: ("#99ddff",),
    CostCategory.SETUP: ("#8c8c8c",),
    CostCategory.RETRIEVAL: ("#b8a0d8", "#d6c9ea", "#9679c2", "#a5a0dc", "#dddaf4"),
}
"""Soft fills by category of cost, after Paul Tol's "light" scheme for filled areas: for its first line, its
second line and so on. None is the colour of an option."""

UNKNOWN_CATEGORY: Final = ("#9e9e9e", "#cfcfcf")
"""Grey fills for a category of a company's own strategy."""

TEXT: Final = "#31333f"
MUTED: Final = "#6b6d78"
GRID: Final = "#e3e4e9"
AXIS: Final = "#a9abb5"
PAPER: Final = "#ffffff"
ACCENT: Final = "#d62728"
"""The reader's own place on an axis, such as the volume in use."""

DARK: Final[Mapping[str, str]] = {
    TEXT: "#fafafa",
    MUTED: "#a9abb5",
    GRID: "#2c2f38",
    AXIS: "#5b5e6a",
    PAPER: "#0e1117",
    ACCENT: "#ff6b6b",
    "#0072b2": "#5b8dff",
    "#56b4e9": "#9bdcff",
    "#8f7a00": "#b7a11f",
    "#7f7f7f": "#9c9c9c",
    "#5e3c99": "#9b7fd1",
    "#1b7837": "#4fae6b",
    "#b2182b": "#e0566a",
    "#4d4d4d": "#c4c4c4",
}
"""Colour on a light page -> colour on a dark page. The others serve on both."""


@dataclass(frozen=True, slots=True)
class Palette:
    """Colours of one comparison. All colours are those of a light page; `DARK` has their replacements."""

    options: Mapping[str, str]
    """Option name as it is shown -> colour, the same in every figure."""
    text: str = TEXT
    muted: str = MUTED
    grid: str = GRID
    axis: str = AXIS
    paper: str = PAPER
    accent: str = ACCENT

    def category(self, category: str, place: int) -> str:
        """Colour of line number `place`, from 0, of a category of cost; shades repeat."""
        shades = CATEGORY_COLOURS.get(category, UNKNOWN_CATEGORY)
        return shades[place % len(shades)]

    def series(self, place: int) -> str:
        """Colour of series number `place`, from 0, in a figure that shows no options; colours repeat."""
        return OPTION_COLOURS[place % len(OPTION_COLOURS)]


def palette(options: Iterable[str] = ()) -> Palette:
    """Palette in which each option has a colour by its position in the scenario."""
    return Palette(
        {
            name: OPTION_COLOURS[place % len(OPTION_COLOURS)]
            for place, name in enumerate(dict.fromkeys(options))
        }
    )

"""Colours of cost lines by category, the same in every chart."""

from __future__ import annotations

from typing import Final

from costing.cost_lines import CostCategory

CATEGORY_COLOURS: Final[dict[str, tuple[str, ...]]] = {
    CostCategory.INPUT: ("#56b4e9", "#0072b2", "#1f3f6e", "#8ecae6"),
    CostCategory.OUTPUT: ("#e69f00", "#b36b00"),
    CostCategory.TRAINING: ("#cc79a7", "#8e4585"),
    CostCategory.HOSTING: ("#d55e00",),
    CostCategory.HARDWARE: ("#009e73", "#66c2a4", "#00664a"),
    CostCategory.MAINTENANCE: ("#8f7a00",),
    CostCategory.POWER: ("#f0e442",),
    CostCategory.STAFF: ("#7f7f7f",),
    CostCategory.COLOCATION: ("#a6761d",),
    CostCategory.LICENCES: ("#b2182b",),
    CostCategory.SETUP: ("#4d4d4d",),
    CostCategory.RETRIEVAL: ("#5e3c99", "#9970ab", "#c2a5cf", "#4d4d9f", "#b8b8e0"),
}
"""Shades of a category: for its first line, its second line and so on."""

UNKNOWN_CATEGORY: Final = ("#9e9e9e", "#bdbdbd")
"""Grey shades for a category of a company's own strategy."""


def category_colour(category: str, place: int) -> str:
    """The colour of a category's line number `place`, from 0; shades repeat."""
    shades = CATEGORY_COLOURS.get(category, UNKNOWN_CATEGORY)
    return shades[place % len(shades)]

"""Colours of figures: options and cost components differ, and every colour can be read on its page."""

from __future__ import annotations

import pytest

from costing.cost_lines import CostCategory
from dashboard.figures.palette import (
    ACCENT,
    CATEGORY_COLOURS,
    DARK,
    MUTED,
    OPTION_COLOURS,
    TEXT,
    UNKNOWN_CATEGORY,
    palette,
)

DARK_PAGE = "#0e1117"


def luminance(colour: str) -> float:
    """Relative luminance as WCAG 2.2 defines it."""
    channels = [int(colour[at : at + 2], 16) / 255 for at in (1, 3, 5)]
    linear = [c / 12.92 if c <= 0.04045 else ((c + 0.055) / 1.055) ** 2.4 for c in channels]
    return 0.2126 * linear[0] + 0.7152 * linear[1] + 0.0722 * linear[2]


def contrast(first: str, second: str) -> float:
    high, low = sorted((luminance(first), luminance(second)), reverse=True)
    return (high + 0.05) / (low + 0.05)


def test_no_option_has_the_colour_of_a_cost_component() -> None:
    components = {shade for shades in CATEGORY_COLOURS.values() for shade in shades} | {*UNKNOWN_CATEGORY}
    assert not components & {*OPTION_COLOURS}


def test_every_category_of_cost_has_colours_of_its_own() -> None:
    assert set(CATEGORY_COLOURS) == set(CostCategory)
    shades = [shade for shades in CATEGORY_COLOURS.values() for shade in shades]
    assert len({*shades, *UNKNOWN_CATEGORY}) == len(shades) + len(UNKNOWN_CATEGORY)


def test_an_option_keeps_its_colour_by_its_position() -> None:
    colours = palette(["A", "B", "A", "C"])
    assert dict(colours.options) == {"A": "#0072b2", "B": "#e69f00", "C": "#009e73"}
    many = palette(f"option {n}" for n in range(13))
    assert many.options["option 12"] == many.options["option 0"]


def test_the_lines_of_a_category_have_shades_that_repeat() -> None:
    colours = palette()
    assert [colours.category("output", place) for place in range(3)] == ["#ee8866", "#f7bda8", "#ee8866"]
    assert colours.category("distillation", 0) == "#9e9e9e"


@pytest.mark.parametrize("colour", [TEXT, MUTED, ACCENT])
def test_words_of_a_figure_can_be_read_on_both_pages(colour: str) -> None:
    assert contrast(colour, "#ffffff") >= 4.5
    assert contrast(DARK[colour], DARK_PAGE) >= 4.5


@pytest.mark.parametrize("colour", OPTION_COLOURS)
def test_the_line_of_an_option_stands_out_on_both_pages(colour: str) -> None:
    assert contrast(colour, "#ffffff") >= 2.2
    assert contrast(DARK.get(colour, colour), DARK_PAGE) >= 3

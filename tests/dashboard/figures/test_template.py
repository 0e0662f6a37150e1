"""Parts that every figure shares: templates, long names, the scale switch."""

from __future__ import annotations

import plotly.graph_objects as go
import plotly.io as pio
import pytest

from dashboard.figures.template import (
    DARK_TEMPLATE,
    LIGHT,
    axis,
    categories,
    columns_of,
    new_figure,
    scale_switch,
    wrapped,
)


def test_both_templates_are_valid_and_light_is_that_of_every_new_figure() -> None:
    for template in (LIGHT, DARK_TEMPLATE):
        go.layout.Template(template)
    assert pio.templates.default == "crossover_light"
    assert new_figure([], {}).layout.template.layout.font.color == "#31333f"


def test_the_dark_template_differs_in_its_colours_only() -> None:
    light, dark = LIGHT["layout"], DARK_TEMPLATE["layout"]
    assert light["font"]["color"] != dark["font"]["color"]
    assert light["xaxis"]["gridcolor"] != dark["xaxis"]["gridcolor"]
    assert light.keys() == dark.keys()
    assert light["margin"] == dark["margin"]


@pytest.mark.parametrize(
    ("text", "lines"),
    [
        ("RAG", ["RAG"]),
        # 26 columns: "Self-hosted · Llama 3.1" has 23, with " 8B" it has 26, and " FP8" passes them.
        ("Self-hosted · Llama 3.1 8B FP8 (2 × H100)", ["Self-hosted · Llama 3.1 8B", "FP8 (2 × H100)"]),
        # A Han letter takes two columns; an opening bracket starts a line and never ends one.
        ("自建方案與微調方案的比較結果（兩張顯示卡）", ["自建方案與微調方案的比較結", "果（兩張顯示卡）"]),
        ("a-very-long-name-without-any-space-in-it", ["a-very-long-name-without-any-space-in-it"]),
        ("", [""]),
    ],
)
def test_a_long_name_is_broken_where_its_language_allows(text: str, lines: list[str]) -> None:
    assert wrapped(text).split("<br>") == lines


def test_a_han_letter_is_as_wide_as_two_latin_ones() -> None:
    assert columns_of("自建 A") == 6


def test_the_first_of_several_names_stands_on_top() -> None:
    figure = new_figure([], {"yaxis": categories(["first", "second"])})
    assert figure.layout.yaxis.autorange == "reversed"
    assert list(figure.layout.yaxis.tickvals) == ["first", "second"]


def test_a_figure_says_which_axes_can_be_switched() -> None:
    figure = new_figure([], {"xaxis": axis("USD", type="log"), "meta": scale_switch("xaxis")})
    assert figure.layout.meta["scale_switch"] == ["xaxis"]
    assert figure.layout.xaxis.title.text == "USD"

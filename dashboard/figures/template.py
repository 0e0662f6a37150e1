"""Plotly templates for a light and a dark page, and the parts that every figure shares."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from typing import Any, Final, Literal

import plotly.graph_objects as go
import plotly.io as pio

from .palette import AXIS, DARK, GRID, MUTED, OPTION_COLOURS, PAPER, TEXT

FONT: Final = '"Source Sans", "Source Sans Pro", "Noto Sans TC", "Noto Sans CJK TC", sans-serif'
LIGHT_NAME: Final = "crossover_light"
DARK_NAME: Final = "crossover_dark"

Trace = Mapping[str, Any]
Layout = Mapping[str, Any]
AxisType = Literal["linear", "log"]


def _template(shade: Mapping[str, str]) -> dict[str, Any]:
    """Template with each colour replaced by that of the same role in `shade`, if it has one."""

    def colour(light: str) -> str:
        return shade.get(light, light)

    axis = {
        "gridcolor": colour(GRID),
        "linecolor": colour(AXIS),
        "zerolinecolor": colour(AXIS),
        "zerolinewidth": 1,
        "tickcolor": colour(AXIS),
        "tickfont": {"color": colour(MUTED), "size": 12},
        "title": {"font": {"color": colour(MUTED), "size": 12}, "standoff": 8},
        "automargin": True,
        "ticklabelstandoff": 4,
        "exponentformat": "B",
        "hoverformat": ",.2~f",
    }
    return {
        "layout": {
            "font": {"family": FONT, "size": 13, "color": colour(TEXT)},
            "colorway": [colour(each) for each in OPTION_COLOURS],
            "paper_bgcolor": "rgba(0,0,0,0)",
            "plot_bgcolor": "rgba(0,0,0,0)",
            "margin": {"l": 8, "r": 16, "t": 12, "b": 8, "autoexpand": True},
            "xaxis": axis,
            "yaxis": axis,
            "legend": {
                "orientation": "h",
                "x": 0,
                "xanchor": "left",
                "y": 1.02,
                "yanchor": "bottom",
                "font": {"size": 12},
                "itemsizing": "constant",
                "traceorder": "normal",
            },
            "hoverlabel": {
                "bgcolor": colour(PAPER),
                "bordercolor": colour(AXIS),
                "font": {"family": FONT, "size": 13, "color": colour(TEXT)},
                "align": "left",
                "namelength": -1,
            },
            "modebar": {
                "bgcolor": "rgba(0,0,0,0)",
                "color": colour(AXIS),
                "activecolor": colour(TEXT),
                "orientation": "h",
            },
            "colorscale": {"sequential": "Cividis", "sequentialminus": "Cividis", "diverging": "RdBu"},
            "separators": ".,",
            "bargap": 0.3,
        },
        "data": {
            "bar": [{"marker": {"line": {"color": colour(PAPER), "width": 1}}}],
            "heatmap": [{"colorbar": {"outlinewidth": 0, "thickness": 12, "exponentformat": "B"}}],
        },
    }


LIGHT: Final = _template({})
DARK_TEMPLATE: Final = _template(DARK)

pio.templates[LIGHT_NAME] = go.layout.Template(LIGHT)
pio.templates[DARK_NAME] = go.layout.Template(DARK_TEMPLATE)
pio.templates.default = LIGHT_NAME


def new_figure(traces: Sequence[Trace], layout: Layout) -> go.Figure:
    """Figure of traces and layout as dicts with Plotly's own names.

    Not validated, which takes 30 times as long as the figure itself; the tests validate every figure.
    """
    return go.Figure({"data": list(traces), "layout": dict(layout)}, _validate=False)


def axis(title: str = "", **settings: Any) -> dict[str, Any]:
    """Axis with a title."""
    return {"title": {"text": title}, **settings}


def categories(names: Sequence[str]) -> dict[str, Any]:
    """Vertical axis of names, the first on top, with long names on several lines."""
    return {
        "type": "category",
        "categoryorder": "array",
        "categoryarray": list(names),
        "autorange": "reversed",
        "tickmode": "array",
        "tickvals": list(names),
        "ticktext": [wrapped(name) for name in names],
        "showgrid": False,
        "ticklabelstandoff": 6,
    }


def wrapped(text: str, width: int = 26) -> str:
    """Text as lines of about `width` columns for a figure; a Han letter takes two columns."""
    lines: list[str] = []
    line, used = "", 0
    for word in _words(text):
        columns = columns_of(word)
        if line.strip() and used + columns_of(word.rstrip()) > width:
            lines.append(line.strip())
            line, used = "", 0
        line += word
        used += columns
    return "<br>".join([*lines, line.strip()])


def columns_of(text: str) -> int:
    """Width of a text in columns; a Han letter takes two."""
    return sum(2 if ord(letter) > 0x2E7F else 1 for letter in text)


def _words(text: str) -> list[str]:
    """Words with the space after them; each Han letter is a word."""
    words: list[str] = []
    word = ""
    for letter in text:
        if ord(letter) > 0x2E7F and letter not in "（）「」，。、":
            words += [word, letter] if word else [letter]
            word = ""
            continue
        if letter in "(（「" and word:
            words.append(word)
            word = ""
        word += letter
        if letter == " ":
            words.append(word)
            word = ""
    return [*words, word] if word else words


def scale_switch(*axes: str) -> dict[str, Any]:
    """`layout.meta` of a figure with a button that switches these axes between logarithmic and linear."""
    return {"scale_switch": list(axes)}

"""Figures of the prices page: prices over time, and the cost of a request against its prompt's length."""

from __future__ import annotations

from bisect import bisect_right
from collections.abc import Mapping, Sequence
from datetime import date
from math import log10
from typing import Any, Final

import pandas as pd
import plotly.graph_objects as go

from frames.frame import plain

from ..language import t
from .coinciding_lines import Points, joined_name, line_widths, same_lines
from .end_labels import LineEnd, end_labels, margin_px
from .palette import Palette
from .template import axis, new_figure, scale_switch

HEIGHT: Final = 420
_PLOT_PX: Final = HEIGHT - 76
"""Height of the plot without margin and axis."""


def price_history(steps: pd.DataFrame, palette: Palette, today: date, unit: str) -> go.Figure:
    """Step lines of prices; the time after `today` is shaded.

    Columns of `steps`: id, day, price. Lines that are the same are one line with all names; lines that
    coincide for a time are drawn as stripes, the first the widest, so that none hides another.
    """
    lines: dict[str, Points] = {}
    for row_id, own in steps.groupby("id", sort=False):
        corners = zip(own["day"], own["price"], strict=True)
        lines[str(row_id)] = tuple((day, _number(price)) for day, price in corners)
    days = sorted({day for points in lines.values() for day, _ in points} | {today})
    filled = {
        name: tuple((day.isoformat(), y) for day, y in _at_all(points, days))
        for name, points in lines.items()
    }
    first, last = days[0].isoformat(), days[-1].isoformat()
    figure = _figure(filled, palette, unit, "hv")
    figure["layout"] |= {
        "xaxis": axis(type="date", hoverformat="%Y-%m-%d", range=[first, last]),
        "shapes": [
            {
                "type": "rect",
                "xref": "x",
                "yref": "paper",
                "x0": today.isoformat(),
                "x1": last,
                "y0": 0,
                "y1": 1,
                "fillcolor": palette.muted,
                "opacity": 0.10,
                "line": {"width": 0},
                "layer": "below",
            }
        ],
        "annotations": [
            {
                "x": today.isoformat(),
                "y": 1,
                "yref": "paper",
                "text": t("after today"),
                "xanchor": "left",
                "yanchor": "top",
                "xshift": 4,
                "font": {"color": palette.muted, "size": 11},
                "showarrow": False,
            }
        ],
    }
    return new_figure(figure["data"], figure["layout"])


def cost_by_prompt(costs: pd.DataFrame, cliffs: pd.DataFrame, palette: Palette) -> go.Figure:
    """USD per request against prompt tokens; rings mark both sides of each price step.

    Columns of `costs`: id, prompt_tokens, usd_per_request; of `cliffs`: id, prompt_tokens, usd_per_request,
    usd_per_longer_request.
    """
    lines = {
        str(row_id): tuple(
            zip(map(int, own["prompt_tokens"]), map(float, own["usd_per_request"]), strict=True)
        )
        for row_id, own in costs.groupby("id", sort=False)
    }
    figure = _figure(lines, palette, t("USD per request"), "linear")
    lengths = [tokens for points in lines.values() for tokens, _ in points]
    figure["layout"]["xaxis"] = axis(
        t("Prompt tokens"),
        type="log",
        range=[log10(min(lengths, default=1)), log10(max(lengths, default=10))],
        hoverformat=",d",
    )
    figure["layout"]["meta"] = {
        **scale_switch("xaxis", "yaxis"),
        "linear": {**figure["layout"]["meta"]["linear"], "xaxis": {"range": [0, max(lengths, default=10)]}},
    }
    colours = {names[0]: _colour(lines, names[0], palette) for names in same_lines(lines)}
    for row_id, own in cliffs[cliffs["id"].isin(list(colours))].groupby("id", sort=False):
        below = [int(tokens) for tokens in own["prompt_tokens"]]
        figure["data"].append(
            {
                "type": "scatter",
                "mode": "markers",
                "x": [*below, *(tokens + 1 for tokens in below)],
                "y": [*map(float, own["usd_per_request"]), *map(float, own["usd_per_longer_request"])],
                "marker": {
                    "symbol": "circle-open",
                    "size": 9,
                    "line": {"width": 2},
                    "color": colours[str(row_id)],
                },
                "name": "",
                "hoverinfo": "skip",
                "showlegend": False,
            }
        )
    return new_figure(figure["data"], figure["layout"])


def _figure(lines: Mapping[str, Points], palette: Palette, unit: str, shape: str) -> dict[str, Any]:
    """Traces with names at their ends, and a layout with a logarithmic vertical axis that can be linear."""
    groups = same_lines(lines)
    drawn = [lines[names[0]] for names in groups]
    traces: list[dict[str, Any]] = []
    ends: list[LineEnd] = []
    for names, points, width in zip(groups, drawn, line_widths(drawn), strict=True):
        name, colour = joined_name(names), _colour(lines, names[0], palette)
        traces.append(
            {
                "type": "scatter",
                "mode": "lines",
                "name": name,
                "x": [x for x, _ in points],
                "y": [y for _, y in points],
                "line": {"color": colour, "width": width, "shape": shape},
                "hovertemplate": "%{y:,.6~g}",
            }
        )
        ends += [LineEnd(name, colour, y) for y in [y for _, y in points if y is not None][-1:]]
    low, high, top = _range([y for points in drawn for _, y in points if y is not None])
    last = max((points[-1][0] for points in drawn), default=None)
    labels = end_labels(ends, last, (low, high), "log", _PLOT_PX)
    linear = end_labels(ends, last, (0.0, top), "linear", _PLOT_PX)
    labels["meta"]["linear"] = {each: linear[each] for each in ("x", "y", "text", "textfont")}
    return {
        "data": [*traces, labels],
        "layout": {
            "yaxis": axis(unit, type="log", range=[log10(low), log10(high)]),
            "hovermode": "x unified",
            "showlegend": False,
            "margin": {"l": 8, "r": margin_px([end.name for end in ends]), "t": 28, "b": 8},
            "meta": {**scale_switch("yaxis"), "linear": {"yaxis": {"range": [0, top]}}},
        },
    }


def _colour(lines: Mapping[str, Points], name: str, palette: Palette) -> str:
    return palette.series(list(lines).index(name))


def _range(values: Sequence[float]) -> tuple[float, float, float]:
    """(low, high of a logarithmic axis, high of a linear one) with room around all values."""
    positive = [value for value in values if value > 0] or [1.0]
    return min(positive) / 1.3, max(positive) * 1.3, max(positive) * 1.08


def _at_all(points: Points, days: list[date]) -> Points:
    """A step line with its value on each day from its first to its last: hovering then reads all lines."""
    starts = [day for day, _ in points]
    within = [day for day in days if starts[0] <= day <= starts[-1]]
    return tuple((day, points[bisect_right(starts, day) - 1][1]) for day in within)


def _number(price: Any) -> float | None:
    value = plain(price)
    return None if value is None else float(value)

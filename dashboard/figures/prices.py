"""Figures of the prices page: prices over time, and the cost of a request against its prompt's length."""

from __future__ import annotations

from bisect import bisect_right
from collections.abc import Sequence
from datetime import date
from math import log10
from typing import Any, Final

import pandas as pd
import plotly.graph_objects as go

from frames.frame import plain

from ..language import t
from .line_ends import LineEnd, joined_name, line_labels, same_lines
from .palette import Palette
from .template import axis, new_figure

HEIGHT: Final = 400
_PLOT_PX: Final = HEIGHT - 64
"""Height of the plot without margin and axis."""
_LINE_PX: Final = 2.5
_EDGES_PX: Final = 4.0
"""Visible width of a line on both sides of one that is drawn over it."""

Points = tuple[tuple[Any, float | None], ...]
"""(x, y) of a line; None: no value from there on."""


def price_history(
    steps: pd.DataFrame, palette: Palette, today: date, unit: str, *, is_log: bool
) -> go.Figure:
    """Step lines of prices; the time after `today` is shaded.

    Columns of `steps`: id, day, price. Lines that are the same are one line with all names; lines that
    coincide for a time are drawn as stripes, the first the widest, so that none hides another.
    """
    lines: dict[str, Points] = {}
    for row_id, own in steps.groupby("id", sort=False):
        corners = zip(own["day"], own["price"], strict=True)
        lines[str(row_id)] = tuple((day, _number(price)) for day, price in corners)
    days = sorted({day for points in lines.values() for day, _ in points} | {today})
    filled = {name: _at_all(points, days) for name, points in lines.items()}
    last = days[-1]
    figure = _figure(filled, palette, unit, is_log=is_log, shape="hv")
    figure["layout"] |= {
        "xaxis": axis(type="date", hoverformat="%Y-%m-%d", range=[days[0].isoformat(), last.isoformat()]),
        "shapes": [
            {
                "type": "rect",
                "xref": "x",
                "yref": "paper",
                "x0": today.isoformat(),
                "x1": last.isoformat(),
                "y0": 0,
                "y1": 1,
                "fillcolor": palette.muted,
                "opacity": 0.10,
                "line": {"width": 0},
                "layer": "below",
            }
        ],
    }
    figure["layout"]["annotations"].append(
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
    )
    return new_figure(figure["data"], figure["layout"])


def cost_by_prompt(costs: pd.DataFrame, cliffs: pd.DataFrame, palette: Palette, *, is_log: bool) -> go.Figure:
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
    figure = _figure(lines, palette, t("USD per request"), is_log=is_log, shape="linear")
    scale = {"type": "log"} if is_log else {"type": "linear", "rangemode": "tozero"}
    figure["layout"]["xaxis"] = axis(t("Prompt tokens"), hoverformat=",d", **scale)
    colours = {names[0]: palette.series(list(lines).index(names[0])) for names in same_lines(lines)}
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
                "hoverinfo": "skip",
                "showlegend": False,
            }
        )
    return new_figure(figure["data"], figure["layout"])


def _figure(
    lines: dict[str, Points], palette: Palette, unit: str, *, is_log: bool, shape: str
) -> dict[str, Any]:
    """Traces with names at their ends, and a layout with the vertical axis."""
    colours = {name: palette.series(place) for place, name in enumerate(lines)}
    drawn = same_lines(lines)
    widths = _widths(list(drawn.values()))
    traces: list[dict[str, Any]] = []
    ends: list[LineEnd] = []
    y_range = _range([y for points in lines.values() for _, y in points if y is not None], is_log=is_log)
    for (names, points), width in zip(drawn.items(), widths, strict=True):
        name, colour = joined_name(names), colours[names[0]]
        shown = [(x, None if is_log and not y else y) for x, y in points]  # a logarithmic axis has no zero
        traces.append(
            {
                "type": "scatter",
                "mode": "lines",
                "name": name,
                "x": [x.isoformat() if isinstance(x, date) else x for x, _ in shown],
                "y": [y for _, y in shown],
                "line": {"color": colour, "width": width, "shape": shape},
                "hovertemplate": "%{y:,.6~g}<extra>%{fullData.name}</extra>",
                "showlegend": False,
            }
        )
        known = [(x, y) for x, y in shown if y is not None]
        if known:
            x, y = known[-1]
            ends.append(LineEnd(name, x.isoformat() if isinstance(x, date) else x, y, colour))
    annotations, room_px = line_labels(ends, y_range, _PLOT_PX, is_log=is_log)
    low_high = [log10(end) for end in y_range] if is_log else list(y_range)
    return {
        "data": traces,
        "layout": {
            "yaxis": axis(unit, type="log" if is_log else "linear", range=low_high),
            "hovermode": "x unified",
            "margin": {"l": 8, "r": room_px, "t": 16, "b": 8},
            "annotations": annotations,
            "showlegend": False,
        },
    }


def _widths(lines: Sequence[Points]) -> list[float]:
    """Width of each line: a line that later lines coincide with somewhere is wider than each of them."""
    widths = [_LINE_PX] * len(lines)
    known = [{(x, y) for x, y in points if y is not None} for points in lines]
    for place in reversed(range(len(lines))):
        over = [widths[later] for later in range(place + 1, len(lines)) if known[place] & known[later]]
        widths[place] = max(over, default=_LINE_PX - _EDGES_PX) + _EDGES_PX
    return widths


def _range(values: list[float], *, is_log: bool) -> tuple[float, float]:
    """Vertical range with room above and below all values."""
    positive = [value for value in values if value > 0]
    if is_log and positive:
        return min(positive) / 1.3, max(positive) * 1.3
    return (0.1, 1.0) if is_log else (0.0, max(values, default=1.0) * 1.08 or 1.0)


def _at_all(points: Points, days: list[date]) -> Points:
    """A step line with its value on each day from its first to its last: hovering then reads all lines."""
    starts = [day for day, _ in points]
    within = [day for day in days if starts[0] <= day <= starts[-1]]
    return tuple((day, points[bisect_right(starts, day) - 1][1]) for day in within)


def _number(price: Any) -> float | None:
    value = plain(price)
    return None if value is None else float(value)

"""Figure of cost against volume: who is cheapest where, and the reader's own volume."""

from __future__ import annotations

import math
from collections.abc import Sequence
from itertools import pairwise
from typing import Any, Final

import numpy as np
import numpy.typing as npt
import pandas as pd
import plotly.graph_objects as go

from ..language import t
from .comparison import currency_of, decimals_of
from .end_labels import FONT_SIZE, LineEnd, end_labels, margin_px
from .palette import Palette
from .template import axis, columns_of, new_figure, scale_switch, wrapped

MAX_MARKERS: Final = 200
LABEL_RATIO: Final = 2.0
"""Break-even volumes nearer than this have one label."""
LINEAR_SPAN: Final = 3.0
"""Range of the linear scale over the reader's volume."""
STRIP: Final = (1.01, 1.1)
"""The strip of the cheapest options above the plot, as shares of its height."""
PLOT_PX: Final = 700
"""Width of the plot for which names in the strip are left out."""


def cost_by_volume(
    curves: pd.DataFrame,
    winners: pd.DataFrame,
    crossings: pd.DataFrame,
    requests_per_day: float,
    palette: Palette,
    height: int = 440,
) -> go.Figure:
    """Cost per month against requests per day on logarithmic axes, with a switch to linear ones.

    A strip above the plot names the cheapest option of each range of volumes; circles are all break-even
    points, thin lines those at which the cheapest option changes, a dashed line is the reader's volume.

    Columns of `curves`: strategy, requests_per_day, amount_per_month, currency; of `winners`:
    from_requests_per_day, strategy; of `crossings`: first, second, requests_per_day, amount_per_month.
    """
    currency = currency_of(curves)
    lines = _lines(curves)
    volumes = next(iter(lines.values()))[0] if lines else np.array([1.0, 10.0])
    low, high = float(volumes[0]), float(volumes[-1])
    y_low, y_high = _amount_range([amounts for _, amounts in lines.values()])
    linear_high = requests_per_day * LINEAR_SPAN
    linear_ends = {name: float(np.interp(linear_high, *line)) for name, line in lines.items()}
    linear_most = max(linear_ends.values(), default=1.0) * 1.05 or 1.0
    decimals = decimals_of([y_high / 10])
    traces: list[dict[str, Any]] = [
        {
            "type": "scatter",
            "mode": "lines",
            "name": name,
            "x": axis_volumes,
            "y": amounts,
            "line": {"color": palette.options[name], "width": 2},
            "hovertemplate": f"%{{y:,.{decimals}f}} {currency}",
        }
        for name, (axis_volumes, amounts) in lines.items()
    ]
    if traces:
        plot_px = height - 100
        ends = [LineEnd(name, palette.options[name], float(line[1][-1])) for name, line in lines.items()]
        labels = end_labels(ends, high, (y_low, y_high), "log", plot_px)
        near = [LineEnd(name, palette.options[name], end) for name, end in linear_ends.items()]
        linear = end_labels(near, linear_high, (0.0, linear_most), "linear", plot_px)
        labels["meta"]["linear"] = {each: linear[each] for each in ("x", "y", "text", "textfont")}
        traces += [_break_even_points(crossings, low, high, palette), labels]
    per_day = t("{n} requests per day").replace("{n}", "%{x:,.0f}")
    return new_figure(
        traces,
        {
            "showlegend": False,
            "hovermode": "x unified",
            "margin": {"l": 8, "r": margin_px(list(lines)), "t": 44, "b": 8},
            "xaxis": axis(
                t("Requests per day (log scale)"),
                type="log",
                range=[math.log10(low), math.log10(high)],
                unifiedhovertitle={"text": per_day},
            ),
            "yaxis": axis(
                t("{currency} per month (log scale)").format(currency=currency),
                type="log",
                range=[math.log10(y_low), math.log10(y_high)],
            ),
            "shapes": [
                *_regions(winners, low, high, palette),
                *_marks(winners, low, high, requests_per_day, palette),
            ],
            "meta": {
                **scale_switch("xaxis", "yaxis"),
                "linear": {
                    "xaxis": {"range": [0, linear_high], "title": {"text": t("Requests per day")}},
                    "yaxis": {
                        "range": [0, linear_most],
                        "title": {"text": t("{currency} per month").format(currency=currency)},
                    },
                },
            },
        },
    )


Curve = tuple[npt.NDArray[np.float64], npt.NDArray[np.float64]]


def _lines(curves: pd.DataFrame) -> dict[str, Curve]:
    """Volumes and amounts of each option; an amount of zero has no place on a logarithmic axis."""
    names = curves["strategy"].to_numpy(dtype=object)
    volumes = curves["requests_per_day"].to_numpy(dtype=np.float64)
    amounts = curves["amount_per_month"].to_numpy(dtype=np.float64)
    starts = [0, *(np.flatnonzero(names[1:] != names[:-1]) + 1).tolist(), len(names)]
    return {
        str(names[start]): (volumes[start:end], amounts[start:end])
        for start, end in pairwise(starts)
        if end > start
    }


def _amount_range(curves: Sequence[npt.NDArray[np.float64]]) -> tuple[float, float]:
    positive = [curve[curve > 0] for curve in curves]
    ends = [(float(curve.min()), float(curve.max())) for curve in positive if curve.size]
    low, high = min((end[0] for end in ends), default=1.0), max((end[1] for end in ends), default=10.0)
    return low / 1.3, max(high, low * 2) * 1.3


def _break_even_points(crossings: pd.DataFrame, low: float, high: float, palette: Palette) -> dict[str, Any]:
    within = crossings[crossings["requests_per_day"].between(low, high)].head(MAX_MARKERS)
    return {
        "type": "scatter",
        "mode": "markers",
        "name": t("Break-even point"),
        "x": within["requests_per_day"].tolist(),
        "y": [float(amount) for amount in within["amount_per_month"]],
        "marker": {"symbol": "circle-open", "size": 9, "color": palette.muted, "line": {"width": 1.5}},
        "hoverinfo": "skip",
        "showlegend": False,
    }


def _regions(winners: pd.DataFrame, low: float, high: float, palette: Palette) -> list[dict[str, Any]]:
    """Ranges of volumes in the colour of their cheapest option, with its name where there is room."""
    shapes: list[dict[str, Any]] = []
    starts = [max(low, start) for start in winners["from_requests_per_day"].tolist()]
    decades = math.log10(high / low)
    ends = [*starts[1:], high][: len(starts)]
    for start, end, name in zip(starts, ends, winners["strategy"].tolist(), strict=True):
        if not start < end <= high:
            continue
        colour = palette.options[name]
        box = {"type": "rect", "x0": start, "x1": end, "yref": "paper", "line": {"width": 0}}
        shapes += [
            {**box, "y0": 0, "y1": 1, "fillcolor": colour, "opacity": 0.07, "layer": "below"},
            {**box, "y0": STRIP[0], "y1": STRIP[1], "fillcolor": colour, "opacity": 0.3},
        ]
        share = math.log10(end / start) / decades
        text = wrapped(name, max(12, int(share * PLOT_PX / 6)))
        widest = max(columns_of(line) for line in text.split("<br>"))
        if text.count("<br>") < 2 and widest * 6 <= share * PLOT_PX:
            shapes[-1]["label"] = {
                "text": text,
                "font": {"size": FONT_SIZE, "color": palette.text},
                "padding": 0,
            }
    return shapes


def _marks(
    winners: pd.DataFrame, low: float, high: float, requests_per_day: float, palette: Palette
) -> list[dict[str, Any]]:
    """Lines at the volumes where the cheapest option changes, and at the reader's own."""
    changes = [volume for volume in winners["from_requests_per_day"].tolist()[1:] if low < volume < high]
    labelled = far_apart(changes)
    line = {"type": "line", "yref": "paper", "y0": 0, "y1": 1}
    shapes: list[dict[str, Any]] = [
        {
            **line,
            "x0": volume,
            "x1": volume,
            "line": {"color": palette.muted, "width": 1},
            "opacity": 1 if volume in labelled else 0.4,
            "label": _mark_label(f"{volume:,.0f}" if volume in labelled else "", palette.text, "end"),
        }
        for volume in changes
    ]
    own = t("your volume: {n}").format(n=f"{requests_per_day:,.0f}")
    shapes.append(
        {
            **line,
            "x0": requests_per_day,
            "x1": requests_per_day,
            "line": {"color": palette.accent, "width": 2, "dash": "dash"},
            "label": _mark_label(own, palette.accent, "start"),
        }
    )
    return shapes


def _mark_label(text: str, colour: str, end: str) -> dict[str, Any]:
    """Label beside a vertical line, at its upper (end) or lower end."""
    return {
        "text": text,
        "textposition": end,
        "textangle": 0,
        "xanchor": "right" if end == "end" else "left",  # clear of the next changes, which are close by
        "yanchor": "top" if end == "end" else "bottom",
        "font": {"size": FONT_SIZE, "color": colour},
    }


def far_apart(volumes: Sequence[float]) -> set[float]:
    """Volumes that can be labelled on a logarithmic axis without overlap."""
    labelled: list[float] = []
    for volume in volumes:
        if not labelled or volume > LABEL_RATIO * labelled[-1]:
            labelled.append(volume)
    return set(labelled)

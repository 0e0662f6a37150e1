"""Figures of the claim page: cost map, cost curves and cash of the servers."""

from __future__ import annotations

import math
from collections.abc import Mapping
from typing import Any, Final

import pandas as pd
import plotly.graph_objects as go

from frames.frame import plain

from ..language import t
from .claim import MARGIN_FACTOR, MARGINS_PX, SIDES
from .end_labels import LineEnd, end_labels, margin_px
from .palette import Palette
from .template import axis, new_figure

WHITE: Final = "#ffffff"
"""On the filled regions of the cost map, on a light and on a dark page."""


def cost_map(
    frame: pd.DataFrame,
    palette: Palette,
    names: Mapping[str, str],
    api_usd_per_mtok: float,
    tokens_per_day: float | None,
) -> go.Figure:
    """The cheapest side by volume and API price; a line at the model's price, a ring at its break-even.

    Columns: those of COST_MAP. `names` are the labels of the sides.
    """
    sides = [side for side in names if side in set(frame["cheapest"])]
    volumes = sorted(set(frame["tokens_per_day"].tolist()))
    prices = sorted(set(frame["api_usd_per_mtok"].tolist()))
    by_cell = frame.set_index(["api_usd_per_mtok", "tokens_per_day"])
    cheapest, usd = by_cell["cheapest"].unstack(), by_cell["usd_per_month"].unstack()
    codes = cheapest.map(sides.index).values.tolist()
    steps = len(sides)
    scale = [
        (edge / steps, palette.series(SIDES[side]))
        for place, side in enumerate(sides)
        for edge in (place, place + 1)
    ]
    per_month = t("USD per month")
    hover = [
        [f"{names[side]}: {amount:,.0f} {per_month}" for side, amount in zip(*row, strict=True)]
        for row in zip(cheapest.values.tolist(), usd.values.tolist(), strict=True)
    ]
    traces: list[dict[str, Any]] = [
        {
            "type": "heatmap",
            "x": volumes,
            "y": prices,
            "z": codes,
            "zmin": -0.5,
            "zmax": steps - 0.5,
            "colorscale": scale,
            "showscale": False,
            "customdata": hover,
            "hovertemplate": t("{volume} tokens per day at {price} USD per Mtok").format(
                volume="%{x:,.3s}", price="%{y:,.3~g}"
            )
            + "<br>%{customdata}<extra></extra>",
        }
    ]
    for side in sides:
        cells = frame[frame["cheapest"] == side]
        traces.append(
            {
                "type": "scatter",
                "mode": "text",
                "x": [float(cells["tokens_per_day"].median())],
                "y": [float(cells["api_usd_per_mtok"].median())],
                "text": [f"<b>{names[side]}</b>"],
                "textfont": {"color": WHITE, "size": 15},
                "hoverinfo": "skip",
            }
        )
    if prices[0] <= api_usd_per_mtok <= prices[-1]:
        traces.append(
            {
                "type": "scatter",
                "mode": "lines+text",
                "x": [volumes[0], volumes[-1]],
                "y": [api_usd_per_mtok] * 2,
                "text": ["", t("this model")],
                "textposition": "top left",
                "textfont": {"color": WHITE},
                "line": {"color": WHITE, "dash": "dash", "width": 1.5},
                "hoverinfo": "skip",
            }
        )
        if tokens_per_day is not None and volumes[0] <= tokens_per_day <= volumes[-1]:
            traces.append(
                {
                    "type": "scatter",
                    "mode": "markers+text",
                    "x": [tokens_per_day],
                    "y": [api_usd_per_mtok],
                    "text": [t("break-even")],
                    "textposition": "bottom right",
                    "textfont": {"color": WHITE},
                    "marker": {"size": 14, "color": "rgba(0,0,0,0)", "line": {"color": WHITE, "width": 2.5}},
                    "hoverinfo": "skip",
                }
            )
    return new_figure(
        traces,
        {
            "xaxis": axis(t("Tokens per day"), type="log", showgrid=False),
            "yaxis": axis(t("API price, USD per Mtok"), type="log", showgrid=False),
            "hovermode": "closest",
            "showlegend": False,
        },
    )


def cost_curves(
    frame: pd.DataFrame,
    palette: Palette,
    names: Mapping[str, str],
    tenure: str,
    tokens_per_day: float | None,
    height: int = 400,
) -> go.Figure:
    """Monthly cost of the API and of the servers by volume, with the break-even.

    Columns: those of COST_CURVES. `names` has the labels of "api" and of the tenure.
    """
    x = frame["tokens_per_day"].tolist()
    curves = {"api": frame["api_usd_per_month"].tolist(), tenure: frame["own_usd_per_month"].tolist()}
    traces: list[dict[str, Any]] = [
        {
            "type": "scatter",
            "mode": "lines",
            "name": names[side],
            "x": x,
            "y": usd,
            "line": {"color": palette.series(SIDES[side]), "width": 2.5},
            "hovertemplate": f"{names[side]}: %{{y:,.0f}} USD<extra></extra>",
        }
        for side, usd in curves.items()
    ]
    low = min(min(usd) for usd in curves.values()) / MARGIN_FACTOR
    high = max(max(usd) for usd in curves.values()) * MARGIN_FACTOR
    ends = [LineEnd(names[side], palette.series(SIDES[side]), usd[-1]) for side, usd in curves.items()]
    traces.append(end_labels(ends, x[-1], (low, high), "log", height - MARGINS_PX))
    if tokens_per_day is not None:
        traces.append(
            {
                "type": "scatter",
                "mode": "lines+text",
                "x": [tokens_per_day] * 2,
                "y": [low, high],
                "text": ["", t("break-even")],
                "textposition": "bottom right",
                "textfont": {"color": palette.muted},
                "line": {"color": palette.muted, "dash": "dash", "width": 1.5},
                "hoverinfo": "skip",
                "showlegend": False,
            }
        )
    return new_figure(
        traces,
        {
            "xaxis": axis(t("Tokens per day"), type="log", range=[math.log10(x[0]), math.log10(x[-1])]),
            "yaxis": axis(t("USD per month"), type="log", range=[math.log10(low), math.log10(high)]),
            "margin": {"t": 8, "r": margin_px([names[side] for side in curves])},
            "hovermode": "x unified",
            "showlegend": False,
        },
    )


def cash(frame: pd.DataFrame, palette: Palette, payback_months: float | None) -> go.Figure:
    """Net cash of each month as bars, cumulative cash as a line, and the payback.

    Columns: number, net_usd, cumulative_usd.
    """
    months = frame["number"].tolist()
    cumulative = [plain(value) for value in frame["cumulative_usd"].array]
    line, net = palette.series(SIDES["api"]), palette.series(SIDES["owned"])
    traces: list[dict[str, Any]] = [
        {
            "type": "bar",
            "name": t("Net in the month"),
            "x": months,
            "y": frame["net_usd"].tolist(),
            "marker": {"color": net},
            "hovertemplate": t("Net in the month") + ": %{y:,.0f} USD<extra></extra>",
        },
        {
            "type": "scatter",
            "mode": "lines",
            "name": t("Cumulative"),
            "x": months,
            "y": cumulative,
            "line": {"color": line, "width": 3},
            "hovertemplate": t("Cumulative") + ": %{y:,.0f} USD<extra></extra>",
        },
    ]
    if payback_months is not None and payback_months > 0:
        traces.append(
            {
                "type": "scatter",
                "mode": "markers+text",
                "x": [payback_months],
                "y": [0],
                "text": [t("paid back after {months:,.1f} months").format(months=payback_months)],
                "textposition": "top left",
                "marker": {
                    "size": 12,
                    "color": "rgba(0,0,0,0)",
                    "line": {"color": palette.accent, "width": 2.5},
                },
                "showlegend": False,
                "hoverinfo": "skip",
            }
        )
    return new_figure(
        traces,
        {
            "xaxis": axis(t("Month")),
            "yaxis": axis("USD"),
            "hovermode": "x unified",
        },
    )

"""Figures of percentile bands: cumulative cost over the months, monthly cost against volume."""

from __future__ import annotations

import math
from typing import Any, Final

import pandas as pd
import plotly.graph_objects as go

from ..language import t
from .end_labels import LineEnd, end_labels, margin_px
from .palette import Palette
from .template import axis, new_figure, scale_switch

HEIGHT: Final = 420
_PLOT_PX: Final = HEIGHT - 70
_OPACITY: Final = 0.12


def month_bands(frame: pd.DataFrame, palette: Palette) -> go.Figure:
    """Cumulative cost per option: the median as a line, the 5th to the 95th percentile as a band.

    Columns: strategy, month, amount_p5, amount_p50, amount_p95, currency.
    """
    known, currency = frame[frame["amount_p50"].notna()], _currency(frame)
    traces: list[dict[str, Any]] = []
    ends: list[LineEnd] = []
    months: list[str] = []
    for option, own in known.groupby("strategy", sort=False):
        months = own["month"].tolist()
        low, middle, high = _percentiles(own)
        traces += _band(str(option), palette, months, low, high)
        traces.append(_median(str(option), palette, months, own, currency))
        ends.append(LineEnd(str(option), palette.options[str(option)], middle[-1]))
    most = float(known["amount_p95"].max() if len(known) else 0.0) * 1.04 or 1.0
    if months:
        traces.append(end_labels(ends, months[-1], (0.0, most), "linear", _PLOT_PX))
    return new_figure(
        traces,
        {
            "showlegend": False,
            "hovermode": "x unified",
            "margin": {"l": 8, "r": margin_px([end.name for end in ends]), "t": 12, "b": 8},
            "xaxis": {"type": "category", "showgrid": False, "nticks": 12, "tickangle": 0},
            "yaxis": axis(
                t("{currency}, cumulative").format(currency=currency), type="linear", range=[0, most]
            ),
        },
    )


def volume_bands(frame: pd.DataFrame, palette: Palette, requests_per_day: float) -> go.Figure:
    """Monthly cost per option against volume: the median as a line, the percentiles as a band.

    Columns: strategy, requests_per_day, amount_p5, amount_p50, amount_p95, currency. A line marks the
    scenario's own volume `requests_per_day`.
    """
    known, currency = frame[frame["amount_p50"] > 0], _currency(frame)
    traces: list[dict[str, Any]] = []
    ends: list[LineEnd] = []
    for option, own in known.groupby("strategy", sort=False):
        volumes = own["requests_per_day"].tolist()
        low, middle, high = _percentiles(own)
        traces += _band(str(option), palette, volumes, low, high)
        traces.append(_median(str(option), palette, volumes, own, currency))
        ends.append(LineEnd(str(option), palette.options[str(option)], middle[-1]))
    lowest, highest = (known["amount_p5"].min(), known["amount_p95"].max()) if len(known) else (1.0, 10.0)
    volumes = known["requests_per_day"].tolist() or [1.0, 10.0]
    lowest = max(float(lowest), highest / 1e9) or 1.0
    if ends:
        traces.append(end_labels(ends, max(volumes), (lowest, float(highest)), "log", _PLOT_PX))
    return new_figure(
        traces,
        {
            "showlegend": False,
            "hovermode": "x unified",
            "margin": {"l": 8, "r": margin_px([end.name for end in ends]), "t": 24, "b": 8},
            "xaxis": axis(
                t("Requests per day"),
                type="log",
                range=[math.log10(min(volumes)), math.log10(max(volumes))],
                hoverformat=",.0f",
            ),
            "yaxis": axis(
                t("{currency} per month").format(currency=currency),
                type="log",
                range=[math.log10(lowest), math.log10(float(highest))],
            ),
            "shapes": [
                {
                    "type": "line",
                    "x0": requests_per_day,
                    "x1": requests_per_day,
                    "yref": "paper",
                    "y0": 0,
                    "y1": 1,
                    "line": {"color": palette.accent, "width": 1.5, "dash": "dash"},
                    "label": {
                        "text": t("Your volume"),
                        "textposition": "end",
                        "textangle": 0,
                        "yanchor": "bottom",
                        "font": {"size": 12, "color": palette.accent},
                    },
                }
            ],
            "meta": scale_switch("xaxis", "yaxis"),
        },
    )


def _percentiles(own: pd.DataFrame) -> tuple[list[float], list[float], list[float]]:
    return own["amount_p5"].tolist(), own["amount_p50"].tolist(), own["amount_p95"].tolist()


def _band(
    option: str, palette: Palette, x: list[Any], low: list[float], high: list[float]
) -> list[dict[str, Any]]:
    """Area between two percentiles: an invisible lower edge, and an upper edge filled down to it."""
    edge = {
        "type": "scatter",
        "mode": "lines",
        "name": option,
        "x": x,
        "line": {"width": 0, "color": palette.options[option]},
        "hoverinfo": "skip",
        "showlegend": False,
    }
    fill = _with_opacity(palette.options[option], _OPACITY)
    return [{**edge, "y": low}, {**edge, "y": high, "fill": "tonexty", "fillcolor": fill}]


def _median(option: str, palette: Palette, x: list[Any], own: pd.DataFrame, currency: str) -> dict[str, Any]:
    """Line of the median whose hover has all three percentiles."""
    low, middle, high = _percentiles(own)
    return {
        "type": "scatter",
        "mode": "lines",
        "name": option,
        "x": x,
        "y": middle,
        "line": {"color": palette.options[option], "width": 2},
        "customdata": [list(pair) for pair in zip(low, high, strict=True)],
        "hovertemplate": f"%{{customdata[0]:,.0f}} – <b>%{{y:,.0f}}</b> – %{{customdata[1]:,.0f}} {currency}",
    }


def _with_opacity(colour: str, opacity: float) -> str:
    """A colour "#rrggbb" as rgba."""
    red, green, blue = (int(colour[i : i + 2], 16) for i in (1, 3, 5))
    return f"rgba({red},{green},{blue},{opacity})"


def _currency(frame: pd.DataFrame) -> str:
    return str(frame["currency"].iloc[0]) if len(frame) else "USD"

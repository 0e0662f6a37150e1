"""Figures of the benchmark page: latency, throughput and token price against load; latency distribution."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any, Final

import pandas as pd
import plotly.graph_objects as go

from frames.frame import plain

from ..language import t
from .end_labels import LineEnd, end_labels, margin_px
from .palette import Palette
from .template import axis, new_figure, scale_switch

HEIGHT: Final = 300
TALL: Final = 380
_MARGIN_PX: Final = 64
_DASHES: Final = ("solid", "dash", "dot")
_ROOM: Final = 1.1
"""Vertical axis above the highest value."""


def against_load(
    loads: pd.DataFrame,
    names: Mapping[str, str],
    palette: Palette,
    *,
    x: str,
    x_title: str,
    unit: str,
    limit: float | None = None,
    held_until: float | None = None,
) -> go.Figure:
    """A line for each column in `names` (column -> name of its line) against the column `x`, sorted.

    `limit`: a horizontal line, the SLO; `held_until`: a vertical line at the largest load that keeps it.
    """
    ordered = loads.sort_values(x)
    highest = max((float(value) for name in names for value in ordered[name].dropna()), default=0.0)
    top = max(highest, limit or 0.0) * _ROOM or 1.0
    traces: list[dict[str, Any]] = []
    ends: list[LineEnd] = []
    for place, (column, name) in enumerate(names.items()):
        points = [(float(at), _number(y)) for at, y in zip(ordered[x], ordered[column], strict=True)]
        known = [(at, y) for at, y in points if y is not None]
        if not known:
            continue
        colour = palette.series(place)
        traces.append(
            {
                "type": "scatter",
                "mode": "lines+markers",
                "name": name,
                "x": [at for at, _ in points],
                "y": [y for _, y in points],
                "line": {"color": colour, "width": 2, "dash": _DASHES[place % len(_DASHES)]},
                "marker": {"size": 7, "color": colour},
                "hovertemplate": f"%{{y:,.1f}} {unit}",
            }
        )
        ends.append(LineEnd(name, colour, known[-1][1]))
    ends = ends if len(ends) > 1 else []  # the title of the axis names a single line
    labels = end_labels(ends, float(ordered[x].max()), (0.0, top), "linear", HEIGHT - _MARGIN_PX)
    shapes, marks = _marks(palette, y=limit, x=held_until, x_text=t("SLO met up to here"))
    return new_figure(
        [*traces, labels],
        {
            "xaxis": axis(x_title, rangemode="tozero"),
            "yaxis": axis(next(iter(names.values())) if len(names) == 1 else unit, range=[0, top]),
            "hovermode": "x unified",
            "margin": {"l": 8, "r": margin_px([end.name for end in ends]), "t": 28, "b": 8},
            "shapes": shapes,
            "annotations": marks,
            "showlegend": False,
        },
    )


def distribution(shares: pd.DataFrame, palette: Palette, *, limit_ms: float | None = None) -> go.Figure:
    """Share of the answers within each latency, a line for each load; the latency axis can be logarithmic.

    Columns of `shares`: load, latency_ms, share_of_answers.
    """
    traces: list[dict[str, Any]] = []
    for place, (name, own) in enumerate(shares.groupby("load", sort=False)):
        colour = palette.series(place)
        traces.append(
            {
                "type": "scatter",
                "mode": "lines" if len(own) > 1 else "markers",
                "name": str(name),
                "x": [float(value) for value in own["latency_ms"]],
                "y": [float(value) for value in own["share_of_answers"]],
                "line": {"color": colour, "width": 2, "shape": "hv"},
                "marker": {"color": colour},
                "hovertemplate": "%{y:.0%}: %{x:,.1f} ms",
            }
        )
    shapes: list[dict[str, Any]] = []
    if limit_ms is not None:
        shapes.append(
            {
                "type": "line",
                "yref": "paper",
                "x0": limit_ms,
                "x1": limit_ms,
                "y0": 0,
                "y1": 1,
                "line": _dashed(palette),
                "label": {
                    "text": t("SLO"),
                    "textposition": "end",
                    "textangle": 0,
                    "font": {"color": palette.muted, "size": 11},
                },
            }
        )
    most = max((float(value) for value in shares["latency_ms"]), default=1.0)
    return new_figure(
        traces,
        {
            "xaxis": axis(t("Latency, ms"), type="log"),
            "yaxis": axis(t("share of answers"), range=[0, 1.02], tickformat=".0%"),
            "hovermode": "closest",
            "shapes": shapes,
            "showlegend": True,
            "meta": {
                **scale_switch("xaxis"),
                "linear": {"xaxis": {"range": [0, max(most, limit_ms or 0.0) * _ROOM]}},
            },
        },
    )


def _dashed(palette: Palette) -> dict[str, Any]:
    return {"color": palette.muted, "width": 1.5, "dash": "dash"}


def _marks(
    palette: Palette, *, y: float | None = None, x: float | None = None, x_text: str = ""
) -> tuple[list[dict[str, Any]], list[dict[str, Any]]]:
    """(lines, their texts) of an SLO along y, and of a mark along x in the units of an annotation."""
    line = _dashed(palette)
    font = {"color": palette.muted, "size": 11}
    shapes: list[dict[str, Any]] = []
    texts: list[dict[str, Any]] = []
    if y is not None:
        shapes.append({"type": "line", "xref": "paper", "x0": 0, "x1": 1, "y0": y, "y1": y, "line": line})
        texts.append(
            {
                "xref": "paper",
                "x": 0.01,
                "y": y,
                "text": t("SLO"),
                "xanchor": "left",
                "yanchor": "bottom",
                "font": font,
                "showarrow": False,
            }
        )
    if x is not None:
        shapes.append({"type": "line", "yref": "paper", "x0": x, "x1": x, "y0": 0, "y1": 1, "line": line})
        texts.append(
            {
                "yref": "paper",
                "x": x,
                "y": 0.02,
                "text": x_text,
                "xanchor": "right",
                "yanchor": "bottom",
                "xshift": -3,
                "font": font,
                "showarrow": False,
            }
        )
    return shapes, texts


def _number(value: Any) -> float | None:
    known = plain(value)
    return None if known is None else float(known)

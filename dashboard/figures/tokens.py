"""Figures of the tokens page: tokens by tokenizer, cost by part of the call, savings."""

from __future__ import annotations

from typing import Any, Final

import pandas as pd
import plotly.graph_objects as go

from frames.frame import records

from ..language import in_brackets, t
from .palette import Palette
from .template import axis, categories, new_figure

PART_COLOURS: Final = {
    "System prompt": "#77aadd",
    "Examples": "#b3d0ee",
    "Knowledge": "#5289c1",
    "Question": "#44bb99",
    "Tool definitions": "#b8a0d8",
    "Chat format": "#bbbbbb",
    "Images": "#eedd88",
    "Answer": "#ee8866",
    "Fees per request": "#8c8c8c",
}
"""Soft fills, after Paul Tol's "light" scheme: input in blue and green, output in orange."""


def family_tokens(frame: pd.DataFrame, palette: Palette) -> go.Figure:
    """Bar per tokenizer: tokens of the same text, with the range from the 5th to the 95th percentile.

    Columns: family, tokens, low, high, made, over_reference_share.
    """
    rows = sorted(records(frame), key=lambda row: row["tokens"])
    names = [row["family"] for row in rows]
    methods = [row["made"] for row in rows]
    most = max((row["high"] for row in rows), default=0.0)
    return new_figure(
        [
            {
                "type": "bar",
                "orientation": "h",
                "y": names,
                "x": [round(row["tokens"]) for row in rows],
                "marker": {"color": [palette.series(0 if row["made"] != "estimated" else 4) for row in rows]},
                "error_x": {
                    "type": "data",
                    "symmetric": False,
                    "array": [round(row["high"] - row["tokens"], 1) for row in rows],
                    "arrayminus": [round(row["tokens"] - row["low"], 1) for row in rows],
                    "color": palette.muted,
                    "thickness": 1.2,
                    "width": 3,
                },
                "customdata": [
                    [
                        t(method),
                        f"{row['low']:,.0f}–{row['high']:,.0f}",
                        f"{row['over_reference_share']:+.0%}",
                    ]
                    for row, method in zip(rows, methods, strict=True)
                ],
                "hovertemplate": in_brackets("%{x:,}", "%{customdata[0]}, %{customdata[1]}")
                + "<br>o200k_base %{customdata[2]}<extra></extra>",
            }
        ],
        {
            "xaxis": axis(
                t("Number of tokens"),
                type="linear",
                rangemode="tozero",
                nticks=6,
                range=[0, most * 1.05 or 1],
            ),
            "yaxis": categories(names),
        },
    )


def cost_by_part(frame: pd.DataFrame, palette: Palette) -> go.Figure:
    """Stacked bar per model: USD per month by part of the call.

    Columns: model_name, part_label, usd_per_month, tokens_per_call, cost_share.
    """
    rows = records(frame)
    models = list(dict.fromkeys(row["model_name"] for row in rows))
    totals = {
        model: sum(float(row["usd_per_month"]) for row in rows if row["model_name"] == model)
        for model in models
    }
    traces: list[dict[str, Any]] = []
    for part, colour in PART_COLOURS.items():
        own = {row["model_name"]: row for row in rows if row["part_label"] == part and row["usd_per_month"]}
        if not own:
            continue
        traces.append(
            {
                "type": "bar",
                "orientation": "h",
                "name": t(part),
                "y": list(own),
                "x": [round(float(row["usd_per_month"]), 4) for row in own.values()],
                "marker": {"color": colour},
                "customdata": [[row["tokens_per_call"], row["cost_share"]] for row in own.values()],
                "hovertemplate": in_brackets("%{x:,.2f} USD", "%{customdata[1]:.0%}"),
            }
        )
    traces.append(
        {
            "type": "scatter",
            "mode": "text",
            "name": t("Total"),
            "y": models,
            "x": list(totals.values()),
            "text": [f" {total:,.0f}" if total >= 100 else f" {total:,.2f}" for total in totals.values()],
            "textposition": "middle right",
            "textfont": {"color": palette.text, "size": 12},
            "cliponaxis": False,
            "showlegend": False,
            "hovertemplate": "<b>%{x:,.2f} USD</b>",
        }
    )
    return new_figure(
        traces,
        {
            "barmode": "stack",
            "hovermode": "y unified",
            "legend": {"traceorder": "normal"},
            "xaxis": axis(
                t("USD per month"),
                type="linear",
                nticks=6,
                range=[0, (max(totals.values(), default=0.0) or 1.0) * 1.16],
            ),
            "yaxis": categories(models),
        },
    )


def monthly_savings(frame: pd.DataFrame, palette: Palette) -> go.Figure:
    """Bar per measure that is offered: USD per month saved; to the left of 0 what costs more.

    Columns: measure, saved_usd, saved_share.
    """
    rows = [row for row in records(frame) if row["saved_usd"] is not None]
    measures = [row["measure"] for row in rows]
    names = [t(measure) for measure in measures]
    return new_figure(
        [
            {
                "type": "bar",
                "orientation": "h",
                "y": names,
                "x": [round(float(row["saved_usd"]), 4) for row in rows],
                "marker": {"color": [palette.series(2 if row["saved_usd"] >= 0 else 5) for row in rows]},
                "text": [
                    f"{row['saved_share']:+.0%}".replace("+", "−")
                    if row["saved_share"] >= 0
                    else f"{-row['saved_share']:+.0%}"
                    for row in rows
                ],
                "textposition": "auto",
                "hovertemplate": "%{x:,.2f} USD<extra></extra>",
            }
        ],
        {
            "xaxis": axis(t("Saved (USD per month)"), type="linear", nticks=6),
            "yaxis": categories(names),
        },
    )

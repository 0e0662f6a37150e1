"""Figures of self-hosted servers: hourly load, utilisation, idle cost."""

from __future__ import annotations

from typing import Any, Final

import pandas as pd
import plotly.graph_objects as go

from ..language import t
from .comparison import currency_of, decimals_of
from .palette import Palette
from .template import axis, categories, new_figure

IN_USE: Final = "#009e73"
IDLE: Final = "#7f7f7f"


def hourly_load(frame: pd.DataFrame, palette: Palette) -> go.Figure:
    """Bar per hour of the day: load over the average, with a line at the average.

    Columns: hour, over_average.
    """
    return new_figure(
        [
            {
                "type": "bar",
                "name": t("Load over average"),
                "x": [int(hour) for hour in frame["hour"]],
                "y": [round(float(load), 4) for load in frame["over_average"]],
                "marker": {"color": palette.series(0)},
                "hovertemplate": t("{hour}:00, {load} × the average")
                .replace("{hour}", "%{x}")
                .replace("{load}", "%{y:.2f}")
                + "<extra></extra>",
            }
        ],
        {
            "bargap": 0.2,
            "xaxis": axis(t("Hour of the day"), type="linear", dtick=3, range=[-0.6, 23.6], showgrid=False),
            "yaxis": axis(t("Load over average"), type="linear", rangemode="tozero", nticks=4),
            "shapes": [
                {
                    "type": "line",
                    "xref": "paper",
                    "x0": 0,
                    "x1": 1,
                    "y0": 1,
                    "y1": 1,
                    "line": {"color": palette.muted, "width": 1, "dash": "dash"},
                }
            ],
        },
    )


def utilisation(frame: pd.DataFrame, palette: Palette) -> go.Figure:
    """Three bars per option: average, peak and planned GPU utilisation.

    Columns: strategy, average_busy_share, peak_busy_share, target_utilisation_share.
    """
    options = frame["strategy"].tolist()
    series = (
        (t("Average"), palette.series(0), "average_busy_share"),
        (t("Peak"), palette.series(1), "peak_busy_share"),
        (t("Target"), palette.muted, "target_utilisation_share"),
    )
    return new_figure(
        [
            {
                "type": "bar",
                "orientation": "h",
                "name": name,
                "y": options,
                "x": [float(share) for share in frame[column]],
                "marker": {"color": colour},
                "hovertemplate": "%{x:.1%}",
            }
            for name, colour, column in series
        ],
        {
            "barmode": "group",
            "bargap": 0.25,
            "hovermode": "y unified",
            "xaxis": axis(t("GPU utilization"), type="linear", range=[0, 1], tickformat=".0%"),
            "yaxis": categories(options),
        },
    )


def idle_cost(frame: pd.DataFrame, palette: Palette) -> go.Figure:
    """Stacked bar per option: cost of its servers in use, and idle cost.

    Columns: strategy, machines_amount_per_month, idle_amount_per_month, currency.
    """
    options = frame["strategy"].tolist()
    currency = currency_of(frame)
    totals = [float(amount) for amount in frame["machines_amount_per_month"]]
    idle = [float(amount) for amount in frame["idle_amount_per_month"]]
    used = [total - waiting for total, waiting in zip(totals, idle, strict=True)]
    number = f",.{decimals_of(totals)}f"
    traces: list[dict[str, Any]] = [
        {
            "type": "bar",
            "orientation": "h",
            "name": name,
            "y": options,
            "x": [round(amount, 2) or None for amount in amounts],
            "marker": {"color": colour},
            "hovertemplate": f"%{{x:{number}}} {currency}",
        }
        for name, colour, amounts in ((t("In use"), IN_USE, used), (t("Idle"), IDLE, idle))
    ]
    traces.append(
        {
            "type": "scatter",
            "mode": "text",
            "name": t("Total"),
            "y": options,
            "x": totals,
            "text": [
                " " + t("{share:.0%} idle").format(share=waiting / total if total else 0.0)
                for waiting, total in zip(idle, totals, strict=True)
            ],
            "textposition": "middle right",
            "textfont": {"color": palette.text, "size": 12},
            "cliponaxis": False,
            "showlegend": False,
            "hovertemplate": f"<b>%{{x:{number}}} {currency}</b>",
        }
    )
    return new_figure(
        traces,
        {
            "barmode": "stack",
            "hovermode": "y unified",
            "xaxis": axis(
                t("{currency} per month").format(currency=currency),
                type="linear",
                range=[0, (max(totals, default=0.0) or 1.0) * 1.16],
            ),
            "yaxis": categories(options),
        },
    )

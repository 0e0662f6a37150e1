"""Figure of training data: number of examples by length."""

from __future__ import annotations

from typing import Any

import pandas as pd
import plotly.graph_objects as go

from frames.frame import records

from ..language import t
from .palette import Palette
from .template import axis, new_figure


def example_lengths(frame: pd.DataFrame, palette: Palette) -> go.Figure:
    """Histogram of lengths in tokens; the last bar counts all longer examples.

    Columns: from_tokens, to_tokens, examples.
    """
    rows = records(frame)
    names = [_interval(row) for row in rows]
    return new_figure(
        [
            {
                "type": "bar",
                "x": names,
                "y": [row["examples"] for row in rows],
                "marker": {"color": palette.series(0)},
                "hovertemplate": t("{tokens} tokens: {examples} examples")
                .replace("{tokens}", "%{x}")
                .replace("{examples}", "%{y:,}")
                + "<extra></extra>",
            }
        ],
        {
            "bargap": 0.08,
            "xaxis": axis(t("Tokens per example"), type="category", showgrid=False, nticks=8),
            "yaxis": axis(t("Examples"), type="linear", rangemode="tozero", tickformat=",d", nticks=5),
        },
    )


def _interval(row: dict[str, Any]) -> str:
    low, end = row["from_tokens"], row["to_tokens"]
    if end is None:
        return f"≥ {low:,}"
    return f"{low:,}–{end - 1:,}" if end - low > 1 else f"{low:,}"

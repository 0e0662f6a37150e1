"""Figures of a Monte Carlo simulation: cost ranges, probabilities, tornado, EVPI and correlations."""

from __future__ import annotations

import math
from collections.abc import Sequence
from typing import Any, Final

import pandas as pd
import plotly.graph_objects as go

from costing.uncertainty.inputs import value_text

from ..language import in_brackets, t
from .palette import Palette
from .template import axis, categories, new_figure, scale_switch

ROW_PX: Final = 48
"""Height of the row of an option."""
BAR_PX: Final = 34
"""Height of the row of an input."""
_WIDE_RATIO: Final = 20.0
"""From this ratio of the highest to the lowest amount on, the axis of amounts is logarithmic."""
_MARGIN_SHARE: Final = 0.15
"""Room beside the amounts, for their labels."""
_LOW_MARGIN_SHARE: Final = 0.22
"""Room beside the lowest end of the ranges, whose label stands next to the names."""


def cost_ranges(frame: pd.DataFrame, palette: Palette) -> go.Figure:
    """Bar per option from the 5th to the 95th percentile of its monthly cost, with a ring at the median.

    Columns: strategy, amount_p5, amount_p50, amount_p95, currency. No bar where an option is never possible.
    """
    known = frame[frame["amount_p50"].notna()]
    options, currency = frame["strategy"].tolist(), _currency(frame)
    low, middle, high = (known[f"amount_{name}"].tolist() for name in ("p5", "p50", "p95"))
    number = ",.2f" if max(high, default=0.0) < 100 else ",.0f"
    names = known["strategy"].tolist()
    tip = (
        f"%{{customdata[0]:{number}}} – <b>%{{customdata[1]:{number}}}</b> – %{{customdata[2]:{number}}} "
        f"{currency}<extra></extra>"
    )
    ends = [list(row) for row in zip(low, middle, high, strict=True)]
    scale, span = _amount_axis([*low, *high])
    label = {"mode": "text", "type": "scatter", "cliponaxis": False, "hoverinfo": "skip", "showlegend": False}
    font = {"size": 12, "color": palette.muted}
    return new_figure(
        [
            {
                "type": "bar",
                "orientation": "h",
                "name": t("5% to 95%"),
                "y": names,
                "base": low,
                "x": [top - bottom for bottom, top in zip(low, high, strict=True)],
                "width": 0.34,
                "marker": {"color": [palette.options[name] for name in names], "opacity": 0.55},
                "customdata": ends,
                "hovertemplate": tip,
            },
            {
                "type": "scatter",
                "mode": "markers+text",
                "name": t("median"),
                "y": names,
                "x": middle,
                "marker": {
                    "size": 11,
                    "color": palette.paper,
                    "line": {"color": [palette.options[name] for name in names], "width": 3},
                },
                "text": [f"<b>{value:{number}}</b>" for value in middle],
                "textposition": "top center",
                "textfont": {"size": 12, "color": palette.text},
                "cliponaxis": False,
                "customdata": ends,
                "hovertemplate": tip,
            },
            {
                **label,
                "y": names,
                "x": low,
                "text": [f"{value:{number}} " for value in low],
                "textposition": "middle left",
                "textfont": font,
            },
            {
                **label,
                "y": names,
                "x": high,
                "text": [f" {value:{number}}" for value in high],
                "textposition": "middle right",
                "textfont": font,
            },
        ],
        {
            "showlegend": False,
            "hovermode": "closest",
            "barmode": "overlay",
            "xaxis": axis(t("{currency} per month").format(currency=currency), type=scale, range=span),
            "yaxis": categories(options),
            "meta": scale_switch("xaxis") if scale == "log" else None,
        },
    )


def cheapest_probability(frame: pd.DataFrame, palette: Palette) -> go.Figure:
    """Bar per option: share of the simulations in which it is the cheapest, with a 95% confidence interval.

    Columns: strategy, cheapest_share, cheapest_share_low, cheapest_share_high.
    """
    options, shares = frame["strategy"].tolist(), frame["cheapest_share"].tolist()
    low, high = frame["cheapest_share_low"].tolist(), frame["cheapest_share_high"].tolist()
    return new_figure(
        [
            {
                "type": "bar",
                "orientation": "h",
                "name": t("Cheapest in"),
                "y": options,
                "x": shares,
                "width": 0.5,
                "marker": {"color": [palette.options[name] for name in options]},
                "error_x": {
                    "type": "data",
                    "symmetric": False,
                    "array": [top - share for top, share in zip(high, shares, strict=True)],
                    "arrayminus": [share - bottom for bottom, share in zip(low, shares, strict=True)],
                    "color": palette.muted,
                    "thickness": 1.5,
                    "width": 5,
                },
                "customdata": [list(row) for row in zip(low, high, strict=True)],
                "hovertemplate": in_brackets("%{x:.1%}", "%{customdata[0]:.1%} – %{customdata[1]:.1%}")
                + "<extra></extra>",
            },
            {
                "type": "scatter",
                "mode": "text",
                "y": options,
                "x": high,
                "text": [f"  <b>{share:.0%}</b>" for share in shares],
                "textposition": "middle right",
                "textfont": {"size": 13, "color": palette.text},
                "cliponaxis": False,
                "hoverinfo": "skip",
            },
        ],
        {
            "showlegend": False,
            "hovermode": "closest",
            "xaxis": axis(
                type="linear",
                range=[0, 1.14],
                tickmode="array",
                tickvals=[0, 0.25, 0.5, 0.75, 1],
                ticktext=["0%", "25%", "50%", "75%", "100%"],
            ),
            "yaxis": categories(options),
        },
    )


def tornado(frame: pd.DataFrame, palette: Palette, base: float) -> go.Figure:
    """Bar pair per input: cost of one option at both ends of the input's range, the longest swing on top.

    Columns: input, path, input_low, input_high, amount_at_low, amount_at_high, currency. `base` is the cost
    at the scenario's own values, the line from which the bars start. The labels are the values of the input.
    """
    inputs, currency = frame["input"].tolist(), _currency(frame)
    ends: list[dict[str, Any]] = []
    amounts = [base]
    sides = ((t("low value"), palette.axis, "low"), (t("high value"), palette.muted, "high"))
    for name, colour, end in sides:
        known = frame[frame[f"amount_at_{end}"].notna()]
        values = [
            value_text(path, value)
            for path, value in zip(known["path"].tolist(), known[f"input_{end}"].tolist(), strict=True)
        ]
        at_end = known[f"amount_at_{end}"].tolist()
        amounts += at_end
        ends.append(
            {
                "type": "bar",
                "orientation": "h",
                "name": name,
                "y": known["input"].tolist(),
                "base": base,
                "x": [amount - base for amount in at_end],
                "marker": {"color": colour},
                "width": 0.6,
                "text": values,
                "textposition": "outside",
                "textfont": {"size": 12, "color": palette.text},
                "cliponaxis": False,
                "customdata": [list(pair) for pair in zip(values, at_end, strict=True)],
                "hovertemplate": f"%{{y}}: %{{customdata[0]}}<br>%{{customdata[1]:,.0f}} {currency}"
                "<extra></extra>",
            }
        )
    low, high = min(amounts), max(amounts)
    room = (high - low) * _MARGIN_SHARE or abs(base) * _MARGIN_SHARE or 1.0
    return new_figure(
        ends,
        {
            "barmode": "overlay",
            "hovermode": "closest",
            "showlegend": False,
            "margin": {"l": 8, "r": 16, "t": 28, "b": 8},
            "xaxis": axis(
                t("{currency} per month").format(currency=currency),
                type="linear",
                range=[low - room, high + room],
            ),
            "yaxis": categories(inputs),
            "shapes": [
                {
                    "type": "line",
                    "xref": "x",
                    "yref": "paper",
                    "x0": base,
                    "x1": base,
                    "y0": 0,
                    "y1": 1,
                    "line": {"color": palette.text, "width": 1.5},
                }
            ],
            "annotations": [
                {
                    "x": base,
                    "y": 1,
                    "xref": "x",
                    "yref": "paper",
                    "yanchor": "bottom",
                    "showarrow": False,
                    "text": t("Today: {amount:,.0f}").format(amount=base),
                    "font": {"size": 12, "color": palette.text},
                }
            ],
        },
    )


def evpi(frame: pd.DataFrame, palette: Palette) -> go.Figure:
    """Bar per input: its expected value of perfect information per month, the largest on top.

    Columns: input, worth_amount_per_month, currency.
    """
    inputs, worth, currency = (
        frame["input"].tolist(),
        frame["worth_amount_per_month"].tolist(),
        _currency(frame),
    )
    number = ",.2f" if max(worth, default=0.0) < 100 else ",.0f"
    return new_figure(
        [
            {
                "type": "bar",
                "orientation": "h",
                "name": t("Value of information"),
                "y": inputs,
                "x": worth,
                "width": 0.6,
                "marker": {"color": palette.muted},
                "text": [f"{amount:{number}}" for amount in worth],
                "textposition": "outside",
                "textfont": {"size": 12, "color": palette.text},
                "cliponaxis": False,
                "hovertemplate": f"%{{x:{number}}} {currency}<extra></extra>",
            }
        ],
        {
            "showlegend": False,
            "hovermode": "closest",
            "xaxis": axis(
                t("{currency} per month").format(currency=currency),
                type="linear",
                range=[0, (max(worth, default=0.0) or 1.0) * (1 + _MARGIN_SHARE)],
            ),
            "yaxis": categories(inputs),
        },
    )


def correlations(frame: pd.DataFrame, palette: Palette) -> go.Figure:
    """Heat map of the rank correlations between the inputs that have any.

    Columns: first, second, rank_correlation.
    """
    columns = (frame[name].tolist() for name in ("first", "second", "rank_correlation"))
    pairs = list(zip(*columns, strict=True))
    names = list(dict.fromkeys([name for first, second, _ in pairs for name in (first, second)]))
    ranks = {(first, second): rank for first, second, rank in pairs}
    ranks |= {(second, first): rank for first, second, rank in pairs}
    rows = [[1.0 if x == y else ranks.get((x, y), 0.0) for x in names] for y in names]
    return new_figure(
        [
            {
                "type": "heatmap",
                "x": names,
                "y": names,
                "z": rows,
                "zmin": -1,
                "zmax": 1,
                "colorscale": "RdBu",
                "text": [[f"{rank:.2f}" for rank in row] for row in rows],
                "texttemplate": "%{text}",
                "xgap": 2,
                "ygap": 2,
                "colorbar": {"tickvals": [-1, 0, 1], "thickness": 12},
                "hovertemplate": "%{y} · %{x}: %{z:.2f}<extra></extra>",
            }
        ],
        {
            "hovermode": "closest",
            "xaxis": {**categories(names), "autorange": True, "showgrid": False},
            "yaxis": categories(names),
        },
    )


def _currency(frame: pd.DataFrame) -> str:
    return str(frame["currency"].iloc[0]) if len(frame) else "USD"


def _amount_axis(amounts: Sequence[float]) -> tuple[str, list[float] | None]:
    """Type and range of an axis of amounts: logarithmic where they differ by much."""
    low, high = min(amounts, default=0.0), max(amounts, default=0.0)
    if low > 0 and high / low > _WIDE_RATIO:
        span = math.log10(high / low)
        return "log", [
            math.log10(low) - span * _LOW_MARGIN_SHARE,
            math.log10(high) + span * _MARGIN_SHARE,
        ]
    width = (high - low) or abs(high) or 1.0
    return "linear", [low - width * _LOW_MARGIN_SHARE, high + width * _MARGIN_SHARE]

"""Figures of a comparison at its volume: monthly cost by component, cumulative cost, GPU memory."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from typing import Any, Final

import pandas as pd
import plotly.graph_objects as go

from ..language import t
from .end_labels import LineEnd, end_labels, margin_px
from .palette import CATEGORY_COLOURS, Palette
from .template import axis, categories, new_figure

HEADROOM: Final = 1.14
"""Axis range over the longest bar, for the total at its end."""
BAR_PX: Final = 56
"""Height of a bar with its share of the gaps."""


def monthly_cost(frame: pd.DataFrame, palette: Palette) -> go.Figure:
    """Stacked bar per option, cheapest on top: cost components, and the total at its end.

    Columns: strategy, line, category, amount_per_month, currency.
    """
    options = list(dict.fromkeys(frame["strategy"].tolist()))
    currency = currency_of(frame)
    amounts: dict[tuple[str, str], dict[str, float]] = {}
    rows = zip(
        frame["category"].tolist(),
        frame["line"].tolist(),
        frame["strategy"].tolist(),
        frame["amount_per_month"].tolist(),
        strict=True,
    )
    totals = dict.fromkeys(options, 0.0)
    for category, line, option, amount in rows:
        by_option = amounts.setdefault((category, line), {})
        by_option[option] = by_option.get(option, 0.0) + float(amount)
        totals[option] += float(amount)
    decimals = decimals_of(totals.values())
    places: dict[str, int] = {}
    traces = []
    for (category, line), by_option in amounts.items():
        place = places.setdefault(category, 0)
        places[category] += 1
        traces.append(
            _bar(line, options, by_option, palette.category(category, place), f",.{decimals}f", currency)
        )
    return _stacked(traces, options, totals, f",.{decimals}f", currency, t("{currency} per month"), palette)


def gpu_memory(frame: pd.DataFrame, palette: Palette) -> go.Figure:
    """Stacked bar per option: how the memory of its replica is used; no bar where that is unknown.

    Columns: strategy, part, gib.
    """
    known = frame[frame["gib"].notna()]
    options = list(dict.fromkeys(known["strategy"].tolist()))
    parts: dict[str, dict[str, float]] = {}
    totals = dict.fromkeys(options, 0.0)
    for option, part, gib in zip(known["strategy"], known["part"], known["gib"], strict=True):
        parts.setdefault(part, {})[option] = float(gib)
        totals[option] += float(gib)
    shades = [CATEGORY_COLOURS[category][0] for category in _MEMORY]
    traces = [
        _bar(part, options, by_option, shades[place % len(shades)], ",.1f", "GiB")
        for place, (part, by_option) in enumerate(parts.items())
    ]
    return _stacked(traces, options, totals, ",.1f", "GiB", "GiB", palette)


_MEMORY: Final = ("input", "output", "hosting", "staff")
"""Categories whose colours weights, KV cache, activations and free memory have."""


def cumulative_cost(frame: pd.DataFrame, palette: Palette, height: int = 380) -> go.Figure:
    """Line per option: what it has cost by each month, with its name at the end.

    Columns: strategy, month, cumulative_amount, currency.
    """
    currency = currency_of(frame)
    lines: dict[str, tuple[list[str], list[float]]] = {}
    rows = zip(
        frame["strategy"].tolist(), frame["month"].tolist(), frame["cumulative_amount"].tolist(), strict=True
    )
    for option, month, amount in rows:
        months, amounts = lines.setdefault(option, ([], []))
        months.append(month)
        amounts.append(float(amount))
    most = max((amounts[-1] for _, amounts in lines.values()), default=0.0) * 1.05 or 1.0
    decimals = decimals_of([most])
    traces: list[dict[str, Any]] = [
        {
            "type": "scatter",
            "mode": "lines",
            "name": option,
            "x": months,
            "y": amounts,
            "line": {"color": palette.options[option], "width": 2},
            "hovertemplate": f"%{{y:,.{decimals}f}} {currency}",
        }
        for option, (months, amounts) in lines.items()
    ]
    if traces:
        months = next(iter(lines.values()))[0]
        ends = [
            LineEnd(option, palette.options[option], amounts[-1]) for option, (_, amounts) in lines.items()
        ]
        traces.append(end_labels(ends, months[-1], (0.0, most), "linear", height - 70))
    return new_figure(
        traces,
        {
            "showlegend": False,
            "hovermode": "x unified",
            "margin": {"l": 8, "r": margin_px(list(lines)), "t": 12, "b": 8},
            "xaxis": {"type": "category", "showgrid": False, "nticks": 6, "tickangle": 0},
            "yaxis": axis(
                t("{currency}, cumulative").format(currency=currency), type="linear", range=[0, most]
            ),
        },
    )


def _bar(
    name: str,
    options: Sequence[str],
    by_option: Mapping[str, float],
    colour: str,
    number: str,
    unit: str,
) -> dict[str, Any]:
    """A component of stacked bars. An amount of zero is missing, so that no hover lists it."""
    return {
        "type": "bar",
        "orientation": "h",
        "name": name,
        "y": list(options),
        "x": [by_option.get(option) or None for option in options],
        "marker": {"color": colour},
        "hovertemplate": f"%{{x:{number}}} {unit}",
    }


def _stacked(
    traces: list[dict[str, Any]],
    options: Sequence[str],
    totals: Mapping[str, float],
    number: str,
    unit: str,
    title: str,
    palette: Palette,
) -> go.Figure:
    """Stacked horizontal bars with totals at their ends and in the hover."""
    amounts = [totals[option] for option in options]
    total = {
        "type": "scatter",
        "mode": "text",
        "name": t("Total"),
        "y": list(options),
        "x": amounts,
        "text": [f" <b>{amount:{number}}</b>" for amount in amounts],
        "textposition": "middle right",
        "textfont": {"color": palette.text, "size": 12},
        "cliponaxis": False,
        "showlegend": False,
        "hovertemplate": f"<b>%{{x:{number}}} {unit}</b>",
    }
    return new_figure(
        [*traces, total] if traces else [],
        {
            "barmode": "stack",
            "hovermode": "y unified",
            "xaxis": axis(
                title.format(currency=unit),
                type="linear",
                range=[0, (max(amounts, default=0.0) or 1.0) * HEADROOM],
            ),
            "yaxis": categories(options),
        },
    )


def currency_of(frame: pd.DataFrame) -> str:
    """Code of the currency of a frame's amounts."""
    return str(frame["currency"].iloc[0]) if len(frame) else "USD"


def decimals_of(amounts: Any) -> int:
    """Decimals to show: two where the largest amount is small."""
    return 2 if max(amounts, default=0.0) < 100 else 0


def bars_height(frame: pd.DataFrame) -> int:
    """Height in px of a figure with a bar per option."""
    return 110 + BAR_PX * int(frame["strategy"].nunique())

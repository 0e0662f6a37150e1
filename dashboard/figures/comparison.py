"""Chart specifications from report rows: stacked bars, cumulative lines, cost against volume."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from typing import Any, Final

from ..language import t
from .categories import category_colour

Spec = dict[str, Any]

STRATEGY_COLOURS: Final = (
    "#0072b2",
    "#e69f00",
    "#009e73",
    "#cc79a7",
    "#56b4e9",
    "#d55e00",
    "#8f7a00",
    "#7f7f7f",
    "#5e3c99",
    "#1b7837",
    "#b2182b",
    "#4d4d4d",
)
"""Colours that colour-blind readers can distinguish (Okabe and Ito), then darker ones."""

MAX_RINGS: Final = 200
LABEL_RATIO: Final = 2.0

MEMORY_COLOURS: Final = ("#0072b2", "#e69f00", "#cc79a7", "#d9d9d9")
"""Colours of weights, KV cache, activations and free memory."""

_GRID: Final = {"left": 8, "right": 24, "top": 64, "bottom": 8, "containLabel": True}
_LEGEND: Final = {"type": "scroll", "top": 0, "left": 0}


def colours(strategies: Sequence[str]) -> dict[str, str]:
    """Colour of each strategy by its position in the scenario."""
    return {name: STRATEGY_COLOURS[i % len(STRATEGY_COLOURS)] for i, name in enumerate(strategies)}


def stacked_bar(rows: Sequence[Any], currency: str) -> Spec:
    """Bar per strategy, cheapest on top, stacked by cost line."""
    strategies = list(dict.fromkeys(row.strategy for row in rows))
    lines = list(dict.fromkeys(row.line for row in rows))
    amounts = {(row.line, row.strategy): float(row.amount_per_month) for row in rows}
    colour: dict[str, str] = {}
    for row in rows:
        if row.line not in colour:
            place = len({r.line for r in rows if r.category == row.category and r.line in colour})
            colour[row.line] = category_colour(row.category, place)
    return {
        "animation": False,
        "grid": {**_GRID, "top": 40, "bottom": 28},
        "legend": _LEGEND,
        "tooltip": {"trigger": "axis", "axisPointer": {"type": "shadow"}, "valueFormatter": _money(currency)},
        "xAxis": {"type": "value", "name": _a_month(currency), "nameLocation": "middle", "nameGap": 28},
        "yAxis": {
            "type": "category",
            "inverse": True,
            "data": strategies,
            "axisLabel": {"width": 150, "overflow": "break"},
        },
        "series": [
            {
                "type": "bar",
                "name": line,
                "color": colour[line],
                "stack": "cost",
                "data": [amounts.get((line, strategy)) for strategy in strategies],
                "barMaxWidth": 36,
            }
            for line in lines
        ],
    }


def memory_bar(rows: Sequence[Any]) -> Spec:
    """Bar per strategy, stacked by memory use of its replica; none if that is unknown."""
    strategies = list(dict.fromkeys(row.strategy for row in rows if row.gib is not None))
    parts = list(dict.fromkeys(row.part for row in rows if row.gib is not None))
    gib = {(row.part, row.strategy): round(row.gib, 3) for row in rows if row.gib is not None}
    return {
        "animation": False,
        "grid": {**_GRID, "top": 40, "bottom": 28},
        "legend": _LEGEND,
        "tooltip": {"trigger": "axis", "axisPointer": {"type": "shadow"}, "valueFormatter": "%,.1f GiB"},
        "xAxis": {"type": "value", "name": "GiB", "nameLocation": "middle", "nameGap": 28},
        "yAxis": {
            "type": "category",
            "inverse": True,
            "data": strategies,
            "axisLabel": {"width": 150, "overflow": "break"},
        },
        "series": [
            {
                "type": "bar",
                "name": part,
                "color": MEMORY_COLOURS[place % len(MEMORY_COLOURS)],
                "stack": "memory",
                "data": [gib.get((part, strategy)) for strategy in strategies],
                "barMaxWidth": 36,
            }
            for place, part in enumerate(parts)
        ],
    }


def cumulative(rows: Sequence[Any], colour: Mapping[str, str], currency: str) -> Spec:
    """Cumulative cost by month."""
    months = list(dict.fromkeys(row.month for row in rows))
    return {
        "animation": False,
        "grid": _GRID,
        "legend": _LEGEND,
        "tooltip": {"trigger": "axis", "valueFormatter": _money(currency)},
        "xAxis": {"type": "category", "data": months, "boundaryGap": False},
        "yAxis": {
            "type": "value",
            "name": t("{currency} so far").format(currency=currency),
            "nameTextStyle": {"align": "left"},
        },
        "series": [
            {
                "type": "line",
                "name": strategy,
                "color": colour[strategy],
                "showSymbol": False,
                "data": [float(row.cumulative_amount) for row in rows if row.strategy == strategy],
            }
            for strategy in dict.fromkeys(row.strategy for row in rows)
        ],
    }


def cost_by_volume(
    rows: Sequence[Any],
    colour: Mapping[str, str],
    scenario_volume: float,
    winners: Sequence[tuple[float, str]],
    crossings: Sequence[Any],
    currency: str,
) -> Spec:
    """Cost a month against requests a day, both axes logarithmic.

    Lines mark where the cheapest strategy changes and where the reader is; rings mark every break-even point.
    """
    far = _far_apart([volume for volume, _ in winners])
    marks = [
        {
            "xAxis": volume,
            "name": name,
            "label": {"show": volume in far, "formatter": f"{volume:,.0f}", "position": "insideEndTop"},
            "lineStyle": {"type": "solid", "width": 1, "opacity": 0.7},
        }
        for volume, name in winners
    ]
    marks.append(
        {
            "xAxis": scenario_volume,
            "name": t("now"),
            "label": {"formatter": t("now"), "position": "insideStartTop"},
            "lineStyle": {"type": "dashed", "width": 2},
        }
    )
    strategies = list(dict.fromkeys(row.strategy for row in rows))
    series: list[Spec] = [
        {
            "type": "line",
            "name": strategy,
            "color": colour[strategy],
            "showSymbol": False,
            "data": [
                [row.requests_per_day, float(row.amount_per_month)]
                for row in rows
                if row.strategy == strategy
            ],
        }
        for strategy in strategies
    ]
    volumes = [row.requests_per_day for row in rows]
    low, high = min(volumes, default=1), max(volumes, default=10)
    if series:
        series.append(
            {
                "type": "scatter",
                "name": t("crossing"),
                "color": "#808080",
                "symbolSize": 9,
                "itemStyle": {"color": "transparent", "borderColor": "#808080", "borderWidth": 1.5},
                "data": [
                    [row.requests_per_day, float(row.amount_per_month)]
                    for row in crossings[:MAX_RINGS]
                    if low <= row.requests_per_day <= high
                ],
                "tooltip": {"show": False},
            }
        )
        series[0]["markLine"] = {"symbol": "none", "silent": True, "animation": False, "data": marks}
    axis = {"type": "log", "logBase": 10, "minorSplitLine": {"show": False}}
    return {
        "animation": False,
        "grid": {**_GRID, "right": 36, "bottom": 28},
        "legend": _LEGEND,
        "tooltip": {"trigger": "axis", "valueFormatter": _money(currency)},
        "xAxis": {
            **axis,
            "axisPointer": {"label": {"precision": 0}},
            "name": t("requests a day"),
            "nameLocation": "middle",
            "nameGap": 28,
            "min": low,
            "max": high,
        },
        "yAxis": {**axis, "name": _a_month(currency), "nameTextStyle": {"align": "left"}},
        "series": series,
    }


def _money(currency: str) -> str:
    """Format of an amount in a tooltip."""
    return f"%,.0f {currency}"


def _a_month(currency: str) -> str:
    return t("{currency} a month").format(currency=currency)


def _far_apart(volumes: Sequence[float]) -> set[float]:
    """Values that can be labelled on a logarithmic axis without overlap."""
    labelled: list[float] = []
    for volume in volumes:
        if not labelled or volume > LABEL_RATIO * labelled[-1]:
            labelled.append(volume)
    return set(labelled)

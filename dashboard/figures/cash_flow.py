"""Chart specifications of cash flow: payments per month, cumulative cost, and events."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from typing import Any, Final

import pandas as pd

from frames.frame import records

from ..language import t

Spec = dict[str, Any]

_GRID: Final = {"left": 8, "right": 24, "top": 64, "bottom": 8, "containLabel": True}
_LEGEND: Final = {"type": "scroll", "top": 0, "left": 0}
_GREY: Final = "#808080"


def _frame(months: Sequence[str], name: str, currency: str) -> Spec:
    return {
        "animation": False,
        "grid": _GRID,
        "legend": _LEGEND,
        "tooltip": {"trigger": "axis", "valueFormatter": f"%,.0f {currency}"},
        "xAxis": {"type": "category", "data": list(months)},
        "yAxis": {"type": "value", "name": name, "nameTextStyle": {"align": "left"}},
    }


def monthly(frame: pd.DataFrame, colour: Mapping[str, str], currency: str) -> Spec:
    """Bars side by side: payments of each month."""
    rows = records(frame)
    months = list(dict.fromkeys(row["month"] for row in rows))
    strategies = list(dict.fromkeys(row["strategy"] for row in rows))
    return {
        **_frame(months, t("{currency} in the month").format(currency=currency), currency),
        "series": [
            {
                "type": "bar",
                "name": strategy,
                "color": colour[strategy],
                "barMaxWidth": 18,
                "data": [float(row["cash"]) for row in rows if row["strategy"] == strategy],
            }
            for strategy in strategies
        ],
    }


def so_far(
    frame: pd.DataFrame,
    changes: pd.DataFrame,
    lead_changes_in: Sequence[str],
    events: pd.DataFrame,
    colour: Mapping[str, str],
    currency: str,
) -> Spec:
    """Lines of cumulative payments; rings where two lines cross, diamonds for events.

    Upright lines stand in the months in which another one has cost least so far.
    """
    rows = records(frame)
    months = list(dict.fromkeys(row["month"] for row in rows))
    paid = {(row["strategy"], row["month"]): float(row["paid_so_far"]) for row in rows}
    series: list[Spec] = [
        {
            "type": "line",
            "name": strategy,
            "color": colour[strategy],
            "showSymbol": False,
            "data": [paid[strategy, month] for month in months],
        }
        for strategy in dict.fromkeys(row["strategy"] for row in rows)
    ]
    marks = dict.fromkeys(
        (row["strategy"], row["month"]) for row in records(events) if row["event"] != "retraining"
    )
    happening = [[month, paid[strategy, month]] for strategy, month in marks if strategy]
    if happening:
        series.append(_marks(t("event"), "diamond", 9, {"color": _GREY}, happening))
    rings = [[row["month"], float(row["paid_so_far"])] for row in records(changes)]
    if rings:
        hollow = {"color": "transparent", "borderColor": _GREY, "borderWidth": 2}
        series.append(_marks(t("crossing"), "circle", 13, hollow, rings))
    axes = _frame(months, t("{currency} so far").format(currency=currency), currency)
    if lead_changes_in and series:
        series[0]["markLine"] = _lines(lead_changes_in)
    return {**axes, "series": series}


def _marks(name: str, symbol: str, size: int, style: Spec, data: list[list[Any]]) -> Spec:
    return {
        "type": "scatter",
        "name": name,
        "color": _GREY,
        "symbol": symbol,
        "symbolSize": size,
        "itemStyle": style,
        "data": data,
        "tooltip": {"show": False},
        "z": 5,
    }


def _lines(months: Sequence[str]) -> Spec:
    """Vertical lines, each named by its month."""
    return {
        "symbol": "none",
        "silent": True,
        "animation": False,
        "data": [
            {
                "xAxis": month,
                "name": month,
                "label": {"formatter": month, "position": "insideEndTop"},
                "lineStyle": {"type": "dashed", "width": 1, "color": _GREY},
            }
            for month in months
        ],
    }

"""Chart specifications of uncertainty: bands of cost, chances of being cheapest, and the tornado."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from html import escape
from typing import Any, Final

from costing.reports.uncertainty import EvpiRow, SwingRow, UncertaintyRow

from ..language import t

Spec = dict[str, Any]

_GRID: Final = {"left": 8, "right": 32, "top": 32, "bottom": 28, "containLabel": True}
_AT_LOW: Final = "#56b4e9"
_AT_HIGH: Final = "#d55e00"


def _names(names: Sequence[str]) -> Spec:
    return {
        "type": "category",
        "inverse": True,
        "data": list(names),
        "axisLabel": {"width": 150, "overflow": "break", "interval": 0},
    }


def _amounts(currency: str) -> Spec:
    return {
        "type": "value",
        "scale": True,
        "name": t("{currency} a month").format(currency=currency),
        "nameLocation": "middle",
        "nameGap": 28,
    }


def _interval_line(name: str, colour: str, place: str, ends: tuple[float, float], tip: str) -> Spec:
    """A thick line on one row, from one amount to another."""
    return {
        "type": "line",
        "name": name,
        "color": colour,
        "symbol": "rect",
        "symbolSize": [2, 14],
        "lineStyle": {"width": 14, "cap": "butt"},
        "data": [{"value": [end, place], "tooltip": {"formatter": tip}} for end in ends],
    }


def bands(rows: Sequence[UncertaintyRow], colour: Mapping[str, str], currency: str) -> Spec:
    """The 5th to the 95th percentile of each strategy's cost, and a ring at the median."""
    series: list[Spec] = []
    for row in rows:
        if row.amount_p5 is None or row.amount_p50 is None or row.amount_p95 is None:
            continue
        figures = " · ".join(f"{end:,.0f}" for end in (row.amount_p5, row.amount_p50, row.amount_p95))
        tip = f"{escape(row.strategy)}<br>{figures} {currency}"
        ends = (row.amount_p5, row.amount_p95)
        series.append(_interval_line(row.strategy, colour[row.strategy], row.strategy, ends, tip))
        series.append(
            {
                "type": "scatter",
                "name": t("median"),
                "symbolSize": 11,
                "itemStyle": {"color": "#ffffff", "borderColor": colour[row.strategy], "borderWidth": 3},
                "data": [{"value": [row.amount_p50, row.strategy], "tooltip": {"formatter": tip}}],
                "z": 5,
            }
        )
    return {
        "animation": False,
        "grid": _GRID,
        "tooltip": {"trigger": "item"},
        "xAxis": _amounts(currency),
        "yAxis": _names([row.strategy for row in rows]),
        "series": series,
    }


def chances(rows: Sequence[UncertaintyRow], colour: Mapping[str, str]) -> Spec:
    """Bars: share of the samples in which each strategy is the cheapest."""
    return {
        "animation": False,
        "grid": {**_GRID, "top": 8, "right": 56, "bottom": 8},
        "tooltip": {"show": False},
        "xAxis": {"type": "value", "min": 0, "max": 1, "axisLabel": {"show": False}},
        "yAxis": _names([row.strategy for row in rows]),
        "series": [
            {
                "type": "bar",
                "name": t("Cheapest in"),
                "barMaxWidth": 28,
                "data": [
                    {
                        "value": row.cheapest_share,
                        "itemStyle": {"color": colour[row.strategy]},
                        "label": {
                            "show": True,
                            "position": "right",
                            "formatter": f"{row.cheapest_share:.0%}",
                        },
                    }
                    for row in rows
                ],
            }
        ],
    }


def worth(rows: Sequence[EvpiRow], currency: str) -> Spec:
    """Bars of the expected value of perfect information (EVPI) per input, the largest on top."""
    return {
        "animation": False,
        "grid": _GRID,
        "tooltip": {
            "trigger": "axis",
            "axisPointer": {"type": "shadow"},
            "valueFormatter": f"%,.0f {currency}",
        },
        "xAxis": {**_amounts(currency), "scale": False},
        "yAxis": _names([row.input for row in rows]),
        "series": [
            {
                "type": "bar",
                "color": _AT_LOW,
                "barMaxWidth": 22,
                "data": [round(row.worth_amount_per_month, 2) for row in rows],
            }
        ],
    }


def tornado(rows: Sequence[SwingRow], usual: float, currency: str) -> Spec:
    """Tornado chart: cost of one strategy with each input at either end of its range."""
    at_low, at_high = t("input at its low end"), t("input at its high end")
    series: list[Spec] = []
    for row in rows:
        for name, colour, end, value in (
            (at_low, _AT_LOW, row.amount_at_low, row.input_low),
            (at_high, _AT_HIGH, row.amount_at_high, row.input_high),
        ):
            if end is not None and end != usual:
                tip = f"{escape(row.input)}: {value:,.6g}<br>{end:,.0f} {currency}"
                series.append(_interval_line(name, colour, row.input, (usual, end), tip))
    return {
        "animation": False,
        "grid": _GRID,
        "legend": {"type": "scroll", "top": 0, "left": 0, "data": [at_low, at_high]},
        "tooltip": {"trigger": "item"},
        "xAxis": _amounts(currency),
        "yAxis": _names([row.input for row in rows]),
        "series": series,
    }

"""Chart specifications of percentile bands: over the months, and against volume."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from html import escape
from typing import Any, Final

from costing.reports.bands import MonthBandRow, VolumeBandRow

from ..language import t

Spec = dict[str, Any]
TIPS: Final = "{tips}"
"""Tooltip formatter: the `tip` of each point at the cursor, in HTML, under the name of the first."""


_GRID: Final = {"left": 8, "right": 24, "top": 56, "bottom": 28, "containLabel": True}
_LEGEND: Final = {"type": "scroll", "top": 0, "left": 0}


def over_months(rows: Sequence[MonthBandRow], colour: Mapping[str, str], currency: str) -> Spec:
    """Cumulative cost: the median as a line, the 5th to the 95th percentile as a band."""
    strategies = _possible(rows)
    series: list[Spec] = []
    for strategy in strategies:
        own = [row for row in rows if row.strategy == strategy]
        low = [row.amount_p5 for row in own]
        wide = [_gap(row.amount_p95, row.amount_p5) for row in own]
        edge = {"type": "line", "name": strategy, "symbol": "none", "silent": True, "color": colour[strategy]}
        stacked = {**edge, "stack": strategy, "lineStyle": {"opacity": 0}}
        series.append({**stacked, "data": low})
        series.append({**stacked, "data": wide, "areaStyle": {"opacity": 0.18}})
        series.append(_median(strategy, colour[strategy], [(row.month, row) for row in own], currency))
    return {
        "animation": False,
        "grid": _GRID,
        "legend": {**_LEGEND, "data": strategies},
        "tooltip": {"trigger": "axis", "formatter": TIPS},
        "xAxis": {
            "type": "category",
            "data": list(dict.fromkeys(row.month for row in rows)),
            "boundaryGap": False,
        },
        "yAxis": {
            "type": "value",
            "name": t("{currency} so far").format(currency=currency),
            "nameTextStyle": {"align": "left"},
        },
        "series": series,
    }


def against_volume(
    rows: Sequence[VolumeBandRow], colour: Mapping[str, str], volume: float, currency: str
) -> Spec:
    """Monthly cost against requests per day, both logarithmic; dashed at the 5th and 95th percentile."""
    strategies = _possible(rows)
    series: list[Spec] = []
    for strategy in strategies:
        own = [row for row in rows if row.strategy == strategy]
        for ends in ([row.amount_p5 for row in own], [row.amount_p95 for row in own]):
            series.append(
                {
                    "type": "line",
                    "name": strategy,
                    "symbol": "none",
                    "silent": True,
                    "color": colour[strategy],
                    "lineStyle": {"type": "dashed", "width": 1, "opacity": 0.8},
                    "data": [
                        [row.requests_per_day, end]
                        for row, end in zip(own, ends, strict=True)
                        if end and end > 0
                    ],
                }
            )
        places = [(row.requests_per_day, row) for row in own if row.amount_p50 and row.amount_p50 > 0]
        series.append(_median(strategy, colour[strategy], places, currency))
    volumes = [row.requests_per_day for row in rows]
    axis = {"type": "log", "logBase": 10, "minorSplitLine": {"show": False}}
    if series:
        series[0]["markLine"] = {
            "symbol": "none",
            "silent": True,
            "animation": False,
            "data": [
                {
                    "xAxis": volume,
                    "name": t("now"),
                    "label": {"formatter": t("now"), "position": "insideStartTop"},
                    "lineStyle": {"type": "dashed", "width": 2},
                }
            ],
        }
    return {
        "animation": False,
        "grid": {**_GRID, "right": 36},
        "legend": {**_LEGEND, "data": strategies},
        "tooltip": {"trigger": "axis", "formatter": TIPS},
        "xAxis": {
            **axis,
            "name": t("requests a day"),
            "nameLocation": "middle",
            "nameGap": 28,
            "min": min(volumes, default=1),
            "max": max(volumes, default=10),
        },
        "yAxis": {
            **axis,
            "name": t("{currency} a month").format(currency=currency),
            "nameTextStyle": {"align": "left"},
        },
        "series": series,
    }


def _possible(rows: Sequence[MonthBandRow] | Sequence[VolumeBandRow]) -> list[str]:
    return list(dict.fromkeys(row.strategy for row in rows if row.amount_p50 is not None))


def _gap(high: float | None, low: float | None) -> float | None:
    return None if high is None or low is None else high - low


def _median(
    strategy: str,
    colour: str,
    places: Sequence[tuple[str | float, MonthBandRow | VolumeBandRow]],
    currency: str,
) -> Spec:
    """Line whose points have a tip with all three percentiles."""
    data: list[Spec] = []
    for place, row in places:
        where = f"{place:,.0f}" if isinstance(place, float) else place
        figures = (row.amount_p5, row.amount_p50, row.amount_p95)
        shown = " · ".join("?" if end is None else f"{end:,.0f}" for end in figures)
        tip = f"{escape(strategy)}<br>{shown} {escape(currency)}"
        data.append({"value": [place, row.amount_p50], "name": where, "tip": tip})
    return {
        "type": "line",
        "name": strategy,
        "color": colour,
        "showSymbol": False,
        "lineStyle": {"width": 2},
        "data": data,
        "z": 4,
    }

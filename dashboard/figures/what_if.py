"""Chart specifications of what-if analyses: cheapest strategy over two inputs, a figure over one input."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from typing import Any, Final

from costing.reports.what_if import InputMapRow, SoughtRow

from ..language import t

Spec = dict[str, Any]

_GRID: Final = {"left": 8, "right": 24, "top": 72, "bottom": 28, "containLabel": True}
_GREY: Final = "#808080"
_FIRST: Final = "#0072b2"
_SECOND: Final = "#d55e00"


def winners(
    rows: Sequence[InputMapRow],
    colour: Mapping[str, str],
    labels: tuple[str, str],
    now: tuple[float | None, float | None],
) -> Spec:
    """Heat map of the cheapest strategy for each pair of values; a ring marks the current scenario."""
    across = sorted({row.across_value for row in rows})
    up = sorted({row.up_value for row in rows})
    names = [name for name in colour if any(row.cheapest == name for row in rows)]
    at_x, at_y = ({value: i for i, value in enumerate(axis)} for axis in (across, up))
    series: Spec = {
        "type": "heatmap",
        "data": [
            [at_x[row.across_value], at_y[row.up_value], names.index(row.cheapest)]
            for row in rows
            if row.cheapest
        ],
    }
    place = [_nearest(value, axis) for value, axis in zip(now, (across, up), strict=True)]
    if None not in place:
        series["markPoint"] = {
            "symbol": "circle",
            "symbolSize": 14,
            "silent": True,
            "label": {"show": False},
            "itemStyle": {"color": "transparent", "borderColor": "#ffffff", "borderWidth": 3},
            "data": [{"coord": place}],
        }
    return {
        "animation": False,
        "grid": _GRID,
        "tooltip": {"show": False},
        "visualMap": {
            "type": "piecewise",
            "orient": "vertical",
            "top": 0,
            "left": 0,
            "itemGap": 2,
            "selectedMode": False,
            "pieces": [{"value": i, "label": name, "color": colour[name]} for i, name in enumerate(names)],
        },
        "xAxis": {
            "type": "category",
            "data": [_short(value) for value in across],
            "axisLabel": {"interval": max(0, len(across) // 5 - 1)},
            "name": labels[0],
            "nameLocation": "middle",
            "nameGap": 28,
        },
        "yAxis": {
            "type": "category",
            "data": [_short(value) for value in up],
            "axisLabel": {"interval": max(0, len(up) // 6 - 1)},
            "name": labels[1],
            "nameTextStyle": {"align": "left"},
        },
        "series": [series],
    }


def _short(value: float) -> str:
    """Axis label: three significant digits, never an exponent."""
    return f"{value:,.0f}" if abs(value) >= 100 else f"{value:.3g}"


def height_of(spec: Spec) -> int:
    """Height of the map in pixels, with a legend line per strategy; moves the grid below the legend."""
    lines = len(spec["visualMap"]["pieces"])
    spec["grid"] = {**_GRID, "top": 44 + 20 * lines}
    return 400 + 20 * lines


def _nearest(value: float | None, cells: Sequence[float]) -> int | None:
    """Index of the cell that contains a value among rising cells; None if it is outside."""
    if value is None or not cells or not cells[0] <= value <= cells[-1]:
        return None
    return min(range(len(cells)), key=lambda i: abs(cells[i] - value))


def sought(
    rows: Sequence[SoughtRow],
    names: tuple[str, str],
    colour: Mapping[str, str],
    label: str,
    values: Sequence[float],
    *,
    logarithmic: bool,
) -> Spec:
    """Two costs, or the break-even and the one wanted, along one input; lines where they meet.

    A strategy keeps its colour of the other charts.
    """
    x = (
        {"type": "log", "logBase": 10, "minorSplitLine": {"show": False}}
        if logarithmic
        else {"type": "value"}
    )
    first = [[row.value, row.first] for row in rows if row.first is not None and row.first > 0]
    second = [[row.value, row.second] for row in rows if row.second is not None and row.second > 0]
    return {
        "animation": False,
        "grid": {**_GRID, "top": 56},
        "legend": {"type": "scroll", "top": 0, "left": 0},
        "tooltip": {"trigger": "axis", "valueFormatter": "%,.0f"},
        "xAxis": {**x, "scale": True, "name": label, "nameLocation": "middle", "nameGap": 28},
        "yAxis": {
            "type": "log",
            "logBase": 10,
            "minorSplitLine": {"show": False},
            "name": t(rows[0].unit) if rows else "",
            "nameTextStyle": {"align": "left"},
        },
        "series": [
            {
                "type": "line",
                "name": names[0],
                "color": colour.get(names[0], _FIRST),
                "showSymbol": False,
                "data": first,
                "markLine": {
                    "symbol": "none",
                    "silent": True,
                    "animation": False,
                    "lineStyle": {"type": "dashed", "width": 1.5, "color": _GREY},
                    "label": {"color": _GREY},
                    "data": [
                        {"xAxis": value, "label": {"formatter": f"{value:,.5g}", "position": "insideEndTop"}}
                        for value in values
                    ],
                },
            },
            {
                "type": "line",
                "name": names[1],
                "color": colour.get(names[1], _SECOND),
                "showSymbol": False,
                "lineStyle": {"type": "dashed"},
                "data": second,
            },
        ],
    }

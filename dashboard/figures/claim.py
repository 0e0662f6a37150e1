"""Chart specifications of the claim page."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from datetime import date
from itertools import cycle
from typing import Any, Final

from costing.claim.history import AgedRow
from costing.claim.sensitivity import Bar, SeekRow
from costing.claim.winner_map import MapRow, StairRow, nearest_cell
from costing.comparison.payback import MonthCash

from ..language import t
from .comparison import STRATEGY_COLOURS, Spec

SIDES: Final = {"api": "#0072b2", "owned": "#009e73", "rented": "#e69f00"}
"""Colours that colour-blind readers can distinguish."""
_LOWER: Final = "#009e73"
_HIGHER: Final = "#d55e00"
_GREY: Final = "#808080"
_GRID: Final = {"left": 8, "right": 24, "top": 48, "bottom": 28, "containLabel": True}
_LEGEND: Final = {"type": "scroll", "top": 0, "left": 0}
_LOG: Final = {"type": "log", "logBase": 10, "minorSplitLine": {"show": False}}


def _line(value: float, label: str, axis: str = "yAxis") -> Spec:
    position = "insideEndTop" if axis == "xAxis" else "insideStartTop"
    return {axis: value, "label": {"formatter": label, "position": position}}


def _marks(*lines: Spec) -> Spec:
    return {
        "symbol": "none",
        "silent": True,
        "animation": False,
        "lineStyle": {"type": "dashed", "width": 1.5, "color": _GREY},
        "label": {"color": _GREY},
        "data": list(lines),
    }


def _x(name: str, **more: Any) -> Spec:
    return {"name": name, "nameLocation": "middle", "nameGap": 28, **more}


def tornado(bars: Sequence[Bar], tips: Sequence[str]) -> Spec:
    """A bar for each driver around the break-even of now, the longest on top; thick lines, as bars know no
    logarithm."""

    def part(name: str, colour: str, place: int, ends: tuple[float, float]) -> Spec:
        return {
            "type": "line",
            "name": name,
            "color": colour,
            "symbol": "rect",
            "symbolSize": [2, 14],
            "lineStyle": {"width": 14, "cap": "butt"},
            "data": [
                {"value": [end, bars[place].row.driver], "tooltip": {"formatter": tips[place]}}
                for end in ends
            ],
        }

    series: list[Spec] = []
    for i, bar in enumerate(bars):
        if bar.start < bar.middle:
            series.append(part(t("less is enough"), _LOWER, i, (bar.start, bar.middle)))
        if bar.end > bar.middle:
            series.append(part(t("more is needed"), _HIGHER, i, (bar.middle, bar.end)))
    return {
        "animation": False,
        "grid": {**_GRID, "top": 32},
        "legend": {**_LEGEND, "data": [t("less is enough"), t("more is needed")]},
        "tooltip": {"trigger": "item"},
        "xAxis": {**_LOG, **_x(t("break-even, M tokens a day"))},
        "yAxis": {
            "type": "category",
            "inverse": True,
            "data": [bar.row.driver for bar in bars],
            "axisLabel": {"width": 130, "overflow": "break", "fontSize": 11, "interval": 0},
        },
        "series": series,
    }


def sought(
    rows: Sequence[SeekRow], label: str, target: float, values: Sequence[float], logarithmic: bool
) -> Spec:
    """Break-even against one driver, with the target as a line and the solutions as rings."""
    return {
        "animation": False,
        "grid": _GRID,
        "tooltip": {"trigger": "axis", "valueFormatter": "%,.0f"},
        "xAxis": {**(_LOG if logarithmic else {"type": "value", "scale": True}), **_x(label)},
        "yAxis": {**_LOG, "name": t("tokens a day"), "nameTextStyle": {"align": "left"}},
        "series": [
            {
                "type": "line",
                "name": t("break-even"),
                "color": SIDES["api"],
                "showSymbol": False,
                "data": [[row.value, row.tokens_per_day] for row in rows],
                "markLine": _marks(_line(target, t("wanted"))),
            },
            {
                "type": "scatter",
                "name": t("wanted"),
                "color": _HIGHER,
                "symbolSize": 10,
                "data": [[value, target] for value in values],
            },
        ],
    }


def aged(lines: Mapping[str, Sequence[AgedRow]], today: date, until: date, claimed: float) -> Spec:
    """Break-even of each model line as steps over time; announced prices dashed, the claim as a line."""
    series: list[Spec] = []
    for (name, rows), colour in zip(lines.items(), cycle(STRATEGY_COLOURS), strict=False):
        past = [row for row in rows if not row.announced]
        later = [row for row in rows if row.announced]
        for column, start, end, dash in (
            (past, None, today, "solid"),
            ([*past[-1:], *later], today, until, "dashed"),
        ):
            if not column:
                continue
            corners = [
                [(start or row.day).isoformat() if not i else row.day.isoformat(), row.tokens_per_day]
                for i, row in enumerate(column)
            ]
            corners.append([end.isoformat(), column[-1].tokens_per_day])
            series.append(
                {
                    "type": "line",
                    "name": name,
                    "step": "end",
                    "color": colour,
                    "symbol": "circle",
                    "symbolSize": 6 if dash == "solid" else 0,
                    "lineStyle": {"type": dash, "width": 2},
                    "data": [
                        {"value": corner, "name": row.model}
                        for corner, row in zip(corners, [*column, column[-1]], strict=True)
                    ],
                }
            )
    if series:
        series[0]["markLine"] = _marks(
            _line(claimed, t("the claim: 25 M")),
            {"xAxis": today.isoformat(), "label": {"formatter": t("today"), "position": "insideEndTop"}},
        )
    return {
        "animation": False,
        "grid": {**_GRID, "top": 64, "bottom": 8},
        "legend": _LEGEND,
        "tooltip": {"trigger": "item", "formatter": "{a}<br>{b}<br>{c}"},
        "xAxis": {"type": "time", "axisLabel": {"formatter": "{yyyy}-{MM}", "hideOverlap": True}},
        "yAxis": {**_LOG, "name": t("tokens a day"), "nameTextStyle": {"align": "left"}},
        "series": series,
    }


def winners(
    rows: Sequence[MapRow],
    names: Mapping[str, str],
    price: float,
    tokens_per_day: float | None,
    a_decade: tuple[int, int],
) -> Spec:
    """Heat map of the cheapest option by volume and price; a ring marks the current values."""
    volumes = sorted({row.tokens_per_day for row in rows})
    prices = sorted({row.api_usd_per_mtok for row in rows})
    at_volume = {volume: i for i, volume in enumerate(volumes)}
    at_price = {usd: i for i, usd in enumerate(prices)}
    sides = list(names)
    present = {row.cheapest for row in rows}
    series: list[Spec] = [
        {
            "type": "heatmap",
            "data": [
                [at_volume[row.tokens_per_day], at_price[row.api_usd_per_mtok], sides.index(row.cheapest)]
                for row in rows
            ],
        }
    ]
    y = nearest_cell(price, prices)
    if y is not None:
        series[0]["markLine"] = _marks(_line(y, t("this model")))
        series[0]["markLine"]["lineStyle"]["color"] = series[0]["markLine"]["label"]["color"] = "#ffffff"
        x = None if tokens_per_day is None else nearest_cell(tokens_per_day, volumes)
        if x is not None:
            series[0]["markPoint"] = {
                "symbol": "circle",
                "symbolSize": 12,
                "silent": True,
                "label": {"show": False},
                "itemStyle": {"color": "transparent", "borderColor": "#ffffff", "borderWidth": 2},
                "data": [{"coord": [x, y]}],
            }
    return {
        "animation": False,
        "grid": {**_GRID, "top": 64},
        "tooltip": {"show": False},
        "visualMap": {
            "type": "piecewise",
            "orient": "horizontal",
            "top": 0,
            "left": 0,
            "showLabel": True,
            "selectedMode": False,
            "pieces": [
                {"value": i, "label": names[side], "color": SIDES[side]}
                for i, side in enumerate(sides)
                if side in present
            ],
        },
        "xAxis": {
            "type": "category",
            "data": [f"{volume / 1e6:,.0f} M" for volume in volumes],
            "axisLabel": {"interval": a_decade[0] - 1},
            **_x(t("tokens a day")),
        },
        "yAxis": {
            "type": "category",
            "data": [f"{usd:,.3g}" for usd in prices],
            "axisLabel": {"interval": a_decade[1] - 1},
            "name": t("API, USD per Mtok"),
            "nameTextStyle": {"align": "left"},
        },
        "series": series,
    }


def staircase(rows: Sequence[StairRow], api: str, own: str, tenure: str, meets: float | None) -> Spec:
    """Monthly cost of both options against tokens per day."""
    data = {
        api: [[row.tokens_per_day, row.api_usd_per_month] for row in rows],
        own: [[row.tokens_per_day, row.own_usd_per_month] for row in rows],
    }
    colours = {api: SIDES["api"], own: SIDES[tenure]}
    series: list[Spec] = [
        {"type": "line", "name": name, "color": colours[name], "showSymbol": False, "data": points}
        for name, points in data.items()
    ]
    if meets is not None:
        series[0]["markLine"] = _marks(_line(meets, t("break-even"), "xAxis"))
    return {
        "animation": False,
        "grid": {**_GRID, "top": 64},
        "legend": _LEGEND,
        "tooltip": {"trigger": "axis", "valueFormatter": "%,.0f USD"},
        "xAxis": {
            **_LOG,
            **_x(t("tokens a day")),
            "min": rows[0].tokens_per_day,
            "max": rows[-1].tokens_per_day,
            "axisLabel": {"showMinLabel": False, "showMaxLabel": False, "hideOverlap": True},
        },
        "yAxis": {**_LOG, "name": t("USD a month"), "nameTextStyle": {"align": "left"}},
        "series": series,
    }


def cash(months: Sequence[MonthCash]) -> Spec:
    """Net cash flow of each month as bars, cumulative as a line."""
    return {
        "animation": False,
        "grid": {**_GRID, "top": 56},
        "legend": _LEGEND,
        "tooltip": {"trigger": "axis", "valueFormatter": "%,.0f USD"},
        "xAxis": {"type": "category", "data": [cash.month for cash in months], **_x(t("month"))},
        "yAxis": {"type": "value", "name": "USD", "nameTextStyle": {"align": "left"}},
        "series": [
            {
                "type": "bar",
                "name": t("net of the month"),
                "color": SIDES["owned"],
                "data": [cash.net_usd for cash in months],
            },
            {
                "type": "line",
                "name": t("so far"),
                "color": SIDES["api"],
                "showSymbol": False,
                "data": [cash.cumulative_usd for cash in months],
            },
        ],
    }

"""Chart specifications of the prices page: prices as steps over time, cost against prompt length."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from datetime import date
from decimal import Decimal
from itertools import cycle
from typing import Any, Final

from pricing.survey.prompt_length import Cliff, PromptCost
from pricing.survey.timeline import Step

from ..language import t
from .comparison import STRATEGY_COLOURS, Spec

_GRID: Final = {"left": 8, "right": 24, "top": 64, "bottom": 28, "containLabel": True}
_LEGEND: Final = {"type": "scroll", "top": 0, "left": 0}


def price_steps(
    lines: Mapping[str, tuple[Sequence[Step], Sequence[Step]]], today: date, unit: str, logarithmic: bool
) -> Spec:
    """Line per name: solid up to today, then dashed; a vertical line marks today."""
    series: list[Spec] = []
    for (name, (past, future)), colour in zip(lines.items(), cycle(STRATEGY_COLOURS), strict=False):
        for corners, dash in ((past, "solid"), (future, "dashed")):
            series.append(
                {
                    "type": "line",
                    "name": name,
                    "step": "end",
                    "color": colour,
                    "symbol": "circle",
                    "symbolSize": 6,
                    "lineStyle": {"type": dash, "width": 2},
                    "data": [[corner.day.isoformat(), _plain(corner.price)] for corner in corners],
                }
            )
    if series:
        series[0]["markLine"] = {
            "symbol": "none",
            "silent": True,
            "animation": False,
            "lineStyle": {"type": "dotted", "width": 2, "color": "#808080"},
            "data": [
                {"xAxis": today.isoformat(), "label": {"formatter": t("today"), "position": "insideEndTop"}}
            ],
        }
    return {
        "animation": False,
        "grid": {**_GRID, "bottom": 8},
        "legend": _LEGEND,
        "tooltip": {"trigger": "item", "valueFormatter": "%,.6g"},
        "xAxis": {"type": "time", "axisLabel": {"formatter": "{yyyy}-{MM}-{dd}", "hideOverlap": True}},
        "yAxis": _axis(unit, logarithmic),
        "series": series,
    }


def cost_by_prompt(
    lines: Mapping[str, Sequence[PromptCost]], edges: Mapping[str, Sequence[Cliff]], logarithmic: bool
) -> Spec:
    """USD per request against prompt tokens; rings mark both sides of each price step."""
    colours = dict(zip(lines, cycle(STRATEGY_COLOURS), strict=False))
    lengths = [point.prompt_tokens for points in lines.values() for point in points]
    scale: Spec = {"type": "log", "logBase": 10} if logarithmic else {"type": "value"}
    return {
        "animation": False,
        "grid": _GRID,
        "legend": _LEGEND,
        "tooltip": {"trigger": "axis", "valueFormatter": "%,.6g USD"},
        "xAxis": {
            **scale,
            "name": t("prompt tokens"),
            "nameLocation": "middle",
            "nameGap": 28,
            "min": min(lengths, default=1) if logarithmic else 0,
            "max": max(lengths, default=10),
            "axisLabel": {"hideOverlap": True},
        },
        "yAxis": _axis(t("USD a request"), logarithmic),
        "series": [
            {
                "type": "line",
                "name": name,
                "color": colours[name],
                "showSymbol": False,
                "data": [[point.prompt_tokens, float(point.usd_per_request)] for point in points],
                "markPoint": {
                    "symbol": "circle",
                    "symbolSize": 9,
                    "silent": True,
                    "label": {"show": False},
                    "itemStyle": {
                        "color": "transparent",
                        "borderColor": colours[name],
                        "borderWidth": 2,
                    },
                    "data": [
                        {"coord": [side.prompt_tokens, float(side.usd_per_request)]}
                        for cliff in edges.get(name, ())
                        for side in (cliff.below, cliff.above)
                    ],
                },
            }
            for name, points in lines.items()
        ],
    }


def _axis(name: str, logarithmic: bool) -> dict[str, Any]:
    scale: Spec = {"type": "log", "logBase": 10} if logarithmic else {"type": "value"}
    return {
        **scale,
        "name": name,
        "nameTextStyle": {"align": "left"},
        "minorSplitLine": {"show": False},
    }


def _plain(price: Decimal | None) -> float | None:
    return None if price is None else float(price)

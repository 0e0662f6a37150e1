"""Chart specifications of the benchmark page: latency and throughput against load, distributions."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from typing import Final

from ..language import t
from .comparison import STRATEGY_COLOURS, Spec

Points = Sequence[tuple[float, float | None]]

LIMIT_COLOUR: Final = "#808080"
_GRID: Final = {"left": 8, "right": 28, "top": 64, "bottom": 28, "containLabel": True}
_LEGEND: Final = {"type": "scroll", "top": 0, "left": 0}
DASHES: Final = ("solid", "dashed", "dotted")


def against_load(
    lines: Mapping[str, Points],
    load: str,
    unit: str,
    *,
    limit: float | None = None,
    held_until: float | None = None,
) -> Spec:
    """Line per name; a horizontal line for the SLO, a vertical one at the largest load that keeps it."""
    series: list[Spec] = [
        {
            "type": "line",
            "name": name,
            "color": STRATEGY_COLOURS[i % len(STRATEGY_COLOURS)],
            "symbol": "circle",
            "symbolSize": 7,
            "lineStyle": {"type": DASHES[i % len(DASHES)], "width": 2},
            "data": [[x, y] for x, y in points],
        }
        for i, (name, points) in enumerate(lines.items())
    ]
    marks: list[Spec] = []
    if limit is not None:
        marks.append({"yAxis": limit, "label": {"formatter": t("SLO"), "position": "insideEndTop"}})
    if held_until is not None:
        marks.append({"xAxis": held_until, "label": {"formatter": t("SLO kept"), "position": "insideEndTop"}})
    if series and marks:
        series[0]["markLine"] = {
            "symbol": "none",
            "silent": True,
            "animation": False,
            "lineStyle": {"type": "dashed", "width": 2, "color": LIMIT_COLOUR},
            "data": marks,
        }
    highest = max((y for points in lines.values() for _, y in points if y is not None), default=0.0)
    # The axis must reach a limit that lies above every point.
    room: Spec = {"max": limit} if limit is not None and limit > highest else {}
    return {
        "animation": False,
        "grid": _GRID,
        "legend": _LEGEND,
        "tooltip": {"trigger": "axis", "valueFormatter": f"%,.1f {unit}"},
        "xAxis": {"type": "value", "name": load, "nameLocation": "middle", "nameGap": 28, "min": 0},
        "yAxis": {"type": "value", "name": unit, "nameTextStyle": {"align": "left"}, "min": 0, **room},
        "series": series,
    }


def distribution(lines: Mapping[str, Points], logarithmic: bool, limit: float | None = None) -> Spec:
    """Cumulative distribution of latency, one line per load."""
    series: list[Spec] = [
        {
            "type": "line",
            "name": name,
            "step": "end",
            "color": STRATEGY_COLOURS[i % len(STRATEGY_COLOURS)],
            "showSymbol": len(points) == 1,
            "data": [[x, y] for x, y in points],
        }
        for i, (name, points) in enumerate(lines.items())
    ]
    if series and limit is not None:
        series[0]["markLine"] = {
            "symbol": "none",
            "silent": True,
            "animation": False,
            "lineStyle": {"type": "dashed", "width": 2, "color": LIMIT_COLOUR},
            "data": [{"xAxis": limit, "label": {"formatter": t("SLO"), "position": "insideEndTop"}}],
        }
    scale: Spec = {"type": "log", "logBase": 10} if logarithmic else {"type": "value", "min": 0}
    return {
        "animation": False,
        "grid": _GRID,
        "legend": _LEGEND,
        "tooltip": {"trigger": "item"},
        "xAxis": {**scale, "name": "ms", "nameLocation": "middle", "nameGap": 28},
        "yAxis": {
            "type": "value",
            "name": t("share of requests"),
            "nameTextStyle": {"align": "left"},
            "min": 0,
            "max": 1,
        },
        "series": series,
    }

"""Chart specifications of a self-hosted fleet: hourly load, utilisation, idle cost."""

from __future__ import annotations

from collections.abc import Sequence
from typing import Any

from ..language import t
from .comparison import STRATEGY_COLOURS, Spec


def hours(rows: Sequence[Any]) -> Spec:
    """Bar per hour relative to the average; a line at the average."""
    return {
        "animation": False,
        "grid": {"left": 4, "right": 8, "top": 26, "bottom": 4, "containLabel": True},
        "tooltip": {"trigger": "axis", "axisPointer": {"type": "shadow"}, "valueFormatter": "%,.2f"},
        "xAxis": {"type": "category", "data": [row.hour for row in rows], "axisTick": {"show": False}},
        "yAxis": {
            "type": "value",
            "name": t("over average"),
            "nameTextStyle": {"align": "left"},
            "splitNumber": 3,
        },
        "series": [
            {
                "type": "bar",
                "name": t("over average"),
                "color": STRATEGY_COLOURS[0],
                "data": [round(row.over_average, 4) for row in rows],
                "barCategoryGap": "20%",
                "markLine": {
                    "symbol": "none",
                    "silent": True,
                    "animation": False,
                    "label": {"show": False},
                    "data": [{"yAxis": 1}],
                },
            }
        ],
    }


def busy(rows: Sequence[Any]) -> Spec:
    """Three bars per strategy: average and peak utilisation of its fleet, and the planned utilisation."""
    series = (
        (t("average"), STRATEGY_COLOURS[0], [row.average_busy_share for row in rows]),
        (t("at the peak"), STRATEGY_COLOURS[1], [row.peak_busy_share for row in rows]),
        (t("target"), STRATEGY_COLOURS[7], [row.target_utilisation_share for row in rows]),
    )
    return {
        **_by_strategy([row.strategy for row in rows], "%,.1f %%"),
        "xAxis": {
            "type": "value",
            "name": "%",
            "nameLocation": "middle",
            "nameGap": 28,
            "min": 0,
            "max": 100,
        },
        "series": [
            {
                "type": "bar",
                "name": name,
                "color": colour,
                "data": [round(100 * share, 3) for share in shares],
                "barMaxWidth": 14,
            }
            for name, colour, shares in series
        ],
    }


def idle(rows: Sequence[Any], currency: str) -> Spec:
    """Bar per strategy: cost of machines in use, and idle cost."""
    waits = [float(row.idle_amount_per_month) for row in rows]
    used = [float(row.machines_amount_per_month) - idle for row, idle in zip(rows, waits, strict=True)]
    parts = ((t("in use"), STRATEGY_COLOURS[2], used), (t("idle"), STRATEGY_COLOURS[7], waits))
    return {
        **_by_strategy([row.strategy for row in rows], f"%,.0f {currency}"),
        "xAxis": {
            "type": "value",
            "name": t("{currency} a month").format(currency=currency),
            "nameLocation": "middle",
            "nameGap": 28,
        },
        "series": [
            {
                "type": "bar",
                "name": name,
                "color": colour,
                "stack": "machines",
                "data": [round(amount, 2) for amount in amounts],
                "barMaxWidth": 30,
            }
            for name, colour, amounts in parts
        ],
    }


def _by_strategy(strategies: Sequence[str], tooltip: str) -> Spec:
    """Frame of a horizontal bar chart, the first strategy on top."""
    return {
        "animation": False,
        "grid": {"left": 8, "right": 24, "top": 34, "bottom": 28, "containLabel": True},
        "legend": {"type": "scroll", "top": 0, "left": 0},
        "tooltip": {"trigger": "axis", "axisPointer": {"type": "shadow"}, "valueFormatter": tooltip},
        "yAxis": {
            "type": "category",
            "inverse": True,
            "data": list(strategies),
            "axisLabel": {"width": 150, "overflow": "break"},
        },
    }

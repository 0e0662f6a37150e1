"""Chart specifications of a fleet: the hours of its day, and what its machines are paid for."""

from __future__ import annotations

from collections.abc import Sequence

from costing.hours import HourRow

from .charts import STRATEGY_COLOURS, Spec
from .i18n import t


def hours(rows: Sequence[HourRow]) -> Spec:
    """A bar an hour, over the average; a line where the average is."""
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

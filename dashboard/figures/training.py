"""Chart specification of training data: number of examples by length."""

from __future__ import annotations

from collections.abc import Sequence
from typing import Any, Final

from costing.fine_tuning.lengths import LengthRow

from ..language import t

Spec = dict[str, Any]

_BAR: Final = "#0072b2"


def lengths(rows: Sequence[LengthRow]) -> Spec:
    """Histogram of lengths; the last bar counts all longer examples."""
    return {
        "animation": False,
        "grid": {"left": 8, "right": 24, "top": 32, "bottom": 32, "containLabel": True},
        "tooltip": {"trigger": "axis", "axisPointer": {"type": "shadow"}, "valueFormatter": "%,.0f"},
        "xAxis": {
            "type": "category",
            "data": [_stretch(row) for row in rows],
            "name": t("tokens of an example"),
            "nameLocation": "middle",
            "nameGap": 28,
        },
        "yAxis": {
            "type": "value",
            "name": t("examples"),
            "nameTextStyle": {"align": "left"},
            "minInterval": 1,
        },
        "series": [
            {
                "type": "bar",
                "name": t("examples"),
                "color": _BAR,
                "barCategoryGap": "8%",
                "data": [row.examples for row in rows],
            }
        ],
    }


def _stretch(row: LengthRow) -> str:
    if row.to_tokens is None:
        return f"≥ {row.from_tokens:,}"
    return (
        f"{row.from_tokens:,}–{row.to_tokens - 1:,}"
        if row.to_tokens - row.from_tokens > 1
        else f"{row.from_tokens:,}"
    )

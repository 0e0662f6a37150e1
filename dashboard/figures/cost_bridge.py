"""Figure of the bridge from the monthly cost of an option to its cash flow."""

from __future__ import annotations

from decimal import Decimal
from typing import Any, Final

import pandas as pd
import plotly.graph_objects as go

from frames.frame import records

from ..language import t
from .comparison import currency_of
from .palette import Palette
from .template import axis, categories, new_figure

ROW_PX: Final = 44
TRUNCATED_FROM: Final = 0.5
"""The axis does not start at zero where the lowest bar ends above this share of the longest one."""
LEAST_AMOUNT: Final = Decimal("0.01")
ROOM: Final = 0.45
"""Space for the amounts at the ends of the bars, as a share of the range of amounts."""


def cost_bridge(frame: pd.DataFrame, palette: Palette) -> go.Figure:
    """Waterfall of one option: monthly cost × months, changes, totals; changes below a cent are left out.

    Columns: strategy (one option), step, amount, cumulative, is_total, currency.
    """
    rows = [row for row in records(frame) if _is_shown(row)]
    currency = currency_of(frame)
    steps = [t(row["step"]) for row in rows]
    amounts = [float(row["amount"]) for row in rows]
    colour = palette.options[rows[0]["strategy"]] if rows else palette.muted
    first, last = axis_range([float(row["cumulative"]) for row in rows])
    title = t("{currency}, whole horizon").format(currency=currency)
    if first > 0:
        title = t("{currency}, whole horizon<br>(the axis does not start at zero)").format(currency=currency)
    trace: dict[str, Any] = {
        "type": "waterfall",
        "orientation": "h",
        "y": steps,
        "x": amounts,
        "measure": [_measure(place, row["is_total"]) for place, row in enumerate(rows)],
        "totals": {"marker": {"color": colour}},
        "increasing": {"marker": {"color": palette.muted}},
        "decreasing": {"marker": {"color": palette.axis}},
        "connector": {"line": {"color": palette.axis, "width": 1}},
        "text": [_text(amount, row["is_total"]) for amount, row in zip(amounts, rows, strict=True)],
        "textposition": "outside",
        "textfont": {"color": palette.text, "size": 12},
        "cliponaxis": False,
        "hoverinfo": "skip",
    }
    return new_figure(
        [trace] if rows else [],
        {
            "showlegend": False,
            "xaxis": axis(title, type="linear", range=[first, last]),
            "yaxis": categories(steps),
        },
    )


def bridge_height(frame: pd.DataFrame) -> int:
    """Height of `cost_bridge` in pixels."""
    return 90 + ROW_PX * sum(_is_shown(row) for row in records(frame))


def axis_range(cumulative: list[float]) -> tuple[float, float]:
    """Range of the amounts: from zero, or from just below the lowest if all are much larger than they differ.

    >>> axis_range([100.0, 40.0])
    (0.0, 145.0)
    >>> axis_range([100.0, 104.0])
    (94.0, 110.0)
    >>> axis_range([100.0, 100.0])
    (0.0, 145.0)
    """
    low, high = min([0.0, *cumulative]), max([0.0, *cumulative])
    smallest = min(cumulative, default=0.0)
    if high > smallest > TRUNCATED_FROM * high:
        spread = high - smallest
        return smallest - 1.5 * spread, high + 1.5 * spread
    return low, high + ROOM * ((high - low) or 1.0)


def _is_shown(row: dict[str, Any]) -> bool:
    return bool(row["is_total"]) or abs(row["amount"]) >= LEAST_AMOUNT


def _measure(place: int, is_total: bool) -> str:
    if place == 0:
        return "absolute"
    return "total" if is_total else "relative"


def _text(amount: float, is_total: bool) -> str:
    return f"<b>{amount:,.2f}</b>" if is_total else f"{amount:+,.2f}"

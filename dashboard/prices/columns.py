"""Tables of the prices page: translated columns, unknown as a dash."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import astuple, fields
from decimal import Decimal
from typing import Any, Final

import streamlit as st

from ..language import label_of, t
from .labels import HEADINGS, KINDS, PRICES, SHORT

UNKNOWN: Final = "–"
FRESHNESS: Final = {"fresh": "#009e73", "ageing": "#e69f00", "old": "#d55e00"}
"""Colours that colour-blind readers can distinguish; each value also has its word."""

_TRANSLATED: Final = frozenset(
    {"freshness", "state", "ends", "what", "service", "kind", "experts", "evidence"}
)
_WIDTHS: Final = {"ends": 170, "ends_on": 100, "value": 640}
"""Widths in pixels, where the first rows do not show the longest value."""
_WHOLE: Final = frozenset(
    {
        *("age_days", "days_left", "context_window_tokens", "prompt_tokens", "above_prompt_tokens"),
        *("layers", "kv_bytes_per_token"),
    }
)


def frame(rows: Sequence[Any], kind: type[Any]) -> tuple[dict[str, list[Any]], dict[str, Any]]:
    """(Values by column, column configuration); a column without any value is left out."""
    names = [field.name for field in fields(kind)]
    values = list(zip(*(astuple(row) for row in rows), strict=True)) or [() for _ in names]
    shown = {
        name: [_shown(name, value) for value in column]
        for name, column in zip(names, values, strict=True)
        if any(value not in (None, "") for value in column)
    }
    return shown, {name: _column(name, shown[name]) for name in shown}


def _shown(name: str, value: Any) -> Any:
    if value in (None, ""):
        return None
    if name == "freshness":
        return [t(value)]
    if name == "table":
        return t(KINDS[value])
    if name == "other_unit":
        return t(PRICES[value]) if value in PRICES else value
    if isinstance(value, Decimal):
        return float(value)
    return t(value) if name in _TRANSLATED else value


def _column(name: str, values: Sequence[Any]) -> Any:
    heading = label_of({**HEADINGS, **SHORT}, name)
    if name == "freshness":
        return st.column_config.MultiselectColumn(
            heading, options=[t(word) for word in FRESHNESS], color=list(FRESHNESS.values())
        )
    if name in _WHOLE:
        return st.column_config.NumberColumn(heading, format="%,.0f")
    if any(isinstance(value, float) for value in values):
        return st.column_config.NumberColumn(heading, format="%,.6g", help=t(PRICES.get(name, "")) or None)
    return st.column_config.Column(heading, width=_WIDTHS.get(name))


def table(rows: Sequence[Any], kind: type[Any], key: str) -> None:
    """Render a table of the CSV's rows."""
    shown, config = frame(rows, kind)
    st.dataframe(shown, hide_index=True, column_config=config, key=key, placeholder=UNKNOWN)

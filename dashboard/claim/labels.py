"""Column labels of the claim page, and a table of report rows."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import astuple, fields
from typing import Any, Final

import streamlit as st

from costing.claim.history import LINES
from i18n.message import N_

from ..language import label_of, t

HEADINGS: Final = {
    "what": N_("Figure"),
    "value": N_("Value"),
    "unit": N_("Unit"),
    "how": N_("How"),
    "source": N_("Source"),
    "driver": N_("Driver"),
    "low_value": N_("Low end"),
    "high_value": N_("High end"),
    "tokens_per_day_at_low": N_("Tokens a day at the low end"),
    "tokens_per_day_at_high": N_("Tokens a day at the high end"),
    "line": N_("Line of models"),
    "day": N_("Since"),
    "model": N_("Model"),
    "input_usd_per_mtok": N_("Input, USD per Mtok"),
    "output_usd_per_mtok": N_("Output, USD per Mtok"),
    "rent_usd_per_gpu_hour": N_("Rent per GPU and hour"),
    "tokens_per_day": N_("Break-even, tokens a day"),
    "announced": N_("Announced"),
    "price_ref": N_("Price row"),
    "price_source": N_("Source of the price"),
    "launch_source": N_("Source of the day"),
    "rent_ref": N_("Rent row"),
    "month": N_("Month"),
    "api_usd": N_("API, USD"),
    "running_usd": N_("Running the servers, USD"),
    "capital_usd": N_("Bought, USD"),
    "sold_usd": N_("Sold, USD"),
    "net_usd": N_("Net, USD"),
    "cumulative_usd": N_("So far, USD"),
}
_WHOLE: Final = frozenset({"month"})
_LARGE: Final = frozenset({"tokens_per_day", "tokens_per_day_at_low", "tokens_per_day_at_high"})


def table(rows: Sequence[Any], kind: type[Any], key: str, *, without: Sequence[str] = ()) -> None:
    """Render a table of the CSV's rows; unknown values and "never" are a dash."""
    names = [field.name for field in fields(kind)]
    columns = list(zip(*(astuple(row) for row in rows), strict=True)) or [() for _ in names]
    shown = {
        name: [t(LINES[value]) for value in column] if name == "line" else list(column)
        for name, column in zip(names, columns, strict=True)
        if name not in without and any(value not in (None, "") for value in column)
    }
    st.dataframe(
        shown,
        hide_index=True,
        key=key,
        placeholder="–",
        column_config={name: _column(name, values) for name, values in shown.items()},
    )


def _column(name: str, values: Sequence[Any]) -> Any:
    heading = label_of(HEADINGS, name)
    if name in _LARGE:
        return st.column_config.NumberColumn(heading, format="%,.0f")
    if name.endswith("_usd"):
        return st.column_config.NumberColumn(heading, format="%,.2f")
    if name not in _WHOLE and any(isinstance(value, float) for value in values):
        return st.column_config.NumberColumn(heading, format="%,.4g")
    return st.column_config.Column(heading)

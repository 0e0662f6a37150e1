"""A frame as a table on the screen: headings, formats and translations of the column registry."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from decimal import Decimal
from typing import Any, Final, Literal

import pandas as pd
import streamlit as st

from costing.currency import USD
from frames.column import Column, Dtype
from frames.frame import plain
from frames.registry import COLUMNS

from ..language import t

UNKNOWN: Final = "–"
_RATE: Final = ("currency", "fx_per_usd", "fx_date", "fx_source")
"""Hidden where the currency is USD."""


def frame_table(
    frame: pd.DataFrame,
    key: str,
    *,
    bar: str = "",
    buttons: Mapping[str, Any] | None = None,
    hidden: Sequence[str] = (),
    height: int | Literal["auto", "content"] = "auto",
    unknown: str = UNKNOWN,
    overrides: Mapping[str, tuple[list[Any], Any]] | None = None,
    **selection: Any,
) -> None:
    """Render a frame, unknown as a dash; `bar` names a column shown as bars in its cells.

    `buttons` are columns at the start: button label -> column. `hidden` columns are only in the CSV.
    `overrides`: column name -> (cells, column configuration). `selection` are arguments of `st.dataframe`.
    """
    currency = str(frame["currency"].iloc[0]) if "currency" in frame and len(frame) else USD
    names = screen_order([name for name in frame.columns if name not in hidden], currency)
    buttons = buttons or {}
    cells: dict[str, list[Any]] = {label: [label] * len(frame) for label in buttons}
    config: dict[str, Any] = dict(buttons)
    for name in names:
        column = COLUMNS[name]
        cells[name] = [_shown(column, plain(value)) for value in frame[name].array]
        config[name] = _config(column, currency, cells[name] if name == bar else None)
    for name, (own_cells, own_config) in (overrides or {}).items():
        cells[name], config[name] = own_cells, own_config
    st.dataframe(
        cells,
        hide_index=True,
        column_config=config,
        column_order=[*buttons, *names],
        key=key,
        placeholder=unknown,
        height=height,
        **selection,
    )


def without_blank_columns(frame: pd.DataFrame) -> pd.DataFrame:
    """The frame without the columns that have no value in any row."""
    blank = [name for name in frame.columns if all(plain(value) in (None, "") for value in frame[name].array)]
    return frame.drop(columns=blank)


def heading_of(name: str, currency: str = USD) -> str:
    """Translated heading of a column."""
    return t(COLUMNS[name].heading).format(currency=currency)


def screen_order(names: Sequence[str], currency: str) -> list[str]:
    """Columns on the screen: amounts of another currency before those in USD, none of it if it is USD."""
    beside = {name: COLUMNS[name].usd_column for name in names if COLUMNS[name].usd_column in names}
    order = [name for name in names if name not in beside and (currency != USD or name not in _RATE)]
    if currency != USD:
        for amount, usd in beside.items():
            order.insert(order.index(usd), amount)
    return order


def _config(column: Column, currency: str, bars: Sequence[Any] | None) -> Any:
    heading, help_text = t(column.heading).format(currency=currency), t(column.help) or None
    if bars is not None:
        longest = max((value for value in bars if value is not None), default=0.0)
        return st.column_config.ProgressColumn(
            heading, help=help_text, format=column.format, min_value=0.0, max_value=longest or 1.0
        )
    if column.dtype in (Dtype.AMOUNT, Dtype.FLOAT, Dtype.INTEGER):
        return st.column_config.NumberColumn(heading, help=help_text, format=column.format or None)
    return st.column_config.Column(heading, help=help_text)


def _shown(column: Column, value: Any) -> Any:
    if isinstance(value, Decimal):
        return float(value)
    return t(value) if column.is_translated and value else value

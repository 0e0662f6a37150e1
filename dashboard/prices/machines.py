"""Machines tab: every GPU and open model with its figures; unknown ones are marked."""

from __future__ import annotations

from typing import Any, Final

import pandas as pd
import streamlit as st

from frames.frame import plain
from pricing.book import PriceBook
from pricing.survey.machines import machines, open_models

from .. import session as state
from ..components.downloads import frame_button
from ..components.frame_table import UNKNOWN, frame_table, heading_of, without_blank_columns
from ..components.section import section
from ..language import t

_MAYBE_NONE: Final = ("fp8_tflops", "fp4_tflops")
"""A generation may lack that arithmetic: a blank does not say which, unless others of it have it."""
_HEIGHT: Final = 420


def show(book: PriceBook) -> None:
    """Render the two tables, each with its CSV."""
    prices = book.on(state.today())
    gpus, models = machines(prices), open_models(prices)
    section(
        t("GPU hardware"),
        t(
            "Memory, bandwidth and dense arithmetic of one GPU, and its price today. Unknown: no source "
            "shows it, and a self-hosted option that needs it cannot be priced. A dash: none, or not known."
        ),
    )
    _table(gpus, "table_machines", {name: _arithmetic(gpus, name) for name in _MAYBE_NONE})
    frame_button("gpus", lambda: gpus, "csv_machines")
    section(
        t("Open models"),
        t(
            "What a server must hold and compute. Where a figure is unknown, a self-hosted option with a "
            "measured speed can be priced as measured, and no other speed is predicted."
        ),
    )
    _table(models, "table_open_models", {})
    frame_button("open-models", lambda: models, "csv_open_models")


def _arithmetic(gpus: pd.DataFrame, name: str) -> tuple[list[Any], Any]:
    """Cells of a column that a generation of GPUs may lack, and its configuration."""
    known = gpus[name].notna()
    has = set(gpus["architecture"][known])
    cells = [
        f"{value:,.6g}" if plain(value) is not None else t("unknown") if architecture in has else UNKNOWN
        for value, architecture in zip(gpus[name], gpus["architecture"], strict=True)
    ]
    return cells, st.column_config.Column(heading_of(name), alignment="right")


def _table(frame: pd.DataFrame, key: str, overrides: dict[str, tuple[list[Any], Any]]) -> None:
    """Render a table; a blank text stays blank, every missing value is shown as unknown."""
    shown = without_blank_columns(frame)
    name = st.column_config.Column(heading_of("name"), pinned=True)
    overrides = {column: own for column, own in overrides.items() if column in shown}
    overrides["name"] = (list(shown["name"]), name)
    frame_table(shown, key, height=_HEIGHT, unknown=t("unknown"), overrides=overrides)

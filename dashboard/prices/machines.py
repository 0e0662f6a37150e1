"""Machines tab: every GPU and open model with its figures; unknown ones are marked."""

from __future__ import annotations

from typing import Any, Final

import streamlit as st

from pricing.book import PriceBook
from pricing.survey.machines import MachineRow, OpenModelRow, machine_rows, open_model_rows

from .. import session as state
from ..components.downloads import csv_button
from ..components.tables import section
from ..language import t
from .columns import UNKNOWN, frame

_MAYBE_NONE: Final = ("fp8_tflops", "fp4_tflops")
"""A generation may lack that arithmetic: a blank does not say which, unless others of it have it."""
_WORDS: Final = ("note", "architecture")
_HEIGHT: Final = 420


def show(book: PriceBook) -> None:
    """Render the two tables, each with its CSV."""
    prices = book.on(state.today())
    gpus, models = machine_rows(prices), open_model_rows(prices)
    section(
        t("What each GPU is"),
        t(
            "Memory, bandwidth and dense arithmetic of one GPU, and what it costs today. Unknown: no source "
            "shows it; an own fleet that needs it is refused. A dash: none, or not known."
        ),
    )
    shown, config = frame(gpus, MachineRow)
    for name in _MAYBE_NONE:
        if name in shown:
            has = {gpu.architecture for gpu in gpus if getattr(gpu, name) is not None}
            blanks = [t("unknown") if gpu.architecture in has else UNKNOWN for gpu in gpus]
            shown[name] = [
                blank if value is None else f"{value:,.6g}"
                for value, blank in zip(shown[name], blanks, strict=True)
            ]
            config[name] = st.column_config.Column(config[name]["label"], alignment="right")
    _table(shown, config, "table_machines")
    csv_button("gpus", MachineRow, lambda: gpus, "csv_machines")
    section(
        t("What each open model is"),
        t(
            "What a server must hold and run. Where a figure is unknown, a fleet with a measured speed "
            "works as it was measured, and no other speed is predicted."
        ),
    )
    _table(*frame(models, OpenModelRow), "table_open_models")
    csv_button("open-models", OpenModelRow, lambda: models, "csv_open_models")


def _table(shown: dict[str, list[Any]], config: dict[str, Any], key: str) -> None:
    """Render a table; blank text columns stay blank, every other gap is shown as unknown."""
    for name in _WORDS:
        if name in shown:
            shown[name] = [value or "" for value in shown[name]]
    config["name"] = st.column_config.Column(t("Name"), pinned=True)
    st.dataframe(
        shown, hide_index=True, height=_HEIGHT, column_config=config, key=key, placeholder=t("unknown")
    )

"""The volume: a slider over six decades, and the exact figure beside it."""

from __future__ import annotations

from typing import Final

import streamlit as st

from costing.volume_report import round_volumes

from . import state
from .i18n import t
from .widgets import apply_field, scenario_number

VOLUMES: Final = round_volumes(1, 7)
"""Requests a day on the slider: about ten a decade, from 10 to 10 million."""
EXACT_PX: Final = 170


def show() -> None:
    """Both inputs; each follows the other."""
    here = state.scenario().requests_per_day
    with st.container(horizontal=True, vertical_alignment="bottom", key="volume_row"):
        st.select_slider(
            t("Requests a day"),
            sorted({*VOLUMES, here}),
            value=state.seed("volume_slider", here),
            format_func=lambda v: f"{v:,.0f}",
            key="volume_slider",
            on_change=apply_field,
            args=("requests_per_day", "volume_slider"),
            help=t(
                "One request is one question and its answer. A conversation of three turns is three requests."
            ),
        )
        scenario_number(
            "requests_per_day",
            "volume",
            t("Requests a day, exactly"),
            step=100.0,
            format="%.0f",
            collapsed=True,
            width=EXACT_PX,
        )

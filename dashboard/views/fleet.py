"""Expander of self-hosted fleets: GPUs, utilisation, idle cost, response times, energy."""

from __future__ import annotations

from typing import Final

import streamlit as st

from costing.comparison.compare import Comparison
from costing.reports.fleet import fleet as fleet_frame

from ..components.downloads import frame_button
from ..components.figure import figure
from ..components.frame_table import frame_table
from ..components.section import section
from ..figures.comparison import bars_height
from ..figures.fleet import idle_cost, utilisation
from ..figures.palette import palette
from ..language import t, translator

DRAWER: Final = "fleet"
"""Key of the expander."""


def show(comparison: Comparison) -> None:
    """Render two charts and a table of the same rows, each with its CSV."""
    drawer = st.expander(
        t("GPU servers: size, utilisation and idle cost"),
        icon=":material/dns:",
        key=DRAWER,
        on_change="rerun",
    )
    if drawer.open:
        with drawer:
            _rows(comparison)


def _rows(comparison: Comparison) -> None:
    table = fleet_frame(comparison, translator())
    if table.empty:
        st.info(t("No option of this comparison runs GPUs."))
        return
    name, currency = comparison.scenario.id, comparison.currency.code
    section(
        t("GPU utilisation"),
        t("Share of the running capacity, spares included. The target is without spares."),
    )
    figure(
        utilisation(table, palette()),
        key="chart_busy",
        height=90 + 72 * len(table),
        alt=t("Bars: average, peak and target utilisation of the GPU servers of each option"),
    )
    frame_button(f"{name}-fleet", lambda: table, "csv_busy")
    section(
        t("Idle cost"),
        t("Monthly cost of the machines: capacity in use and idle capacity."),
    )
    figure(
        idle_cost(table, palette()),
        key="chart_idle",
        height=bars_height(table),
        alt=t(
            "Stacked bars: used and idle cost of the machines of each option in {currency} per month"
        ).format(currency=currency),
    )
    frame_button(f"{name}-fleet-idle", lambda: table, "csv_idle")
    section(
        t("Size, speed and energy"),
        t("A dash means unknown: energy of rented GPUs, emissions without a grid, the first token of a CPU."),
    )
    frame_table(table, "table_fleet")
    frame_button(f"{name}-fleet-table", lambda: table, "csv_fleet")

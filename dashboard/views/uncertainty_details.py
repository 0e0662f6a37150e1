"""Details of the risk view: value of information (EVPI), and the tables of results and inputs."""

from __future__ import annotations

from typing import Final

import pandas as pd
import plotly.graph_objects as go
import streamlit as st

from costing.reports import uncertainty as report
from costing.uncertainty.evpi import MIN_DRAWS
from costing.uncertainty.inputs import value_text
from costing.uncertainty.monte_carlo import Uncertainty
from frames.frame import records

from .. import session as state
from ..components.downloads import frame_button
from ..components.figure import figure
from ..components.frame_table import frame_table, heading_of
from ..components.section import section
from ..figures import uncertainty as figures_of
from ..figures.palette import Palette
from ..language import t, translator

EVPI_KEY: Final = "evpi_drawer"
TABLES_KEY: Final = "tables_drawer"
MAX_BARS: Final = 13
"""All inputs together, and the most valuable ones."""
MIN_AMOUNT: Final = 0.01


def figures(result: Uncertainty, colours: Palette) -> dict[str, go.Figure]:
    """The figure of the EVPI by its key; none if the expander is closed or there is nothing to choose."""
    if not state.held(EVPI_KEY, False) or result.evpi is None:
        return {}
    table = _shown_evpi(result)
    return {"chart_worth": figures_of.evpi(table, colours)}


def _shown_evpi(result: Uncertainty) -> pd.DataFrame:
    """EVPI of all inputs together, and of the inputs for which it is not zero."""
    table = report.evpi_by_input(result, translator())
    is_shown = (table["worth_amount_per_month"] >= MIN_AMOUNT) | table["path"].isna()
    return table[is_shown].head(MAX_BARS)


def show_evpi(result: Uncertainty, colours: Palette) -> None:
    """Render the EVPI per input: the most that a test or a pilot is worth."""
    st.caption(
        t(
            "The average saving if the input were known exactly before the choice. A benchmark or a pilot is "
            "worth no more than that for this choice."
        )
    )
    if result.evpi is None:
        st.info(
            t(
                "Not available: fewer than two options are possible in every simulation, or there are fewer "
                "than {least} simulations."
            ).format(least=MIN_DRAWS)
        )
        return
    n = len(_shown_evpi(result))
    figure(
        figures(result, colours)["chart_worth"],
        key="chart_worth",
        height=72 + figures_of.BAR_PX * n,
        alt=t("Bars: value of knowing each input exactly, per month, the largest on top"),
    )
    frame_button(
        f"{result.comparison.scenario.id}-evpi",
        lambda: report.evpi_by_input(result, translator()),
        "csv_worth",
    )


def show_tables(result: Uncertainty) -> None:
    """Render the distributions of the options and the ranges of the inputs."""
    scenario_id, translate = result.comparison.scenario.id, translator()
    section(t("Simulation results"))
    frame_table(
        report.distributions(result, translate), "table_sure", hidden=("includes_people", "draws", "seed")
    )
    section(
        t("Uncertain inputs"),
        t("×: a factor on the value of the scenario or of the price list."),
    )
    inputs = report.input_ranges(result, translate)
    st.dataframe(_shown(inputs), hide_index=True, key="table_inputs")
    frame_button(f"{scenario_id}-ranges", lambda: inputs, "csv_inputs")


def _shown(inputs: pd.DataFrame) -> dict[str, list[str]]:
    """Input ranges as texts under translated headings: shares in percent, factors with their sign."""
    rows = records(inputs)
    cells = {heading_of("input"): [row["input"] for row in rows]}
    for name in ("input_low", "input_likely", "input_high"):
        cells[heading_of(name)] = [value_text(row["path"], row[name]) for row in rows]
    for name in ("shape", "origin"):
        cells[heading_of(name)] = [t(row[name]) for row in rows]
    return cells

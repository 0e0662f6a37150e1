"""A minimal page for comparison: a slider and three `st.plotly_chart` of the app's own figures.

The frames are prepared for every volume in advance: the page pays for figures, Streamlit and Plotly, but not
for the cost model.
"""

from __future__ import annotations

from dataclasses import dataclass

import pandas as pd
import streamlit as st

from costing.comparison.breakeven import breakeven
from costing.comparison.compare import compare
from costing.reports import comparison as report
from costing.reports import volume as volume_report
from costing.scenario.library import shipped
from dashboard.components.live_panel import VOLUMES
from dashboard.figures.comparison import cumulative_cost, monthly_cost
from dashboard.figures.palette import Palette, palette
from dashboard.figures.volume import cost_by_volume
from dashboard.session import FIRST_SCENARIO
from pricing.load import shipped_book


@dataclass(frozen=True, slots=True)
class Frames:
    """Frames of the three figures at one volume."""

    lines: pd.DataFrame
    months: pd.DataFrame
    curves: pd.DataFrame
    winners: pd.DataFrame
    crossings: pd.DataFrame


@st.cache_resource
def prepared() -> tuple[Palette, dict[float, Frames]]:
    """The palette, and frames by volume of the slider."""
    first = compare(shipped(FIRST_SCENARIO), shipped_book())
    result = breakeven(first)
    winners, crossings = volume_report.winners(first, result), volume_report.crossings(first, result)
    frames = {}
    for volume in VOLUMES:
        comparison = first.at(volume)
        curves = volume_report.volume(comparison, volume_report.volume_axis(comparison, result))
        frames[volume] = Frames(
            report.lines(comparison), report.months(comparison), curves, winners, crossings
        )
    return palette(str(outcome.name) for outcome in first.outcomes), frames


st.set_page_config(page_title="Three Plotly charts", layout="wide")
colours, frames = prepared()
requests_per_day = st.select_slider("Requests per day", VOLUMES, value=20_000.0, key="volume_slider")
now = frames[requests_per_day]
st.plotly_chart(monthly_cost(now.lines, colours), key="chart_lines", height=340)
st.plotly_chart(cumulative_cost(now.months, colours), key="chart_months", height=380)
st.plotly_chart(
    cost_by_volume(now.curves, now.winners, now.crossings, requests_per_day, colours),
    key="chart_volume",
    height=440,
)

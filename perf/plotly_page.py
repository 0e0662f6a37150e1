"""A minimal page for comparison: a slider and three `st.plotly_chart` of the app's own figures.

It prices the volume, makes the frames and draws the figures as the app does, and shows nothing else: neither
answer nor options nor other views. What does not depend on the volume is kept, as in the app.
"""

from __future__ import annotations

import streamlit as st

from costing.comparison.breakeven import Breakeven, breakeven
from costing.comparison.compare import Comparison, compare
from costing.reports import comparison as report
from costing.reports import volume as volume_report
from costing.scenario.library import shipped
from dashboard.components.live_panel import VOLUMES
from dashboard.figures.comparison import cumulative_cost, monthly_cost
from dashboard.figures.palette import palette
from dashboard.figures.volume import cost_by_volume
from pricing.load import shipped_book

SCENARIO = "brand_voice"


@st.cache_resource
def priced() -> tuple[Comparison, Breakeven]:
    """The comparison at the scenario's volume, and its break-even points."""
    comparison = compare(shipped(SCENARIO), shipped_book())
    return comparison, breakeven(comparison)


st.set_page_config(page_title="Three Plotly charts", layout="wide")
first, result = priced()
requests_per_day = st.select_slider("Requests per day", VOLUMES, value=20_000.0, key="volume_slider")
comparison = first.at(requests_per_day)
colours = palette(str(outcome.name) for outcome in comparison.outcomes)
st.plotly_chart(monthly_cost(report.lines(comparison), colours), key="chart_lines", height=340)
st.plotly_chart(cumulative_cost(report.months(comparison), colours), key="chart_months", height=380)
st.plotly_chart(
    cost_by_volume(
        volume_report.volume(comparison, volume_report.volume_axis(comparison, result)),
        volume_report.winners(comparison, result),
        volume_report.crossings(comparison, result),
        requests_per_day,
        colours,
    ),
    key="chart_volume",
    height=440,
)

"""Prepared content of every volume for the baseline pages: texts and three charts."""

from __future__ import annotations

from dataclasses import dataclass
from typing import Any, Final

import streamlit as st

from costing.comparison.breakeven import breakeven
from costing.comparison.compare import compare
from costing.reports import comparison as report
from costing.reports import volume as volume_report
from costing.scenario.library import shipped
from dashboard.components import answer, options_table
from dashboard.components.live_panel import VOLUMES
from dashboard.figures import comparison as charts
from dashboard.session import FIRST_SCENARIO
from pricing.load import shipped_book

CHARTS: Final = {"chart_lines": 350, "chart_months": 350, "chart_volume": 420}
"""Key -> height in pixels."""


@dataclass(frozen=True, slots=True)
class Ready:
    """Content for one volume."""

    words: str
    cards: str
    charts: list[dict[str, Any]]


@st.cache_resource
def ready() -> dict[float, Ready]:
    """Content by volume of the slider."""
    first = compare(shipped(FIRST_SCENARIO), shipped_book())
    result = breakeven(first)
    currency = first.currency.code
    colour = charts.colours([str(outcome.name) for outcome in first.outcomes])
    winners = [(at, str(name)) for at, name in result.winners[1:]]
    timings: dict[float, Ready] = {}
    for volume in VOLUMES:
        comparison = first.at(volume)
        axis = volume_report.volume_axis(comparison, result)
        timings[volume] = Ready(
            answer.headline_html(comparison),
            options_table.html(comparison),
            [
                charts.stacked_bar(list(report.lines(comparison).itertuples()), currency),
                charts.cumulative(list(report.months(comparison).itertuples()), colour, currency),
                charts.cost_by_volume(
                    list(volume_report.volume(comparison, axis).itertuples()),
                    colour,
                    volume,
                    winners,
                    list(volume_report.crossings(comparison, result).itertuples()),
                    currency,
                ),
            ],
        )
    return timings


def slider() -> Ready:
    """Render the slider; returns the prepared content of its volume."""
    return ready()[st.select_slider("Requests a day", VOLUMES, value=20_000.0, key="volume_slider")]

"""Overview: cost against volume, what could change the answer, cost by component and over time."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import replace
from typing import Any, Final

import plotly.graph_objects as go
import streamlit as st

from costing.comparison.breakeven import Breakeven
from costing.comparison.compare import Comparison
from costing.comparison.fee_structures import two_ways_to_charge
from costing.decision.changes import changes
from costing.reports import comparison as report
from costing.reports import gpu_memory as memory_report
from costing.reports import volume as volume_report
from costing.scenario.scenario import LIMITS
from i18n.message import Message

from .. import session as state
from ..components.downloads import frame_button
from ..components.figure import figure, spec
from ..components.frame_table import frame_table
from ..components.section import section
from ..figures.comparison import BAR_PX, bars_height, cumulative_cost, gpu_memory, monthly_cost
from ..figures.palette import palette
from ..figures.volume import cost_by_volume
from ..language import language, markdown_safe, render, t, translator
from . import fleet

_MEMORY: Final = "memory"


def figures(comparison: Comparison) -> dict[str, go.Figure]:
    """The three figures by key."""
    return state.derived("overview", (comparison, language()), lambda: _figures(comparison))


def _figures(comparison: Comparison) -> dict[str, go.Figure]:
    if not comparison.feasible:
        return {}
    translate = translator()
    colours = palette(render(outcome.name) for outcome in comparison.outcomes)
    result = state.breakeven_of(comparison)
    return {
        "chart_lines": monthly_cost(report.lines(comparison, translate), colours),
        "chart_months": cumulative_cost(report.months(comparison, translate), colours),
        "chart_volume": cost_by_volume(
            state.curves_of(comparison, result),
            volume_report.winners(comparison, result, translate),
            volume_report.crossings(comparison, result, translate),
            comparison.scenario.requests_per_day,
            colours,
        ),
    }


def specs(comparison: Comparison) -> dict[str, dict[str, Any]]:
    """The same figures for the live panel."""
    return {key: spec(fig) for key, fig in figures(comparison).items()}


def show(comparison: Comparison) -> None:
    """Render cost against volume with what could change the answer, cost by component and over time."""
    if not comparison.feasible:
        st.info(t("No option can be costed yet. Change one under Options."))
        return
    currency, drawn, result = comparison.currency.code, figures(comparison), state.breakeven_of(comparison)
    section(
        t("Cost against volume"),
        t(
            "The strip names the cheapest option of each range. Circles are break-even points. Click the "
            "chart to set your volume."
        ),
    )
    for sentence in _two_ways(comparison, result):
        st.caption(markdown_safe(" ".join(render(part) for part in sentence)))
    figure(
        drawn["chart_volume"],
        key="chart_volume",
        height=440,
        alt=t("Lines: monthly cost of each option against requests per day, both axes logarithmic"),
        on_click=_choose_volume,
    )
    _changes(comparison, result)
    by_component, over_time = st.columns(2, gap="large")
    with by_component:
        section(t("Monthly cost by component"), t("One-time costs are spread over the horizon."))
        figure(
            drawn["chart_lines"],
            key="chart_lines",
            height=max(380, 110 + BAR_PX * len(comparison.feasible)),
            alt=t("Stacked bars: cost components of each option in {currency} per month").format(
                currency=currency
            ),
        )
    with over_time:
        section(
            t("Cumulative cost"),
            t("With growth and announced prices. Bought machines count as their equivalent cost per month."),
        )
        figure(
            drawn["chart_months"],
            key="chart_months",
            alt=t("Lines: cumulative cost of each option by month in {currency}").format(currency=currency),
        )
    _downloads(comparison, result)
    if memory_report.has_fleet(comparison):
        section(t("More analysis"))
        fleet.show(comparison)
        drawer = st.expander(
            t("GPU memory per replica"), icon=":material/memory:", key=_MEMORY, on_change="rerun"
        )
        if drawer.open:
            with drawer:
                _memory(comparison)


def _changes(comparison: Comparison, result: Breakeven) -> None:
    """Render what could change the answer."""
    sentences = changes(comparison, result)
    if sentences:
        section(t("What could change it"))
        st.markdown("\n".join(f"- {markdown_safe(render(sentence))}" for sentence in sentences))


def _downloads(comparison: Comparison, result: Breakeven) -> None:
    """Render the files of the figures."""
    scenario_id, translate, latest = comparison.scenario.id, translator(), state.latest()
    with st.container(horizontal=True):
        frame_button(
            f"{scenario_id}-volume",
            lambda: volume_report.volume(latest(), volume_report.volume_axis(latest(), result), translate),
            "csv_volume",
            t("CSV: cost against volume"),
        )
        frame_button(
            f"{scenario_id}-lines",
            lambda: report.lines(latest(), translate),
            "csv_lines_chart",
            t("CSV: components"),
        )
        frame_button(
            f"{scenario_id}-months",
            lambda: report.months(latest(), translate),
            "csv_months",
            t("CSV: months"),
        )


def _choose_volume(point: Mapping[str, Any]) -> None:
    """Make the clicked volume that of the scenario; nothing if it is out of range."""
    volume = point.get("x")
    limits = LIMITS["requests_per_day"]
    if isinstance(volume, int | float) and limits.low <= volume <= limits.high:
        state.put(replace(state.scenario(), requests_per_day=float(volume)))


def _two_ways(comparison: Comparison, result: Breakeven) -> tuple[tuple[Message, Message], ...]:
    """Sentences on the two fee structures of a single pair; none for several pairs."""
    if len(result.pairs) != 1:
        return ()
    (pair,) = result.pairs
    charges = two_ways_to_charge(comparison, pair)
    return () if charges is None else ((charges, pair.explanation),)


def _memory(comparison: Comparison) -> None:
    table = memory_report.memory(comparison, translator())
    section(
        t("GPU memory of a fully loaded replica"),
        t(
            "Sum over its GPUs: weights with adapters, KV cache of the concurrent requests, and a tenth "
            "reserved for activations."
        ),
    )
    if table.empty:
        st.info(t("No option of this comparison runs GPUs."))
        return
    known = table[table["gib"].notna()]
    if len(known):
        figure(
            gpu_memory(known, palette()),
            key="chart_memory",
            height=bars_height(known),
            alt=t("Stacked bars: GPU memory of a replica of each option in GiB"),
        )
    for name, what in memory_report.memory_unknown(comparison):
        st.caption(markdown_safe(f"{render(name)}: {render(what)}"))
    frame_table(table, "table_memory")
    frame_button(f"{comparison.scenario.id}-memory", lambda: table, "csv_memory")

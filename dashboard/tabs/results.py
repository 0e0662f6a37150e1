"""Result tab: where the money goes, how it adds up over time, and how it moves with volume."""

from __future__ import annotations

import streamlit as st

from costing import memory_report, report, volume_report
from costing.charging import two_ways_to_charge
from costing.compare import Comparison

from .. import charts, state
from ..downloads import csv_button
from ..i18n import markdown_safe, say, t, translator
from . import fleet
from .layout import heading, money_table


def show(comparison: Comparison) -> None:
    """Three charts, each with its CSV, and drawers with own fleets and the memory of their GPUs."""
    if not comparison.feasible:
        st.info(t("No strategy can be costed yet. Change one in the Strategies tab."))
        return
    scenario_id, currency = comparison.scenario.id, comparison.currency.code
    colour = charts.colours([say(outcome.name) for outcome in comparison.outcomes])

    translate = translator()
    lines = report.line_rows(comparison, translate)
    heading(t("A month's cost, line by line"), t("What is paid once is spread over the horizon."))
    st.echarts_chart(
        charts.stacked_bar(lines, currency),
        key="chart_lines",
        height=120 + 56 * len(comparison.feasible),
        alt=t("Stacked bars: cost lines of each strategy in {currency} a month").format(currency=currency),
    )
    csv_button(f"{scenario_id}-lines", report.LineRow, lambda: lines, "csv_lines_chart")

    months = report.month_rows(comparison, translate)
    heading(
        t("Cost so far, over the horizon"),
        t("With growth and announced prices. Bought machines are shown as their equivalent cost per month."),
    )
    st.echarts_chart(
        charts.cumulative(months, colour, currency),
        key="chart_months",
        alt=t("Lines: cumulative cost of each strategy by month in {currency}").format(currency=currency),
    )
    csv_button(f"{scenario_id}-months", report.MonthRow, lambda: months, "csv_months")

    result = state.breakeven_of(comparison)
    volumes = state.curves_of(comparison, result)
    heading(
        t("Cost against volume"),
        t(
            "Solid lines: the volumes at which the cheapest strategy changes. Rings: every crossing. "
            "Dashed: your volume."
        ),
    )
    if len(result.pairs) == 1:
        pair = result.pairs[0]
        charges = two_ways_to_charge(comparison, pair)
        if charges is not None:
            st.caption(markdown_safe(f"{say(charges)} {say(pair.explanation)}"))
    st.echarts_chart(
        charts.cost_by_volume(
            volumes,
            colour,
            comparison.scenario.requests_per_day,
            [(volume, say(name)) for volume, name in result.winners[1:]],
            volume_report.crossing_rows(comparison, result, translate),
            currency,
        ),
        key="chart_volume",
        height=420,
        alt=t("Lines: monthly cost of each strategy against requests a day, both logarithmic"),
    )
    csv_button(f"{scenario_id}-volume", volume_report.VolumeRow, lambda: volumes, "csv_volume")
    if memory_report.has_own_fleet(comparison):
        fleet.show(comparison)
        drawer = st.expander(
            t("GPU memory of a replica"), icon=":material/memory:", key="memory", on_change="rerun"
        )
        if drawer.open:
            with drawer:
                _memory(comparison)


def _memory(comparison: Comparison) -> None:
    rows = memory_report.memory_rows(comparison, translator())
    heading(
        t("What takes the memory of a replica when it is full"),
        t(
            "Of all its GPUs together: weights, with adapters if any; the KV cache of the requests that "
            "share it; a tenth kept for activations."
        ),
    )
    if not rows:
        st.info(t("No fleet runs in this comparison."))
        return
    known = {row.strategy for row in rows if row.gib is not None}
    if known:
        st.echarts_chart(
            charts.memory_bar(rows),
            key="chart_memory",
            height=120 + 56 * len(known),
            alt=t("Stacked bars: GPU memory of a replica of each strategy in GiB"),
        )
    for name, what in memory_report.memory_unknown(comparison):
        st.caption(markdown_safe(f"{say(name)}: {say(what)}"))
    money_table(rows, memory_report.MemoryRow, key="table_memory")
    csv_button(f"{comparison.scenario.id}-memory", memory_report.MemoryRow, lambda: rows, "csv_memory")

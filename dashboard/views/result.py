"""Overview: cost by line, cumulative cost, and cost against volume."""

from __future__ import annotations

from typing import Any, Final

import pandas as pd
import streamlit as st

from costing.comparison.breakeven import Breakeven
from costing.comparison.compare import Comparison
from costing.comparison.fee_structures import two_ways_to_charge
from costing.reports import comparison as report
from costing.reports import gpu_memory as memory_report
from costing.reports import volume as volume_report
from i18n.message import Message

from .. import session as state
from ..components.downloads import frame_button
from ..components.frame_table import frame_table
from ..components.live_figure import chart
from ..components.tables import section
from ..figures import comparison as charts
from ..language import markdown_safe, render, t, translator
from . import fleet

_MEMORY: Final = "memory"


def specs(comparison: Comparison) -> dict[str, dict[str, Any]]:
    """Specifications of the three charts by key."""
    if not comparison.feasible:
        return {}
    currency, translate = comparison.currency.code, translator()
    colour = charts.colours([render(outcome.name) for outcome in comparison.outcomes])
    result = state.breakeven_of(comparison)
    return {
        "chart_lines": charts.stacked_bar(_rows(report.lines(comparison, translate)), currency),
        "chart_months": charts.cumulative(_rows(report.months(comparison, translate)), colour, currency),
        "chart_volume": charts.cost_by_volume(
            _rows(state.curves_of(comparison, result)),
            colour,
            comparison.scenario.requests_per_day,
            [(volume, render(name)) for volume, name in result.winners[1:]],
            _rows(volume_report.crossings(comparison, result, translate)),
            currency,
        ),
    }


def _rows(frame: pd.DataFrame) -> list[Any]:
    return list(frame.itertuples())


def rest(comparison: Comparison) -> object:
    """Inputs of what is rendered besides the three charts."""
    is_open = any(st.session_state.get(drawer) for drawer in (fleet.DRAWER, _MEMORY))
    return (
        len(comparison.feasible),
        _two_ways(comparison, state.breakeven_of(comparison)),
        comparison.scenario if is_open else None,
    )


def show(comparison: Comparison) -> None:
    """Render three charts, each with its CSV, and expanders with self-hosted fleets and their GPU memory."""
    if not comparison.feasible:
        st.info(t("No strategy can be costed yet. Change one in the Strategies tab."))
        return
    scenario_id, currency = comparison.scenario.id, comparison.currency.code
    drawn, translate, latest = specs(comparison), translator(), state.latest()
    section(t("A month's cost, line by line"), t("What is paid once is spread over the horizon."))
    chart(
        drawn["chart_lines"],
        key="chart_lines",
        height=120 + 56 * len(comparison.feasible),
        alt=t("Stacked bars: cost lines of each strategy in {currency} a month").format(currency=currency),
    )
    frame_button(f"{scenario_id}-lines", lambda: report.lines(latest(), translate), "csv_lines_chart")
    section(
        t("Cost so far, over the horizon"),
        t("With growth and announced prices. Bought machines are shown as their equivalent cost per month."),
    )
    chart(
        drawn["chart_months"],
        key="chart_months",
        alt=t("Lines: cumulative cost of each strategy by month in {currency}").format(currency=currency),
    )
    frame_button(f"{scenario_id}-months", lambda: report.months(latest(), translate), "csv_months")
    result = state.breakeven_of(comparison)
    section(
        t("Cost against volume"),
        t(
            "Solid lines: the volumes at which the cheapest strategy changes. Rings: every crossing. "
            "Dashed: your volume."
        ),
    )
    for sentence in _two_ways(comparison, result):
        st.caption(markdown_safe(" ".join(render(part) for part in sentence)))
    chart(
        drawn["chart_volume"],
        key="chart_volume",
        height=420,
        alt=t("Lines: monthly cost of each strategy against requests a day, both logarithmic"),
    )
    frame_button(
        f"{scenario_id}-volume",
        lambda: volume_report.volume(latest(), volume_report.volume_axis(latest(), result), translate),
        "csv_volume",
    )
    if memory_report.has_fleet(comparison):
        fleet.show(comparison)
        drawer = st.expander(
            t("GPU memory of a replica"), icon=":material/memory:", key=_MEMORY, on_change="rerun"
        )
        if drawer.open:
            with drawer:
                _memory(comparison)


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
        t("What takes the memory of a replica when it is full"),
        t(
            "Of all its GPUs together: weights, with adapters if any; the KV cache of the requests that "
            "share it; a tenth kept for activations."
        ),
    )
    if table.empty:
        st.info(t("No fleet runs in this comparison."))
        return
    known = table[table["gib"].notna()]
    if len(known):
        st.echarts_chart(
            charts.memory_bar(_rows(known)),
            key="chart_memory",
            height=120 + 56 * known["strategy"].nunique(),
            alt=t("Stacked bars: GPU memory of a replica of each strategy in GiB"),
        )
    for name, what in memory_report.memory_unknown(comparison):
        st.caption(markdown_safe(f"{render(name)}: {render(what)}"))
    frame_table(table, "table_memory")
    frame_button(f"{comparison.scenario.id}-memory", lambda: table, "csv_memory")

"""Cash flow view: payments by month, totals, crossings of cumulative cost, and the lines of any month."""

from __future__ import annotations

from typing import Final

import streamlit as st

from costing.cash_flow.cash_flow import CashFlow, cash_flows
from costing.cash_flow.cumulative_crossings import leaders, least_at_start
from costing.cash_flow.verdict import cash_verdict, changes_of_lead
from costing.comparison.compare import Comparison
from costing.reports import cash_flow as report
from costing.scenario.traffic import month_name

from .. import session as state
from ..components.downloads import frame_button
from ..components.frame_table import frame_table
from ..components.tables import section
from ..figures import cash_flow as cash_charts
from ..figures import comparison as charts
from ..language import language, markdown_safe, render, t, translator

_SAME_IN_EVERY_ROW: Final = ("scenario_id", "scenario", "on", "month")


def show(comparison: Comparison | None) -> None:
    """Render the costs of the months."""
    if comparison is None:
        return
    flows = cash_flows(comparison)
    if not flows:
        st.info(t("No strategy can be costed yet. Change one in the Strategies tab."))
        return
    with st.container(key="cash_verdict"):
        st.markdown(f"**{markdown_safe(render(cash_verdict(comparison, flows)))}**")
        for sentence in changes_of_lead(comparison, flows):
            st.markdown(f"- {markdown_safe(render(sentence))}")
    st.caption(
        t(
            "Cash: machines are paid for when they are bought, and trainings when they are run. The cards "
            "above show the equivalent month instead, in which both are spread over their time. What stands "
            "at the end counts back at its straight-line book value in the last month; payback and crossings "
            "leave that out."
        )
    )
    _summary(comparison, flows)
    _charts(comparison, flows)
    _month(comparison, flows)


def _summary(comparison: Comparison, flows: tuple[CashFlow, ...]) -> None:
    names = {render(flow.outcome.name): flow for flow in flows}
    first = render(least_at_start(flows).outcome.name)
    kept = state.held(key := state.key("cash_against"), "")
    section(
        t("What it comes to"),
        t("A dash under Payback: never within the horizon; under NPV: what the others are compared with."),
    )
    chosen = st.selectbox(
        t("Compared with"),
        list(names),
        index=list(names).index(state.seed(key, kept if kept in names else first)),
        key=key,
        help=t("NPV and payback are those of leaving this one for another."),
    )
    summary = report.cash_summary(comparison, flows, translator(), names[chosen])
    frame_table(summary, key="table_cash_summary", hidden=("against",))
    frame_button(f"{comparison.scenario.id}-cash", lambda: summary, "csv_cash_summary")


def _charts(comparison: Comparison, flows: tuple[CashFlow, ...]) -> None:
    translate, currency = translator(), comparison.currency.code
    scenario_id = comparison.scenario.id
    colour = charts.colours([render(outcome.name) for outcome in comparison.outcomes])
    months = report.cash_months(comparison, flows, translate)
    changes = report.lead_changes(comparison, flows, translate)
    leads = [month_name(comparison.months[month]) for month, _ in leaders(flows)[1:]]
    happens = report.event_timeline(comparison, flows, translate)
    section(
        t("Paid so far"),
        t(
            "Rings: one overtakes another; dashed lines: from here on another one has cost least so far. "
            "Diamonds: events, listed below."
        ),
    )
    st.echarts_chart(
        cash_charts.so_far(months, changes, leads, happens, colour, currency),
        key="chart_cash_so_far",
        height=400,
        alt=t("Lines: what was paid for each strategy since the start, by month, in {currency}").format(
            currency=currency
        ),
    )
    frame_button(f"{scenario_id}-cash-months", lambda: months, "csv_cash_months")
    section(t("Paid in each month"))
    st.echarts_chart(
        cash_charts.monthly(months, colour, currency),
        key="chart_cash_months",
        height=340,
        alt=t("Bars: what is paid for each strategy in each month in {currency}").format(currency=currency),
    )
    frame_button(f"{scenario_id}-cash-by-month", lambda: months, "csv_cash_by_month")
    if len(changes):
        section(t("Who overtakes whom"), t("In what was paid since the start; every pair, every time."))
        frame_table(changes, key="table_overtakings")
        frame_button(f"{scenario_id}-overtakings", lambda: changes, "csv_overtakings")
    section(t("What happens when"))
    if len(happens):
        frame_table(happens, key="table_events")
        frame_button(f"{scenario_id}-events", lambda: happens, "csv_events")
    else:
        st.info(
            t("Nothing changes within the horizon but the traffic: no price, no retirement, no purchase.")
        )


def _month(comparison: Comparison, flows: tuple[CashFlow, ...]) -> None:
    months = [month_name(day) for day in comparison.months]
    kept = state.held("cash_month", "")
    section(t("A month, line by line"))
    chosen = st.selectbox(
        t("Month"),
        months,
        index=months.index(state.seed("cash_month", kept if kept in months else months[0])),
        key="cash_month",
    )
    number, currency = months.index(chosen), comparison.currency
    for flow in flows:
        total = t("{strategy}: {amount:,.2f} {currency} in {month}, at {volume:,.0f} requests a day").format(
            strategy=render(flow.outcome.name),
            amount=currency.of(flow.usd_by_month[number]),
            currency=currency.code,
            month=chosen,
            volume=comparison.requests_per_day[number],
        )
        st.markdown(f"- {markdown_safe(total)}")
    every = report.payments(comparison, flows, translator(), language())
    rows = every[every["month"] == chosen]
    frame_table(rows, key="table_cash_lines", hidden=_SAME_IN_EVERY_ROW)
    scenario_id = comparison.scenario.id
    frame_button(f"{scenario_id}-cash-{chosen}", lambda: rows, "csv_cash_month")
    frame_button(f"{scenario_id}-cash-lines", lambda: every, "csv_cash_lines")
    st.caption(
        t("The first CSV holds this month, the second all months; the amounts of both add up exactly.")
    )

"""Cash flow view: summary, cumulative cash, the bridge from monthly cost, events, and payments of a month."""

from __future__ import annotations

from collections.abc import Callable
from typing import Final

import pandas as pd
import streamlit as st

from costing.cash_flow.cash_flow import CashFlow, cash_flows
from costing.cash_flow.cumulative_crossings import leaders, least_at_start
from costing.cash_flow.verdict import cash_verdict, changes_of_lead
from costing.comparison.compare import Comparison
from costing.reports import cash_flow as report
from costing.scenario.traffic import month_name
from frames.total import with_total

from .. import session as state
from ..components.downloads import frame_button
from ..components.figure import figure
from ..components.frame_table import frame_table, without_blank_columns
from ..components.section import section
from ..components.source_links import with_links
from ..figures import cash_flow as figures
from ..figures import cost_bridge as bridge_figure
from ..figures.palette import Palette, palette
from ..language import language, markdown_safe, render, t, translator
from . import inputs_panel

_PAYMENT_COLUMNS: Final = (
    "line amount_usd payment quantity unit usd_per_unit category evidence source checked_on price_ref layer "
    "amount currency"
).split()
"""Columns of the payments of a month on the screen, amounts first."""
_FIGURE_PX: Final = 440

Frames = dict[str, Callable[[], pd.DataFrame]]
"""File name without its scenario -> what the file holds."""


def show(comparison: Comparison | None) -> None:
    """Render the cash flow of every option."""
    if comparison is None:
        return
    flows = cash_flows(comparison)
    if not flows:
        st.info(t("No option can be priced yet. Change one under Options."))
        return
    colours = palette(render(outcome.name) for outcome in comparison.outcomes)
    with st.container(key="cash_verdict"):
        st.markdown(f"**{markdown_safe(render(cash_verdict(comparison, flows)))}**")
        for sentence in changes_of_lead(comparison, flows):
            st.markdown(f"- {markdown_safe(render(sentence))}")
    translate = translator()
    months = report.cash_months(comparison, flows, translate)
    events = report.event_timeline(comparison, flows, translate)
    crossings = report.lead_changes(comparison, flows, translate)
    bridge = report.cost_bridge(comparison, flows, translate)
    against = _summary(comparison, flows)
    _months(comparison, flows, months, crossings, events, colours)
    _bridge(bridge, colours)
    _events(comparison, flows, events, colours)
    _payments(comparison, flows)
    _downloads(
        comparison,
        {
            "cash": lambda: report.cash_summary(comparison, flows, translate, against),
            "cash-months": lambda: months,
            "cash-bridge": lambda: bridge,
            "cash-crossings": lambda: crossings,
            "cash-events": lambda: events,
            "cash-payments": lambda: report.payments(comparison, flows, translate, language()),
        },
    )


def _summary(comparison: Comparison, flows: tuple[CashFlow, ...]) -> CashFlow:
    """Render the summary; returns the option that the others are compared with."""
    names = {render(flow.outcome.name): flow for flow in flows}
    first = render(least_at_start(flows).outcome.name)
    kept = state.held(key := state.key("cash_against"), "")
    section(
        t("Summary"),
        t(
            "Cash: machines are paid for when they are bought, and trainings when they run. The book value "
            "of machines at the end counts in the total, but not in payback and crossings."
        ),
    )
    chosen = st.selectbox(
        t("Compared with"),
        list(names),
        index=list(names).index(state.seed(key, kept if kept in names else first)),
        key=key,
        help=t("NPV and payback are those of choosing another option instead of this one."),
    )
    table = report.cash_summary(comparison, flows, translator(), names[chosen])
    frame_table(table, key="table_cash_summary", hidden=("against",))
    st.caption(
        t("No payback: not within the horizon. The option that the others are compared with has no NPV.")
    )
    return names[chosen]


def _months(
    comparison: Comparison,
    flows: tuple[CashFlow, ...],
    months: pd.DataFrame,
    crossings: pd.DataFrame,
    events: pd.DataFrame,
    colours: Palette,
) -> None:
    currency = comparison.currency.code
    leads_in = [month_name(comparison.months[month]) for month, _ in leaders(flows)[1:]]
    section(
        t("Cumulative cash"),
        t(
            "Payments since the start, without book value. Rings: two options cross. Dashed: another option "
            "has the lowest cumulative cash from here on. Symbols: events of the timeline."
        ),
    )
    figure(
        figures.cumulative_cash(months, crossings, events, leads_in, colours, _FIGURE_PX),
        key="chart_cash_cumulative",
        height=_FIGURE_PX,
        alt=t("Lines: cumulative cash of each option by month, in {currency}").format(currency=currency),
    )
    if len(crossings):
        frame_table(crossings.drop(columns="number"), key="table_crossings")
    section(t("Payments per month"))
    figure(
        figures.payments_per_month(months, colours),
        key="chart_cash_months",
        height=340,
        alt=t("Bars: payments of each option in each month, in {currency}").format(currency=currency),
    )


def _bridge(bridge: pd.DataFrame, colours: Palette) -> None:
    """Render the steps from monthly cost to cash flow of one option."""
    section(
        t("From monthly cost to cash flow"),
        t(
            "How the monthly cost, the cost breakdown and the cash flow of an option relate. The steps add "
            "up exactly; totals are the sums of the CSV files."
        ),
    )
    names = list(dict.fromkeys(bridge["strategy"]))
    kept = state.held(key := state.key("cash_bridge_of"), "")
    chosen = st.selectbox(
        t("Option"),
        names,
        index=names.index(state.seed(key, kept if kept in names else names[0])),
        key=key,
    )
    table = bridge[bridge["strategy"] == chosen]
    figure(
        bridge_figure.cost_bridge(table, colours),
        key="chart_cash_bridge",
        height=bridge_figure.bridge_height(table),
        alt=t("Waterfall: steps from monthly cost × months to the total of the cash flow"),
    )
    shown = table[table["is_total"] | (table["amount_usd"] != 0)]
    marked = [
        f"= {t(step)}" if is_total else t(step)
        for step, is_total in zip(shown["step"], shown["is_total"], strict=True)
    ]
    frame_table(
        shown.drop(columns=["strategy", "is_total"]),
        key="table_cash_bridge",
        overrides={"step": (marked, st.column_config.Column(t("Step")))},
        height="content",
    )


def _events(
    comparison: Comparison, flows: tuple[CashFlow, ...], events: pd.DataFrame, colours: Palette
) -> None:
    section(t("Timeline of events"))
    if not len(events):
        st.info(t("Only traffic changes within the horizon: no price, retirement, purchase or training."))
        return
    options = [render(flow.outcome.name) for flow in flows]
    months = [month_name(day) for day in comparison.months]
    figure(
        figures.event_timeline(events, options, months, colours),
        key="chart_cash_events",
        height=figures.timeline_height(events),
        alt=t("Events of each option by month; the table below lists them"),
    )
    frame_table(events.drop(columns="number"), key="table_events")
    if comparison.retirements:
        st.button(
            t("Replacement when a model retires"),
            key="cash_replacements",
            icon=":material/swap_horiz:",
            help=t("Opens the inputs in which you choose the model that replaces one that retires."),
            on_click=_open_replacements,
        )


def _open_replacements() -> None:
    inputs_panel.open_section("workload")
    st.session_state["workload_traffic"] = True


def _payments(comparison: Comparison, flows: tuple[CashFlow, ...]) -> None:
    """Render the payments of one month with a total for each option."""
    months = [month_name(day) for day in comparison.months]
    kept = state.held("cash_month", "")
    section(t("Payments of a month"))
    month_at, option_at = st.columns([1, 2])
    chosen = month_at.selectbox(
        t("Month"),
        months,
        index=months.index(state.seed("cash_month", kept if kept in months else months[0])),
        key="cash_month",
    )
    names = [render(flow.outcome.name) for flow in flows]
    kept_option = state.held(key := state.key("cash_payments_of"), "")
    option = option_at.selectbox(
        t("Option"),
        names,
        index=names.index(state.seed(key, kept_option if kept_option in names else names[0])),
        key=key,
    )
    number, flow = months.index(chosen), flows[names.index(option)]
    every = report.payments(comparison, (flow,), translator(), language())
    rows = every[every["month"] == chosen]
    st.caption(
        t("{requests:,.0f} requests per day in {month}").format(
            requests=comparison.requests_per_day[number], month=chosen
        )
    )
    if not len(rows):
        st.info(t("No payment in this month."))
        return
    totalled = with_total(rows[_PAYMENT_COLUMNS], "line", ["amount_usd", "amount"], t("Total"))
    shown, links = with_links(totalled)
    frame_table(without_blank_columns(shown), key="table_cash_payments", overrides=links)


def _downloads(comparison: Comparison, frames: Frames) -> None:
    """Render one button that opens the files of this view."""
    labels = {
        "cash": t("Summary"),
        "cash-months": t("Payments per month"),
        "cash-bridge": t("From monthly cost to cash flow"),
        "cash-crossings": t("Crossings of cumulative cash"),
        "cash-events": t("Timeline of events"),
        "cash-payments": t("All payments"),
    }
    with st.popover(t("Download"), icon=":material/download:", key="cash_downloads"):
        for name, table in frames.items():
            file = f"{comparison.scenario.id}-{name}"
            frame_button(file, table, f"csv_{name}", t("{title} (CSV)").format(title=labels[name]))

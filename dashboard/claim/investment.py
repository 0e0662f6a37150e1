"""Payback tab: investment in servers compared with staying on the API."""

from __future__ import annotations

import streamlit as st

from costing.claim.payback import claim_payback, sentence
from costing.claim.reconstruction import CLAIMED_TOKENS_PER_DAY, Claim
from costing.comparison.payback import MonthCash
from costing.scenario.scenario import LIMITS
from costing.units import TOKENS_PER_MTOK

from .. import session as state
from ..components.downloads import csv_button
from ..components.tables import section
from ..figures import claim as charts
from ..language import markdown_safe, render, t
from .labels import table


def show(claim: Claim) -> None:
    """Render volume, growth and horizon, the summary, the cash flow, and its rows.

    Raises CrossoverError if the servers cannot serve the workload.
    """
    volume, growth, horizon = st.columns(3)
    with volume:
        millions = st.number_input(
            t("M tokens a day"),
            min_value=0.01,
            max_value=100_000.0,
            value=CLAIMED_TOKENS_PER_DAY / TOKENS_PER_MTOK,
            step=5.0,
            key="claim_volume",
            persist_state="session",
        )
    limits = LIMITS["growth_share_per_month"]
    with growth:
        growing = st.number_input(
            t("Growth per month (share)"),
            min_value=float(limits.low),
            max_value=float(limits.high),
            value=float(claim.scenario.growth_share_per_month),
            step=0.01,
            key="claim_growth",
            persist_state="session",
        )
    limits = LIMITS["horizon_months"]
    with horizon:
        months = st.number_input(
            t("Horizon in months"),
            min_value=int(limits.low),
            max_value=int(limits.high),
            value=claim.scenario.horizon_months,
            step=6,
            key="claim_horizon",
            persist_state="session",
        )
    tokens = millions * TOKENS_PER_MTOK
    payback = claim_payback(claim, state.book(), tokens, growing, int(months))
    with st.container(key="claim_payback"):
        st.markdown(f"**{markdown_safe(render(sentence(payback, tokens, claim.tenure)))}**")
    section(
        t("Cash, month by month"),
        t(
            "What the API would have cost, less what the servers cost to run and buy. API prices as dated, "
            "announced ones included; a fleet that grows buys more servers, and worn-out ones are replaced. "
            "NPV counts what still stands at the end at its book value; payback counts cash alone. At the "
            "break-even NPV is a little above 0: the equivalent annual cost is paid at the year's end, cash "
            "month by month."
        ),
    )
    st.echarts_chart(
        charts.cash(payback.months),
        key="chart_cash",
        height=360,
        alt=t("Bars: net cash of each month; line: net cash so far"),
    )
    rows = list(payback.months)
    table(rows, MonthCash, key="table_cash")
    csv_button("claim-cash", MonthCash, lambda: rows, "csv_cash")

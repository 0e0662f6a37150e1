"""Payback tab: investment in servers compared with staying on the API."""

from __future__ import annotations

from typing import Final

import streamlit as st

from costing.claim.payback import cash_frame, claim_payback, sentence
from costing.claim.reconstruction import CLAIMED_TOKENS_PER_DAY, Claim
from costing.scenario.scenario import LIMITS

from .. import session as state
from ..components.downloads import frame_button
from ..components.figure import figure
from ..components.frame_table import frame_table
from ..components.section import section
from ..figures import claim_costs as figures
from ..figures.palette import palette
from ..language import markdown_safe, render, t
from .labels import volume_input

STEP_TOKENS: Final = 5e6


def show(claim: Claim) -> None:
    """Render volume, growth and horizon, the summary, the cash flow, and its rows.

    Raises CrossoverError if the servers cannot serve the workload.
    """
    volume, growth, horizon = st.columns(3)
    with volume:
        tokens = volume_input("claim_volume", t("Volume"), CLAIMED_TOKENS_PER_DAY, STEP_TOKENS)
    limits = LIMITS["growth_share_per_month"]
    with growth:
        growth_percent = st.number_input(
            t("Growth per month (%)"),
            min_value=float(limits.low) * 100,
            max_value=float(limits.high) * 100,
            value=float(claim.scenario.growth_share_per_month) * 100,
            step=1.0,
            key="claim_growth",
            persist_state="session",
        )
    limits = LIMITS["horizon_months"]
    with horizon:
        months = st.number_input(
            t("Horizon (months)"),
            min_value=int(limits.low),
            max_value=int(limits.high),
            value=claim.scenario.horizon_months,
            step=6,
            key="claim_horizon",
            persist_state="session",
        )
    payback = claim_payback(claim, state.book(), tokens, growth_percent / 100, int(months))
    with st.container(key="claim_payback"):
        st.markdown(f"**{markdown_safe(render(sentence(payback, tokens, claim.tenure)))}**")
    section(
        t("Cash flow by month"),
        t(
            "API cost saved, less the cost of operating and buying the servers. API prices change on their "
            "dates, announced ones included. A growing fleet buys more servers, and servers at the end of "
            "their life are replaced. NPV counts the remaining servers at book value; payback counts cash "
            "only. At the break-even NPV is slightly above 0, since the equivalent annual cost is paid at "
            "the end of each year and the cash month by month."
        ),
    )
    rows = cash_frame(payback)
    bought = claim.tenure == "owned"
    figure(
        figures.cash(rows, palette(), payback.payback_months if bought else None),
        key="chart_cash",
        height=380,
        alt=t("Bars: net cash of each month; line: cumulative net cash"),
    )
    frame_table(rows, "table_cash")
    frame_button("claim-cash", lambda: rows, "csv_cash")

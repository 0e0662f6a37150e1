"""History tab: the break-even from 2023 to today and at announced prices, by model line."""

from __future__ import annotations

from datetime import timedelta
from typing import Final

import streamlit as st

from costing.claim.history import LINES, AgedRow, aged_rows
from costing.claim.reconstruction import CLAIMED_TOKENS_PER_DAY, Claim

from .. import session as state
from ..components.downloads import csv_button
from ..components.tables import section
from ..figures import claim as charts
from ..language import t
from .labels import table

MARGIN_DAYS: Final = 60
FIRST: Final = ("flagship", "small")


def show(claim: Claim) -> None:
    """Render the choice of model lines, the chart, and every row with its sources."""
    section(
        t("How the claim aged"),
        t(
            "The volume at which the servers break even against the model that a buyer of that day would "
            "have taken, at its list price. Only the API's prices change: the servers, their price and their "
            "speed are held as they are now, since few of their prices are dated. A model whose first price "
            "is not known is left out."
        ),
    )
    names = {line: t(name) for line, name in LINES.items()}
    lines = st.multiselect(
        t("Lines of models"),
        list(names),
        default=list(FIRST),
        format_func=names.__getitem__,
        key=state.key("claim_lines"),
        persist_state="session",
    )
    dated = claim.tenure == "rented" and st.toggle(
        t("At the rent of each day"),
        key="claim_dated_rent",
        persist_state="session",
        help=t("Only from the first day on which a rent is known."),
    )
    today = state.today()
    rows = aged_rows(claim, state.book(), lines, today, dated_rent=dated)
    if not rows:
        st.info(t("Choose a line of models."))
        return
    last = max([today, *(row.day for row in rows)])
    st.echarts_chart(
        charts.aged(
            {names[line]: [row for row in rows if row.line == line] for line in lines},
            today,
            last + timedelta(days=MARGIN_DAYS),
            CLAIMED_TOKENS_PER_DAY,
        ),
        key="chart_aged",
        height=420,
        alt=t("Steps: the break-even in tokens a day over time, by line of models, announced prices dashed"),
    )
    if any(row.tokens_per_day is None for row in rows):
        st.caption(t("A gap stands for: never. At that price the servers do not pay at any volume."))
    table(rows, AgedRow, key="table_aged")
    csv_button("claim-aged", AgedRow, lambda: rows, "csv_aged")

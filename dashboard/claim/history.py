"""Over time tab: the break-even from 2023 to today and at announced prices, by model line."""

from __future__ import annotations

import streamlit as st

from costing.claim.history import LINES, history_frame
from costing.claim.reconstruction import Claim

from .. import session as state
from ..components.downloads import frame_button
from ..components.figure import figure
from ..components.frame_table import frame_table
from ..components.section import section
from ..figures import claim as figures
from ..figures.palette import palette
from ..language import t
from .labels import with_line_names


def show(claim: Claim) -> None:
    """Render the choice of model lines, the figure, and every row with its sources."""
    section(
        t("Break-even over time"),
        t(
            "The break-even against the model that a buyer of that day would have taken, at its list price. "
            "Only the API's prices change: the servers, their price and their speed are those of today, "
            "since few of their prices are dated. A model whose first price is not known is left out."
        ),
    )
    names = {line: t(name) for line, name in LINES.items()}
    chosen = st.multiselect(
        t("Model lines"),
        list(names),
        default=list(names),
        format_func=names.__getitem__,
        key=state.key("claim_lines"),
        persist_state="session",
    )
    is_rent_dated = claim.tenure == "rented" and st.toggle(
        t("Use the GPU rent of each day"),
        key="claim_dated_rent",
        persist_state="session",
        help=t("Only from the first day on which a rent is known."),
    )
    today = state.today()
    rows = history_frame(claim, state.book(), chosen, today, dated_rent=is_rent_dated)
    if rows.empty:
        st.info(t("Choose a model line."))
        return
    figure(
        figures.history(
            rows, palette(), {line: name for line, name in names.items() if line in chosen}, today
        ),
        key="chart_history",
        height=440,
        alt=t("Steps: the break-even in tokens per day over time, by model line, announced prices dashed"),
    )
    if rows["break_even_tokens_per_day"].isna().any():
        st.caption(t("A gap means that there was no break-even at any volume."))
    frame_table(with_line_names(rows), "table_history", hidden=[] if is_rent_dated else _RENT)
    frame_button("claim-history", lambda: rows, "csv_history")


_RENT = ("rent_usd_per_gpu_hour", "rent_ref")

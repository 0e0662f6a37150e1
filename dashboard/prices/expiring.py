"""Expiring tab: offers that end soon, announced price changes, expired guarantees."""

from __future__ import annotations

from typing import Final

import streamlit as st

from pricing.book import PriceBook
from pricing.survey.market import names_of
from pricing.survey.timeline import endings

from .. import session as state
from ..components.downloads import frame_button
from ..components.frame_table import frame_table, heading_of
from ..components.price_labels import on_screen
from ..components.section import section
from ..language import t

USUAL_DAYS: Final = 90
MAX_DAYS: Final = 730


def show(book: PriceBook) -> None:
    """Render a row for each end or change, earliest first, and the CSV."""
    section(
        t("What ends or changes soon"),
        t(
            "Prices in USD per Mtok. Announced changes are shown however far away; an offer whose guarantee "
            "has run out can change on any day."
        ),
    )
    within_days = st.number_input(
        t("Within how many days"),
        min_value=0,
        max_value=MAX_DAYS,
        value=USUAL_DAYS,
        step=30,
        key="prices_within",
        persist_state="session",
    )
    rows = endings(book, state.today(), within_days)
    if rows.empty:
        st.info(t("Nothing is known to end or change in this time."))
        return
    names = names_of(book, zip(rows["table"], rows["id"], strict=True), state.today())
    cells = [names[row_id] for row_id in rows["id"]]
    frame_table(
        on_screen(rows),
        "table_endings",
        overrides={"id": (cells, st.column_config.Column(heading_of("name")))},
    )
    frame_button("price-endings", lambda: rows, "csv_endings")

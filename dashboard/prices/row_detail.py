"""Details tab: all rates and fields of one price row, its pages as links."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import replace

import streamlit as st

from pricing.book import PriceBook
from pricing.rows import TABLES, Fact, Offer
from pricing.survey.market import standing
from pricing.survey.row_details import UNKNOWN, FieldRow, RateRow, field_rows, pages, rate_rows

from .. import session as state
from ..components.downloads import csv_button
from ..components.tables import section
from ..language import markdown_safe, t
from .columns import table
from .selection import Key


def show(book: PriceBook, picked: Sequence[Key]) -> None:
    """Render a row chosen among all rows of the chosen ids, past and announced ones included."""
    rows = {
        (table_name, row.ref): row
        for table_name, row_id in picked
        for row in _standing_first(book.history(TABLES[table_name], row_id))
    }
    if not rows:
        st.info(t("Choose rows in the table above to see them in full."), icon=":material/ads_click:")
        return
    which = st.selectbox(
        t("Row"),
        list(rows),
        format_func=lambda key: key[1],
        key="prices_row",
        persist_state="session",
    )
    row = rows[which]
    for page in pages(row.source):
        st.markdown(f":material/link: [{markdown_safe(page)}]({page})")
    if isinstance(row, Offer):
        rates = rate_rows(row)
        section(t("Rates, USD per Mtok"), t("A dash: not priced apart, or not known."))
        table(rates, RateRow, key="table_rates")
        csv_button("rates", RateRow, lambda: rates, "csv_rates")
    section(t("Every field"))
    shown = [
        replace(field, value=t(UNKNOWN)) if field.value == UNKNOWN else field for field in field_rows(row)
    ]
    table(shown, FieldRow, key="table_fields")


def _standing_first(history: Sequence[Fact]) -> list[Fact]:
    now = standing(history, state.today())
    return sorted(history, key=lambda row: row is not now)

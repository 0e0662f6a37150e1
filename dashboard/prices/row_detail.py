"""Details tab: all rates and fields of one price row, its pages as links."""

from __future__ import annotations

from collections.abc import Sequence
from typing import Final

import streamlit as st

from frames.registry import COLUMNS
from pricing.book import PriceBook
from pricing.rows import TABLES, Fact, Offer
from pricing.survey.market import names_of, standing
from pricing.survey.row_details import UNKNOWN, fields_of, pages, rates

from .. import session as state
from ..components.downloads import frame_button
from ..components.frame_table import frame_table, heading_of, without_blank_columns
from ..components.price_labels import field_name
from ..components.section import section
from ..language import markdown_safe, t
from .selection import Key

_VALUE_PX: Final = 640
"""The first rows do not show the longest value."""
_TRANSLATED: Final = {name for name, column in COLUMNS.items() if column.is_translated}


def show(book: PriceBook, picked: Sequence[Key]) -> None:
    """Render a row chosen among all rows of the chosen ids, past and announced ones included."""
    rows = {
        (table_name, row.ref): row
        for table_name, row_id in picked
        for row in _standing_first(book.history(TABLES[table_name], row_id))
    }
    if not rows:
        st.info(t("Choose rows in the table above to see their details."), icon=":material/ads_click:")
        return
    names = names_of(book, picked, state.today())
    titles = {key: names[row.id] + row.ref.removeprefix(row.id) for key, row in rows.items()}
    which = st.selectbox(
        t("Row"),
        list(rows),
        format_func=titles.__getitem__,
        key="prices_row",
        persist_state="session",
    )
    row = rows[which]
    for page in pages(row.source):
        st.markdown(f":material/link: [{markdown_safe(page)}]({page})")
    if isinstance(row, Offer):
        rows_of_rates = rates(row)
        section(t("Rates, USD per Mtok"), t("A dash: not priced separately, or not known."))
        frame_table(without_blank_columns(rows_of_rates), "table_rates")
        frame_button("rates", lambda: rows_of_rates, "csv_rates")
    section(t("All fields"))
    fields = fields_of(row)
    values = [
        t(value) if value == UNKNOWN or field in _TRANSLATED else value
        for field, value in zip(fields["field"], fields["value"], strict=True)
    ]
    frame_table(
        fields.assign(field=[field_name(field) for field in fields["field"]]),
        "table_fields",
        overrides={"value": (values, st.column_config.Column(heading_of("value"), width=_VALUE_PX))},
    )


def _standing_first(history: Sequence[Fact]) -> list[Fact]:
    now = standing(history, state.today())
    return sorted(history, key=lambda row: row is not now)

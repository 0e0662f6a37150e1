"""History tab: prices of the chosen rows as steps over time, announced ones dashed."""

from __future__ import annotations

from collections.abc import Sequence
from typing import Final

import streamlit as st

from pricing.book import PriceBook
from pricing.rows import TABLES
from pricing.survey.market import price_fields
from pricing.survey.timeline import PricePeriod, last_shown_day, periods, split, steps

from .. import session as state
from ..components.downloads import csv_button
from ..components.tables import section
from ..figures import prices as charts
from ..language import markdown_safe, t
from .labels import PRICES
from .selection import Key

MARGIN_DAYS: Final = 60
"""Days that the chart shows beyond today and the last announced price."""


def show(book: PriceBook, picked: Sequence[Key]) -> None:
    """Render one price of each chosen row over time, and its CSV."""
    section(
        t("Prices over time"),
        t("Solid: up to today. Dashed: from today on, with every price that is announced."),
    )
    fields = _fields(book, picked)
    if not fields:
        st.info(t("Choose rows in the table above to see their prices."), icon=":material/ads_click:")
        return
    names = {field: t(PRICES[field]) if field in PRICES else field for field in fields}
    which, scale = st.columns([3, 2], vertical_alignment="bottom")
    with which:
        field = st.selectbox(
            t("Price"),
            fields,
            format_func=names.__getitem__,
            key=state.key("prices_field"),
            persist_state="session",
        )
    with scale:
        logarithmic = st.toggle(t("Logarithmic"), key="prices_history_log", persist_state="session")
    today = state.today()
    price_periods = {row_id: periods(book, table, row_id, field, today) for table, row_id in picked}
    drawn = {row_id: history for row_id, history in price_periods.items() if history}
    rows = [period for history in drawn.values() for period in history]
    until = last_shown_day(rows, today, MARGIN_DAYS)
    st.echarts_chart(
        charts.price_steps(
            {row_id: split(steps(history, until), today) for row_id, history in drawn.items()},
            today,
            t(PRICES[field]) if field in PRICES else field,
            logarithmic,
        ),
        key="chart_price_steps",
        height=360,
        alt=t("Steps: a price of each chosen row over time, announced prices dashed"),
    )
    csv_button("price-history", PricePeriod, lambda: rows, "csv_price_history")
    without = [row_id for row_id, history in price_periods.items() if not history]
    if without:
        st.caption(t("Without such a price: {ids}").format(ids=markdown_safe(", ".join(without))))


def _fields(book: PriceBook, picked: Sequence[Key]) -> list[str]:
    """Prices that any of the rows has or will have, those with a label first."""
    present = {
        name
        for table, row_id in picked
        for row in book.history(TABLES[table], row_id)
        for name in price_fields(row)
    }
    return [name for name in PRICES if name in present] + sorted(present - set(PRICES))

"""History tab: prices of the selected rows as steps over time, announced ones included."""

from __future__ import annotations

from collections.abc import Sequence
from typing import Final

import streamlit as st

from pricing.book import PriceBook
from pricing.rows import TABLES
from pricing.rows.prices import own_prices
from pricing.survey.market import names_of
from pricing.survey.timeline import last_shown_day, price_history, price_steps

from .. import session as state
from ..components.downloads import frame_button
from ..components.figure import figure
from ..components.price_labels import PRICES, field_name, named
from ..components.section import section
from ..figures import prices as charts
from ..figures.palette import palette
from ..language import markdown_safe, t
from .selection import Key

MARGIN_DAYS: Final = 60
"""Days that the chart shows beyond today and the last announced price."""


def show(book: PriceBook, picked: Sequence[Key]) -> None:
    """Render one price of each selected row over time, and its CSV."""
    section(
        t("Prices over time"),
        t("Shaded: after today, with the announced prices. Lines that coincide are drawn as stripes."),
    )
    fields = _fields(book, picked)
    if not fields:
        st.info(t("Choose rows in the table above to see their prices."), icon=":material/ads_click:")
        return
    names = {field: field_name(field) for field in fields}
    which, _ = st.columns([3, 2])
    with which:
        field = st.selectbox(
            t("Price"),
            fields,
            format_func=names.__getitem__,
            key=state.key("prices_field"),
            persist_state="session",
        )
    today = state.today()
    row_names = names_of(book, picked, today)
    periods = price_history(book, picked, field, today)
    if not periods.empty:
        steps = price_steps(periods, today, last_shown_day(periods, today, MARGIN_DAYS))
        figure(
            charts.price_history(named(steps, row_names), palette(), today, field_name(field)),
            key="chart_price_steps",
            height=charts.HEIGHT,
            alt=t("Steps: a price of each selected row over time; the time after today is shaded"),
        )
        frame_button("price-history", lambda: periods, "csv_price_history")
    without = [row_names[row_id] for _, row_id in picked if row_id not in set(periods["id"])]
    if without:
        st.caption(t("Without such a price: {ids}").format(ids=markdown_safe(", ".join(without))))


def _fields(book: PriceBook, picked: Sequence[Key]) -> list[str]:
    """Prices that any of the rows has or will have, those with a label first."""
    present = {
        name
        for table, row_id in picked
        for row in book.history(TABLES[table], row_id)
        for name in own_prices(row)
    }
    return [name for name in PRICES if name in present] + sorted(present - set(PRICES))

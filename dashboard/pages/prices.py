"""Prices page: market table, price history, sources and age of the prices."""

from __future__ import annotations

from contextlib import suppress
from typing import Final

import streamlit as st

from i18n.errors import CrossoverError
from i18n.message import N_

from .. import session as state
from ..components.page_frame import say_errors, say_price_errors
from ..components.tables import section
from ..language import t
from ..prices import editor, expiring, history, machines, market, prompt_length, row_detail
from ..prices.selection import chosen

TITLE: Final = N_("Prices")


def show() -> None:
    """Render the page; it needs no scenario."""
    with suppress(CrossoverError):  # shown beside the sidebar
        for error in state.take_errors():
            say_errors(error)
    _main()


@st.fragment
def _main() -> None:
    """Render the market table and the tabs; a tab runs only while it is open."""
    say_price_errors()
    try:
        book = state.book()
    except CrossoverError as error:
        say_errors(error)
        if editor.is_on():  # the error can be fixed in the editor
            editor.show()
        return
    section(t("Prices on {day}").format(day=state.today().isoformat()))
    market.show(book)
    picked = chosen(book)
    titles = [t("Over time"), t("By prompt length"), t("Expiring"), t("Details"), t("Machines"), t("Edit")]
    tabs = st.tabs(titles if editor.is_on() else titles[:-1], key=state.key("prices_tab"), on_change="rerun")
    with tabs[0]:
        if tabs[0].open:
            history.show(book, picked)
    with tabs[1]:
        if tabs[1].open:
            prompt_length.show(book, picked)
    with tabs[2]:
        if tabs[2].open:
            expiring.show(book)
    with tabs[3]:
        if tabs[3].open:
            row_detail.show(book, picked)
    with tabs[4]:
        if tabs[4].open:
            machines.show(book)
    if len(tabs) > 5 and tabs[5].open:
        with tabs[5]:
            editor.show()

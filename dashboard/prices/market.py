"""Market table: all prices with search, filters and age; its selection determines the charts."""

from __future__ import annotations

from collections.abc import Callable, Sequence
from hashlib import sha256
from typing import Any, Final

import streamlit as st

from pricing.book import PriceBook
from pricing.survey.market import STATES, SurveyRow, matching, survey

from .. import session as state
from ..components.downloads import csv_button
from ..language import t
from .columns import UNKNOWN, frame
from .labels import KINDS
from .selection import MOST, Key, anew, choose, chosen, follow_scenario

_HEIGHT: Final = 330
_FILTERS: Final = ("prices_words", "prices_kinds", "prices_vendors", "prices_states", "prices_layers")


def show(book: PriceBook) -> None:
    """Render the filters, the table, its CSV, and the selection."""
    rows = survey(book, state.today())
    filtered = _filtered(rows)
    if not filtered:
        st.info(t("No price matches."), icon=":material/search_off:")
        st.button(t("Clear filters"), key="prices_clear", icon=":material/filter_alt_off:", on_click=_clear)
        return
    picked = chosen(book)
    _table(filtered, picked)
    with st.container(horizontal=True, vertical_alignment="center"):
        csv_button("prices", SurveyRow, lambda: filtered, "csv_prices")
        st.button(
            t("Choose the scenario's"),
            key="prices_follow",
            icon=":material/restart_alt:",
            type="tertiary",
            on_click=follow_scenario,
            help=t("Chart the models that the scenario compares."),
        )
        st.caption(
            t(
                "{found} of {all} prices, in USD per Mtok where no unit is named. Chosen for the charts: "
                "{chosen} (at most {most})."
            ).format(found=len(filtered), all=len(rows), chosen=len(picked), most=MOST)
        )


def _filtered(rows: Sequence[SurveyRow]) -> list[SurveyRow]:
    tables = [table for table in KINDS if any(row.table == table for row in rows)]
    vendors = sorted({row.vendor for row in rows if row.vendor}, key=str.casefold)
    states = [name for name in STATES if any(row.state == name for row in rows)]
    layers = sorted({row.layer for row in rows})
    search, kinds, sellers, cycles = st.columns([3, 2, 2, 2])
    with search:
        words = st.text_input(
            t("Search"),
            key="prices_words",
            placeholder=t("Model, vendor or id"),
            persist_state="session",
            icon=":material/search:",
        )
    with kinds:
        wanted_tables = _several(t("Kind"), "prices_kinds", tables, lambda table: t(KINDS[table]))
    with sellers:
        wanted_vendors = _several(t("Vendor"), "prices_vendors", vendors, str)
    with cycles:
        wanted_states = _several(t("Lifecycle"), "prices_states", states, t)
    wanted_layers: list[str] = []
    if len(layers) > 1:
        wanted_layers = _several(t("Layer"), "prices_layers", layers, str)
    return matching(rows, words, wanted_vendors, wanted_states, wanted_tables, wanted_layers)


def _several(label: str, key: str, options: Sequence[str], shown: Callable[[str], str]) -> list[str]:
    names = {option: shown(option) for option in options}
    return st.multiselect(
        label,
        options,
        format_func=names.__getitem__,
        key=state.key(key),
        placeholder=t("All"),
        persist_state="session",
    )


def _clear() -> None:
    for name in _FILTERS:
        empty: str | list[str] = "" if name == "prices_words" else []
        st.session_state[name if name == "prices_words" else state.key(name)] = empty


def _table(rows: Sequence[SurveyRow], picked: Sequence[Key]) -> None:
    """Render the table, under a new key whenever its rows change, since a selection holds only positions."""
    keys: list[Key] = [(row.table, row.id) for row in rows]
    shown, config = frame(rows, SurveyRow)
    config["name"] = st.column_config.Column(t("Name"), pinned=True)
    digest = sha256(repr((keys, sorted(set(picked) - set(keys)), anew())).encode()).hexdigest()[:12]
    key = f"prices_table_{digest}"
    places: Any = {"selection": {"rows": [i for i, row in enumerate(keys) if row in picked]}}
    st.dataframe(
        shown,
        hide_index=True,
        height=_HEIGHT,
        column_config=config,
        placeholder=UNKNOWN,
        key=key,
        selection_mode="multi-row",
        selection_default=places,
        on_select=lambda: _select(key, keys, picked),
    )


def _select(key: str, keys: Sequence[Key], picked: Sequence[Key]) -> None:
    """Rows that the filters hide stay chosen."""
    places = state.value(key).selection.rows
    hidden = [row for row in picked if row not in keys]
    choose([*hidden, *(keys[place] for place in places if place < len(keys))])

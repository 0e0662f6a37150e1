"""Market table: all prices with search, filters and age; its selection determines the charts."""

from __future__ import annotations

from collections.abc import Callable, Sequence
from hashlib import sha256
from typing import Any, Final

import pandas as pd
import streamlit as st

from pricing.book import PriceBook
from pricing.rows.names import model_label
from pricing.survey.market import STATES, matching, survey

from .. import session as state
from ..components.downloads import frame_button
from ..components.frame_table import frame_table, heading_of
from ..components.price_labels import KINDS, on_screen
from ..language import t
from .selection import MOST, Key, anew, choose, chosen, follow_scenario

_HEIGHT: Final = 330
FRESHNESS: Final = {"fresh": "#009e73", "ageing": "#e69f00", "old": "#d55e00"}
"""Colours that colour-blind readers can distinguish; each value also has its word."""
_ENDS_PX: Final = 170
_DAY_PX: Final = 100
"""Widths: the first rows do not show the longest value."""
_FILTERS: Final = ("prices_words", "prices_kinds", "prices_vendors", "prices_states", "prices_layers")


def show(book: PriceBook) -> None:
    """Render the filters, the table, its CSV, and the selection."""
    rows = survey(book, state.today())
    filtered = _filtered(rows)
    if filtered.empty:
        st.info(t("No price matches."), icon=":material/search_off:")
        st.button(t("Clear filters"), key="prices_clear", icon=":material/filter_alt_off:", on_click=_clear)
        return
    picked = chosen(book)
    _table(filtered, picked)
    with st.container(horizontal=True, vertical_alignment="center"):
        frame_button("prices", lambda: filtered, "csv_prices")
        st.button(
            t("Reset to scenario"),
            key="prices_follow",
            icon=":material/restart_alt:",
            type="tertiary",
            on_click=follow_scenario,
            help=t("Show the prices that the cost comparison uses."),
        )
        st.caption(
            t(
                "{shown} of {all} prices, in USD per Mtok where no unit is named. Selected for the charts: "
                "{selected} (at most {most})."
            ).format(shown=len(filtered), all=len(rows), selected=len(picked), most=MOST)
        )


def _filtered(rows: pd.DataFrame) -> pd.DataFrame:
    tables = [table for table in KINDS if table in set(rows["table"])]
    vendors = sorted(set(rows["vendor"]) - {""}, key=str.casefold)
    states = [name for name in STATES if name in set(rows["state"])]
    layers = sorted(set(rows["layer"]))
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


def _table(rows: pd.DataFrame, picked: Sequence[Key]) -> None:
    """Render the table, under a new key whenever its rows change, since a selection holds only positions."""
    keys: list[Key] = list(zip(rows["table"], rows["id"], strict=True))
    digest = sha256(repr((keys, sorted(set(picked) - set(keys)), anew())).encode()).hexdigest()[:12]
    key = f"prices_table_{digest}"
    places: Any = {"selection": {"rows": [i for i, row in enumerate(keys) if row in picked]}}
    frame_table(
        on_screen(rows),
        key,
        height=_HEIGHT,
        overrides={
            "name": (
                [model_label(name) for name in rows["name"]],
                st.column_config.Column(heading_of("name"), pinned=True),
            ),
            "freshness": _coloured_freshness(rows),
            "ends": (
                [t(word) or None for word in rows["ends"]],
                st.column_config.Column(heading_of("ends"), width=_ENDS_PX),
            ),
            "ends_on": (list(rows["ends_on"]), st.column_config.Column(heading_of("ends_on"), width=_DAY_PX)),
        },
        selection_mode="multi-row",
        selection_default=places,
        on_select=lambda: _select(key, keys, picked),
    )


def _coloured_freshness(rows: pd.DataFrame) -> tuple[list[Any], Any]:
    cells = [[t(word)] for word in rows["freshness"]]
    return cells, st.column_config.MultiselectColumn(
        heading_of("freshness"), options=[t(word) for word in FRESHNESS], color=list(FRESHNESS.values())
    )


def _select(key: str, keys: Sequence[Key], picked: Sequence[Key]) -> None:
    """Rows that the filters hide stay chosen."""
    places = state.value(key).selection.rows
    hidden = [row for row in picked if row not in keys]
    choose([*hidden, *(keys[place] for place in places if place < len(keys))])

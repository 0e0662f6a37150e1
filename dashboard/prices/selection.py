"""Selection of price rows for the charts: initially those of the scenario, then those the user chooses."""

from __future__ import annotations

from collections.abc import Sequence
from typing import Final

import streamlit as st

from costing.strategies import registered
from i18n.errors import CrossoverError
from pricing.book import PriceBook
from pricing.rows import TABLES
from pricing.survey.market import PRICE_TABLES

from .. import session as state

Key = tuple[str, str]
"""(table, id)."""

MOST: Final = 12
"""Maximum number of chosen rows: each has a colour of its own."""
_CHOSEN: Final = "prices_chosen"
_TIMES: Final = "prices_chosen_anew"


def chosen(book: PriceBook) -> list[Key]:
    """The chosen rows; those that the book no longer has are left out."""
    keys: list[Key] | None = st.session_state.get(_CHOSEN)
    known = set(book.ids())
    return [key for key in (of_scenario() if keys is None else keys) if key in known][:MOST]


def choose(keys: Sequence[Key]) -> None:
    st.session_state[_CHOSEN] = list(keys)


def follow_scenario() -> None:
    """Choose the rows of the scenario again."""
    st.session_state.pop(_CHOSEN, None)
    st.session_state[_TIMES] = anew() + 1


def anew() -> int:
    """Number of selections made outside the table, which must then be rendered again."""
    return int(st.session_state.get(_TIMES, 0))


def of_scenario() -> list[Key]:
    """Price rows that the scenario's strategies pick."""
    table_of = {kind: table for table, kind in TABLES.items()}
    try:
        strategies = state.scenario().strategies
    except CrossoverError:  # already shown above; prices are shown without a scenario too
        return []
    picked = [
        (table_of[pick.kind], str(choice.settings.get(name, "")))
        for choice in strategies
        for name, pick in registered()[choice.strategy].picks().items()
    ]
    return [key for key in dict.fromkeys(picked) if key[0] in PRICE_TABLES]

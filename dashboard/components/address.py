"""The address of a page: its view and the scenario as a link."""

from __future__ import annotations

from contextlib import suppress
from dataclasses import dataclass
from typing import Final
from urllib.parse import parse_qs, urlencode

import streamlit as st

from costing.reports.comparison import reference_tokens
from costing.scenario.link import link_text
from costing.scenario.scenario import Scenario
from i18n.errors import CrossoverError
from pricing.book import PriceBook

from .. import session as state

VIEW: Final = "view"
SCENARIO: Final = "s"
EXAMPLE: Final = "example"
MAX_LINK: Final = 16_000
"""Characters of a link that every browser and server takes; a longer one is left out of the address."""
_KEY: Final = "link"


@dataclass(frozen=True, slots=True)
class Address:
    """What the address of a new session asks for; blank where it names nothing."""

    view: str = ""
    link: str = ""
    example: str = ""

    @staticmethod
    def of(search: str) -> Address:
        """From the query of an address, with or without its question mark."""
        given = parse_qs(search.removeprefix("?"))
        view, link, example = (given.get(name, [""])[-1] for name in (VIEW, SCENARIO, EXAMPLE))
        return Address(view, link, example)

    @staticmethod
    def of_query() -> Address:
        """The address that the browser sent with this run; later changes by `history` are not in it."""
        return Address.of(urlencode(list(st.query_params.items())))


def search_of(view: str, link: str) -> str:
    """The query of an address, with its question mark."""
    values = {name: value for name, value in ((VIEW, view), (SCENARIO, link)) if value}
    return f"?{urlencode(values)}" if values else ""


def link_of(scenario: Scenario) -> str:
    """The scenario as a link, cached; blank if it is too long, or if there are no prices to count with."""
    try:
        book = state.book()
    except CrossoverError:  # shown where the prices are needed
        return ""
    cached: tuple[Scenario, PriceBook, str] | None = st.session_state.get(_KEY)
    if cached is None or cached[0] is not scenario or cached[1] is not book:
        cached = st.session_state[_KEY] = (scenario, book, _made_link(scenario, book))
    return cached[2]


def _made_link(scenario: Scenario, book: PriceBook) -> str:
    usd: tuple[float | None, ...] = ()
    with suppress(CrossoverError):  # a scenario that cannot be priced has a link too
        usd = tuple(
            float(outcome.usd_per_month) if outcome.is_feasible else None
            for outcome in state.comparison().outcomes
        )
    try:
        link = link_text(
            scenario, book.content_hash, usd, lambda part: reference_tokens(scenario, book, part)
        )
    except CrossoverError:  # a text that cannot be counted, shown beside it
        return ""
    return link if len(link) <= MAX_LINK else ""

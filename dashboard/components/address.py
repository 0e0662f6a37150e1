"""The address of a page: its view, the scenario as a link, and the work of the page itself."""

from __future__ import annotations

from collections.abc import Iterable
from contextlib import suppress
from dataclasses import dataclass
from typing import Final
from urllib.parse import parse_qs, urlencode

import streamlit as st

from costing.reports.comparison import part_counts
from costing.scenario.link import link_text
from costing.scenario.scenario import Scenario
from i18n.errors import CrossoverError
from pricing.book import PriceBook

from .. import session as state

VIEW: Final = "view"
SCENARIO: Final = "s"
PAGE_WORK: Final = "p"
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
    page_work: str = ""
    """Work of the page apart from the scenario: its settings or assumptions."""

    @staticmethod
    def of(search: str) -> Address:
        """From the query of an address, with or without its question mark."""
        given = parse_qs(search.removeprefix("?"))
        return Address(*(given.get(name, [""])[-1] for name in (VIEW, SCENARIO, EXAMPLE, PAGE_WORK)))

    @staticmethod
    def of_query() -> Address:
        """The address that the browser sent with this run; later changes by `history` are not in it."""
        return Address.of(urlencode(list(st.query_params.items())))


@dataclass(frozen=True, slots=True)
class ScenarioLink:
    """The scenario as a word of the address; blank if it is too long or cannot be made."""

    word: str = ""
    is_too_long: bool = False


def search_of(view: str, link: str, page_work: str = "") -> str:
    """The query of an address, with its question mark."""
    given = {VIEW: view, PAGE_WORK: page_work, SCENARIO: link}
    values = {name: value for name, value in given.items() if value}
    return f"?{urlencode(values)}" if values else ""


def link_of(scenario: Scenario) -> ScenarioLink:
    """The scenario as a link, cached. Without prices to count with there is none."""
    try:
        book = state.book()
    except CrossoverError:  # shown where the prices are needed
        return ScenarioLink()
    cached: tuple[Scenario, PriceBook, ScenarioLink] | None = st.session_state.get(_KEY)
    if cached is None or cached[0] is not scenario or cached[1] is not book:
        cached = st.session_state[_KEY] = (scenario, book, _made_link(scenario, book))
    return cached[2]


def _made_link(scenario: Scenario, book: PriceBook) -> ScenarioLink:
    usd: tuple[float | None, ...] = ()
    tokenizers: Iterable[str] = ()
    with suppress(CrossoverError):  # a scenario that cannot be priced has a link too
        comparison = state.comparison()
        usd = tuple(
            float(outcome.usd_per_month) if outcome.is_feasible else None for outcome in comparison.outcomes
        )
        tokenizers = comparison.over_time.counted.tokens
    try:
        link = link_text(
            scenario, book.content_hash, usd, lambda part: part_counts(scenario, book, part, tokenizers)
        )
    except CrossoverError:  # a text that cannot be counted, shown beside it
        return ScenarioLink()
    return ScenarioLink(link) if len(link) <= MAX_LINK else ScenarioLink(is_too_long=True)

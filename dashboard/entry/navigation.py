"""Navigation: the pages with their titles and addresses, the frame around them, and their views."""

from __future__ import annotations

from collections.abc import Callable, Mapping
from dataclasses import dataclass, field
from typing import Any, Final

import streamlit as st

from i18n.errors import CrossoverError

from .. import ICON
from .. import session as state
from ..components import page_frame, restore, top_bar, view_choice
from ..components.address import Address
from ..components.page_work import PageWork, Works
from ..history import History
from ..language import t
from ..pages import benchmark, claim, compare, method, prices, tokens
from ..runs import whole_page


@dataclass(frozen=True, slots=True)
class _Page:
    title: str
    path: str
    """Its address; that of the first page is the root."""
    show: Callable[[], None]
    views: Mapping[str, str] = field(default_factory=dict)
    """Titles of its views, by their names in the address."""
    history: Callable[[], History[Any]] | None = None
    """What undo and redo change, on a page that has them."""
    work: PageWork[Any] | None = None
    """What was entered on the page, if that is not the scenario."""


PAGES: Final = (
    _Page(compare.TITLE, "", compare.show, compare.VIEWS, state.history),
    _Page(tokens.TITLE, tokens.PATH, tokens.show, tokens.VIEWS, tokens.WORK.history, tokens.WORK),
    _Page(claim.TITLE, claim.PATH, claim.show, claim.VIEWS, claim.WORK.history, claim.WORK),
    _Page(prices.TITLE, prices.PATH, prices.show, prices.VIEWS),
    _Page(benchmark.TITLE, benchmark.PATH, benchmark.show, benchmark.VIEWS),
    _Page(method.TITLE, "method", method.show),
)
WORKS: Final[Works] = {page.path: page.work for page in PAGES if page.work is not None}


def run() -> None:
    """Render the page of the address."""
    with whole_page():
        _run()


def _run() -> None:
    entries = [
        st.Page(page.show, title=t(page.title), url_path=page.path or "compare", default=not page.path)
        for page in PAGES
    ]
    chosen = st.navigation(entries, position="top")
    st.set_page_config(
        page_title=f"{chosen.title} · Crossover",
        page_icon=str(ICON),
        layout="wide",
        initial_sidebar_state="collapsed",
    )
    page = PAGES[entries.index(chosen)]
    page_frame.style()
    try:
        started = restore.start(WORKS, page.path)
    except CrossoverError:  # no example can be read: each part of the page that needs one says so
        started = Address()
    if started is None:
        return
    if started.view:
        view_choice.open_view(page.path, started.view)
    view_choice.follow_history(page.path, Address.of_query().view)
    view = view_choice.opened(page.path, page.views) if page.views else ""
    paths = [each.path for each in PAGES if each.path]

    def bar() -> None:
        top_bar.show(page.path, paths, view, page.history() if page.history else None, WORKS)

    page_frame.run(bar, chosen.run)

"""Choice of a page's view; the open view stands in the address and in the browser's history."""

from __future__ import annotations

from collections.abc import Mapping

import streamlit as st
from streamlit.runtime.scriptrunner import get_script_run_ctx

from .. import session as state
from ..language import t

_KEY = "views"


def opened(page: str, titles: Mapping[str, str]) -> str:
    """Name of the open view of a page: the first one until another is opened."""
    chosen = _views().get(page, "")
    return chosen if chosen in titles else next(iter(titles))


def open_view(page: str, name: str) -> None:
    """Open a view; an unknown name opens the first one."""
    _views()[page] = name


def follow_history(page: str, name: str) -> None:
    """Open the view of the address after Back or Forward."""
    context = get_script_run_ctx()
    if context is not None and context.is_history_navigation:
        open_view(page, name)


def view_choice(page: str, titles: Mapping[str, str]) -> str:
    """Render the choice, and return the name of the open view. `titles` are English titles by name."""
    name = opened(page, titles)
    key = state.key(f"view_{page}")
    st.segmented_control(
        t("View"),
        list(titles),
        default=state.seed(key, name),
        format_func=lambda each: t(titles[each]),
        key=key,
        required=True,
        on_change=_choose,
        args=(page, key),
        label_visibility="collapsed",
    )
    return name


def _choose(page: str, key: str) -> None:
    open_view(page, str(state.value(key)))


def _views() -> dict[str, str]:
    views: dict[str, str] = st.session_state.setdefault(_KEY, {})
    return views

"""Script runs of a session: whether one is under way, and fragments that never mix two languages."""

from __future__ import annotations

import functools
import time
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from dataclasses import dataclass, field
from typing import Any, Final, ParamSpec, TypeVar

import streamlit as st

from .language import language

IDLE_S: Final = 0.2
"""A session is settled when no run has been under way for this time: a typed value starts one sooner."""
MAX_WAIT_S: Final = 20.0
_POLL_S: Final = 0.02
_KEY: Final = "runs"
_NUMBER_KEY: Final = "run_number"

P = ParamSpec("P")
R = TypeVar("R")


@dataclass(frozen=True, slots=True)
class Replaced:
    """A value of a control that the server has replaced by another one."""

    run: int
    """Number of the run of a whole page that replaced it."""
    before: Any
    after: Any


@dataclass(slots=True)
class Runs:
    """The runs of one session. Read by downloads in other threads."""

    number: int = 0
    """Of the last run of a whole page."""
    replaced: dict[str, Replaced] = field(default_factory=dict)
    """Key of a control -> its value that was replaced last."""
    under_way: int = 0
    ended_s: float = 0.0
    language: str = ""
    """Language of the last run of a whole page."""
    files: dict[str, Callable[[], Any]] = field(default_factory=dict)
    """Key of a download button -> function that builds its file from the newest state."""

    def wait(self) -> None:
        """Wait until the session is settled."""
        start = time.monotonic()
        while time.monotonic() - start < MAX_WAIT_S:
            since = max(start, self.ended_s)
            if not self.under_way and time.monotonic() - since >= IDLE_S:
                return
            time.sleep(_POLL_S)


def runs() -> Runs:
    """The runs of this session."""
    if _KEY not in st.session_state:
        st.session_state[_KEY] = Runs()
    current: Runs = st.session_state[_KEY]
    return current


@contextmanager
def whole_page() -> Iterator[None]:
    """Around the run of a whole page."""
    current = runs()
    current.language = language()
    current.number += 1
    with _under_way(current):
        yield
        _show_number(current.number)


def _show_number(number: int) -> None:
    """Render a hidden number as the last control of the page.

    The browser returns it with its next request, and so tells which run it has drawn completely.
    """
    st.session_state[_NUMBER_KEY] = number
    with st.container(key="run_number_box"):
        st.number_input("Run", value=number, key=_NUMBER_KEY, label_visibility="hidden")


def replace_value(key: str, after: Any) -> None:
    """Let a control show another value than the one that the browser has."""
    current = runs()
    if key in st.session_state:
        current.replaced[key] = Replaced(current.number, st.session_state[key], after)
    st.session_state[key] = after


def value_of(key: str) -> Any:
    """Value of a control as its reader has set it.

    A browser that has not drawn the last run yet sends the values from before it. Streamlit takes such a
    value for a change by the reader, although it is the one that the server has just replaced.
    """
    sent, replaced = st.session_state[key], runs().replaced.get(key)
    if replaced is None or sent != replaced.before:
        return sent
    is_drawn = st.session_state.get(_NUMBER_KEY, 0) >= replaced.run
    return sent if is_drawn else replaced.after


def fragment(function: Callable[P, R]) -> Callable[P, R | None]:
    """`st.fragment` that renders the whole page if the language has changed since.

    A typed value and the choice of a language can arrive together, as one run of a fragment.
    """

    @functools.wraps(function)
    def run(*args: P.args, **kwargs: P.kwargs) -> R | None:
        current = runs()
        if current.language not in ("", language()):
            st.rerun()
        with _under_way(current):
            return function(*args, **kwargs)

    return st.fragment(run)


def newest_file(key: str, make: Callable[[], Any]) -> Callable[[], Any]:
    """Function for a download: builds the file from what the page holds when it has settled."""
    current = runs()
    current.files[key] = make

    def build() -> Any:
        current.wait()
        return current.files.get(key, make)()

    return build


@contextmanager
def _under_way(current: Runs) -> Iterator[None]:
    current.under_way += 1
    try:
        yield
    finally:
        current.under_way -= 1
        current.ended_s = time.monotonic()

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

P = ParamSpec("P")
R = TypeVar("R")


@dataclass(slots=True)
class Runs:
    """The runs of one session. Read by downloads in other threads."""

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
    with _under_way(current):
        yield


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

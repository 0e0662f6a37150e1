"""The work in the reader's browser: it is saved after each change and comes back in a new session."""

from __future__ import annotations

import uuid
from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field
from typing import Any, Final

import streamlit as st

from costing.scenario.scenario import Scenario

from .. import session as state
from ..language import language_tag, t
from ..saved_work import SavedWork
from . import address
from .component import mount
from .page_work import Works, saved_pages, values_of

COOKIE: Final = "crossover_work"
"""Set by the browser when it has saved work, so that a session knows that it must ask for it."""
_KEY: Final = "browser_work"
_STATE: Final = "browser_work_state"
_SHOWN: Final = "scroll_to"


@dataclass(frozen=True, slots=True)
class Answer:
    """What the browser of a new session has: its address, and the work saved in it."""

    search: str
    work: str | None
    saved_at_ms: float


@dataclass(slots=True)
class _Sent:
    """What this session has asked and sent."""

    ask: str = field(default_factory=lambda: uuid.uuid4().hex)
    values: tuple[object, ...] = ()
    """The scenario and the work of each page, as they were saved last."""
    work: str = ""
    work_id: str = ""
    is_unread: bool = False


def has_saved_work() -> bool:
    """Whether the browser says that it holds work."""
    return st.context.cookies.get(COOKIE) == "1"


def ask() -> Answer | None:
    """The browser's answer; None until it has answered, and then the page must not be rendered."""
    sent = _sent()
    given = _reported("answer")
    if isinstance(given, Mapping) and given.get("ask") == sent.ask:
        work, saved_at, search = given.get("work"), given.get("saved_at"), given.get("search")
        return Answer(
            search if isinstance(search, str) else "",
            work if isinstance(work, str) else None,
            float(saved_at) if isinstance(saved_at, int | float) else 0.0,
        )
    _mount({"ask": sent.ask})
    return None


def is_saved(scenario: Scenario, works: Works) -> None:
    """Note that the browser has this scenario and the work of the pages already."""
    _sent().values = (scenario, *values_of(works))


def keep_unread() -> None:
    """Let the browser keep the saved work that could not be read, under another name."""
    _sent().is_unread = True


def show(page_path: str, paths: Sequence[str], view: str, works: Works) -> None:
    """Save the work and the address of this page in the browser, and render "Copy link"."""
    sent, work = _sent(), state.session().work
    link = address.link_of(work.value)
    values = (work.value, *values_of(works))
    if not _are_same(sent.values, values) and (sent.work or _has_changed(works)):
        sent.values, sent.work_id = values, uuid.uuid4().hex
        sent.work = SavedWork(work.value, link.word, saved_pages(works)).text()
    page = works.get(page_path)
    _mount(
        {
            "work": sent.work,
            "work_id": sent.work_id,
            "is_unread": sent.is_unread,
            "search": address.search_of(view, link.word, page.link_word() if page else ""),
            "scroll": st.session_state.get(_SHOWN),
            "page_path": page_path,
            "paths": list(paths),
            "words": {
                "copy": t("Copy link"),
                "copied": t("Link copied"),
                "failed": t("Copy it from the address bar"),
                "refusal": t("This work is too long for a link: save it as a file (Inputs, File).")
                if link.is_too_long
                else "",
                "note": t(page.omission()) if page and page.omission() else "",
            },
        }
    )


def _are_same(before: tuple[object, ...], now: tuple[object, ...]) -> bool:
    """Whether nothing was changed: all values are immutable."""
    return len(before) == len(now) and all(a is b for a, b in zip(before, now, strict=True))


def _has_changed(works: Works) -> bool:
    """Whether there is anything to keep."""
    work = state.session().work
    is_first = not (work.past or work.future) and work.value == state.example(state.FIRST_SCENARIO)
    return not is_first or bool(saved_pages(works))


def scroll_to(key: str) -> None:
    """Scroll the page to the container with this key when it is rendered next."""
    st.session_state[_SHOWN] = {"key": key, "id": uuid.uuid4().hex}


def is_unsaved() -> bool:
    """Whether the browser could not save the work."""
    return _reported("is_unsaved") is True


def _reported(name: str) -> object:
    reported = st.session_state.get(_KEY)
    return reported.get(name) if isinstance(reported, Mapping) else None


def _mount(message: Mapping[str, Any]) -> None:
    mount(
        _KEY,
        _KEY,
        {**message, "language": language_tag()},
        on_answer_change=_nothing,
        on_is_unsaved_change=_nothing,
        on_reconnected_ms_change=_nothing,
    )


def _nothing() -> None:
    """Registers the state; the rerun itself is all that is needed."""


def _sent() -> _Sent:
    if _STATE not in st.session_state:
        st.session_state[_STATE] = _Sent()
    sent: _Sent = st.session_state[_STATE]
    return sent

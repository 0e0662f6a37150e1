"""Start of a session: the work saved in the browser, the scenario of a link, or the default example."""

from __future__ import annotations

from dataclasses import dataclass, replace
from datetime import UTC, datetime
from html import escape
from typing import Any, Final
from zoneinfo import ZoneInfo, ZoneInfoNotFoundError

import streamlit as st

from costing.scenario import library
from costing.scenario.link import LinkedScenario, read_link
from costing.scenario.row_ids import with_row_ids
from costing.scenario.scenario import strategies_of
from i18n.errors import CrossoverError
from i18n.message import Message, listed, literal, message

from .. import session as state
from ..language import t
from ..saved_work import SavedWork, read_saved
from . import browser_work
from .address import Address
from .page_work import PageWork, Works

_NOTICE: Final = "notice"
_LINKED: Final = "linked"


@dataclass(frozen=True, slots=True)
class Notice:
    """A line that says where the work on the screen comes from."""

    text: Message
    is_error: bool = False
    is_restored: bool = False
    unread: str = ""
    """Saved work that could not be read."""


def notice() -> Notice | None:
    """The line of this session, if there is one."""
    current: Notice | None = st.session_state.get(_NOTICE)
    return current


def dismiss() -> None:
    """Remove the line."""
    st.session_state[_NOTICE] = None


def linked() -> LinkedScenario | None:
    """What the link of this session held, until it is dismissed."""
    current: LinkedScenario | None = st.session_state.get(_LINKED)
    return current


def dismiss_link() -> None:
    st.session_state[_LINKED] = None


def start(works: Works, page_path: str) -> Address | None:
    """Give a new session its scenario and the work of its pages.

    Returns the address of a session that has started in this run, and an empty one later. None while the
    browser's answer is awaited: then nothing else may be rendered.
    """
    if not state.is_new():
        return Address()
    if not browser_work.has_saved_work():
        address = Address.of_query()
        _open(address, None, "")
        _open_page(address, works.get(page_path), "")
        return address
    answer = browser_work.ask()
    if answer is None:
        _skeleton()
        return None
    address = Address.of(answer.search)
    if answer.work is None:
        _open(address, None, "")
        _open_page(address, works.get(page_path), "")
        return address
    try:
        saved = read_saved(answer.work)
        saved = replace(saved, scenario=saved.scenario.opened_on(state.today()))
    except CrossoverError as error:
        browser_work.keep_unread()
        _open(address, None, "")
        opened = notice()
        lines = [*error.errors[:1], *([opened.text] if opened else [])]
        st.session_state[_NOTICE] = Notice(listed(lines), is_error=True, unread=answer.work)
        _open_page(address, works.get(page_path), "")
        return address
    errors = _restore_pages(saved, works)
    browser_work.is_saved(saved.scenario, works)
    saved_at = _clock(answer.saved_at_ms)
    _open(address, saved, saved_at)
    if errors:
        browser_work.keep_unread()
        _add_notice(*errors, unread=answer.work)
    _open_page(address, works.get(page_path), saved_at)
    return address


def _restore_pages(saved: SavedWork, works: Works) -> list[Message]:
    """Restore the work of each page; what cannot be read leaves its page as at first."""
    errors: list[Message] = []
    for path, work in works.items():
        if path in saved.pages:
            try:
                work.restore(saved.pages[path])
            except CrossoverError as error:
                errors.append(error.errors[0])
    return errors


def _open_page(address: Address, work: PageWork[Any] | None, saved_at: str) -> None:
    """Open what the address holds for its page, over the restored work of that page."""
    if work is None or not address.page_work:
        return
    was_saved = work.saved() is not None
    try:
        has_changed = work.open_link(address.page_work)
    except CrossoverError as error:
        _add_notice(error.errors[0])
        return
    if has_changed and was_saved:
        st.session_state[_NOTICE] = Notice(
            message("Opened from a link. Undo returns to your work from {time}", time=literal(saved_at))
        )


def _add_notice(*errors: Message, unread: str = "") -> None:
    """Show errors before the line that is there."""
    before = notice()
    lines = [*errors, *([before.text] if before else [])]
    unread = unread or (before.unread if before else "")
    st.session_state[_NOTICE] = Notice(listed(lines), is_error=True, unread=unread)


def _open(address: Address, saved: SavedWork | None, saved_at: str) -> None:
    """Open what the address asks for, over the saved work, or else the saved work itself."""
    before = (saved.scenario,) if saved else ()
    if address.link and not (saved and saved.link == address.link):
        try:
            opened = _checked(read_link(address.link))
        except CrossoverError as error:
            state.open_with(*(before or (state.example(state.FIRST_SCENARIO),)))
            st.session_state[_NOTICE] = Notice(error.errors[0], is_error=True)
            return
        state.open_with(*before, opened.scenario)
        st.session_state[_LINKED] = opened
        if before:
            st.session_state[_NOTICE] = Notice(
                message("Opened from a link. Undo returns to your work from {time}", time=literal(saved_at))
            )
        return
    if address.example in library.shipped_ids():
        state.open_with(*before, state.example(address.example))
        return
    state.open_with(*(before or (state.example(state.FIRST_SCENARIO),)))
    if saved:
        st.session_state[_NOTICE] = Notice(
            message("Restored your work from {time}", time=literal(saved_at)), is_restored=True
        )


def _checked(opened: LinkedScenario) -> LinkedScenario:
    """The link's scenario, if its options can be built with the prices of this server."""
    scenario = with_row_ids(opened.scenario.opened_on(state.today()), state.book())
    try:
        strategies_of(scenario, state.book().on(scenario.on))
    except CrossoverError as error:
        raise CrossoverError(
            message("This link cannot be opened here: {problem}", problem=error.errors[0])
        ) from error
    return replace(opened, scenario=scenario)


def _clock(saved_at_ms: float) -> str:
    """Time of day in the reader's time zone, with the day unless it is today."""
    try:
        zone = ZoneInfo(st.context.timezone or "UTC")
    except (ZoneInfoNotFoundError, ValueError):
        zone = ZoneInfo("UTC")
    saved = datetime.fromtimestamp(saved_at_ms / 1000, UTC).astimezone(zone)
    is_today = saved.date() == state.now().astimezone(zone).date()
    return f"{saved:%H:%M}" if is_today else f"{saved:%Y-%m-%d %H:%M}"


def _skeleton() -> None:
    """Blocks in place of the page, without any figure."""
    label = escape(t("Loading your work"))
    st.html(f'<div class="skeleton" role="status" aria-label="{label}">' + "<i></i>" * 4 + "</div>")

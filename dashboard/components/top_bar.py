"""Top bar of every page: status line, undo and redo of the page, link, language."""

from __future__ import annotations

from collections.abc import Callable, Sequence
from typing import Any

import streamlit as st

from i18n.translation import LANGUAGES

from .. import session as state
from ..history import History
from ..language import LANGUAGE_KEY, language, markdown_safe, render, t
from . import browser_work, restore
from .page_work import PageWork, Works


def show(page_path: str, paths: Sequence[str], view: str, history: History[Any] | None, works: Works) -> None:
    """Render the bar, with undo and redo of a page that has a history.

    Its height does not depend on the status, so that nothing below it moves.
    """
    with st.container(
        horizontal=True, vertical_alignment="center", horizontal_alignment="right", gap="small", key="top_bar"
    ):
        _status(page_path, works.get(page_path))
        if history is not None:
            _button("undo", t("Undo"), ":material/undo:", history.undo, bool(history.past))
            _button("redo", t("Redo"), ":material/redo:", history.redo, bool(history.future))
        browser_work.show(page_path, paths, view, works)
        st.segmented_control(
            "語言 · Language",
            list(LANGUAGES),
            default=state.seed(LANGUAGE_KEY, language()),
            format_func=LANGUAGES.__getitem__,
            key=LANGUAGE_KEY,
            required=True,
            label_visibility="collapsed",
        )


def _button(key: str, label: str, icon: str, act: Callable[[], None], is_enabled: bool) -> None:
    st.button(label, key=key, icon=icon, on_click=act, disabled=not is_enabled, type="tertiary")


def _status(page_path: str, work: PageWork[Any] | None) -> None:
    notice = restore.notice()
    with st.container(horizontal=True, vertical_alignment="center", gap="small", key="status"):
        if browser_work.is_unsaved():
            st.markdown(
                ":red[:material/warning: "
                + t("This browser could not save your work: save it as a file.")
                + "]"
            )
        elif notice is not None:
            text = markdown_safe(render(notice.text))
            st.markdown(f":red[:material/error: {text}]" if notice.is_error else text, width="content")
            if notice.is_restored and (work is not None or not page_path):
                st.button(t("Start new"), key="start_new", on_click=_start_new, args=(work,), type="tertiary")
            if notice.unread:
                st.download_button(
                    t("Download the saved work"),
                    data=notice.unread,
                    file_name="crossover-saved-work.json",
                    mime="application/json",
                    key="unread_download",
                    on_click="ignore",
                    type="tertiary",
                )
            st.button(
                "",
                key="dismiss",
                icon=":material/close:",
                on_click=restore.dismiss,
                type="tertiary",
                help=t("Close"),
            )


def _start_new(work: PageWork[Any] | None) -> None:
    """Start the work of the open page again: of the comparison if it has none of its own."""
    if work is None:
        state.put(state.example(state.FIRST_SCENARIO))
    else:
        work.history().put(work.first)
    restore.dismiss()

"""Named saves in the reader's browser: save under the name of the work, open and delete."""

from __future__ import annotations

from collections.abc import Callable, Mapping
from typing import Final

import streamlit as st

from costing.scenario.scenario import Scenario

from .. import session as state
from ..language import language, language_tag, t
from ..saved_work import SavedWork, read_saved
from . import control_errors
from .component import mount

_KEY: Final = "named_saves"


def show(opened: Callable[[Scenario], Scenario]) -> None:
    """Render the saves of this browser; `opened` makes the work of a saved scenario, as an undo step."""
    scenario = state.scenario()
    mount(
        _KEY,
        _KEY,
        {
            "name": scenario.name(language()),
            "work": SavedWork(scenario).text(),
            "language": language_tag(),
            "words": {
                "save": t("Save in this browser"),
                "replace": t("Replace the save of this name"),
                "hint": t("Opening replaces the work on this page. Undo returns to it."),
                "open": t("Open"),
                "delete": t("Delete"),
                "undo": t("Undo"),
                "saved": t("“{name}” is saved in this browser."),
                "replaced": t("“{name}” is saved in this browser in place of its earlier version."),
                "deleted": t("“{name}” is deleted."),
                "unreadable": t("cannot be read"),
                "full": t(
                    "This browser has no room for this save: delete another one, or save the work as a file."
                ),
                "refused": t("This browser could not save your work: save it as a file."),
            },
        },
        on_opened_change=lambda: _open(opened),
    )
    control_errors.say(_KEY)


def _open(opened: Callable[[Scenario], Scenario]) -> None:
    component_state = st.session_state.get(_KEY)
    save = component_state.get("opened") if isinstance(component_state, Mapping) else None
    work = save.get("work") if isinstance(save, Mapping) else None
    if isinstance(work, str):
        control_errors.attempt(_KEY, lambda: opened(_saved_scenario(work)))


def _saved_scenario(work: str) -> Scenario:
    return read_saved(work).scenario.opened_on(state.today())

"""Saves of the work: its name, files to save and open, and named saves in the browser."""

from __future__ import annotations

import re
from dataclasses import replace

import streamlit as st

from costing.scenario import library
from costing.scenario.row_ids import with_row_ids
from costing.scenario.scenario import Scenario
from costing.scenario.scenario_yaml import dump, read

from .. import session as state
from ..language import language, t
from . import control_errors, downloads, named_saves
from .file_upload import file_upload
from .start import OWN


def show() -> None:
    """Render the name, opening and saving."""
    session = state.session()
    name, opening, saving = st.columns([2, 2, 1], vertical_alignment="bottom")
    with name:
        st.text_input(
            t("Name of this work"),
            value=state.seed("scenario_name", session.scenario.name(language())),
            key="scenario_name",
            max_chars=120,
            on_change=_rename,
        )
    with opening:
        file_upload(
            t("Open a scenario file"),
            ["yaml", "yml"],
            30,
            key="scenario_upload",
            on_change=_open_upload,
        )
        control_errors.say("scenario_upload")
    with saving:
        downloads.file_button(
            t("Save as a file"),
            lambda: dump(session.scenario).encode(),
            f"{session.scenario.id}.yaml",
            "application/yaml",
            "scenario_save",
            icon=":material/save:",
        )
    named_saves.show(_opened)


def _rename() -> None:
    name = state.value("scenario_name").strip()
    if name:
        slug = re.sub(r"\W+", "_", name.lower()).strip("_")[:60]
        state.put(replace(state.scenario(), id=slug or OWN, names={language(): name}, descriptions={}))


def _open_upload() -> None:
    upload = state.value("scenario_upload")
    if upload is not None:
        control_errors.attempt("scenario_upload", lambda: _opened(read(upload.getvalue(), upload.name)))


def _opened(scenario: Scenario) -> Scenario:
    """The scenario with its rows by their ids, and an id of its own if it was saved from an example."""
    named = with_row_ids(scenario, state.book())
    return replace(named, id=f"{named.id}_own") if named.id in library.shipped_ids() else named

"""Files: the name of the work, named saves in the browser's download folder, and opening a file."""

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
from ..runs import newest_file
from . import control_errors
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
        st.file_uploader(
            t("Open a scenario file"),
            type=["yaml", "yml"],
            key="scenario_upload",
            on_change=_open_upload,
            max_upload_size=30,
        )
        control_errors.say("scenario_upload")
    with saving:
        st.download_button(
            t("Save as a file"),
            data=newest_file("scenario_save", lambda: dump(session.scenario)),
            file_name=f"{session.scenario.id}.yaml",
            mime="application/yaml",
            key="scenario_save",
            on_click="ignore",
            icon=":material/save:",
        )


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

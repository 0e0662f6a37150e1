"""Sidebar: language, scenario, files, and the inputs of the workload that change seldom."""

from __future__ import annotations

import re
from dataclasses import replace
from typing import Final

import streamlit as st

from costing.currency import codes
from costing.scenario import library
from costing.scenario.scenario import Scenario
from costing.scenario.scenario_yaml import dump, read
from i18n.errors import CrossoverError
from i18n.translation import LANGUAGES

from .. import session as state
from ..language import LANGUAGE_KEY, language, markdown_safe, render, t
from . import conversation_inputs, hourly_profile
from .inputs import scenario_number

OWN: Final = "own"


def show() -> None:
    """Render the sidebar."""
    with st.sidebar:
        st.markdown("### :material/balance: Crossover")
        st.caption(t("What an LLM workload really costs"))
        st.segmented_control(
            "語言 · Language",
            list(LANGUAGES),
            default=state.seed(LANGUAGE_KEY, language()),
            format_func=LANGUAGES.__getitem__,
            key=LANGUAGE_KEY,
            required=True,
            label_visibility="collapsed",
        )
        _scenario_choice()
        _currency_choice()
        more = st.expander(
            t("More about the workload"), icon=":material/tune:", key="more", on_change="rerun"
        )
        if more.open:
            with more:
                _workload()
        files = st.expander(t("Open and save"), icon=":material/folder_open:", key="files", on_change="rerun")
        if files.open:
            with files:
                _files()
        st.button(
            t("Undo"),
            key="undo",
            icon=":material/undo:",
            on_click=state.undo,
            help=t("Take back the last change"),
        )


def _scenario_choice() -> None:
    current = state.scenario()
    ready, errors = library.ready()
    for error in errors:
        st.warning(markdown_safe(render(error)), icon=":material/warning:")
    names = {i: scenario.name(language()) for i, scenario in ready.items()}
    if current.id not in ready:
        names = {OWN: t("Own: {name}").format(name=current.name(language())), **names}
    key = state.key("scenario")
    chosen = state.seed(key, current.id if current.id in ready else OWN)
    st.selectbox(
        t("Scenario"),
        list(names),
        index=list(names).index(chosen),
        format_func=names.__getitem__,
        key=key,
        on_change=_open_ready,
        args=(key,),
        help=t("Ready examples to start from; every figure in them can be changed."),
    )
    st.caption(markdown_safe(current.description(language())))


def _open_ready(key: str) -> None:
    chosen = state.value(key)
    ready, _ = library.ready()
    if chosen in ready and chosen != state.scenario().id:  # a browser may repeat what is open already
        state.put(replace(ready[chosen], currency=state.scenario().currency))


def _currency_choice() -> None:
    scenario = state.scenario()
    try:
        known = codes(state.book().on(scenario.on))
    except CrossoverError:  # shown in the page: without price tables there is no rate
        known = ()
    options = known if scenario.currency in known else (*known, scenario.currency)
    st.selectbox(
        t("Currency"),
        options,
        index=options.index(state.seed("currency", scenario.currency)),
        key="currency",
        on_change=lambda: state.put(replace(state.scenario(), currency=state.value("currency"))),
        help=t(
            "Amounts are worked out in USD and shown in this currency, by the rate of the day of the prices."
        ),
    )


def _workload() -> None:
    hourly_profile.show()
    scenario_number(
        "turns",
        "turns",
        t("Turns per conversation"),
        step=1,
        help=t("Each turn sends the earlier ones again."),
    )
    conversation_inputs.show()
    scenario_number(
        "growth_share_per_month",
        "growth",
        t("Growth per month (share)"),
        step=0.01,
        help=t("0.05 means 5 % more requests every month. It moves the cost over time, not the verdict."),
    )
    scenario_number("horizon_months", "horizon", t("Horizon in months"), step=6)
    st.date_input(
        t("Prices of"),
        value=state.seed("on", state.scenario().on),
        key="on",
        on_change=lambda: state.put(replace(state.scenario(), on=state.value("on"))),
        help=t("The day whose prices are used; later announced prices count in the cost over time."),
    )


def _files() -> None:
    st.text_input(
        t("Name of this scenario"),
        value=state.seed("scenario_name", state.scenario().name(language())),
        key="scenario_name",
        max_chars=120,
        on_change=_rename,
    )
    st.file_uploader(
        t("Open a scenario file"),
        type=["yaml", "yml"],
        key="scenario_upload",
        on_change=_open_upload,
        max_upload_size=30,
    )
    session = state.session()
    st.download_button(
        t("Save this scenario"),
        data=lambda: dump(session.scenario),
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
        state.attempt(lambda: _own(read(upload.getvalue(), upload.name)))


def _own(opened: Scenario) -> Scenario:
    """The opened scenario, with an id of its own if it was saved from a ready one."""
    return replace(opened, id=f"{opened.id}_own") if opened.id in library.shipped_ids() else opened

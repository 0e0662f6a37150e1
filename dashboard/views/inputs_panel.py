"""Inputs of the comparison: one panel with start, texts, options, workload details and files."""

from __future__ import annotations

from collections.abc import Callable, Mapping
from contextlib import suppress
from typing import Final

import streamlit as st

from costing.comparison.compare import Comparison
from i18n.errors import CrossoverError
from i18n.message import N_

from .. import session as state
from ..components import browser_work, files, start
from ..components.steady_expander import steady_expander
from ..language import language, markdown_safe, t
from . import requirements, strategies, texts, workload_inputs

_KEY: Final = "inputs"


def _start(_: Comparison | None) -> None:
    start.show()


def _options(_: Comparison | None) -> None:
    with suppress(CrossoverError):  # without price tables there is nothing to choose from
        strategies.show()


def _needs(_: Comparison | None) -> None:
    requirements.show()


def _files(_: Comparison | None) -> None:
    files.show()


SECTIONS: Final[Mapping[str, tuple[str, Callable[[Comparison | None], None]]]] = {
    "start": (N_("Start"), _start),
    "texts": (N_("Prompt & tokens"), texts.show),
    "options": (N_("Options"), _options),
    "workload": (N_("Workload details"), workload_inputs.show),
    "needs": (N_("Requirements"), _needs),
    "file": (N_("File"), _files),
}


def show() -> None:
    """Render the panel; a closed panel does not run, and of an open one only the open section does."""
    with st.container(key="inputs_panel"):
        with st.container(key="inputs_summary"):
            st.markdown(_summary())
        panel = steady_expander(t("Inputs"), _KEY, ":material/tune:")
    if not panel.open:
        return
    with panel:
        opened = st.session_state.get("inputs_section_name", "start")
        key = state.key("inputs_section")
        st.segmented_control(
            t("Inputs"),
            list(SECTIONS),
            default=state.seed(key, opened),
            format_func=lambda name: t(SECTIONS[name][0]),
            key=key,
            required=True,
            on_change=_choose,
            args=(key,),
            label_visibility="collapsed",
        )
        comparison = None
        with suppress(CrossoverError):  # shown in place of the answer
            comparison = state.comparison()
        SECTIONS[opened][1](comparison)


def open_section(name: str) -> None:
    """Open the panel at one of its sections, and scroll to it."""
    st.session_state[_KEY] = True
    st.session_state["inputs_section_name"] = name
    browser_work.scroll_to(_KEY)


def _choose(key: str) -> None:
    st.session_state["inputs_section_name"] = state.value(key)


def _summary() -> str:
    """What is compared, in one line beside the panel's title; an example is marked as one."""
    scenario = state.scenario()
    parts = [
        t("{n:,.0f} requests per day").format(n=scenario.requests_per_day),
        t("{n} months").format(n=scenario.horizon_months),
        markdown_safe(scenario.name(language())),
    ]
    badge = ":orange-badge[" + t("Example") + "] " if start.is_example(scenario) else ""
    return badge + " · ".join(parts)

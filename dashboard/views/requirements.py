"""Editors of requirements and of facts about options: from declarations, stored in the scenario."""

from __future__ import annotations

from dataclasses import replace
from typing import Any, Final

import streamlit as st

from costing.comparison.compare import Comparison
from costing.scenario.requirements import Needs
from costing.strategies import registered
from costing.strategy.base import Knob

from .. import session as state
from ..components.inputs import knob_input, knob_value
from ..language import markdown_safe, render, t

A_ROW: Final = 3
KNOWN_OF_EACH: Final = ("resolved_share", "measured_first_token_ms", "measured_token_ms", "data_place")


def facts(comparison: Comparison) -> None:
    """Render the expander with facts about the options."""
    drawer = st.expander(
        t("Your own tests and contracts"), icon=":material/fact_check:", key="known", on_change="rerun"
    )
    if drawer.open:
        with drawer:
            _known(comparison)


def show() -> None:
    """Render the requirements."""
    st.caption(t("A requirement that you do not specify has no effect: no rule about it applies."))
    declared = list(Needs.declared().items())
    for start in range(0, len(declared), A_ROW):
        columns = st.columns(A_ROW)
        for column, (name, knob) in zip(columns, declared[start : start + A_ROW], strict=False):
            with column:
                knob_input(
                    f"need_{name}", knob, getattr(state.scenario().needs, name), _apply_need, (name, knob)
                )


def _apply_need(key: str, name: str, knob: Knob) -> None:
    value = knob_value(key, knob)
    if value is not None and name == "examples_available":
        value = int(value)
    elif value is not None and knob.kind == "number":
        value = float(value)
    scenario = state.scenario()
    changes: dict[str, Any] = {name: value}
    state.put(replace(scenario, needs=replace(scenario.needs, **changes)))


def _known(comparison: Comparison) -> None:
    st.caption(
        t(
            "Enter what the price list does not know: how well and how fast a model answers your questions, "
            "and what your contract says."
        )
    )
    for index, choice in enumerate(state.scenario().strategies):
        st.markdown(f"**{markdown_safe(render(comparison.outcomes[index].name))}**")
        declared = registered()[choice.strategy].knobs()
        for column, name in zip(st.columns(len(KNOWN_OF_EACH)), KNOWN_OF_EACH, strict=True):
            knob = declared[name]
            with column:
                knob_input(
                    f"known_{index}_{name}",
                    knob,
                    choice.settings.get(name, knob.default),
                    _apply_known,
                    (index, name),
                )


def _apply_known(key: str, index: int, name: str) -> None:
    scenario = state.scenario()
    choice = scenario.strategies[index]
    knob = registered()[choice.strategy].knobs()[name]
    settings = {**choice.settings, name: knob_value(key, knob)}
    state.put(scenario.with_strategy(index, replace(choice, settings=settings)))

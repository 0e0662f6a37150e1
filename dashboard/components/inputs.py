"""Inputs bound to a field of the scenario: they show its value and change it."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import replace
from typing import Any, Literal

import streamlit as st

from costing.scenario.scenario import LIMITS
from costing.strategy.base import Knob, Setting
from costing.units import Unit

from .. import session as state
from ..language import t


def scenario_number(
    name: str,
    key: str,
    label: str,
    *,
    step: float,
    help: str | None = None,
    format: str | None = None,
    collapsed: bool = False,
    width: int | Literal["stretch"] = "stretch",
) -> None:
    """Render a number of the scenario, within its limits; `width` in pixels."""
    limits = LIMITS[name]
    kind: Callable[[float], float] = int if limits.whole else float
    st.number_input(
        label,
        value=state.seed(key, kind(getattr(state.scenario(), name))),
        min_value=kind(limits.low),
        max_value=kind(limits.high),
        step=kind(step),
        format=format,
        key=key,
        on_change=apply_field,
        args=(name, key),
        help=help,
        label_visibility="collapsed" if collapsed else "visible",
        width=width,
    )


def with_unit(label: str, unit: str) -> str:
    """Translated label with its unit in brackets; a plain count has none."""
    return t(label) if unit == Unit.COUNT else f"{t(label)} ({t(unit)})"


def apply_field(name: str, key: str) -> None:
    """Set a field of the scenario to the value of a widget."""
    changes: dict[str, Any] = {name: state.value(key)}
    state.put(replace(state.scenario(), **changes))


def knob_input(
    key: str, knob: Knob, current: Setting, apply: Callable[..., None], about: tuple[Any, ...]
) -> None:
    """Render a declared number or choice; `apply` receives the widget's key and `about`."""
    label = with_unit(knob.label, knob.unit)
    if knob.choices:
        key = state.key(key)
        shown = {value: t(text) for value, text in knob.choices.items()}
        st.selectbox(
            label,
            list(shown),
            index=list(shown).index(str(state.seed(key, current))),
            format_func=shown.__getitem__,
            key=key,
            on_change=apply,
            args=(key, *about),
            help=t(knob.help),
        )
        return
    number = state.seed(key, None if current is None else float(current))
    st.number_input(
        label,
        min_value=float(knob.low or 0),
        max_value=float(knob.high or 0),
        step=float(knob.step or 1),
        value=None if knob.default is None else number,  # None: it may be left blank
        placeholder=t(knob.blank) if knob.blank else None,
        format="%.6g",
        key=key,
        on_change=apply,
        args=(key, *about),
        help=t(knob.help),
    )

"""Workload details in groups: traffic, caching, tools, images and retries, prices."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import replace
from typing import Final

import streamlit as st

from costing.comparison.compare import Comparison
from costing.currency import codes
from costing.strategies import registered
from costing.strategy.base import Knob, Setting
from i18n.errors import CrossoverError
from i18n.message import N_

from .. import session as state
from ..components import conversation_inputs, hourly_profile
from ..components.inputs import knob_input, knob_value
from ..components.section import section
from ..language import t
from . import traffic

SHARED_SETTINGS: Final = ("caching", "batch_share")
"""Settings that can be given for all options at once."""
_SHARED_LABELS: Final = {
    "caching": N_("Prompt caching, all options"),
    "batch_share": N_("Batch processing, all options"),
}


def show(comparison: Comparison | None) -> None:
    """Render the groups; only the open ones run."""
    groups: dict[str, tuple[str, Callable[[], None]]] = {
        "traffic": (N_("Traffic"), lambda: _traffic(comparison)),
        "caching": (N_("Caching & batch"), _caching),
        "tools": (N_("Tools, images, retries"), _tools),
        "dates": (N_("Prices & dates"), _dates),
    }
    for name, (title, draw) in groups.items():
        drawer = st.expander(t(title), key=f"workload_{name}", on_change="rerun")
        if drawer.open:
            with drawer:
                draw()


def _traffic(comparison: Comparison | None) -> None:
    section(t("Hours of the day"))
    hourly_profile.show()
    section(t("Months ahead"))
    traffic.show(comparison)


def _caching() -> None:
    left, right = st.columns(2)
    with left:
        conversation_inputs.turns()
    with right:
        for name in SHARED_SETTINGS:
            _shared(name)


def _shared(name: str) -> None:
    """Render a setting of all options that have it."""
    values: list[Setting] = []
    knob: Knob | None = None
    for choice in state.scenario().strategies:
        declared = registered()[choice.strategy].knobs().get(name)
        if declared is not None:
            knob = replace(declared, label=_SHARED_LABELS[name])
            values.append(choice.settings.get(name, declared.default))
    if knob is not None:
        is_mixed = len(set(values)) > 1
        current = all(values) if knob.kind == "switch" else values[0]
        knob_input(f"all_{name}", knob, current, _apply_shared, (name, knob), is_mixed=is_mixed)


def _apply_shared(key: str, name: str, knob: Knob) -> None:
    value = knob_value(key, knob)
    if value is None:
        return
    scenario = state.scenario()
    changed = tuple(
        replace(choice, settings={**choice.settings, name: value})
        if name in registered()[choice.strategy].knobs()
        else choice
        for choice in scenario.strategies
    )
    state.put(replace(scenario, strategies=changed))


def _tools() -> None:
    tools, images, retries = st.columns(3)
    with tools:
        conversation_inputs.tools()
    with images:
        conversation_inputs.images()
    with retries:
        conversation_inputs.retries()


def _dates() -> None:
    prices_of, currency = st.columns(2)
    with prices_of:
        st.date_input(
            t("Prices of"),
            value=state.seed("on", state.scenario().on),
            key="on",
            on_change=lambda: state.put(state.scenario().pinned(state.value("on"))),
            help=t("The day whose prices are used; later announced prices count in the cost over time."),
        )
    with currency:
        _currency()


def _currency() -> None:
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
            "Amounts are calculated in USD and shown in this currency, by the rate of the day of the prices."
        ),
    )

"""What the reader has changed on the claim's page: which servers, which model, which drivers."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, field

import streamlit as st

from costing.claim.drivers import DRIVERS
from costing.claim.reconstruction import PRESETS, Claim
from costing.scenario import library

from .. import session as state

_KEY = "claim_desk"


@dataclass(slots=True)
class ClaimState:
    """One session's reconstruction."""

    tenure: str = "owned"
    model: str = ""
    """Blank: the preset's."""
    moved: dict[str, float] = field(default_factory=dict)


def claim_state() -> ClaimState:
    """This session's desk, laid with the first reconstruction."""
    if _KEY not in st.session_state:
        st.session_state[_KEY] = ClaimState()
    current: ClaimState = st.session_state[_KEY]
    return current


def preset(tenure: str) -> Claim:
    """The reconstruction with nothing moved; raises CrossoverError where a price is missing."""
    scenario = library.load_scenario(PRESETS[tenure])
    return Claim(scenario, state.book().on(scenario.on))


def claims() -> Mapping[str, Claim]:
    """Both reconstructions with the reader's model and drivers, each with those that matter to it."""
    current = claim_state()
    by_tenure: dict[str, Claim] = {}
    for tenure in PRESETS:
        moved = {k: v for k, v in current.moved.items() if DRIVERS[k].matters(tenure)}
        claim = preset(tenure).with_model(current.model) if current.model else preset(tenure)
        for name, value in moved.items():
            claim = claim.with_driver(name, value)
        by_tenure[tenure] = claim
    return by_tenure


def move(name: str, value: float) -> None:
    """Put a driver; one that is back at its start is no longer moved."""
    current = claim_state()
    current.moved[name] = value
    if name not in claims()[current.tenure].changed:
        current.moved.pop(name)


def choose_model(model: str) -> None:
    """Another hosted model comes with its own prices."""
    current = claim_state()
    current.model = "" if model == preset(current.tenure).api.model.id else model
    current.moved = {
        k: v
        for k, v in current.moved.items()
        if k not in ("api_input_usd_per_mtok", "api_output_usd_per_mtok")
    }


def reset() -> None:
    """Back to the reconstruction itself; the choice between bought and rented stays."""
    current = claim_state()
    current.model, current.moved = "", {}

"""State of the claim page: tenure of the servers, model, changed drivers."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, field

import streamlit as st

from costing.claim.drivers import API, DRIVERS
from costing.claim.reconstruction import PRESETS, Claim
from costing.claim.standing import Standing, standings
from costing.scenario import library

from .. import session as state

_KEY = "claim_state"
_STANDINGS = "claim_standings"


@dataclass(slots=True)
class ClaimState:
    """Changes of one session to the reconstruction."""

    tenure: str = "owned"
    model: str = ""
    """Id of the hosted model; blank for that of the preset."""
    moved: dict[str, float] = field(default_factory=dict)


def claim_state() -> ClaimState:
    """This session's state, created with the first reconstruction."""
    if _KEY not in st.session_state:
        st.session_state[_KEY] = ClaimState()
    current: ClaimState = st.session_state[_KEY]
    return current


def preset(tenure: str) -> Claim:
    """The unchanged reconstruction; raises CrossoverError if a price is missing."""
    scenario = library.load_scenario(PRESETS[tenure])
    return Claim(scenario, state.book().on(scenario.on))


def claims() -> Mapping[str, Claim]:
    """Tenure -> reconstruction with the chosen model and those changed drivers that affect it."""
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
    """Set a driver; one that is back at its start value counts as unchanged."""
    current = claim_state()
    current.moved[name] = value
    if name not in claims()[current.tenure].changed:
        current.moved.pop(name)


def move_back(name: str) -> None:
    """Set a driver back to its baseline."""
    claim_state().moved.pop(name, None)


def standings_of(claim: Claim) -> list[Standing]:
    """Standings of the claim at today's prices, cached: they take some forty break-evens."""
    today, book = state.today(), state.book()
    moved = {name: value for name, value in claim.moved.items() if DRIVERS[name].group != API}
    moved["api_discount_share"] = claim.values["api_discount_share"]
    question = (claim.scenario.id, tuple(sorted(moved.items())), today, id(book))
    last = st.session_state.get(_STANDINGS)
    if last is None or last[0] != question:
        last = st.session_state[_STANDINGS] = (question, standings(claim, book, today))
    current: list[Standing] = last[1]
    return current


def choose_model(model: str) -> None:
    """Choose a hosted model; its own prices replace changed ones."""
    current = claim_state()
    current.model = "" if model == preset(current.tenure).api.model.id else model
    current.moved = {
        k: v
        for k, v in current.moved.items()
        if k not in ("api_input_usd_per_mtok", "api_output_usd_per_mtok")
    }


def reset() -> None:
    """Undo all changes except the choice between bought and rented servers."""
    current = claim_state()
    current.model, current.moved = "", {}

"""State of the break-even page: tenure of the servers, model, changed drivers, and the steps to undo."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, field, replace
from typing import Final

import streamlit as st

from costing.claim.drivers import API, DRIVERS
from costing.claim.reconstruction import API_PRICES, PRESETS, Claim
from costing.claim.standing import Standing, standings
from costing.scenario import library

from .. import session as state

MAX_STEPS: Final = 50
_KEY: Final = "claim_state"
_STANDINGS: Final = "claim_standings"


@dataclass(frozen=True, slots=True)
class Choices:
    """Changes to the reconstruction."""

    tenure: str = "owned"
    model: str = ""
    """Id of the hosted model; blank for that of the preset."""
    moved: Mapping[str, float] = field(default_factory=dict)


@dataclass(slots=True)
class _History:
    """Choices of one session, with those before and those undone."""

    current: Choices = field(default_factory=Choices)
    past: list[Choices] = field(default_factory=list)
    future: list[Choices] = field(default_factory=list)


def _history() -> _History:
    if _KEY not in st.session_state:
        st.session_state[_KEY] = _History()
    current: _History = st.session_state[_KEY]
    return current


def choices() -> Choices:
    """This session's choices; the reconstruction itself at first."""
    return _history().current


def _put(changed: Choices) -> None:
    """Replace the choices and add the current ones to the steps to undo."""
    history = _history()
    if changed == history.current:
        return
    history.past.append(history.current)
    del history.past[:-MAX_STEPS]
    history.current, history.future = changed, []


def can_undo() -> bool:
    return bool(_history().past)


def can_redo() -> bool:
    return bool(_history().future)


def undo() -> None:
    """Return to the choices before the last change, if there are any."""
    history = _history()
    if history.past:
        history.future.append(history.current)
        history.current = history.past.pop()


def redo() -> None:
    """Repeat the last change that was undone, if there is one."""
    history = _history()
    if history.future:
        history.past.append(history.current)
        history.current = history.future.pop()


def preset(tenure: str) -> Claim:
    """The unchanged reconstruction; raises CrossoverError if a price is missing."""
    scenario = library.load_scenario(PRESETS[tenure])
    return Claim(scenario, state.book().on(scenario.on))


def claims() -> Mapping[str, Claim]:
    """Tenure -> reconstruction with the chosen model and those changed drivers that affect it."""
    return {tenure: _claim(choices(), tenure) for tenure in PRESETS}


def _claim(chosen: Choices, tenure: str) -> Claim:
    claim = preset(tenure).with_model(chosen.model) if chosen.model else preset(tenure)
    for name, value in chosen.moved.items():
        if DRIVERS[name].matters(tenure):
            claim = claim.with_driver(name, value)
    return claim


def move(name: str, value: float) -> None:
    """Set a driver; one that is back at its start value counts as unchanged."""
    current = choices()
    changed = replace(current, moved={**current.moved, name: value})
    if name in _claim(changed, current.tenure).changed:
        _put(changed)
    else:
        move_back(name)


def move_back(name: str) -> None:
    """Set a driver back to its baseline."""
    current = choices()
    _put(replace(current, moved={k: v for k, v in current.moved.items() if k != name}))


def choose_tenure(tenure: str) -> None:
    """Choose between bought and rented servers."""
    _put(replace(choices(), tenure=tenure))


def choose_model(model: str) -> None:
    """Choose a hosted model; its own prices replace changed ones."""
    current = choices()
    moved = {k: v for k, v in current.moved.items() if k not in API_PRICES}
    is_preset = model == preset(current.tenure).api.model.id
    _put(replace(current, model="" if is_preset else model, moved=moved))


def reset() -> None:
    """Remove all changes except the choice between bought and rented servers."""
    _put(Choices(tenure=choices().tenure))


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

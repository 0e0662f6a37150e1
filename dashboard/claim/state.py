"""State of the break-even page: tenure of the servers, model, changed drivers, and the steps to undo."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, field, replace
from typing import ClassVar, Final, Literal

import streamlit as st
from pydantic import ConfigDict

from costing.claim.drivers import API, DRIVERS
from costing.claim.reconstruction import API_PRICES, PRESETS, Claim
from costing.claim.standing import Standing, standings
from costing.scenario import library
from i18n.errors import CrossoverError
from i18n.message import message
from pricing.book import suggestion

from .. import session as state
from ..history import History

_KEY: Final = "claim_state"


@dataclass(frozen=True, slots=True)
class Choices:
    """Changes to the reconstruction."""

    __pydantic_config__: ClassVar[ConfigDict] = ConfigDict(extra="forbid")

    tenure: Literal["owned", "rented"] = "owned"
    model: str = ""
    """Id of the hosted model; blank for that of the preset."""
    moved: Mapping[str, float] = field(default_factory=dict)


def history() -> History[Choices]:
    """The choices of this session, with those before and those undone."""
    if _KEY not in st.session_state:
        st.session_state[_KEY] = History(Choices())
    current: History[Choices] = st.session_state[_KEY]
    return current


def choices() -> Choices:
    """This session's choices; the reconstruction itself at first."""
    return history().value


def preset(tenure: str) -> Claim:
    """The unchanged reconstruction; raises CrossoverError if a price is missing."""
    scenario = library.load_scenario(PRESETS[tenure])
    return Claim(scenario, state.book().on(scenario.on))


def claims() -> Mapping[str, Claim]:
    """Tenure -> reconstruction with the choices of this session."""
    return claims_of(choices())


def claims_of(chosen: Choices) -> Mapping[str, Claim]:
    """Tenure -> reconstruction with the chosen model and those changed drivers that affect it.

    Raises CrossoverError for an unknown driver or a value outside its range.
    """
    unknown = next((name for name in chosen.moved if name not in DRIVERS), None)
    if unknown is not None:
        raise CrossoverError(
            message("no assumption '{name}'{hint}", name=unknown, hint=suggestion(unknown, DRIVERS))
        )
    return {tenure: _claim(chosen, tenure) for tenure in PRESETS}


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
        history().put(changed)
    else:
        move_back(name)


def move_back(name: str) -> None:
    """Set a driver back to its baseline."""
    current = choices()
    history().put(replace(current, moved={k: v for k, v in current.moved.items() if k != name}))


def choose_tenure(tenure: Literal["owned", "rented"]) -> None:
    """Choose between bought and rented servers."""
    history().put(replace(choices(), tenure=tenure))


def choose_model(model: str) -> None:
    """Choose a hosted model; its own prices replace changed ones."""
    current = choices()
    moved = {k: v for k, v in current.moved.items() if k not in API_PRICES}
    is_preset = model == preset(current.tenure).api.model.id
    history().put(replace(current, model="" if is_preset else model, moved=moved))


def reset() -> None:
    """Remove all changes except the choice between bought and rented servers."""
    history().put(Choices(tenure=choices().tenure))


def standings_of(claim: Claim) -> list[Standing]:
    """Standings of the claim at today's prices, kept: they take some forty break-evens."""
    today, book = state.today(), state.book()
    moved = {name: value for name, value in claim.moved.items() if DRIVERS[name].group != API}
    moved["api_discount_share"] = claim.values["api_discount_share"]
    key = (claim.scenario.id, moved, today, book)
    return state.derived("claim standings", key, lambda: standings(claim, book, today))

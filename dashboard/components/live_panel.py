"""The stage: verdict, volume and cards, and with them the charts of the open view."""

from __future__ import annotations

import math
from collections.abc import Mapping
from dataclasses import asdict, dataclass, replace
from typing import Any, Final

import streamlit as st

from costing.reports.volume import round_volumes
from costing.scenario.scenario import LIMITS

from .. import session as state
from ..language import t
from .component import mount

VOLUMES: Final = round_volumes(1, 7)
"""Requests a day on the slider: about ten a decade, from 10 to 10 million."""
_KEY: Final = "stage"
_LIMITS: Final = LIMITS["requests_per_day"]


@dataclass(frozen=True, slots=True)
class PanelContent:
    """What the stage shows of one volume: two pieces of HTML, and charts' specifications by their keys."""

    verdict: str
    figures: str
    charts: Mapping[str, dict[str, Any]]
    is_whole: bool = True
    """The charts are there, if the view has any; else they come with the page around it."""


@dataclass(frozen=True, slots=True)
class VolumeChange:
    """A volume told by the slider or the box beside it."""

    requests_per_day: float
    stroke: int
    """One movement of the hand, however many volumes it passes."""
    sent: int
    """Counts up in one browser: what answers an earlier move leaves the slider alone."""
    basis: str
    """Of the scenes that the browser has."""
    has: frozenset[float]
    """Their volumes."""
    is_ready: bool
    """The browser shows its own scene of this volume already."""


Scenes = Mapping[float, PanelContent | None]
"""By their volumes; none for what cannot be shown."""


def show(scene: PanelContent | None, basis: str, ahead: Scenes, *, is_more_behind: bool) -> None:
    """Draw a scene; None for the one that the browser has ready.

    `ahead` are others, for later; those of another `basis` the browser forgets. `is_more_behind`: when the
    slider rests, the page around it is to follow.
    """
    volume, last = state.scenario().requests_per_day, last_move()
    mount(
        "live_panel",
        _KEY,
        {
            "scene": asdict(scene) if scene else None,
            "basis": basis,
            "scenes": _given(ahead),
            "is_more_behind": is_more_behind,
            "volume": volume,
            "stops": sorted({*VOLUMES, volume}),
            "least": _LIMITS.low,
            "most": _LIMITS.high,
            "sent": last.sent if last else 0,
            "words": {
                "label": t("Requests a day"),
                "exactly": t("Requests a day, exactly"),
                "help": t(
                    "One request is one question and its answer. A conversation of three turns is three "
                    "requests."
                ),
                "bounds": t("From {low:,.0f} to {high:,.0f}").format(low=_LIMITS.low, high=_LIMITS.high),
            },
        },
        on_moved_change=_take,
    )


def show_ahead(basis: str, ahead: Scenes) -> None:
    """Hand over scenes for later behind a page."""
    mount("prefetch", "ahead", {"basis": basis, "scenes": _given(ahead)})


def _given(ahead: Scenes) -> list[tuple[float, dict[str, Any] | None]]:
    return [(volume, asdict(scene) if scene else None) for volume, scene in ahead.items()]


def follow() -> None:
    """What a rested slider calls: the fragment around this runs again."""
    mount("follow", "follow", {}, on_rested_change=_nothing)


def _nothing() -> None:
    """A callback makes a trigger; there is nothing else to do."""


def _take() -> None:
    move = last_move()
    if move is not None:
        moved = replace(state.scenario(), requests_per_day=move.requests_per_day)
        state.put(moved, stroke=move.stroke)


def last_move() -> VolumeChange | None:
    """What the browser told last; None for nothing, or nothing that this page could have told."""
    change = st.session_state.get(_KEY)
    moved = change.get("moved") if isinstance(change, Mapping) else None
    if not isinstance(moved, Mapping):
        return None
    volume, stroke, sent, basis, has = (
        moved.get(name) for name in ("volume", "stroke", "sent", "basis", "has")
    )
    if not isinstance(volume, int | float) or not isinstance(stroke, int) or not isinstance(sent, int):
        return None
    if not isinstance(basis, str) or not isinstance(has, list):
        return None
    if not math.isfinite(volume) or not _LIMITS.low <= volume <= _LIMITS.high:
        return None
    volumes = frozenset(float(each) for each in has if isinstance(each, int | float))
    return VolumeChange(float(volume), stroke, sent, basis, volumes, moved.get("is_ready") is True)

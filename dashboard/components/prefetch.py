"""Scenes made ahead: those of the volumes nearby, so that a moved slider need not wait for the server."""

from __future__ import annotations

import time
from collections.abc import Callable
from contextlib import suppress
from dataclasses import dataclass, field
from typing import Final

import streamlit as st

from i18n.errors import CrossoverError

from .live_panel import VOLUMES, PanelContent, Scenes, last_move

MAX_STEPS: Final = 8
"""Steps of the slider, to either side."""
REACH_S: Final = 0.1
"""One side takes no more CPU time than this to make, if it is more than one step."""
FEW: Final = 3
"""Steps to either side: while these are there, no more are made."""
RUN_S: Final = 0.03
"""A run stops after so long, for a moved slider waits for it."""

wall_clock_s: Callable[[], float] = time.perf_counter
cpu_clock_s: Callable[[], float] = time.thread_time
"""The clocks of these limits; a test sets its own."""

_KEY: Final = "scenes"


@dataclass(slots=True)
class Basis:
    """What scenes are made of, all but the volume; another basis makes others."""

    made_of: object
    name: str
    scene_s: float = 0.0
    """CPU time of the last one; 0 before the first."""
    around: dict[float, object] = field(default_factory=dict)
    """By volume, what the page around a scene that was made is drawn for."""


def basis(made_of: object) -> Basis:
    """This session's basis; a new one where it is made of something else."""
    current: Basis | None = st.session_state.get(_KEY)
    if current is None or current.made_of != made_of:
        current = st.session_state[_KEY] = Basis(made_of, f"{time.time_ns():x}")
    return current


def is_ready(current: Basis, volume: float) -> bool:
    """Whether the browser shows this volume already, by its own scene."""
    move = last_move()
    return (
        move is not None and move.is_ready and (move.basis, move.requests_per_day) == (current.name, volume)
    )


def ahead(current: Basis, make: Callable[[float], PanelContent], volume: float) -> Scenes:
    """Scenes of volumes near this one that the browser lacks, as many as there is time for, nearest first."""
    move = last_move()
    has = move.has if move is not None and move.basis == current.name else frozenset[float]()
    made: dict[float, PanelContent | None] = {}
    if set(_nearby(volume, current.scene_s, FEW)) <= has:
        return made
    end = wall_clock_s() + RUN_S
    while wall_clock_s() < end:
        near = _nearby(volume, current.scene_s, MAX_STEPS)
        missing = next((each for each in near if each not in has and each not in made), None)
        if missing is None:
            break
        start = cpu_clock_s()
        made[missing] = None
        with suppress(CrossoverError):
            scene = make(missing)
            made[missing] = scene if scene.is_whole else None
        if missing != volume:  # of this one much is known already
            current.scene_s = cpu_clock_s() - start
    return made


def _nearby(volume: float, scene_s: float, farthest: int) -> list[float]:
    """Volumes of the slider that are near enough, the present one first."""
    reach = max(1, min(farthest, int(REACH_S / scene_s))) if scene_s else farthest
    stops = sorted({*VOLUMES, volume})
    place = stops.index(volume)
    near = sorted(range(len(stops)), key=lambda index: abs(index - place))
    return [stops[index] for index in near if abs(index - place) <= reach]

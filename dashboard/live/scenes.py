"""Scenes made ahead: those of the volumes nearby, so that a moved slider need not wait for the server."""

from __future__ import annotations

import math
import time
from collections.abc import Callable, Set
from contextlib import suppress
from dataclasses import dataclass
from typing import Final

import streamlit as st

from pricing.message import CrossoverError

from .stage import VOLUMES, Ahead, Scene, last_move

FARTHEST: Final = 8
"""Steps of the slider, to either side."""
REACH_S: Final = 0.1
"""One side takes no longer than this to make."""
RUN_S: Final = 0.05
"""A run stops after so long, for a moved slider waits for it."""

_KEY: Final = "scenes"


@dataclass(slots=True)
class Basis:
    """What scenes are made of, all but the volume; another basis makes others."""

    made_of: object
    name: str
    scene_s: float = 0.0
    """How long the quickest took; 0 before the first."""


def basis(made_of: object) -> Basis:
    """This session's basis; a new one where it is made of something else."""
    found: Basis | None = st.session_state.get(_KEY)
    if found is None or found.made_of != made_of:
        found = st.session_state[_KEY] = Basis(made_of, f"{time.time_ns():x}")
    return found


def is_ready(here: Basis, volume: float) -> bool:
    """Whether the browser shows this volume already, by its own scene."""
    move = last_move()
    return move is not None and move.is_ready and (move.basis, move.requests_per_day) == (here.name, volume)


def ahead(here: Basis, make: Callable[[float], Scene], volume: float) -> Ahead:
    """Scenes of volumes near this one that the browser lacks, as many as there is time for, nearest first."""
    move = last_move()
    has = set(move.has) if move is not None and move.basis == here.name else set[float]()
    made: dict[float, Scene | None] = {}
    end = time.perf_counter() + RUN_S
    while missing := _nearby(volume, here.scene_s, has | made.keys()):
        start = time.perf_counter()
        if start > end:
            break
        made[missing[0]] = None
        with suppress(CrossoverError):
            made[missing[0]] = make(missing[0])
        here.scene_s = min(here.scene_s or math.inf, time.perf_counter() - start)
    return Ahead(made, bool(missing))


def _nearby(volume: float, scene_s: float, but: Set[float]) -> list[float]:
    """Volumes of the slider that are near enough, the present one first."""
    reach = min(FARTHEST, int(REACH_S / scene_s)) if scene_s else FARTHEST
    stops = sorted({*VOLUMES, volume})
    place = stops.index(volume)
    near = sorted(range(len(stops)), key=lambda index: abs(index - place))
    return [stops[i] for i in near if reach and abs(i - place) <= reach and stops[i] not in but]

"""Prefetch of live panel contents for the next slider positions, so that a moved slider needs no server."""

from __future__ import annotations

import time
from collections.abc import Callable
from contextlib import suppress
from dataclasses import dataclass, field
from typing import Final

import streamlit as st

from i18n.errors import CrossoverError

from .live_panel import VOLUMES, Contents, PanelContent, last_change

MAX_STEPS: Final = 8
"""Slider positions to prefetch on either side at most."""
REACH_S: Final = 0.1
"""CPU time that one side may take if it is more than one position."""
MIN_STEPS: Final = 3
"""No more contents are computed while the browser has this many positions on either side."""
RUN_S: Final = 0.03
"""Time after which a run stops, because a moved slider waits for it."""

wall_clock_s: Callable[[], float] = time.perf_counter
cpu_clock_s: Callable[[], float] = time.thread_time
"""Clocks for these limits; a test replaces them."""

_KEY: Final = "prefetch_state"


@dataclass(slots=True)
class PrefetchState:
    """Inputs of the prefetched contents, and what is known of these contents."""

    inputs: object
    """All inputs of a content except the volume. A change makes the prefetched contents invalid."""
    inputs_id: str
    content_s: float = 0.0
    """CPU time of the last content; 0 before the first."""
    page_inputs: dict[float, object] = field(default_factory=dict)
    """Volume -> inputs of the page around the panel at that volume."""


def state_for(inputs: object) -> PrefetchState:
    """This session's state; a new one if the inputs have changed."""
    current: PrefetchState | None = st.session_state.get(_KEY)
    if current is None or current.inputs != inputs:
        current = st.session_state[_KEY] = PrefetchState(inputs, f"{time.time_ns():x}")
    return current


def is_shown(current: PrefetchState, volume: float) -> bool:
    """Whether the browser already shows its prefetched content of this volume."""
    change = last_change()
    return (
        change is not None
        and change.is_shown
        and (change.inputs_id, change.requests_per_day) == (current.inputs_id, volume)
    )


def contents(current: PrefetchState, make: Callable[[float], PanelContent], volume: float) -> Contents:
    """Contents for volumes near this one that the browser lacks, nearest first, until RUN_S is over."""
    change = last_change()
    known = frozenset[float]()
    if change is not None and change.inputs_id == current.inputs_id:
        known = change.prefetched_volumes
    made: dict[float, PanelContent | None] = {}
    if set(_nearby(volume, current.content_s, MIN_STEPS)) <= known:
        return made
    end = wall_clock_s() + RUN_S
    while wall_clock_s() < end:
        near = _nearby(volume, current.content_s, MAX_STEPS)
        missing = next((each for each in near if each not in known and each not in made), None)
        if missing is None:
            break
        start = cpu_clock_s()
        made[missing] = None
        with suppress(CrossoverError):
            content = make(missing)
            made[missing] = content if content.is_complete else None
        if missing != volume:  # much of the current volume is cached, so its time would be too short
            current.content_s = cpu_clock_s() - start
    return made


def _nearby(volume: float, content_s: float, max_steps: int) -> list[float]:
    """Slider positions near enough to prefetch, the current one first."""
    reach = max(1, min(max_steps, int(REACH_S / content_s))) if content_s else max_steps
    stops = sorted({*VOLUMES, volume})
    place = stops.index(volume)
    near = sorted(range(len(stops)), key=lambda index: abs(index - place))
    return [stops[index] for index in near if abs(index - place) <= reach]

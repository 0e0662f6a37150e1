"""Frame of the memory use of a replica."""

from __future__ import annotations

from collections.abc import Iterator
from contextlib import suppress
from typing import Any, Final

import pandas as pd

from frames.frame import frame
from frames.registry import columns
from i18n.message import Message, Translate, message
from pricing.rows import UnknownFigure

from ..comparison.compare import Comparison, Outcome
from ..fleet import Fleet
from .comparison import plain

MEMORY_COLUMNS: Final = columns(
    "strategy open_model gpu gpus_per_replica precision requests_at_once part gib"
)


def has_fleet(comparison: Comparison) -> bool:
    """Whether any feasible strategy has a fleet."""
    return any(outcome.strategy.part(Fleet) is not None for outcome in comparison.feasible)


def memory(comparison: Comparison, translate: Translate = plain) -> pd.DataFrame:
    """Parts of the memory of each feasible option's replica, cheapest first; they add up to the memory.

    `gib` is the sum over all GPUs of the replica, missing where a property of its model is unknown.
    `requests_at_once` is the concurrency of a full replica, for which the KV cache is counted.
    """
    return frame(MEMORY_COLUMNS, _records(comparison, translate))


def _records(comparison: Comparison, translate: Translate) -> Iterator[dict[str, Any]]:
    for outcome, fleet in _fleets(comparison):
        served, at_once = fleet.served, fleet.speed(comparison.workload).concurrency
        parts: list[tuple[Message, float | None]] = [(message("unknown"), None)]
        with suppress(UnknownFigure):
            at_once = fleet.requests_in_memory(comparison.workload)
            parts = [(part.name, part.gib) for part in fleet.memory_parts(comparison.workload)]
        for name, gib in parts:
            yield {
                "strategy": outcome.name.render(translate),
                "open_model": served.model.id,
                "gpu": served.gpu.id,
                "gpus_per_replica": served.gpus,
                "precision": served.precision,
                "requests_at_once": at_once,
                "part": name.render(translate),
                "gib": gib,
            }


def memory_unknown(comparison: Comparison) -> list[tuple[Message, Message]]:
    """(strategy, what is unknown) for each fleet whose memory use is unknown."""
    unknown = []
    for outcome, fleet in _fleets(comparison):
        try:
            fleet.memory_parts(comparison.workload)
        except UnknownFigure as blank:
            unknown.append((outcome.name, blank.errors[0]))
    return unknown


def _fleets(comparison: Comparison) -> Iterator[tuple[Outcome, Fleet]]:
    """Feasible strategies whose fleet answers any requests, cheapest first."""
    for outcome in comparison.feasible:
        fleet = outcome.strategy.part(Fleet)
        if fleet is not None and fleet.is_used(comparison.workload):
            yield outcome, fleet

"""Rows of the memory use of a replica, for the stacked bar and its CSV."""

from __future__ import annotations

from collections.abc import Iterator
from contextlib import suppress
from dataclasses import dataclass

from i18n.message import Message, Translate, message
from pricing.rows import UnknownFigure

from ..comparison.compare import Comparison, Outcome
from ..fleet import Fleet
from .comparison import plain


@dataclass(frozen=True, slots=True)
class MemoryRow:
    """One part of the memory of one strategy's replica."""

    strategy: str
    open_model: str
    gpu: str
    gpus_per_replica: int
    precision: str
    requests_at_once: float
    """Concurrency of a full replica, for which the KV cache is counted."""
    part: str
    gib: float | None
    """Sum over all GPUs of the replica; None: a property of its model is unknown."""


def has_fleet(comparison: Comparison) -> bool:
    """Whether any feasible strategy has a fleet."""
    return any(outcome.strategy.part(Fleet) is not None for outcome in comparison.feasible)


def memory_rows(comparison: Comparison, translate: Translate = plain) -> list[MemoryRow]:
    """Rows of each feasible strategy with a fleet, cheapest first; parts add up to the memory."""
    rows = []
    for outcome, fleet in _fleets(comparison):
        served, at_once = fleet.served, fleet.speed(comparison.workload).concurrency
        parts: list[tuple[Message, float | None]] = [(message("unknown"), None)]
        with suppress(UnknownFigure):
            at_once = fleet.requests_in_memory(comparison.workload)
            parts = [(part.name, part.gib) for part in fleet.memory_parts(comparison.workload)]
        for name, gib in parts:
            rows.append(
                MemoryRow(
                    strategy=outcome.name.render(translate),
                    open_model=served.model.id,
                    gpu=served.gpu.id,
                    gpus_per_replica=served.gpus,
                    precision=served.precision,
                    requests_at_once=at_once,
                    part=name.render(translate),
                    gib=gib,
                )
            )
    return rows


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

"""Rows of what takes the memory of a replica, for the stacked bar and its CSV."""

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
    """Whose KV cache is counted: as many as share the replica when it is full."""
    part: str
    gib: float | None
    """Of all GPUs of the replica together; None: a figure of its model is unknown."""


def has_own_fleet(comparison: Comparison) -> bool:
    """Whether any strategy that can be used runs GPUs of one's own."""
    return any(outcome.strategy.part(Fleet) is not None for outcome in comparison.feasible)


def memory_rows(comparison: Comparison, translate: Translate = plain) -> list[MemoryRow]:
    """Of every strategy that can be used and keeps a fleet, cheapest first; parts add up to the memory."""
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
    """(strategy, what is unknown) of those that run without anybody knowing what their replica holds."""
    unknown = []
    for outcome, fleet in _fleets(comparison):
        try:
            fleet.memory_parts(comparison.workload)
        except UnknownFigure as blank:
            unknown.append((outcome.name, blank.errors[0]))
    return unknown


def _fleets(comparison: Comparison) -> Iterator[tuple[Outcome, Fleet]]:
    """The strategies that can be used and whose own fleet answers anything, cheapest first."""
    for outcome in comparison.feasible:
        fleet = outcome.strategy.part(Fleet)
        if fleet is not None and fleet.is_used(comparison.workload):
            yield outcome, fleet

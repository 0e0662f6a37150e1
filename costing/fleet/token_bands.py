"""Cost lines with quantities at both ends of the token counts: the fleet is sized again at each end."""

from __future__ import annotations

from collections.abc import Iterable, Iterator
from dataclasses import replace
from typing import Final, Literal

from i18n.errors import CrossoverError
from i18n.message import Message

from ..cost_lines import CERTAIN, CostLine
from ..units import Quantity
from ..workload.workload import Workload
from .fleet import Fleet

ENDS: Final[tuple[Literal["low", "high"], ...]] = ("low", "high")


def banded(lines: Iterable[CostLine], fleet: Fleet, workload: Workload) -> Iterator[CostLine]:
    """The lines of a strategy, where those of its fleet have the quantities at both ends of the token counts.

    A quantity is None at an end where the fleet is infeasible.
    """
    if fleet.prompt(workload).band == CERTAIN:
        yield from lines
        return
    low, high = (_quantities(fleet, workload.at_end(end)) for end in ENDS)
    for line in lines:
        key = (line.name, line.cadence)
        if (low is None or key in low) and (high is None or key in high) and line.band == CERTAIN:
            ends = None if low is None else low[key], None if high is None else high[key]
            line = replace(line, ends=ends)
        yield line


def _quantities(fleet: Fleet, workload: Workload) -> dict[tuple[Message, str], Quantity] | None:
    """Name and cadence of the fleet's lines -> quantity; None where it is infeasible."""
    try:
        return {(line.name, line.cadence): line.quantity for line in fleet.lines(workload)}
    except CrossoverError:
        return None

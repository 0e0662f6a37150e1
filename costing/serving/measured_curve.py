"""Throughput of a measured deployment as a curve over the concurrency."""

from __future__ import annotations

import math
from dataclasses import dataclass
from typing import Final

import numpy as np

from pricing.rows import Deployment

from ..numerics.elementwise import choose, like

CURVE_SIGMA_LOG: Final = 0.06
"""Spread of an interpolated point of a curve about its measurement; `perf/throughput.py` measures it."""

SAME_LENGTH: Final = math.log(1.06)
"""Lengths whose logarithms differ by less count as the same."""


@dataclass(frozen=True, slots=True)
class MeasuredCurve:
    """Output tokens per second of one replica at one pair of lengths, by rising concurrency."""

    input_tokens: float
    output_tokens: float
    concurrencies: tuple[float, ...]
    speeds: tuple[float, ...]
    capacity: float
    """Planned speed: the sustained one of an open loop, else the highest point of the curve."""
    planned: float | None
    """Concurrency at that capacity; None without a curve."""

    @classmethod
    def of(cls, row: Deployment) -> MeasuredCurve:
        points = {float(at.concurrency): float(at.output_tokens_per_s) for at in row.curve}
        speed = float(row.output_tokens_per_s)
        if row.concurrency is not None:
            points = {float(row.concurrency): speed, **points}
            speed = max(points.values())
        places = sorted(points)
        reached = [at for at in places if points[at] >= speed]
        planned = reached[0] if reached else (places[-1] if places else None)
        return cls(
            float(row.input_tokens),
            float(row.output_tokens),
            tuple(places),
            tuple(points[at] for at in places),
            speed,
            planned,
        )

    def is_near(self, input_tokens: float, output_tokens: float) -> bool:
        """Whether these lengths are the measured ones, up to `SAME_LENGTH`."""
        return bool(
            abs(np.log(input_tokens / self.input_tokens)) < SAME_LENGTH
            and abs(np.log(output_tokens / self.output_tokens)) < SAME_LENGTH
        )

    def reaches(self, concurrency: float | None) -> bool:
        """Whether the load lies within the measured ones; None: the planned load."""
        if concurrency is None:
            return True
        return bool(self.concurrencies) and self.concurrencies[0] <= concurrency <= self.concurrencies[-1]

    def at(self, concurrency: float) -> float:
        """Speed interpolated in log concurrency, at most the capacity.

        Below the lowest point in proportion to the concurrency: a lower bound.
        """
        if not self.concurrencies:
            return self.capacity
        lowest = self.concurrencies[0]
        between = np.interp(np.log(concurrency), np.log(self.concurrencies), self.speeds)
        speed = choose(concurrency < lowest, self.speeds[0] * concurrency / lowest, between)
        at_most: float = like(np.minimum(self.capacity, speed), concurrency)
        return at_most

"""One's own measured deployment as a curve: output over how many requests run at once."""

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
"""Lengths whose logs differ by less are taken for the same."""


@dataclass(frozen=True, slots=True)
class MeasuredCurve:
    """Points of one replica at one pair of lengths, rising in concurrency; tokens a second."""

    input_tokens: float
    output_tokens: float
    concurrencies: tuple[float, ...]
    speeds: tuple[float, ...]
    capacity: float
    """What the fleet plans with: the rate of arrivals that was sustained, else the curve's highest point."""
    planned: float | None
    """Requests at once at that capacity; None where no curve says."""

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
        """Whether these are the lengths that were measured."""
        return bool(
            abs(np.log(input_tokens / self.input_tokens)) < SAME_LENGTH
            and abs(np.log(output_tokens / self.output_tokens)) < SAME_LENGTH
        )

    def reaches(self, concurrency: float | None) -> bool:
        """Whether it was measured on both sides of that load; None: at the load planned with."""
        if concurrency is None:
            return True
        return bool(self.concurrencies) and self.concurrencies[0] <= concurrency <= self.concurrencies[-1]

    def at(self, concurrency: float) -> float:
        """Interpolated in log concurrency, at most the capacity.

        Below the lowest point in proportion, which is never more than a request alone would get.
        """
        if not self.concurrencies:
            return self.capacity
        lowest = self.concurrencies[0]
        between = np.interp(np.log(concurrency), np.log(self.concurrencies), self.speeds)
        speed = choose(concurrency < lowest, self.speeds[0] * concurrency / lowest, between)
        at_most: float = like(np.minimum(self.capacity, speed), concurrency)
        return at_most

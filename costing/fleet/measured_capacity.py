"""Capacity of a replica as measured, used where the tables leave its memory or roofline blank."""

from __future__ import annotations

import math
from dataclasses import dataclass

from pricing.rows import Deployment, UnknownFigure

from ..serving.measured_curve import SAME_LENGTH, MeasuredCurve


@dataclass(frozen=True, slots=True)
class MeasuredCapacity:
    """The concurrency and lengths that a deployment was measured with; nothing is known beyond them.

    Has the methods of `Memory` that sizing needs; they raise `blank` beyond what was measured.
    """

    row: Deployment
    blank: UnknownFigure
    """The figure that the tables lack."""

    @property
    def gpus(self) -> int:
        return self.row.gpus_per_replica

    def gpus_that_hold(self, sequence_tokens: float) -> int:
        """The replica's GPUs, for requests no longer than those measured."""
        if sequence_tokens > (self.row.input_tokens + self.row.output_tokens) * math.exp(SAME_LENGTH):
            raise self.blank
        return self.gpus

    def largest_concurrency(self, input_tokens: float, output_tokens: float) -> float:
        """The highest measured concurrency."""
        curve = MeasuredCurve.of(self.row)
        if not curve.concurrencies or not curve.is_near(input_tokens, output_tokens):
            raise self.blank
        return curve.concurrencies[-1]

"""What a replica was seen to hold, where the tables leave blank what its memory or its roofline takes."""

from __future__ import annotations

import math
from dataclasses import dataclass

from pricing.rows import Deployment, UnknownFigure

from ..serving.measured_curve import SAME_LENGTH, OwnCurve


@dataclass(frozen=True, slots=True)
class MeasuredRoom:
    """The requests that a deployment was measured with, at their lengths; of others nothing is known.

    Answers as `Memory` does, and raises UnknownFigure, the reason for there being no more, beyond.
    """

    row: Deployment
    blank: UnknownFigure

    @property
    def gpus(self) -> int:
        return self.row.gpus_per_replica

    def gpus_that_hold(self, sequence_tokens: float) -> int:
        """Its own, for requests no longer than those measured."""
        if sequence_tokens > (self.row.input_tokens + self.row.output_tokens) * math.exp(SAME_LENGTH):
            raise self.blank
        return self.gpus

    def largest_concurrency(self, input_tokens: float, output_tokens: float) -> float:
        """As many as were measured together."""
        curve = OwnCurve.of(self.row)
        if not curve.concurrencies or not curve.is_near(input_tokens, output_tokens):
            raise self.blank
        return curve.concurrencies[-1]

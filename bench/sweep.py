"""Capacity search: the closed loop's maximum, and the largest Poisson rate within an SLO."""

from __future__ import annotations

from collections.abc import Awaitable, Callable
from dataclasses import dataclass, field

from .load_patterns import Load
from .measures import LevelSummary
from .result import Sweep

GAIN_SHARE = 0.05
"""Relative gain in output below which doubling the streams counts as saturation."""
KEPT_UP_SHARE = 0.9
"""Share of the offered rate that must be completed for the server to keep up."""
FINE = 1.1
"""Ratio of two rates at which the search ends."""

Measure = Callable[[Load], Awaitable[LevelSummary]]


@dataclass(slots=True)
class Search:
    """Measured levels and the result so far, kept if the search is interrupted."""

    measure: Measure
    requests: int
    warmup: int
    attainment_share: float
    max_concurrency: int = 64
    stopped: Callable[[], bool] = lambda: False
    seed: int = 1
    summaries: list[LevelSummary] = field(default_factory=list)
    saturation: int | None = None
    ceiling: float | None = None
    rate: float | None = None
    capacity: float | None = None

    @property
    def sweep(self) -> Sweep:
        return Sweep(self.saturation, self.ceiling, self.rate, self.capacity)

    async def closed(self) -> None:
        """Double the streams until they bring no more."""
        many = 1
        while many <= self.max_concurrency and not self.stopped():
            requests = max(self.requests, 2 * many)
            summary = await self._level(
                Load(concurrency=many, requests=requests, warmup=max(self.warmup, many))
            )
            output = summary.output_tokens_per_s
            if output is None or summary.partial:
                return
            before = self.ceiling
            self.ceiling = max(output, before or 0.0)
            if before is not None and output < before * (1 + GAIN_SHARE):
                self.saturation = many // 2
                return
            many *= 2

    async def open(self) -> None:
        """Raise a Poisson rate until the SLO is missed, then bisect for the largest rate that meets it."""
        peak = max((s.requests_per_s or 0.0 for s in self.summaries), default=0.0)
        if not peak:
            return
        holds, fails, rate = 0.0, 0.0, peak / 2
        while not self.stopped():
            summary = await self._level(Load(rate_per_s=rate, requests=self.requests, warmup=self.warmup))
            if summary.partial:
                return
            if self.holds(summary):
                holds, self.rate, self.capacity = rate, rate, summary.output_tokens_per_s
            else:
                fails = rate
            if fails and (fails <= holds * FINE or fails < peak / 64):
                return
            if holds >= (peak if self.saturation else 4 * peak):
                return  # the closed loop is the maximum: a short run above it is noise
            rate = rate * 1.5 if not fails else (holds + fails) / 2 if holds else fails / 2
            if self.saturation:
                rate = min(rate, peak)

    def holds(self, summary: LevelSummary) -> bool:
        """Whether enough requests met the SLO and the server kept up with the arrivals."""
        if summary.attainment_share is None or summary.attainment_share < self.attainment_share:
            return False
        offered = summary.offered_per_s or summary.rate_per_s or 0.0
        return (summary.requests_per_s or 0.0) >= KEPT_UP_SHARE * offered

    async def _level(self, load: Load) -> LevelSummary:
        summary = await self.measure(load)
        self.summaries.append(summary)
        return summary

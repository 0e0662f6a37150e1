"""Latency of a self-hosted fleet: published where measured alike, else estimated."""

from __future__ import annotations

import math
from dataclasses import dataclass

import numpy as np

from i18n.message import Message, message
from pricing.rows import Evidence, UnknownFigure

from ..fleet import Fleet
from ..fleet.replica_speed import ReplicaSpeed
from ..serving.measured_curve import MeasuredCurve
from ..workload.workload import Workload


@dataclass(frozen=True, slots=True)
class Milliseconds:
    """A time with what it rests on."""

    ms: float
    evidence: Evidence
    source: str
    condition: Message


def first_token_ms(fleet: Fleet, workload: Workload) -> Milliseconds | None:
    """Until the answer begins; None where nothing tells, or requests queue up at the peak.

    Estimated: by the fit to published medians, the wait for a place at the peak included.
    """
    row, lengths = fleet.replica.deployment, _lengths_of_a_call(fleet, workload)
    if row is not None and row.first_token_p50_ms and MeasuredCurve.of(row).is_near(*lengths):
        condition = message("median, at the load that was measured")
        return Milliseconds(float(row.first_token_p50_ms), row.evidence, row.source, condition)
    first_token = fleet.first_token(workload)
    if first_token is None or not math.isfinite(first_token.total_s):
        return None
    condition = message("a fit to published medians, and the mean wait at the peak")
    return Milliseconds(1000 * first_token.total_s, Evidence.ESTIMATED, "costing/serving/ttft.py", condition)


def token_ms(fleet: Fleet, workload: Workload) -> Milliseconds:
    """Between two tokens of an answer at the day's peak.

    Estimated: as many requests share a replica as it takes to answer its part of the peak, at least one
    and at most as many as planned; as many as planned too where nobody knows its speed with fewer.
    """
    row, prompt = fleet.replica.deployment, fleet.prompt(workload)
    if (
        row is not None
        and row.token_p50_ms
        and MeasuredCurve.of(row).is_near(*_lengths_of_a_call(fleet, workload))
    ):
        condition = message("median, at the load that was measured")
        return Milliseconds(float(row.token_p50_ms), row.evidence, row.source, condition)
    pace, replicas = fleet.replica_speed(workload), float(np.max(fleet.size(workload).replicas))
    written = prompt.output_tokens * workload.tries_per_request
    wanted = _peak_requests_per_s(fleet, workload) / replicas * written
    condition = message("concurrent requests divided by output tokens per second, at peak load")
    together, speed = pace.full.concurrency, pace.full.output_tokens_per_s
    try:
        together, speed = _shared(pace, wanted)
    except UnknownFigure:
        condition = message(
            "concurrent requests divided by output tokens per second, at full load; unknown below it"
        )
    source = "costing/decision/latency.py" if row is None else row.source
    return Milliseconds(1000 * together / speed, Evidence.ESTIMATED, source, condition)


def _shared(pace: ReplicaSpeed, wanted: float) -> tuple[float, float]:
    """The lowest concurrency that gives this many tokens a second, and its speed; raises UnknownFigure."""
    together = pace.full.concurrency
    if together > 1 and pace.at(1.0) >= wanted:
        together = 1.0
    elif together > 1 and pace.full.output_tokens_per_s > wanted:
        low = 1.0
        for _ in range(40):
            middle = (low + together) / 2
            low, together = (low, middle) if pace.at(middle) >= wanted else (middle, together)
    full = together == pace.full.concurrency
    return together, pace.full.output_tokens_per_s if full else pace.at(together)


def _lengths_of_a_call(fleet: Fleet, workload: Workload) -> tuple[float, float]:
    """Mean input and output tokens."""
    prompt = fleet.prompt(workload)
    return prompt.input_tokens / prompt.calls, prompt.output_tokens / prompt.calls


def _peak_requests_per_s(fleet: Fleet, workload: Workload) -> float:
    """Peak request rate of the fleet."""
    return float(np.max(workload.requests_per_s)) * fleet.share(workload).peak_to_average

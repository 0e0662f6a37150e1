"""How long an answer of one's own fleet takes: published where that was measured alike, else estimated."""

from __future__ import annotations

import math
from dataclasses import dataclass

import numpy as np

from pricing.message import Message, message
from pricing.rows import Evidence

from .own_curve import OwnCurve
from .own_fleet import OwnFleet
from .roofline import SPENT_ON, USUAL, Setup, Setups, seconds
from .waiting import mean_wait_s
from .workload import Workload


@dataclass(frozen=True, slots=True)
class Milliseconds:
    """A time with what it rests on."""

    ms: float
    evidence: Evidence
    source: str
    how: Message


def first_token_ms(fleet: OwnFleet, workload: Workload) -> Milliseconds | None:
    """Until the answer begins; None where nothing tells, or requests queue up at the peak.

    Estimated: the prompt's arithmetic alone on the replica, by the usual efficiencies of the roofline,
    and the mean wait for a place at the peak. A full replica is slower: other requests share its steps.
    """
    row, lengths = fleet.deployment, _lengths_of_a_call(fleet, workload)
    if row is not None and row.first_token_p50_ms and OwnCurve.of(row).is_near(*lengths):
        how = message("median, at the load that was measured")
        return Milliseconds(float(row.first_token_p50_ms), row.evidence, row.source, how)
    wait_s = _wait_at_the_peak_s(fleet, workload)
    if fleet.served.gpu.is_cpu or not math.isfinite(wait_s):
        return None
    served = fleet.served
    setup = Setup.of(
        served.model,
        served.gpu,
        served.precision,
        gpu_count=served.gpus,
        parallel="",
        input_tokens=lengths[0],
        output_tokens=lengths[1],
        concurrency=1,
    )
    prefill_s = float(seconds(Setups.of([setup]), USUAL)[0, SPENT_ON.index("prefill arithmetic")])
    how = message("the prompt alone by a roofline, and the mean wait at the peak")
    return Milliseconds(1000 * (prefill_s + wait_s), "estimated", "costing/latency.py", how)


def token_ms(fleet: OwnFleet, workload: Workload) -> Milliseconds:
    """Between two tokens of an answer at the day's peak.

    Estimated: as many requests share a replica as it takes to answer its part of the peak, at least one
    and at most as many as planned.
    """
    row, prompt = fleet.deployment, fleet.fleet_prompt(workload)
    if (
        row is not None
        and row.token_p50_ms
        and OwnCurve.of(row).is_near(*_lengths_of_a_call(fleet, workload))
    ):
        how = message("median, at the load that was measured")
        return Milliseconds(float(row.token_p50_ms), row.evidence, row.source, how)
    pace, replicas = fleet.pace(workload), float(np.max(fleet.fleet_size(workload).replicas))
    written = prompt.output_tokens * workload.tries_per_request
    wanted = _peak_requests_per_s(fleet, workload) / replicas * written
    together = pace.full.concurrency
    if together > 1 and pace.at(1.0) >= wanted:
        together = 1.0
    elif together > 1 and pace.full.output_tokens_per_s > wanted:
        low = 1.0
        for _ in range(40):
            middle = (low + together) / 2
            low, together = (low, middle) if pace.at(middle) >= wanted else (middle, together)
    full = together == pace.full.concurrency
    speed = pace.full.output_tokens_per_s if full else pace.at(together)
    how = message("requests at once over output tokens a second, at the peak")
    source = "costing/latency.py" if row is None else row.source
    return Milliseconds(1000 * together / speed, "estimated", source, how)


def _lengths_of_a_call(fleet: OwnFleet, workload: Workload) -> tuple[float, float]:
    """Mean input and output tokens."""
    prompt = fleet.fleet_prompt(workload)
    return prompt.input_tokens / prompt.calls, prompt.output_tokens / prompt.calls


def _peak_requests_per_s(fleet: OwnFleet, workload: Workload) -> float:
    """That the fleet answers."""
    return float(np.max(workload.requests_per_s)) * fleet.fleet_share(workload).peak_to_average


def _wait_at_the_peak_s(fleet: OwnFleet, workload: Workload) -> float:
    """Mean over all requests, spares left out; infinite where the queue grows until the peak is over."""
    capacity, together = fleet.capacity_requests_per_s(workload), fleet.speed(workload).concurrency
    replicas = float(np.max(fleet.fleet_size(workload).needed_replicas))
    slots = max(1, math.floor(replicas * together))
    return mean_wait_s(slots, _peak_requests_per_s(fleet, workload), together / capacity)

"""How many requests may share a replica so that the first token, and each further one, comes in time."""

from __future__ import annotations

import math
from functools import reduce
from typing import Final

import numpy as np

from i18n.errors import CrossoverError
from i18n.message import message

from ..numerics.elementwise import choose, clip
from ..serving.queueing import mean_wait_s
from ..serving.roofline import Setup
from ..serving.throughput import Throughput
from ..serving.ttft import first_token_s, parts_s
from ..strategy.base import Infeasible
from .replica import ServedFleet
from .replica_speed import ReplicaSpeed

Lengths = tuple[float, float]
"""Input and output tokens."""

_TRIED: Final = 60
"""Numbers of requests at once among which the time to the first token is looked for."""


def per_token(fleet: ServedFleet, pace: ReplicaSpeed, most: float, allowed_ms: float) -> Throughput:
    """The speed where at most `most` requests share the replica and each token comes in time; 0: no limit.

    Raises Infeasible where one request alone is too slow.
    """
    allowed_s = allowed_ms / 1000
    if allowed_s and most / pace.at(most) > allowed_s:
        low, high = 1.0, most
        if low / pace.at(low) > allowed_s:
            raise Infeasible(
                message(
                    "{deployment} needs {found:,.1f} ms for a token even if it answers one request at a "
                    "time (allow longer than {allowed:g} ms, or choose a faster deployment)",
                    deployment=fleet.served.name,
                    found=1000 * low / pace.at(low),
                    allowed=allowed_ms,
                )
            )
        for _ in range(60):
            middle = (low + high) / 2
            in_time = middle / pace.at(middle) <= allowed_s
            low, high = choose(in_time, middle, low), choose(in_time, high, middle)
        most = low
    return _at(pace, most)


def _at(pace: ReplicaSpeed, concurrency: float) -> Throughput:
    if concurrency == pace.full.concurrency:
        return pace.full
    return Throughput(pace.at(concurrency), concurrency, pace.evidence_below)


def first_token(
    fleet: ServedFleet,
    pace: ReplicaSpeed,
    output_tokens: float,
    most: Throughput,
    allowed_ms: float,
    busy_share: float,
) -> Throughput:
    """The speed where so few share the replica that the first token comes in time; 0: no limit.

    Of one replica alone that is busy for that share, so it holds at any size of the fleet. Fewer requests at
    once make steps shorter and the wait for a place longer: it may not be had at any number, and then this
    raises Infeasible. Where it is not known it limits nothing.
    """
    if not allowed_ms:
        return most

    def total_ms(concurrency: float) -> float:
        at = most if concurrency == most.concurrency else _at(pace, concurrency)
        engine_s = engine_first_token_s(pace, output_tokens, at)
        if engine_s is None:
            return 0.0
        slots, service_s = (
            clip(math.floor(concurrency), 1, math.inf),
            concurrency * output_tokens / at.output_tokens_per_s,
        )
        return 1000 * (engine_s + mean_wait_s(slots, busy_share * slots / service_s, service_s))

    if total_ms(most.concurrency) <= allowed_ms:
        return most
    spread = np.geomspace(1, max(1.0, most.concurrency), _TRIED)
    tried = list(dict.fromkeys(clip(1.0 * math.floor(n), 1.0, math.inf) for n in spread))
    tried_ms = [total_ms(n) for n in tried]
    low, high = -1.0, most.concurrency
    for n, ms in zip(tried, tried_ms, strict=True):
        low = choose(ms <= allowed_ms, n, low)
    if low < 0:
        raise Infeasible(
            message(
                "{deployment} needs {found:,.0f} ms to the first token at best, at a utilisation of "
                "{busy:.0%} (allow longer than {allowed:g} ms, plan for a lower utilisation, or choose a "
                "faster deployment)",
                deployment=fleet.served.name,
                found=reduce(
                    lambda least, ms: choose(ms < least, ms, least), [*tried_ms, total_ms(most.concurrency)]
                ),
                busy=busy_share,
                allowed=allowed_ms,
            )
        )
    for n in reversed(tried):
        high = choose(n > low, n, high)
    while np.any(high - low > 1):
        middle = choose(high - low > 1, 1.0 * math.floor((low + high) / 2), low)
        in_time = total_ms(middle) <= allowed_ms
        low, high = choose(in_time, middle, low), choose(in_time, high, middle)
    return _at(pace, low)


def prefill_s(fleet: ServedFleet, lengths: Lengths, at: Throughput) -> float | None:
    """Of one request alone, by the speed at that load; None where nothing tells a prefill from a step."""
    served = fleet.served
    if served.gpu.is_cpu:
        return None
    try:
        setup = Setup.of(
            served.model,
            served.gpu,
            served.precision,
            gpu_count=served.gpus,
            parallel="",
            input_tokens=lengths[0],
            output_tokens=lengths[1],
            concurrency=at.concurrency,
        )
    except CrossoverError:  # the tables do not have its bandwidth or arithmetic
        return None
    return parts_s(setup, at.output_tokens_per_s)[0]


def engine_first_token_s(pace: ReplicaSpeed, output_tokens: float, at: Throughput) -> float | None:
    """Of a typical request that has its place; None where its prefill is not known.

    A prefill takes as long at any load, so the steps are what is left of the time of a batch.
    """
    if pace.prefill_s is None:
        return None
    step_s = at.concurrency * (1 / at.output_tokens_per_s - pace.prefill_s / output_tokens)
    return first_token_s(pace.prefill_s, clip(step_s, 0.0, math.inf))

"""Highest concurrency of a replica at which the limits on TTFT and TPOT hold."""

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
from .replica import ServedReplica
from .replica_speed import ReplicaSpeed

Lengths = tuple[float, float]
"""Input and output tokens."""

_TRIED: Final = 60
"""Concurrencies at which the time to the first token is computed before bisection."""


def per_token(
    served: ServedReplica, speed: ReplicaSpeed, max_concurrency: float, allowed_ms: float
) -> Throughput:
    """The speed at the highest concurrency up to `max_concurrency` at which a token comes in `allowed_ms`.

    Time per output token (TPOT) = concurrency / output tokens per second. 0 allows any time. Raises
    Infeasible where one request alone is too slow.
    """
    allowed_s = allowed_ms / 1000
    if allowed_s and max_concurrency / speed.at(max_concurrency) > allowed_s:
        low, high = 1.0, max_concurrency
        if low / speed.at(low) > allowed_s:
            raise Infeasible(
                message(
                    "{deployment} needs {ms:,.1f} ms for a token even if it answers one request at a "
                    "time (allow longer than {allowed:g} ms, or choose a faster deployment)",
                    deployment=served.name,
                    ms=1000 * low / speed.at(low),
                    allowed=allowed_ms,
                )
            )
        for _ in range(60):
            middle = (low + high) / 2
            in_time = middle / speed.at(middle) <= allowed_s
            low, high = choose(in_time, middle, low), choose(in_time, high, middle)
        max_concurrency = low
    return _at(speed, max_concurrency)


def _at(speed: ReplicaSpeed, concurrency: float) -> Throughput:
    if concurrency == speed.full.concurrency:
        return speed.full
    return Throughput(speed.at(concurrency), concurrency, speed.evidence_below)


def first_token(
    served: ServedReplica,
    speed: ReplicaSpeed,
    output_tokens: float,
    full: Throughput,
    allowed_ms: float,
    utilisation_share: float,
) -> Throughput:
    """The speed at the highest concurrency, at most that of `full`, at which the first token comes in time.

    Checked for one replica alone at that utilisation, so that it holds at any size of the fleet. Fewer
    requests at once make steps shorter and the wait for a place longer: no concurrency may do, and then this
    raises Infeasible. A time that is not known limits nothing; 0 allows any time.
    """
    if not allowed_ms:
        return full

    def total_ms(concurrency: float) -> float:
        at = full if concurrency == full.concurrency else _at(speed, concurrency)
        engine_s = engine_first_token_s(speed, output_tokens, at)
        if engine_s is None:
            return 0.0
        slots, service_s = (
            clip(math.floor(concurrency), 1, math.inf),
            concurrency * output_tokens / at.output_tokens_per_s,
        )
        return 1000 * (engine_s + mean_wait_s(slots, utilisation_share * slots / service_s, service_s))

    if total_ms(full.concurrency) <= allowed_ms:
        return full
    spaced = np.geomspace(1, max(1.0, full.concurrency), _TRIED)
    tried = list(dict.fromkeys(clip(1.0 * math.floor(n), 1.0, math.inf) for n in spaced))
    tried_ms = [total_ms(n) for n in tried]
    low, high = -1.0, full.concurrency
    for n, ms in zip(tried, tried_ms, strict=True):
        low = choose(ms <= allowed_ms, n, low)
    if low < 0:
        raise Infeasible(
            message(
                "{deployment} needs {ms:,.0f} ms to the first token at best, at a utilisation of "
                "{busy:.0%} (allow longer than {allowed:g} ms, plan for a lower utilisation, or choose a "
                "faster deployment)",
                deployment=served.name,
                ms=reduce(
                    lambda least, ms: choose(ms < least, ms, least), [*tried_ms, total_ms(full.concurrency)]
                ),
                busy=utilisation_share,
                allowed=allowed_ms,
            )
        )
    for n in reversed(tried):
        high = choose(n > low, n, high)
    while np.any(high - low > 1):
        middle = choose(high - low > 1, 1.0 * math.floor((low + high) / 2), low)
        in_time = total_ms(middle) <= allowed_ms
        low, high = choose(in_time, middle, low), choose(in_time, high, middle)
    return _at(speed, low)


def prefill_s(served: ServedReplica, lengths: Lengths, at: Throughput) -> float | None:
    """Seconds of the prefill of one request alone, from the speed at that load.

    None where it cannot be told from a decode step: on a CPU, or without the GPU's bandwidth or arithmetic.
    """
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
    except CrossoverError:
        return None
    return parts_s(setup, at.output_tokens_per_s)[0]


def engine_first_token_s(speed: ReplicaSpeed, output_tokens: float, at: Throughput) -> float | None:
    """Seconds to the first token of a typical request once it has a place; None where its prefill is unknown.

    A prefill takes equally long at any load, so the decode steps take the rest of the time of a batch.
    """
    if speed.prefill_s is None:
        return None
    step_s = at.concurrency * (1 / at.output_tokens_per_s - speed.prefill_s / output_tokens)
    return first_token_s(speed.prefill_s, clip(step_s, 0.0, math.inf))

"""How long requests wait for a free slot when they arrive at random."""

from __future__ import annotations

import math

import numpy as np

MAX_SLOTS = 100_000
"""More are counted as so many, equally busy: an upper bound, for a larger pool waits less."""


def waiting_share(slots: int, busy_slots: float) -> float:
    """Erlang C: the share of requests that wait, in a queue M/M/c at its steady state.

    `busy_slots` is the rate of arrival times the time of service. At or above `slots` all wait.
    """
    if busy_slots >= slots:
        return 1.0
    if busy_slots <= 0:
        return 0.0
    if slots > MAX_SLOTS:
        return waiting_share(MAX_SLOTS, busy_slots / slots * MAX_SLOTS)
    # 1 / B = sum over k of c! / (c - k)! / a^k, by logarithms: the terms exceed a float's range.
    factors = np.log(np.arange(slots, 0, -1, dtype=np.float64)) - math.log(busy_slots)
    exponents = np.concatenate([[0.0], np.cumsum(factors)])
    largest = float(np.max(exponents))
    log_sum = largest + float(np.log(np.sum(np.exp(exponents - largest))))
    lost = float(np.exp(-log_sum))
    busy = busy_slots / slots
    return lost / (1 - busy * (1 - lost))


def mean_wait_s(slots: int, requests_per_s: float, service_s: float) -> float:
    """Of all requests, those that do not wait included; infinite where the queue never empties."""
    busy_slots = requests_per_s * service_s
    if busy_slots >= slots:
        return float("inf")
    return waiting_share(slots, busy_slots) * service_s / (slots - busy_slots)

"""How long requests wait for a free slot when they arrive at random."""

from __future__ import annotations

from typing import Final

import numpy as np
import numpy.typing as npt

from ..numerics.elementwise import like

Floats = npt.NDArray[np.float64]

MAX_SLOTS = 100_000
"""More are counted as so many, equally busy: an upper bound, for a larger pool waits less."""
_BLOCK_CELLS: Final = 1_000_000


def waiting_share(slots: int, busy_slots: float) -> float:
    """Erlang C: the share of requests that wait, in a queue M/M/c at its steady state.

    `busy_slots` is the rate of arrival times the time of service. At or above `slots` all wait. Each may be
    a Monte Carlo sample array too.
    """
    if busy_slots >= slots:
        return 1.0
    if busy_slots <= 0:
        return 0.0
    if slots > MAX_SLOTS:
        return waiting_share(MAX_SLOTS, busy_slots / slots * MAX_SLOTS)
    shares = np.empty(np.broadcast(slots, busy_slots).shape or (1,))
    for count in np.unique(slots):
        is_row = np.broadcast_to(np.asarray(slots) == count, shares.shape)
        shares[is_row] = _erlang_c(int(count), np.broadcast_to(busy_slots, shares.shape)[is_row])
    share: float = like(shares, slots, busy_slots)
    return share


def _erlang_c(slots: int, busy_slots: Floats) -> Floats:
    """(draws,), in blocks that fit the memory."""
    rows = max(1, _BLOCK_CELLS // slots)
    blocks = [busy_slots[start : start + rows] for start in range(0, len(busy_slots), rows)]
    return np.concatenate([_erlang_c_block(slots, block) for block in blocks])


def _erlang_c_block(slots: int, busy_slots: Floats) -> Floats:
    # 1 / B = sum over k of c! / (c - k)! / a^k, by logarithms: the terms exceed a float's range.
    factors = np.log(np.arange(slots, 0, -1, dtype=np.float64)) - np.log(busy_slots)[:, None]
    exponents = np.concatenate([np.zeros((len(busy_slots), 1)), np.cumsum(factors, axis=1)], axis=1)
    largest = np.max(exponents, axis=1)
    log_sum = largest + np.log(np.sum(np.exp(exponents - largest[:, None]), axis=1))
    lost = np.exp(-log_sum)
    busy = busy_slots / slots
    return np.asarray(lost / (1 - busy * (1 - lost)))


def mean_wait_s(slots: int, requests_per_s: float, service_s: float) -> float:
    """Of all requests, those that do not wait included; infinite where the queue never empties."""
    busy_slots = requests_per_s * service_s
    if busy_slots >= slots:
        return float("inf")
    return waiting_share(slots, busy_slots) * service_s / (slots - busy_slots)

"""Queueing of requests that arrive at random: M/M/c with one server per slot (Erlang C)."""

from __future__ import annotations

from typing import Final

import numpy as np
import numpy.typing as npt

from ..numerics.elementwise import like

Floats = npt.NDArray[np.float64]

MAX_SLOTS = 100_000
"""A larger pool is treated as one of this size at the same utilisation: an upper bound of its wait."""
_BLOCK_CELLS: Final = 1_000_000


def waiting_share(slots: int, busy_slots: float) -> float:
    """Erlang C: share of requests that wait in a queue M/M/c at steady state.

    `busy_slots` = arrivals per second x service time. At or above `slots` all requests wait. Each may be a
    Monte Carlo sample array too.

    >>> round(waiting_share(slots=2, busy_slots=1.0), 4)  # 1/3
    0.3333
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
    """Mean over all requests, also those that do not wait; infinite where the queue never empties.

    >>> mean_wait_s(slots=1, requests_per_s=0.5, service_s=1.0)  # rho / (1 - rho) x service time
    1.0
    """
    busy_slots = requests_per_s * service_s
    if busy_slots >= slots:
        return float("inf")
    return waiting_share(slots, busy_slots) * service_s / (slots - busy_slots)

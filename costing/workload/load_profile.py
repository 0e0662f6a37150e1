"""Load profile of a day: 24 hours given by the user, or a bell curve; percentiles of the load."""

from __future__ import annotations

import math
from functools import lru_cache
from typing import Any

import numpy as np
import numpy.typing as npt

from ..numerics.elementwise import like

SLOTS = 288
"""Parts of a day, five minutes each."""
HOURS = 24
Hours = tuple[float, ...]
"""Share of the day's requests in each hour, from midnight on; empty: the load is a bell curve."""


def peak_of(hour_shares: Hours) -> float:
    """Requests of the busiest hour over those of the average hour."""
    return HOURS * max(hour_shares) / sum(hour_shares)


def day_load(peak_to_average: float, hour_shares: Hours = ()) -> npt.NDArray[np.float64]:
    """Load of each slot over the average load (SLOTS,), sorted from the lowest to the highest.

    The highest is the peak. Within a given hour the load is constant.
    """
    return _hourly(hour_shares) if hour_shares else _bell(peak_to_average)


@lru_cache(maxsize=64)
def _hourly(hour_shares: Hours) -> npt.NDArray[np.float64]:
    shares = np.sort(np.array(hour_shares, dtype=np.float64))
    loads = np.repeat(shares / np.mean(shares), SLOTS // HOURS)
    loads.setflags(write=False)
    return loads


@lru_cache(maxsize=4096)
def _bell(peak_to_average: float) -> npt.NDArray[np.float64]:
    """A bell curve around the busiest hour, sorted (SLOTS,): e^(k cos(hour angle)).

    k is found by bisection so that peak over average is `peak_to_average`. The shape is an assumption: at 1
    it is flat, at 3 a quarter of the day carries almost two thirds. The narrowest has a peak of SLOTS times
    the average.
    """
    if peak_to_average <= 1:
        return np.ones(SLOTS)
    angle = np.cos(2 * math.pi * np.arange(SLOTS) / SLOTS)

    def load(k: float) -> npt.NDArray[np.float64]:
        shape = np.exp(k * (angle - 1))
        return np.asarray(shape / np.mean(shape), dtype=np.float64)

    low, high = 0.0, 1.0
    while np.max(load(high)) < min(peak_to_average, SLOTS * 0.999):
        high *= 2
    for _ in range(100):
        k = (low + high) / 2
        low, high = (k, high) if np.max(load(k)) < peak_to_average else (low, k)
    loads = np.sort(load(high))
    loads.setflags(write=False)
    return loads


def bell_hours(peak_to_average: float) -> Hours:
    """The bell curve as shares of the day's requests by hour, with its peak at noon (an assumption)."""
    falling = day_load(peak_to_average)[::-1]
    by_hour = falling.reshape(HOURS, -1).mean(axis=1) / (HOURS * np.mean(falling))
    # The busiest hour in the middle, the next ones alternately on either side of it.
    hours = sorted(range(HOURS), key=lambda hour: (abs(hour - HOURS // 2), hour))
    shares = dict(zip(hours, by_hour.tolist(), strict=True))
    return tuple(shares[hour] for hour in range(HOURS))


def share_in_quietest(time_share: float, hour_shares: Hours) -> float:
    """Share of the day's requests that arrive in its quietest hours, which are `time_share` of the day."""
    loads = _hourly(hour_shares)
    return float(np.sum(loads[: round(time_share * SLOTS)]) / SLOTS)


def level(peak_to_average: float, percentile: float, hour_shares: Hours = ()) -> float:
    """The load, over the average, that the day stays at or below for `percentile` of its time.

    At 100 it is the peak. Linear between slots, as `np.quantile`. Each figure may be an array (draws,).

    >>> level(1.0, 50.0)
    1.0
    """
    if percentile >= 100:
        return max(1.0, peak_to_average)
    loads = _loads(peak_to_average, hour_shares)
    position = np.asarray(percentile) / 100 * (SLOTS - 1)
    below = np.floor(position).astype(np.intp)
    fraction = position - below
    draws = np.arange(len(loads)) if len(loads) > 1 else 0
    low, high = loads[draws, below], loads[draws, below + 1]
    step = high - low
    load: float = like(
        np.where(fraction < 0.5, low + step * fraction, high - step * (1 - fraction)),
        peak_to_average,
        percentile,
    )
    return load


def share_below(peak_to_average: float, max_load: float, hour_shares: Hours = ()) -> float:
    """The share of the day's requests answered by a fleet that carries at most `max_load`.

    `max_load` is a multiple of the average load. Each figure may be an array (draws,).

    >>> share_below(1.0, 0.25)
    0.25
    """
    if max_load >= peak_to_average:
        return 1.0
    carried = np.minimum(_loads(peak_to_average, hour_shares), np.asarray(max_load)[..., None])
    share: float = like(carried.mean(axis=-1), peak_to_average, max_load)
    return share


def _loads(peak_to_average: Any, hour_shares: Hours) -> npt.NDArray[np.float64]:
    """Load of the day, rising: (draws, slots), or (1, slots) where it is the same in all draws."""
    if hour_shares or not np.ndim(peak_to_average):
        return day_load(peak_to_average, hour_shares)[None, :]
    peaks, index = np.unique(np.asarray(peak_to_average), return_inverse=True)
    return np.array([_bell(float(peak)) for peak in peaks])[index]

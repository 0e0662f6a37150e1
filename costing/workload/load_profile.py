"""The load of a day by the hour: a user's own hours or a bell, and what lies below a level of it."""

from __future__ import annotations

import math
from functools import lru_cache
from typing import Any

import numpy as np
import numpy.typing as npt

SLOTS = 288
"""Five minutes each."""
HOURS = 24
Hours = tuple[float, ...]
"""Shares of a day's requests, from midnight on; none: the day is a bell."""


def peak_of(hour_shares: Hours) -> float:
    """The busiest hour over the average one."""
    return HOURS * max(hour_shares) / sum(hour_shares)


def day_load(peak_to_average: float, hour_shares: Hours = ()) -> npt.NDArray[np.float64]:
    """Load in each slot of the day, the average being 1 and the highest the peak; rising.

    Within an hour of one's own the load is even.
    """
    return _hourly(hour_shares) if hour_shares else _bell(peak_to_average)


@lru_cache(maxsize=64)
def _hourly(hour_shares: Hours) -> npt.NDArray[np.float64]:
    shares = np.sort(np.array(hour_shares, dtype=np.float64))
    found = np.repeat(shares / np.mean(shares), SLOTS // HOURS)
    found.setflags(write=False)
    return found


@lru_cache(maxsize=4096)
def _bell(peak_to_average: float) -> npt.NDArray[np.float64]:
    """The shape is a bell around the busiest hour: e^(k cos of the hour's angle), with k such that peak over
    average is what was asked for. It is an assumption: at 1 it is flat, at 3 a quarter of the day carries
    almost two thirds. It is as narrow as it can be at a peak of SLOTS times the average.
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
    found = np.sort(load(high))
    found.setflags(write=False)
    return found


def bell_hours(peak_to_average: float) -> Hours:
    """The bell by the hour, as shares of a day; its top is put at noon, for it knows no clock."""
    falling = day_load(peak_to_average)[::-1]
    by_hour = falling.reshape(HOURS, -1).mean(axis=1) / (HOURS * np.mean(falling))
    # The busiest hour in the middle, the next ones by turns on either side of it.
    places = sorted(range(HOURS), key=lambda hour: (abs(hour - HOURS // 2), hour))
    shares = dict(zip(places, by_hour.tolist(), strict=True))
    return tuple(shares[hour] for hour in range(HOURS))


def share_in_quietest(time_share: float, hour_shares: Hours) -> float:
    """Of the day's requests, those that come in its quietest hours, which are so much of its time."""
    load = _hourly(hour_shares)
    return float(np.sum(load[: round(time_share * SLOTS)]) / SLOTS)


def level(peak_to_average: float, percentile: float, hour_shares: Hours = ()) -> float:
    """The load, over the average, that the day stays at or below for `percentile` of its time.

    At 100 it is the peak.
    """
    if percentile >= 100:
        return max(1.0, peak_to_average)
    if np.ndim(peak_to_average) or np.ndim(percentile):
        drawn: float = _drawn_level(peak_to_average, percentile, hour_shares)
        return drawn
    return float(np.quantile(day_load(peak_to_average, hour_shares), percentile / 100))


def _drawn_level(peak_to_average: Any, percentile: Any, hour_shares: Hours) -> Any:
    """The same for rows of draws, of either or of both."""
    load = _drawn_load(peak_to_average, hour_shares)
    place = np.asarray(percentile) / 100 * (SLOTS - 1)
    below = np.floor(place).astype(np.intp)
    draws = np.arange(load.shape[1]) if load.shape[1] > 1 else 0
    low, high = load[below, draws], load[below + 1, draws]
    return (low + (high - low) * (place - below)).view(_type_of(peak_to_average, percentile))


def _drawn_load(peak_to_average: Any, hour_shares: Hours) -> npt.NDArray[np.float64]:
    """(slots, draws), or (slots, 1) where the day is the same in all draws."""
    if hour_shares or not np.ndim(peak_to_average):
        return day_load(peak_to_average, hour_shares)[:, None]
    each, which = np.unique(np.asarray(peak_to_average), return_inverse=True)
    found: npt.NDArray[np.float64] = np.array([_bell(float(peak)) for peak in each]).T[:, which]
    return found


def _type_of(*figures: Any) -> type[npt.NDArray[np.float64]]:
    """Of the first that is a row of draws: what is made of it is one too."""
    found: type[npt.NDArray[np.float64]] = next(type(one) for one in figures if np.ndim(one))
    return found


def share_below(peak_to_average: float, most: float, hour_shares: Hours = ()) -> float:
    """The share of the day's requests that a fleet answers which carries at most `most` times the average."""
    if most >= peak_to_average:
        return 1.0
    if np.ndim(peak_to_average) or np.ndim(most):
        answered = np.minimum(_drawn_load(peak_to_average, hour_shares), np.asarray(most)).mean(axis=0)
        found: float = answered.view(_type_of(peak_to_average, most))
        return found
    return float(np.mean(np.minimum(day_load(peak_to_average, hour_shares), most)))

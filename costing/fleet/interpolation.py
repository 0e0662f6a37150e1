"""A speed that is slow to work out, for many lengths and loads at once: between points of a fixed lattice."""

from __future__ import annotations

import itertools
import math
from collections.abc import Callable, Sequence
from typing import Any, Final

import numpy as np
import numpy.typing as npt

from i18n.errors import CrossoverError

STEPS_A_DOUBLING: Final = 4
"""Lattice points; the same whatever is asked, so that a figure does not depend on its company."""

Speed = Callable[[float, float, float], float]


def speed_between(speed: Speed, *places: Any) -> Any:
    """`speed` at these places, each a number or a column: linear in the logarithms between lattice points.

    Exact in a place that is a number. Raises TypeError where it is not known at a lattice point around.
    """
    lows: list[npt.NDArray[np.intp]] = []
    parts: list[npt.NDArray[np.float64]] = []
    rows = max(np.size(place) for place in places)
    for place in places:
        if np.ndim(place) == 0:
            lows.append(np.zeros(rows, np.intp))
            parts.append(np.zeros(rows))
            continue
        at = np.log2(np.asarray(place)) * STEPS_A_DOUBLING
        lows.append(np.floor(at).astype(np.intp))
        parts.append(at - lows[-1])
    corners = list(itertools.product(*((0, 1) if np.ndim(place) else (0,) for place in places)))
    around = np.array([[low + side for side, low in zip(corner, lows, strict=True)] for corner in corners])
    points, which = np.unique(around.swapaxes(0, 1).reshape(len(places), -1), axis=1, return_inverse=True)
    logs = np.array([_log_speed(speed, places, point) for point in points.T])[which].reshape(-1, rows)
    found = np.zeros(rows)
    for corner, at_corner in zip(corners, logs, strict=True):
        weight = np.ones(rows)
        for side, part in zip(corner, parts, strict=True):
            weight *= part if side else 1 - part
        found += weight * at_corner
    like = next(place for place in places if np.ndim(place))
    return np.exp(found).view(type(like))


def _log_speed(speed: Speed, places: Sequence[Any], steps: npt.NDArray[np.intp]) -> float:
    """At one lattice point; a place that is a number stays what it is."""
    point = [
        2.0 ** (int(step) / STEPS_A_DOUBLING) if np.ndim(place) else float(place)
        for place, step in zip(places, steps, strict=True)
    ]
    try:
        return math.log(speed(*point))
    except CrossoverError as error:
        raise TypeError("not known all around") from error

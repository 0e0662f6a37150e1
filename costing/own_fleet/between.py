"""A speed that is slow to work out, for many lengths and loads at once: between points of a fixed lattice."""

from __future__ import annotations

import itertools
import math
from collections.abc import Callable
from typing import Any, Final

import numpy as np
import numpy.typing as npt

from pricing.message import CrossoverError

STEPS_A_DOUBLING: Final = 2
"""Lattice points; the same whatever is asked, so that a figure does not depend on its company."""

Speed = Callable[[float, float, float], float]


def speed_between(speed: Speed, *places: Any) -> Any:
    """`speed` at these places, each a number or a column: linear in the logarithms between lattice points.

    Exact in a place that is a number. Raises TypeError where it is not known at a lattice point around.
    """
    axes: list[list[float]] = []
    steps: list[tuple[npt.NDArray[np.intp], npt.NDArray[np.float64]]] = []
    for place in places:
        if np.ndim(place) == 0:
            axes.append([float(place)])
            steps.append((np.zeros(1, np.intp), np.zeros(1)))
            continue
        at = np.log2(np.asarray(place)) * STEPS_A_DOUBLING
        first, last = math.floor(at.min()), max(math.floor(at.min()) + 1, math.ceil(at.max()))
        axes.append([2.0 ** (step / STEPS_A_DOUBLING) for step in range(first, last + 1)])
        low = np.minimum(np.floor(at).astype(np.intp), last - 1)
        steps.append((low - first, at - low))
    try:
        table = np.array([math.log(speed(*point)) for point in itertools.product(*axes)])
    except CrossoverError as error:
        raise TypeError("not known all around") from error
    table = table.reshape([len(axis) for axis in axes])
    found: Any = 0.0
    for corner in itertools.product((0, 1), repeat=len(axes)):
        if any(side and len(axis) == 1 for side, axis in zip(corner, axes, strict=True)):
            continue
        weight: Any = 1.0
        for side, (_, part) in zip(corner, steps, strict=True):
            weight = weight * (part if side else 1 - part)
        index = tuple(low + side for side, (low, _) in zip(corner, steps, strict=True))
        found = found + weight * table[index]
    like = next(place for place in places if np.ndim(place))
    return np.exp(found).view(type(like))

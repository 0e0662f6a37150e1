"""Grid interpolation of predicted throughput over lengths and concurrency (log-linear)."""

from __future__ import annotations

import itertools
from collections.abc import Callable, Sequence
from typing import Any, Final

import numpy as np
import numpy.typing as npt

from i18n.errors import CrossoverError

from ..numerics.elementwise import each_distinct, like

STEPS_PER_DOUBLING: Final = 4
"""Grid points; fixed, so that the speed of a draw does not depend on the other draws."""

Speed = Callable[[float, float, float], float]


def interpolated_speed(speed: Speed, *coordinates: Any) -> Any:
    """`speed` in output tokens a second at these coordinates, each a number or (draws,): (draws,).

    Linear in the logarithms between grid points; exact in a coordinate that is a number, and for draws with a
    grid point around them at which the speed is not known. Raises what `speed` raises where it is not known
    in any draw.
    """
    lower_points: list[npt.NDArray[np.intp]] = []
    fractions: list[npt.NDArray[np.float64]] = []
    draws = max(np.size(coordinate) for coordinate in coordinates)
    for coordinate in coordinates:
        if np.ndim(coordinate) == 0:
            lower_points.append(np.zeros(draws, np.intp))
            fractions.append(np.zeros(draws))
            continue
        position = np.log2(np.asarray(coordinate)) * STEPS_PER_DOUBLING
        lower_points.append(np.floor(position).astype(np.intp))
        fractions.append(position - lower_points[-1])
    corners = list(itertools.product(*((0, 1) if np.ndim(value) else (0,) for value in coordinates)))
    around = np.array(
        [[low + side for side, low in zip(corner, lower_points, strict=True)] for corner in corners]
    )
    points, index = np.unique(
        around.swapaxes(0, 1).reshape(len(coordinates), -1), axis=1, return_inverse=True
    )
    logs = np.array([_log_speed(speed, coordinates, point) for point in points.T])
    log_speed = np.zeros(draws)
    for corner, at_corner in zip(corners, logs[index].reshape(-1, draws), strict=True):
        weight = np.ones(draws)
        for side, fraction in zip(corner, fractions, strict=True):
            weight *= fraction if side else 1 - fraction
        log_speed += weight * at_corner
    speeds = np.exp(log_speed)
    is_unknown = np.isnan(speeds)
    if is_unknown.any():
        at_edge = [value[is_unknown] if np.ndim(value) else value for value in coordinates]
        speeds[is_unknown] = each_distinct(lambda *point: _speed(speed, *point), *at_edge)
        if like(np.isnan(speeds), *coordinates):  # splits draws of which some have no speed
            speed(*(float(np.ravel(value)[0]) for value in coordinates))  # raises
    return like(speeds, *coordinates)


def _log_speed(speed: Speed, coordinates: Sequence[Any], steps: npt.NDArray[np.intp]) -> float:
    """At one grid point; a coordinate that is a number stays what it is."""
    point = [
        2.0 ** (int(step) / STEPS_PER_DOUBLING) if np.ndim(value) else float(value)
        for value, step in zip(coordinates, steps, strict=True)
    ]
    return float(np.log(_speed(speed, *point)))


def _speed(speed: Speed, *point: float) -> float:
    """NaN where it is not known."""
    try:
        return speed(*point)
    except CrossoverError:
        return np.nan

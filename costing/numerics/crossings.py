"""Volumes at which the cheaper of two cost curves changes; the curves may have steps and bends."""

from __future__ import annotations

from collections.abc import Callable

import numpy as np
import numpy.typing as npt

Array = npt.NDArray[np.float64]
Curve = Callable[[Array], Array]
Costs = Callable[[Array], tuple[Array, Array]]
"""Volumes (n,) -> USD a month of each of two strategies, (n,) each."""

LOWEST_REQUESTS_PER_DAY = 1.0
HIGHEST_REQUESTS_PER_DAY = 1e8
"""Range of volumes searched; above it the long-run marginal costs decide."""

POINTS_PER_DECADE = 32
"""Grid points on a curved piece (caching bends the API's line); each interval is searched for a root."""

PROBES = 12
"""Points, evenly spaced by logarithm, at which a piece is tested for being a straight line."""

JUST_ABOVE = 1 + 1e-8
"""A volume times this lies just above a step."""

_STRAIGHT = 1e-9


def crossing_volumes(
    costs: Costs, steps: Array, highest: float = HIGHEST_REQUESTS_PER_DAY
) -> list[tuple[float, bool]]:
    """Volumes at which the cheaper of two costs changes, ascending, as (volume, is a jump).

    Between two steps each cost is smooth. Where their difference is a straight line, the root has a closed
    form; where caching bends it, the piece is cut into intervals, and each change of sign is refined.
    """

    def difference(volumes: Array) -> Array:
        first, second = costs(volumes)
        return first - second

    inner = steps[(steps > LOWEST_REQUESTS_PER_DAY) & (steps < highest)]
    edges = np.concatenate([[LOWEST_REQUESTS_PER_DAY], inner, [highest]])
    starts = edges[:-1] * JUST_ABOVE
    starts[0] = edges[0]
    ends = edges[1:]
    at_start, at_end = difference(starts), difference(ends)
    straight = _straight(costs, starts, ends)

    crossings: list[tuple[float, bool]] = []
    crosses = straight & (np.sign(at_start) * np.sign(at_end) < 0)
    closed = starts - at_start * (ends - starts) / np.where(crosses, at_end - at_start, 1.0)
    crossings += [(float(volume), False) for volume in closed[crosses]]
    for index in np.flatnonzero(~straight):
        crossings += [(root, False) for root in _bent_roots(difference, starts[index], ends[index])]
    jumps = np.sign(at_end[:-1]) * np.sign(at_start[1:]) < 0
    crossings += [(float(volume), True) for volume in ends[:-1][jumps]]
    meets = (at_end[:-1] == 0) & (np.sign(at_start[:-1]) * np.sign(at_start[1:]) < 0)
    crossings += [(float(volume), False) for volume in ends[:-1][meets]]
    return sorted(crossings)


def _straight(costs: Costs, starts: Array, ends: Array) -> npt.NDArray[np.bool_]:
    """Whether the difference is a straight line over each piece, to the precision of the costs."""
    probes = np.geomspace(starts, ends, PROBES)
    first, second = (curve.reshape(probes.shape) for curve in costs(probes.ravel()))
    difference = first - second
    along = (probes - starts) / (ends - starts)
    line = difference[0] + (difference[-1] - difference[0]) * along
    # Costs at the ends may be far larger than those between; the line's rounding error is that of the ends.
    rounding = np.finfo(np.float64).eps * 8 * (np.abs(difference[0]) + np.abs(difference[-1]))
    allowed = _STRAIGHT * (np.abs(first) + np.abs(second)) + rounding
    return np.asarray(np.all(np.abs(difference - line) <= allowed, axis=0))


def _bent_roots(difference: Curve, low: float, high: float) -> list[float]:
    cuts = max(8, int(POINTS_PER_DECADE * np.log10(high / low)))
    grid = np.geomspace(low, high, cuts)
    values = difference(grid)
    left = np.flatnonzero(np.sign(values[:-1]) * np.sign(values[1:]) < 0)
    if not len(left):
        return []
    a, b, at_a, at_b = grid[left], grid[left + 1], values[left], values[left + 1]
    for _ in range(100):
        c = (a * at_b - b * at_a) / (at_b - at_a)  # regula falsi, Illinois: the stale end's weight halves
        at_c = difference(c)
        same = np.sign(at_c) == np.sign(at_b)
        a, at_a = np.where(same, a, b), np.where(same, at_a / 2, at_b)
        if np.all((at_c == 0) | (np.abs(c - b) <= 1e-12 * c)):
            break
        b, at_b = c, at_c
    return [float(root) for root in c]

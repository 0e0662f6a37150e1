"""Goal seek: all values of one input in a range that give a target result, even if it is not monotone."""

from __future__ import annotations

import math
from collections.abc import Callable, Sequence
from dataclasses import dataclass
from typing import Final

CUTS: Final = 96
"""Intervals of the range, each searched for a root."""

_HALVINGS: Final = 200
_NEAR: Final = 1e-6
"""Relative tolerance of the result: a jump across the target is no root."""
_FLAT: Final = 1e-9
"""A relative change of the result below this is rounding, not a turning point."""
_GOLDEN: Final = (math.sqrt(5) - 1) / 2


@dataclass(frozen=True, slots=True)
class Roots:
    """Result of a goal seek over a range of one input."""

    values: tuple[float, ...]
    """Inputs that give the target, ascending; of an interval that gives it throughout, the start."""
    low: float
    high: float
    least: float | None
    """The smallest result in the range; None where there is no result."""
    most: float | None
    jump: tuple[float, float] | None = None
    """Two neighbouring inputs between which the result jumps across the target."""


def find_all_roots(
    result: Callable[[float], float | None], target: float, low: float, high: float, *, whole: bool = False
) -> Roots:
    """All inputs in [low, high] whose result is `target`; `result` gives None where there is no result.

    A whole input is tried at every number. Otherwise the range is cut into intervals, of constant ratio where
    it spans decades. An interval with a change of sign is bisected; one in which the result may turn just
    short of the target is searched for the turning point. Two turning points within one interval can be
    missed.

    >>> find_all_roots(lambda x: x * x, 4.0, 0.0, 10.0).values
    (2.0,)
    """

    def gap(x: float) -> float:
        value = result(x)
        return math.inf if value is None else value - target

    grid = [float(n) for n in range(math.ceil(low), math.floor(high) + 1)] if whole else _grid(low, high)
    gaps = [gap(x) for x in grid]
    reached = [g + target for g in gaps if math.isfinite(g)]
    values: list[float] = []
    jump: tuple[float, float] | None = None
    for i, (x, g) in enumerate(zip(grid, gaps, strict=True)):
        if abs(g) <= _NEAR * abs(target):
            if not i or abs(gaps[i - 1]) > _NEAR * abs(target):
                values.append(x)
            continue
        if not i or g * gaps[i - 1] >= 0 or abs(gaps[i - 1]) <= _NEAR * abs(target):
            continue
        root = None if whole else _bisect(gap, grid[i - 1], x)
        if root is not None and abs(gap(root)) <= _NEAR * abs(target):
            values.append(root)
        elif jump is None and math.isfinite(g) and math.isfinite(gaps[i - 1]):
            jump = (grid[i - 1], x) if whole or root is None else (root, root)
    if not whole:
        values += _beyond_turns(gap, grid, gaps, target)
    return Roots(
        tuple(sorted(values)), low, high, min(reached, default=None), max(reached, default=None), jump
    )


def _grid(low: float, high: float) -> list[float]:
    if low > 0 and high / low > 100:
        ratio = (high / low) ** (1 / CUTS)
        return [low * ratio**i for i in range(CUTS)] + [high]
    return [low + (high - low) * i / CUTS for i in range(CUTS)] + [high]


def _bisect(gap: Callable[[float], float], a: float, b: float) -> float | None:
    """The input between a and b at which the gap changes its sign, to the last digit."""
    at_a = gap(a)
    for _ in range(_HALVINGS):
        middle = (a + b) / 2
        if middle in (a, b):
            break
        at_middle = gap(middle)
        if at_middle == 0:
            return middle
        if at_middle * at_a > 0:
            a, at_a = middle, at_middle
        else:
            b = middle
    return a if abs(gap(a)) <= abs(gap(b)) else b


def _beyond_turns(
    gap: Callable[[float], float], grid: Sequence[float], gaps: Sequence[float], target: float
) -> list[float]:
    """Roots on both sides of a turning point between grid points."""
    roots: list[float] = []
    for i in range(1, len(grid) - 1):
        before, middle, after = gaps[i - 1], gaps[i], gaps[i + 1]
        if not math.isfinite(middle):
            continue
        nearer = min(abs(before), abs(after)) - abs(middle)
        if nearer < 0 or max(abs(before), abs(after)) - abs(middle) <= _FLAT * abs(target):
            continue
        if abs(middle) <= _NEAR * abs(target) or before * middle <= 0 or after * middle <= 0:
            continue
        top = _turn(gap, math.copysign(1, middle), grid[i - 1], grid[i + 1])
        if gap(top) * middle < 0:
            for a, b in ((grid[i - 1], top), (top, grid[i + 1])):
                root = _bisect(gap, a, b)
                if root is not None and abs(gap(root)) <= _NEAR * abs(target):
                    roots.append(root)
    return roots


def _turn(gap: Callable[[float], float], sign: float, a: float, b: float) -> float:
    """The input between a and b with the smallest gap times `sign`, by golden-section search."""
    for _ in range(80):
        c, d = b - _GOLDEN * (b - a), a + _GOLDEN * (b - a)
        a, b = (a, d) if sign * gap(c) <= sign * gap(d) else (c, b)
    return (a + b) / 2

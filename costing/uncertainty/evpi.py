"""What it is worth to know an unsure input exactly before choosing: expected value of perfect information.

Who chooses today takes the strategy with the lowest expected cost. Who knew an input exactly would choose
anew for each of its values: worth = min over strategies of E[cost] - E over the input of min of
E[cost | input] (Raiffa and Schlaifer 1961). The inner expectation is the regression of each strategy's
draws on the input's (Strong, Oakley and Brennan, Med Decis Making 34, 2014): no further draws are needed.
"""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from typing import Final

import numpy as np

from ..comparison.compare import Comparison
from ..scenario.input_ranges import Array
from .inputs import UncertainInput

KNOTS: Final = 11
"""Of the piecewise linear regression, at even shares of the draws."""
MAX_VALUES: Final = 10
"""An input that takes at most so many values is averaged at each of them."""
MIN_DRAWS: Final = 100
"""Fewer say nothing about an expectation."""
MAX_DRAWS: Final = 20_000
"""More than these, the first of all, would tell the same."""


@dataclass(frozen=True, slots=True)
class InputEvpi:
    """Of knowing one input exactly, and nothing else."""

    input: UncertainInput
    usd_per_month: float


@dataclass(frozen=True, slots=True)
class Evpi:
    """Of the choice among the strategies that are possible in every draw."""

    everything_usd_per_month: float
    """Of knowing all inputs at once: no test or pilot can be worth more."""
    inputs: tuple[InputEvpi, ...]
    """Most first."""


def knowing(
    comparison: Comparison, inputs: Sequence[UncertainInput], values: Mapping[str, Array], usd: Array
) -> Evpi | None:
    """From draws of each input and of each strategy's cost a month (strategies, draws).

    None where there is nothing to choose from: fewer than two strategies, besides references, are possible
    in every draw; or where the draws are too few.
    """
    is_choice = np.array([not outcome.strategy.is_reference for outcome in comparison.outcomes])
    costs = usd[is_choice & np.isfinite(usd).all(axis=1), :MAX_DRAWS]
    if len(costs) < 2 or usd.shape[1] < MIN_DRAWS:
        return None
    today = costs.mean(axis=1).min()
    everything = float(today - costs.min(axis=0).mean())
    found = [
        InputEvpi(
            one,
            min(
                everything,
                max(0.0, float(today - expected(costs, values[one.path][:MAX_DRAWS]).min(axis=0).mean())),
            ),
        )
        for one in inputs
    ]
    return Evpi(everything, tuple(sorted(found, key=lambda one: -one.usd_per_month)))


def expected(costs: Array, known: Array) -> Array:
    """(strategies, draws): each strategy's expected cost given the input's value in that draw."""
    levels, place = np.unique(known, return_inverse=True)
    if len(levels) <= MAX_VALUES:
        counts = np.bincount(place)
        means = np.array([np.bincount(place, weights=row) / counts for row in costs])
        return np.asarray(means[:, place])
    knots = np.unique(np.quantile(known, np.linspace(0, 1, KNOTS)))
    left = np.clip(np.searchsorted(knots, known, side="right") - 1, 0, len(knots) - 2)
    right_share = (known - knots[left]) / (knots[left + 1] - knots[left])
    shares = ((left, 1 - right_share), (left + 1, right_share))
    size = len(knots)
    normal = np.zeros(size * size)
    for row, of_row in shares:
        for column, of_column in shares:
            normal += np.bincount(row * size + column, weights=of_row * of_column, minlength=size * size)
    sums = np.array(
        [sum(np.bincount(at, weights=share * row, minlength=size) for at, share in shares) for row in costs]
    )
    heights = np.linalg.lstsq(normal.reshape(size, size), sums.T, rcond=None)[0].T
    return np.asarray(heights[:, left] * (1 - right_share) + heights[:, left + 1] * right_share)

"""Expected value of perfect information (EVPI) per input.

Without more information the best choice is the strategy with the lowest expected cost. With perfect
information on one input the choice is made for each of its values (Raiffa and Schlaifer 1961):
EVPI = min over strategies of E[cost] - E over the input of min over strategies of E[cost | input].
The inner expectation is the regression of each strategy's samples on the input's (Strong, Oakley and Brennan,
Med Decis Making 34, 2014), so that no further draws are needed.
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
"""Knots of the piecewise linear regression, at evenly spaced quantiles of the draws."""
MAX_VALUES: Final = 10
"""An input with at most this many distinct values is averaged at each of them instead."""
MIN_DRAWS: Final = 100
"""Fewer draws do not estimate an expectation."""
MAX_DRAWS: Final = 20_000
"""Only the first draws are used, up to this number; more would change little."""


@dataclass(frozen=True, slots=True)
class InputEvpi:
    """EVPI of one input alone."""

    input: UncertainInput
    usd_per_month: float


@dataclass(frozen=True, slots=True)
class Evpi:
    """EVPI of the choice among the strategies that are feasible in every draw."""

    everything_usd_per_month: float
    """EVPI of all inputs together: no test or pilot can be worth more."""
    inputs: tuple[InputEvpi, ...]
    """The highest first."""


def evpi(
    comparison: Comparison, inputs: Sequence[UncertainInput], values: Mapping[str, Array], usd: Array
) -> Evpi | None:
    """EVPI from the samples of each input (draws,) and of each strategy's USD a month (strategies, draws).

    None where fewer than two strategies, besides references, are feasible in every draw, or where there are
    fewer than MIN_DRAWS draws.
    """
    is_choice = np.array([not outcome.strategy.is_reference for outcome in comparison.outcomes])
    costs = usd[is_choice & np.isfinite(usd).all(axis=1), :MAX_DRAWS]
    if len(costs) < 2 or usd.shape[1] < MIN_DRAWS:
        return None
    best_usd = costs.mean(axis=1).min()
    everything = float(best_usd - costs.min(axis=0).mean())
    by_input: list[InputEvpi] = []
    for uncertain in inputs:
        informed = expected(costs, values[uncertain.path][:MAX_DRAWS]).min(axis=0).mean()
        by_input.append(InputEvpi(uncertain, min(everything, max(0.0, float(best_usd - informed)))))
    return Evpi(everything, tuple(sorted(by_input, key=lambda item: -item.usd_per_month)))


def expected(costs: Array, known: Array) -> Array:
    """E[cost | input] at the input's value of each draw (strategies, draws), from samples of the same shape.

    `known` holds the input's values (draws,).
    """
    levels, level_index = np.unique(known, return_inverse=True)
    if len(levels) <= MAX_VALUES:
        counts = np.bincount(level_index)
        means = np.array([np.bincount(level_index, weights=row) / counts for row in costs])
        return np.asarray(means[:, level_index])
    knots = np.unique(np.quantile(known, np.linspace(0, 1, KNOTS)))
    left = np.clip(np.searchsorted(knots, known, side="right") - 1, 0, len(knots) - 2)
    right_share = (known - knots[left]) / (knots[left + 1] - knots[left])
    shares = ((left, 1 - right_share), (left + 1, right_share))
    size = len(knots)
    normal = np.zeros(size * size)  # normal equations of the regression, flattened
    for row, row_share in shares:
        for column, column_share in shares:
            normal += np.bincount(
                row * size + column, weights=row_share * column_share, minlength=size * size
            )
    sums = np.array(
        [
            sum(np.bincount(knot, weights=share * row, minlength=size) for knot, share in shares)
            for row in costs
        ]
    )
    heights = np.linalg.lstsq(normal.reshape(size, size), sums.T, rcond=None)[0].T
    return np.asarray(heights[:, left] * (1 - right_share) + heights[:, left + 1] * right_share)

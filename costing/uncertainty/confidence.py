"""How sure the order of the options is: their costs of one month in the draws of a Monte Carlo simulation."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field, replace

import numpy as np

from ..comparison.compare import Comparison, Outcome
from ..scenario.input_ranges import Array, normal_draws
from ..scenario.uncertain_fields import REQUESTS
from .inputs import UncertainInput, inputs_of
from .monte_carlo import DRAWS, SEED, Percentiles
from .strategy_costs import SampledStrategy, cheapest, is_cheapest, outcome_index


@dataclass(frozen=True, eq=False)
class Confidence:
    """Costs of a month (options, draws), without months, sensitivity and EVPI of the whole analysis.

    The draws are those of `uncertainty` with the same number and seed, so that both give the same shares.
    """

    comparison: Comparison
    draws: int
    seed: int
    usd: Array
    """USD per month (options, draws), as `ranked_usd`; NaN: infeasible."""
    cheapest_index: Array
    """(draws,); -1: none is feasible."""
    inputs: tuple[UncertainInput, ...] = field(repr=False)
    samples: tuple[SampledStrategy, ...] = field(repr=False)

    def cheapest_share(self, outcome: Outcome, among: Sequence[Outcome] = ()) -> float:
        """Share of the draws in which it costs least: of all options, or of these."""
        if not among:
            return float(np.mean(self.cheapest_index == self._index(outcome)))
        return float(np.mean(is_cheapest(self.comparison, self.usd, outcome, among)))

    def ahead_share(self, first: Outcome, second: Outcome) -> float:
        """Share of the draws in which the first costs less than the second."""
        costs = np.nan_to_num(self.usd[[self._index(first), self._index(second)]], nan=np.inf)
        return float(np.mean(costs[0] < costs[1]))

    def usd_per_month(self, outcome: Outcome) -> Percentiles | None:
        """5th, 50th and 95th percentile; None where it is feasible in no draw."""
        return Percentiles.of(self.usd[self._index(outcome)])

    def _index(self, outcome: Outcome) -> int:
        return outcome_index(self.comparison, outcome)


def confidence(
    comparison: Comparison, draws: int = DRAWS, seed: int = SEED, *, before: Confidence | None = None
) -> Confidence:
    """Sample the uncertain inputs and price one month in every draw.

    From a result `before` that differs in its volume alone, what no volume changes is reused.
    Raises CrossoverError for bad ranges.
    """
    inputs = tuple(inputs_of(comparison))
    z = normal_draws([item.path for item in inputs], comparison.scenario.correlations, draws, seed)
    values = {item.path: item.at(z[i]) for i, item in enumerate(inputs)}
    if before is not None and _differ_by_volume_alone(before, comparison, inputs, draws, seed):
        samples = tuple(sampled.at(comparison, values) for sampled in before.samples)
    else:
        samples = _sampled(comparison, values, draws)
    usd = np.array([sampled.usd_per_month() for sampled in samples])
    return Confidence(comparison, draws, seed, usd, cheapest(comparison, usd), inputs, samples)


def _sampled(comparison: Comparison, values: Mapping[str, Array], draws: int) -> tuple[SampledStrategy, ...]:
    return tuple(SampledStrategy(comparison, i, values, draws) for i in range(len(comparison.outcomes)))


def _differ_by_volume_alone(
    before: Confidence,
    comparison: Comparison,
    inputs: tuple[UncertainInput, ...],
    draws: int,
    seed: int,
) -> bool:
    volume = comparison.scenario.requests_per_day
    return (
        (before.draws, before.seed) == (draws, seed)
        and before.comparison.book is comparison.book
        and replace(before.comparison.scenario, requests_per_day=volume) == comparison.scenario
        and _fixed(before.inputs) == _fixed(inputs)
    )


def _fixed(inputs: tuple[UncertainInput, ...]) -> list[tuple[str, object]]:
    """Ranges of all inputs but the volume."""
    return [(item.path, None if item.path == REQUESTS else item.range) for item in inputs]

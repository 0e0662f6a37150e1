"""How sure a comparison is: many draws of its unsure inputs, and each of them alone at both its ends."""

from __future__ import annotations

import math
from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass, replace
from typing import Final

import numpy as np

from i18n.errors import CrossoverError
from i18n.message import Message, message

from ..comparison.compare import Comparison, Outcome
from ..numerics.quantiles import quantiles
from ..scenario.input_ranges import Array, normal_draws
from ..scenario.scenario import LIMITS
from ..scenario.uncertain_fields import REQUESTS
from .breakeven import first_volumes, sides
from .evpi import Evpi, knowing
from .inputs import UncertainInput, inputs_of
from .monthly_costs import SampledMonths
from .strategy_costs import MAX_CACHED_DRAWS, SampledStrategy, cheapest

DRAWS: Final = 1000
MAX_DRAWS: Final = 200_000
SEED: Final = 1
WILSON_SIGMAS: Final = 1.959963984540054
"""Of a 95 % interval."""

VOLUMES_A_DECADE: Final = 4
_DECADES_EITHER_SIDE: Final = 2
"""Volumes of the bands, around the scenario's own."""

Progress = Callable[[float], None]


SHARES: Final = (0.05, 0.5, 0.95)


@dataclass(frozen=True, slots=True)
class Percentiles:
    """Percentiles of draws."""

    p5: float
    p50: float
    p95: float

    @classmethod
    def of(cls, values: Array) -> Percentiles | None:
        """None where there is no value."""
        known = values[np.isfinite(values)]
        return cls(*(float(x) for x in np.quantile(known, SHARES))) if known.size else None


@dataclass(frozen=True, slots=True)
class Chance:
    """A share of the draws with its 95 % Wilson interval: what so many draws can tell."""

    share: float
    low: float
    high: float

    @classmethod
    def of(cls, hits: int, draws: int) -> Chance:
        share, z = hits / draws, WILSON_SIGMAS
        middle = (share + z * z / (2 * draws)) / (1 + z * z / draws)
        half = z * math.sqrt(share * (1 - share) / draws + z * z / (4 * draws**2)) / (1 + z * z / draws)
        return cls(share, middle - half if hits else 0.0, middle + half if hits < draws else 1.0)


@dataclass(frozen=True, slots=True)
class Bands:
    """Percentiles of draws along an axis: months of the horizon (0 is the first), or requests a day."""

    at: Array
    p5: Array
    """NaN where no draw is possible."""
    p50: Array
    p95: Array

    @classmethod
    def of(cls, at: Array, usd: Array) -> Bands:
        """`usd` is (places, draws); draws that are not possible everywhere are left out."""
        known = np.isfinite(usd).all(axis=0)
        rows = usd if known.all() else usd[:, known]
        if not rows.shape[1]:
            nothing = np.full(len(at), np.nan)
            return cls(at, nothing, nothing, nothing)
        return cls(at, *(quantiles(rows, SHARES).T))


@dataclass(frozen=True, slots=True)
class StrategyDistribution:
    """One strategy over all draws."""

    outcome: Outcome
    usd_per_month: Percentiles | None
    """Over the draws in which it is possible; None where it never is."""
    possible_share: float
    cheapest: Chance
    months: Bands
    """Cost so far at the end of each month."""
    volumes: Bands
    """A month's cost at other volumes, all else drawn."""
    horizon_usd: Percentiles | None
    """Of the whole horizon."""
    cheapest_over_horizon: Chance
    refusal: Message | None
    """Why it is not possible in one of the draws in which it is not."""


@dataclass(frozen=True, slots=True)
class Swing:
    """What one input alone does to one strategy: a month's cost with it low and high, all else likely."""

    input: UncertainInput
    strategy: Message
    low_usd: float
    high_usd: float
    """NaN where the strategy is not possible there."""
    cheapest_at_low: Message | None
    cheapest_at_high: Message | None

    @property
    def usd(self) -> float:
        return abs(self.high_usd - self.low_usd)


@dataclass(frozen=True, slots=True)
class BreakevenDistribution:
    """From which volume on own servers are cheapest, over all draws."""

    tokens_per_day: Percentiles | None
    """Over the draws that have one, in the tokens of the first hosted strategy."""
    never_share: float
    draws_tokens_per_day: Array
    """NaN: never."""
    counted_as: Message
    """The name of that first hosted strategy."""

    def share_at_most(self, tokens_per_day: float) -> float:
        """Of all draws, those with a break-even at that volume or below."""
        return float(np.mean(np.nan_to_num(self.draws_tokens_per_day, nan=np.inf) <= tokens_per_day))


@dataclass(frozen=True, slots=True)
class Uncertainty:
    """A comparison under uncertainty."""

    comparison: Comparison
    inputs: tuple[UncertainInput, ...]
    draws: int
    seed: int
    usd: Array
    """A month's cost, one row a strategy and one column a draw; NaN where it is not possible."""
    strategies: tuple[StrategyDistribution, ...]
    """In the order of the scenario."""
    none_share: float
    """Of the draws in which no strategy is possible."""
    swings: tuple[Swing, ...]
    """Longest first."""
    breakeven: BreakevenDistribution | None
    """None without a hosted strategy and one on own servers."""
    knowing: Evpi | None
    """What it is worth to know inputs exactly; None where there is nothing to choose from."""
    drawn: tuple[SampledStrategy, ...]
    ends: tuple[SampledStrategy, ...]
    """The strategies in few draws, and with every input at its ends: another volume's draws stand on them."""

    def swings_of(self, strategy: Message) -> tuple[Swing, ...]:
        return tuple(one for one in self.swings if one.strategy == strategy)


def uncertainty(
    comparison: Comparison,
    draws: int = DRAWS,
    seed: int = SEED,
    progress: Progress | None = None,
    *,
    before: Uncertainty | None = None,
) -> Uncertainty:
    """Draw all unsure inputs so many times; all strategies see the same draws.

    The formulas are those of `compare`, asked for whole columns of draws at once. Of one drawn `before` the
    break-even, and what else no volume moves, is taken over where only the volume is another. Raises
    CrossoverError for bad ranges, draws or seed.
    """
    if not 1 <= draws <= MAX_DRAWS:
        raise CrossoverError(
            message("draws: {found} is outside 1 to {most:,} (choose fewer)", found=draws, most=MAX_DRAWS)
        )
    if seed < 0:
        raise CrossoverError(message("seed: {found} is negative (choose 0 or more)", found=seed))
    inputs = inputs_of(comparison)
    z = normal_draws([one.path for one in inputs], comparison.scenario.correlations, draws, seed)
    values = {one.path: one.at(z[i]) for i, one in enumerate(inputs)}
    tell = progress or (lambda share: None)
    same = (
        before
        if before is not None and _differ_by_volume_alone(before, comparison, inputs, draws, seed)
        else None
    )
    drawn = _drawn(comparison, values, draws, () if same is None else same.drawn)
    swings, ends = _swings(comparison, inputs, () if same is None else same.ends)
    horizon = comparison.scenario.horizon_months
    axis = _volume_axis(comparison)
    usd = np.full((len(drawn), draws), np.nan)
    so_far = np.full((len(drawn), draws), np.nan)
    memory = np.empty((horizon + len(axis), draws))
    months: list[Bands] = []
    volumes: list[Bands] = []
    for i, one in enumerate(drawn):
        tell(i / len(drawn))
        by_month, by_volume = memory[:horizon], memory[horizon:]
        usd[i] = SampledMonths(one, values, axis).into(by_month, by_volume)
        so_far[i] = by_month[-1]
        months.append(Bands.of(np.arange(float(horizon)), by_month))
        volumes.append(Bands.of(axis, by_volume))
    best, over_horizon = cheapest(comparison, usd), cheapest(comparison, so_far)
    strategies = tuple(
        StrategyDistribution(
            outcome,
            Percentiles.of(usd[i]),
            float(np.mean(np.isfinite(usd[i]))),
            Chance.of(int(np.sum(best == i)), draws),
            months[i],
            volumes[i],
            Percentiles.of(so_far[i]),
            Chance.of(int(np.sum(over_horizon == i)), draws),
            drawn[i].refusal,
        )
        for i, outcome in enumerate(comparison.outcomes)
    )
    return Uncertainty(
        comparison,
        inputs,
        draws,
        seed,
        usd,
        strategies,
        float(np.mean(best < 0)),
        swings,
        _breakeven(comparison, drawn, draws) if same is None else same.breakeven,
        knowing(comparison, inputs, values, usd),
        drawn if draws <= MAX_CACHED_DRAWS else (),
        ends,
    )


def _drawn(
    comparison: Comparison, values: Mapping[str, Array], draws: int, before: Sequence[SampledStrategy]
) -> tuple[SampledStrategy, ...]:
    """All strategies; `before`: of a comparison that differs in its volume alone."""
    if before:
        return tuple(one.at(comparison, values) for one in before)
    return tuple(SampledStrategy(comparison, i, values, draws) for i in range(len(comparison.outcomes)))


def _differ_by_volume_alone(
    one: Uncertainty, comparison: Comparison, inputs: Sequence[UncertainInput], draws: int, seed: int
) -> bool:
    """Whether all that no volume moves is the same in both: the break-even, and the draws of most inputs."""
    volume = comparison.scenario.requests_per_day
    return (
        (one.draws, one.seed) == (draws, seed)
        and one.comparison.book is comparison.book
        and replace(one.comparison.scenario, requests_per_day=volume) == comparison.scenario
        and [(x.path, x.path == REQUESTS or x.range) for x in one.inputs]
        == [(x.path, x.path == REQUESTS or x.range) for x in inputs]
    )


def _volume_axis(comparison: Comparison) -> Array:
    """Around the scenario's volume, within what a scenario may ask."""
    limits, steps = LIMITS[REQUESTS], _DECADES_EITHER_SIDE * VOLUMES_A_DECADE
    axis: Array = comparison.scenario.requests_per_day * 10.0 ** (
        np.arange(-steps, steps + 1) / VOLUMES_A_DECADE
    )
    return axis[(axis >= limits.low) & (axis <= limits.high)]


def _swings(
    comparison: Comparison, inputs: Sequence[UncertainInput], before: Sequence[SampledStrategy]
) -> tuple[tuple[Swing, ...], tuple[SampledStrategy, ...]]:
    """Every input alone at its low and its high end (of a lognormal one the 5th and 95th percentile), and
    the strategies drawn so."""
    values = {}
    for i, one in enumerate(inputs):
        column = np.full(2 * len(inputs), one.range.likely)
        column[2 * i : 2 * i + 2] = one.range.low, one.range.high
        values[one.path] = column
    outcomes = comparison.outcomes
    drawn = _drawn(comparison, values, 2 * len(inputs), before)
    usd = np.array([one.usd_per_month() for one in drawn])
    names = [None if place < 0 else outcomes[int(place)].name for place in cheapest(comparison, usd)]
    found = [
        Swing(
            one,
            outcome.name,
            float(usd[i, 2 * k]),
            float(usd[i, 2 * k + 1]),
            names[2 * k],
            names[2 * k + 1],
        )
        for k, one in enumerate(inputs)
        for i, outcome in enumerate(outcomes)
        if np.isfinite(usd[i, 2 * k : 2 * k + 2]).any()
    ]
    longest = sorted(found, key=lambda swing: (-np.nan_to_num(swing.usd, nan=np.inf), swing.input.path))
    return tuple(longest), drawn


def _breakeven(
    comparison: Comparison, drawn: Sequence[SampledStrategy], draws: int
) -> BreakevenDistribution | None:
    """The lowest volume from which the cheapest own fleet undercuts the cheapest hosted strategy."""
    found = sides(drawn)
    if found is None:
        return None
    hosted, own = found
    volumes = first_volumes(hosted, own, draws, comparison.scenario.horizon_months)
    tokens = volumes * hosted[0].tokens_per_request()
    return BreakevenDistribution(
        Percentiles.of(tokens), float(np.mean(np.isnan(tokens))), tokens, hosted[0].name
    )

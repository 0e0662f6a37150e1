"""Monte Carlo analysis of a comparison: distributions by strategy, tornado, break-even and EVPI."""

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
from .breakeven import first_volumes, hosted_and_own
from .evpi import Evpi, evpi
from .inputs import UncertainInput, inputs_of
from .monthly_costs import SampledMonths
from .strategy_costs import MAX_CACHED_DRAWS, SampledStrategy, ScalarFallback, cheapest

DRAWS: Final = 1000
MAX_DRAWS: Final = 200_000
SEED: Final = 1
WILSON_SIGMAS: Final = 1.959963984540054
"""Half width of a 95 % interval in standard deviations."""

VOLUMES_A_DECADE: Final = 4
_DECADES_EITHER_SIDE: Final = 2
"""Decades of volume around the scenario's own, for the bands."""

Progress = Callable[[float], None]


SHARES: Final = (0.05, 0.5, 0.95)


@dataclass(frozen=True, slots=True)
class Percentiles:
    """5th, 50th and 95th percentile over draws."""

    p5: float
    p50: float
    p95: float

    @classmethod
    def of(cls, values: Array) -> Percentiles | None:
        """Percentiles of the finite values; None where there is none."""
        known = values[np.isfinite(values)]
        return cls(*(float(x) for x in np.quantile(known, SHARES))) if known.size else None


@dataclass(frozen=True, slots=True)
class Chance:
    """A share of the draws with its 95 % Wilson score interval."""

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
    """NaN where no draw is feasible."""
    p50: Array
    p95: Array

    @classmethod
    def of(cls, at: Array, usd: Array) -> Bands:
        """`usd` is (len(at), draws); draws that are infeasible anywhere on the axis are left out."""
        known = np.isfinite(usd).all(axis=0)
        rows = usd if known.all() else usd[:, known]
        if not rows.shape[1]:
            nothing = np.full(len(at), np.nan)
            return cls(at, nothing, nothing, nothing)
        return cls(at, *(quantiles(rows, SHARES).T))


@dataclass(frozen=True, slots=True)
class StrategyDistribution:
    """Distribution of one strategy's cost over all draws."""

    outcome: Outcome
    usd_per_month: Percentiles | None
    """Over the draws in which it is feasible; None where it never is."""
    possible_share: float
    cheapest: Chance
    months: Bands
    """Cumulative USD at the end of each month."""
    volumes: Bands
    """USD a month at other volumes, with all other inputs sampled."""
    horizon_usd: Percentiles | None
    """USD over the whole horizon."""
    cheapest_over_horizon: Chance
    refusal: Message | None
    """Why it is infeasible in one of the draws in which it is."""


@dataclass(frozen=True, slots=True)
class Swing:
    """Sensitivity of a strategy to one input: USD a month at both ends of its range, all others likely."""

    input: UncertainInput
    strategy: Message
    low_usd: float
    high_usd: float
    """NaN where the strategy is infeasible there."""
    cheapest_at_low: Message | None
    cheapest_at_high: Message | None

    @property
    def usd(self) -> float:
        return abs(self.high_usd - self.low_usd)


@dataclass(frozen=True, slots=True)
class BreakevenDistribution:
    """Distribution of the volume from which self-hosted fleets are cheapest."""

    tokens_per_day: Percentiles | None
    """Over the draws that have a break-even, in the tokens of the first hosted strategy."""
    never_share: float
    draws_tokens_per_day: Array
    """(draws,); NaN: never."""
    counted_as: Message
    """The name of that first hosted strategy."""

    def share_at_most(self, tokens_per_day: float) -> float:
        """Share of all draws with a break-even at that volume or below."""
        return float(np.mean(np.nan_to_num(self.draws_tokens_per_day, nan=np.inf) <= tokens_per_day))


@dataclass(frozen=True, slots=True)
class Uncertainty:
    """A comparison under uncertainty."""

    comparison: Comparison
    inputs: tuple[UncertainInput, ...]
    draws: int
    seed: int
    usd: Array
    """USD a month (strategies, draws); NaN where a strategy is infeasible."""
    strategies: tuple[StrategyDistribution, ...]
    """In the order of the scenario."""
    none_share: float
    """Share of the draws in which no strategy is feasible."""
    swings: tuple[Swing, ...]
    """Tornado: the longest first."""
    breakeven: BreakevenDistribution | None
    """None without a hosted strategy and a self-hosted one."""
    evpi: Evpi | None
    """None where there is nothing to choose from."""
    scalar_fallbacks: tuple[ScalarFallback, ...]
    """Strategies with draws that were evaluated one by one, which is slow; none is the rule."""
    samples: tuple[SampledStrategy, ...]
    """The sampled strategies, reused at another volume; empty where there are too many draws to keep."""
    end_samples: tuple[SampledStrategy, ...]
    """The same with each input at both ends of its range, for the tornado."""


def uncertainty(
    comparison: Comparison,
    draws: int = DRAWS,
    seed: int = SEED,
    progress: Progress | None = None,
    *,
    before: Uncertainty | None = None,
) -> Uncertainty:
    """Sample all uncertain inputs `draws` times; all strategies see the same draws.

    The formulas are those of `compare`, evaluated on sample arrays. From an analysis `before` that differs in
    its volume alone, the break-even and the caches are reused. Raises CrossoverError for bad ranges, draws or
    seed; any other error of a formula is raised as it is.
    """
    if not 1 <= draws <= MAX_DRAWS:
        raise CrossoverError(
            message("draws: {value} is outside 1 to {most:,} (choose fewer)", value=draws, most=MAX_DRAWS)
        )
    if seed < 0:
        raise CrossoverError(message("seed: {value} is negative (choose 0 or more)", value=seed))
    inputs = inputs_of(comparison)
    z = normal_draws([item.path for item in inputs], comparison.scenario.correlations, draws, seed)
    values = {item.path: item.at(z[i]) for i, item in enumerate(inputs)}
    on_progress = progress or (lambda share: None)
    same = (
        before
        if before is not None and _differ_by_volume_alone(before, comparison, inputs, draws, seed)
        else None
    )
    samples = _sampled(comparison, values, draws, () if same is None else same.samples)
    swings, end_samples = _swings(comparison, inputs, () if same is None else same.end_samples)
    horizon = comparison.scenario.horizon_months
    axis = _volume_axis(comparison)
    usd = np.full((len(samples), draws), np.nan)
    so_far = np.full((len(samples), draws), np.nan)
    memory = np.empty((horizon + len(axis), draws))
    months: list[Bands] = []
    volumes: list[Bands] = []
    for i, sampled in enumerate(samples):
        on_progress(i / len(samples))
        by_month, by_volume = memory[:horizon], memory[horizon:]
        usd[i] = SampledMonths(sampled, values, axis).into(by_month, by_volume)
        so_far[i] = by_month[-1]
        months.append(Bands.of(np.arange(float(horizon)), by_month))
        volumes.append(Bands.of(axis, by_volume))
    breakeven = _breakeven(comparison, samples, draws) if same is None else same.breakeven
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
            samples[i].refusal,
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
        breakeven,
        evpi(comparison, inputs, values, usd),
        _scalar_fallbacks(samples, end_samples),
        samples if draws <= MAX_CACHED_DRAWS else (),
        end_samples,
    )


def _scalar_fallbacks(
    samples: Sequence[SampledStrategy], end_samples: Sequence[SampledStrategy]
) -> tuple[ScalarFallback, ...]:
    """One for each strategy that has any, of its draws and its ends of ranges together."""
    fallbacks: list[ScalarFallback] = []
    for pair in zip(samples, end_samples, strict=True):
        each = [sampled.scalar_fallback for sampled in pair]
        known = [fallback for fallback in each if fallback is not None]
        if known:
            fallbacks.append(replace(known[0], draws=sum(fallback.draws for fallback in known)))
    return tuple(fallbacks)


def _sampled(
    comparison: Comparison, values: Mapping[str, Array], draws: int, before: Sequence[SampledStrategy]
) -> tuple[SampledStrategy, ...]:
    """All strategies, sampled; `before`: those of a comparison that differs in its volume alone."""
    if before:
        return tuple(sampled.at(comparison, values) for sampled in before)
    return tuple(SampledStrategy(comparison, i, values, draws) for i in range(len(comparison.outcomes)))


def _differ_by_volume_alone(
    before: Uncertainty, comparison: Comparison, inputs: Sequence[UncertainInput], draws: int, seed: int
) -> bool:
    """Whether everything but the scenario's volume is the same in both."""
    volume = comparison.scenario.requests_per_day
    return (
        (before.draws, before.seed) == (draws, seed)
        and before.comparison.book is comparison.book
        and replace(before.comparison.scenario, requests_per_day=volume) == comparison.scenario
        and [(x.path, x.path == REQUESTS or x.range) for x in before.inputs]
        == [(x.path, x.path == REQUESTS or x.range) for x in inputs]
    )


def _volume_axis(comparison: Comparison) -> Array:
    """Requests a day around the scenario's volume (volumes,), within the limits of a scenario."""
    limits, steps = LIMITS[REQUESTS], _DECADES_EITHER_SIDE * VOLUMES_A_DECADE
    axis: Array = comparison.scenario.requests_per_day * 10.0 ** (
        np.arange(-steps, steps + 1) / VOLUMES_A_DECADE
    )
    return axis[(axis >= limits.low) & (axis <= limits.high)]


def _swings(
    comparison: Comparison, inputs: Sequence[UncertainInput], before: Sequence[SampledStrategy]
) -> tuple[tuple[Swing, ...], tuple[SampledStrategy, ...]]:
    """The tornado: each input alone at its low and high end (5th and 95th percentile of a lognormal range);
    and the strategies sampled there, (2 x inputs,) draws."""
    values = {}
    for i, item in enumerate(inputs):
        column = np.full(2 * len(inputs), item.range.likely)
        column[2 * i : 2 * i + 2] = item.range.low, item.range.high
        values[item.path] = column
    outcomes = comparison.outcomes
    samples = _sampled(comparison, values, 2 * len(inputs), before)
    usd = np.array([sampled.usd_per_month() for sampled in samples])
    names = [None if index < 0 else outcomes[int(index)].name for index in cheapest(comparison, usd)]
    swings = [
        Swing(
            item,
            outcome.name,
            float(usd[i, 2 * k]),
            float(usd[i, 2 * k + 1]),
            names[2 * k],
            names[2 * k + 1],
        )
        for k, item in enumerate(inputs)
        for i, outcome in enumerate(outcomes)
        if np.isfinite(usd[i, 2 * k : 2 * k + 2]).any()
    ]
    longest_first = sorted(
        swings, key=lambda swing: (-np.nan_to_num(swing.usd, nan=np.inf), swing.input.path)
    )
    return tuple(longest_first), samples


def _breakeven(
    comparison: Comparison, samples: Sequence[SampledStrategy], draws: int
) -> BreakevenDistribution | None:
    """The lowest volume from which the cheapest self-hosted fleet undercuts the cheapest hosted strategy."""
    sides = hosted_and_own(samples)
    if sides is None:
        return None
    hosted, own = sides
    volumes = first_volumes(hosted, own, draws)
    tokens = volumes * hosted[0].tokens_per_request()
    return BreakevenDistribution(
        Percentiles.of(tokens), float(np.mean(np.isnan(tokens))), tokens, hosted[0].name
    )

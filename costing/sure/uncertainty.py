"""How sure a comparison is: many draws of its unsure inputs, and each of them alone at both its ends."""

from __future__ import annotations

import itertools
import math
from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass
from typing import Any, Final

import numpy as np

from pricing.message import CrossoverError, Message, message

from ..compare import Comparison, Outcome
from ..over_time.traffic import COMPOUND
from ..scenario import LIMITS
from .drawn_breakeven import first_volumes, sides
from .drawn_costs import Bill, DrawnStrategy, Place, cheapest
from .inputs import GROWTH, REQUESTS, UncertainInput, inputs_of
from .quantiles import quantiles
from .ranges import Array, normal_draws

DRAWS: Final = 1000
MOST_DRAWS: Final = 200_000
SEED: Final = 1
WILSON_SIGMAS: Final = 1.959963984540054
"""Of a 95 % interval."""

VOLUMES_A_DECADE: Final = 4
_DECADES_EITHER_SIDE: Final = 2
"""Volumes of the bands, around the scenario's own."""

Progress = Callable[[float], None]


SHARES: Final = (0.05, 0.5, 0.95)


@dataclass(frozen=True, slots=True)
class Spread:
    """Percentiles of draws."""

    p5: float
    p50: float
    p95: float

    @classmethod
    def of(cls, values: Array) -> Spread | None:
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
class Likely:
    """One strategy over all draws."""

    outcome: Outcome
    usd_per_month: Spread | None
    """Over the draws in which it is possible; None where it never is."""
    possible_share: float
    cheapest: Chance
    months: Bands
    """Cost so far at the end of each month."""
    volumes: Bands
    """A month's cost at other volumes, all else drawn."""
    horizon_usd: Spread | None
    """Of the whole horizon."""
    cheapest_over_horizon: Chance


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
class LikelyBreakeven:
    """From which volume on own servers are cheapest, over all draws."""

    tokens_per_day: Spread | None
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
    strategies: tuple[Likely, ...]
    """In the order of the scenario."""
    none_share: float
    """Of the draws in which no strategy is possible."""
    swings: tuple[Swing, ...]
    """Longest first."""
    breakeven: LikelyBreakeven | None
    """None without a hosted strategy and one on own servers."""

    def swings_of(self, strategy: Message) -> tuple[Swing, ...]:
        return tuple(one for one in self.swings if one.strategy == strategy)


def uncertainty(
    comparison: Comparison, draws: int = DRAWS, seed: int = SEED, progress: Progress | None = None
) -> Uncertainty:
    """Draw all unsure inputs so many times; all strategies see the same draws.

    The formulas are those of `compare`, asked for whole columns of draws at once. Raises CrossoverError for
    bad ranges, draws or seed.
    """
    if not 1 <= draws <= MOST_DRAWS:
        raise CrossoverError(
            message("draws: {found} is outside 1 to {most:,} (choose fewer)", found=draws, most=MOST_DRAWS)
        )
    if seed < 0:
        raise CrossoverError(message("seed: {found} is negative (choose 0 or more)", found=seed))
    inputs = inputs_of(comparison)
    z = normal_draws([one.path for one in inputs], comparison.scenario.correlations, draws, seed)
    values = {one.path: one.at(z[i]) for i, one in enumerate(inputs)}
    tell = progress or (lambda share: None)
    drawn = [DrawnStrategy(comparison, i, values, draws) for i in range(len(comparison.outcomes))]
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
        usd[i] = _over_time_and_volume(one, values, axis, by_month, by_volume)
        so_far[i] = by_month[-1]
        months.append(Bands.of(np.arange(float(horizon)), by_month))
        volumes.append(Bands.of(axis, by_volume))
    best, over_horizon = cheapest(comparison, usd), cheapest(comparison, so_far)
    strategies = tuple(
        Likely(
            outcome,
            Spread.of(usd[i]),
            float(np.mean(np.isfinite(usd[i]))),
            Chance.of(int(np.sum(best == i)), draws),
            months[i],
            volumes[i],
            Spread.of(so_far[i]),
            Chance.of(int(np.sum(over_horizon == i)), draws),
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
        _swings(comparison, inputs),
        _breakeven(comparison, drawn, draws),
    )


def _volume_axis(comparison: Comparison) -> Array:
    """Around the scenario's volume, within what a scenario may ask."""
    limits, steps = LIMITS[REQUESTS], _DECADES_EITHER_SIDE * VOLUMES_A_DECADE
    axis: Array = comparison.scenario.requests_per_day * 10.0 ** (
        np.arange(-steps, steps + 1) / VOLUMES_A_DECADE
    )
    return axis[(axis >= limits.low) & (axis <= limits.high)]


def _over_time_and_volume(
    one: DrawnStrategy, values: Mapping[str, Array], axis: Array, so_far: Array, by_volume: Array
) -> Array:
    """A month (draws). Into `so_far` (months, draws) comes the cost up to the end of each month, at its
    traffic and the prices in force then; into `by_volume` (volumes, draws) a month's cost at other volumes.
    NaN: impossible."""
    comparison, start = one.comparison, one.volumes
    horizon = comparison.scenario.horizon_months
    asked_for = comparison.scenario
    usual = comparison.requests_per_day / asked_for.requests_per_day
    growth = values.get(GROWTH) if asked_for.traffic.shape == COMPOUND else None
    seasons = usual / (1 + asked_for.growth_share_per_month) ** np.arange(horizon)
    month = np.full(one.draws, np.nan)
    so_far.fill(np.nan)
    by_volume.fill(np.nan)
    for months, strategies in comparison.periods:
        is_first = int(months[0]) == 0
        first, last = int(months[0]), int(months[-1]) + 1
        steady = growth is None and bool((usual[months] == usual[first]).all())
        asked = months[:1] if steady else months
        beside = axis if is_first else axis[:0]
        before = int(is_first)  # the volume as it is asked for comes first, without the season

        def volumes(here: Place, asked: Any = asked, beside: Array = beside, before: int = before) -> Array:
            base = start[here]
            shape = usual[asked][:, None]
            if growth is not None:
                shape = seasons[asked][:, None] * (1 + growth[here]) ** asked[:, None]
            others = np.broadcast_to(beside[:, None], (len(beside), len(base)))
            return np.concatenate([base[None, :][:before], base * shape, others])

        def take(
            here: Place,
            bill: Bill,
            count: int = len(asked),
            first: int = first,
            last: int = last,
            is_first: bool = is_first,
            before: int = before,
        ) -> None:
            monthly, once = bill.totals()
            monthly = monthly[before:]
            so_far[first:last, here] = monthly[:count]
            if is_first:
                month[here] = bill.a_month(horizon)
                so_far[0, here] += once
                by_volume[:, here] = monthly[count:] + once / horizon

        one.bills(volumes, before + len(asked) + len(beside), take, at=strategies[one.index])
    for earlier, later in itertools.pairwise(so_far):
        later += earlier
    return month


def _swings(comparison: Comparison, inputs: Sequence[UncertainInput]) -> tuple[Swing, ...]:
    """Every input alone at its low and its high end (of a lognormal one the 5th and 95th percentile)."""
    values = {}
    for i, one in enumerate(inputs):
        column = np.full(2 * len(inputs), one.range.likely)
        column[2 * i : 2 * i + 2] = one.range.low, one.range.high
        values[one.path] = column
    outcomes = comparison.outcomes
    drawn = [DrawnStrategy(comparison, i, values, 2 * len(inputs)) for i in range(len(outcomes))]
    usd = np.array([one.a_month() for one in drawn])
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
    return tuple(sorted(found, key=lambda swing: (-np.nan_to_num(swing.usd, nan=np.inf), swing.input.path)))


def _breakeven(comparison: Comparison, drawn: Sequence[DrawnStrategy], draws: int) -> LikelyBreakeven | None:
    """The lowest volume from which the cheapest own fleet undercuts the cheapest hosted strategy."""
    found = sides(drawn)
    if found is None:
        return None
    hosted, own = found
    volumes = first_volumes(hosted, own, draws, comparison.scenario.horizon_months)
    tokens = volumes * hosted[0].tokens_per_request()
    return LikelyBreakeven(Spread.of(tokens), float(np.mean(np.isnan(tokens))), tokens, hosted[0].name)

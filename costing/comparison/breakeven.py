"""Break-even volumes: every crossing of every pair of strategies, or why there is none."""

from __future__ import annotations

from dataclasses import dataclass
from itertools import combinations

import numpy as np

from i18n.large_number import large
from i18n.message import Message, message

from ..numerics.crossings import (
    HIGHEST_REQUESTS_PER_DAY,
    JUST_ABOVE,
    LOWEST_REQUESTS_PER_DAY,
    Array,
    crossing_volumes,
)
from ..units import DAYS_PER_MONTH, TOKENS_PER_MTOK
from .compare import Comparison, Outcome

MAX_STEPS = 100_000
"""Maximum number of fleet sizes searched; beyond it the long-run marginal costs decide."""


@dataclass(frozen=True, slots=True)
class Crossing:
    """A volume at which two strategies cost the same, or at which one jumps past the other."""

    first: Message
    second: Message
    requests_per_day: float
    tokens_per_day: float
    """Input and output tokens of the API side of the pair, in its own tokenizer."""
    usd_per_month: float
    cheaper_below: Message
    cheaper_above: Message
    is_jump: bool
    """True where the fleet grows by a replica at this volume, so that the costs never meet."""

    @property
    def tokens_per_month(self) -> float:
        return self.tokens_per_day * DAYS_PER_MONTH


@dataclass(frozen=True, slots=True)
class Pair:
    """Two strategies, all their crossings, and what it means in one sentence."""

    first: Outcome
    second: Outcome
    crossings: tuple[Crossing, ...]
    explanation: Message


@dataclass(frozen=True, slots=True)
class Breakeven:
    """Where the answer changes."""

    pairs: tuple[Pair, ...]
    marginal_usd_per_mtok: tuple[tuple[Outcome, float], ...]
    """Long-run cost of one Mtok more, in the API side's tokens: the second condition."""
    winners: tuple[tuple[float, Message], ...]
    """(from requests per day, cheapest strategy) over the volumes searched, rising."""
    verdict: Message


def marginal_usd_per_request(comparison: Comparison, outcome: Outcome) -> float:
    """Long-run marginal cost of a request: caches warm, fleet large, fixed costs excluded."""
    volumes = np.array([1e12, 2e12])
    usd = np.asarray(comparison.usd_at(outcome, volumes))
    return float(usd[1] - usd[0]) / (1e12 * DAYS_PER_MONTH)


def api_side(first: Outcome, second: Outcome) -> Outcome:
    """The strategy in whose tokens a pair is counted: the hosted one, or the first if both or neither are."""
    if first.strategy.is_self_hosted and not second.strategy.is_self_hosted:
        return second
    return first


def breakeven(comparison: Comparison) -> Breakeven:
    """Every crossing of every pair of feasible strategies, at the prices of the scenario's day."""
    feasible = tuple(o for o in comparison.outcomes if o.is_feasible)
    pairs = tuple(_pair(comparison, a, b) for a, b in combinations(feasible, 2))
    winners = _winners(comparison, tuple(o for o in feasible if o in comparison.choices), pairs)
    marginal = tuple(
        (
            o,
            marginal_usd_per_request(comparison, o)
            / _reference_tokens(comparison, feasible)
            * TOKENS_PER_MTOK,
        )
        for o in feasible
    )
    return Breakeven(pairs, marginal, winners, _verdict(pairs, winners))


def _reference_tokens(comparison: Comparison, feasible: tuple[Outcome, ...]) -> float:
    """Tokens of a request of the first hosted strategy, so that all marginal costs compare."""
    hosted = [o for o in feasible if not o.strategy.is_self_hosted] or list(feasible)
    return hosted[0].strategy.tokens_per_request(comparison.workload)


def _pair(comparison: Comparison, first: Outcome, second: Outcome) -> Pair:
    tokens = api_side(first, second).strategy.tokens_per_request(comparison.workload)

    def usd(outcome: Outcome, volumes: Array) -> Array:
        return np.asarray(comparison.usd_at(outcome, volumes))

    def costs(volumes: Array) -> tuple[Array, Array]:
        return usd(first, volumes), usd(second, volumes)

    crossings = []
    steps, highest = steps_of(comparison, first, second)
    for volume, is_jump in crossing_volumes(costs, steps, highest):
        a, b = costs(np.array([volume * JUST_ABOVE**2]))
        first_above = bool(a[0] < b[0])
        crossings.append(
            Crossing(
                first=first.name,
                second=second.name,
                requests_per_day=volume,
                tokens_per_day=volume * tokens,
                usd_per_month=float(usd(first, np.array([volume]))[0]),
                cheaper_below=second.name if first_above else first.name,
                cheaper_above=first.name if first_above else second.name,
                is_jump=is_jump,
            )
        )
    return Pair(first, second, tuple(crossings), _explain(comparison, first, second, crossings, highest))


def steps_of(comparison: Comparison, *outcomes: Outcome) -> tuple[Array, float]:
    """All volumes at which either cost jumps, and up to where they are complete."""
    highest = HIGHEST_REQUESTS_PER_DAY
    jumps: list[Array] = []
    for outcome in outcomes:
        steps = outcome.strategy.step_requests_per_day(comparison.workload, MAX_STEPS)
        if len(steps) == MAX_STEPS:
            highest = min(highest, float(steps[-1]))
        jumps.append(steps)
    steps = np.unique(np.concatenate(jumps))
    return steps[steps < highest], highest


def _explain(
    comparison: Comparison, first: Outcome, second: Outcome, crossings: list[Crossing], highest: float
) -> Message:
    if crossings:
        return _explain_crossings(crossings)
    ends = np.array([LOWEST_REQUESTS_PER_DAY, highest])
    difference = np.asarray(comparison.usd_at(first, ends)) - np.asarray(comparison.usd_at(second, ends))
    cheap, dear = (first, second) if difference[0] <= 0 else (second, first)
    tokens = api_side(first, second).strategy.tokens_per_request(comparison.workload) / TOKENS_PER_MTOK
    currency = comparison.currency
    cheap_usd = marginal_usd_per_request(comparison, cheap) / tokens
    dear_usd = marginal_usd_per_request(comparison, dear) / tokens
    if dear_usd >= cheap_usd:
        return message(
            "Never: {dear} is dearer at every volume. In the long run a million tokens cost "
            "{dear_amount:,.4g} {currency} there and {cheap_amount:,.4g} {currency} with {cheap}, so more "
            "volume does not help.",
            dear=dear.name,
            cheap=cheap.name,
            dear_amount=currency.of_float(dear_usd),
            cheap_amount=currency.of_float(cheap_usd),
            currency=currency.code,
        )
    return message(
        "No crossing up to {limit:,.0f} requests per day, as far as was searched: {cheap} is cheaper so far, "
        "though {dear} has the lower long-run cost ({dear_amount:,.4g} against {cheap_amount:,.4g} "
        "{currency} per million tokens).",
        limit=highest,
        dear=dear.name,
        cheap=cheap.name,
        dear_amount=currency.of_float(dear_usd),
        cheap_amount=currency.of_float(cheap_usd),
        currency=currency.code,
    )


def _explain_crossings(crossings: list[Crossing]) -> Message:
    start, end = crossings[0], crossings[-1]
    if len(crossings) == 1:
        return message(
            "{below} is cheaper below {volume:,.0f} requests per day ({tokens} tokens per day, "
            "{monthly} per month), {above} above.",
            below=start.cheaper_below,
            above=start.cheaper_above,
            volume=start.requests_per_day,
            tokens=large(start.tokens_per_day),
            monthly=large(start.tokens_per_month),
        )
    if len(crossings) == 2:
        return message(
            "{below} is cheaper below {volume:,.0f} and above {last:,.0f} requests per day, {between} "
            "between.",
            below=start.cheaper_below,
            between=start.cheaper_above,
            volume=start.requests_per_day,
            last=end.requests_per_day,
        )
    return message(
        "{below} is cheaper below {volume:,.0f} requests per day, {above} above {last:,.0f}; between, they "
        "change places {n} more times.",
        below=start.cheaper_below,
        above=end.cheaper_above,
        volume=start.requests_per_day,
        last=end.requests_per_day,
        n=len(crossings) - 2,
    )


def _winners(
    comparison: Comparison, feasible: tuple[Outcome, ...], pairs: tuple[Pair, ...]
) -> tuple[tuple[float, Message], ...]:
    if not feasible:
        return ()
    volumes = sorted({c.requests_per_day for pair in pairs for c in pair.crossings})
    starts = np.array([LOWEST_REQUESTS_PER_DAY, *volumes])
    probes = np.concatenate([starts[:-1] + (starts[1:] - starts[:-1]) / 2, starts[-1:] * 1.0000001])
    usd = np.stack([np.asarray(comparison.usd_at(o, probes)) for o in feasible])
    best = np.argmin(usd, axis=0)
    winners: list[tuple[float, Message]] = []
    for start, index in zip(starts, best, strict=True):
        if not winners or winners[-1][1] != feasible[index].name:
            winners.append((float(start), feasible[index].name))
    return tuple(winners)


def _verdict(pairs: tuple[Pair, ...], winners: tuple[tuple[float, Message], ...]) -> Message:
    if not winners:
        return message("None of these strategies can serve this workload.")
    if len(winners) == 1:
        if len(pairs) == 1:
            return pairs[0].explanation
        return message("Never: {best} is cheapest at every volume.", best=winners[0][1])
    names = [name for _, name in winners]
    first, last = winners[1][0], winners[-1][0]
    if len(winners) == 2:
        return message(
            "{low} is cheapest up to {volume:,.0f} requests per day, {high} above.",
            low=names[0],
            high=names[1],
            volume=first,
        )
    if len(winners) == 3:
        return message(
            "{low} is cheapest up to {first:,.0f} requests per day, {middle} up to {last:,.0f}, {high} "
            "above.",
            low=names[0],
            middle=names[1],
            high=names[2],
            first=first,
            last=last,
        )
    return message(
        "{low} is cheapest up to {first:,.0f} requests per day, {high} from {last:,.0f} on; between, the "
        "answer changes {n} more times.",
        low=names[0],
        high=names[-1],
        first=first,
        last=last,
        n=len(winners) - 3,
    )

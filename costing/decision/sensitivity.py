"""Sensitivity of the recommendation: the nearest volume, cost or resolved share that changes it."""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from typing import Final

import numpy as np

from i18n.message import Message, message

from ..comparison.breakeven import steps_of
from ..comparison.resolution import counts_people, horizon_usd, ranked_usd_at
from ..cost_lines import CostLine
from ..numerics.crossings import JUST_ABOVE, Array, crossing_volumes
from ..units import DAYS_PER_MONTH
from .recommendation import Decision, Option, ScoredStrategy, chosen
from .requirement_sensitivity import need_reversals, rule_reversals
from .reversal import Reversal

_NUDGE: Final = 1e-9


def reversals(decision: Decision) -> list[Reversal]:
    """All that is known to change the recommendation, kind by kind, the nearest of a kind first."""
    best = decision.best
    changes: list[Reversal] = []
    if best is not None:
        changes += _volumes(decision, best)
        changes += _horizon(decision, best)
        changes += _costs(decision, best)
        changes += _people(decision, best)
    changes += need_reversals(decision)
    return changes + list(rule_reversals(decision))


# --- volume


def _volumes(decision: Decision, best: Option) -> Iterator[Reversal]:
    """The nearest volume above and below at which another is recommended, at the same rules and points."""
    options, comparison = decision.eligible, decision.comparison
    present = comparison.scenario.requests_per_day
    volumes = np.array(sorted(_candidate_volumes(decision, best)))
    for side, at, probes in (
        ("above", volumes[volumes > present], volumes[volumes > present] * JUST_ABOVE**2),
        ("below", volumes[volumes < present][::-1], volumes[volumes < present][::-1] / JUST_ABOVE**2),
    ):
        if not len(at):
            continue
        usd = np.stack([np.asarray(ranked_usd_at(comparison, option.outcome, probes)) for option in options])
        for place, volume in enumerate(at.tolist()):
            index = _chosen_at(decision, options, usd[:, place].tolist())
            if index is None or options[index] is best:
                continue
            other = options[index].name
            if side == "above":
                text = message("Above {volume:,.0f} requests per day: {other}.", volume=volume, other=other)
            else:
                text = message("Below {volume:,.0f} requests per day: {other}.", volume=volume, other=other)
            yield Reversal("volume", text, other, volume)
            break


def _chosen_at(decision: Decision, options: Sequence[Option], usd: Sequence[float]) -> int | None:
    candidates = [
        ScoredStrategy(amount, option.points, False) for option, amount in zip(options, usd, strict=True)
    ]
    return chosen(candidates, decision.needs.near_share)


def _candidate_volumes(decision: Decision, best: Option) -> set[float]:
    """Where two costs, one of them with the margin that counts as equal, meet: it can change only there."""
    near, volumes = 1 + decision.needs.near_share, set[float]()
    for other in decision.eligible:
        if other is best:
            continue
        if other.points == best.points:
            volumes |= _meetings(decision, best, other, 1.0)
        elif other.points < best.points:
            volumes |= _meetings(decision, best, other, near)
        else:
            for third in decision.eligible:
                if third is not other:
                    volumes |= _meetings(decision, other, third, near)
    return volumes


def _meetings(decision: Decision, first: Option, second: Option, factor: float) -> set[float]:
    """Volumes at which the first costs as much as the second times `factor`, or jumps past it."""
    comparison = decision.comparison

    def costs(volumes: Array) -> tuple[Array, Array]:
        usd = np.asarray(ranked_usd_at(comparison, first.outcome, volumes))
        return usd, np.asarray(ranked_usd_at(comparison, second.outcome, volumes)) * factor

    steps, highest = steps_of(comparison, first.outcome, second.outcome)
    return {volume for volume, _ in crossing_volumes(costs, steps, highest)}


# --- cost and time


def _horizon(decision: Decision, best: Option) -> Iterator[Reversal]:
    """Change of the recommendation by the cost of the whole horizon."""
    options, comparison = decision.eligible, decision.comparison
    totals = [float(horizon_usd(comparison, option.outcome)) for option in options]
    index = _chosen_at(decision, options, totals)
    if index is not None and options[index] is not best:
        other = options[index].name
        text = message(
            "Over {months} months, with growth and announced prices: {other}.",
            months=comparison.scenario.horizon_months,
            other=other,
        )
        yield Reversal("horizon", text, other)


def _costs(decision: Decision, best: Option) -> Iterator[Reversal]:
    """How much more the best option, or how much less the nearest other, would have to cost."""
    risen = highest_usd_still_chosen(decision, best)
    if risen is not None and best.usd > 0:
        limit, other = risen
        yield Reversal("cost", _cost_increase(decision, best, limit, other.name), other.name, limit)
    falls: list[tuple[float, float, Option]] = []
    for option in decision.eligible:
        enough = None if option is best or not option.usd else cheap_enough(decision, option)
        if enough is not None:
            falls.append((enough / option.usd - 1, enough, option))
    if falls:
        share, least, option = max(falls, key=lambda fall: fall[0])
        text = message(
            "If {other} becomes {share:.0%} cheaper, it is recommended.", other=option.name, share=-share
        )
        yield Reversal("cost", text, option.name, least)


def _cost_increase(decision: Decision, best: Option, limit: float, other: Message) -> Message:
    """By how much in all, and what that would be of its largest line alone."""
    months = decision.comparison.scenario.horizon_months

    def usd(line: CostLine) -> float:
        return float(line.usd_per_month(months))

    share, line = limit / best.usd - 1, max(best.outcome.lines, key=usd, default=None)
    if line is None or usd(line) <= 0:  # a model for nothing: what it costs is people
        return message(
            "If {best} becomes {share:.0%} more expensive: {other}.", best=best.name, share=share, other=other
        )
    return message(
        "If {best} becomes {share:.0%} more expensive (or {line} alone {line_share:.0%}): {other}.",
        best=best.name,
        share=share,
        line=line.name,
        line_share=(limit - best.usd) / usd(line),
        other=other,
    )


def _thresholds(decision: Decision, option: Option) -> list[float]:
    """Costs of `option` at which a choice can change: where it meets another, or the margin of another."""
    near = 1 + decision.needs.near_share
    others = [other.usd for other in decision.eligible if other is not option]
    return sorted({usd * factor for usd in others for factor in (1 / near, 1.0, near)})


def _chosen_with(decision: Decision, option: Option, usd: float) -> Option | None:
    """The recommended option if `option` costs this much."""
    options = decision.eligible
    index = _chosen_at(decision, options, [usd if other is option else other.usd for other in options])
    return None if index is None else options[index]


def highest_usd_still_chosen(decision: Decision, best: Option) -> tuple[float, Option] | None:
    """Highest monthly cost in USD at which it stays recommended, and its successor; None: at any cost."""
    for usd in _thresholds(decision, best):
        if usd < best.usd:
            continue
        other = _chosen_with(decision, best, usd * (1 + _NUDGE))
        if other is not None and other is not best:
            return usd, other
    return None


def cheap_enough(decision: Decision, option: Option) -> float | None:
    """Monthly cost in USD below which `option` is recommended; None where no cost above 0 suffices."""
    for usd in reversed(_thresholds(decision, option)):
        if 0 < usd <= option.usd and _chosen_with(decision, option, usd * (1 - _NUDGE)) is option:
            return usd
    return None


# --- people


def _people(decision: Decision, best: Option) -> Iterator[Reversal]:
    """Resolved shares at which another wins, where people count; else from which cost of people on."""
    comparison = decision.comparison
    requests = comparison.scenario.requests_per_day * DAYS_PER_MONTH
    each = comparison.scenario.needs.escalation_usd
    share = best.outcome.strategy.resolved_share
    if counts_people(comparison) and each and share is not None:
        risen = highest_usd_still_chosen(decision, best)
        at = None if risen is None else share - (risen[0] - best.usd) / (requests * each)
        if risen is not None and at is not None and at >= 0:
            text = message(
                "If {best} resolves less than {at:.1%} instead of {share:.0%}: {other}.",
                best=best.name,
                at=at,
                share=share,
                other=risen[1].name,
            )
            yield Reversal("people", text, risen[1].name, at)
        yield from _others_resolve_more(decision, best, requests * each)
    elif share is not None:
        yield from _people_would_change_it(decision, best, requests, share)


def _others_resolve_more(decision: Decision, best: Option, usd_of_all: float) -> Iterator[Reversal]:
    for option in decision.eligible:
        share = option.outcome.strategy.resolved_share
        limit = None if option is best else cheap_enough(decision, option)
        if share is None or limit is None:
            continue
        at = share + (option.usd - limit) / usd_of_all
        if at <= 1:
            text = message(
                "If {other} resolves more than {at:.1%} instead of {share:.0%}, it is recommended.",
                other=option.name,
                at=at,
                share=share,
            )
            yield Reversal("people", text, option.name, at)


def _people_would_change_it(
    decision: Decision, best: Option, requests: float, share: float
) -> Iterator[Reversal]:
    """From which cost of a request that goes to people on another costs less per resolved request."""
    limits: list[tuple[float, Option]] = []
    for option in decision.eligible:
        theirs = option.outcome.strategy.resolved_share
        if theirs is not None and theirs > share:
            usd = float(option.outcome.usd_per_month - best.outcome.usd_per_month)
            limits.append((max(0.0, usd / (requests * (theirs - share))), option))
    if limits:
        usd, option = min(limits, key=lambda limit: limit[0])
        currency = decision.comparison.currency
        text = message(
            "If people are counted and each request that goes to them costs more than {amount:,.4g} "
            "{currency}: {other}, which resolves more requests.",
            amount=currency.of_float(usd),
            currency=currency.code,
            other=option.name,
        )
        yield Reversal("people", text, option.name, usd)

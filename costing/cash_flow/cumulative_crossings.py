"""Months in which cumulative costs cross."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass

from .cash_flow import CashFlow


@dataclass(frozen=True, slots=True)
class CumulativeCrossing:
    """In that month `ahead` falls below `behind` in what was paid since the start."""

    month: int
    """0 is the first."""
    after_months: float
    """Within its month as if the difference moved evenly."""
    ahead: CashFlow
    behind: CashFlow


def overtakings(first: CashFlow, second: CashFlow) -> tuple[CumulativeCrossing, ...]:
    """At months' ends, of money that has moved: what still stands does not count. A tie is no change."""
    pairs = zip(
        first.cumulative_without_book_value_usd, second.cumulative_without_book_value_usd, strict=True
    )
    more = [float(a - b) for a, b in pairs]
    crossings: list[CumulativeCrossing] = []
    before = 0.0
    for month, now in enumerate(more):
        if before * now < 0:
            earlier = more[month - 1]
            after = month + (abs(earlier) / (abs(earlier) + abs(now)))
            ahead, behind = (first, second) if now < 0 else (second, first)
            crossings.append(CumulativeCrossing(month, after, ahead, behind))
        before = now or before
    return tuple(crossings)


def payback_months(flow: CashFlow, against: CashFlow) -> float | None:
    """After how many months it has cost less than the other, for good; None: not within the horizon.

    0: it costs less from the first month on.
    """
    changes = overtakings(flow, against)
    if changes:
        return changes[-1].after_months if changes[-1].ahead is flow else None
    paid, other = (each.cumulative_without_book_value_usd[-1] for each in (flow, against))
    return 0.0 if paid < other else None


def leaders(flows: Sequence[CashFlow]) -> tuple[tuple[int, CashFlow], ...]:
    """Lowest cumulative cost: (first month, strategy) for each lead. A tie keeps the previous leader."""
    candidates = _choices(flows)
    leading: list[tuple[int, CashFlow]] = []
    for month in range(candidates[0].horizon_months if candidates else 0):
        paid = [flow.cumulative_without_book_value_usd[month] for flow in candidates]
        best = candidates[paid.index(min(paid))]
        if (
            not leading
            or best.cumulative_without_book_value_usd[month]
            < (leading[-1][1].cumulative_without_book_value_usd[month])
        ):
            leading.append((month, best))
    return tuple(leading)


def _choices(flows: Sequence[CashFlow]) -> list[CashFlow]:
    """All but references, where there is any other."""
    return [flow for flow in flows if not flow.outcome.strategy.is_reference] or list(flows)


def least_at_start(flows: Sequence[CashFlow]) -> CashFlow:
    """Against which the others are an investment: the one that asks for the least money at the start."""
    return min(_choices(flows), key=lambda flow: (flow.at_start_usd, flow.usd_by_month[0]))


def cheapest(flows: Sequence[CashFlow], discount_rate_share_per_year: float) -> CashFlow:
    """By present value; references only where there is nothing else."""
    return min(_choices(flows), key=lambda flow: flow.present_value_usd(discount_rate_share_per_year))

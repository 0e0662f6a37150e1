"""Cost per resolved request, including human handling of unresolved ones."""

from __future__ import annotations

from dataclasses import dataclass
from decimal import Decimal

import numpy as np

from i18n.message import Message, message

from ..cost_lines import rounded_usd
from ..scenario.requirements import RESOLVED_REQUEST
from ..units import DAYS_PER_MONTH, Quantity
from .compare import Comparison, Outcome


def usd_per_resolved_request(
    usd_per_month: Quantity,
    requests_per_month: Quantity,
    resolved_share: float | None,
    escalation_usd: float | None,
) -> Quantity | None:
    """(cost + (1 - share) x requests x escalation) / requests; without escalation, cost / resolved ones.

    None where the share is unknown, or where nothing is resolved and nobody is paid for the rest.
    """
    if resolved_share is None:
        return None
    if escalation_usd is not None:
        return usd_per_month / requests_per_month + (1 - resolved_share) * escalation_usd
    return usd_per_month / (resolved_share * requests_per_month) if resolved_share else None


def people_usd_per_month(
    requests_per_month: Quantity, resolved_share: float, escalation_usd: float
) -> Quantity:
    """Cost of human handling of unresolved requests."""
    return (1 - resolved_share) * requests_per_month * escalation_usd


@dataclass(frozen=True, slots=True)
class Resolved:
    """Resolution of one strategy at the scenario's volume."""

    resolved_share: float
    usd_per_resolved_request: float | None
    people_usd_per_month: float | None
    """None where no cost of a request that goes to people is given."""


def resolved(comparison: Comparison, outcome: Outcome) -> Resolved | None:
    """None where the strategy cannot be used, or its resolved share is unknown."""
    share, each = outcome.strategy.resolved_share, comparison.scenario.needs.escalation_usd
    if share is None or not outcome.is_feasible:
        return None
    requests = float(np.max(comparison.workload.requests_per_month))
    usd = usd_per_resolved_request(float(outcome.usd_per_month), requests, share, each)
    people = None if each is None else float(people_usd_per_month(requests, share, each))
    return Resolved(share, None if usd is None else float(usd), people)


def why_people_do_not_count(comparison: Comparison) -> Message | None:
    """The missing input for ranking by cost per resolved request; None where none is missing."""
    if comparison.scenario.needs.escalation_usd is None:
        return message(
            "People are not counted: the cost of a request that goes to people is not given (enter it "
            "under the requirements, or as needs: escalation_usd)."
        )
    for outcome in comparison.choices:
        if outcome.strategy.resolved_share is None:
            return message(
                "People are not counted: the resolved share of {strategy} is not given (fill in "
                "resolved_share of every strategy).",
                strategy=outcome.name,
            )
    return None


def counts_people(comparison: Comparison) -> bool:
    """Whether strategies are ranked by cost per resolved request: requested, and possible."""
    is_wanted = comparison.scenario.needs.rank_by == RESOLVED_REQUEST
    return is_wanted and why_people_do_not_count(comparison) is None


def ranked_usd(comparison: Comparison, outcome: Outcome) -> Decimal:
    """A month's cost by which it is ranked: the model's, and that of people where they count."""
    cost = resolved(comparison, outcome) if counts_people(comparison) else None
    if cost is None or cost.people_usd_per_month is None:
        return outcome.usd_per_month
    return outcome.usd_per_month + rounded_usd(cost.people_usd_per_month)


def ranked(comparison: Comparison) -> tuple[Outcome, ...]:
    """The choices, cheapest first by what counts."""
    if not counts_people(comparison):
        return comparison.choices
    return tuple(sorted(comparison.choices, key=lambda outcome: ranked_usd(comparison, outcome)))


def shown(comparison: Comparison) -> tuple[Outcome, ...]:
    """All that can be used: the choices as ranked, then the references."""
    first = ranked(comparison)
    return (*first, *(outcome for outcome in comparison.feasible if outcome not in first))


def ranked_usd_at(comparison: Comparison, outcome: Outcome, requests_per_day: Quantity) -> Quantity:
    """The cost by which it is ranked, at other volumes; not rounded."""
    usd = comparison.usd_at(outcome, requests_per_day)
    share, each = outcome.strategy.resolved_share, comparison.scenario.needs.escalation_usd
    if not counts_people(comparison) or share is None or each is None:
        return usd
    return usd + people_usd_per_month(requests_per_day * DAYS_PER_MONTH, share, each)


def horizon_usd(comparison: Comparison, outcome: Outcome) -> Decimal:
    """Ranked cost over all months of the horizon, at each month's traffic and prices."""
    total = sum(comparison.usd_by_month(outcome), Decimal(0))
    share, each = outcome.strategy.resolved_share, comparison.scenario.needs.escalation_usd
    if not counts_people(comparison) or share is None or each is None:
        return total
    requests = float(np.sum(comparison.requests_per_day)) * DAYS_PER_MONTH
    return total + rounded_usd(float(people_usd_per_month(requests, share, each)))

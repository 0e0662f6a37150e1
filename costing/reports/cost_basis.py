"""Basis of sampled amounts: the model's cost alone, or with human escalation."""

from __future__ import annotations

from typing import Any

from i18n.message import Message, message

from ..comparison.compare import Comparison, Outcome
from ..comparison.resolution import counts_people
from .comparison import rate_columns


def includes_people(comparison: Comparison, outcome: Outcome) -> bool:
    """Whether a strategy's cost includes escalation: not for a reference without a resolved share."""
    is_bare = outcome.strategy.is_reference and outcome.strategy.resolved_share is None
    return counts_people(comparison) and not is_bare


def basis_columns(comparison: Comparison, outcome: Outcome | None = None) -> dict[str, Any]:
    """Last columns of every row with a sampled amount: whether it includes people, currency and rate."""
    counted = counts_people(comparison) if outcome is None else includes_people(comparison, outcome)
    return {"includes_people": counted, **rate_columns(comparison)}


def with_people(comparison: Comparison) -> Message | None:
    """Note that sampled amounts include escalation, and for which strategies not; None without escalation."""
    if not counts_people(comparison):
        return None
    sentence = message(
        "People are counted: every amount is the monthly cost with human handling of unresolved requests. "
        "Only break-even points use the cost of the model alone."
    )
    for outcome in comparison.outcomes:
        if not includes_people(comparison, outcome):
            sentence = message(
                "{sentence} {option} is a reference without a resolved share: without people.",
                sentence=sentence,
                option=outcome.name,
            )
    return sentence

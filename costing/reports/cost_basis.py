"""What drawn amounts consist of: the model's cost alone, or with the people who take what it leaves."""

from __future__ import annotations

from typing import Any

from i18n.message import Message, message

from ..comparison.compare import Comparison, Outcome
from ..comparison.resolution import counts_people
from .comparison import rate_columns


def includes_people(comparison: Comparison, outcome: Outcome) -> bool:
    """Whether they are in what that strategy costs: not in a reference of which no share is given."""
    is_bare = outcome.strategy.is_reference and outcome.strategy.resolved_share is None
    return counts_people(comparison) and not is_bare


def basis_columns(comparison: Comparison, outcome: Outcome | None = None) -> dict[str, Any]:
    """The last columns of every row with a drawn amount: whether people are in it, its currency and rate."""
    counted = counts_people(comparison) if outcome is None else includes_people(comparison, outcome)
    return {"includes_people": counted, **rate_columns(comparison)}


def with_people(comparison: Comparison) -> Message | None:
    """That people are in every amount that is drawn, and in whose not; None where they are in none."""
    if not counts_people(comparison):
        return None
    sentence = message(
        "People are counted: every amount here is a month's cost with that of the people who take what the "
        "model leaves. Only the break-even knows the model's cost alone."
    )
    for outcome in comparison.outcomes:
        if not includes_people(comparison, outcome):
            sentence = message(
                "{said} {strategy} is a reference without a resolved share: without people.",
                said=sentence,
                strategy=outcome.name,
            )
    return sentence

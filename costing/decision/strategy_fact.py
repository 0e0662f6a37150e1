"""One fact of a strategy, and what facts of several kinds share."""

from __future__ import annotations

from dataclasses import dataclass

from i18n.message import Message, message
from pricing.rows import Evidence

from ..fleet import Fleet
from ..scenario.decision_rules import FactValue
from ..strategy.base import Strategy


@dataclass(frozen=True, slots=True)
class StrategyFact:
    """One cell of the decision table."""

    name: str
    text: Message
    value: FactValue
    """For rules and files; None: unknown."""
    evidence: Evidence | None
    source: str


def unknown(name: str, what: Message | None = None) -> StrategyFact:
    """A fact without a value, and what a reader is told in its place."""
    return StrategyFact(name, what or message("unknown"), None, None, "")


def yes_no(value: bool) -> str:
    """A truth as the value of a fact."""
    return "yes" if value else "no"


def serving_fleet(strategy: Strategy) -> Fleet | None:
    """Its own servers, where they serve."""
    return strategy.part(Fleet) if strategy.profile().has_serving_fleet else None

"""Rules of a decision: conditions on the needs of a scenario and on facts of a strategy, and their effect."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, replace
from typing import Final, Literal

from i18n.message import N_, Message
from pricing.rows import LifecycleState

Effect = Literal["for", "against", "rules_out"]
FactValue = None | str | float
"""The value of a fact; None where it is unknown."""
Relation = Literal["below", "at_most", "at_least", "above"]

EFFECTS: Final[Mapping[Effect, str]] = {
    "for": N_("adds points"),
    "against": N_("subtracts points"),
    "rules_out": N_("excludes"),
}
RELATIONS: Final[tuple[Relation, ...]] = ("below", "at_most", "at_least", "above")
UNKNOWN: Final = "unknown"
"""In a list of values: matches an unknown fact. Without it, a condition on an unknown fact is false."""
MAX_WEIGHT: Final = 10

YES_NO: Final = ("yes", "no")
STRATEGY_FACTS: Final[Mapping[str, tuple[str, ...]]] = {
    "learns_by": ("nothing", "prompt", "search", "weights"),
    "is_tuned": YES_NO,
    "is_searched": YES_NO,
    "runs_own_servers": YES_NO,
    "data_place": ("anywhere", "region", "rented", "house"),
    "update_days": (),
    "first_token_ms": (),
    "answer_s": (),
    "resolved_share": (),
    "training_examples": (),
    "lifecycle": tuple(map(str, LifecycleState)),
    "retires_within_horizon": YES_NO,
    "training_ends_within_horizon": YES_NO,
    "lock_in": ("none", "low", "high"),
    "context_free_share": (),
}
"""Fact of a strategy -> the values that it can have; none: a number."""


@dataclass(frozen=True, slots=True)
class Condition:
    """A fact that must have one of some values, or compare with a number or a need."""

    fact: str
    one_of: tuple[str, ...] = ()
    relation: Relation | None = None
    bound: float | str = 0.0
    """A number, or the name of the need that holds it."""

    def holds(self, facts: Mapping[str, FactValue], needs: Mapping[str, FactValue]) -> bool:
        """Whether the condition is true; an unknown fact meets only a list that contains `unknown`."""
        value = facts.get(self.fact)
        if self.relation is None:
            return (UNKNOWN if value is None or value == "" else value) in self.one_of
        bound = needs.get(self.bound) if isinstance(self.bound, str) else self.bound
        if not isinstance(value, int | float) or not isinstance(bound, int | float):
            return False
        return {
            "below": value < bound,
            "at_most": value <= bound,
            "at_least": value >= bound,
            "above": value > bound,
        }[self.relation]

    def text(self) -> str:
        """As a file has it."""
        if self.relation is None:
            return f"{self.fact}: {', '.join(self.one_of)}"
        bound = self.bound if isinstance(self.bound, str) else f"{self.bound:g}"
        return f"{self.fact} {self.relation} {bound}"


@dataclass(frozen=True, slots=True)
class Rule:
    """An effect on a strategy where all conditions are true."""

    id: str
    needs: tuple[Condition, ...]
    strategy: tuple[Condition, ...]
    effect: Effect
    weight: float
    """Points for or against; not used where the rule rules out."""
    says: str
    source: str
    is_on: bool = True

    def fires(self, facts: Mapping[str, FactValue], needs: Mapping[str, FactValue]) -> bool:
        """Whether the rule is on and all its conditions are true."""
        return (
            self.is_on
            and all(condition.holds(needs, needs) for condition in self.needs)
            and all(condition.holds(facts, needs) for condition in self.strategy)
        )

    @property
    def points(self) -> float:
        """The points that it adds where it fires."""
        return {"for": self.weight, "against": -self.weight, "rules_out": 0.0}[self.effect]

    @property
    def sentence(self) -> Message:
        """Its text; those of the shipped rules are translated."""
        return Message(self.says.replace("{", "{{").replace("}", "}}"))


@dataclass(frozen=True, slots=True)
class RuleChange:
    """A scenario's change of a rule; None: unchanged."""

    is_on: bool | None = None
    weight: float | None = None


def merged_rules(*layers: tuple[Rule, ...]) -> tuple[Rule, ...]:
    """The rules of several files; a later rule replaces an earlier one of the same id."""
    by_id: dict[str, Rule] = {}
    for layer in layers:
        for rule in layer:
            by_id[rule.id] = rule
    return tuple(by_id.values())


def changed(rules: tuple[Rule, ...], changes: Mapping[str, RuleChange]) -> tuple[Rule, ...]:
    """The rules with a scenario's changes; a change of an unknown rule has no effect."""
    result = []
    for rule in rules:
        change = changes.get(rule.id, RuleChange())
        result.append(
            replace(
                rule,
                is_on=rule.is_on if change.is_on is None else change.is_on,
                weight=rule.weight if change.weight is None else change.weight,
            )
        )
    return tuple(result)

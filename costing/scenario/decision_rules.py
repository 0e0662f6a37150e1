"""A rule of a decision: conditions on what a scenario needs and on what a strategy is, and what follows."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, replace
from typing import Final, Literal

from i18n.message import N_, Message

Effect = Literal["for", "against", "rules_out"]
FactValue = None | str | float
"""A fact, where it is known."""
Relation = Literal["below", "at_most", "at_least", "above"]

EFFECTS: Final[Mapping[Effect, str]] = {
    "for": N_("speaks for"),
    "against": N_("speaks against"),
    "rules_out": N_("rules out"),
}
RELATIONS: Final[tuple[Relation, ...]] = ("below", "at_most", "at_least", "above")
UNKNOWN: Final = "unknown"
"""In a list of values: where the fact is not known. Without it, what is unknown meets no condition."""
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
    "lifecycle": ("open", "existing customers only"),
    "retires_within_horizon": YES_NO,
    "training_ends_within_horizon": YES_NO,
    "lock_in": ("none", "low", "high"),
    "context_free_share": (),
}
"""What a rule may ask of a strategy -> the values it can have; none listed: a number."""


@dataclass(frozen=True, slots=True)
class Condition:
    """One fact that must be one of some values, or stand in some relation to a number or a need."""

    fact: str
    one_of: tuple[str, ...] = ()
    relation: Relation | None = None
    bound: float | str = 0.0
    """A number, or the name of the need that holds it."""

    def holds(self, facts: Mapping[str, FactValue], needs: Mapping[str, FactValue]) -> bool:
        """Whether it is met; what is unknown meets only a list that says so."""
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
        """As its file has it."""
        if self.relation is None:
            return f"{self.fact}: {', '.join(self.one_of)}"
        bound = self.bound if isinstance(self.bound, str) else f"{self.bound:g}"
        return f"{self.fact} {self.relation} {bound}"


@dataclass(frozen=True, slots=True)
class Rule:
    """What follows where all its conditions are met."""

    id: str
    needs: tuple[Condition, ...]
    strategy: tuple[Condition, ...]
    effect: Effect
    weight: float
    """Points for or against; without meaning where it rules out."""
    says: str
    source: str
    is_on: bool = True

    def fires(self, facts: Mapping[str, FactValue], needs: Mapping[str, FactValue]) -> bool:
        """Whether it applies to a strategy of these facts under these needs; never where it is off."""
        return (
            self.is_on
            and all(one.holds(needs, needs) for one in self.needs)
            and all(one.holds(facts, needs) for one in self.strategy)
        )

    @property
    def points(self) -> float:
        """What it adds where it fires."""
        return {"for": self.weight, "against": -self.weight, "rules_out": 0.0}[self.effect]

    @property
    def sentence(self) -> Message:
        """Its words; a translation is looked up for those of the shipped rules."""
        return Message(self.says.replace("{", "{{").replace("}", "}}"))


@dataclass(frozen=True, slots=True)
class RuleChange:
    """What a scenario changes of a rule; None: as the rule says."""

    is_on: bool | None = None
    weight: float | None = None


def together(*layers: tuple[Rule, ...]) -> tuple[Rule, ...]:
    """Rules of several files: a later one replaces that of the same id, and others follow."""
    found: dict[str, Rule] = {}
    for layer in layers:
        for rule in layer:
            found[rule.id] = rule
    return tuple(found.values())


def changed(rules: tuple[Rule, ...], changes: Mapping[str, RuleChange]) -> tuple[Rule, ...]:
    """With a scenario's changes made; a change of a rule that is not there has no effect."""
    found = []
    for rule in rules:
        change = changes.get(rule.id, RuleChange())
        found.append(
            replace(
                rule,
                is_on=rule.is_on if change.is_on is None else change.is_on,
                weight=rule.weight if change.weight is None else change.weight,
            )
        )
    return tuple(found)

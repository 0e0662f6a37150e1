"""Conditions of a rule as text, with the labels of the page instead of field names."""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from typing import Final

from i18n.message import N_, Message, literal, message
from pricing.rows import LifecycleState

from ..decision.facts import FACTS, PLACES
from ..scenario.decision_rules import UNKNOWN, Condition, Relation, Rule
from ..scenario.requirements import Needs

_NEEDS: Final = Needs.declared()
_LABELS: Final[Mapping[str, str]] = {
    **FACTS,
    "update_days": N_("Days until knowledge is updated"),
    "learns_by": N_("Knowledge comes from"),
    "is_tuned": N_("Fine-tuned"),
    "is_searched": N_("Uses retrieval"),
    "runs_own_servers": N_("Self-hosted"),
    "training_examples": N_("Training examples needed"),
    "retires_within_horizon": N_("Ends within the horizon"),
    "training_ends_within_horizon": N_("New training ends within the horizon"),
    "knowledge_days": N_("Days between knowledge changes"),
}
"""Labels of the facts of a strategy; a requirement has the label of its input."""
_VALUES: Final[Mapping[str, Mapping[str, str]]] = {
    "data_place": PLACES,
    "learns_by": {
        "nothing": N_("nothing"),
        "prompt": N_("the prompt"),
        "search": N_("retrieval"),
        "weights": N_("the weights"),
    },
    "lifecycle": {str(state): str(state) for state in LifecycleState},
    "lock_in": {"none": N_("none"), "low": N_("low"), "high": N_("high")},
}
_YES_NO: Final = {"yes": N_("yes"), "no": N_("no")}
_RELATIONS: Final[Mapping[Relation, str]] = {
    "below": N_("{fact}: below {bound}"),
    "at_most": N_("{fact}: at most {bound}"),
    "at_least": N_("{fact}: at least {bound}"),
    "above": N_("{fact}: above {bound}"),
}


def in_words(rule: Rule) -> tuple[Message, ...]:
    """Sentences of the conditions, those on needs first."""
    return (*_sentences(rule.needs, is_need=True), *_sentences(rule.strategy, is_need=False))


def _sentences(conditions: tuple[Condition, ...], *, is_need: bool) -> Iterator[Message]:
    for condition in conditions:
        fact = message(_label(condition.fact, is_need=is_need))
        if condition.relation is None:
            yield message("{fact}: {values}", fact=fact, values=_listed(condition, is_need=is_need))
        elif condition.relation == "at_least" and condition.bound == 0:
            yield message("{fact}: given", fact=fact)
        else:
            yield message(_RELATIONS[condition.relation], fact=fact, bound=_bound(condition))


def _label(fact: str, *, is_need: bool) -> str:
    return _NEEDS[fact].label if is_need and fact in _NEEDS else _LABELS[fact]


def _listed(condition: Condition, *, is_need: bool) -> Message:
    """The allowed values, separated by slashes."""
    known = _VALUES.get(condition.fact, {})
    if is_need and condition.fact in _NEEDS:
        known = _NEEDS[condition.fact].choices
    words = {**_YES_NO, UNKNOWN: N_("not known"), **{value: text for value, text in known.items() if value}}
    values = tuple((f"value{n}", message(words[value])) for n, value in enumerate(condition.one_of))
    return Message(" / ".join(f"{{{name}}}" for name, _ in values), values)


def _bound(condition: Condition) -> Message:
    """The bound as a number, or the label of the need that holds it."""
    if isinstance(condition.bound, str):
        return message("“{need}”", need=message(_label(condition.bound, is_need=True)))
    if condition.fact.endswith("_share"):
        return message("{share:.0%}", share=condition.bound)
    return literal(f"{condition.bound:g}")

"""A decision as frames: facts of each option, rules, and changes that reverse the recommendation."""

from __future__ import annotations

import math
from collections.abc import Iterator, Sequence
from typing import Any, Final

import pandas as pd

from frames.frame import frame
from frames.registry import columns
from i18n.message import N_, Message, Translate, message, plain
from pricing.rows import Evidence

from ..decision.facts import FACTS
from ..decision.recommendation import Decision, Option
from ..decision.reversal import KINDS, Reversal
from ..scenario.decision_rules import EFFECTS, FactValue, Rule

RECOMMENDED: Final = N_("recommended")
POSSIBLE: Final = N_("possible")
NOT_ON_OFFER: Final = N_("closed or ends soon")
RULED_OUT: Final = N_("excluded")
NOT_POSSIBLE: Final = N_("not possible")
UNKNOWN: Final = N_("unknown")
POINTS: Final = N_("Points from the rules")
REASON: Final = N_("Reason")

FACT_COLUMNS: Final = columns("scenario_id on strategy standing fact finding value evidence source")
RULE_COLUMNS: Final = columns("rule is_on needs conditions effect weight says source applies_to")
REVERSAL_COLUMNS: Final = columns("kind change instead at")


def points_of(rule: Rule) -> str:
    """Points that a rule gives an option, with their sign; "" for a rule that excludes it."""
    return "" if rule.effect == "rules_out" else f"{rule.points:+g}".replace("-", "\u2212")


def standing(decision: Decision, option: Option) -> str:
    """Standing of a feasible option: recommended, possible, closed or ending soon, or excluded."""
    if option is decision.best:
        return RECOMMENDED
    if option.ruled_out_by:
        return RULED_OUT
    return POSSIBLE if option in decision.eligible else NOT_ON_OFFER


def points_text(points: float) -> Message:
    """Points with their sign; with a unit, since a spreadsheet would take a bare "+3" for a formula."""
    return message("total {points:+g}", points=points)


def decision_facts(decision: Decision, translate: Translate = plain) -> pd.DataFrame:
    """Every cell of the decision table (FACT_COLUMNS), cheapest option first.

    After its facts each option has its points. Infeasible options come last, with the reason. `value` is
    missing where it is unknown, infinite or not a number.
    """
    return frame(FACT_COLUMNS, _facts(decision, translate))


def _facts(decision: Decision, translate: Translate) -> Iterator[dict[str, Any]]:
    scenario = decision.comparison.scenario

    def fact(option: str, how: str, name: str, text: str, value: FactValue, *origin: str) -> dict[str, Any]:
        evidence, source = origin
        return {
            "scenario_id": scenario.id,
            "on": scenario.on,
            "strategy": option,
            "standing": translate(how),
            "fact": translate(name),
            "finding": text,
            "value": finite(value),
            "evidence": evidence,
            "source": source,
        }

    for option in decision.options:
        name, how = option.name.render(translate), standing(decision, option)
        for trait in option.facts.traits:
            evidence, text = trait.evidence or UNKNOWN, trait.text.render(translate)
            yield fact(name, how, FACTS[trait.name], text, trait.value, evidence, trait.source)
        text = points_text(option.points).render(translate)
        rules = "; ".join(rule.id for rule in option.fired)
        yield fact(name, how, POINTS, text, option.points, Evidence.ASSUMED, rules)
    for outcome in decision.comparison.outcomes:
        if outcome.infeasible_reason is not None:
            name, text = outcome.name.render(translate), outcome.infeasible_reason.render(translate)
            yield fact(name, NOT_POSSIBLE, REASON, text, None, "", "")


def finite(value: FactValue) -> str | float | None:
    """The value of a fact; None where it is infinite, which files cannot hold."""
    return None if isinstance(value, float) and not math.isfinite(value) else value


def decision_rules(decision: Decision, translate: Translate = plain) -> pd.DataFrame:
    """All rules with the scenario's changes (RULE_COLUMNS), those that apply to an option first."""
    rules = [_rule(decision, rule, translate) for rule in decision.rules]
    return frame(RULE_COLUMNS, sorted(rules, key=lambda rule: not rule["applies_to"]))


def _rule(decision: Decision, rule: Rule, translate: Translate) -> dict[str, Any]:
    options = [option.name.render(translate) for option in decision.options if rule in option.fired]
    return {
        "rule": rule.id,
        "is_on": rule.is_on,
        "needs": "; ".join(condition.text() for condition in rule.needs),
        "conditions": "; ".join(condition.text() for condition in rule.strategy),
        "effect": translate(EFFECTS[rule.effect]),
        "weight": rule.weight,
        "says": rule.sentence.render(translate),
        "source": translate(rule.source),
        "applies_to": "; ".join(options),
    }


def reversal_changes(changes: Sequence[Reversal], translate: Translate = plain) -> pd.DataFrame:
    """Each change that reverses the recommendation (REVERSAL_COLUMNS), in the given order."""
    return frame(
        REVERSAL_COLUMNS,
        (
            {
                "kind": translate(KINDS[change.kind]),
                "change": change.text.render(translate),
                "instead": change.instead.render(translate),
                "at": change.at,
            }
            for change in changes
        ),
    )

"""A decision as rows for a table and a CSV, as text for a reader, and as JSON for programs."""

from __future__ import annotations

import math
from dataclasses import dataclass
from datetime import date
from typing import Any, Final

from i18n.message import N_, Message, Translate, message

from ..comparison.resolution import counts_people
from ..comparison.verdict import people_note
from ..decision.facts import FACTS
from ..decision.recommendation import Decision, Option, reasons, recommendation
from ..decision.sensitivity import KINDS, Reversal, reversals
from ..scenario.decision_rules import EFFECTS, FactValue, Rule
from .comparison import plain

RECOMMENDED: Final = N_("recommended")
POSSIBLE: Final = N_("possible")
RULED_OUT: Final = N_("ruled out")
NOT_POSSIBLE: Final = N_("not possible")
UNKNOWN: Final = N_("unknown")


@dataclass(frozen=True, slots=True)
class DecisionRow:
    """One fact of one strategy, with its evidence."""

    scenario_id: str
    on: date
    strategy: str
    standing: str
    fact: str
    finding: str
    value: str | float | None
    """The value as a number; blank: unknown, never, or not a number."""
    evidence: str
    source: str


def standing(decision: Decision, option: Option) -> str:
    """Standing of a feasible strategy: recommended, possible or ruled out."""
    if option is decision.best:
        return RECOMMENDED
    return RULED_OUT if option.ruled_out_by else POSSIBLE


def points_text(option: Option) -> Message:
    """Points as text; not a bare "+3", which a spreadsheet would take for a formula."""
    return message("in all {points:+g}", points=option.points)


def decision_rows(decision: Decision, translate: Translate = plain) -> list[DecisionRow]:
    """Every cell of the decision table, cheapest strategy first; then points, and infeasible strategies."""
    scenario = decision.comparison.scenario
    rows: list[DecisionRow] = []

    def add(name: str, how: str, fact: str, text: str, value: FactValue, evidence: str, source: str) -> None:
        rows.append(
            DecisionRow(
                scenario.id,
                scenario.on,
                name,
                translate(how),
                translate(fact),
                text,
                _figure(value),
                evidence,
                source,
            )
        )

    for option in decision.options:
        name, how = option.name.render(translate), standing(decision, option)
        for trait in option.facts.traits:
            evidence = translate(trait.evidence or UNKNOWN)
            text = trait.text.render(translate)
            add(name, how, FACTS[trait.name], text, trait.value, evidence, trait.source)
        text = points_text(option).render(translate)
        fired = "; ".join(rule.id for rule in option.fired)
        add(name, how, POINTS, text, option.points, translate("assumed"), fired)
    for outcome in decision.comparison.outcomes:
        if outcome.infeasible_reason is not None:
            name, text = outcome.name.render(translate), outcome.infeasible_reason.render(translate)
            add(name, NOT_POSSIBLE, REASON, text, None, "", "")
    return rows


POINTS: Final = N_("Points of the rules")
REASON: Final = N_("Reason")


def _figure(value: FactValue) -> str | float | None:
    return None if isinstance(value, float) and not math.isfinite(value) else value


@dataclass(frozen=True, slots=True)
class RuleRow:
    """A rule with the scenario's changes, and the strategies to which it applies."""

    rule: str
    is_on: bool
    needs: str
    conditions: str
    effect: str
    weight: float
    says: str
    source: str
    applies_to: str


def rule_rows(decision: Decision, translate: Translate = plain) -> list[RuleRow]:
    """All rules, those that apply first."""
    rows = [_rule_row(decision, rule, translate) for rule in decision.rules]
    return sorted(rows, key=lambda row: not row.applies_to)


def _rule_row(decision: Decision, rule: Rule, translate: Translate) -> RuleRow:
    hit = [option.name.render(translate) for option in decision.options if rule in option.fired]
    return RuleRow(
        rule.id,
        rule.is_on,
        "; ".join(condition.text() for condition in rule.needs),
        "; ".join(condition.text() for condition in rule.strategy),
        translate(EFFECTS[rule.effect]),
        rule.weight,
        rule.sentence.render(translate),
        translate(rule.source),
        "; ".join(hit),
    )


@dataclass(frozen=True, slots=True)
class ReversalRow:
    """One change that would reverse the recommendation."""

    kind: str
    change: str
    instead: str
    at: float | None


def reversal_rows(flips: list[Reversal], translate: Translate = plain) -> list[ReversalRow]:
    """A row for each reversal, in the given order."""
    return [
        ReversalRow(
            translate(KINDS[flip.kind]), flip.text.render(translate), flip.instead.render(translate), flip.at
        )
        for flip in flips
    ]


def decision_json(decision: Decision) -> dict[str, Any]:
    """What `decide --json` prints: one object."""
    comparison, best = decision.comparison, decision.best
    note = people_note(comparison)
    return {
        "scenario_id": comparison.scenario.id,
        "on": comparison.scenario.on.isoformat(),
        "currency": comparison.currency.code,
        "recommended": None if best is None else str(best.name),
        "recommendation": str(recommendation(decision)),
        "counts_people": counts_people(comparison),
        "people_note": None if note is None else str(note),
        "near_share": decision.needs.near_share,
        "reasons": [str(item) for item in reasons(decision)],
        "overturned_by": [
            {"kind": item.kind, "said": str(item.text), "instead": str(item.instead), "at": item.at}
            for item in reversals(decision)
        ],
        "strategies": [
            {
                "strategy": str(option.name),
                "standing": standing(decision, option),
                "ranked_usd_per_month": option.usd,
                "points": option.points,
                "rules": [rule.id for rule in option.fired],
                "ruled_out_by": [rule.id for rule in option.ruled_out_by],
                "facts": {
                    trait.name: {
                        "said": str(trait.text),
                        "value": _figure(trait.value),
                        "evidence": trait.evidence,
                        "source": trait.source,
                    }
                    for trait in option.facts.traits
                },
            }
            for option in decision.options
        ],
        "not_possible": [
            {"strategy": str(outcome.name), "reason": str(outcome.infeasible_reason)}
            for outcome in comparison.outcomes
            if not outcome.is_feasible
        ],
        "rules": [
            {
                "id": rule.id,
                "on": rule.is_on,
                "effect": rule.effect,
                "weight": rule.weight,
                "says": rule.says,
                "source": rule.source,
                "applies_to": [str(option.name) for option in decision.options if rule in option.fired],
            }
            for rule in decision.rules
        ],
    }


def decision_text(decision: Decision) -> str:
    """What `decide` prints for a reader."""
    out = [decision.comparison.scenario.name(), str(recommendation(decision))]
    note = people_note(decision.comparison)
    out += [f"  {item}" for item in (*reasons(decision), *(() if note is None else (note,)))]
    flips = reversals(decision)
    if flips:
        out += ["", "What would overturn it:", *(f"  {item.text}" for item in flips)]
    for option in decision.options:
        out += ["", f"{option.name}: {standing(decision, option)}, {option.points:+g} points"]
        out += [
            f"  {FACTS[trait.name]:<28} {trait.text!s:<70} {trait.evidence or UNKNOWN}"
            for trait in option.facts.traits
        ]
        out += [f"  {EFFECTS[rule.effect]:<16} {rule.weight:g}  {rule.says}" for rule in option.fired]
    out += [
        f"\n{outcome.name}: not possible: {outcome.infeasible_reason}"
        for outcome in decision.comparison.outcomes
        if not outcome.is_feasible
    ]
    return "\n".join(out)

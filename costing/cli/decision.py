"""Output of the command `decide`: JSON for programs, text for readers."""

from __future__ import annotations

from typing import Any, Final

from frames.frame import records
from frames.text import frame_text

from ..comparison.resolution import counts_people
from ..comparison.verdict import people_note
from ..decision.facts import FACTS
from ..decision.recommendation import Decision, reasons, recommendation
from ..decision.sensitivity import reversals
from ..reports.decision import decision_facts, finite, points_of, reversal_changes, standing
from ..scenario.decision_rules import EFFECTS

_PRINTED: Final = {"fact": "", "finding": "", "evidence": ""}


def document(decision: Decision) -> dict[str, Any]:
    """The object that `decide --json` prints."""
    comparison, best = decision.comparison, decision.best
    note, changes = people_note(comparison), reversals(decision)
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
            {"kind": change.kind, "said": row["change"], "instead": row["instead"], "at": row["at"]}
            for change, row in zip(changes, records(reversal_changes(changes)), strict=True)
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
                        "value": finite(trait.value),
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


def printout(decision: Decision) -> str:
    """The text that `decide` prints."""
    out = [decision.comparison.scenario.name(), str(recommendation(decision))]
    note = people_note(decision.comparison)
    out += [f"  {item}" for item in (*reasons(decision), *(() if note is None else (note,)))]
    changes = reversals(decision)
    if changes:
        out += ["", "What would change this:", *(f"  {change.text}" for change in changes)]
    facts = decision_facts(decision)
    for option in decision.options:
        own = facts[(facts["strategy"] == str(option.name)) & facts["fact"].isin(list(FACTS.values()))]
        out += ["", f"{option.name}: {standing(decision, option)}, {option.points:+g} points"]
        out += [f"  {line}" for line in frame_text(own, _PRINTED).splitlines()]
        out += [f"  {points_of(rule) or EFFECTS[rule.effect]:<10} {rule.says}" for rule in option.fired]
    out += [
        f"\n{outcome.name}: not possible: {outcome.infeasible_reason}"
        for outcome in decision.comparison.outcomes
        if not outcome.is_feasible
    ]
    return "\n".join(out)

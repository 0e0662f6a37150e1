"""Recommendation: applies the rules, then the points among strategies of about equal cost."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from functools import cached_property

from i18n.message import Message, message

from ..comparison.compare import Comparison, Outcome
from ..comparison.resolution import counts_people, ranked, ranked_usd
from ..cost_lines import rounded_usd
from ..scenario.decision_rules import Rule, changed, merged_rules
from ..scenario.library import shipped_rules
from ..scenario.requirements import Needs
from .facts import FactSheet, facts


@dataclass(frozen=True, slots=True)
class ScoredStrategy:
    """Cost, points and admissibility of a strategy."""

    usd: float
    points: float
    is_ruled_out: bool


def chosen(candidates: Sequence[ScoredStrategy], near_share: float) -> int | None:
    """Index of the candidate with most points, of those at most `near_share` above the cheapest.

    Equal points: the cheaper, then the earlier. None where all are ruled out.
    """
    allowed = [(candidate, place) for place, candidate in enumerate(candidates) if not candidate.is_ruled_out]
    if not allowed:
        return None
    limit = min(candidate.usd for candidate, _ in allowed) * (1 + near_share)
    near = [(candidate, place) for candidate, place in allowed if candidate.usd <= limit]
    return min(near, key=lambda item: (-item[0].points, item[0].usd, item[1]))[1]


@dataclass(frozen=True, slots=True)
class Option:
    """One strategy that can be used, with its facts and the rules that apply to it."""

    outcome: Outcome
    facts: FactSheet
    fired: tuple[Rule, ...]
    usd: float
    """A month's cost by which strategies are ranked."""

    @property
    def name(self) -> Message:
        return self.outcome.name

    @property
    def points(self) -> float:
        return sum(rule.points for rule in self.fired)

    @property
    def ruled_out_by(self) -> tuple[Rule, ...]:
        return tuple(rule for rule in self.fired if rule.effect == "rules_out")

    @property
    def candidate(self) -> ScoredStrategy:
        return ScoredStrategy(self.usd, self.points, bool(self.ruled_out_by))


@dataclass(frozen=True)
class Decision:
    """A comparison with the rules applied. Not slotted: its options are worked out once."""

    comparison: Comparison
    needs: Needs
    rules: tuple[Rule, ...]
    """All of them, as the scenario has changed them."""
    facts: tuple[tuple[Outcome, FactSheet], ...]
    """Facts of the strategies that may be recommended, cheapest first."""

    @cached_property
    def options(self) -> tuple[Option, ...]:
        known = self.needs.known()
        return tuple(
            Option(
                outcome,
                sheet,
                tuple(rule for rule in self.rules if rule.fires(sheet.known, known)),
                float(ranked_usd(self.comparison, outcome)),
            )
            for outcome, sheet in self.facts
        )

    @cached_property
    def best(self) -> Option | None:
        """The recommended option; None where the rules exclude all."""
        place = chosen([option.candidate for option in self.options], self.needs.near_share)
        return None if place is None else self.options[place]

    @property
    def allowed(self) -> tuple[Option, ...]:
        return tuple(option for option in self.options if not option.ruled_out_by)

    @property
    def cheapest(self) -> Option | None:
        """The cheapest option that no rule excludes."""
        return min(self.allowed, key=lambda option: option.usd, default=None)

    def under(self, needs: Needs, rules: tuple[Rule, ...] | None = None) -> Decision:
        """The same strategies at the same costs under other needs or rules."""
        return Decision(self.comparison, needs, self.rules if rules is None else rules, self.facts)


def decide(comparison: Comparison, company_rules: tuple[Rule, ...] = ()) -> Decision:
    """The shipped rules, a company's, the scenario's own, and its changes of them, in this order."""
    needs = comparison.scenario.needs
    rules = changed(merged_rules(shipped_rules(), company_rules, needs.own_rules), needs.rule_changes)
    sheets = tuple((outcome, facts(comparison, outcome)) for outcome in ranked(comparison))
    return Decision(comparison, needs, rules, sheets)


def recommendation(decision: Decision) -> Message:
    """The answer in one sentence."""
    if not decision.options:
        return message("Nothing can be recommended: none of these strategies can serve this workload.")
    if decision.best is None:
        return message(
            "Nothing can be recommended: the rules rule out every strategy (change the needs, the rules or "
            "the strategies)."
        )
    return message("Recommended: {best}.", best=decision.best.name)


def reasons(decision: Decision) -> list[Message]:
    """Why, in sentences; where nothing is left, what rules out each."""
    best, cheapest = decision.best, decision.cheapest
    if best is None or cheapest is None:
        return [_ruled_out(option, option.ruled_out_by[0]) for option in decision.options]
    sentences = [_cost_reason(decision, best, cheapest)]
    for rule in sorted(best.fired, key=lambda rule: -rule.points):
        if rule.effect == "for":
            sentences.append(message("For it: {why}", why=rule.sentence))
        else:
            sentences.append(message("Against it: {why}", why=rule.sentence))
    for option in decision.options:
        if option.ruled_out_by and option.usd < best.usd:
            sentences.append(_ruled_out(option, option.ruled_out_by[0]))
    unknown = [trait for trait in best.facts.traits if trait.value is None]
    named = {trait.name for trait in unknown}
    if "resolved_share" in named:
        sentences.append(
            message(
                "Not known of it: how many requests it resolves. No cost here says whether its answers are "
                "good."
            )
        )
    if "first_token_ms" in named:
        sentences.append(message("Not known of it: how fast it answers."))
    if "data_place" in named:
        sentences.append(message("Not known of it: where prompts are processed."))
    return sentences


def _cost_reason(decision: Decision, best: Option, cheapest: Option) -> Message:
    currency = decision.comparison.currency
    amount = currency.text(rounded_usd(best.usd))
    if best is not cheapest:
        return message(
            "It costs {amount} {currency} a month, {share:.0%} more than {cheapest}; that is within the "
            "{near:.0%} that count as equal, and the rules speak for it more ({points:+g} points against "
            "{other:+g}).",
            amount=amount,
            currency=currency.code,
            share=best.usd / cheapest.usd - 1 if cheapest.usd else 0.0,
            cheapest=cheapest.name,
            near=decision.needs.near_share,
            points=best.points,
            other=cheapest.points,
        )
    n = len(decision.allowed)
    if counts_people(decision.comparison):
        return message(
            "With people counted it costs {amount} {currency} a month, the least of the {n} strategies that "
            "no rule rules out.",
            amount=amount,
            currency=currency.code,
            n=n,
        )
    return message(
        "It costs {amount} {currency} a month, the least of the {n} strategies that no rule rules out.",
        amount=amount,
        currency=currency.code,
        n=n,
    )


def _ruled_out(option: Option, rule: Rule) -> Message:
    return message("{strategy} is ruled out: {why}", strategy=option.name, why=rule.sentence)

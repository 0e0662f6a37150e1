"""Recommendation: applies the rules, then the points among strategies of about equal cost."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from functools import cached_property

from i18n.message import Message, counted, message

from ..comparison.compare import Comparison, Outcome
from ..comparison.endings import (
    can_be_started,
    is_closed,
    is_in_use,
    lasts,
    limits,
    retires_on,
    unknown_lifecycle,
)
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
        place = chosen([option.candidate for option in self.eligible], self.needs.near_share)
        return None if place is None else self.eligible[place]

    @property
    def allowed(self) -> tuple[Option, ...]:
        return tuple(option for option in self.options if not option.ruled_out_by)

    @cached_property
    def eligible(self) -> tuple[Option, ...]:
        """The allowed options that can be started and that do not end soon; all allowed if there is none."""
        is_customer = self.needs.existing_customer == "yes"
        options = tuple(
            option
            for option in self.allowed
            if can_be_started(self.comparison, option.outcome, is_customer=is_customer)
        )
        return options or self.allowed

    @cached_property
    def lasting(self) -> Option | None:
        """The choice among the options without a known limit for the whole horizon; None: no option."""
        options = [option for option in self.allowed if lasts(self.comparison, option.outcome)]
        place = chosen([option.candidate for option in options], self.needs.near_share)
        return None if place is None else options[place]

    @property
    def cheapest(self) -> Option | None:
        """The cheapest of the eligible options."""
        return min(self.eligible, key=lambda option: option.usd, default=None)

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
    """The answer in one sentence, with the limits of its availability and what to choose without them."""
    best = decision.best
    if not decision.options:
        return message("No recommendation: none of the options can serve this workload.")
    if best is None:
        return message(
            "No recommendation: the rules exclude every option (change the requirements, the rules or the "
            "options)."
        )
    limit = limits(decision.comparison, best.outcome)
    if limit is None:
        return message("Recommended: {best}.", best=best.name)
    is_lasting = retires_on(decision.comparison, best.outcome) is None
    if is_lasting and not is_closed(decision.comparison, best.outcome):
        return message("Recommended: {best}. Please note: {limit}.", best=best.name, limit=limit)
    other, currency = decision.lasting, decision.comparison.currency
    if other is None and _is_for_customers_alone(decision):
        return message(
            "Recommended: {best}. Please note: {limit}. None of the options is open to every company for the "
            "whole horizon. A new customer can start none of them.",
            best=best.name,
            limit=limit,
        )
    if other is None:
        return message(
            "Recommended: {best}. Please note: {limit}. None of the options is open to every company for the "
            "whole horizon.",
            best=best.name,
            limit=limit,
        )
    if unknown_lifecycle(decision.comparison, other.outcome) is not None:
        return message(
            "Recommended: {best}. Please note: {limit}. Without a known limit, but its lifecycle is not "
            "known: {other}, {amount} {currency} per month.",
            best=best.name,
            limit=limit,
            other=other.name,
            amount=currency.text(rounded_usd(other.usd)),
            currency=currency.code,
        )
    return message(
        "Recommended: {best}. Please note: {limit}. Open to every company for the whole horizon: {other}, "
        "{amount} {currency} per month.",
        best=best.name,
        limit=limit,
        other=other.name,
        amount=currency.text(rounded_usd(other.usd)),
        currency=currency.code,
    )


def _is_for_customers_alone(decision: Decision) -> bool:
    """Whether every option is closed to a new customer, which the company is, as far as its needs say."""
    if decision.needs.existing_customer == "yes":
        return False
    comparison = decision.comparison
    return all(
        is_closed(comparison, option.outcome) and not is_in_use(comparison, option.outcome)
        for option in decision.allowed
    )


def reasons(decision: Decision) -> list[Message]:
    """Why, in sentences; where nothing is left, what rules out each."""
    best, cheapest = decision.best, decision.cheapest
    if best is None or cheapest is None:
        return [_ruled_out(option, option.ruled_out_by[0]) for option in decision.options]
    sentences = [_cost_reason(decision, best, cheapest)]
    for rule in sorted(best.fired, key=lambda rule: -rule.points):
        if rule.effect == "for":
            sentences.append(message("For: {why}", why=rule.sentence))
        else:
            sentences.append(message("Against: {why}", why=rule.sentence))
    for option in decision.options:
        if option.usd >= best.usd:
            continue
        limit = limits(decision.comparison, option.outcome)
        if option.ruled_out_by:
            sentences.append(_ruled_out(option, option.ruled_out_by[0]))
        elif option not in decision.eligible and limit is not None:
            sentences.append(message("{option} costs less, but: {limit}.", option=option.name, limit=limit))
    unknown = [trait for trait in best.facts.traits if trait.value is None]
    named = {trait.name for trait in unknown}
    if (unknown_life := unknown_lifecycle(decision.comparison, best.outcome)) is not None:
        sentences.append(unknown_life)
    if "resolved_share" in named:
        sentences.append(
            message(
                "Unknown: how many requests it resolves. Costs do not show whether its answers are good "
                "enough."
            )
        )
    if "first_token_ms" in named:
        sentences.append(message("Unknown: how fast it answers."))
    if "data_place" in named:
        sentences.append(message("Unknown: where prompts are processed."))
    return sentences


def _cost_reason(decision: Decision, best: Option, cheapest: Option) -> Message:
    currency = decision.comparison.currency
    amount = currency.text(rounded_usd(best.usd))
    if best is not cheapest:
        return message(
            "It costs {amount} {currency} per month, {share:.0%} more than {cheapest}. Up to {near:.0%} "
            "counts as equal, and the rules give it more points ({points:+g} against {other:+g}).",
            amount=amount,
            currency=currency.code,
            share=best.usd / cheapest.usd - 1 if cheapest.usd else 0.0,
            cheapest=cheapest.name,
            near=decision.needs.near_share,
            points=best.points,
            other=cheapest.points,
        )
    n = len(decision.eligible)
    if counts_people(decision.comparison):
        cost = message(
            "{amount} {currency} per month including people", amount=amount, currency=currency.code
        )
    else:
        cost = message("{amount} {currency} per month", amount=amount, currency=currency.code)
    if n == len(decision.allowed):
        return counted(
            "It costs {cost} and is the only option that no rule excludes.",
            "It costs {cost}, the least of the {n} options that no rule excludes.",
            n,
            cost=cost,
        )
    return counted(
        "It costs {cost} and is the only option that no rule excludes, that you can start today and that "
        "does not end soon.",
        "It costs {cost}, the least of the {n} options that no rule excludes, that you can start today and "
        "that do not end soon.",
        n,
        cost=cost,
    )


def _ruled_out(option: Option, rule: Rule) -> Message:
    return message("{strategy} is excluded: {why}", strategy=option.name, why=rule.sentence)

"""The answer of a comparison in sentences: recommended option, saving, confidence, number of options."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass

import numpy as np

from i18n.dates import dated
from i18n.message import COMMA, Message, counted, listed, message

from ..comparison.compare import Comparison, Outcome
from ..comparison.endings import (
    can_be_started,
    is_closed,
    is_in_use,
    option_in_use,
    retires_on,
    unknown_lifecycle,
)
from ..comparison.option_labels import OptionLabel, option_labels
from ..comparison.resolution import counts_people, horizon_usd, ranked, ranked_usd, resolved
from ..comparison.verdict import horizon_sentence
from ..uncertainty.confidence import Confidence
from .near_equality import about_equal
from .option_warnings import OptionWarning, option_warnings
from .recommendation import Decision, decide


@dataclass(frozen=True, slots=True)
class Headline:
    """The answer, part by part; a part that has nothing to say is None."""

    recommended: Outcome | None
    """None: no option can serve the workload."""
    answer: Message
    comparison: Message | None
    """What it saves against today's option or the next one, or that they cost about the same."""
    confidence: Message | None
    set_size: Message | None
    """The number of options of which it is the cheapest."""
    warnings: tuple[OptionWarning, ...]
    """At most two."""
    notes: tuple[Message, ...]
    """Cheaper options that are not recommended, and the whole horizon."""


def headline(comparison: Comparison, simulation: Confidence | None = None) -> Headline:
    """The answer at the scenario's volume; `simulation` is one of this comparison."""
    choices = ranked(comparison)
    if not choices:
        return Headline(
            None,
            message("None of these options can serve this workload. The reasons are listed below."),
            None,
            None,
            None,
            (),
            (),
        )
    decision = decide(comparison)
    best = _best(decision)
    labels = option_labels(comparison)
    lasting = [outcome for outcome in choices if can_be_started(comparison, outcome)] or list(choices)
    return Headline(
        best,
        _answer(comparison, best, labels),
        _against(comparison, best, labels, simulation),
        _how_sure(best, lasting, simulation) if len(lasting) > 1 else None,
        _of_how_many(comparison, best, lasting, len(choices)),
        option_warnings(comparison, best)[:2],
        tuple(_notes(decision, best, labels)),
    )


def recommended(comparison: Comparison) -> Outcome:
    """The recommended option; the cheapest of all where the rules exclude every option.

    Raises IndexError without a feasible option.
    """
    return _best(decide(comparison))


def _best(decision: Decision) -> Outcome:
    return decision.options[0].outcome if decision.best is None else decision.best.outcome


def usd_per_1k_requests(comparison: Comparison, outcome: Outcome) -> float:
    """Cost of a month by its requests, one-time costs spread over the horizon."""
    requests = float(np.max(comparison.workload.requests_per_month))
    return float(outcome.usd_per_month) / requests * 1000


def _answer(comparison: Comparison, best: Outcome, labels: Mapping[Message, OptionLabel]) -> Message:
    currency, ends, choices = comparison.currency, retires_on(comparison, best), ranked(comparison)
    cost = message(
        "{amount} {currency} per month, {each} {currency} per 1,000 requests",
        amount=currency.text(best.usd_per_month),
        currency=currency.code,
        each=amount_text(currency.of_float(usd_per_1k_requests(comparison, best))),
    )
    people = resolved(comparison, best) if counts_people(comparison) else None
    if people is not None and people.usd_per_resolved_request is not None:
        cost = message(
            "{cost}, {amount:,.4g} {currency} per resolved request with staff",
            cost=cost,
            amount=currency.of_float(people.usd_per_resolved_request),
            currency=currency.code,
        )
    if ends is not None:
        cost = message("{cost}, until it ends on {day}", cost=cost, day=dated(ends))
    if is_closed(comparison, best) and not is_in_use(comparison, best):
        cost = message("{cost}, for existing customers only", cost=cost)
    values = {
        "volume": comparison.scenario.requests_per_day,
        "option": labels[best.name].full,
        "cost": cost,
    }
    if len(choices) == 1:
        return message("At {volume:,.0f} requests per day, {option} costs {cost}.", **values)
    if best is choices[0]:
        return message("At {volume:,.0f} requests per day, {option} is cheapest: {cost}.", **values)
    return message("At {volume:,.0f} requests per day, {option} is recommended: {cost}.", **values)


def amount_text(amount: float) -> str:
    """An amount of a unit: 1,234, 12.3 or 0.0123."""
    if amount >= 100:
        return f"{amount:,.0f}"
    return f"{amount:,.2f}" if amount >= 1 else f"{amount:,.3g}"


def _against(
    comparison: Comparison,
    best: Outcome,
    labels: Mapping[Message, OptionLabel],
    simulation: Confidence | None,
) -> Message | None:
    """The saving against today's option, or the next one."""
    others = [outcome for outcome in ranked(comparison) if outcome is not best]
    in_use = option_in_use(comparison)
    if in_use is best:
        return message("It is the option in use today.")
    other = in_use or next(
        (outcome for outcome in others if ranked_usd(comparison, outcome) >= ranked_usd(comparison, best)),
        None,
    )
    if other is None:
        return None
    name = labels[other.name].short
    if about_equal(best, other, simulation):
        return message("About equal to {option}: the difference is within the uncertainty.", option=name)
    own, its = ranked_usd(comparison, best), ranked_usd(comparison, other)
    saving = message(
        "{amount} {currency} per month ({share:.0%})",
        amount=comparison.currency.text(abs(its - own)),
        currency=comparison.currency.code,
        share=abs(float(1 - own / its)) if its else 0.0,
    )
    if own > its:
        return message("{saving} more than {option}, in use today.", saving=saving, option=name)
    if in_use is not None:
        return message("Saves {saving} against {option}, in use today.", saving=saving, option=name)
    return message("{saving} less than the next, {option}.", saving=saving, option=name)


def _how_sure(best: Outcome, lasting: Sequence[Outcome], simulation: Confidence | None) -> Message | None:
    if simulation is None:
        return None
    return message(
        "It is the cheapest of them in {share:.0%} of simulations.",
        share=simulation.cheapest_share(best, lasting),
    )


def _of_how_many(comparison: Comparison, best: Outcome, lasting: Sequence[Outcome], options: int) -> Message:
    if best is not lasting[0]:
        return message("Of the {n} options that you compare, it meets the requirements best.", n=options)
    if len(lasting) == options:
        return counted(
            "The only option that you compare.", "Cheapest of the {n} options that you compare.", options
        )
    if any(unknown_lifecycle(comparison, outcome) is not None for outcome in lasting):
        return counted(
            "The only one of the {options} options that you compare that is not known to be closed or to end "
            "soon.",
            "Cheapest of the {n} options that are not known to be closed or to end soon, of {options} that "
            "you compare.",
            len(lasting),
            options=options,
        )
    return counted(
        "The only one of the {options} options that you compare which is open to new customers and lasts.",
        "Cheapest of the {n} options that are open to new customers and last, of {options} that you compare.",
        len(lasting),
        options=options,
    )


def _why_not(decision: Decision, outcome: Outcome) -> Message:
    """Why an option that costs less is not recommended."""
    option = next(option for option in decision.options if option.outcome is outcome)
    if option.ruled_out_by:
        return message("excluded by a rule")
    if option in decision.eligible:
        return message("fewer points for factors other than cost")
    clauses = [warning.text for warning in option_warnings(decision.comparison, outcome)[:2]]
    return listed(clauses, COMMA)


def _notes(decision: Decision, best: Outcome, labels: Mapping[Message, OptionLabel]) -> list[Message]:
    comparison = decision.comparison
    currency, choices = comparison.currency, ranked(comparison)
    notes: list[Message] = []
    for outcome in choices[: choices.index(best)][:2]:
        notes.append(
            message(
                "Cheaper, but {reason}: {option}, {amount} {currency} per month.",
                reason=_why_not(decision, outcome),
                option=labels[outcome.name].full,
                amount=currency.text(outcome.usd_per_month),
                currency=currency.code,
            )
        )
    if (unknown := unknown_lifecycle(comparison, best)) is not None:
        notes.append(unknown)
    totals = {outcome.name: horizon_usd(comparison, outcome) for outcome in choices}
    least = min(choices, key=lambda outcome: totals[outcome.name])
    if totals[least.name] < totals[best.name] and least in choices[choices.index(best) :]:
        notes.append(horizon_sentence(comparison, labels[least.name].short, totals[least.name]))
    return notes

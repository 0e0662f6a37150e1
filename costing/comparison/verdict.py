"""Summary sentences: cheapest strategy, availability caveat, effect of the horizon."""

from __future__ import annotations

from collections.abc import Sequence
from decimal import Decimal

from i18n.message import Message, message

from ..scenario.requirements import RESOLVED_REQUEST
from .compare import Comparison, Outcome
from .endings import is_closed, lasts, limits, retires_on, unknown_lifecycle
from .resolution import counts_people, horizon_usd, ranked, ranked_usd, resolved, why_people_do_not_count


def verdict(comparison: Comparison) -> Message:
    """The answer in one sentence, with its figure."""
    if counts_people(comparison) and len(comparison.choices) > 1:
        return _with_people(comparison)
    currency = comparison.currency
    choices = comparison.choices
    if not choices:
        return message("None of these options can serve this workload; see the reasons below.")
    best = choices[0]
    volume = comparison.scenario.requests_per_day
    if len(choices) == 1:
        return message(
            "At {volume:,.0f} requests per day, {best} costs {amount} {currency} per month; there is "
            "nothing to compare it with.",
            volume=volume,
            best=best.name,
            amount=currency.text(best.usd_per_month),
            currency=currency.code,
        )
    second = choices[1]
    if second.usd_per_month == best.usd_per_month:
        return message(
            "At {volume:,.0f} requests per day, {best} and {second} cost the same: {amount} {currency} "
            "per month.",
            volume=volume,
            best=best.name,
            second=second.name,
            amount=currency.text(best.usd_per_month),
            currency=currency.code,
        )
    return message(
        "At {volume:,.0f} requests per day, {best} is cheapest: {amount} {currency} per month, "
        "{share:.0%} below {second}.",
        volume=volume,
        best=best.name,
        amount=currency.text(best.usd_per_month),
        currency=currency.code,
        share=1 - float(best.usd_per_month / second.usd_per_month),
        second=second.name,
    )


def _with_people(comparison: Comparison) -> Message:
    """The answer where people count: by cost per resolved request."""
    currency = comparison.currency
    best, second = ranked(comparison)[:2]
    cost = resolved(comparison, best)
    assert cost is not None
    assert cost.usd_per_resolved_request is not None  # else people do not count
    if ranked_usd(comparison, best) == ranked_usd(comparison, second):
        return message(
            "At {volume:,.0f} requests per day and with people counted, {best} and {second} cost the same: "
            "{amount:,.4g} {currency} per resolved request.",
            volume=comparison.scenario.requests_per_day,
            best=best.name,
            second=second.name,
            amount=currency.of_float(cost.usd_per_resolved_request),
            currency=currency.code,
        )
    return message(
        "At {volume:,.0f} requests per day and with people counted, {best} is cheapest: {amount:,.4g} "
        "{currency} per resolved request, {share:.0%} below {second}. By model cost alone it is {cheapest}.",
        volume=comparison.scenario.requests_per_day,
        best=best.name,
        amount=currency.of_float(cost.usd_per_resolved_request),
        currency=currency.code,
        share=1 - float(ranked_usd(comparison, best) / ranked_usd(comparison, second)),
        second=second.name,
        cheapest=comparison.choices[0].name,
    )


def people_note(comparison: Comparison) -> Message | None:
    """Why people are not counted though they should be; None where they are, or nobody asked."""
    if comparison.scenario.needs.rank_by != RESOLVED_REQUEST or not comparison.choices:
        return None
    return why_people_do_not_count(comparison)


def caveat(comparison: Comparison) -> Message | None:
    """Caveat on the cheapest strategy: not every company may choose it, it ends, or that is not known."""
    choices = ranked(comparison)
    if not choices:
        return None
    limited, unknown = _limited(comparison, choices), unknown_lifecycle(comparison, choices[0])
    if limited is None or unknown is None:
        return limited or unknown
    return message("{limited} {unknown}", limited=limited, unknown=unknown)


def _limited(comparison: Comparison, choices: Sequence[Outcome]) -> Message | None:
    """Who may choose the cheapest strategy and when it ends, with the cheapest one that has no limit."""
    best, currency = choices[0], comparison.currency
    is_shut = is_closed(comparison, best)
    if not is_shut and retires_on(comparison, best) is None:
        return None
    other = next((outcome for outcome in choices if lasts(comparison, outcome)), None)
    if other is None and is_shut:
        return message("{best} is for existing customers only.", best=best.name)
    if other is None:
        return message("{best}: {limits}.", best=best.name, limits=limits(comparison, best))
    values = {"other": other.name, "amount": currency.text(other.usd_per_month), "currency": currency.code}
    if not is_shut:
        return message(
            "{best}: {limits}. Cheapest option without a known end: {other}, {amount} {currency} per month.",
            best=best.name,
            limits=limits(comparison, best),
            **values,
        )
    if unknown_lifecycle(comparison, other) is not None:
        return message(
            "{best} is for existing customers only. Cheapest option without a known limit, but its lifecycle "
            "is not known: {other}, {amount} {currency} per month.",
            best=best.name,
            **values,
        )
    return message(
        "{best} is for existing customers only. Cheapest option open to everyone for the whole "
        "horizon: {other}, {amount} {currency} per month.",
        best=best.name,
        **values,
    )


def horizon_verdict(comparison: Comparison) -> Message | None:
    """The cheapest strategy over the whole horizon, where growth or announced prices change the answer."""
    choices = ranked(comparison)
    if len(choices) < 2:
        return None
    totals = {outcome.name: horizon_usd(comparison, outcome) for outcome in choices}
    best = min(choices, key=lambda outcome: totals[outcome.name])
    if best is choices[0]:
        return None
    return horizon_sentence(comparison, best.name, totals[best.name])


def horizon_sentence(comparison: Comparison, option: Message, usd: Decimal) -> Message:
    """That the option is the cheapest over the whole horizon, for this sum."""
    return message(
        "Over {months} months, with growth and announced prices, {option} is cheapest: {amount} "
        "{currency} in total.",
        months=comparison.scenario.horizon_months,
        option=option,
        amount=comparison.currency.text(usd),
        currency=comparison.currency.code,
    )

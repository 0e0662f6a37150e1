"""Summary sentences: cheapest strategy, availability caveat, effect of the horizon."""

from __future__ import annotations

from decimal import Decimal

from i18n.message import Message, message

from ..scenario.requirements import RESOLVED_REQUEST
from .compare import Comparison
from .endings import is_closed, lasts
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
    """Caveat that not every company may choose the cheapest strategy."""
    currency = comparison.currency
    choices = ranked(comparison)
    if not choices or not is_closed(comparison, choices[0]):
        return None
    for outcome in choices:
        if lasts(comparison, outcome):
            return message(
                "{best} is for existing customers only. Cheapest option open to everyone for the whole "
                "horizon: {other}, {amount} {currency} per month.",
                best=choices[0].name,
                other=outcome.name,
                amount=currency.text(outcome.usd_per_month),
                currency=currency.code,
            )
    return message("{best} is for existing customers only.", best=choices[0].name)


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

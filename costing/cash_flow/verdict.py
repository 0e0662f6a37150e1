"""Summary sentences of the cash flow: lowest cost over the horizon, and crossings of cumulative cost."""

from __future__ import annotations

from collections.abc import Sequence

from i18n.message import Message, message

from ..comparison.compare import Comparison
from ..scenario.traffic import month_name
from .cash_flow import CashFlow
from .cumulative_crossings import CumulativeCrossing, cheapest, overtakings


def cash_verdict(comparison: Comparison, flows: Sequence[CashFlow]) -> Message:
    """The option with the lowest present value, and that value."""
    if not flows:
        return message("None of these options can serve this workload; see the reasons above.")
    rate = comparison.scenario.outlook.discount_rate_share_per_year
    best, currency = cheapest(flows, rate), comparison.currency
    return message(
        "Over {months} months, {best} has the lowest cost: {amount} {currency} in cash, present value "
        "{present} (discount rate {rate:.1%} per year).",
        months=comparison.scenario.horizon_months,
        best=best.outcome.name,
        amount=currency.text(best.total_usd),
        currency=currency.code,
        present=currency.text(best.present_value_usd(rate)),
        rate=rate,
    )


def changes_of_lead(comparison: Comparison, flows: Sequence[CashFlow]) -> tuple[Message, ...]:
    """How the cheapest came to lead, against each of the others; and where plain cash says otherwise."""
    if len(flows) < 2:
        return ()
    rate = comparison.scenario.outlook.discount_rate_share_per_year
    best = cheapest(flows, rate)
    sentences: list[Message] = []
    for other in flows:
        changes = () if other is best else overtakings(best, other)
        if changes:
            sentences.append(_sentence(comparison, changes[-1]))
    least = min((f for f in flows if not f.outcome.strategy.is_reference), key=_total, default=best)
    if least.total_usd < best.total_usd:
        sentences.append(
            message(
                "Without discounting, {other} has the lowest cost: {amount} {currency}.",
                other=least.outcome.name,
                amount=comparison.currency.text(least.total_usd),
                currency=comparison.currency.code,
            )
        )
    return tuple(sentences)


def _total(flow: CashFlow) -> float:
    return float(flow.total_usd)


def _sentence(comparison: Comparison, change: CumulativeCrossing) -> Message:
    return message(
        "{ahead} has a lower cumulative cost than {behind} from month {number} ({month}) on.",
        ahead=change.ahead.outcome.name,
        behind=change.behind.outcome.name,
        number=change.month + 1,
        month=month_name(comparison.months[change.month]),
    )

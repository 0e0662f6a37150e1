"""Comparison of fixed and per-token fees of hosted strategies."""

from __future__ import annotations

from i18n.message import Message, message

from ..cost_lines import rounded_usd
from ..units import TOKENS_PER_MTOK
from .breakeven import Pair, api_side, marginal_usd_per_request
from .compare import Comparison, Outcome


def two_ways_to_charge(comparison: Comparison, pair: Pair) -> Message | None:
    """Why two hosted strategies cross, in figures; None where they do not cross exactly once.

    The fixed part is hosting and training; the rate is the long-run one, in the tokens of the pair.
    """
    if len(pair.crossings) != 1 or pair.first.strategy.is_self_hosted or pair.second.strategy.is_self_hosted:
        return None
    currency = comparison.currency
    tokens = api_side(pair.first, pair.second).strategy.tokens_per_request(comparison.workload)

    def fixed(outcome: Outcome) -> str:
        return currency.text(rounded_usd(float(comparison.usd_at(outcome, 0.0))))

    def rate(outcome: Outcome) -> float:
        return currency.of_float(marginal_usd_per_request(comparison, outcome) / tokens * TOKENS_PER_MTOK)

    return message(
        "Two ways to charge: {first} costs {first_fixed} {currency} per month before the first request and "
        "{first_rate:,.4g} {currency} per million tokens, {second} costs {second_fixed} {currency} and "
        "{second_rate:,.4g} {currency}.",
        first=pair.first.name,
        second=pair.second.name,
        first_fixed=fixed(pair.first),
        second_fixed=fixed(pair.second),
        first_rate=rate(pair.first),
        second_rate=rate(pair.second),
        currency=currency.code,
    )

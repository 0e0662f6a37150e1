"""Results of a Monte Carlo simulation in sentences."""

from __future__ import annotations

from collections.abc import Sequence

import numpy as np

from i18n.large_number import large
from i18n.message import Message, listed, message

from ..comparison.compare import Outcome
from ..comparison.resolution import ranked
from ..uncertainty.monte_carlo import Chance, Uncertainty
from ..uncertainty.strategy_costs import is_cheapest


def sentence(result: Uncertainty) -> Message:
    """Probability that the most frequent cheapest strategy is the cheapest, as a sentence."""
    best = max(result.strategies, key=lambda strategy: strategy.cheapest.share)
    if not best.cheapest.share:
        return message("No option is possible in any of {draws:,} simulations.", draws=result.draws)
    return message(
        "Of all options, {strategy} is the cheapest most often: in {share:.0%} of {draws:,} simulations (95% "
        "confidence interval: {low:.1%} to {high:.1%}).",
        strategy=best.outcome.name,
        share=best.cheapest.share,
        draws=result.draws,
        low=best.cheapest.low,
        high=best.cheapest.high,
    )


def confidence(result: Uncertainty, option: Outcome, among: Sequence[Outcome]) -> Message:
    """Probability that the recommended option is the cheapest of those that can be chosen, as a sentence."""
    hits = int(np.sum(is_cheapest(result.comparison, result.usd, option, among)))
    chance = Chance.of(hits, result.draws)
    values = {
        "option": option.name,
        "share": chance.share,
        "draws": result.draws,
        "low": chance.low,
        "high": chance.high,
    }
    if len(among) == len(result.comparison.feasible):
        return message(
            "The recommended option, {option}, is the cheapest in {share:.0%} of {draws:,} simulations (95% "
            "confidence interval: {low:.1%} to {high:.1%}).",
            **values,
        )
    return message(
        "The recommended option, {option}, is the cheapest of the options that you can choose in {share:.0%} "
        "of {draws:,} simulations (95% confidence interval: {low:.1%} to {high:.1%}).",
        **values,
    )


def reversal_inputs(result: Uncertainty) -> Message:
    """Sentence with the inputs that, alone, change which strategy is the cheapest."""
    usual = _usual(result)
    names = dict.fromkeys(
        swing.input.label
        for swing in result.swings
        if any(end is not None and end != usual for end in (swing.cheapest_at_low, swing.cheapest_at_high))
    )
    if not names:
        return message("No single input, at either end of its range, changes which option is the cheapest.")
    return message(
        "Each of these inputs alone can change which option is the cheapest: {inputs}.",
        inputs=listed(list(names)),
    )


def impossible(result: Uncertainty) -> list[Message]:
    """Sentences on strategies that are infeasible in some samples: share of feasible samples, one reason."""
    return [
        message(
            "{strategy} is possible in only {share:.0%} of the simulations. Reason in another: {reason}",
            strategy=strategy.outcome.name,
            share=strategy.possible_share,
            reason=strategy.refusal,
        )
        for strategy in result.strategies
        if strategy.outcome.is_feasible and strategy.possible_share < 1 and strategy.refusal is not None
    ]


def slow_formulas(result: Uncertainty) -> list[Message]:
    """Strategies of which draws were evaluated one by one, each with the formula that refused arrays."""
    return [
        message(
            "{strategy}: {n:,} simulations were evaluated one by one, which is slow ({place} takes only one "
            "number).",
            strategy=fallback.strategy,
            n=fallback.draws,
            place=fallback.place,
        )
        for fallback in result.scalar_fallbacks
    ]


def _usual(result: Uncertainty) -> Message | None:
    """The cheapest strategy at the scenario's own values."""
    choices = ranked(result.comparison)
    return choices[0].name if choices else None


def breakeven_sentence(result: Uncertainty) -> Message | None:
    """Break-even of self-hosting as a sentence; None where there is nothing to compare."""
    breakeven = result.breakeven
    if breakeven is None:
        return None
    if breakeven.tokens_per_day is None:
        return message("Self-hosting is cheaper than the APIs in none of the simulations.")
    values = {
        "strategy": breakeven.counted_as,
        "p5": large(breakeven.tokens_per_day.p5),
        "p50": large(breakeven.tokens_per_day.p50),
        "p95": large(breakeven.tokens_per_day.p95),
    }
    if not breakeven.never_share:
        return message(
            "Self-hosting is cheaper than the APIs from {p50} tokens per day (median; 5% to 95%: "
            "{p5} to {p95}; counted in tokens of {strategy}).",
            **values,
        )
    return message(
        "Self-hosting is cheaper than the APIs from {p50} tokens per day (median; 5% to 95%: "
        "{p5} to {p95}; counted in tokens of {strategy}); in {never:.0%} of the simulations "
        "never.",
        **values,
        never=breakeven.never_share,
    )


def evpi_sentence(result: Uncertainty) -> Message | None:
    """The input with the largest EVPI, or that none changes the choice."""
    if result.evpi is None:
        return None
    best = max(result.evpi.inputs, key=lambda item: item.usd_per_month, default=None)
    currency = result.comparison.currency
    if best is None or currency.of_float(best.usd_per_month) < 1:
        return message("Knowing any single input exactly would not change the choice.")
    return message(
        "Clarify first: {input}. Knowing it exactly before the decision is worth up to {amount} {currency} "
        "per month; knowing all inputs exactly, up to {most} {currency}.",
        input=best.input.label,
        amount=f"{currency.of_float(best.usd_per_month):,.0f}",
        currency=currency.code,
        most=f"{currency.of_float(result.evpi.everything_usd_per_month):,.0f}",
    )

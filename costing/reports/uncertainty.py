"""Uncertainty as rows for tables and CSV, as one JSON object, and in sentences."""

from __future__ import annotations

import math
from dataclasses import dataclass
from datetime import date
from decimal import Decimal
from typing import Any

from i18n.message import Message, Translate, message

from ..comparison.resolution import counts_people, ranked, ranked_usd
from ..uncertainty.monte_carlo import Percentiles, StrategyDistribution, Swing, Uncertainty
from .comparison import plain
from .cost_basis import basis_columns, with_people


@dataclass(frozen=True, slots=True)
class UncertaintyRow:
    """Distribution of one strategy's cost over all samples."""

    strategy: str
    usd_per_month: float | None
    """Cost at the scenario's own values."""
    usd_p5: float | None
    usd_p50: float | None
    usd_p95: float | None
    cheapest_share: float
    cheapest_share_low: float
    cheapest_share_high: float
    possible_share: float
    amount_per_month: float | None
    amount_p5: float | None
    amount_p50: float | None
    amount_p95: float | None
    draws: int
    seed: int
    includes_people: bool
    currency: str
    fx_per_usd: Decimal
    fx_date: date | None
    fx_source: str


@dataclass(frozen=True, slots=True)
class SwingRow:
    """Effect of the low and the high end of one input on one strategy's cost."""

    input: str
    path: str
    strategy: str
    input_low: float
    input_likely: float
    input_high: float
    shape: str
    origin: str
    usd_at_low: float | None
    usd_at_high: float | None
    amount_at_low: float | None
    amount_at_high: float | None
    cheapest_at_low: str
    cheapest_at_high: str
    includes_people: bool
    currency: str
    fx_per_usd: Decimal
    fx_date: date | None
    fx_source: str


@dataclass(frozen=True, slots=True)
class EvpiRow:
    """Expected value of perfect information (EVPI) about one input; the first row is about all inputs."""

    input: str
    path: str
    worth_usd_per_month: float
    worth_amount_per_month: float
    draws: int
    seed: int
    includes_people: bool
    currency: str
    fx_per_usd: Decimal
    fx_date: date | None
    fx_source: str


@dataclass(frozen=True, slots=True)
class InputRow:
    """One uncertain input with its range."""

    input: str
    path: str
    input_low: float
    input_likely: float
    input_high: float
    shape: str
    origin: str


def input_rows(result: Uncertainty, translate: Translate = plain) -> list[InputRow]:
    """A row for each input: the scenario's own ranges, then the proposed ones."""
    return [
        InputRow(
            item.label.render(translate),
            item.path,
            item.range.low,
            item.range.likely,
            item.range.high,
            item.range.shape,
            item.origin,
        )
        for item in result.inputs
    ]


def uncertainty_rows(result: Uncertainty, translate: Translate = plain) -> list[UncertaintyRow]:
    """A row for each strategy, in the order of the scenario."""
    return [_uncertainty_row(result, strategy, translate) for strategy in result.strategies]


def _uncertainty_row(
    result: Uncertainty, strategy: StrategyDistribution, translate: Translate
) -> UncertaintyRow:
    currency, usd = result.comparison.currency, strategy.usd_per_month
    usual = float(ranked_usd(result.comparison, strategy.outcome)) if strategy.outcome.is_feasible else None
    return UncertaintyRow(
        strategy.outcome.name.render(translate),
        usual,
        None if usd is None else usd.p5,
        None if usd is None else usd.p50,
        None if usd is None else usd.p95,
        strategy.cheapest.share,
        strategy.cheapest.low,
        strategy.cheapest.high,
        strategy.possible_share,
        None if usual is None else currency.of_float(usual),
        None if usd is None else currency.of_float(usd.p5),
        None if usd is None else currency.of_float(usd.p50),
        None if usd is None else currency.of_float(usd.p95),
        result.draws,
        result.seed,
        **basis_columns(result.comparison, strategy.outcome),
    )


def swing_rows(result: Uncertainty, translate: Translate = plain) -> list[SwingRow]:
    """A row for each input and strategy, longest swing first."""
    return [_swing_row(result, swing, translate) for swing in result.swings]


def _swing_row(result: Uncertainty, swing: Swing, translate: Translate) -> SwingRow:
    def amount(usd: float) -> float | None:
        return None if math.isnan(usd) else result.comparison.currency.of_float(usd)

    span = swing.input.range
    outcome = next(o for o in result.comparison.outcomes if o.name == swing.strategy)
    return SwingRow(
        swing.input.label.render(translate),
        swing.input.path,
        swing.strategy.render(translate),
        span.low,
        span.likely,
        span.high,
        span.shape,
        swing.input.origin,
        _known(swing.low_usd),
        _known(swing.high_usd),
        amount(swing.low_usd),
        amount(swing.high_usd),
        "" if swing.cheapest_at_low is None else swing.cheapest_at_low.render(translate),
        "" if swing.cheapest_at_high is None else swing.cheapest_at_high.render(translate),
        **basis_columns(result.comparison, outcome),
    )


def _known(figure: float) -> float | None:
    return None if math.isnan(figure) else figure


def sentence(result: Uncertainty) -> Message:
    """Probability that the most frequent cheapest strategy is the cheapest, as a sentence."""
    best = max(result.strategies, key=lambda strategy: strategy.cheapest.share)
    if not best.cheapest.share:
        return message("In none of {draws:,} draws is any strategy possible.", draws=result.draws)
    return message(
        "{strategy} is the cheapest in {share:.0%} of {draws:,} draws (95 % interval: {low:.0%} to "
        "{high:.0%}).",
        strategy=best.outcome.name,
        share=best.cheapest.share,
        draws=result.draws,
        low=best.cheapest.low,
        high=best.cheapest.high,
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
        return message("No input alone, at either end of its range, changes which strategy is the cheapest.")
    listed = next(iter(names))
    for name in list(names)[1:]:
        listed = message("{first}; {second}", first=listed, second=name)
    return message("Each of these alone can change which strategy is the cheapest: {inputs}.", inputs=listed)


def impossible(result: Uncertainty) -> list[Message]:
    """Sentences on strategies that are infeasible in some samples: share of feasible samples, one reason."""
    return [
        message(
            "{strategy} is possible in {share:.0%} of the draws only. In one of the others: {reason}",
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
            "{strategy}: {n:,} draws were evaluated one by one, which is slow ({place} takes one number "
            "only).",
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
        return message("In no draw do own servers become cheaper than the hosted models.")
    return message(
        "Own servers become cheaper than the hosted models at {p50:,.1f} M tokens a day (5 % to 95 %: "
        "{p5:,.1f} to {p95:,.1f} M; a request counts with the tokens of {strategy}); never in {never:.0%} of "
        "the draws.",
        strategy=breakeven.counted_as,
        p5=breakeven.tokens_per_day.p5 / 1e6,
        p50=breakeven.tokens_per_day.p50 / 1e6,
        p95=breakeven.tokens_per_day.p95 / 1e6,
        never=breakeven.never_share,
    )


def _spread(spread: Percentiles | None) -> dict[str, float] | None:
    return None if spread is None else {"p5": spread.p5, "p50": spread.p50, "p95": spread.p95}


def evpi_rows(result: Uncertainty, translate: Translate = plain) -> list[EvpiRow]:
    """EVPI of all inputs, then of each, largest first; empty where there is only one strategy."""
    if result.evpi is None:
        return []
    currency, rate = result.comparison.currency, basis_columns(result.comparison)
    worth = [
        (message("everything at once").render(translate), "", result.evpi.everything_usd_per_month),
        *(
            (item.input.label.render(translate), item.input.path, item.usd_per_month)
            for item in result.evpi.inputs
        ),
    ]
    return [
        EvpiRow(label, path, usd, currency.of_float(usd), result.draws, result.seed, **rate)
        for label, path, usd in worth
    ]


def evpi_sentence(result: Uncertainty) -> Message | None:
    """The input with the largest EVPI, or that none changes the choice."""
    if result.evpi is None:
        return None
    best = max(result.evpi.inputs, key=lambda item: item.usd_per_month, default=None)
    currency = result.comparison.currency
    if best is None or currency.of_float(best.usd_per_month) < 1:
        return message("To know any one of them exactly would not change what to choose.")
    return message(
        "Find out first: {input}. To know it exactly before choosing is worth {amount} {currency} a month; "
        "to know everything, {most}.",
        input=best.input.label,
        amount=f"{currency.of_float(best.usd_per_month):,.0f}",
        currency=currency.code,
        most=f"{currency.of_float(result.evpi.everything_usd_per_month):,.0f}",
    )


def uncertainty_json(result: Uncertainty, at_most: float | None = None) -> dict[str, Any]:
    """What `uncertainty --json` prints: one object."""
    crossing = result.breakeven
    return {
        "scenario_id": result.comparison.scenario.id,
        "on": result.comparison.scenario.on.isoformat(),
        "draws": result.draws,
        "seed": result.seed,
        "verdict": str(sentence(result)),
        "overturned_by": str(reversal_inputs(result)),
        "counts_people": counts_people(result.comparison),
        "none_share": result.none_share,
        "breakeven_tokens_per_day": _spread(crossing.tokens_per_day) if crossing else None,
        "never_share": crossing.never_share if crossing else None,
        "share_at_most": crossing.share_at_most(at_most) if crossing and at_most is not None else None,
        "worth_of_knowing_usd_per_month": {
            row.path or "everything": row.worth_usd_per_month for row in evpi_rows(result)
        }
        or None,
        "strategies": [
            {
                "strategy": str(item.outcome.name),
                "usd_per_month": _spread(item.usd_per_month),
                "cheapest_share": item.cheapest.share,
                "cheapest_share_low": item.cheapest.low,
                "cheapest_share_high": item.cheapest.high,
                "possible_share": item.possible_share,
                "refusal": None if item.refusal is None else str(item.refusal),
            }
            for item in result.strategies
        ],
        "inputs": [
            {
                "path": item.path,
                "label": str(item.label),
                "low": item.range.low,
                "likely": item.range.likely,
                "high": item.range.high,
                "shape": item.range.shape,
                "origin": item.origin,
            }
            for item in result.inputs
        ],
        "tornado": [
            {
                "path": item.input.path,
                "strategy": str(item.strategy),
                "usd_at_low": _known(item.low_usd),
                "usd_at_high": _known(item.high_usd),
                "cheapest_at_low": None if item.cheapest_at_low is None else str(item.cheapest_at_low),
                "cheapest_at_high": None if item.cheapest_at_high is None else str(item.cheapest_at_high),
            }
            for item in result.swings
        ],
        "scalar_fallbacks": [
            {"strategy": str(fallback.strategy), "draws": fallback.draws, "place": fallback.place}
            for fallback in result.scalar_fallbacks
        ],
    }


def uncertainty_text(result: Uncertainty, at_most: float | None = None) -> str:
    """What `uncertainty` prints for a reader."""
    out = [result.comparison.scenario.name(), str(sentence(result)), str(reversal_inputs(result))]
    crossing = breakeven_sentence(result)
    out += [] if crossing is None else [str(crossing)]
    out += [str(item) for item in (evpi_sentence(result), with_people(result.comparison)) if item is not None]
    out += [str(item) for item in (*impossible(result), *slow_formulas(result))]
    if result.breakeven is not None and at_most is not None:
        share = result.breakeven.share_at_most(at_most)
        out.append(f"At {at_most:,.0f} tokens a day or below: {share:.1%} of the draws.")
    code = result.comparison.currency.code
    out += ["", f"{code} a month, {result.draws:,} draws, seed {result.seed}:"]
    out.append(f"  {'5 %':>14} {'median':>14} {'95 %':>14} {'cheapest':>9} {'possible':>9}")
    for row in uncertainty_rows(result):
        ends = (row.amount_p5, row.amount_p50, row.amount_p95)
        shown = " ".join(f"{'-' if end is None else format(end, ',.2f'):>14}" for end in ends)
        out.append(f"  {shown} {row.cheapest_share:>9.1%} {row.possible_share:>9.1%}  {row.strategy}")
    out += ["", "What is not sure:"]
    out += [
        f"  {item.path:<44} {item.range.low:>12,.6g} {item.range.likely:>12,.6g} {item.range.high:>12,.6g}  "
        f"{item.range.shape:<10} {item.origin}"
        for item in result.inputs
    ]
    return "\n".join(out)

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
class SureRow:
    """One strategy over all draws."""

    strategy: str
    usd_per_month: float | None
    """At the scenario's own figures."""
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
    """One input alone, low and high, and what it does to one strategy."""

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
class KnowingRow:
    """What it is worth to know one input exactly before choosing; the first row is of all at once."""

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
    """One unsure input with its range."""

    input: str
    path: str
    input_low: float
    input_likely: float
    input_high: float
    shape: str
    origin: str


def input_rows(found: Uncertainty, translate: Translate = plain) -> list[InputRow]:
    """A row an input: the scenario's own, then the proposed ones."""
    return [
        InputRow(
            one.label.render(translate),
            one.path,
            one.range.low,
            one.range.likely,
            one.range.high,
            one.range.shape,
            one.origin,
        )
        for one in found.inputs
    ]


def sure_rows(found: Uncertainty, translate: Translate = plain) -> list[SureRow]:
    """A row a strategy, in the order of the scenario."""
    return [_sure_row(found, one, translate) for one in found.strategies]


def _sure_row(found: Uncertainty, one: StrategyDistribution, translate: Translate) -> SureRow:
    currency, usd = found.comparison.currency, one.usd_per_month
    usual = float(ranked_usd(found.comparison, one.outcome)) if one.outcome.is_feasible else None
    return SureRow(
        one.outcome.name.render(translate),
        usual,
        None if usd is None else usd.p5,
        None if usd is None else usd.p50,
        None if usd is None else usd.p95,
        one.cheapest.share,
        one.cheapest.low,
        one.cheapest.high,
        one.possible_share,
        None if usual is None else currency.of_float(usual),
        None if usd is None else currency.of_float(usd.p5),
        None if usd is None else currency.of_float(usd.p50),
        None if usd is None else currency.of_float(usd.p95),
        found.draws,
        found.seed,
        **basis_columns(found.comparison, one.outcome),
    )


def swing_rows(found: Uncertainty, translate: Translate = plain) -> list[SwingRow]:
    """A row an input and strategy, longest swing first."""
    return [_swing_row(found, one, translate) for one in found.swings]


def _swing_row(found: Uncertainty, one: Swing, translate: Translate) -> SwingRow:
    def amount(usd: float) -> float | None:
        return None if math.isnan(usd) else found.comparison.currency.of_float(usd)

    span = one.input.range
    outcome = next(o for o in found.comparison.outcomes if o.name == one.strategy)
    return SwingRow(
        one.input.label.render(translate),
        one.input.path,
        one.strategy.render(translate),
        span.low,
        span.likely,
        span.high,
        span.shape,
        one.input.origin,
        _known(one.low_usd),
        _known(one.high_usd),
        amount(one.low_usd),
        amount(one.high_usd),
        "" if one.cheapest_at_low is None else one.cheapest_at_low.render(translate),
        "" if one.cheapest_at_high is None else one.cheapest_at_high.render(translate),
        **basis_columns(found.comparison, outcome),
    )


def _known(figure: float) -> float | None:
    return None if math.isnan(figure) else figure


def sentence(found: Uncertainty) -> Message:
    """How sure the verdict is."""
    best = max(found.strategies, key=lambda one: one.cheapest.share)
    if not best.cheapest.share:
        return message("In none of {draws:,} draws is any strategy possible.", draws=found.draws)
    return message(
        "{strategy} is the cheapest in {share:.0%} of {draws:,} draws (95 % interval: {low:.0%} to "
        "{high:.0%}).",
        strategy=best.outcome.name,
        share=best.cheapest.share,
        draws=found.draws,
        low=best.cheapest.low,
        high=best.cheapest.high,
    )


def overturned_by(found: Uncertainty) -> Message:
    """Which inputs alone make another strategy the cheapest than the verdict names."""
    usual = _usual(found)
    names = dict.fromkeys(
        one.input.label
        for one in found.swings
        if any(end is not None and end != usual for end in (one.cheapest_at_low, one.cheapest_at_high))
    )
    if not names:
        return message("No input alone, at either end of its range, changes which strategy is the cheapest.")
    listed = next(iter(names))
    for name in list(names)[1:]:
        listed = message("{first}; {second}", first=listed, second=name)
    return message("Each of these alone can change which strategy is the cheapest: {inputs}.", inputs=listed)


def impossible(found: Uncertainty) -> list[Message]:
    """Of strategies that can serve the workload as it stands: in how many draws, and why not in one."""
    return [
        message(
            "{strategy} is possible in {share:.0%} of the draws only. In one of the others: {reason}",
            strategy=one.outcome.name,
            share=one.possible_share,
            reason=one.refusal,
        )
        for one in found.strategies
        if one.outcome.is_feasible and one.possible_share < 1 and one.refusal is not None
    ]


def _usual(found: Uncertainty) -> Message | None:
    """The cheapest at the scenario's own figures."""
    choices = ranked(found.comparison)
    return choices[0].name if choices else None


def breakeven_sentence(found: Uncertainty) -> Message | None:
    """Where own servers become cheapest; None where there are none to compare."""
    one = found.breakeven
    if one is None:
        return None
    if one.tokens_per_day is None:
        return message("In no draw do own servers become cheaper than the hosted models.")
    return message(
        "Own servers become cheaper than the hosted models at {p50:,.1f} M tokens a day (5 % to 95 %: "
        "{p5:,.1f} to {p95:,.1f} M; a request counts with the tokens of {strategy}); never in {never:.0%} of "
        "the draws.",
        strategy=one.counted_as,
        p5=one.tokens_per_day.p5 / 1e6,
        p50=one.tokens_per_day.p50 / 1e6,
        p95=one.tokens_per_day.p95 / 1e6,
        never=one.never_share,
    )


def _spread(spread: Percentiles | None) -> dict[str, float] | None:
    return None if spread is None else {"p5": spread.p5, "p50": spread.p50, "p95": spread.p95}


def knowing_rows(found: Uncertainty, translate: Translate = plain) -> list[KnowingRow]:
    """All inputs at once, then each alone, most first; none where there is nothing to choose from."""
    if found.knowing is None:
        return []
    currency, rate = found.comparison.currency, basis_columns(found.comparison)
    worth = [
        (message("everything at once").render(translate), "", found.knowing.everything_usd_per_month),
        *(
            (one.input.label.render(translate), one.input.path, one.usd_per_month)
            for one in found.knowing.inputs
        ),
    ]
    return [
        KnowingRow(label, path, usd, currency.of_float(usd), found.draws, found.seed, **rate)
        for label, path, usd in worth
    ]


def knowing_sentence(found: Uncertainty) -> Message | None:
    """What to find out first, or that nothing is worth a test."""
    if found.knowing is None:
        return None
    best = max(found.knowing.inputs, key=lambda one: one.usd_per_month, default=None)
    currency = found.comparison.currency
    if best is None or currency.of_float(best.usd_per_month) < 1:
        return message("To know any one of them exactly would not change what to choose.")
    return message(
        "Find out first: {input}. To know it exactly before choosing is worth {amount} {currency} a month; "
        "to know everything, {most}.",
        input=best.input.label,
        amount=f"{currency.of_float(best.usd_per_month):,.0f}",
        currency=currency.code,
        most=f"{currency.of_float(found.knowing.everything_usd_per_month):,.0f}",
    )


def uncertainty_json(found: Uncertainty, at_most: float | None = None) -> dict[str, Any]:
    """What `uncertainty --json` prints: one object."""
    crossing = found.breakeven
    return {
        "scenario_id": found.comparison.scenario.id,
        "on": found.comparison.scenario.on.isoformat(),
        "draws": found.draws,
        "seed": found.seed,
        "verdict": str(sentence(found)),
        "overturned_by": str(overturned_by(found)),
        "counts_people": counts_people(found.comparison),
        "none_share": found.none_share,
        "breakeven_tokens_per_day": _spread(crossing.tokens_per_day) if crossing else None,
        "never_share": crossing.never_share if crossing else None,
        "share_at_most": crossing.share_at_most(at_most) if crossing and at_most is not None else None,
        "worth_of_knowing_usd_per_month": {
            row.path or "everything": row.worth_usd_per_month for row in knowing_rows(found)
        }
        or None,
        "strategies": [
            {
                "strategy": str(one.outcome.name),
                "usd_per_month": _spread(one.usd_per_month),
                "cheapest_share": one.cheapest.share,
                "cheapest_share_low": one.cheapest.low,
                "cheapest_share_high": one.cheapest.high,
                "possible_share": one.possible_share,
                "refusal": None if one.refusal is None else str(one.refusal),
            }
            for one in found.strategies
        ],
        "inputs": [
            {
                "path": one.path,
                "label": str(one.label),
                "low": one.range.low,
                "likely": one.range.likely,
                "high": one.range.high,
                "shape": one.range.shape,
                "origin": one.origin,
            }
            for one in found.inputs
        ],
        "tornado": [
            {
                "path": one.input.path,
                "strategy": str(one.strategy),
                "usd_at_low": _known(one.low_usd),
                "usd_at_high": _known(one.high_usd),
                "cheapest_at_low": None if one.cheapest_at_low is None else str(one.cheapest_at_low),
                "cheapest_at_high": None if one.cheapest_at_high is None else str(one.cheapest_at_high),
            }
            for one in found.swings
        ],
    }


def uncertainty_text(found: Uncertainty, at_most: float | None = None) -> str:
    """What `uncertainty` prints for a reader."""
    out = [found.comparison.scenario.name(), str(sentence(found)), str(overturned_by(found))]
    crossing = breakeven_sentence(found)
    out += [] if crossing is None else [str(crossing)]
    out += [str(one) for one in (knowing_sentence(found), with_people(found.comparison)) if one is not None]
    out += [str(one) for one in impossible(found)]
    if found.breakeven is not None and at_most is not None:
        share = found.breakeven.share_at_most(at_most)
        out.append(f"At {at_most:,.0f} tokens a day or below: {share:.1%} of the draws.")
    code = found.comparison.currency.code
    out += ["", f"{code} a month, {found.draws:,} draws, seed {found.seed}:"]
    out.append(f"  {'5 %':>14} {'median':>14} {'95 %':>14} {'cheapest':>9} {'possible':>9}")
    for row in sure_rows(found):
        ends = (row.amount_p5, row.amount_p50, row.amount_p95)
        shown = " ".join(f"{'-' if end is None else format(end, ',.2f'):>14}" for end in ends)
        out.append(f"  {shown} {row.cheapest_share:>9.1%} {row.possible_share:>9.1%}  {row.strategy}")
    out += ["", "What is not sure:"]
    out += [
        f"  {one.path:<44} {one.range.low:>12,.6g} {one.range.likely:>12,.6g} {one.range.high:>12,.6g}  "
        f"{one.range.shape:<10} {one.origin}"
        for one in found.inputs
    ]
    return "\n".join(out)

"""Rows of a comparison at its volume, for tables, charts and CSV."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import date
from decimal import Decimal
from typing import Any

from i18n.message import Translate, listed, message
from i18n.message import plain as plain
from pricing.book import PriceBook

from ..comparison.compare import Comparison, Outcome
from ..cost_lines import Band, Cadence, CostLine, rounded_usd
from ..scenario.scenario import Scenario, part_tokens
from ..tokenization.tokens import REFERENCE_ENCODING
from ..workload.workload import PART_LABELS


def rate_columns(comparison: Comparison) -> dict[str, Any]:
    """The last columns of every row with an amount."""
    return comparison.currency.columns()


@dataclass(frozen=True, slots=True)
class CostRow:
    """One cost line of one strategy in one month."""

    scenario_id: str
    scenario: str
    on: date
    strategy: str
    line: str
    category: str
    cadence: str
    quantity: float
    unit: str
    usd_per_unit: float
    amount_usd: Decimal
    month: str
    price_ref: str
    source: str
    checked_on: date | None
    evidence: str
    layer: str
    """Where the price row came from: shipped, a company's folder, the scenario."""
    amount: Decimal
    """In the report's currency, not rounded again, so that they add up as the USD do."""
    currency: str
    fx_per_usd: Decimal
    fx_date: date | None
    fx_source: str
    quantity_low: float | None
    """With every token count at the 5th percentile of its band; the quantity itself where it is exact.
    None: not possible there."""
    quantity_high: float | None


def cost_rows(comparison: Comparison, translate: Translate = plain, language: str = "en") -> list[CostRow]:
    """Every cost line of every month of the horizon, for every feasible strategy.

    What is paid once stands in the first month. The amounts of a strategy add up to its total.
    """
    scenario = comparison.scenario
    months = [f"{day:%Y-%m}" for day in comparison.months]
    rate = rate_columns(comparison)
    return [
        CostRow(
            scenario_id=scenario.id,
            scenario=scenario.name(language),
            on=scenario.on,
            strategy=outcome.name.render(translate),
            line=item.line.name.render(translate),
            category=item.line.category,
            cadence=item.line.cadence,
            quantity=item.quantity,
            unit=item.line.unit,
            usd_per_unit=item.usd_per_unit,
            amount_usd=item.usd,
            month=months[item.month],
            price_ref=item.line.price.ref,
            source="; ".join(filter(None, (source_of(item.line, translate), item.drift_note))),
            checked_on=item.line.price.checked_on,
            evidence=item.evidence,
            layer=item.line.price.layer,
            amount=comparison.currency.of(item.usd),
            **rate,
            quantity_low=item.quantity_low,
            quantity_high=item.quantity_high,
        )
        for outcome in comparison.outcomes
        if outcome.is_feasible
        for item in comparison.month_lines(outcome)
    ]


def source_of(line: CostLine, translate: Translate = plain) -> str:
    """Source of the price and, where the tokens are estimated, of their ratio."""
    parts = [line.price.source]
    if line.formula:
        parts.append(line.formula)
    if line.quantity_note:
        how = listed(line.quantity_note)
        parts.append(message("tokens: {how}", how=how).render(translate))
    return "; ".join(parts)


def how_counted(comparison: Comparison, outcome: Outcome, translate: Translate = plain) -> str:
    """How a strategy's tokens were counted: the vocabulary, or the ratio with its band."""
    return listed(outcome.strategy.prompt(comparison.workload).counting_methods).render(translate)


def token_band(comparison: Comparison, outcome: Outcome) -> Band:
    """Band of a strategy's token count, input and output together."""
    return outcome.strategy.prompt(comparison.workload).band


@dataclass(frozen=True, slots=True)
class MonthRow:
    """Cost of a strategy in a month, and cumulative."""

    strategy: str
    month: str
    requests_per_day: float
    usd: Decimal
    cumulative_usd: Decimal
    evidence: str
    tokens: str
    """How its tokens were counted: the vocabulary, or the ratio with its band."""
    amount: Decimal
    cumulative_amount: Decimal
    currency: str
    fx_per_usd: Decimal
    fx_date: date | None
    fx_source: str


def month_rows(comparison: Comparison, translate: Translate = plain) -> list[MonthRow]:
    """A row for each strategy and month of the horizon."""
    rows: list[MonthRow] = []
    volumes = comparison.requests_per_day
    months = [f"{day:%Y-%m}" for day in comparison.months]
    currency, rate = comparison.currency, rate_columns(comparison)
    for outcome in comparison.feasible:
        so_far = Decimal(0)
        name = outcome.name.render(translate)
        tokens, evidence = how_counted(comparison, outcome, translate), outcome.evidence
        for index, usd in enumerate(comparison.usd_by_month(outcome)):
            so_far += usd
            rows.append(
                MonthRow(
                    strategy=name,
                    month=months[index],
                    requests_per_day=float(volumes[index]),
                    usd=usd,
                    cumulative_usd=so_far,
                    evidence=evidence,
                    tokens=tokens,
                    amount=currency.of(usd),
                    cumulative_amount=currency.of(so_far),
                    **rate,
                )
            )
    return rows


@dataclass(frozen=True, slots=True)
class LineRow:
    """A cost line of the typical month, for the table and stacked bar of the screen."""

    strategy: str
    line: str
    amount_usd: Decimal
    cadence: str
    quantity: float
    unit: str
    usd_per_unit: float
    evidence: str
    price_ref: str
    source: str
    checked_on: date | None
    layer: str
    category: str
    usd_per_month: Decimal
    """One-time costs are spread over the horizon."""
    amount: Decimal
    amount_per_month: Decimal
    currency: str
    fx_per_usd: Decimal
    fx_date: date | None
    fx_source: str


def line_rows(comparison: Comparison, translate: Translate = plain) -> list[LineRow]:
    """Lines at the scenario's volume and day, cheapest strategy first."""
    return [
        _line_row(comparison, outcome, line, translate)
        for outcome in comparison.feasible
        for line in outcome.lines
    ]


def _line_row(comparison: Comparison, outcome: Outcome, line: CostLine, translate: Translate) -> LineRow:
    currency, months = comparison.currency, comparison.scenario.horizon_months
    usd = rounded_usd(float(line.usd))
    usd_per_month = rounded_usd(float(line.usd) / (months if line.cadence == Cadence.ONCE else 1))
    return LineRow(
        strategy=outcome.name.render(translate),
        line=line.name.render(translate),
        category=line.category,
        cadence=line.cadence,
        quantity=float(line.quantity),
        unit=line.unit,
        usd_per_unit=float(line.usd_per_unit),
        amount_usd=usd,
        usd_per_month=usd_per_month,
        price_ref=line.price.ref,
        source=source_of(line, translate),
        checked_on=line.price.checked_on,
        evidence=line.evidence,
        layer=line.price.layer,
        amount=currency.of(usd),
        amount_per_month=currency.of(usd_per_month),
        **rate_columns(comparison),
    )


@dataclass(frozen=True, slots=True)
class TokenRow:
    """Tokens of one part of a request, in one family's tokenizer."""

    part: str
    tokenizer: str
    tokens: float
    low: float
    high: float
    evidence: str
    how: str
    made: str
    """Exact, reconstructed or estimated."""


def token_rows(comparison: Comparison, translate: Translate = plain) -> list[TokenRow]:
    """Every part in every tokenizer that the strategies use."""
    return [
        TokenRow(
            translate(PART_LABELS[part]),
            tokenizer,
            count.tokens,
            count.low,
            count.high,
            count.evidence,
            listed(count.counting_methods).render(translate),
            count.made,
        )
        for tokenizer, tokens in comparison.workload.tokens.items()
        for part, count in tokens.parts().items()
    ]


def reference_tokens(scenario: Scenario, book: PriceBook, part: str) -> float:
    """Tokens of a part in the reference encoding; exact where the text is given."""
    return part_tokens(scenario.parts[part], REFERENCE_ENCODING, book.on(scenario.on), part).tokens

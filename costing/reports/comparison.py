"""Frames of a comparison at its volume: cost lines, months, tokens."""

from __future__ import annotations

from collections.abc import Iterable
from decimal import Decimal
from typing import Any, Final

import pandas as pd

from frames.frame import frame, frame_of
from frames.registry import columns
from i18n.message import Translate, listed, message
from i18n.message import plain as plain
from pricing.book import PriceBook

from ..comparison.compare import Comparison, Outcome
from ..cost_lines import Band, CostLine, rounded_usd
from ..scenario.scenario import Scenario, part_tokens
from ..tokenization.tokens import REFERENCE_ENCODING, TokenCount
from ..workload.workload import PART_LABELS

COST_LINE_COLUMNS: Final = columns(
    "scenario_id scenario on strategy line category cadence quantity unit usd_per_unit amount_usd month "
    "price_ref source checked_on evidence layer amount currency fx_per_usd fx_date fx_source "
    "quantity_low quantity_high"
)
LINE_COLUMNS: Final = columns(
    "strategy line amount_usd cadence quantity unit usd_per_unit evidence price_ref source checked_on layer "
    "category usd_per_month amount amount_per_month currency fx_per_usd fx_date fx_source"
)
MONTH_COLUMNS: Final = columns(
    "strategy month requests_per_day usd cumulative_usd evidence counting_method amount cumulative_amount "
    "currency fx_per_usd fx_date fx_source"
)
TOTAL_COLUMNS: Final = columns(
    "strategy cumulative_usd cumulative_amount evidence currency fx_per_usd fx_date fx_source"
)
TOKEN_COLUMNS: Final = columns("part tokenizer tokens low high evidence counting_method made")


def rate_columns(comparison: Comparison) -> dict[str, Any]:
    """The last columns of every row with an amount."""
    return comparison.currency.columns()


def cost_lines(comparison: Comparison, translate: Translate = plain, language: str = "en") -> pd.DataFrame:
    """Every cost line of every month of the horizon, for every feasible option.

    What is paid once stands in the first month. The amounts of an option add up to its total. `amount` is
    in the report's currency, not rounded again. `quantity_low` and `quantity_high` hold every token count
    at the ends of its band (5 % and 95 %); missing where the option is not possible there. `layer` is where
    the price row came from: shipped, a company's folder, the scenario.
    """
    scenario = comparison.scenario
    months = [f"{day:%Y-%m}" for day in comparison.months]
    rate = rate_columns(comparison)
    return frame(
        COST_LINE_COLUMNS,
        (
            {
                "scenario_id": scenario.id,
                "scenario": scenario.name(language),
                "on": scenario.on,
                "strategy": name,
                "line": item.line.name.render(translate),
                "category": item.line.category,
                "cadence": item.line.cadence,
                "quantity": item.quantity,
                "unit": item.line.unit,
                "usd_per_unit": item.usd_per_unit,
                "amount_usd": item.usd,
                "month": months[item.month],
                "price_ref": item.line.price.ref,
                "source": "; ".join(filter(None, (source_of(item.line, translate), item.drift_note))),
                "checked_on": item.line.price.checked_on,
                "evidence": item.evidence,
                "layer": item.line.price.layer,
                "amount": comparison.currency.of(item.usd),
                **rate,
                "quantity_low": item.quantity_low,
                "quantity_high": item.quantity_high,
            }
            for outcome in comparison.outcomes
            if outcome.is_feasible
            for name in (outcome.name.render(translate),)
            for item in comparison.month_lines(outcome)
        ),
    )


def source_of(line: CostLine, translate: Translate = plain) -> str:
    """Source of the price and, where the tokens are estimated, of their ratio."""
    parts = [line.price.source]
    if line.formula:
        parts.append(line.formula)
    if line.quantity_note:
        how = listed(line.quantity_note)
        parts.append(message("tokens: {how}", how=how).render(translate))
    return "; ".join(parts)


def counting_method(comparison: Comparison, outcome: Outcome, translate: Translate = plain) -> str:
    """How an option's tokens were counted: the vocabulary, or the ratio with its band."""
    return listed(outcome.strategy.prompt(comparison.workload).counting_methods).render(translate)


def token_band(comparison: Comparison, outcome: Outcome) -> Band:
    """Band of an option's token count, input and output together."""
    return outcome.strategy.prompt(comparison.workload).band


def months(comparison: Comparison, translate: Translate = plain) -> pd.DataFrame:
    """Cost of each feasible option in each month of the horizon, and cumulative; cheapest option first."""
    outcomes, horizon = comparison.feasible, comparison.scenario.horizon_months
    currency = comparison.currency
    usd: list[Decimal] = []
    cumulative: list[Decimal] = []
    for outcome in outcomes:
        so_far = Decimal(0)
        for monthly in comparison.usd_by_month(outcome):
            so_far += monthly
            usd.append(monthly)
            cumulative.append(so_far)
    return frame_of(
        MONTH_COLUMNS,
        len(usd),
        {
            "strategy": _each([outcome.name.render(translate) for outcome in outcomes], horizon),
            "month": [f"{day:%Y-%m}" for day in comparison.months] * len(outcomes),
            "requests_per_day": comparison.requests_per_day.tolist() * len(outcomes),
            "usd": usd,
            "cumulative_usd": cumulative,
            "evidence": _each([str(outcome.evidence) for outcome in outcomes], horizon),
            "counting_method": _each(
                [counting_method(comparison, outcome, translate) for outcome in outcomes], horizon
            ),
            "amount": [currency.of(each) for each in usd],
            "cumulative_amount": [currency.of(each) for each in cumulative],
        },
        rate_columns(comparison),
    )


def horizon_totals(comparison: Comparison, translate: Translate = plain) -> pd.DataFrame:
    """Sum of each feasible option over all months of the horizon: that of its rows in `cost_lines`."""
    table = months(comparison, translate)
    last = table.groupby("strategy", sort=False).tail(1)
    return last[[column.name for column in TOTAL_COLUMNS]].reset_index(drop=True)


def _each(values: list[str], times: int) -> list[str]:
    """Every value repeated: a a b b for times 2."""
    return [value for value in values for _ in range(times)]


def lines(comparison: Comparison, translate: Translate = plain) -> pd.DataFrame:
    """Lines at the scenario's volume and day, cheapest option first.

    `amount_usd` is what is paid each month or once; `usd_per_month` spreads one-time costs over the horizon.
    """
    rate = rate_columns(comparison)
    return frame(
        LINE_COLUMNS,
        (
            {**_line(comparison, name, line, translate), **rate}
            for outcome in comparison.feasible
            for name in (outcome.name.render(translate),)
            for line in outcome.lines
        ),
    )


def _line(comparison: Comparison, strategy: str, line: CostLine, translate: Translate) -> dict[str, Any]:
    currency, horizon = comparison.currency, comparison.scenario.horizon_months
    usd = rounded_usd(float(line.usd))
    usd_per_month = rounded_usd(float(line.usd_per_month(horizon)))
    return {
        "strategy": strategy,
        "line": line.name.render(translate),
        "category": line.category,
        "cadence": line.cadence,
        "quantity": float(line.quantity),
        "unit": line.unit,
        "usd_per_unit": float(line.usd_per_unit),
        "amount_usd": usd,
        "usd_per_month": usd_per_month,
        "price_ref": line.price.ref,
        "source": source_of(line, translate),
        "checked_on": line.price.checked_on,
        "evidence": line.evidence,
        "layer": line.price.layer,
        "amount": currency.of(usd),
        "amount_per_month": currency.of(usd_per_month),
    }


def tokens(comparison: Comparison, translate: Translate = plain) -> pd.DataFrame:
    """Tokens of every part of a request in every tokenizer that the options use.

    `low` and `high` are the ends of the band (5 % and 95 %); `made` is exact, reconstructed or estimated.
    """
    return frame(
        TOKEN_COLUMNS,
        (
            {
                "part": translate(PART_LABELS[part]),
                "tokenizer": tokenizer,
                "tokens": count.tokens,
                "low": count.low,
                "high": count.high,
                "evidence": count.evidence,
                "counting_method": listed(count.counting_methods).render(translate),
                "made": count.made,
            }
            for tokenizer, token_counts in comparison.workload.tokens.items()
            for part, count in token_counts.parts().items()
        ),
    )


def reference_tokens(scenario: Scenario, book: PriceBook, part: str) -> float:
    """Tokens of a part in the reference encoding; exact where the text is given."""
    return part_counts(scenario, book, part)[REFERENCE_ENCODING].tokens


def part_counts(
    scenario: Scenario, book: PriceBook, part: str, tokenizers: Iterable[str] = ()
) -> dict[str, TokenCount]:
    """Tokens of a part by tokenizer: in those given, and in the reference encoding."""
    prices = book.on(scenario.on)
    return {
        name: part_tokens(scenario.parts[part], name, prices, part)
        for name in sorted({REFERENCE_ENCODING, *tokenizers})
    }

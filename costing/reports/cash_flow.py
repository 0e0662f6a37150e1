"""Rows of the cash flow, for tables, charts and CSV."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import date
from decimal import Decimal
from itertools import combinations

from i18n.message import Translate

from ..cash_flow.cash_flow import CashFlow
from ..cash_flow.cumulative_crossings import least_at_start, overtakings, payback_months
from ..cash_flow.events import events
from ..comparison.compare import Comparison
from ..scenario.traffic import month_name
from .comparison import plain, rate_columns, source_of


@dataclass(frozen=True, slots=True)
class CashRow:
    """One payment of one strategy in one month; money received is negative."""

    scenario_id: str
    scenario: str
    on: date
    strategy: str
    month: str
    line: str
    amount_usd: Decimal
    kind: str
    """When and why it is paid: each month, once, as a job of retraining, bought, sold, or left at the end."""
    category: str
    quantity: float
    unit: str
    usd_per_unit: float
    price_ref: str
    source: str
    checked_on: date | None
    evidence: str
    layer: str
    amount: Decimal
    currency: str
    fx_per_usd: Decimal
    fx_date: date | None
    fx_source: str


def cash_rows(
    comparison: Comparison, flows: Sequence[CashFlow], translate: Translate = plain, language: str = "en"
) -> list[CashRow]:
    """Every payment, strategy by strategy; the amounts of a strategy add up to its total."""
    scenario, rate = comparison.scenario, rate_columns(comparison)
    months = [month_name(day) for day in comparison.months]
    return [
        CashRow(
            scenario_id=scenario.id,
            scenario=scenario.name(language),
            on=scenario.on,
            strategy=flow.outcome.name.render(translate),
            month=months[item.month],
            line=item.name.render(translate),
            amount_usd=item.usd,
            kind=item.kind,
            category=item.line.category,
            quantity=item.quantity,
            unit=item.unit,
            usd_per_unit=item.usd_per_unit,
            price_ref=item.line.price.ref,
            source="; ".join(filter(None, (source_of(item.line, translate), item.note))),
            checked_on=item.line.price.checked_on,
            evidence=item.evidence,
            layer=item.line.price.layer,
            amount=comparison.currency.of(item.usd),
            **rate,
        )
        for flow in flows
        for item in flow.lines
    ]


@dataclass(frozen=True, slots=True)
class CashMonthRow:
    """Payments of a strategy in a month, and cumulative."""

    strategy: str
    month: str
    number: int
    """1 is the first."""
    requests_per_day: float
    cash_usd: Decimal
    cumulative_usd: Decimal
    """Cumulative cost; the last month is net of the book value of machines at the end."""
    paid_so_far_usd: Decimal
    """Cumulative payments only, without book value."""
    equivalent_usd: Decimal
    """The same month as `compare` has it: machines and trainings spread over their time."""
    evidence: str
    cash: Decimal
    cumulative: Decimal
    paid_so_far: Decimal
    currency: str
    fx_per_usd: Decimal
    fx_date: date | None
    fx_source: str


def cash_month_rows(
    comparison: Comparison, flows: Sequence[CashFlow], translate: Translate = plain
) -> list[CashMonthRow]:
    """A row for each strategy and month of the horizon."""
    currency, rate = comparison.currency, rate_columns(comparison)
    volumes = comparison.requests_per_day
    return [
        CashMonthRow(
            strategy=flow.outcome.name.render(translate),
            month=month_name(comparison.months[month]),
            number=month + 1,
            requests_per_day=float(volumes[month]),
            cash_usd=usd,
            cumulative_usd=flow.cumulative_usd[month],
            paid_so_far_usd=flow.cumulative_without_book_value_usd[month],
            equivalent_usd=comparison.usd_by_month(flow.outcome)[month],
            evidence=flow.evidence,
            cash=currency.of(usd),
            cumulative=currency.of(flow.cumulative_usd[month]),
            paid_so_far=currency.of(flow.cumulative_without_book_value_usd[month]),
            **rate,
        )
        for flow in flows
        for month, usd in enumerate(flow.usd_by_month)
    ]


@dataclass(frozen=True, slots=True)
class CashSummaryRow:
    """A strategy over the whole horizon."""

    strategy: str
    total_usd: Decimal
    present_value_usd: Decimal
    """Present value of all payments; lower is better."""
    npv_usd: Decimal | None
    """Present value saved against the strategy of `against`; blank for that strategy itself."""
    payback_months: float | None
    """Months until its cumulative cost stays below that of `against`; blank: not within the horizon."""
    at_start_usd: Decimal
    overtakes_in: str
    """Every month in which the lead between the two changes."""
    against: str
    """The strategy with the lowest initial payment, or the chosen one."""
    discount_rate_share_per_year: float
    evidence: str
    present_value: Decimal
    total: Decimal
    currency: str
    fx_per_usd: Decimal
    fx_date: date | None
    fx_source: str


def cash_summary_rows(
    comparison: Comparison,
    flows: Sequence[CashFlow],
    translate: Translate = plain,
    against: CashFlow | None = None,
) -> list[CashSummaryRow]:
    """Lowest present value first."""
    if not flows:
        return []
    rate, currency = comparison.scenario.outlook.discount_rate_share_per_year, comparison.currency
    base = against or least_at_start(flows)
    rows: list[CashSummaryRow] = []
    for flow in sorted(flows, key=lambda change: change.present_value_usd(rate)):
        worth, is_base = flow.present_value_usd(rate), flow is base
        changes = overtakings(flow, base)
        rows.append(
            CashSummaryRow(
                strategy=flow.outcome.name.render(translate),
                present_value_usd=worth,
                total_usd=flow.total_usd,
                at_start_usd=flow.at_start_usd,
                against="" if is_base else base.outcome.name.render(translate),
                npv_usd=None if is_base else base.present_value_usd(rate) - worth,
                payback_months=None if is_base else payback_months(flow, base),
                overtakes_in=", ".join(month_name(comparison.months[change.month]) for change in changes),
                discount_rate_share_per_year=rate,
                evidence=flow.evidence,
                present_value=currency.of(worth),
                total=currency.of(flow.total_usd),
                **rate_columns(comparison),
            )
        )
    return rows


@dataclass(frozen=True, slots=True)
class OvertakingRow:
    """A month from which on one strategy has cost less than another since the start."""

    month: str
    number: int
    after_months: float
    ahead: str
    behind: str
    paid_so_far_usd: Decimal
    """Cumulative cost of the strategy that leads, up to the end of that month."""
    paid_so_far: Decimal
    currency: str
    fx_per_usd: Decimal
    fx_date: date | None
    fx_source: str


def overtaking_rows(
    comparison: Comparison, flows: Sequence[CashFlow], translate: Translate = plain
) -> list[OvertakingRow]:
    """Crossings of all pairs, in order of time."""
    crossings = [
        crossing for first, second in combinations(flows, 2) for crossing in overtakings(first, second)
    ]
    return [
        OvertakingRow(
            month=month_name(comparison.months[crossing.month]),
            number=crossing.month + 1,
            after_months=crossing.after_months,
            ahead=crossing.ahead.outcome.name.render(translate),
            behind=crossing.behind.outcome.name.render(translate),
            paid_so_far_usd=(paid := crossing.ahead.cumulative_without_book_value_usd[crossing.month]),
            paid_so_far=comparison.currency.of(paid),
            **rate_columns(comparison),
        )
        for crossing in sorted(crossings, key=lambda crossing: crossing.after_months)
    ]


@dataclass(frozen=True, slots=True)
class EventRow:
    """An event in a month: purchase, retirement, price change, training."""

    month: str
    number: int
    strategy: str
    """Blank: all strategies."""
    event: str
    what: str


def event_rows(
    comparison: Comparison, flows: Sequence[CashFlow], translate: Translate = plain
) -> list[EventRow]:
    """Events in order of time."""
    return [
        EventRow(
            month=month_name(comparison.months[event.month]),
            number=event.month + 1,
            strategy="" if event.strategy is None else event.strategy.render(translate),
            event=event.kind,
            what=event.what.render(translate),
        )
        for event in events(comparison, flows)
    ]

"""Frames of the cash flow, for tables, charts and CSV."""

from __future__ import annotations

from collections.abc import Sequence
from itertools import combinations
from typing import Final

import pandas as pd

from frames.frame import frame
from frames.registry import columns
from i18n.message import Translate

from ..cash_flow.bridge import TOTALS, bridge
from ..cash_flow.cash_flow import CashFlow
from ..cash_flow.cumulative_crossings import least_at_start, overtakings, payback_months
from ..cash_flow.events import events
from ..comparison.compare import Comparison
from ..scenario.traffic import month_name
from .comparison import plain, rate_columns, source_of

CASH_COLUMNS: Final = columns(
    "scenario_id scenario on strategy month line amount_usd payment category quantity unit usd_per_unit "
    "price_ref source checked_on evidence layer amount currency fx_per_usd fx_date fx_source"
)
"""One payment of one option in one month; money received is negative.

`payment` is when and why it is paid: each month, once, as a job of retraining, bought, sold, or left at the
end.
"""

CASH_MONTH_COLUMNS: Final = columns(
    "strategy month number requests_per_day cash_usd cumulative_usd paid_so_far_usd equivalent_usd evidence "
    "cash cumulative paid_so_far currency fx_per_usd fx_date fx_source"
)
"""Payments of an option in a month, and cumulative; `number` is 1 in the first month.

`cumulative_usd` is net of the book value of machines in the last month, `paid_so_far_usd` is payments only;
`equivalent_usd` is the same month of the comparison: machines and trainings spread over their time.
"""

CASH_SUMMARY_COLUMNS: Final = columns(
    "strategy total_usd present_value_usd npv_usd payback_months at_start_usd overtakes_in against "
    "discount_rate_share_per_year evidence present_value total currency fx_per_usd fx_date fx_source"
)
"""An option over the whole horizon.

`against` is the option that `npv_usd` (present value saved) and `payback_months` compare with: the one with
the lowest initial payment, or the chosen one; all three are missing for that option itself.
`payback_months` is also missing where its cumulative cost does not stay below within the horizon;
`overtakes_in` is every month in which the lead between the two changes.
"""

OVERTAKING_COLUMNS: Final = columns(
    "month number after_months ahead behind paid_so_far_usd paid_so_far currency fx_per_usd fx_date fx_source"
)
"""A month from which on one option has cost less than another since the start.

`paid_so_far_usd` is the cumulative cost of the option that leads, up to the end of that month.
"""

BRIDGE_COLUMNS: Final = columns(
    "strategy step amount_usd cumulative_usd calculation amount cumulative currency fx_per_usd fx_date "
    "fx_source is_total"
)
"""From the monthly cost of an option to the total of its cash flow, as `BridgeStep` lists it.

`amount_usd` is a change, or the total itself where `is_total`.
"""

EVENT_COLUMNS: Final = columns("month number strategy event description")
"""An event in a month: purchase, retirement, price change, training. `strategy` is blank for all options."""


def payments(
    comparison: Comparison, flows: Sequence[CashFlow], translate: Translate = plain, language: str = "en"
) -> pd.DataFrame:
    """CASH_COLUMNS of every payment, option by option; the amounts of an option add up to its total."""
    scenario, rate = comparison.scenario, rate_columns(comparison)
    months = [month_name(day) for day in comparison.months]
    return frame(
        CASH_COLUMNS,
        (
            {
                "scenario_id": scenario.id,
                "scenario": scenario.name(language),
                "on": scenario.on,
                "strategy": flow.outcome.name.render(translate),
                "month": months[item.month],
                "line": item.name.render(translate),
                "amount_usd": item.usd,
                "payment": item.kind,
                "category": item.line.category,
                "quantity": item.quantity,
                "unit": item.unit,
                "usd_per_unit": item.usd_per_unit,
                "price_ref": item.line.price.ref,
                "source": "; ".join(filter(None, (source_of(item.line, translate), item.note))),
                "checked_on": item.line.price.checked_on,
                "evidence": item.evidence,
                "layer": item.line.price.layer,
                "amount": comparison.currency.of(item.usd),
                **rate,
            }
            for flow in flows
            for item in flow.lines
        ),
    )


def cash_months(
    comparison: Comparison, flows: Sequence[CashFlow], translate: Translate = plain
) -> pd.DataFrame:
    """CASH_MONTH_COLUMNS of each option and month of the horizon."""
    currency, rate = comparison.currency, rate_columns(comparison)
    volumes = comparison.requests_per_day
    return frame(
        CASH_MONTH_COLUMNS,
        (
            {
                "strategy": flow.outcome.name.render(translate),
                "month": month_name(comparison.months[month]),
                "number": month + 1,
                "requests_per_day": float(volumes[month]),
                "cash_usd": usd,
                "cumulative_usd": flow.cumulative_usd[month],
                "paid_so_far_usd": flow.cumulative_without_book_value_usd[month],
                "equivalent_usd": comparison.usd_by_month(flow.outcome)[month],
                "evidence": flow.evidence,
                "cash": currency.of(usd),
                "cumulative": currency.of(flow.cumulative_usd[month]),
                "paid_so_far": currency.of(flow.cumulative_without_book_value_usd[month]),
                **rate,
            }
            for flow in flows
            for month, usd in enumerate(flow.usd_by_month)
        ),
    )


def cash_summary(
    comparison: Comparison,
    flows: Sequence[CashFlow],
    translate: Translate = plain,
    against: CashFlow | None = None,
) -> pd.DataFrame:
    """CASH_SUMMARY_COLUMNS of each option, lowest present value first."""
    rate, currency = comparison.scenario.outlook.discount_rate_share_per_year, comparison.currency
    rows = []
    for flow in sorted(flows, key=lambda change: change.present_value_usd(rate)):
        base = against or least_at_start(flows)
        worth, is_base = flow.present_value_usd(rate), flow is base
        changes = overtakings(flow, base)
        rows.append(
            {
                "strategy": flow.outcome.name.render(translate),
                "total_usd": flow.total_usd,
                "present_value_usd": worth,
                "npv_usd": None if is_base else base.present_value_usd(rate) - worth,
                "payback_months": None if is_base else payback_months(flow, base),
                "at_start_usd": flow.at_start_usd,
                "overtakes_in": ", ".join(month_name(comparison.months[change.month]) for change in changes),
                "against": "" if is_base else base.outcome.name.render(translate),
                "discount_rate_share_per_year": rate,
                "evidence": flow.evidence,
                "present_value": currency.of(worth),
                "total": currency.of(flow.total_usd),
                **rate_columns(comparison),
            }
        )
    return frame(CASH_SUMMARY_COLUMNS, rows)


def lead_changes(
    comparison: Comparison, flows: Sequence[CashFlow], translate: Translate = plain
) -> pd.DataFrame:
    """OVERTAKING_COLUMNS of the crossings of all pairs, in order of time."""
    crossings = [
        crossing for first, second in combinations(flows, 2) for crossing in overtakings(first, second)
    ]
    return frame(
        OVERTAKING_COLUMNS,
        (
            {
                "month": month_name(comparison.months[crossing.month]),
                "number": crossing.month + 1,
                "after_months": crossing.after_months,
                "ahead": crossing.ahead.outcome.name.render(translate),
                "behind": crossing.behind.outcome.name.render(translate),
                "paid_so_far_usd": (paid := crossing.ahead.cumulative_without_book_value_usd[crossing.month]),
                "paid_so_far": comparison.currency.of(paid),
                **rate_columns(comparison),
            }
            for crossing in sorted(crossings, key=lambda crossing: crossing.after_months)
        ),
    )


def event_timeline(
    comparison: Comparison, flows: Sequence[CashFlow], translate: Translate = plain
) -> pd.DataFrame:
    """EVENT_COLUMNS in order of time."""
    return frame(
        EVENT_COLUMNS,
        (
            {
                "month": month_name(comparison.months[event.month]),
                "number": event.month + 1,
                "strategy": "" if event.strategy is None else event.strategy.render(translate),
                "event": event.kind,
                "description": event.what.render(translate),
            }
            for event in events(comparison, flows)
        ),
    )


def cost_bridge(
    comparison: Comparison, flows: Sequence[CashFlow], translate: Translate = plain
) -> pd.DataFrame:
    """BRIDGE_COLUMNS of each option, in the order of the steps; a step that does not apply is zero."""
    currency, rate = comparison.currency, rate_columns(comparison)
    return frame(
        BRIDGE_COLUMNS,
        (
            {
                "strategy": flow.outcome.name.render(translate),
                "step": amount.step,
                "amount_usd": amount.usd,
                "cumulative_usd": amount.cumulative_usd,
                "calculation": amount.calculation.render(translate),
                "amount": currency.of(amount.usd),
                "cumulative": currency.of(amount.cumulative_usd),
                **rate,
                "is_total": amount.step in TOTALS,
            }
            for flow in flows
            for amount in bridge(comparison, flow)
        ),
    )

"""Bridge from the monthly cost of an option to the total of its cash flow, in steps that add up exactly."""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass
from decimal import Decimal
from enum import StrEnum
from typing import Final

import numpy as np

from i18n.message import N_, Message, message

from ..comparison.compare import Comparison, Outcome
from ..comparison.months import MonthLine, is_of_machines
from ..comparison.price_drift import Factors
from ..cost_lines import Cadence, CostLine, exact_usd, micro_usd
from .cash_flow import CashFlow, is_capital, is_training


class BridgeStep(StrEnum):
    """A step of the bridge, in order. A value is its label, too."""

    MONTHLY_COST = N_("Monthly cost × months")
    TRAFFIC = N_("Traffic over the months")
    PRICES = N_("Price changes and successors")
    RETIREMENTS = N_("Training after a retirement")
    ROUNDING = N_("Rounding of the monthly cost")
    COST_BREAKDOWN = N_("Cost breakdown, all months")
    RETRAINING = N_("Retraining in whole jobs")
    MACHINE_COST = N_("Equivalent cost of own machines")
    BOUGHT = N_("Machines bought")
    SOLD = N_("Worn-out machines sold")
    BOOK_VALUE = N_("Book value at the end")
    CASH_FLOW = N_("Cash flow, all months")


TOTALS: Final = frozenset({BridgeStep.MONTHLY_COST, BridgeStep.COST_BREAKDOWN, BridgeStep.CASH_FLOW})
"""Steps that are totals so far; the others are changes."""


@dataclass(frozen=True, slots=True)
class BridgeAmount:
    """One step: what it adds, and the total up to it."""

    step: BridgeStep
    usd: Decimal
    """A change, or for a step of TOTALS the total itself."""
    cumulative_usd: Decimal
    calculation: Message


def bridge(comparison: Comparison, flow: CashFlow) -> tuple[BridgeAmount, ...]:
    """All steps of an option, in order; a step that does not apply is zero.

    COST_BREAKDOWN is the sum of `Comparison.usd_by_month`, as of the frame `cost_lines`; CASH_FLOW is
    `CashFlow.total_usd`. No step is the remainder of the others: that they add up is a check.
    """
    outcome, months = flow.outcome, comparison.scenario.horizon_months
    lines = list(comparison.month_lines(outcome))
    at_start_prices = _usd_at_start_prices(comparison, outcome)
    started = outcome.usd_per_month * months
    first_or_monthly = (item for item in lines if not _is_after_retirement(item))
    changes = {
        BridgeStep.TRAFFIC: at_start_prices - outcome.recurring_usd * months - outcome.once_usd,
        BridgeStep.PRICES: _usd(first_or_monthly) - at_start_prices,
        BridgeStep.RETIREMENTS: _usd(item for item in lines if _is_after_retirement(item)),
        BridgeStep.ROUNDING: outcome.recurring_usd * months + outcome.once_usd - started,
        BridgeStep.RETRAINING: sum(
            (cash.usd for cash in flow.lines if is_training(cash.line, Cadence.MONTHLY)), Decimal(0)
        )
        - _usd(item for item in lines if is_training(item.line, Cadence.MONTHLY)),
        BridgeStep.MACHINE_COST: -_usd(item for item in lines if is_capital(item.line, outcome)),
        **{
            step: sum((cash.usd for cash in flow.lines if cash.kind == kind), Decimal(0))
            for step, kind in _PURCHASES.items()
        },
    }
    amounts: list[BridgeAmount] = []
    cumulative = Decimal(0)
    for step in BridgeStep:
        usd = started if step is BridgeStep.MONTHLY_COST else changes.get(step, cumulative)
        cumulative = usd if step in TOTALS else cumulative + usd
        amounts.append(BridgeAmount(step, usd, cumulative, _calculation(step, comparison, outcome)))
    return tuple(amounts)


_PURCHASES: Final = {
    BridgeStep.BOUGHT: "bought",
    BridgeStep.SOLD: "sold",
    BridgeStep.BOOK_VALUE: "book value",
}


def _is_after_retirement(item: MonthLine) -> bool:
    return item.line.cadence == Cadence.ONCE and item.month > 0


def _usd(items: Iterable[MonthLine]) -> Decimal:
    return sum((item.usd for item in items), Decimal(0))


def _usd_at_start_prices(comparison: Comparison, outcome: Outcome) -> Decimal:
    """All months with the traffic of each, at the prices and with the models of the scenario's day."""
    index = comparison.outcomes.index(outcome)
    volumes, idle = comparison.requests_per_day, comparison.over_time.bought_over_needed(index)
    total = 0
    for line in outcome.strategy.lines(comparison.workload.at(volumes)):
        total += _micro(line, volumes.shape, idle)
    return exact_usd(total)


def _micro(line: CostLine, shape: tuple[int, ...], idle: Factors | None) -> int:
    """Rounded amounts of a line: of the first month if it is paid once, else the sum of all months."""
    usd = line.usd if idle is None or not is_of_machines(line) else line.usd * idle
    by_month = np.broadcast_to(micro_usd(usd), shape)
    return int(by_month[0]) if line.cadence == Cadence.ONCE else sum(by_month.tolist())


def _calculation(step: BridgeStep, comparison: Comparison, outcome: Outcome) -> Message:
    currency, scenario = comparison.currency, comparison.scenario
    match step:
        case BridgeStep.MONTHLY_COST:
            return message(
                "{amount:,.2f} {currency} per month × {months} months",
                amount=currency.of(outcome.usd_per_month),
                currency=currency.code,
                months=scenario.horizon_months,
            )
        case BridgeStep.TRAFFIC:
            return message(
                "From {first:,.0f} requests per day in the first month to {last:,.0f} in the last, at the "
                "prices of {day}",
                first=float(comparison.requests_per_day[0]),
                last=float(comparison.requests_per_day[-1]),
                day=scenario.on.isoformat(),
            )
        case _:
            return _CALCULATIONS[step]


_CALCULATIONS: Final = {
    BridgeStep.PRICES: message(
        "Dated prices, price drift, successors of models that retire, and the last day for training"
    ),
    BridgeStep.RETIREMENTS: message("One training of the successor in the month of the retirement"),
    BridgeStep.ROUNDING: message("The monthly cost is rounded to a millionth of a USD"),
    BridgeStep.COST_BREAKDOWN: message("Sum of the CSV of the cost breakdown"),
    BridgeStep.RETRAINING: message(
        "Jobs are paid when they run; the cost breakdown has the mean share of each month"
    ),
    BridgeStep.MACHINE_COST: message(
        "The cost breakdown spreads purchases over the life of the machines; that is taken out"
    ),
    BridgeStep.BOUGHT: message("Paid in the month of the purchase"),
    BridgeStep.SOLD: message("Residual value at the end of their life"),
    BridgeStep.BOOK_VALUE: message("Straight-line value of machines in the last month"),
    BridgeStep.CASH_FLOW: message("Sum of the CSV of the cash flow"),
}

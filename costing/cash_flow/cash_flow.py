"""Payments in each month of the horizon: purchases and trainings in the month in which they are made."""

from __future__ import annotations

import math
from collections import defaultdict
from collections.abc import Callable, Iterator, Sequence
from dataclasses import dataclass
from decimal import Decimal
from functools import cached_property
from typing import Final, Literal

from i18n.message import N_, Message, message
from pricing.rows import Evidence

from ..comparison.compare import Comparison, MonthLine, Outcome
from ..comparison.purchase_cohorts import cohorts
from ..cost_lines import Cadence, CostCategory, CostLine, rounded_usd, weakest
from ..scenario.outlook import present_value_factor
from ..serving.ownership import annual_capital_share
from ..units import MONTHS_PER_YEAR, Unit

Kind = Literal["monthly", "once", "retraining", "bought", "sold", "book value"]
KINDS: Final = (
    N_("monthly"),
    N_("once"),
    N_("retraining"),
    N_("bought"),
    N_("sold"),
    N_("book value"),
)
_MILLIONTH: Final = Decimal("0.000001")
_SLACK: Final = 1e-9


@dataclass(frozen=True, slots=True)
class CashLine:
    """One payment of one month (0 is the first); money that comes in is negative."""

    month: int
    name: Message
    kind: Kind
    quantity: float
    usd_per_unit: float
    line: CostLine
    """Where its unit price came from."""
    unit: str
    evidence: Evidence
    note: str = ""

    @property
    def usd(self) -> Decimal:
        return rounded_usd(self.quantity * self.usd_per_unit)

    @property
    def is_at_start(self) -> bool:
        """Whether it is paid at the start of its month; running costs and book values count at the end."""
        return self.kind not in ("monthly", "book value")


@dataclass(frozen=True)
class CashFlow:
    """All payments of one strategy."""

    outcome: Outcome
    lines: tuple[CashLine, ...]
    horizon_months: int

    @cached_property
    def usd_by_month(self) -> tuple[Decimal, ...]:
        return self._sums(lambda line: True)

    @cached_property
    def cumulative_usd(self) -> tuple[Decimal, ...]:
        """All that was paid up to each month's end."""
        return _running(self.usd_by_month)

    @cached_property
    def cumulative_without_book_value_usd(self) -> tuple[Decimal, ...]:
        """Cumulative payments without book values: hardware left at the end is not sold."""
        return _running(self._sums(lambda line: line.kind != "book value"))

    @cached_property
    def at_start_usd(self) -> Decimal:
        """Payments before the first request is answered."""
        return sum((line.usd for line in self.lines if line.month == 0 and line.is_at_start), Decimal(0))

    @property
    def total_usd(self) -> Decimal:
        return sum(self.usd_by_month, Decimal(0))

    @property
    def evidence(self) -> Evidence:
        return weakest(*(line.evidence for line in self.lines))

    def present_value_usd(self, discount_rate_share_per_year: float) -> Decimal:
        """At the start of the first month, by (1 + rate)^(1/12) a month; at a rate of 0 the plain sum."""
        start, end = self._sums(lambda x: x.is_at_start), self._sums(lambda x: not x.is_at_start)
        total = Decimal(0)
        for month in range(self.horizon_months):
            for usd, when in ((start[month], month), (end[month], month + 1)):
                total += usd * Decimal(present_value_factor(discount_rate_share_per_year, when))
        return total.quantize(_MILLIONTH)

    def _sums(self, counts: Callable[[CashLine], bool]) -> tuple[Decimal, ...]:
        totals = [Decimal(0)] * self.horizon_months
        for line, usd in zip(self.lines, self._usd, strict=True):
            if counts(line):
                totals[line.month] += usd
        return tuple(totals)

    @cached_property
    def _usd(self) -> tuple[Decimal, ...]:
        """Amount of each line; cached, since rounding is slow."""
        return tuple(line.usd for line in self.lines)


def _running(amounts: Sequence[Decimal]) -> tuple[Decimal, ...]:
    so_far, sums = Decimal(0), []
    for usd in amounts:
        so_far += usd
        sums.append(so_far)
    return tuple(sums)


def cash_flows(comparison: Comparison) -> tuple[CashFlow, ...]:
    """Cash flows of all feasible strategies, in the order of the comparison."""
    return tuple(cash_flow(comparison, outcome) for outcome in comparison.feasible)


def cash_flow(comparison: Comparison, outcome: Outcome) -> CashFlow:
    """The month lines of a comparison as they are paid.

    They differ from them in three ways. A bought machine is paid for when it is bought, new ones when the
    fleet grows or they are worn out, instead of its equivalent monthly cost; what stands at the end is worth
    its straight-line book value. Retraining is paid as whole jobs, 12 / n months apart, instead of a share
    each month; a training that a retirement forces stands for the job of its month.
    """
    items = list(comparison.month_lines(outcome))
    horizon = comparison.scenario.horizon_months
    lines: list[CashLine] = []
    capital: dict[str, list[MonthLine]] = defaultdict(list)
    forced = {item.month for item in items if item.month and is_training(item.line, Cadence.ONCE)}
    for item in items:
        if is_capital(item.line, outcome):
            capital[item.line.name.template].append(item)
        elif is_training(item.line, Cadence.MONTHLY):
            lines += _jobs(item, outcome, item.month in forced)
        else:
            lines.append(_as_it_is(item))
    for bought in capital.values():
        lines += _purchases(comparison, outcome, bought)
    order = {kind: place for place, kind in enumerate(("sold", "bought", "once", "retraining", "monthly"))}
    lines.sort(key=lambda line: (line.month, order.get(line.kind, len(order))))
    return CashFlow(outcome, tuple(lines), horizon)


def is_capital(line: CostLine, outcome: Outcome) -> bool:
    """Whether a line is the equivalent monthly cost of machines that are bought."""
    owns = outcome.strategy.owned_hardware() is not None
    return (
        owns
        and line.category == CostCategory.HARDWARE
        and line.unit == Unit.GPU_MONTH
        and line.cadence == Cadence.MONTHLY
    )


def is_training(line: CostLine, cadence: Cadence) -> bool:
    return line.category == CostCategory.TRAINING and line.cadence == cadence


def _as_it_is(item: MonthLine) -> CashLine:
    kind: Kind = "once" if item.line.cadence == Cadence.ONCE else "monthly"
    return CashLine(
        item.month,
        item.line.name,
        kind,
        item.quantity,
        item.usd_per_unit,
        item.line,
        item.line.unit,
        item.evidence,
        item.drift_note,
    )


def jobs_in_month(month: int, per_year: float) -> int:
    """How many of the dates 12 / n, 24 / n, ... months after the start fall into the month."""
    before, until = (
        max(0, math.ceil(number * per_year / MONTHS_PER_YEAR - _SLACK) - 1) for number in (month, month + 1)
    )
    return until - before


def _jobs(item: MonthLine, outcome: Outcome, is_forced: bool) -> Iterator[CashLine]:
    """The retrainings that are due in the month, of which its line holds the mean month's share."""
    training = outcome.strategy.profile().training
    per_year = 0.0 if training is None else training.retrainings_per_year
    if not per_year:
        yield _as_it_is(item)
        return
    jobs = jobs_in_month(item.month, per_year) - is_forced
    if jobs > 0:
        yield CashLine(
            item.month,
            item.line.name,
            "retraining",
            item.quantity * MONTHS_PER_YEAR / per_year * jobs,
            item.usd_per_unit,
            item.line,
            item.line.unit,
            item.evidence,
            "; ".join(filter(None, (f"{jobs} x of {per_year:g} per year", item.drift_note))),
        )


def _purchases(comparison: Comparison, outcome: Outcome, items: Sequence[MonthLine]) -> Iterator[CashLine]:
    """Bought, sold when worn out, and what is left at the end, of one kind of thing."""
    hardware = outcome.strategy.owned_hardware()
    if hardware is None:
        return
    life_years, residual = float(hardware.life_years), float(hardware.residual_share)
    share = annual_capital_share(life_years, float(hardware.wacc_share), residual) / MONTHS_PER_YEAR
    horizon = comparison.scenario.horizon_months
    life_months = life_years * MONTHS_PER_YEAR
    by_month = {item.month: item for item in items}
    factors = comparison.price_factors(outcome, items[0].line)
    needed = [by_month[month].quantity if month in by_month else 0.0 for month in range(horizon)]
    for cohort in cohorts(needed, life_months):
        item = by_month[cohort.month]
        drift = 1.0 if factors is None else float(factors[cohort.month])
        # The line recovers the purchase: a month of it is a twelfth of the annual share.
        usd = round(item.usd_per_unit / item.drift_factor / share * drift, 6)
        bought, sold, left = _names(item.line.name)
        evidence = item.line.evidence if drift == 1 else weakest(item.line.evidence, Evidence.ASSUMED)
        note = "" if drift == 1 else f"price drift x {drift:.6g}"
        yield CashLine(cohort.month, bought, "bought", cohort.units, usd, item.line, Unit.GPU, evidence, note)
        worn = math.ceil(cohort.sold_in_month - _SLACK)
        terms = f"bought in month {cohort.month + 1}, {life_years:g} years, residual {residual:g}"
        if worn < horizon and residual:
            yield CashLine(
                worn,
                sold,
                "sold",
                cohort.units,
                -usd * residual,
                item.line,
                Unit.GPU,
                Evidence.ASSUMED,
                terms,
            )
        elif worn >= horizon:
            used = min(1.0, (horizon - cohort.month) / life_months)
            value = usd * (1 - (1 - residual) * used)
            if value > 0:
                yield CashLine(
                    horizon - 1,
                    left,
                    "book value",
                    cohort.units,
                    -value,
                    item.line,
                    Unit.GPU,
                    Evidence.ASSUMED,
                    terms,
                )


def _names(recovered: Message) -> tuple[Message, Message, Message]:
    """Names of the purchase, the sale and the book value."""
    if recovered.template.startswith("GPUs"):
        return message("GPUs bought"), message("Worn-out GPUs sold"), message("GPUs left, at book value")
    return (
        message("Host and network bought"),
        message("Worn-out host and network sold"),
        message("Host and network left, at book value"),
    )

"""Comparison of a scenario's strategies: cost lines, months, cost by volume."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass, field, replace
from datetime import date
from decimal import Decimal
from functools import cached_property
from typing import Final

import numpy as np
import numpy.typing as npt

from i18n.errors import CrossoverError
from i18n.message import Message, listed, message
from pricing.book import PriceBook
from pricing.rows import Evidence

from ..cost_lines import Cadence, CostLine, exact_usd, micro_usd, rounded_usd, usd_per_month, weakest
from ..currency import Currency, currency_on
from ..currency_notes import in_currency
from ..scenario.row_ids import with_row_ids
from ..scenario.scenario import Scenario, named, strategies_of, workload_of
from ..scenario.traffic import GIVEN
from ..strategy.base import Strategy
from ..units import Quantity
from ..workload.workload import Workload
from .model_retirement import Retirement
from .months import MonthLine as MonthLine
from .months import Months
from .price_drift import Factors
from .price_timetable import Timetable
from .price_timetable import add_months as add_months

OLD_AFTER_DAYS: Final = 180
"""A price checked longer ago than that is said to be old."""

EARLIEST: Final = date(2020, 1, 1)
LATEST: Final = date(2099, 12, 31)


@dataclass(frozen=True)
class Outcome:
    """What one strategy costs at the scenario's volume and day, or the reason why it cannot be used.

    Not slotted: its sums are cached.
    """

    name: Message
    strategy: Strategy
    infeasible_reason: Message | None
    lines: tuple[CostLine, ...]
    """One month at the prices of the scenario's day, and what is paid once."""
    notes: tuple[Message, ...]
    horizon_months: int

    @property
    def is_feasible(self) -> bool:
        return self.infeasible_reason is None

    @cached_property
    def once_usd(self) -> Decimal:
        return self._rounded(Cadence.ONCE)

    @cached_property
    def recurring_usd(self) -> Decimal:
        return self._rounded(Cadence.MONTHLY)

    @cached_property
    def usd_per_month(self) -> Decimal:
        """Recurring, plus what is paid once spread over the horizon; a sum of rounded lines."""
        return rounded_usd(float(self.recurring_usd + self.once_usd / self.horizon_months))

    @cached_property
    def evidence(self) -> Evidence:
        """The weakest evidence of any of its lines."""
        return weakest(*(line.evidence for line in self.lines))

    def _rounded(self, cadence: Cadence) -> Decimal:
        return sum((rounded_usd(float(x.usd)) for x in self.lines if x.cadence == cadence), Decimal(0))


@dataclass(frozen=True, eq=False)
class Comparison:
    """A priced scenario, equal only to itself. Not slotted: the cost of the months is cached."""

    scenario: Scenario
    book: PriceBook
    workload: Workload
    outcomes: tuple[Outcome, ...]
    over_time: Months = field(repr=False)
    """The months of the horizon, and what is priced in them."""

    @cached_property
    def feasible(self) -> tuple[Outcome, ...]:
        """Cheapest first, references last; a tie keeps the scenario's order."""
        usable = (o for o in self.outcomes if o.is_feasible)
        return tuple(sorted(usable, key=lambda o: (o.strategy.is_reference, o.usd_per_month)))

    @property
    def choices(self) -> tuple[Outcome, ...]:
        """Those among which the cheapest is named: all but references, where there is any other."""
        return tuple(o for o in self.feasible if not o.strategy.is_reference) or self.feasible

    @cached_property
    def currency(self) -> Currency:
        """Currency of the reports, at the rate of the scenario's day."""
        return currency_on(self.scenario.currency, self.book.on(self.scenario.on))

    @property
    def months(self) -> tuple[date, ...]:
        """The days on which the months of the horizon start, counted from the scenario's day."""
        return self.over_time.days

    @property
    def requests_per_day(self) -> npt.NDArray[np.float64]:
        """Volume in each month of the horizon."""
        return self.over_time.requests_per_day

    @property
    def periods(self) -> tuple[tuple[npt.NDArray[np.int64], tuple[Strategy, ...]], ...]:
        """Runs of months of the horizon during which no price changes, with the strategies priced then."""
        return self.over_time.periods

    @property
    def retirements(self) -> tuple[Retirement, ...]:
        """Rows that the strategies need and that end within the horizon."""
        return self.over_time.retirements

    def month_lines(self, outcome: Outcome) -> Iterator[MonthLine]:
        """Every line of every month, at that month's traffic and at the prices in force then."""
        return self.over_time.month_lines(self.outcomes.index(outcome))

    def price_factors(self, outcome: Outcome, line: CostLine) -> Factors | None:
        """Price drift factor of the line in each month of the horizon; None: no drift."""
        return self.over_time.price_factors(self.outcomes.index(outcome), line)

    @cached_property
    def _usd_by_month(self) -> dict[Message, tuple[Decimal, ...]]:
        usd_by_name: dict[Message, tuple[Decimal, ...]] = {}
        for outcome in self.feasible:
            totals = [0] * self.scenario.horizon_months
            for months, lines in self.over_time.lines_by_period(self.outcomes.index(outcome)):
                for line, _ in lines:
                    amounts = micro_usd(line.usd)
                    each = amounts.tolist() if amounts.ndim else [int(amounts)] * len(months)
                    for month, micro in zip(months.tolist(), each, strict=True):
                        totals[month] += micro
            usd_by_name[outcome.name] = tuple(exact_usd(micro) for micro in totals)
        return usd_by_name

    def usd_by_month(self, outcome: Outcome) -> tuple[Decimal, ...]:
        """Sum of the rounded lines of each month."""
        return self._usd_by_month[outcome.name]

    def at(self, requests_per_day: float) -> Comparison:
        """The same scenario at another volume; what no volume changes is kept: tokens, prices, months."""
        scenario = replace(self.scenario, requests_per_day=requests_per_day)
        return _priced(
            self.over_time.at(scenario, self.workload.at(requests_per_day)),
            tuple(outcome.name for outcome in self.outcomes),
            tuple(outcome.strategy for outcome in self.outcomes),
            self.currency,
        )

    def usd_at(self, outcome: Outcome, requests_per_day: Quantity) -> Quantity:
        """A month's cost at other volumes, at the prices of the scenario's day."""
        lines = tuple(outcome.strategy.lines(self.workload.at(requests_per_day)))
        total = usd_per_month(lines, self.scenario.horizon_months)
        return np.broadcast_to(total, np.shape(requests_per_day)) if np.ndim(requests_per_day) else total


def compare(scenario: Scenario, book: PriceBook) -> Comparison:
    """Price every strategy of the scenario; raises CrossoverError for bad input.

    A strategy that cannot serve the workload is kept, with its reason.
    """
    if not EARLIEST <= scenario.on <= LATEST:
        raise CrossoverError(
            message(
                "on: {day} is outside {first} to {last} (choose another day)",
                day=scenario.on.isoformat(),
                first=EARLIEST.isoformat(),
                last=LATEST.isoformat(),
            )
        )
    scenario = with_row_ids(scenario, book)
    prices = book.on(scenario.on)
    currency = currency_on(scenario.currency, prices)
    strategies = strategies_of(scenario, prices)
    workload = workload_of(scenario, {t for s in strategies for t in s.tokenizers}, prices)
    months = Months(scenario, book, workload, Timetable(scenario, book))
    return _priced(months, named(scenario, tuple(s.label for s in strategies)), strategies, currency)


def _priced(
    months: Months, names: tuple[Message, ...], strategies: tuple[Strategy, ...], currency: Currency
) -> Comparison:
    scenario, workload = months.scenario, months.workload
    outcomes = tuple(
        _outcome(name, strategy, workload, scenario, currency)
        for name, strategy in zip(names, strategies, strict=True)
    )
    if scenario.traffic.shape == GIVEN:
        months.requests_per_day  # noqa: B018 - a month that is not given is said here, not in a tab
    if scenario.outlook.successors:
        months.retirements  # noqa: B018
    return Comparison(scenario, months.book, workload, outcomes, months)


def _outcome(
    name: Message, strategy: Strategy, workload: Workload, scenario: Scenario, currency: Currency
) -> Outcome:
    until = add_months(scenario.on, scenario.horizon_months)
    try:
        strategy.check_startable(scenario.on)
        lines = tuple(strategy.banded_lines(workload))
        notes = (
            *_age_notes(lines, scenario.on),
            *_token_notes(strategy, workload),
            *(in_currency(note, currency) for note in strategy.notes(workload, scenario.on, until)),
        )
    except CrossoverError as error:
        reason = error.errors[0]
        return Outcome(name, strategy, reason, (), (), scenario.horizon_months)
    return Outcome(name, strategy, None, lines, notes, scenario.horizon_months)


def _token_notes(strategy: Strategy, workload: Workload) -> Iterator[Message]:
    """Note that tokens are estimated, and how, where the vocabulary is not available."""
    prompt = strategy.prompt(workload)
    if prompt.evidence == Evidence.ESTIMATED or (
        prompt.evidence == Evidence.ASSUMED and " x " in str(listed(prompt.counting_methods))
    ):
        yield message("Tokens are estimated: {how}.", how=listed(prompt.counting_methods))


def _age_notes(lines: tuple[CostLine, ...], on: date) -> Iterator[Message]:
    """Note that a price was last checked long before the scenario's day."""
    days = [line.price.checked_on for line in lines if line.price.checked_on is not None]
    if days and (on - min(days)).days > OLD_AFTER_DAYS:
        yield message(
            "Priced for {on} by figures last checked on {checked}: they may have changed since.",
            on=on.isoformat(),
            checked=min(days).isoformat(),
        )

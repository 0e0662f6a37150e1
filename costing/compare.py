"""A scenario's strategies side by side: lines, months, the verdict, cost against volume."""

from __future__ import annotations

import calendar
from bisect import bisect_right
from collections.abc import Iterator
from dataclasses import dataclass, replace
from datetime import date
from decimal import Decimal
from functools import cached_property
from itertools import pairwise
from typing import Final

import numpy as np
import numpy.typing as npt

from pricing.book import PriceBook
from pricing.message import CrossoverError, Message, message
from pricing.rows import Evidence

from .cost import CostLine, exact_usd, micro_usd, rounded_usd, usd_per_month, weakest
from .drift import CAPITAL_UNIT, PURCHASE, Factors, drift_of, factors
from .lots import lots, mean_factor, standing
from .money import Currency, currency_on
from .scenario import Scenario, named, strategies_of, workload_of
from .strategy import Strategy
from .succession import Retirement, in_month, prices_on, retirements
from .traffic import GIVEN
from .units import MONTHS_PER_YEAR, Quantity
from .workload import Workload

OLD_AFTER_DAYS: Final = 180
"""A price checked longer ago than that is said to be old."""

PeriodLines = tuple[npt.NDArray[np.int64], tuple[CostLine, ...]]
"""Months during which no price changes, and their lines as arrays."""

EARLIEST: Final = date(2020, 1, 1)
LATEST: Final = date(2099, 12, 31)


@dataclass(frozen=True, slots=True)
class MonthLine:
    """One cost line in one month of the horizon (0 is the first)."""

    month: int
    line: CostLine
    quantity: float
    usd_per_unit: float
    drift_factor: float = 1.0
    """By which the unit price has drifted from the dated one; it is in `usd_per_unit`."""

    @property
    def usd(self) -> Decimal:
        return rounded_usd(self.quantity * self.usd_per_unit)

    @property
    def evidence(self) -> Evidence:
        """A price that has drifted is assumed."""
        return self.line.evidence if self.drift_factor == 1 else weakest(self.line.evidence, "assumed")

    @property
    def drift_note(self) -> str:
        return "" if self.drift_factor == 1 else f"price drift x {self.drift_factor:.6g}"


@dataclass(frozen=True, slots=True)
class Outcome:
    """What one strategy costs at the scenario's volume and day, or the reason why it cannot be used."""

    name: Message
    strategy: Strategy
    reason: Message | None
    lines: tuple[CostLine, ...]
    """One month at the prices of the scenario's day, and what is paid once."""
    notes: tuple[Message, ...]
    horizon_months: int

    @property
    def is_feasible(self) -> bool:
        return self.reason is None

    @property
    def once_usd(self) -> Decimal:
        return self._rounded("once")

    @property
    def recurring_usd(self) -> Decimal:
        return self._rounded("monthly")

    @property
    def usd_per_month(self) -> Decimal:
        """Recurring, plus what is paid once spread over the horizon; a sum of rounded lines."""
        return rounded_usd(float(self.recurring_usd + self.once_usd / self.horizon_months))

    @property
    def evidence(self) -> Evidence:
        """The weakest evidence of any of its lines."""
        return weakest(*(line.evidence for line in self.lines))

    def _rounded(self, cadence: str) -> Decimal:
        return sum((rounded_usd(float(x.usd)) for x in self.lines if x.cadence == cadence), Decimal(0))


@dataclass(frozen=True)
class Comparison:
    """A priced scenario. Not slotted: what the months cost is worked out once, when first asked for."""

    scenario: Scenario
    book: PriceBook
    workload: Workload
    outcomes: tuple[Outcome, ...]

    @cached_property
    def feasible(self) -> tuple[Outcome, ...]:
        """Cheapest first, references last; a tie keeps the scenario's order."""
        found = (o for o in self.outcomes if o.is_feasible)
        return tuple(sorted(found, key=lambda o: (o.strategy.is_reference, o.usd_per_month)))

    @property
    def choices(self) -> tuple[Outcome, ...]:
        """Those among which the cheapest is named: all but references, where there is any other."""
        return tuple(o for o in self.feasible if not o.strategy.is_reference) or self.feasible

    @cached_property
    def currency(self) -> Currency:
        """What reports are shown in, at the rate of the scenario's day."""
        return currency_on(self.scenario.currency, self.book.on(self.scenario.on))

    def usd_more(self, outcome: Outcome) -> Decimal:
        """A month's cost beyond that of the cheapest."""
        return outcome.usd_per_month - self.feasible[0].usd_per_month

    @cached_property
    def months(self) -> tuple[date, ...]:
        """The days on which the months of the horizon start, counted from the scenario's day."""
        return tuple(add_months(self.scenario.on, m) for m in range(self.scenario.horizon_months))

    @cached_property
    def requests_per_day(self) -> npt.NDArray[np.float64]:
        """Volume in each month of the horizon."""
        asked = self.scenario
        return asked.traffic.requests_per_day(
            asked.requests_per_day, asked.growth_share_per_month, self.months
        )

    @cached_property
    def retirements(self) -> tuple[Retirement, ...]:
        """What the strategies use and cannot buy any more within the horizon."""
        return retirements(self.scenario, self.book, self.months)

    @cached_property
    def _periods(self) -> tuple[tuple[npt.NDArray[np.int64], tuple[Strategy, ...]], ...]:
        """Months of the horizon in runs during which no price changes, with the strategies priced then."""
        settings = [value for choice in self.scenario.strategies for value in choice.settings.values()]
        settings += self.scenario.outlook.successors.values()
        changes = self.book.change_days(value for value in settings if isinstance(value, str))
        epochs = [bisect_right(changes, day) for day in self.months]
        moves = {one.month for one in self.retirements if one.successor or one.is_tuned}
        cuts = sorted({*(np.flatnonzero(np.diff(epochs)) + 1).tolist(), *moves})
        return tuple(
            (months, self._strategies_in(int(months[0]))) for months in np.split(np.arange(len(epochs)), cuts)
        )

    def _strategies_in(self, month: int) -> tuple[Strategy, ...]:
        gone = self.retirements
        prices = prices_on(self.scenario, self.book, gone, month, self.months[month])
        return strategies_of(in_month(self.scenario, gone, month), prices)

    @cached_property
    def _workload(self) -> Workload:
        """Counted in the tokenizers of successors too."""
        wanted = {t for _, strategies in self._periods for one in strategies for t in one.tokenizers}
        missing = wanted - set(self.workload.tokens)
        if not missing:
            return self.workload
        more = workload_of(self.scenario, missing, self.book.on(self.scenario.on))
        return replace(self.workload, tokens={**more.tokens, **self.workload.tokens})

    def _lines_by_period(
        self, outcome: Outcome
    ) -> Iterator[tuple[npt.NDArray[np.int64], tuple[tuple[CostLine, Factors | None], ...]]]:
        """Months, and the lines of those months as arrays, each with how far its price has drifted.

        What is paid once stands in the first, and another training in the month of a retirement.
        """
        idle = self._bought_over_needed(outcome)
        for months, lines in self._dated_lines(outcome):
            if idle is not None:
                lines = tuple(
                    replace(line, quantity=line.quantity * idle[months]) if _is_of_machines(line) else line
                    for line in lines
                )
            yield months, tuple(self._drifted(outcome, line, months) for line in lines)

    def _dated_lines(self, outcome: Outcome) -> tuple[PeriodLines, ...]:
        if outcome.name not in self._dated:
            self._dated[outcome.name] = tuple(self._lines_at_dated_prices(outcome))
        return self._dated[outcome.name]

    @cached_property
    def _dated(self) -> dict[Message, tuple[PeriodLines, ...]]:
        """By the name of the strategy; filled as it is asked for."""
        return {}

    def _lines_at_dated_prices(self, outcome: Outcome) -> Iterator[PeriodLines]:
        index = self.outcomes.index(outcome)
        retired = {one.month: one for one in self.retirements if one.strategy_index == index and one.is_tuned}
        for months, strategies in self._periods:
            lines = tuple(strategies[index].lines(self._workload.at(self.requests_per_day[months])))
            monthly = tuple(line for line in lines if line.cadence == "monthly")
            if months[0] == 0:
                once = tuple(line for line in lines if line.cadence == "once")
                yield months[:1], once
            elif int(months[0]) in retired:
                yield months[:1], _trained_again(lines, retired[int(months[0])])
            yield months, monthly

    def _drifted(
        self, outcome: Outcome, line: CostLine, months: npt.NDArray[np.int64]
    ) -> tuple[CostLine, Factors | None]:
        found = self.price_factors(outcome, line)
        if found is None:
            return line, None
        if drift_of(line, owned=_owns(outcome)) == PURCHASE and line.unit != "GPU-h":
            found = mean_factor(self._gpus_by_month(outcome), _life_months(outcome), found)
        here = found[months]
        return replace(line, usd_per_unit=line.usd_per_unit * here), here

    def price_factors(self, outcome: Outcome, line: CostLine) -> Factors | None:
        """What a purchase at that line's price is dearer by in each month of the horizon; None: nothing."""
        outlook = self.scenario.outlook
        if not outlook.has_drift:
            return None
        return factors(line, outlook, self.book, self.months, owned=_owns(outcome))

    def _gpus_by_month(self, outcome: Outcome) -> list[float]:
        """Those that must stand in each month, of a fleet that is bought."""
        gpus = np.zeros(len(self.months))
        for months, lines in self._dated_lines(outcome):
            held = [
                line.quantity for line in lines if line.unit == CAPITAL_UNIT and line.category == "hardware"
            ]
            if held:
                gpus[months] = held[0]
        return [float(number) for number in gpus]

    def _bought_over_needed(self, outcome: Outcome) -> Factors | None:
        """Of each month: machines that stand over those needed, where the need falls; None: no more stand."""
        needed = self._gpus_by_month(outcome) if _owns(outcome) else []
        if all(later >= now for now, later in pairwise(needed)):
            return None
        bought = lots(needed, _life_months(outcome))
        stand = [sum(lot.units for lot in standing(bought, month)) for month in range(len(needed))]
        return np.array([s / n if n else 1.0 for s, n in zip(stand, needed, strict=True)])

    def month_lines(self, outcome: Outcome) -> Iterator[MonthLine]:
        """Every line of every month, at that month's traffic and at the prices in force then."""
        for months, lines in self._lines_by_period(outcome):
            for position, month in enumerate(months.tolist()):
                for line, drift in lines:
                    yield MonthLine(
                        month,
                        line,
                        _element(line.quantity, position),
                        _element(line.usd_per_unit, position),
                        1.0 if drift is None else float(drift[position]),
                    )

    @cached_property
    def _usd_by_month(self) -> dict[Message, tuple[Decimal, ...]]:
        found: dict[Message, tuple[Decimal, ...]] = {}
        for outcome in self.feasible:
            totals = [0] * self.scenario.horizon_months
            for months, lines in self._lines_by_period(outcome):
                for line, _ in lines:
                    amounts = np.broadcast_to(micro_usd(line.usd), months.shape)
                    for month, micro in zip(months.tolist(), amounts.tolist(), strict=True):
                        totals[month] += micro
            found[outcome.name] = tuple(exact_usd(micro) for micro in totals)
        return found

    def usd_by_month(self, outcome: Outcome) -> tuple[Decimal, ...]:
        """Sum of the rounded lines of each month."""
        return self._usd_by_month[outcome.name]

    def usd_at(self, outcome: Outcome, requests_per_day: Quantity) -> Quantity:
        """A month's cost at other volumes, at the prices of the scenario's day."""
        lines = tuple(outcome.strategy.lines(self.workload.at(requests_per_day)))
        total = usd_per_month(lines, self.scenario.horizon_months)
        return np.broadcast_to(total, np.shape(requests_per_day)) if np.ndim(requests_per_day) else total


def _owns(outcome: Outcome) -> bool:
    """Whether its machines are bought."""
    return getattr(outcome.strategy, "tenure", "") == "owned"


def _life_months(outcome: Outcome) -> float:
    return float(getattr(outcome.strategy, "life_years", 1.0)) * MONTHS_PER_YEAR


def _is_of_machines(line: CostLine) -> bool:
    """Paid for as long as a machine stands, used or not."""
    return line.category == "maintenance" or (line.category == "hardware" and line.unit == CAPITAL_UNIT)


def _trained_again(lines: tuple[CostLine, ...], gone: Retirement) -> tuple[CostLine, ...]:
    """The first training of the successor, or of one at the same price, which is then assumed."""
    return tuple(
        replace(
            line,
            name=message("Training after a retirement"),
            price=line.price if gone.successor else replace(line.price, evidence="assumed"),
        )
        for line in lines
        if line.cadence == "once" and line.category == "training"
    )


def _element(quantity: Quantity, position: int) -> float:
    return (
        float(quantity[position]) if isinstance(quantity, np.ndarray) and quantity.ndim else float(quantity)
    )


def add_months(day: date, months: int) -> date:
    """The same day some months later, or the last day of a shorter month."""
    year, month = divmod(day.month - 1 + months, 12)
    year, month = day.year + year, month + 1
    return date(year, month, min(day.day, calendar.monthrange(year, month)[1]))


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
    prices = book.on(scenario.on)
    currency_on(scenario.currency, prices)
    strategies = strategies_of(scenario, prices)
    workload = workload_of(scenario, {t for s in strategies for t in s.tokenizers}, prices)
    names = named(scenario, tuple(s.label for s in strategies))
    outcomes = tuple(
        _outcome(name, strategy, workload, scenario) for name, strategy in zip(names, strategies, strict=True)
    )
    found = Comparison(scenario, book, workload, outcomes)
    if scenario.traffic.shape == GIVEN:
        found.requests_per_day  # noqa: B018 - a month that is not given is said here, not in a tab
    if scenario.outlook.successors:
        found.retirements  # noqa: B018
    return found


def _outcome(name: Message, strategy: Strategy, workload: Workload, scenario: Scenario) -> Outcome:
    until = add_months(scenario.on, scenario.horizon_months)
    try:
        strategy.check_startable(scenario.on)
        lines = tuple(strategy.lines(workload))
        notes = (
            *_age_notes(lines, scenario.on),
            *_token_notes(strategy, workload),
            *strategy.notes(workload, scenario.on, until),
        )
    except CrossoverError as error:
        reason = error.faults[0]
        return Outcome(name, strategy, reason, (), (), scenario.horizon_months)
    return Outcome(name, strategy, None, lines, notes, scenario.horizon_months)


def _token_notes(strategy: Strategy, workload: Workload) -> Iterator[Message]:
    """That tokens are estimated, and how, where no vocabulary of the family is at hand."""
    prompt = strategy.prompt(workload)
    if prompt.evidence == "estimated" or (prompt.evidence == "assumed" and " x " in prompt.how):
        yield message("Tokens are estimated: {how}.", how=prompt.how)


def _age_notes(lines: tuple[CostLine, ...], on: date) -> Iterator[Message]:
    """That a price was last checked long before the day it is used for."""
    days = [line.price.checked_on for line in lines if line.price.checked_on is not None]
    if days and (on - min(days)).days > OLD_AFTER_DAYS:
        yield message(
            "Priced for {on} by figures last checked on {checked}: they may have changed since.",
            on=on.isoformat(),
            checked=min(days).isoformat(),
        )

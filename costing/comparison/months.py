"""Months of a scenario: traffic, and every cost line at the prices in force in each month."""

from __future__ import annotations

from collections.abc import Iterable, Iterator
from dataclasses import dataclass, replace
from datetime import date
from decimal import Decimal
from functools import cached_property
from itertools import pairwise

import numpy as np
import numpy.typing as npt

from i18n.message import message
from pricing.book import PriceBook
from pricing.rows import Evidence

from ..cost_lines import Cadence, CostCategory, CostLine, rounded_usd, weakest
from ..scenario.scenario import Scenario
from ..strategy.base import Strategy
from ..strategy.profile import OwnedHardware
from ..units import MONTHS_PER_YEAR, Quantity, Unit
from ..workload.workload import Workload
from .model_retirement import Retirement
from .price_drift import PURCHASE, Factors, drift_of, factors
from .price_timetable import Timetable
from .purchase_cohorts import cohorts, in_service, mean_factor

PeriodLines = tuple[npt.NDArray[np.int64], tuple[CostLine, ...]]
"""Months during which no price changes, and their lines as arrays."""


@dataclass(frozen=True, slots=True)
class MonthLine:
    """One cost line in one month of the horizon (0 is the first)."""

    month: int
    line: CostLine
    quantity: float
    usd_per_unit: float
    quantity_low: float | None
    quantity_high: float | None
    drift_factor: float = 1.0
    """By which the unit price has drifted from the dated one; it is in `usd_per_unit`."""

    @property
    def usd(self) -> Decimal:
        return rounded_usd(self.quantity * self.usd_per_unit)

    @property
    def evidence(self) -> Evidence:
        """A price that has drifted is assumed."""
        return self.line.evidence if self.drift_factor == 1 else weakest(self.line.evidence, Evidence.ASSUMED)

    @property
    def drift_note(self) -> str:
        return "" if self.drift_factor == 1 else f"price drift x {self.drift_factor:.6g}"


@dataclass(frozen=True)
class Months:
    """Strategies are addressed by their index in the scenario. Not slotted: results are cached."""

    scenario: Scenario
    book: PriceBook
    workload: Workload
    timetable: Timetable

    def at(self, scenario: Scenario, workload: Workload) -> Months:
        """Those of another volume: a scenario and a workload that differ in nothing else."""
        return Months(scenario, self.book, workload, self.timetable)

    @property
    def days(self) -> tuple[date, ...]:
        """The days on which the months of the horizon start, counted from the scenario's day."""
        return self.timetable.days

    @property
    def retirements(self) -> tuple[Retirement, ...]:
        """Rows that the strategies need and that end within the horizon."""
        return self.timetable.retirements

    @property
    def periods(self) -> tuple[tuple[npt.NDArray[np.int64], tuple[Strategy, ...]], ...]:
        """Months of the horizon in runs during which no price changes, with the strategies priced then."""
        return self.timetable.periods

    @cached_property
    def requests_per_day(self) -> npt.NDArray[np.float64]:
        """Volume in each month of the horizon."""
        scenario = self.scenario
        return scenario.traffic.requests_per_day(
            scenario.requests_per_day, scenario.growth_share_per_month, self.days
        )

    @cached_property
    def counted(self) -> Workload:
        """The workload, counted in the tokenizers of successors too."""
        more = self.timetable.tokens_besides(self.workload)
        return replace(self.workload, tokens={**more, **self.workload.tokens}) if more else self.workload

    def lines_by_period(
        self, index: int, banded: bool = False
    ) -> Iterator[tuple[npt.NDArray[np.int64], tuple[tuple[CostLine, Factors | None], ...]]]:
        """Months, and the lines of those months as arrays, each with how far its price has drifted.

        What is paid once stands in the first, and another training in the month of a retirement.
        """
        idle = self.bought_over_needed(index)
        for months, lines in self._dated_lines(index, banded):
            if idle is not None:
                lines = tuple(_times(line, idle[months]) if is_of_machines(line) else line for line in lines)
            yield months, tuple(self._drifted(index, line, months) for line in lines)

    def _dated_lines(self, index: int, banded: bool = False) -> tuple[PeriodLines, ...]:
        if (index, banded) not in self._dated:
            self._dated[index, banded] = tuple(self._lines_at_dated_prices(index, banded))
        return self._dated[index, banded]

    @cached_property
    def _dated(self) -> dict[tuple[int, bool], tuple[PeriodLines, ...]]:
        """Cache: (index of the strategy, whether with bands) -> lines."""
        return {}

    def _lines_at_dated_prices(self, index: int, banded: bool) -> Iterator[PeriodLines]:
        retired = {
            retirement.month: retirement
            for retirement in self.retirements
            if retirement.strategy_index == index and retirement.is_tuned
        }
        for months, strategies in self.periods:
            workload = self.counted.at(self.requests_per_day[months])
            priced = strategies[index].banded_lines if banded else strategies[index].lines
            lines = tuple(priced(workload))
            monthly = tuple(line for line in lines if line.cadence == Cadence.MONTHLY)
            if months[0] == 0:
                once = tuple(line for line in lines if line.cadence == Cadence.ONCE)
                yield months[:1], once
            elif int(months[0]) in retired:
                yield months[:1], _trained_again(strategies[index], lines, retired[int(months[0])])
            yield months, monthly

    def _drifted(
        self, index: int, line: CostLine, months: npt.NDArray[np.int64]
    ) -> tuple[CostLine, Factors | None]:
        by_month = self.price_factors(index, line)
        if by_month is None:
            return line, None
        if drift_of(line, owned=self._owns(index)) == PURCHASE and line.unit != Unit.GPU_HOUR:
            by_month = mean_factor(self._gpus_by_month(index), self._life_months(index), by_month)
        in_months = by_month[months]
        return replace(line, usd_per_unit=line.usd_per_unit * in_months), in_months

    def price_factors(self, index: int, line: CostLine) -> Factors | None:
        """Price drift factor of the line in each month of the horizon; None: no drift."""
        outlook = self.scenario.outlook
        if not outlook.has_drift:
            return None
        return factors(line, outlook, self.book, self.days, owned=self._owns(index))

    def _gpus_by_month(self, index: int) -> list[float]:
        """Those that must stand in each month, of a fleet that is bought."""
        gpus = np.zeros(len(self.days))
        for months, lines in self._dated_lines(index):
            held = [line.quantity for line in lines if _is_capital(line)]
            if held:
                gpus[months] = held[0]
        return [float(number) for number in gpus]

    def bought_over_needed(self, index: int) -> Factors | None:
        """Installed over needed machines by month, where demand falls; None: never more installed."""
        needed = self._gpus_by_month(index) if self._owns(index) else []
        if all(later >= now for now, later in pairwise(needed)):
            return None
        bought = cohorts(needed, self._life_months(index))
        stand = [sum(cohort.units for cohort in in_service(bought, month)) for month in range(len(needed))]
        return np.array([s / n if n else 1.0 for s, n in zip(stand, needed, strict=True)])

    def month_lines(self, index: int) -> Iterator[MonthLine]:
        """Every line of every month, at that month's traffic and at the prices in force then."""
        for months, lines in self.lines_by_period(index, banded=True):
            for position, month in enumerate(months.tolist()):
                for line, drift in lines:
                    low, high = line.quantity_low, line.quantity_high
                    yield MonthLine(
                        month,
                        line,
                        _element(line.quantity, position),
                        _element(line.usd_per_unit, position),
                        None if low is None else _element(low, position),
                        None if high is None else _element(high, position),
                        1.0 if drift is None else float(drift[position]),
                    )

    def _owns(self, index: int) -> bool:
        """Whether its machines are bought."""
        return self._hardware(index) is not None

    def _life_months(self, index: int) -> float:
        hardware = self._hardware(index)
        return MONTHS_PER_YEAR if hardware is None else float(hardware.life_years) * MONTHS_PER_YEAR

    def _hardware(self, index: int) -> OwnedHardware | None:
        return self.periods[0][1][index].owned_hardware()


def _times(line: CostLine, factor: Factors) -> CostLine:
    """The line with its quantity and both ends of its band scaled."""
    if line.ends is None:
        return replace(line, quantity=line.quantity * factor)
    low, high = line.ends
    ends = None if low is None else low * factor, None if high is None else high * factor
    return replace(line, quantity=line.quantity * factor, ends=ends)


def is_of_machines(line: CostLine) -> bool:
    """Paid for as long as a machine stands, used or not."""
    return line.category == CostCategory.MAINTENANCE or _is_capital(line)


def _is_capital(line: CostLine) -> bool:
    return line.category == CostCategory.HARDWARE and line.unit == Unit.GPU_MONTH


def _is_first_training(line: CostLine) -> bool:
    return line.cadence == Cadence.ONCE and line.category == CostCategory.TRAINING


def repeated_trainings(strategy: Strategy, lines: Iterable[CostLine]) -> Iterator[CostLine]:
    """The lines of the first training that are paid again when the model must be trained again."""
    once_only = strategy.once_only_refs()
    for line in lines:
        if _is_first_training(line) and line.price.ref not in once_only:
            yield line


def _trained_again(strategy: Strategy, lines: tuple[CostLine, ...], gone: Retirement) -> tuple[CostLine, ...]:
    """The first training of the successor, or of one at the same price, which is then assumed."""
    repeated = tuple(repeated_trainings(strategy, lines))
    return tuple(
        replace(
            line,
            name=message("Training after a retirement")
            if len(repeated) == 1
            else message("{line}, after a retirement", line=line.name),
            price=line.price if gone.successor else replace(line.price, evidence=Evidence.ASSUMED),
        )
        for line in repeated
    )


def _element(quantity: Quantity, position: int) -> float:
    return (
        float(quantity[position]) if isinstance(quantity, np.ndarray) and quantity.ndim else float(quantity)
    )

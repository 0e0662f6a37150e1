"""Days of the horizon and the prices in force on them."""

from __future__ import annotations

import calendar
from bisect import bisect_right
from collections.abc import Mapping
from dataclasses import dataclass
from datetime import date
from functools import cached_property

import numpy as np
import numpy.typing as npt

from pricing.book import PriceBook

from ..scenario.scenario import Scenario, strategies_of, workload_of
from ..strategy.base import Strategy
from ..workload.workload import RequestTokens, Workload
from .model_retirement import Retirement, in_month, prices_on, retirements


@dataclass(frozen=True)
class Timetable:
    """Price periods of a scenario; independent of its volume. Not slotted: results are cached."""

    scenario: Scenario
    book: PriceBook

    @cached_property
    def days(self) -> tuple[date, ...]:
        """The days on which the months of the horizon start, counted from the scenario's day."""
        return tuple(add_months(self.scenario.on, m) for m in range(self.scenario.horizon_months))

    @cached_property
    def retirements(self) -> tuple[Retirement, ...]:
        """Rows that the strategies need and that end within the horizon."""
        return tuple(retirement for retirement in self._ended if retirement.is_needed)

    @cached_property
    def _ended(self) -> tuple[Retirement, ...]:
        """All rows that end, needed or not; their last prices stay, so that strategies can be built."""
        strategies = strategies_of(self.scenario, self.book.on(self.scenario.on))
        return retirements(self.scenario, strategies, self.book, self.days)

    @cached_property
    def periods(self) -> tuple[tuple[npt.NDArray[np.int64], tuple[Strategy, ...]], ...]:
        """Months of the horizon in runs during which no price changes, with the strategies priced then."""
        settings = [value for choice in self.scenario.strategies for value in choice.settings.values()]
        settings += self.scenario.outlook.successors.values()
        changes = self.book.change_days(value for value in settings if isinstance(value, str))
        epochs = [bisect_right(changes, day) for day in self.days]
        replacement_months = {
            retirement.month for retirement in self.retirements if retirement.successor or retirement.is_tuned
        }
        cuts = sorted({*(np.flatnonzero(np.diff(epochs)) + 1).tolist(), *replacement_months})
        return tuple(
            (months, self._strategies_in(int(months[0]))) for months in np.split(np.arange(len(epochs)), cuts)
        )

    def _strategies_in(self, month: int) -> tuple[Strategy, ...]:
        ended = self._ended
        prices = prices_on(self.scenario, self.book, ended, month, self.days[month])
        return strategies_of(in_month(self.scenario, ended, month), prices)

    def tokens_besides(self, workload: Workload) -> Mapping[str, RequestTokens]:
        """Tokens of a request in the tokenizers of successors, where the workload was not counted in them."""
        wanted = {t for _, strategies in self.periods for strategy in strategies for t in strategy.tokenizers}
        missing = wanted - set(workload.tokens)
        if not missing:
            return {}
        return workload_of(self.scenario, missing, self.book.on(self.scenario.on)).tokens


def add_months(day: date, months: int) -> date:
    """The same day some months later, or the last day of a shorter month."""
    year, month = divmod(day.month - 1 + months, 12)
    year, month = day.year + year, month + 1
    return date(year, month, min(day.day, calendar.monthrange(year, month)[1]))

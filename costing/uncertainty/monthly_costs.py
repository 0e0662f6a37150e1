"""One strategy's cost over the months and at other volumes, in all draws: as `Comparison` has it for one."""

from __future__ import annotations

import itertools
from collections.abc import Iterator, Mapping
from dataclasses import dataclass, field
from functools import cached_property
from typing import Any

import numpy as np
import numpy.typing as npt

from ..comparison.months import is_of_machines, repeated_trainings
from ..comparison.price_drift import PURCHASE, Factors, drift_of, drifted, first_month
from ..comparison.purchase_cohorts import mean_price_factor
from ..cost_lines import Cadence, CostLine
from ..scenario.outlook import DRIFTS, Outlook
from ..strategy.base import Strategy
from ..units import MONTHS_PER_YEAR, Unit
from .overrides import strategy_at
from .samples import Array, Selection
from .strategy_costs import Bill, SampledStrategy
from .traffic import SampledTraffic


@dataclass(frozen=True)
class SampledMonths:
    """What the months of a strategy cost in all draws. Not slotted: some is worked out when first asked."""

    one: SampledStrategy
    values: Mapping[str, Array]
    axis: Array
    """Other volumes, in requests a day."""
    _machines: dict[str, tuple[Array, Factors | None]] = field(default_factory=dict)
    """Of bought machines, by line: their cost as (months, draws), and how their price drifts."""
    _drifts: dict[tuple[str, str, str, str], Factors | None] = field(default_factory=dict)
    _curves: dict[tuple[str, int], Factors] = field(default_factory=dict)
    """Of a drift that is drawn, by the month in which it begins: (months, draws), for all lines alike."""

    def into(self, so_far: Array, by_volume: Array) -> Array:
        """A month (draws). Into `so_far` (months, draws) comes the cost up to the end of each month, at its
        traffic and the prices in force then; into `by_volume` (volumes, draws) a month's cost at other
        volumes, at the prices of the scenario's day. All with people where they count. NaN: impossible."""
        one, axis, traffic = self.one, self.axis, self._traffic
        horizon = len(traffic.usual)
        start = one.volumes
        month = np.full(one.draws, np.nan)
        for months, strategies in one.comparison.periods:
            is_first = int(months[0]) == 0
            first, last = int(months[0]), int(months[-1]) + 1
            steady = traffic.is_steady(months)
            asked = months[:1] if steady else months
            beside = axis if is_first else axis[:0]
            is_possible = np.zeros(one.draws, np.bool_)
            before = int(is_first)  # the volume as it is asked for comes first, without the season

            def volumes(
                here: Selection, asked: Any = asked, beside: Array = beside, before: int = before
            ) -> Array:
                base = start[here]
                shape = traffic.multiples(asked, here)
                others = np.broadcast_to(beside[:, None], (len(beside), len(base)))
                return np.concatenate([base[None, :][:before], base * shape, others])

            def take(
                here: Selection,
                bill: Bill,
                asked: Any = asked,
                at: Strategy = strategies[one.index],
                first: int = first,
                last: int = last,
                is_first: bool = is_first,
                before: int = before,
                is_possible: npt.NDArray[np.bool_] = is_possible,
            ) -> None:
                is_possible[here] = True
                count = len(asked)
                if self._moves_with_time:

                    def in_months(figures: Any) -> Array:
                        rows = np.broadcast_to(figures, bill.shape)[before : before + count]
                        return np.broadcast_to(rows, (last - first, bill.shape[-1]))

                    so_far[first:last, here] = 0.0
                    for line, usd in zip(bill.lines, bill.usd(), strict=True):
                        if line.cadence != Cadence.MONTHLY:
                            continue
                        if self._keeps_machines and line.unit == Unit.GPU_MONTH and is_of_machines(line):
                            self._needed[first:last, here] = in_months(line.quantity)
                        self._add(line, in_months(usd), slice(first, last), here, so_far)
                if is_first or not self._moves_with_time:
                    monthly, once = bill.totals()
                    if not self._moves_with_time:
                        so_far[first:last, here] = monthly[before : before + count]
                    if is_first:
                        month[here] = bill.usd_per_month(horizon)
                        so_far[0, here] += once
                        by_volume[:, here] = monthly[before + count :] + once / horizon
                if first in self._trained_again:
                    for line, usd in _repeated_trainings(at, bill):
                        drift = self._drift(line)
                        so_far[first, here] += (
                            usd if drift is None else usd * _of(drift[first : first + 1], here)[0]
                        )

            one.bills(volumes, before + len(asked) + len(beside), take, strategy=strategies[one.index])
            if not is_possible.all():
                so_far[first:last, ~is_possible] = np.nan
                if is_first:
                    by_volume[:, ~is_possible] = np.nan
        self._add_machines(so_far)
        if one.escalation is not None:
            month += one.escalation_usd(start)
            by_volume += one.escalation.usd_per_month(axis[:, None])
            so_far += one.escalation.usd_per_month(start * traffic.multiples(np.arange(horizon), slice(None)))
        for earlier, later in itertools.pairwise(so_far):
            later += earlier
        return month

    @cached_property
    def _traffic(self) -> SampledTraffic:
        return SampledTraffic(self.one.comparison, self.values)

    @property
    def _outlook(self) -> Outlook:
        return self.one.comparison.scenario.outlook

    @cached_property
    def _trained_again(self) -> frozenset[int]:
        """Months in which a retirement forces another training."""
        gone = self.one.comparison.retirements
        return frozenset(x.month for x in gone if x.is_tuned and x.strategy_index == self.one.index)

    @cached_property
    def _keeps_machines(self) -> bool:
        """Whether what was bought before matters: prices drift, or the need may fall."""
        if self.one.strategy.owned_hardware() is None:
            return False
        drifts = PURCHASE in self.values or bool(self._outlook.purchase_drift_share_per_year)
        return drifts or self._traffic.may_fall

    @cached_property
    def _moves_with_time(self) -> bool:
        drawn = any(name in self.values for name in DRIFTS)
        return drawn or self._outlook.has_drift or self._keeps_machines

    def _drift(self, line: CostLine) -> Factors | None:
        """What its price is dearer by: (months, draws), or (months, 1) where it is the same in all draws."""
        key = (line.price.ref, line.price.layer, line.category, line.unit)
        if key not in self._drifts:
            self._drifts[key] = self._drift_by_month(line)
        return self._drifts[key]

    def _drift_by_month(self, line: CostLine) -> Factors | None:
        comparison, index = self.one.comparison, self.one.index
        name = drift_of(line, owned=self.one.strategy.owned_hardware() is not None)
        if name is None or name not in self.values:
            found = comparison.price_factors(comparison.outcomes[index], line)
            return None if found is None else found[:, None]
        first = first_month(line, name, comparison.book, comparison.months)
        if (name, first) not in self._curves:
            months = np.arange(len(comparison.months))
            self._curves[name, first] = drifted(self.values[name], first, months[:, None])
        return self._curves[name, first]

    def _add(self, line: CostLine, usd: Array, months: slice, here: Selection, so_far: Array) -> None:
        """A line of some months (months, draws): at once, or kept where it depends on other months."""
        drift = self._drift(line)
        if self._keeps_machines and is_of_machines(line):
            key = line.name.template
            if key not in self._machines:
                self._machines[key] = (np.zeros(so_far.shape), drift)
            self._machines[key][0][months, here] = usd
            return
        so_far[months, here] += usd if drift is None else usd * _of(drift[months], here)

    @cached_property
    def _needed(self) -> Array:
        """GPUs that must stand (months, draws), of a fleet that is bought."""
        return np.zeros((len(self._traffic.usual), self.one.draws))

    def _add_machines(self, so_far: Array) -> None:
        """At the mean price of those that stand, and for all of those, used or not."""
        for usd, drift in self._machines.values():
            so_far += usd * mean_price_factor(self._needed, self._life_months, drift)

    @cached_property
    def _life_months(self) -> Array:
        """By draw."""
        index = self.one.index
        own = f"strategies.{index + 1}."
        mine = {path: column for path, column in self.values.items() if path.startswith(own)}
        drawn = strategy_at(self.one.strategy, index, mine)
        hardware = drawn.owned_hardware()
        years = np.asarray(1.0 if hardware is None else hardware.life_years, dtype=np.float64)
        return np.broadcast_to(years * MONTHS_PER_YEAR, (self.one.draws,))


def _of(drift: Factors, here: Selection) -> Factors:
    """For these draws."""
    return drift if drift.shape[1] == 1 else drift[:, here]


def _repeated_trainings(strategy: Strategy, bill: Bill) -> Iterator[tuple[CostLine, Array]]:
    """Each line of the first training that a retirement repeats, with its cost by draw."""
    repeated = {id(line) for line in repeated_trainings(strategy, bill.lines)}
    for line, usd in zip(bill.lines, bill.usd(), strict=True):
        if id(line) in repeated:
            yield line, usd[0] if usd.ndim > 1 else usd

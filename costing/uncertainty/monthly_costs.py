"""Cost of one strategy by month and at other volumes in all draws, by the rules of `Comparison`."""

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
    """Monthly costs of a strategy in all draws. Not slotted: it has cached properties."""

    sampled: SampledStrategy
    values: Mapping[str, Array]
    axis: Array
    """Other volumes, in requests a day (volumes,)."""
    _hardware: dict[str, tuple[Array, Factors | None]] = field(default_factory=dict)
    """Cost of bought hardware by line: USD (months, draws), and its price drift."""
    _drifts: dict[tuple[str, str, str, str], Factors | None] = field(default_factory=dict)
    _sampled_drifts: dict[tuple[str, int], Factors] = field(default_factory=dict)
    """(sampled drift, month in which it begins) -> factors (months, draws), shared by the lines."""

    def into(self, so_far: Array, by_volume: Array) -> Array:
        """USD of the scenario's month (draws,); fills the two arrays.

        `so_far` (months, draws): cumulative USD at the end of each month, at its traffic and the prices in
        force then. `by_volume` (volumes, draws): USD a month at other volumes, at the prices of the
        scenario's day. All with people where they count; NaN: infeasible.
        """
        sampled, axis, traffic = self.sampled, self.axis, self._traffic
        horizon = len(traffic.usual)
        start = sampled.volumes
        usd_per_month = np.full(sampled.draws, np.nan)
        for months, strategies in sampled.comparison.periods:
            is_first = int(months[0]) == 0
            first, last = int(months[0]), int(months[-1]) + 1
            steady = traffic.is_steady(months)
            traffic_months = months[:1] if steady else months
            other_volumes = axis if is_first else axis[:0]
            is_feasible = np.zeros(sampled.draws, np.bool_)
            before = int(is_first)  # the scenario's own volume comes first, without the season

            def volumes(
                selection: Selection,
                traffic_months: Any = traffic_months,
                other_volumes: Array = other_volumes,
                before: int = before,
            ) -> Array:
                base = start[selection]
                multiples = traffic.multiples(traffic_months, selection)
                others = np.broadcast_to(other_volumes[:, None], (len(other_volumes), len(base)))
                return np.concatenate([base[None, :][:before], base * multiples, others])

            def collect(
                selection: Selection,
                bill: Bill,
                traffic_months: Any = traffic_months,
                strategy: Strategy = strategies[sampled.index],
                first: int = first,
                last: int = last,
                is_first: bool = is_first,
                before: int = before,
                is_feasible: npt.NDArray[np.bool_] = is_feasible,
            ) -> None:
                is_feasible[selection] = True
                count = len(traffic_months)
                if self._moves_with_time:

                    def in_months(figures: Any) -> Array:
                        rows = np.broadcast_to(figures, bill.shape)[before : before + count]
                        return np.broadcast_to(rows, (last - first, bill.shape[-1]))

                    so_far[first:last, selection] = 0.0
                    for line, usd in zip(bill.lines, bill.usd(), strict=True):
                        if line.cadence != Cadence.MONTHLY:
                            continue
                        if self._keeps_hardware and line.unit == Unit.GPU_MONTH and is_of_machines(line):
                            self._needed_gpus[first:last, selection] = in_months(line.quantity)
                        self._add(line, in_months(usd), slice(first, last), selection, so_far)
                if is_first or not self._moves_with_time:
                    monthly, once = bill.totals()
                    if not self._moves_with_time:
                        so_far[first:last, selection] = monthly[before : before + count]
                    if is_first:
                        usd_per_month[selection] = bill.usd_per_month(horizon)
                        so_far[0, selection] += once
                        by_volume[:, selection] = monthly[before + count :] + once / horizon
                if first in self._retraining_months:
                    for line, usd in _repeated_trainings(strategy, bill):
                        drift = self._drift(line)
                        so_far[first, selection] += (
                            usd if drift is None else usd * _of_draws(drift[first : first + 1], selection)[0]
                        )

            columns = before + len(traffic_months) + len(other_volumes)
            sampled.bills(volumes, columns, collect, strategy=strategies[sampled.index])
            if not is_feasible.all():
                so_far[first:last, ~is_feasible] = np.nan
                if is_first:
                    by_volume[:, ~is_feasible] = np.nan
        self._add_hardware(so_far)
        if sampled.escalation is not None:
            usd_per_month += sampled.escalation_usd(start)
            by_volume += sampled.escalation.usd_per_month(axis[:, None])
            so_far += sampled.escalation.usd_per_month(
                start * traffic.multiples(np.arange(horizon), slice(None))
            )
        for earlier, later in itertools.pairwise(so_far):
            later += earlier
        return usd_per_month

    @cached_property
    def _traffic(self) -> SampledTraffic:
        return SampledTraffic(self.sampled.comparison, self.values)

    @property
    def _outlook(self) -> Outlook:
        return self.sampled.comparison.scenario.outlook

    @cached_property
    def _retraining_months(self) -> frozenset[int]:
        """Months in which a retirement forces another training."""
        return frozenset(
            retirement.month
            for retirement in self.sampled.comparison.retirements
            if retirement.is_tuned and retirement.strategy_index == self.sampled.index
        )

    @cached_property
    def _keeps_hardware(self) -> bool:
        """Whether hardware bought earlier matters: purchase prices drift, or the need may fall."""
        if self.sampled.strategy.owned_hardware() is None:
            return False
        drifts = PURCHASE in self.values or bool(self._outlook.purchase_drift_share_per_year)
        return drifts or self._traffic.may_fall

    @cached_property
    def _moves_with_time(self) -> bool:
        is_sampled = any(name in self.values for name in DRIFTS)
        return is_sampled or self._outlook.has_drift or self._keeps_hardware

    def _drift(self, line: CostLine) -> Factors | None:
        """Factor on the line's price (months, draws), or (months, 1) where it is the same in all draws."""
        key = (line.price.ref, line.price.layer, line.category, line.unit)
        if key not in self._drifts:
            self._drifts[key] = self._drift_by_month(line)
        return self._drifts[key]

    def _drift_by_month(self, line: CostLine) -> Factors | None:
        comparison, index = self.sampled.comparison, self.sampled.index
        name = drift_of(line, owned=self.sampled.strategy.owned_hardware() is not None)
        if name is None or name not in self.values:
            factors = comparison.price_factors(comparison.outcomes[index], line)
            return None if factors is None else factors[:, None]
        first = first_month(line, name, comparison.book, comparison.months)
        if (name, first) not in self._sampled_drifts:
            months = np.arange(len(comparison.months))
            self._sampled_drifts[name, first] = drifted(self.values[name], first, months[:, None])
        return self._sampled_drifts[name, first]

    def _add(self, line: CostLine, usd: Array, months: slice, selection: Selection, so_far: Array) -> None:
        """Add the USD of a line (months, draws), or keep it where it depends on other months."""
        drift = self._drift(line)
        if self._keeps_hardware and is_of_machines(line):
            key = line.name.template
            if key not in self._hardware:
                self._hardware[key] = (np.zeros(so_far.shape), drift)
            self._hardware[key][0][months, selection] = usd
            return
        so_far[months, selection] += usd if drift is None else usd * _of_draws(drift[months], selection)

    @cached_property
    def _needed_gpus(self) -> Array:
        """GPUs that a bought fleet needs (months, draws)."""
        return np.zeros((len(self._traffic.usual), self.sampled.draws))

    def _add_hardware(self, so_far: Array) -> None:
        """Add all hardware in service, used or not, at its mean purchase price."""
        for usd, drift in self._hardware.values():
            so_far += usd * mean_price_factor(self._needed_gpus, self._life_months, drift)

    @cached_property
    def _life_months(self) -> Array:
        """Useful life (draws,)."""
        index = self.sampled.index
        prefix = f"strategies.{index + 1}."
        own_values = {path: column for path, column in self.values.items() if path.startswith(prefix)}
        hardware = strategy_at(self.sampled.strategy, index, own_values).owned_hardware()
        years = np.asarray(1.0 if hardware is None else hardware.life_years, dtype=np.float64)
        return np.broadcast_to(years * MONTHS_PER_YEAR, (self.sampled.draws,))


def _of_draws(drift: Factors, selection: Selection) -> Factors:
    """The factors of these draws."""
    return drift if drift.shape[1] == 1 else drift[:, selection]


def _repeated_trainings(strategy: Strategy, bill: Bill) -> Iterator[tuple[CostLine, Array]]:
    """Each line of the first training that a retirement repeats, and its USD (draws,)."""
    repeated = {id(line) for line in repeated_trainings(strategy, bill.lines)}
    for line, usd in zip(bill.lines, bill.usd(), strict=True):
        if id(line) in repeated:
            yield line, usd[0] if usd.ndim > 1 else usd

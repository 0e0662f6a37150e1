"""One strategy's cost in many draws and at many volumes at once, by the formulas of a single figure."""

from __future__ import annotations

from collections.abc import Callable, Iterator, Mapping, Sequence
from dataclasses import dataclass, replace
from functools import cached_property
from typing import Any, Final, TypeVar

import numpy as np
import numpy.typing as npt

from i18n.errors import CrossoverError
from i18n.message import Message

from ..comparison.compare import Comparison
from ..cost_lines import Cadence, CostLine, micro_usd
from ..scenario.scenario import LIMITS
from ..scenario.uncertain_fields import REQUESTS, TOOL_CALLS, TURNS
from ..strategy.base import Strategy
from ..workload.workload import Workload
from .escalation_costs import SampledEscalation
from .overrides import affects, extend_for_inputs, is_whole, price_factors, strategy_at, workload_at
from .samples import Array, BranchDivergence, Place, Rows, Samples

T = TypeVar("T")

CELLS: Final = 100_000
"""Draws times volumes that are worked on together: so few that they stay in the processor's cache."""
MAX_LEVELS: Final = 12
"""Of a whole number whose draws are sorted by it beforehand; of more, they stay a row of figures."""
MAX_KEPT: Final = 5_000
"""Draws of which what is put into the workload is kept; of more it would take too much memory."""
MAX_WAYS: Final = 400
"""Into which the draws are parted; beyond, each is asked by itself."""


@dataclass(frozen=True, slots=True)
class Bill:
    """The lines of some draws, each with the factor of its price, at (volumes, draws)."""

    lines: Sequence[CostLine]
    factors: Sequence[Any]
    shape: tuple[int, ...]

    def totals(self) -> tuple[Array, Array]:
        """What is paid monthly (volumes, draws), and what once (draws)."""
        monthly, once = np.zeros(self.shape), np.zeros(self.shape[-1])
        for line, usd in zip(self.lines, self.usd(), strict=True):
            if line.cadence == Cadence.MONTHLY:
                monthly += usd
            else:
                once += usd[0] if usd.ndim > 1 else usd
        return monthly, once

    def usd(self) -> Iterator[Array]:
        """Of each line, not rounded."""
        for line, factor in zip(self.lines, self.factors, strict=True):
            # Unit price and factor first: they are one figure a draw, the quantity one a volume too.
            yield np.asarray(line.quantity) * (np.asarray(line.usd_per_unit) * np.asarray(factor))

    def a_month(self, horizon_months: int) -> Array:
        """At the first volume, each line rounded as `Outcome` does, what is paid once spread out."""
        monthly, once = (np.zeros(self.shape[-1], np.int64) for _ in range(2))
        for line, factor in zip(self.lines, self.factors, strict=True):
            usd = np.asarray(line.usd)
            micro = micro_usd((usd[0] if usd.ndim > 1 else usd) * np.asarray(factor))
            if line.cadence == Cadence.MONTHLY:
                monthly += micro
            else:
                once += micro
        rounded: Array = np.rint(monthly + once / horizon_months) / 1e6
        return rounded


class SampledStrategy:
    """A strategy of a comparison, with what moves it as rows of draws."""

    def __init__(self, comparison: Comparison, index: int, values: Mapping[str, Array], draws: int) -> None:
        self.comparison, self.index, self.draws = comparison, index, draws
        self.strategy = comparison.outcomes[index].strategy
        wanted, workload = set(self.strategy.tokenizers), comparison.workload
        if comparison.scenario.outlook.successors:
            wanted.update(*(strategies[index].tokenizers for _, strategies in comparison.periods))
            workload = comparison.over_time.counted
        own = {name: count for name, count in workload.tokens.items() if name in wanted}
        self.workload = extend_for_inputs(comparison, replace(workload, tokens=own), values)
        self.moving = [path for path in values if affects(path, index, self.strategy)]
        # A whole number is rounded at once, so that draws of the same one are one number to the formulas.
        whole = [path for path in self.moving if is_whole(path, self.strategy)]
        self.values = {**values, **{path: np.rint(values[path]) for path in whole}}
        self.prices = [path for path in values if path.startswith("prices.")]
        self.refusal: Message | None = None
        """Why it is not possible in some draw; None: no such draw was met."""
        try:
            self.strategy.check_startable(comparison.scenario.on)
            self.is_startable = True
        except CrossoverError as error:
            self.is_startable, self.refusal = False, error.errors[0]

    def at(self, comparison: Comparison, values: Mapping[str, Array]) -> SampledStrategy:
        """The same draws of a comparison that differs in its volume alone; what no volume moves is kept."""
        found = SampledStrategy(comparison, self.index, values, self.draws)
        if self.is_startable:
            found._ways, found._kept = self._ways, self._kept
        return found

    @property
    def name(self) -> Message:
        return self.comparison.outcomes[self.index].name

    def bills(
        self,
        volumes: Callable[[Place], Array],
        columns: int,
        take: Callable[[Place, Bill], None],
        *,
        rows: Rows | None = None,
        at: Strategy | None = None,
    ) -> None:
        """Hand over the bills of some draws at a time, by their places among `rows` (all draws).

        `volumes`: of those places, (columns, places). `at`: the strategy at another day's prices. Of draws
        in which it is not possible no bill comes.
        """
        if not self.is_startable:
            return

        def ask(strategy: Strategy, workload: Workload, drawn: Rows, here: Place) -> Bill:
            asked = volumes(here)
            lines = tuple(strategy.lines(workload.at(asked)))
            factors = price_factors(lines, {path: self._column(path, drawn) for path in self.prices})
            return Bill(lines, factors, asked.shape)

        self._run(at or self.strategy, columns, ask, take, rows)

    @cached_property
    def people(self) -> SampledEscalation | None:
        """What the requests cost that it leaves to people; None where that does not count."""
        return SampledEscalation.of(self.comparison, self.index, self.values)

    @property
    def volumes(self) -> Array:
        """Requests a day, by draw."""
        limits = LIMITS[REQUESTS]
        usual = np.full(self.draws, self.comparison.scenario.requests_per_day)
        found: Array = np.clip(self.values.get(REQUESTS, usual), limits.low, limits.high)
        return found

    def a_month(self) -> Array:
        """By draw, as `ranked_usd`: with people where they count; NaN: impossible."""
        found, start = np.full(self.draws, np.nan), self.volumes

        def take(here: Place, bill: Bill) -> None:
            found[here] = bill.a_month(self.comparison.scenario.horizon_months)

        self.bills(lambda here: start[None, here], 1, take)
        return found + self.people_usd(start)

    def people_usd(self, requests_per_day: Array) -> Array | float:
        """Of all draws (..., draws), rounded as a line is; 0 where people do not count, NaN: not known."""
        if self.people is None:
            return 0.0
        usd = self.people.usd_per_month(requests_per_day)
        return np.where(np.isnan(usd), np.nan, micro_usd(np.nan_to_num(usd)) / 1e6)

    def monthly(self, volumes: Array, rows: Rows) -> Array:
        """(volumes, rows): a month's cost, what is paid once spread over the horizon; inf: impossible."""
        found, is_possible = np.empty(volumes.shape), np.zeros(volumes.shape[1], np.bool_)
        months = self.comparison.scenario.horizon_months

        def take(here: Place, bill: Bill) -> None:
            monthly, once = bill.totals()
            found[:, here] = monthly + once / months
            is_possible[here] = True

        self.bills(lambda here: volumes[:, here], len(volumes), take, rows=rows)
        if not is_possible.all():
            found[:, ~is_possible] = np.inf
        return found

    def tokens_per_request(self) -> Array:
        """By draw, in its own tokenizer; NaN where that cannot be said."""
        found = np.full(self.draws, np.nan)

        def ask(strategy: Strategy, workload: Workload, drawn: Rows, here: Place) -> Any:
            return strategy.tokens_per_request(workload)

        def take(here: Place, tokens: Any) -> None:
            found[here] = tokens

        self._run(self.strategy, 1, ask, take, None)
        return found

    def _column(self, path: str, rows: Rows) -> Any:
        """Its value in these draws: a number where it is the same in all."""
        values = self.values[path][rows]
        low, high = values.min(), values.max()
        return float(low) if low == high else Samples.of(values)

    def _run(
        self,
        strategy: Strategy,
        columns: int,
        ask: Callable[[Strategy, Workload, Rows, Place], T],
        take: Callable[[Place, T], None],
        rows: Rows | None,
    ) -> None:
        """Ask for some draws at a time; where they go different ways, for each way by itself."""
        is_kept = rows is None and self.draws <= MAX_KEPT
        rows = np.arange(self.draws) if rows is None else rows
        todo = list(self._parts(rows, columns))
        while todo:
            places = todo.pop()
            drawn, here = rows[places], _place(places)
            try:
                values, workload = self._put_in(drawn, is_kept)
                found = ask(strategy_at(strategy, self.index, values), workload, drawn, here)
            except BranchDivergence as way:
                todo += [places[way.yes], places[~way.yes]]
            except CrossoverError as error:
                self.refusal = self.refusal or error.errors[0]
                continue
            except (TypeError, ValueError):  # a formula that takes no row of figures
                if len(places) == 1:
                    raise
                todo += list(places[:, None])
            else:
                take(here, found)

    def _put_in(self, drawn: Rows, is_kept: bool) -> tuple[Mapping[str, Any], Workload]:
        """What moves it in these draws, and the workload with that."""
        if is_kept and (kept := self._kept.get(drawn.tobytes())) is not None:
            return kept
        values = {path: self._column(path, drawn) for path in self.moving}
        found = values, workload_at(self.workload, values) if values else self.workload
        if is_kept and len(self._kept) < MAX_WAYS:
            self._kept[drawn.tobytes()] = found
        return found

    @cached_property
    def _kept(self) -> dict[bytes, tuple[Mapping[str, Any], Workload]]:
        """By the draws; the volume in them is never asked for."""
        return {}

    def _parts(self, rows: Rows, columns: int) -> Iterator[Rows]:
        """Places of the rows by the way that they go, in pieces that fit the cache."""
        most = max(64, CELLS // columns)
        ways = self._ways[rows]
        order = np.argsort(ways, kind="stable") if ways.any() else np.arange(len(rows))
        for way in np.split(order, np.flatnonzero(np.diff(ways[order])) + 1):
            for start in range(0, len(way), most):
                yield way[start : start + most]

    @cached_property
    def _ways(self) -> npt.NDArray[np.intp]:
        """By draw: a number for the way that it goes through the formulas."""
        ways = np.zeros(self.draws, np.intp)
        for path in self.moving:
            column = self.values[path]
            if path == TOOL_CALLS:
                column = np.ceil(column)  # 1.5 calls are one, and one more by half
            elif not is_whole(path, self.strategy):
                continue
            levels, codes = np.unique(column, return_inverse=True)
            if path in (TURNS, TOOL_CALLS) or len(levels) <= MAX_LEVELS:
                ways = ways * len(levels) + codes
        found = np.zeros(self.draws, np.intp)
        todo = [np.flatnonzero(ways == way) for way in np.unique(ways)]
        count = 0
        while todo:
            here = todo.pop()
            values = {path: self._column(path, here) for path in self.moving}
            try:
                if len(here) > 1 and count + len(todo) < MAX_WAYS:
                    strategy = strategy_at(self.strategy, self.index, values)
                    workload = workload_at(self.workload, values)
                    tuple(strategy.lines(workload.at(np.ones((1, len(here))))))
            except BranchDivergence as way:
                todo += [here[way.yes], here[~way.yes]]
                continue
            except (TypeError, ValueError):  # CrossoverError too: such draws are NaN wherever they stand
                pass
            found[here] = count
            count += 1
        return found


def _place(places: Rows) -> Place:
    """As a slice where they follow one another, which is faster."""
    first, last = int(places[0]), int(places[-1])
    return slice(first, last + 1) if last - first + 1 == len(places) else places


def cheapest(comparison: Comparison, usd: Array) -> Array:
    """Place of the cheapest strategy in each draw, references only where nothing else is; -1: none."""
    is_reference = np.array([outcome.strategy.is_reference for outcome in comparison.outcomes])
    known = np.where(np.isfinite(usd), usd, np.inf)
    choices = np.where(is_reference[:, None], np.inf, known)
    choices = np.where(np.isfinite(choices).any(axis=0), choices, known)
    found: Array = np.where(np.isfinite(choices).any(axis=0), choices.argmin(axis=0), -1)
    return found

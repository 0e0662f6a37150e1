"""Cost of one strategy in many Monte Carlo draws and at many volumes, by the formulas of a single figure.

Evaluates draws in batches as sample arrays; splits a batch whenever it branches. Where a formula takes one
number only, its draws are evaluated one by one and counted: see `ScalarFallback`.
"""

from __future__ import annotations

from collections.abc import Callable, Iterator, Mapping, Sequence
from dataclasses import dataclass, replace
from functools import cached_property
from typing import Any, Final, TypeVar

import numpy as np
import numpy.typing as npt

from i18n.errors import CrossoverError
from i18n.message import Message

from ..comparison.compare import Comparison, Outcome
from ..cost_lines import Cadence, CostLine, micro_usd
from ..scenario.scenario import LIMITS
from ..scenario.uncertain_fields import REQUESTS, TOOL_CALLS, TURNS
from ..strategy.base import Strategy
from ..workload.workload import Workload
from .escalation_costs import SampledEscalation
from .overrides import affects, extend_for_inputs, is_whole, price_factors, strategy_at, workload_at
from .samples import Array, BranchDivergence, DrawIndices, Samples, ScalarOnly, Selection, code_place

T = TypeVar("T")

BATCH_CELLS: Final = 100_000
"""Draws times volumes of one batch: few enough to stay in the processor's cache."""
MAX_LEVELS: Final = 12
"""A whole-number input with at most this many values is split by value beforehand; else it stays an array."""
MAX_CACHED_DRAWS: Final = 5_000
"""With more draws, the workloads with their overrides are not cached: they would take too much memory."""
MAX_BRANCHES: Final = 400
"""Draws are split beforehand into at most about this many branches; the rest is split when it is met."""


@dataclass(frozen=True, slots=True)
class Bill:
    """Cost lines of some draws, each with the factor on its price; figures are (volumes, draws)."""

    lines: Sequence[CostLine]
    factors: Sequence[Any]
    """A number or (draws,) for each line."""
    shape: tuple[int, ...]
    """(volumes, draws)."""

    def totals(self) -> tuple[Array, Array]:
        """USD a month (volumes, draws), and USD paid once (draws,); not rounded."""
        monthly, once = np.zeros(self.shape), np.zeros(self.shape[-1])
        for line, usd in zip(self.lines, self.usd(), strict=True):
            if line.cadence == Cadence.MONTHLY:
                monthly += usd
            else:
                once += usd[0] if usd.ndim > 1 else usd
        return monthly, once

    def usd(self) -> Iterator[Array]:
        """USD of each line, not rounded; a shape that broadcasts to (volumes, draws)."""
        for line, factor in zip(self.lines, self.factors, strict=True):
            # Unit price and factor first: they are one figure a draw, the quantity one a volume too.
            yield np.asarray(line.quantity) * (np.asarray(line.usd_per_unit) * np.asarray(factor))

    def usd_per_month(self, horizon_months: int) -> Array:
        """USD a month at the first volume (draws,): each line rounded as in `Outcome`, one-off costs spread
        over the horizon."""
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


@dataclass(frozen=True, slots=True)
class ScalarFallback:
    """Draws of one strategy that were evaluated one by one, since a formula does not take sample arrays."""

    strategy: Message
    draws: int
    """Draws, and ends of ranges in the tornado."""
    place: str
    """The first line of a formula that refused: "costing/strategies/own.py:120"."""


class SampledStrategy:
    """A strategy of a comparison with its uncertain inputs as columns of draws: input path -> (draws,)."""

    def __init__(self, comparison: Comparison, index: int, values: Mapping[str, Array], draws: int) -> None:
        self.comparison, self.index, self.draws = comparison, index, draws
        self.strategy = comparison.outcomes[index].strategy
        tokenizers, workload = set(self.strategy.tokenizers), comparison.workload
        if any(retirement.successor for retirement in comparison.retirements):
            tokenizers.update(*(strategies[index].tokenizers for _, strategies in comparison.periods))
            workload = comparison.over_time.counted
        own_counts = {name: count for name, count in workload.tokens.items() if name in tokenizers}
        self.workload = extend_for_inputs(comparison, replace(workload, tokens=own_counts), values)
        self.moving = [path for path in values if affects(path, index, self.strategy)]
        # A whole number is rounded at once, so that draws of the same value are one number to the formulas.
        whole = [path for path in self.moving if is_whole(path, self.strategy)]
        self.values = {**values, **{path: np.rint(values[path]) for path in whole}}
        self.prices = [path for path in values if path.startswith("prices.")]
        self.refusal: Message | None = None
        """Why the strategy is infeasible in one of the draws in which it is; None: no such draw was met."""
        self._is_scalar = np.zeros(draws, np.bool_)
        """(draws,): whether a draw was evaluated by itself because of `ScalarOnly`."""
        self._scalar_place = ""
        try:
            self.strategy.check_startable(comparison.scenario.on)
            self.is_startable = True
        except CrossoverError as error:
            self.is_startable, self.refusal = False, error.errors[0]

    def at(self, comparison: Comparison, values: Mapping[str, Array]) -> SampledStrategy:
        """The same draws in a comparison that differs in its volume alone; caches that hold are reused."""
        moved = SampledStrategy(comparison, self.index, values, self.draws)
        if self.is_startable:
            moved._branches, moved._override_cache = self._branches, self._override_cache
        return moved

    @property
    def name(self) -> Message:
        return self.comparison.outcomes[self.index].name

    @property
    def scalar_fallback(self) -> ScalarFallback | None:
        """The draws evaluated one by one so far; None: all were evaluated as arrays."""
        count = int(self._is_scalar.sum())
        return ScalarFallback(self.name, count, self._scalar_place) if count else None

    def bills(
        self,
        volumes: Callable[[Selection], Array],
        columns: int,
        collect: Callable[[Selection, Bill], None],
        *,
        rows: DrawIndices | None = None,
        strategy: Strategy | None = None,
    ) -> None:
        """Pass the bills to `collect`, batch by batch, with the positions among `rows` (default: all draws).

        `volumes`: requests a day of those positions, (columns, positions). `strategy`: the strategy at
        another day's prices. Draws in which it is infeasible get no bill.
        """
        if not self.is_startable:
            return

        def bill(strategy: Strategy, workload: Workload, draws: DrawIndices, selection: Selection) -> Bill:
            requests_per_day = volumes(selection)
            lines = tuple(strategy.lines(workload.at(requests_per_day)))
            factors = price_factors(lines, {path: self._column(path, draws) for path in self.prices})
            return Bill(lines, factors, requests_per_day.shape)

        self._evaluate(strategy or self.strategy, columns, bill, collect, rows)

    @cached_property
    def escalation(self) -> SampledEscalation | None:
        """Cost of the requests that go to people; None where people do not count."""
        return SampledEscalation.of(self.comparison, self.index, self.values)

    @property
    def volumes(self) -> Array:
        """Requests a day (draws,)."""
        limits = LIMITS[REQUESTS]
        usual = np.full(self.draws, self.comparison.scenario.requests_per_day)
        volumes: Array = np.clip(self.values.get(REQUESTS, usual), limits.low, limits.high)
        return volumes

    def usd_per_month(self) -> Array:
        """USD a month (draws,), as `ranked_usd`: with people where they count; NaN: infeasible."""
        usd, volumes = np.full(self.draws, np.nan), self.volumes

        def collect(selection: Selection, bill: Bill) -> None:
            usd[selection] = bill.usd_per_month(self.comparison.scenario.horizon_months)

        self.bills(lambda selection: volumes[None, selection], 1, collect)
        return usd + self.escalation_usd(volumes)

    def escalation_usd(self, requests_per_day: Array) -> Array | float:
        """USD a month at (..., draws) requests a day, rounded as a line is; 0 where people do not count,
        NaN: not known."""
        if self.escalation is None:
            return 0.0
        usd = self.escalation.usd_per_month(requests_per_day)
        return np.where(np.isnan(usd), np.nan, micro_usd(np.nan_to_num(usd)) / 1e6)

    def usd_per_month_at(self, volumes: Array, rows: DrawIndices) -> Array:
        """USD a month at (volumes, rows) requests a day, one-off costs spread over the horizon, without
        people; inf: infeasible."""
        usd, is_feasible = np.empty(volumes.shape), np.zeros(volumes.shape[1], np.bool_)
        months = self.comparison.scenario.horizon_months

        def collect(selection: Selection, bill: Bill) -> None:
            monthly, once = bill.totals()
            usd[:, selection] = monthly + once / months
            is_feasible[selection] = True

        self.bills(lambda selection: volumes[:, selection], len(volumes), collect, rows=rows)
        if not is_feasible.all():
            usd[:, ~is_feasible] = np.inf
        return usd

    def tokens_per_request(self) -> Array:
        """Tokens of a request (draws,) in its own tokenizer; NaN where the strategy cannot say."""
        tokens_per_request = np.full(self.draws, np.nan)

        def tokens(strategy: Strategy, workload: Workload, draws: DrawIndices, selection: Selection) -> Any:
            return strategy.tokens_per_request(workload)

        def collect(selection: Selection, tokens: Any) -> None:
            tokens_per_request[selection] = tokens

        self._evaluate(self.strategy, 1, tokens, collect, None)
        return tokens_per_request

    def _column(self, path: str, draws: DrawIndices) -> Any:
        """The input in these draws: a number where it is the same in all, else a sample array."""
        values = self.values[path][draws]
        low, high = values.min(), values.max()
        return float(low) if low == high else Samples.of(values)

    def _evaluate(
        self,
        strategy: Strategy,
        columns: int,
        formula: Callable[[Strategy, Workload, DrawIndices, Selection], T],
        collect: Callable[[Selection, T], None],
        rows: DrawIndices | None,
    ) -> None:
        """Evaluate samples in batches; split a batch whenever it branches.

        A refusal (CrossoverError) is of all draws of the batch, for they take the same branches. Any other
        error of a formula is raised.
        """
        use_cache = rows is None and self.draws <= MAX_CACHED_DRAWS
        rows = np.arange(self.draws) if rows is None else rows
        batches = list(self._batches(rows, columns))
        while batches:
            positions = batches.pop()
            draws, selection = rows[positions], _selection(positions)
            try:
                values, workload = self._overridden(draws, use_cache)
                result = formula(strategy_at(strategy, self.index, values), workload, draws, selection)
            except BranchDivergence as divergence:
                batches += [positions[divergence.is_true], positions[~divergence.is_true]]
            except CrossoverError as error:
                if self.refusal is None and len(positions) > 1:  # its text needs the figures of one draw
                    batches += [positions[1:], positions[:1]]
                else:
                    self.refusal = self.refusal or error.errors[0]
            except ScalarOnly as error:
                if len(positions) == 1:
                    raise
                self._is_scalar[draws] = True
                self._scalar_place = self._scalar_place or code_place(error)
                batches += list(positions[:, None])
            else:
                collect(selection, result)

    def _overridden(self, draws: DrawIndices, use_cache: bool) -> tuple[Mapping[str, Any], Workload]:
        """The inputs that move the strategy in these draws, and the workload with them."""
        key = draws.tobytes() if use_cache else b""
        if use_cache and (cached := self._override_cache.get(key)) is not None:
            return cached
        values = {path: self._column(path, draws) for path in self.moving}
        overridden = values, workload_at(self.workload, values) if values else self.workload
        if use_cache and len(self._override_cache) < MAX_BRANCHES:
            self._override_cache[key] = overridden
        return overridden

    @cached_property
    def _override_cache(self) -> dict[bytes, tuple[Mapping[str, Any], Workload]]:
        """Draws -> result of `_overridden`, which no volume changes."""
        return {}

    def _batches(self, rows: DrawIndices, columns: int) -> Iterator[DrawIndices]:
        """Positions among the rows, by branch, in pieces that fit the processor's cache."""
        most = max(64, BATCH_CELLS // columns)
        branches = self._branches[rows]
        order = np.argsort(branches, kind="stable") if branches.any() else np.arange(len(rows))
        for positions in np.split(order, np.flatnonzero(np.diff(branches[order])) + 1):
            for start in range(0, len(positions), most):
                yield positions[start : start + most]

    @cached_property
    def _branches(self) -> npt.NDArray[np.intp]:
        """Branch id of each draw (draws,): draws of one id take the same way through the formulas, but for
        what depends on the volume."""
        keys = np.zeros(self.draws, np.intp)
        for path in self.moving:
            column = self.values[path]
            if path == TOOL_CALLS:
                column = np.ceil(column)  # 1.5 calls are one, and one more by half
            elif not is_whole(path, self.strategy):
                continue
            levels, codes = np.unique(column, return_inverse=True)
            if path in (TURNS, TOOL_CALLS) or len(levels) <= MAX_LEVELS:
                keys = keys * len(levels) + codes
        branches = np.zeros(self.draws, np.intp)
        groups = [np.flatnonzero(keys == key) for key in np.unique(keys)]
        count = 0
        while groups:
            draws = groups.pop()
            if len(draws) > 1 and count + len(groups) < MAX_BRANCHES:
                divergence = self._divergence(draws)
                if divergence is not None:
                    groups += [draws[divergence.is_true], draws[~divergence.is_true]]
                    continue
            branches[draws] = count
            count += 1
        return branches

    def _divergence(self, draws: DrawIndices) -> BranchDivergence | None:
        """The first condition on which these draws differ at one request a day; None: there is none."""
        values = {path: self._column(path, draws) for path in self.moving}
        try:
            strategy = strategy_at(self.strategy, self.index, values)
            workload = workload_at(self.workload, values)
            tuple(strategy.lines(workload.at(np.ones((1, len(draws))))))
        except BranchDivergence as divergence:
            return divergence
        except (CrossoverError, ScalarOnly):  # `_evaluate` meets the same, and notes it
            pass
        return None


def _selection(positions: DrawIndices) -> Selection:
    """A slice where they follow one another, which is faster."""
    first, last = int(positions[0]), int(positions[-1])
    return slice(first, last + 1) if last - first + 1 == len(positions) else positions


def is_cheapest(comparison: Comparison, usd: Array, option: Outcome, among: Sequence[Outcome]) -> Array:
    """Whether the option costs least of these in each draw (draws,), from USD of (strategies, draws)."""
    known = np.nan_to_num(usd, nan=np.inf)
    own = known[outcome_index(comparison, option)]
    least = known[[outcome_index(comparison, other) for other in among]].min(axis=0)
    result: Array = np.isfinite(own) & (own <= least)
    return result


def outcome_index(comparison: Comparison, option: Outcome) -> int:
    """Index of an option among the outcomes, by its name."""
    return next(i for i, outcome in enumerate(comparison.outcomes) if outcome.name == option.name)


def cheapest(comparison: Comparison, usd: Array) -> Array:
    """Index of the cheapest strategy in each draw (draws,), from USD of (strategies, draws); -1: none.

    A reference only where nothing else is feasible.
    """
    is_reference = np.array([outcome.strategy.is_reference for outcome in comparison.outcomes])
    known = np.where(np.isfinite(usd), usd, np.inf)
    choices = np.where(is_reference[:, None], np.inf, known)
    choices = np.where(np.isfinite(choices).any(axis=0), choices, known)
    index: Array = np.where(np.isfinite(choices).any(axis=0), choices.argmin(axis=0), -1)
    return index

"""One strategy's cost in many draws and at many volumes at once, by the formulas of a single figure."""

from __future__ import annotations

from collections.abc import Callable, Iterator, Mapping, Sequence
from functools import cached_property
from typing import Any, Final

import numpy as np
import numpy.typing as npt

from pricing.message import CrossoverError

from .compare import Comparison
from .cost import CostLine, micro_usd
from .drawn import Array, Drawn, Split
from .strategy import Strategy
from .uncertain_inputs import TURNS, moves, price_factors, strategy_at, workload_at
from .workload import Workload

Rows = npt.NDArray[np.intp]

CELLS: Final = 48_000
"""Draws times volumes that are worked on together: so few that they stay in the processor's cache."""
MOST_LEVELS: Final = 12
"""Of a whole number whose draws are sorted by it beforehand; of more, they stay a column."""
MOST_WAYS: Final = 400
"""Into which the draws are parted; beyond, each is asked by itself."""

Ask = Callable[[Strategy, Workload, Rows, Array], tuple[Array, Array]]


class DrawnStrategy:
    """A strategy of a comparison, with what moves it as columns of draws."""

    def __init__(self, comparison: Comparison, index: int, values: Mapping[str, Array], draws: int) -> None:
        self.comparison, self.index, self.draws = comparison, index, draws
        self.strategy = comparison.outcomes[index].strategy
        self.values = values
        self.moving = [path for path in values if moves(path, index, self.strategy)]
        self.prices = [path for path in values if path.startswith("prices.")]
        try:
            self.strategy.check_startable(comparison.scenario.on)
            self.is_startable = True
        except CrossoverError:
            self.is_startable = False

    def costs(
        self, volumes: Array, rows: Rows | None = None, *, at: Strategy | None = None, exact: bool = False
    ) -> tuple[Array, Array]:
        """Per row: what is paid monthly at each of its `volumes` (rows, volumes), and what once (rows, 1).

        NaN where it is not possible. `at`: the strategy at another day's prices. `exact`: each line rounded
        as in a report.
        """
        rows = np.arange(self.draws) if rows is None else rows
        monthly = np.full(volumes.shape, np.nan)
        once = np.full((len(rows), 1), np.nan)
        if self.is_startable:
            add = _rounded if exact else _added
            for part in self._parts(rows, volumes.shape[1]):
                self._fill(
                    at or self.strategy, rows, volumes, part, lambda *asked: self._costs(add, *asked), monthly, once
                )
        return monthly, once

    def tokens_per_request(self) -> Array:
        """By draw, in its own tokenizer; NaN where that cannot be said."""
        found, other = np.full((self.draws, 1), np.nan), np.full((self.draws, 1), np.nan)
        every = np.arange(self.draws)

        def ask(strategy: Strategy, workload: Workload, rows: Rows, volumes: Array) -> tuple[Array, Array]:
            tokens = np.asarray(strategy.tokens_per_request(workload))
            return tokens, tokens

        for part in self._parts(every, 1):
            self._fill(self.strategy, every, np.ones((self.draws, 1)), part, ask, found, other)
        return found[:, 0]

    def _costs(
        self,
        add: Callable[[Sequence[CostLine], Sequence[Any], tuple[int, int]], tuple[Array, Array]],
        strategy: Strategy,
        workload: Workload,
        rows: Rows,
        volumes: Array,
    ) -> tuple[Array, Array]:
        lines = tuple(strategy.lines(workload.at(volumes)))
        factors = price_factors(lines, {path: self._column(path, rows) for path in self.prices})
        return add(lines, factors, volumes.shape)

    def _column(self, path: str, rows: Rows) -> Any:
        """Its value in these draws: a number where it is the same in all."""
        values = self.values[path][rows]
        low, high = values.min(), values.max()
        return float(low) if low == high else Drawn.of(values)

    def _fill(
        self,
        strategy: Strategy,
        rows: Rows,
        volumes: Array,
        part: Rows,
        ask: Ask,
        first: Array,
        second: Array,
    ) -> None:
        """Ask for a part of the rows; where draws go different ways, for each way by itself."""
        todo = [part]
        while todo:
            here = todo.pop()
            drawn = rows[here]
            values = {path: self._column(path, drawn) for path in self.moving}
            try:
                found = ask(
                    strategy_at(strategy, self.index, values),
                    workload_at(self.comparison.workload, values) if values else self.comparison.workload,
                    drawn,
                    volumes[here],
                )
            except Split as way:
                todo += [here[way.yes], here[~way.yes]]
                continue
            except CrossoverError:
                continue
            except (TypeError, ValueError):  # a formula that takes no column
                if len(here) == 1:
                    raise
                todo += list(here[:, None])
                continue
            first[here], second[here] = found

    def _parts(self, rows: Rows, columns: int) -> Iterator[Rows]:
        """Places of the rows by the way that they go, in pieces that fit the cache."""
        most = max(64, CELLS // columns)
        ways = self._ways[rows]
        order = np.argsort(ways, kind="stable")
        for way in np.split(order, np.flatnonzero(np.diff(ways[order])) + 1):
            for start in range(0, len(way), most):
                yield way[start : start + most]

    @cached_property
    def _ways(self) -> npt.NDArray[np.intp]:
        """By draw: a number for the way that it goes through the formulas."""
        ways = np.zeros(self.draws, np.intp)
        knobs = self.strategy.knobs()
        for path in self.moving:
            name = path.rsplit(".", 1)[-1]
            whole = path.startswith("strategies.") and knobs[name].kind == "integer"
            if whole or path == TURNS:
                levels, codes = np.unique(np.rint(self.values[path]), return_inverse=True)
                if path == TURNS or len(levels) <= MOST_LEVELS:
                    ways = ways * len(levels) + codes
        found = np.zeros(self.draws, np.intp)
        todo = [np.flatnonzero(ways == way) for way in np.unique(ways)]
        count = 0
        while todo:
            here = todo.pop()
            values = {path: self._column(path, here) for path in self.moving}
            try:
                if len(here) > 1 and count + len(todo) < MOST_WAYS:
                    strategy = strategy_at(self.strategy, self.index, values)
                    workload = workload_at(self.comparison.workload, values)
                    tuple(strategy.lines(workload.at(np.ones((len(here), 1)))))
            except Split as way:
                todo += [here[way.yes], here[~way.yes]]
                continue
            except (TypeError, ValueError):  # CrossoverError too: such draws are NaN wherever they stand
                pass
            found[here] = count
            count += 1
        return found


def _added(
    lines: Sequence[CostLine], factors: Sequence[Any], shape: tuple[int, int]
) -> tuple[Array, Array]:
    monthly, once = np.zeros(shape), np.zeros((shape[0], 1))
    for line, factor in zip(lines, factors, strict=True):
        usd = np.asarray(line.usd) * np.asarray(factor)
        if line.cadence == "monthly":
            monthly += usd
        else:
            once += usd[..., :1] if usd.ndim else usd
    return monthly, once


def _rounded(
    lines: Sequence[CostLine], factors: Sequence[Any], shape: tuple[int, int]
) -> tuple[Array, Array]:
    """Each line as `Outcome` rounds it."""
    monthly, once = np.zeros(shape, np.int64), np.zeros((shape[0], 1), np.int64)
    for line, factor in zip(lines, factors, strict=True):
        micro = micro_usd(np.asarray(line.usd) * np.asarray(factor))
        if line.cadence == "monthly":
            monthly += micro
        else:
            once += micro[..., :1] if micro.ndim else micro
    return monthly / 1e6, once / 1e6

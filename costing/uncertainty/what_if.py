"""What-if analysis: map of the cheapest strategy over two inputs, and goal seek on one input."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from typing import Final

import numpy as np

from i18n.errors import CrossoverError
from i18n.message import Message, message
from pricing.book import suggestion

from ..comparison.compare import Comparison, Outcome
from ..numerics.goal_seek import Roots, find_all_roots
from ..scenario.input_ranges import Range
from ..scenario.range_paths import INPUT_SHARE, WORKLOAD_PATHS, path_error
from ..scenario.uncertain_fields import GAP, GROWTH, IMAGE_SIZES, INPUTS, REQUESTS, TOOL_CALLS, TURNS
from ..workload.workload import PARTS, TOOL_USE
from .breakeven import first_volumes, hosted_and_own
from .inputs import idle, inputs_of, label_of, point_of, price_ids, successor_ids
from .samples import Array
from .strategy_costs import SampledStrategy, cheapest

CELLS: Final = 33
"""Values of each input on a map, at most."""
_DECADES_WIDE: Final = 100
"""From this ratio of the ends on, the values have a constant ratio instead of a constant step."""
_FACTOR_SPAN: Final = (0.1, 10.0)
_VOLUME_SPAN: Final = (0.01, 100.0)
_HALF_WIDTH_SHARE: Final = 0.2
_MOST: Final = {GAP: 3600.0, **dict.fromkeys(IMAGE_SIZES, 4096.0)}
_GROWTH_HALF_WIDTH: Final = 0.02
_DRIFT_HALF_WIDTH: Final = 0.1


@dataclass(frozen=True, slots=True)
class Lever:
    """An input that can be varied, with the range to look at."""

    path: str
    label: Message
    usual: float | None
    """The scenario's own value; None: blank there, so that the price table's holds."""
    low: float
    high: float
    whole: bool = False

    def between(self, low: float, high: float) -> Lever:
        """The same input over another range; raises CrossoverError where low is not below high."""
        if not np.isfinite([low, high]).all() or not low < high:
            raise CrossoverError(
                message(
                    "{path}: {low:g} to {high:g} is no span (write low, then high)",
                    path=self.path,
                    low=low,
                    high=high,
                )
            )
        return Lever(self.path, self.label, self.usual, low, high, self.whole)

    def values(self, most: int = CELLS) -> Array:
        """At most `most` values over the range: of constant ratio where it is wide, whole where needed."""
        if self.whole:
            return np.unique(np.rint(np.linspace(np.ceil(self.low), np.floor(self.high), most)))
        if self.is_wide:
            return np.geomspace(self.low, self.high, most)
        return np.linspace(self.low, self.high, most)

    @property
    def is_wide(self) -> bool:
        """Whether the range spans two decades or more."""
        return self.low > 0 and self.high / self.low >= _DECADES_WIDE


def _is_over_time(path: str) -> bool:
    return path in INPUTS and INPUTS[path].is_over_time


def levers(comparison: Comparison) -> tuple[Lever, ...]:
    """Every input that changes a month's cost, the uncertain ones first."""
    ahead = over_time_paths(comparison)
    uncertain = [item.path for item in inputs_of(comparison) if item.path not in ahead]
    paths = [REQUESTS, *(path for path in WORKLOAD_PATHS if path != REQUESTS and not _is_over_time(path))]
    paths = [path for path in paths if idle(comparison, path) is None]
    counts = next(iter(comparison.workload.tokens.values())).parts()
    paths += [f"tokens.{part}" for part in (*PARTS, *TOOL_USE) if part in counts and counts[part].tokens]
    paths += [f"prices.{row}" for row in price_ids(comparison)]
    paths += [f"counts.{name}" for name in comparison.workload.tokens]
    for index, outcome in enumerate(comparison.outcomes):
        settings = comparison.scenario.strategies[index].settings
        knobs = outcome.strategy.knobs()
        paths += [
            f"strategies.{index + 1}.{name}"
            for name, knob in knobs.items()
            if knob.kind in ("integer", "number")
            and knob.matters(settings, knobs)
            and idle(comparison, f"strategies.{index + 1}.{name}") is None
        ]
    return tuple(lever(comparison, path) for path in dict.fromkeys([*uncertain, *paths]))


def lever(comparison: Comparison, path: str) -> Lever:
    """One input over its usual range; raises CrossoverError where it does not exist or has no effect."""
    wrong = path_error(path, comparison.scenario.strategies)
    if wrong is not None:
        raise CrossoverError(message("{path}: {what}", path=path, what=wrong))
    if _is_over_time(path) or path in over_time_paths(comparison):
        raise CrossoverError(
            message("{path}: it moves the cost over time, not that of a month (choose another)", path=path)
        )
    means_nothing = idle(comparison, path)
    if means_nothing is not None:
        raise CrossoverError(message("{path}: {what}", path=path, what=means_nothing))
    now, label = point_of(comparison, path), label_of(comparison, path)
    if path == REQUESTS:
        limits = WORKLOAD_PATHS[path]
        ends = (max(limits.low, (now or 1) * _VOLUME_SPAN[0]), min(limits.high, (now or 1) * _VOLUME_SPAN[1]))
        return Lever(path, label, now, *ends)
    if path in WORKLOAD_PATHS:
        limits = WORKLOAD_PATHS[path]
        most = max(_MOST.get(path, 20.0), 2 * (now or 0.0))
        return Lever(path, label, now, limits.low, min(limits.high, most), limits.whole)
    if not path.startswith("strategies."):
        return Lever(path, label, now, *_FACTOR_SPAN)
    _, number, name = path.split(".", 2)
    knob = comparison.outcomes[int(number) - 1].strategy.knobs()[name]
    whole = knob.kind == "integer"
    usual = now or _likely(comparison, path)
    low, high = knob.low or 0.0, knob.high or 0.0
    if usual and high / usual > _DECADES_WIDE / 10:
        high = min(high, usual * _FACTOR_SPAN[1])
        low = max(low, 0.0 if whole or low == 0 else usual * _FACTOR_SPAN[0])
    return Lever(path, label, now, low, high, whole)


def _likely(comparison: Comparison, path: str) -> float | None:
    """The likely value of its range, where it has one of any width."""
    spans = (item.range for item in inputs_of(comparison) if item.path == path)
    return next((span.likely for span in spans if not span.is_point), None)


def over_time_paths(comparison: Comparison) -> tuple[str, ...]:
    """Inputs that change the months to come alone, and have an effect in this scenario."""
    paths = [path for path in INPUTS if _is_over_time(path) and idle(comparison, path) is None]
    later = [row for row in successor_ids(comparison) if row not in price_ids(comparison)]
    return (*paths, *(f"prices.{row}" for row in later))


def starting_range(comparison: Comparison, path: str) -> Range:
    """Initial range of an input without a proposal: a fifth below and above, or one less and one more."""
    if _is_over_time(path):
        now, limits = INPUTS[path].value(comparison.scenario), WORKLOAD_PATHS[path]
        around = _GROWTH_HALF_WIDTH if path == GROWTH else _DRIFT_HALF_WIDTH
        if "_share_" not in path:
            around = now * _HALF_WIDTH_SHARE
        ends = max(limits.low, now - around), min(limits.high, now + around)
        return Range(ends[0], now, ends[1], "triangular")
    if path in over_time_paths(comparison):  # the price of a row to come
        return Range(1 - _HALF_WIDTH_SHARE, 1.0, 1 + _HALF_WIDTH_SHARE, "triangular")
    moved = lever(comparison, path)
    if moved.usual is None:
        quarter = (moved.high - moved.low) / 4
        low, now, high = moved.low + quarter, moved.low + 2 * quarter, moved.high - quarter
        if moved.whole:
            low, now, high = (float(round(value)) for value in (low, now, high))
        return Range(low, now, high, "triangular")
    now = moved.usual
    low, high = now * (1 - _HALF_WIDTH_SHARE), now * (1 + _HALF_WIDTH_SHARE) if now else moved.high / 10
    if moved.whole:
        low, high = now - 1, now + 1
    return Range(max(low, min(moved.low, now)), now, min(high, max(moved.high, now)), "triangular")


@dataclass(frozen=True, slots=True)
class WinnerMap:
    """The cheapest strategy over the values of two inputs, all others as in the scenario."""

    across: Lever
    up: Lever
    across_values: Array
    up_values: Array
    winner: Array
    """(up, across): index of the cheapest strategy; -1 where none is feasible."""
    usd: Array
    """(up, across): USD a month of the cheapest; NaN where none is feasible."""
    current: int
    """Index of the cheapest at the scenario's own values; -1: none."""


def winner_map(comparison: Comparison, across: Lever, up: Lever, cells: int = CELLS) -> WinnerMap:
    """The map, at most `cells` values each way; raises CrossoverError where both are the same input, or one
    determines the other."""
    if across.path == up.path:
        raise CrossoverError(
            message("{path}: twice the same input (choose two different ones)", path=across.path)
        )
    both = {across.path, up.path}
    if INPUT_SHARE in both and both & {TURNS, TOOL_CALLS}:
        raise CrossoverError(
            message(
                "{first} and {second}: answers that are sent again are input too (choose one of the two)",
                first=across.path,
                second=up.path,
            )
        )
    x, y = across.values(cells), up.values(cells)
    values = {across.path: np.tile(x, len(y)), up.path: np.repeat(y, len(x))}
    usd = _usd(comparison, values, len(x) * len(y))
    winner = cheapest(comparison, usd)
    best = np.where(winner < 0, np.nan, usd[winner, np.arange(usd.shape[1])])
    shape = (len(y), len(x))
    current = cheapest(comparison, _usd(comparison, {}, 1))
    return WinnerMap(across, up, x, y, winner.reshape(shape), best.reshape(shape), int(current[0]))


def _usd(comparison: Comparison, values: Mapping[str, Array], draws: int) -> Array:
    """USD a month (strategies, draws) with these values, each (draws,)."""
    return np.array(
        [
            SampledStrategy(comparison, i, values, draws).usd_per_month()
            for i in range(len(comparison.outcomes))
        ]
    )


@dataclass(frozen=True, slots=True)
class Curve:
    """The result of a goal seek along the values of the input."""

    values: Array
    first: Array
    """USD a month of the first strategy, or the break-even in tokens a day; NaN: none."""
    second: Array
    """USD a month of the second strategy, or the wanted break-even."""


@dataclass(frozen=True, slots=True)
class GoalSeekResult:
    """Values of an input at which two strategies cost the same, or the break-even is the target."""

    lever: Lever
    roots: Roots
    curve: Curve
    first: Outcome | None
    """None: the target is a break-even."""
    second: Outcome | None
    target_tokens_per_day: float | None


def seek_equal(comparison: Comparison, moved: Lever, first: int, second: int) -> GoalSeekResult:
    """Values at which the strategies at these two indices of the scenario cost the same a month."""
    _check_indices(comparison, first, second)

    def usd(index: int, values: Array) -> Array:
        return SampledStrategy(comparison, index, {moved.path: values}, len(values)).usd_per_month()

    def ratio(value: float) -> float | None:
        a, b = (float(usd(index, np.array([value]))[0]) for index in (first, second))
        return a / b if np.isfinite([a, b]).all() and b > 0 else None

    roots = find_all_roots(ratio, 1.0, moved.low, moved.high, whole=moved.whole)
    axis = moved.values()
    curve = Curve(axis, usd(first, axis), usd(second, axis))
    outcomes = comparison.outcomes
    return GoalSeekResult(moved, roots, curve, outcomes[first], outcomes[second], None)


def _check_indices(comparison: Comparison, *indices: int) -> None:
    for index in indices:
        if not 0 <= index < len(comparison.outcomes):
            raise CrossoverError(
                message(
                    "strategy {number}: the scenario has {n} (write 1 to {n})",
                    number=index + 1,
                    n=len(comparison.outcomes),
                )
            )
    if len(set(indices)) != len(indices):
        raise CrossoverError(message("strategy {n}: twice the same (choose two)", n=indices[0] + 1))


def seek_breakeven(comparison: Comparison, moved: Lever, tokens_per_day: float) -> GoalSeekResult:
    """Values at which the break-even of self-hosted against hosted strategies is that many tokens a day."""
    if not tokens_per_day > 0:
        raise CrossoverError(
            message(
                "{tokens_per_day:g} tokens per day: a break-even must be above 0",
                tokens_per_day=tokens_per_day,
            )
        )

    def breakeven(values: Array) -> Array:
        samples = [
            SampledStrategy(comparison, i, {moved.path: values}, len(values))
            for i in range(len(comparison.outcomes))
        ]
        sides = hosted_and_own(samples)
        if sides is None:
            raise CrossoverError(
                message("a break-even needs a hosted option and one on own servers (add one)")
            )
        hosted, own = sides
        volumes = first_volumes(hosted, own, len(values))
        tokens: Array = volumes * hosted[0].tokens_per_request()
        return tokens

    def breakeven_at(value: float) -> float | None:
        tokens = float(breakeven(np.array([value]))[0])
        return tokens if np.isfinite(tokens) else None

    axis = moved.values()
    curve = Curve(axis, breakeven(axis), np.full(len(axis), tokens_per_day))
    roots = find_all_roots(breakeven_at, tokens_per_day, moved.low, moved.high, whole=moved.whole)
    return GoalSeekResult(moved, roots, curve, None, None, tokens_per_day)


def index_of(comparison: Comparison, name: str) -> int:
    """Index of a strategy by its number, from 1, or its name; raises CrossoverError with the nearest name."""
    if name.isdigit():
        return int(name) - 1
    names = [str(outcome.name) for outcome in comparison.outcomes]
    if name not in names:
        raise CrossoverError(
            message("no strategy '{name}'{hint} (write its number)", name=name, hint=suggestion(name, names))
        )
    return names.index(name)

"""What another value of an input would change: who is cheapest over two of them, which value is needed."""

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
from .breakeven import first_volumes, sides
from .inputs import idle, inputs_of, label_of, point_of, price_ids, successor_ids
from .samples import Array
from .strategy_costs import SampledStrategy, cheapest

CELLS: Final = 33
"""Values of each input on a map."""
_DECADES_WIDE: Final = 100
"""From this ratio of the ends on, values stand in even ratios."""
_FACTOR_SPAN: Final = (0.1, 10.0)
_VOLUME_SPAN: Final = (0.01, 100.0)
_EITHER_WAY: Final = 0.2
_MOST: Final = {GAP: 3600.0, **dict.fromkeys(IMAGE_SIZES, 4096.0)}
_GROWTH_EITHER_WAY: Final = 0.02
_DRIFT_EITHER_WAY: Final = 0.1


@dataclass(frozen=True, slots=True)
class Lever:
    """An input that can be moved, with the span that is looked at."""

    path: str
    label: Message
    usual: float | None
    """What the scenario says; None: blank there, so the price table does."""
    low: float
    high: float
    whole: bool = False

    def between(self, low: float, high: float) -> Lever:
        """Over another span; raises CrossoverError where it is none, or beyond what the input may be."""
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
        """Evenly over the span: by ratio where it spans decades, whole numbers where it must be."""
        if self.whole:
            return np.unique(np.rint(np.linspace(np.ceil(self.low), np.floor(self.high), most)))
        if self.is_wide:
            return np.geomspace(self.low, self.high, most)
        return np.linspace(self.low, self.high, most)

    @property
    def is_wide(self) -> bool:
        return self.low > 0 and self.high / self.low >= _DECADES_WIDE


def _is_over_time(path: str) -> bool:
    return path in INPUTS and INPUTS[path].is_over_time


def levers(comparison: Comparison) -> tuple[Lever, ...]:
    """Every input that moves a month's cost, those that are not sure first."""
    ahead = over_time_paths(comparison)
    unsure = [one.path for one in inputs_of(comparison) if one.path not in ahead]
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
    return tuple(lever(comparison, path) for path in dict.fromkeys([*unsure, *paths]))


def lever(comparison: Comparison, path: str) -> Lever:
    """One of them, over the span that is usual for it; raises CrossoverError for what is no such input."""
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
    """Of its range, where it has one of any width."""
    spans = (one.range for one in inputs_of(comparison) if one.path == path)
    return next((span.likely for span in spans if not span.is_point), None)


def over_time_paths(comparison: Comparison) -> tuple[str, ...]:
    """Inputs that move the months to come alone, and mean something here."""
    found = [path for path in INPUTS if _is_over_time(path) and idle(comparison, path) is None]
    later = [row for row in successor_ids(comparison) if row not in price_ids(comparison)]
    return (*found, *(f"prices.{row}" for row in later))


def starting_range(comparison: Comparison, path: str) -> Range:
    """Of an input for which nothing is proposed: a fifth either way, or one more and one less."""
    if _is_over_time(path):
        now, limits = INPUTS[path].value(comparison.scenario), WORKLOAD_PATHS[path]
        around = _GROWTH_EITHER_WAY if path == GROWTH else _DRIFT_EITHER_WAY
        if "_share_" not in path:
            around = now * _EITHER_WAY
        ends = max(limits.low, now - around), min(limits.high, now + around)
        return Range(ends[0], now, ends[1], "triangular")
    if path in over_time_paths(comparison):  # the price of a row to come
        return Range(1 - _EITHER_WAY, 1.0, 1 + _EITHER_WAY, "triangular")
    one = lever(comparison, path)
    if one.usual is None:
        quarter = (one.high - one.low) / 4
        low, now, high = one.low + quarter, one.low + 2 * quarter, one.high - quarter
        if one.whole:
            low, now, high = (float(round(value)) for value in (low, now, high))
        return Range(low, now, high, "triangular")
    now = one.usual
    low, high = now * (1 - _EITHER_WAY), now * (1 + _EITHER_WAY) if now else one.high / 10
    if one.whole:
        low, high = now - 1, now + 1
    return Range(max(low, min(one.low, now)), now, min(high, max(one.high, now)), "triangular")


@dataclass(frozen=True, slots=True)
class WinnerMap:
    """Who is cheapest over the values of two inputs, all others as the scenario says."""

    across: Lever
    up: Lever
    across_values: Array
    up_values: Array
    winner: Array
    """(up, across): place of the cheapest strategy; -1 where none is possible."""
    usd: Array
    """(up, across): what the cheapest costs a month; NaN where none is possible."""
    current: int
    """Place of the cheapest as the scenario stands; -1: none."""


def winner_map(comparison: Comparison, across: Lever, up: Lever, cells: int = CELLS) -> WinnerMap:
    """Raises CrossoverError where both are the same input, or one says what the other is."""
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
    here = cheapest(comparison, _usd(comparison, {}, 1))
    return WinnerMap(across, up, x, y, winner.reshape(shape), best.reshape(shape), int(here[0]))


def _usd(comparison: Comparison, values: Mapping[str, Array], rows: int) -> Array:
    """(strategies, rows): a month's cost with these values."""
    return np.array(
        [SampledStrategy(comparison, i, values, rows).a_month() for i in range(len(comparison.outcomes))]
    )


@dataclass(frozen=True, slots=True)
class Curve:
    """What was sought, along the values of the input."""

    values: Array
    first: Array
    """USD a month of the first strategy, or the break-even in tokens a day; NaN: none."""
    second: Array
    """USD a month of the second strategy, or the wanted break-even."""


@dataclass(frozen=True, slots=True)
class GoalSeekResult:
    """Which values of an input make two strategies cost the same, or the break-even what was wanted."""

    lever: Lever
    sought: Roots
    curve: Curve
    first: Outcome | None
    """None: the break-even was asked for."""
    second: Outcome | None
    target_tokens_per_day: float | None


def seek_equal(comparison: Comparison, moved: Lever, first: int, second: int) -> GoalSeekResult:
    """Where the strategies at these places of the scenario cost the same a month."""
    _check_places(comparison, first, second)

    def usd(place: int, values: Array) -> Array:
        return SampledStrategy(comparison, place, {moved.path: values}, len(values)).a_month()

    def ratio(value: float) -> float | None:
        a, b = (float(usd(place, np.array([value]))[0]) for place in (first, second))
        return a / b if np.isfinite([a, b]).all() and b > 0 else None

    found = find_all_roots(ratio, 1.0, moved.low, moved.high, whole=moved.whole)
    axis = moved.values()
    curve = Curve(axis, usd(first, axis), usd(second, axis))
    outcomes = comparison.outcomes
    return GoalSeekResult(moved, found, curve, outcomes[first], outcomes[second], None)


def _check_places(comparison: Comparison, *places: int) -> None:
    for place in places:
        if not 0 <= place < len(comparison.outcomes):
            raise CrossoverError(
                message(
                    "strategy {found}: the scenario has {n} (write 1 to {n})",
                    found=place + 1,
                    n=len(comparison.outcomes),
                )
            )
    if len(set(places)) != len(places):
        raise CrossoverError(message("strategy {n}: twice the same (choose two)", n=places[0] + 1))


def seek_breakeven(comparison: Comparison, moved: Lever, tokens_per_day: float) -> GoalSeekResult:
    """Where own servers become cheaper than hosted models from that volume on."""
    if not tokens_per_day > 0:
        raise CrossoverError(
            message("{found:g} tokens a day: a break-even must be above 0", found=tokens_per_day)
        )

    def breakeven(values: Array) -> Array:
        drawn = [
            SampledStrategy(comparison, i, {moved.path: values}, len(values))
            for i in range(len(comparison.outcomes))
        ]
        found = sides(drawn)
        if found is None:
            raise CrossoverError(
                message("a break-even needs a hosted strategy and one on own servers (add one)")
            )
        hosted, own = found
        volumes = first_volumes(hosted, own, len(values), comparison.scenario.horizon_months)
        tokens: Array = volumes * hosted[0].tokens_per_request()
        return tokens

    def at(value: float) -> float | None:
        tokens = float(breakeven(np.array([value]))[0])
        return tokens if np.isfinite(tokens) else None

    axis = moved.values()
    curve = Curve(axis, breakeven(axis), np.full(len(axis), tokens_per_day))
    found = find_all_roots(at, tokens_per_day, moved.low, moved.high, whole=moved.whole)
    return GoalSeekResult(moved, found, curve, None, None, tokens_per_day)


def place_of(comparison: Comparison, name: str) -> int:
    """A strategy by its number, from 1, or its name; raises CrossoverError with what is nearest."""
    if name.isdigit():
        return int(name) - 1
    names = [str(outcome.name) for outcome in comparison.outcomes]
    if name not in names:
        raise CrossoverError(
            message("no strategy '{name}'{hint} (write its number)", name=name, hint=suggestion(name, names))
        )
    return names.index(name)

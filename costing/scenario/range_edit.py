"""Edits of the ranges and correlations of a scenario; each leaves them valid."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import replace
from typing import Final

from i18n.errors import CrossoverError
from i18n.message import message

from .input_ranges import Correlation, InputRange, Range, normal_draws
from .range_paths import range_error
from .scenario import Scenario

ENDS: Final = ("low", "likely", "high")
MAX_VALUES: Final = 50


def with_range(scenario: Scenario, new: InputRange) -> Scenario:
    """With a new range of an input, in the place of the old one; raises CrossoverError for a bad one."""
    wrong = range_error(new, scenario.strategies)
    if wrong is not None:
        raise CrossoverError(message("{place}: {what}", place=f"ranges.{new.path}", what=wrong))
    by_path = {old.path: old for old in scenario.ranges}
    return replace(scenario, ranges=tuple({**by_path, new.path: new}.values()))


def without_range(scenario: Scenario, path: str) -> Scenario:
    """Without the range of that input, so that the proposed one holds."""
    return replace(scenario, ranges=tuple(kept for kept in scenario.ranges if kept.path != path))


def of_shape(path: str, now: Range, shape: str) -> InputRange:
    """The same span in another shape; "fixed" is the likely value as a constant."""
    if shape == "fixed":
        return InputRange(path, now.likely, now.likely, now.likely)
    if shape == "values":
        values = now.values or tuple(sorted({now.low, now.likely, now.high}))
        return InputRange(path, values[0], now.likely, values[-1], "values", values)
    return InputRange(path, now.low, now.likely, now.high, shape)


def with_end(old: InputRange, end: str, value: float) -> InputRange:
    """With another low, likely or high value; the others move as far as needed to keep the order."""
    low, high = old.low, old.high
    likely = (low + high) / 2 if old.likely is None else old.likely
    if end == "low":
        low, likely, high = value, max(likely, value), max(high, value)
    elif end == "high":
        low, likely, high = min(low, value), min(likely, value), value
    else:
        low, likely, high = min(low, value), value, max(high, value)
    return replace(old, low=low, likely=likely, high=high)


def with_values(path: str, text: str, likely: float | None = None) -> InputRange:
    """From numbers separated by commas or blanks; raises CrossoverError for anything else."""
    words = text.replace(";", " ").replace(",", " ").split()
    try:
        values = tuple(sorted(float(word) for word in words))
    except ValueError as error:
        raise CrossoverError(
            message("{place}: '{text}' is not a list of numbers (write 1, 2, 2, 4)", place=path, text=text)
        ) from error
    if not values or len(values) > MAX_VALUES:
        raise CrossoverError(
            message(
                "{place}: {n} values (write 1 to {most} numbers)", place=path, n=len(values), most=MAX_VALUES
            )
        )
    inside = likely is not None and values[0] <= likely <= values[-1]
    return InputRange(path, values[0], likely if inside else None, values[-1], "values", values)


def with_correlation(scenario: Scenario, new: Correlation) -> Scenario:
    """With a new correlation, in place of the old one of the two inputs.

    Raises CrossoverError where it contradicts the others.
    """
    if new.first == new.second:
        raise CrossoverError(
            message("{path}: twice the same input (choose two different ones)", path=new.first)
        )
    kept = without_correlation(scenario, new.first, new.second).correlations
    correlations = (*kept, new)
    paths = sorted({path for each in correlations for path in (each.first, each.second)})
    normal_draws(paths, correlations, 1, 0)
    return replace(scenario, correlations=correlations)


def without_correlation(scenario: Scenario, first: str, second: str) -> Scenario:
    """Without the correlation of the two inputs."""
    kept = (each for each in scenario.correlations if {each.first, each.second} != {first, second})
    return replace(scenario, correlations=tuple(kept))


def renumbered(scenario: Scenario, place: Callable[[int], int | None]) -> Scenario:
    """After strategies moved; `place` maps an old index to the new one, or to None for a removed strategy."""

    def moved(path: str) -> str | None:
        if not path.startswith("strategies."):
            return path
        _, number, name = path.split(".", 2)
        new = place(int(number) - 1)
        return None if new is None else f"strategies.{new + 1}.{name}"

    ranges = [(old, moved(old.path)) for old in scenario.ranges]
    pairs = [(old, moved(old.first), moved(old.second)) for old in scenario.correlations]
    return replace(
        scenario,
        ranges=tuple(replace(old, path=path) for old, path in ranges if path is not None),
        correlations=tuple(
            Correlation(first, second, old.rank)
            for old, first, second in pairs
            if first is not None and second is not None
        ),
    )

"""Changes to the ranges and correlations of a scenario, as an editor makes them: each leaves valid ones."""

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


def with_range(scenario: Scenario, one: InputRange) -> Scenario:
    """In place of what there was for that input; raises CrossoverError for a bad one."""
    wrong = range_error(one, scenario.strategies)
    if wrong is not None:
        raise CrossoverError(message("{place}: {what}", place=f"ranges.{one.path}", what=wrong))
    paths = [other.path for other in scenario.ranges]
    if one.path not in paths:
        return replace(scenario, ranges=(*scenario.ranges, one))
    return replace(scenario, ranges=tuple(one if o.path == one.path else o for o in scenario.ranges))


def without_range(scenario: Scenario, path: str) -> Scenario:
    """Back to what is proposed for that input."""
    return replace(scenario, ranges=tuple(one for one in scenario.ranges if one.path != path))


def of_shape(path: str, now: Range, shape: str) -> InputRange:
    """The same span in another shape; fixed: what is likely, for certain."""
    if shape == "fixed":
        return InputRange(path, now.likely, now.likely, now.likely)
    if shape == "values":
        values = now.values or tuple(sorted({now.low, now.likely, now.high}))
        return InputRange(path, values[0], now.likely, values[-1], "values", values)
    return InputRange(path, now.low, now.likely, now.high, shape)


def with_end(one: InputRange, end: str, value: float) -> InputRange:
    """With another low, likely or high figure; the others give way so that they still rise."""
    low, high = one.low, one.high
    likely = (low + high) / 2 if one.likely is None else one.likely
    if end == "low":
        low, likely, high = value, max(likely, value), max(high, value)
    elif end == "high":
        low, likely, high = min(low, value), min(likely, value), value
    else:
        low, likely, high = min(low, value), value, max(high, value)
    return replace(one, low=low, likely=likely, high=high)


def with_values(path: str, text: str, likely: float | None = None) -> InputRange:
    """From numbers with commas or blanks between; raises CrossoverError for anything else."""
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


def with_correlation(scenario: Scenario, one: Correlation) -> Scenario:
    """In place of what there was between the two; raises CrossoverError where it contradicts the others."""
    if one.first == one.second:
        raise CrossoverError(
            message("{path}: twice the same input (choose two different ones)", path=one.first)
        )
    kept = without_correlation(scenario, one.first, one.second).correlations
    found = (*kept, one)
    paths = sorted({path for each in found for path in (each.first, each.second)})
    normal_draws(paths, found, 1, 0)
    return replace(scenario, correlations=found)


def without_correlation(scenario: Scenario, first: str, second: str) -> Scenario:
    """The two move independently."""
    kept = tuple(one for one in scenario.correlations if {one.first, one.second} != {first, second})
    return replace(scenario, correlations=kept)


def renumbered(scenario: Scenario, place: Callable[[int], int | None]) -> Scenario:
    """After strategies moved: old place -> new place (from 0), None where it is gone with its ranges."""

    def moved(path: str) -> str | None:
        if not path.startswith("strategies."):
            return path
        _, number, name = path.split(".", 2)
        new = place(int(number) - 1)
        return None if new is None else f"strategies.{new + 1}.{name}"

    ranges = [(one, moved(one.path)) for one in scenario.ranges]
    pairs = [(one, moved(one.first), moved(one.second)) for one in scenario.correlations]
    return replace(
        scenario,
        ranges=tuple(replace(one, path=path) for one, path in ranges if path is not None),
        correlations=tuple(
            Correlation(first, second, one.rank)
            for one, first, second in pairs
            if first is not None and second is not None
        ),
    )

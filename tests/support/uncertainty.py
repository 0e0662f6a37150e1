"""Comparisons whose ranges have no width."""

from __future__ import annotations

from dataclasses import replace

from costing.comparison.compare import Comparison
from costing.scenario.input_ranges import InputRange
from costing.uncertainty.inputs import inputs_of


def all_fixed(comparison: Comparison) -> Comparison:
    """The same with every input of its own and every proposal at zero width, at the point itself."""
    points = tuple(
        InputRange(each.path, each.range.likely, each.range.likely, each.range.likely)
        for each in inputs_of(comparison)
    )
    return replace(comparison, scenario=replace(comparison.scenario, ranges=points))

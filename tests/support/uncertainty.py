"""Comparisons whose input ranges have zero width."""

from __future__ import annotations

from dataclasses import replace

from costing.comparison.compare import Comparison
from costing.scenario.input_ranges import InputRange
from costing.uncertainty.inputs import inputs_of


def all_fixed(comparison: Comparison) -> Comparison:
    """The comparison with zero width for all ranges of the user and all proposals, at the point value."""
    points = tuple(
        InputRange(each.path, each.range.likely, each.range.likely, each.range.likely)
        for each in inputs_of(comparison)
    )
    return replace(comparison, scenario=replace(comparison.scenario, ranges=points))

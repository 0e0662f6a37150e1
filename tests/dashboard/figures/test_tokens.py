"""Figures of the tokens page and of training data, by hand."""

from __future__ import annotations

from decimal import Decimal

import pandas as pd

from costing.ranking.prompt_use import PROMPT_PARTS
from dashboard.figures.palette import palette
from dashboard.figures.tokens import PART_COLOURS, cost_by_part, family_tokens, monthly_savings
from dashboard.figures.training import example_lengths
from tests.support.plotly import checked, trace, trace_names

FAMILIES = pd.DataFrame(
    {
        "family": ["Exact", "Ratio"],
        "tokens": [100.0, 90.0],
        "low": [100.0, 80.0],
        "high": [100.0, 110.0],
        "made": ["exact", "estimated"],
        "over_reference_share": [0.0, -0.1],
    }
)

PARTS = pd.DataFrame(
    {
        "model_name": ["A (X)", "A (X)", "B (Y)"],
        "part_label": ["System prompt", "Answer", "Answer"],
        "tokens_per_call": [10.0, 5.0, 5.0],
        "usd_per_month": [Decimal(30), Decimal(70), Decimal(5)],
        "cost_share": [0.3, 0.7, 1.0],
    }
)


def test_tokenizers_are_bars_from_few_tokens_to_many_with_their_ranges() -> None:
    figure = family_tokens(FAMILIES, palette())
    checked(figure)
    (bars,) = figure.data
    assert list(bars.y) == ["Ratio", "Exact"]
    assert list(bars.x) == [90, 100]
    assert (list(bars.error_x.array), list(bars.error_x.arrayminus)) == ([20.0, 0.0], [10.0, 0.0])
    estimated, exact = bars.marker.color
    assert estimated != exact


def test_the_parts_of_a_call_are_stacked_and_the_total_stands_at_the_end() -> None:
    figure = cost_by_part(PARTS, palette())
    checked(figure)
    assert trace_names(figure) == ["System prompt", "Answer", "Total"]
    assert (list(trace(figure, "Answer")["y"]), list(trace(figure, "Answer")["x"])) == (
        ["A (X)", "B (Y)"],
        [70.0, 5.0],
    )
    assert list(trace(figure, "Total")["text"]) == [" 100", " 5.00"]


def test_every_part_of_a_call_has_a_colour_of_its_own() -> None:
    assert set(PART_COLOURS) == set(PROMPT_PARTS.values())
    assert len(set(PART_COLOURS.values())) == len(PART_COLOURS)


def test_measures_that_are_not_offered_have_no_bar_and_a_loss_is_left_of_zero() -> None:
    savings = pd.DataFrame(
        {
            "measure": ["As entered", "Batch", "Prompt caching", "Fine-tuned model"],
            "saved_usd": [None, Decimal(50), Decimal(-10), None],
            "saved_share": [None, 0.5, -0.1, None],
        }
    )
    figure = monthly_savings(savings, palette())
    checked(figure)
    (bars,) = figure.data
    assert (list(bars.y), list(bars.x)) == (["Batch", "Prompt caching"], [50.0, -10.0])
    assert list(bars.text) == ["−50%", "+10%"]


def test_lengths_of_examples_are_bars_with_their_intervals() -> None:
    lengths = pd.DataFrame({"from_tokens": [0, 10], "to_tokens": [10, None], "examples": [3, 1]})
    figure = example_lengths(lengths.astype({"to_tokens": "Int64"}), palette())
    checked(figure)
    (bars,) = figure.data
    assert (list(bars.x), list(bars.y)) == (["0–9", "≥ 10"], [3, 1])

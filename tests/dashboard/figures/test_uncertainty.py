"""Figures of a simulation: ranges, probabilities, tornado, EVPI and correlations."""

from __future__ import annotations

from typing import Any

import pandas as pd
import plotly.graph_objects as go
import pytest

from costing.comparison.compare import compare
from costing.reports import uncertainty as report
from costing.scenario.library import load_scenario, shipped_ids
from costing.uncertainty.monte_carlo import uncertainty
from dashboard.figures.palette import palette
from dashboard.figures.uncertainty import (
    cheapest_probability,
    correlations,
    cost_ranges,
    evpi,
    tornado,
)

from ...support.factories import frozen_book
from ...support.plotly import checked, traces

COLOURS = palette(["A", "B"])
RANGES = pd.DataFrame(
    [
        {"strategy": "A", "amount_p5": 100.0, "amount_p50": 150.0, "amount_p95": 240.0, "currency": "TWD"},
        {"strategy": "B", "amount_p5": None, "amount_p50": None, "amount_p95": None, "currency": "TWD"},
    ]
)


def layout(figure: go.Figure) -> dict[str, Any]:
    drawn: dict[str, Any] = figure.to_plotly_json()["layout"]
    return drawn


def test_a_cost_range_goes_from_the_5th_to_the_95th_percentile_with_a_ring_at_the_median() -> None:
    figure = cost_ranges(RANGES, COLOURS)
    bar, ring, low, high = traces(figure)
    assert (bar["y"], bar["base"], bar["x"]) == (["A"], [100.0], [140.0])
    assert (ring["x"], ring["text"]) == ([150.0], ["<b>150</b>"])
    assert (low["text"], high["text"]) == (["100 "], [" 240"])
    assert "TWD" in bar["hovertemplate"]
    assert layout(figure)["yaxis"]["categoryarray"] == ["A", "B"]


def test_ranges_that_differ_by_much_have_a_logarithmic_axis_with_a_switch() -> None:
    # 100 to 240 is linear; with an option from 1 to 2 the ratio is 240.
    wide = pd.concat(
        [
            RANGES.head(1),
            pd.DataFrame(
                [{**RANGES.iloc[0], "strategy": "B", "amount_p5": 1.0, "amount_p50": 1.5, "amount_p95": 2.0}]
            ),
        ]
    )
    assert layout(cost_ranges(RANGES, COLOURS))["xaxis"]["type"] == "linear"
    drawn = layout(cost_ranges(wide, COLOURS))
    assert drawn["xaxis"]["type"] == "log"
    assert drawn["meta"] == {"scale_switch": ["xaxis"]}


def test_a_probability_is_labelled_in_percent_and_has_its_confidence_interval() -> None:
    table = pd.DataFrame(
        [{"strategy": "A", "cheapest_share": 0.74, "cheapest_share_low": 0.71, "cheapest_share_high": 0.77}]
    )
    figure = cheapest_probability(table, COLOURS)
    bar, label = traces(figure)
    assert bar["error_x"]["array"] == pytest.approx([0.03])
    assert bar["error_x"]["arrayminus"] == pytest.approx([0.03])
    assert label["text"] == ["  <b>74%</b>"]
    assert layout(figure)["xaxis"]["ticktext"] == ["0%", "25%", "50%", "75%", "100%"]


def swing(path: str, ends: tuple[float, float], amounts: tuple[float | None, float | None]) -> dict[str, Any]:
    return {
        "input": path,
        "path": path,
        "input_low": ends[0],
        "input_high": ends[1],
        "amount_at_low": amounts[0],
        "amount_at_high": amounts[1],
        "currency": "USD",
    }


def test_a_tornado_starts_at_the_cost_of_today_and_labels_both_ends_with_the_input() -> None:
    table = pd.DataFrame(
        [
            swing("requests_per_day", (10_000.0, 40_000.0), (80.0, 160.0)),
            swing("tokens.answer", (0.8, 1.2), (90.0, 110.0)),
            swing("retry_share", (0.0, 0.05), (None, 104.0)),
        ]
    )
    figure = tornado(table, COLOURS, base=100.0)
    low, high = traces(figure)
    assert (low["base"], low["x"], low["text"]) == (100.0, [-20.0, -10.0], ["10,000", "0.8 ×"])
    assert (high["x"], high["text"]) == ([60.0, 10.0, 4.0], ["40,000", "1.2 ×", "5%"])
    (base,) = layout(figure)["shapes"]
    assert base["x0"] == base["x1"] == 100.0
    assert layout(figure)["annotations"][0]["text"] == "Today: 100"


def test_bars_of_inputs_have_no_colour_of_an_option() -> None:
    table = pd.DataFrame([swing("turns", (1.0, 2.0), (1.0, 2.0))])
    worth = pd.DataFrame([{"input": "x", "worth_amount_per_month": 5.0, "currency": "USD"}])
    bars = [*traces(tornado(table, COLOURS, base=1.5)), *traces(evpi(worth, COLOURS))]
    assert not {bar["marker"]["color"] for bar in bars} & set(COLOURS.options.values())


def test_a_correlation_stands_on_both_sides_of_the_diagonal() -> None:
    table = pd.DataFrame([{"first": "a", "second": "b", "rank_correlation": 0.5}])
    (heat,) = traces(correlations(table, COLOURS))
    assert heat["z"] == [[1.0, 0.5], [0.5, 1.0]]


@pytest.mark.parametrize("scenario_id", shipped_ids())
def test_every_figure_of_a_ready_scenario_is_valid_in_plotly(scenario_id: str) -> None:
    comparison = compare(load_scenario(scenario_id), frozen_book())
    result = uncertainty(comparison, 100)
    colours = palette(str(outcome.name) for outcome in comparison.outcomes)
    table, swings = report.distributions(result), report.swings(result)
    option = str(comparison.feasible[0].name)
    figures = [
        cost_ranges(table, colours),
        cheapest_probability(table, colours),
        tornado(swings[swings["strategy"] == option], colours, 100.0),
        evpi(report.evpi_by_input(result), colours),
        correlations(report.correlated_inputs(comparison), colours),
    ]
    for figure in figures:
        assert checked(figure)["data"]

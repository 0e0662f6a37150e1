"""Figures of percentile bands: over the months, and against volume."""

from __future__ import annotations

import math

import pytest

from costing.comparison.compare import compare
from costing.reports.bands import month_bands as month_table
from costing.reports.bands import volume_bands as volume_table
from costing.scenario.scenario import Part
from costing.uncertainty.monte_carlo import Uncertainty, uncertainty
from dashboard.figures.bands import month_bands, volume_bands
from dashboard.figures.palette import Palette, palette
from frames.csv import frame_csv

from ...support.factories import STUFFED, TUNED, book, scenario
from ...support.plotly import checked, traces


def simulated(question_tokens: int = 1000) -> Uncertainty:
    inputs = scenario(STUFFED, TUNED, horizon_months=3).with_part("question", Part(tokens=question_tokens))
    return uncertainty(compare(inputs, book()), 50)


def colours_of(result: Uncertainty) -> Palette:
    return palette(str(strategy.outcome.name) for strategy in result.strategies)


def test_a_band_is_filled_between_the_5th_and_the_95th_percentile_around_the_median() -> None:
    result = simulated()
    table = month_table(result)
    low, high, middle = traces(month_bands(table, colours_of(result)))[:3]
    own = table.head(3)
    assert low["y"] == own["amount_p5"].tolist()
    assert high["y"] == own["amount_p95"].tolist()
    assert high["fill"] == "tonexty"
    assert middle["y"] == own["amount_p50"].tolist()
    assert middle["x"] == own["month"].tolist()


def test_only_the_medians_have_a_hover_text() -> None:
    result = simulated()
    hovers = [
        trace
        for trace in traces(month_bands(month_table(result), colours_of(result)))
        if "hovertemplate" in trace
    ]
    assert [trace["name"] for trace in hovers] == [str(s.outcome.name) for s in result.strategies]


def test_lines_are_labelled_at_their_ends_and_there_is_no_legend() -> None:
    result = simulated()
    for figure in (
        month_bands(month_table(result), colours_of(result)),
        volume_bands(volume_table(result), colours_of(result), 1000.0),
    ):
        assert figure.to_plotly_json()["layout"]["showlegend"] is False
        assert traces(figure)[-1]["meta"] == {"role": "end_labels"}
        assert len(traces(figure)[-1]["text"]) == len(result.strategies)


def test_an_option_that_is_never_possible_has_no_band() -> None:
    result = simulated(question_tokens=5_000_000)
    assert traces(month_bands(month_table(result), colours_of(result))) == []
    assert traces(volume_bands(volume_table(result), colours_of(result), 1000.0)) == []


def test_both_axes_of_volume_are_logarithmic_with_a_switch_and_a_line_at_the_volume_in_use() -> None:
    result = simulated()
    layout = volume_bands(volume_table(result), colours_of(result), 1000.0).to_plotly_json()["layout"]
    assert (layout["xaxis"]["type"], layout["yaxis"]["type"]) == ("log", "log")
    assert layout["meta"] == {"scale_switch": ["xaxis", "yaxis"]}
    assert layout["shapes"][0]["x0"] == 1000.0
    # Two decades on both sides of 1,000 requests per day.
    assert layout["xaxis"]["range"] == pytest.approx([1.0, 5.0])


def test_the_figures_are_valid_in_plotly() -> None:
    result = simulated()
    assert checked(month_bands(month_table(result), colours_of(result)))["data"]
    assert checked(volume_bands(volume_table(result), colours_of(result), 1000.0))["data"]


def test_the_same_seed_writes_the_same_bytes() -> None:
    assert frame_csv(month_table(simulated())) == frame_csv(month_table(simulated()))
    assert frame_csv(volume_table(simulated())) == frame_csv(volume_table(simulated()))


def test_the_axis_of_amounts_ends_at_the_highest_percentile() -> None:
    result = simulated()
    table = volume_table(result)
    layout = volume_bands(table, colours_of(result), 1000.0).to_plotly_json()["layout"]
    assert layout["yaxis"]["range"][1] == pytest.approx(math.log10(table["amount_p95"].max()))

"""Figures of what-if analyses: the map of the cheapest option, and a goal seek."""

from __future__ import annotations

import math

import pandas as pd
import pytest

from costing.comparison.compare import compare
from costing.reports.what_if import cheapest_by_inputs, goal_seek_curve
from costing.scenario.library import load_scenario
from costing.uncertainty.what_if import lever, seek_equal, winner_map
from dashboard.figures.palette import palette
from dashboard.figures.what_if import cheapest_map, goal_seek
from frames.csv import frame_csv

from ...support.factories import STUFFED, TUNED, book, frozen_book, scenario
from ...support.plotly import checked, traces

COLOURS = palette(["A", "B", "C"])
LABELS = ("across", "up")


def cells(rows: list[str]) -> pd.DataFrame:
    """A map from its rows, the lowest first: a letter for each cell, "." where no option is feasible."""
    return pd.DataFrame(
        [
            {
                "across_value": 10.0 ** (1 + x),
                "up_value": float(y),
                "cheapest": None if name == "." else name,
                "amount_per_month": None if name == "." else 5.0,
                "currency": "USD",
            }
            for y, row in enumerate(rows)
            for x, name in enumerate(row)
        ]
    )


def test_a_cell_has_the_colour_of_its_cheapest_option_and_an_impossible_one_has_none() -> None:
    heat = traces(cheapest_map(cells(["AAB", "AC."]), COLOURS, LABELS, (None, None)))[0]
    assert heat["z"] == [[0, 0, 1], [0, 2, None]]
    scale = heat["colorscale"]
    assert [colour for _, colour in scale[::2]] == list(COLOURS.options.values())
    assert (heat["zmin"], heat["zmax"]) == (-0.5, 2.5)


def test_the_axes_are_numbers_so_that_their_ticks_are_round() -> None:
    figure = cheapest_map(cells(["AAB", "AAB"]), COLOURS, LABELS, (None, None), ("log", "linear"))
    layout = figure.to_plotly_json()["layout"]
    assert layout["xaxis"]["type"] == "log"
    # 10, 100 and 1,000: from half a cell before the first to half a cell after the last.
    assert layout["xaxis"]["range"] == pytest.approx([0.5, 3.5])
    assert layout["yaxis"]["range"] == pytest.approx([-0.5, 1.5])
    assert "ticktext" not in layout["xaxis"]


def test_large_regions_have_their_name_and_small_ones_a_legend() -> None:
    # C has 1 of 20 cells: 5%.
    figure = cheapest_map(cells(["AAAAA", "AAAAA", "BBBBB", "BBBBC"]), COLOURS, LABELS, (None, None))
    names = traces(figure)[-1]
    assert names["text"] == ["<b>A</b>", "<b>B</b>"]
    assert figure.to_plotly_json()["layout"]["showlegend"] is True
    assert (
        cheapest_map(cells(["AB"]), COLOURS, LABELS, (None, None)).to_plotly_json()["layout"]["showlegend"]
        is False
    )


def test_a_ring_marks_the_inputs_in_use_and_no_name_covers_it() -> None:
    figure = cheapest_map(cells(["AAA", "AAA", "AAA"]), COLOURS, LABELS, (100.0, 1.0), ("log", "linear"))
    ring, names = traces(figure)[-2:]
    assert (ring["x"], ring["y"]) == ([100.0], [1.0])
    place = (math.log10(names["x"][0]), names["y"][0])
    assert place != (2.0, 1.0)


def test_a_map_of_a_scenario_has_a_ring_in_the_region_of_its_cheapest_option() -> None:
    comparison = compare(load_scenario("claim_25m_owned"), frozen_book())
    across, up = lever(comparison, "requests_per_day"), lever(comparison, "strategies.2.purchase_usd_per_gpu")
    table = cheapest_by_inputs(comparison, winner_map(comparison, across, up))
    colours = palette(str(outcome.name) for outcome in comparison.outcomes)
    figure = cheapest_map(table, colours, LABELS, (across.usual, up.usual), ("log", "linear"))
    assert checked(figure)["data"]
    ring = traces(figure)[-2]
    assert (ring["x"], ring["y"]) == ([across.usual], [up.usual])
    distance = (table["across_value"] / across.usual - 1).abs() + (table["up_value"] / up.usual - 1).abs()
    nearest = table.loc[distance.idxmin()]
    assert nearest["cheapest"] == str(comparison.choices[0].name)


def test_the_same_map_writes_the_same_bytes() -> None:
    comparison = compare(load_scenario("brand_voice"), frozen_book())

    def written() -> bytes:
        winners = winner_map(comparison, lever(comparison, "requests_per_day"), lever(comparison, "turns"), 5)
        return frame_csv(cheapest_by_inputs(comparison, winners))

    assert written() == written()


def test_an_option_keeps_its_colour_in_a_goal_seek_and_the_answer_has_a_line() -> None:
    comparison = compare(scenario(STUFFED, TUNED), book())
    result = seek_equal(comparison, lever(comparison, "requests_per_day"), 1, 0)
    names = (str(comparison.outcomes[1].name), str(comparison.outcomes[0].name))
    colours = palette(str(outcome.name) for outcome in comparison.outcomes)
    texts = dict.fromkeys(result.roots.values, "here")
    figure = goal_seek(goal_seek_curve(comparison, result), colours, names, "x", texts, "log")
    assert checked(figure)["data"]
    lines = [trace for trace in traces(figure) if trace["mode"] == "lines"]
    assert [line["line"]["color"] for line in lines] == [colours.options[name] for name in names]
    shapes = figure.to_plotly_json()["layout"]["shapes"]
    assert [shape["x0"] for shape in shapes] == list(result.roots.values)


def test_a_goal_that_is_no_option_has_neutral_colours() -> None:
    table = pd.DataFrame(
        [
            {"input_value": x, "first_value": x, "second_value": 2.0, "unit": "tokens per day"}
            for x in (1.0, 3.0)
        ]
    )
    figure = goal_seek(table, COLOURS, ("Break-even", "Goal"), "x", {2.0: "2"})
    lines = [trace for trace in traces(figure) if trace["mode"] == "lines"]
    assert {line["line"]["color"] for line in lines} == {COLOURS.text, COLOURS.muted}

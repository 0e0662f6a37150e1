"""Cost against volume: logarithmic axes, the cheapest option of each range, and the reader's volume."""

from __future__ import annotations

import math
from decimal import Decimal
from typing import Any

import pandas as pd
import plotly.graph_objects as go
import pytest

from dashboard.figures.palette import palette
from dashboard.figures.volume import cost_by_volume, far_apart
from tests.support.plotly import checked, trace, trace_names

# A costs 1 USD a request and day, B always 100 USD: B is cheaper from 100 requests per day on.
CURVES = pd.DataFrame(
    {
        "strategy": ["A"] * 4 + ["B"] * 4,
        "requests_per_day": [1.0, 10.0, 100.0, 1000.0] * 2,
        "amount_per_month": [1.0, 10.0, 100.0, 1000.0, 100.0, 100.0, 100.0, 100.0],
        "currency": ["USD"] * 8,
    }
)
WINNERS = pd.DataFrame({"from_requests_per_day": [0.0, 100.0], "strategy": ["A", "B"]})
CROSSINGS = pd.DataFrame(
    {
        "first": ["A"],
        "second": ["B"],
        "requests_per_day": [100.0],
        "amount_per_month": [Decimal(100)],
    }
)


def drawn(requests_per_day: float = 20.0, **frames: pd.DataFrame) -> go.Figure:
    return cost_by_volume(
        frames.get("curves", CURVES),
        frames.get("winners", WINNERS),
        frames.get("crossings", CROSSINGS),
        requests_per_day,
        palette(["A", "B"]),
    )


def shapes(figure: go.Figure, kind: str) -> list[Any]:
    return [shape for shape in figure.layout.shapes if shape.type == kind]


def test_both_axes_are_logarithmic_and_can_be_switched() -> None:
    figure = drawn()
    checked(figure)
    assert (figure.layout.xaxis.type, figure.layout.yaxis.type) == ("log", "log")
    assert list(figure.layout.xaxis.range) == [0.0, 3.0]
    assert figure.layout.meta["scale_switch"] == ["xaxis", "yaxis"]


def test_the_linear_scale_shows_the_neighbourhood_of_the_readers_volume() -> None:
    # Three times 20 requests: there A costs 60 (between 10 and 100, linearly), and B 100.
    figure = drawn(20.0)
    linear = figure.layout.meta["linear"]
    assert linear["xaxis"]["range"] == [0, 60.0]
    assert linear["yaxis"]["range"] == [0, pytest.approx(105.0)]
    (labels,) = [each for each in figure.data if each.mode == "text"]
    assert labels.meta["linear"]["x"] == [60.0, 60.0]
    assert labels.meta["linear"]["y"] == pytest.approx([60.0, 100.0])


def test_the_hover_names_the_volume_and_the_amounts() -> None:
    figure = drawn()
    assert figure.layout.hovermode == "x unified"
    assert figure.layout.xaxis.unifiedhovertitle.text == "%{x:,.0f} requests per day"
    assert trace(figure, "A")["hovertemplate"] == "%{y:,.0f} USD"


def test_each_range_has_the_colour_and_name_of_its_cheapest_option() -> None:
    strip = [shape for shape in shapes(drawn(), "rect") if shape.y1 > 1]
    assert [(shape.x0, shape.x1, shape.fillcolor, shape.label.text) for shape in strip] == [
        (1.0, 100.0, "#0072b2", "A"),
        (100.0, 1000.0, "#e69f00", "B"),
    ]


def test_a_name_without_room_is_left_to_its_colour() -> None:
    # 1 to 1.1 of three decades is 1.4% of 700 px, 9.7 px: room for one letter of 6 px, not for two.
    narrow = pd.DataFrame({"from_requests_per_day": [0.0, 1.1], "strategy": ["AA", "B"]})
    figure = cost_by_volume(CURVES, narrow, CROSSINGS, 20.0, palette(["A", "B", "AA"]))
    strip = [shape for shape in shapes(figure, "rect") if shape.y1 > 1]
    assert [shape.label.text for shape in strip] == [None, "B"]


def test_the_readers_volume_and_the_changes_of_the_cheapest_are_marked() -> None:
    change, own = shapes(drawn(20.0), "line")
    assert (change.x0, change.label.text) == (100.0, "100")
    assert (own.x0, own.line.dash, own.label.text) == (20.0, "dash", "your volume: 20")


def test_break_even_points_outside_the_axis_are_left_out() -> None:
    outside = pd.concat([CROSSINGS, CROSSINGS.assign(requests_per_day=5000.0)])
    points = trace(drawn(crossings=outside), "Break-even point")
    assert (points["x"], points["y"]) == ([100.0], [100.0])


def test_an_option_that_costs_nothing_does_not_break_the_logarithmic_axis() -> None:
    free = CURVES.assign(amount_per_month=[0.0] * 4 + [100.0] * 4)
    figure = drawn(curves=free)
    checked(figure)
    assert all(math.isfinite(end) for end in figure.layout.yaxis.range)
    assert "A" in trace_names(figure)


def test_volumes_close_to_each_other_have_one_label() -> None:
    assert far_apart([100.0, 150.0, 201.0, 500.0]) == {100.0, 201.0, 500.0}


def test_no_option_is_an_empty_figure() -> None:
    figure = drawn(curves=CURVES.head(0), winners=WINNERS.head(0), crossings=CROSSINGS.head(0))
    checked(figure)
    assert len(figure.data) == 0

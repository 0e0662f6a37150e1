"""Figures of self-hosted servers: hours, utilisation and idle cost, by hand."""

from __future__ import annotations

from decimal import Decimal

import pandas as pd
import pytest

from dashboard.figures.fleet import hourly_load, idle_cost, utilisation
from dashboard.figures.palette import palette
from tests.support.plotly import checked, trace, trace_names

FLEET = pd.DataFrame(
    {
        "strategy": ["A", "B"],
        "average_busy_share": [0.25, 0.5],
        "peak_busy_share": [0.6, 0.9],
        "target_utilisation_share": [0.7, 0.7],
        "machines_amount_per_month": [Decimal(1000), Decimal(400)],
        "idle_amount_per_month": [Decimal(750), Decimal(0)],
        "currency": ["USD", "USD"],
    }
)


def test_utilisation_has_three_bars_per_option_in_percent() -> None:
    figure = utilisation(FLEET, palette())
    checked(figure)
    assert trace_names(figure) == ["Average", "Peak", "Target"]
    assert trace(figure, "Peak")["x"] == [0.6, 0.9]
    assert figure.layout.xaxis.tickformat == ".0%"
    assert list(figure.layout.xaxis.range) == [0, 1]


def test_the_cost_of_servers_is_split_into_use_and_idle_time() -> None:
    figure = idle_cost(FLEET, palette())
    checked(figure)
    assert trace(figure, "In use")["x"] == [250.0, 400.0]
    assert trace(figure, "Idle")["x"] == [750.0, None]
    assert trace(figure, "Total")["x"] == [1000.0, 400.0]
    assert list(trace(figure, "Total")["text"]) == [" 75% idle", " 0% idle"]


def test_each_hour_is_a_bar_and_the_average_a_line() -> None:
    hours = pd.DataFrame({"hour": [0, 12], "over_average": [0.5, 1.5]})
    figure = hourly_load(hours, palette())
    checked(figure)
    (bars,) = figure.data
    assert (list(bars.x), list(bars.y)) == ([0, 12], [0.5, 1.5])
    (line,) = figure.layout.shapes
    assert (line.y0, line.y1) == (1, 1)


def test_servers_that_cost_nothing_are_not_idle() -> None:
    free = FLEET.assign(machines_amount_per_month=[Decimal(0)] * 2, idle_amount_per_month=[Decimal(0)] * 2)
    figure = idle_cost(free, palette())
    assert list(trace(figure, "Total")["text"]) == [" 0% idle", " 0% idle"]
    assert figure.layout.xaxis.range[1] == pytest.approx(1.16)

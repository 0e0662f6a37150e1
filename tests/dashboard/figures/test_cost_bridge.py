"""Waterfall of the bridge from monthly cost to cash flow."""

from __future__ import annotations

from decimal import Decimal
from typing import Any

import pandas as pd
import pytest

from costing.cash_flow.cash_flow import cash_flows
from costing.comparison.compare import compare
from costing.reports.cash_flow import cost_bridge as report_cost_bridge
from costing.scenario.library import load_scenario, shipped_ids
from dashboard.figures.cost_bridge import axis_range, bridge_height, cost_bridge
from dashboard.figures.palette import palette

from ...support.factories import frozen_book
from ...support.plotly import checked

COLOURS = palette(["A"])


def steps(*amounts: tuple[str, str, bool]) -> pd.DataFrame:
    """Step, amount and whether it is a total; the running sum follows."""
    rows: list[dict[str, Any]] = []
    running = Decimal(0)
    for step, amount, is_total in amounts:
        running = Decimal(amount) if is_total else running + Decimal(amount)
        rows.append(
            {
                "strategy": "A",
                "step": step,
                "amount": Decimal(amount),
                "cumulative": running,
                "is_total": is_total,
                "currency": "USD",
            }
        )
    return pd.DataFrame(rows)


BRIDGE = steps(
    ("Monthly cost × months", "1000", True),
    ("Training after a retirement", "24.144", False),
    ("Rounding of the monthly cost", "0.000012", False),
    ("Machines bought", "0", False),
    ("Cost breakdown, all months", "1024.144012", True),
)


def test_totals_and_changes_are_bars_and_a_change_below_a_cent_is_left_out() -> None:
    (waterfall,) = cost_bridge(BRIDGE, COLOURS).to_plotly_json()["data"]
    assert waterfall["y"] == [
        "Monthly cost × months",
        "Training after a retirement",
        "Cost breakdown, all months",
    ]
    assert waterfall["measure"] == ["absolute", "relative", "total"]
    assert waterfall["text"] == ["<b>1,000.00</b>", "+24.14", "<b>1,024.14</b>"]
    assert waterfall["totals"]["marker"]["color"] == COLOURS.options["A"]
    assert bridge_height(BRIDGE) == bridge_height(BRIDGE.head(1)) + 2 * 44


def test_an_axis_that_does_not_start_at_zero_says_so() -> None:
    # 1,000 and 1,024.144: the axis starts 1.5 times their difference below 1,000.
    axis = cost_bridge(BRIDGE, COLOURS).to_plotly_json()["layout"]["xaxis"]
    assert axis["range"][0] == pytest.approx(1000 - 1.5 * 24.144012)
    assert axis["title"]["text"].endswith("(the axis does not start at zero)")
    bought = steps(("Monthly cost × months", "100", True), ("Machines bought", "300", False))
    axis = cost_bridge(bought, COLOURS).to_plotly_json()["layout"]["xaxis"]
    assert axis["range"][0] == 0
    assert "zero" not in axis["title"]["text"]


def test_a_sum_below_zero_is_within_the_axis() -> None:
    assert axis_range([100.0, -20.0])[0] == -20


@pytest.mark.parametrize("scenario_id", shipped_ids())
def test_plotly_accepts_the_bridge_of_every_option(scenario_id: str) -> None:
    comparison = compare(load_scenario(scenario_id), frozen_book())
    colours = palette([str(outcome.name) for outcome in comparison.outcomes])
    for _, rows in report_cost_bridge(comparison, cash_flows(comparison)).groupby("strategy"):
        figure = cost_bridge(rows, colours)
        assert checked(figure)["data"]
        (waterfall,) = figure.to_plotly_json()["data"]
        # What Plotly draws up to the last bar is the total that the report prints.
        drawn = sum(
            x for x, kind in zip(waterfall["x"], waterfall["measure"], strict=True) if kind != "total"
        )
        assert drawn == pytest.approx(float(rows["amount"].iloc[-1]), abs=0.05)

"""Figures of a comparison: components, totals, cumulative lines and GPU memory, by hand."""

from __future__ import annotations

from decimal import Decimal

import pandas as pd
import pytest

from costing.comparison.compare import compare
from costing.reports import comparison as report
from dashboard.figures.comparison import bars_height, cumulative_cost, gpu_memory, monthly_cost
from dashboard.figures.palette import CATEGORY_COLOURS, palette
from tests.support.factories import STUFFED, book, choice, deployment, scenario
from tests.support.plotly import checked, trace, trace_names

LINES = pd.DataFrame(
    {
        "strategy": ["A", "A", "B", "B"],
        "line": ["Input tokens", "Output tokens", "Input tokens", "GPU rent"],
        "category": ["input", "output", "input", "hosting"],
        "amount_per_month": [Decimal("100.50"), Decimal("200"), Decimal("0"), Decimal("4000")],
        "currency": ["USD"] * 4,
    }
)
MONTHS = pd.DataFrame(
    {
        "strategy": ["A", "A", "B", "B"],
        "month": ["2026-11", "2026-12"] * 2,
        "cumulative_amount": [Decimal(10), Decimal(20), Decimal(40), Decimal(60)],
        "currency": ["TWD"] * 4,
    }
)


def test_each_cost_component_is_a_bar_part_in_the_colour_of_its_category() -> None:
    figure = monthly_cost(LINES, palette(["A", "B"]))
    checked(figure)
    assert trace_names(figure) == ["Input tokens", "Output tokens", "GPU rent", "Total"]
    output = trace(figure, "Output tokens")
    assert output["y"] == ["A", "B"]
    assert output["x"] == [200.0, None]
    assert output["marker"].color == CATEGORY_COLOURS["output"][0]
    assert trace(figure, "GPU rent")["marker"].color == CATEGORY_COLOURS["hosting"][0]


def test_a_component_of_zero_is_missing_so_that_no_hover_lists_it() -> None:
    assert trace(monthly_cost(LINES, palette()), "Input tokens")["x"] == [100.5, None]


def test_the_total_of_an_option_stands_at_the_end_of_its_bar_and_in_the_hover() -> None:
    total = trace(monthly_cost(LINES, palette()), "Total")
    assert total["x"] == [300.5, 4000.0]
    assert list(total["text"]) == [" <b>300</b>", " <b>4,000</b>"]  # 300.5 rounds to the even number
    assert total["hovertemplate"] == "<b>%{x:,.0f} USD</b>"


def test_small_amounts_have_cents() -> None:
    small = LINES.assign(amount_per_month=[Decimal("0.25"), Decimal("0.50"), Decimal(0), Decimal("1.10")])
    assert list(trace(monthly_cost(small, palette()), "Total")["text"]) == [" <b>0.75</b>", " <b>1.10</b>"]


def test_the_axis_has_room_for_the_total_of_the_longest_bar() -> None:
    assert list(monthly_cost(LINES, palette()).layout.xaxis.range) == [0, pytest.approx(4000 * 1.14)]


def test_a_second_line_of_a_category_has_another_shade() -> None:
    twice = LINES.assign(category="input")
    figure = monthly_cost(twice, palette())
    colours = [trace(figure, name)["marker"].color for name in trace_names(figure)[:3]]
    assert colours == list(CATEGORY_COLOURS["input"][:3])


def test_a_line_of_an_unknown_category_is_drawn_grey() -> None:
    figure = monthly_cost(LINES.assign(category="distillation"), palette())
    assert trace(figure, "Input tokens")["marker"].color == "#9e9e9e"


def test_a_comparison_without_options_is_an_empty_figure() -> None:
    for figure in (monthly_cost(LINES.head(0), palette()), cumulative_cost(MONTHS.head(0), palette())):
        checked(figure)
        assert len(figure.data) == 0


def test_the_bars_of_a_bought_fleet_with_all_its_extras_add_up_to_its_total() -> None:
    fleet = choice(
        "self_hosted",
        deployment="open-10b-1xg1",
        tenure="owned",
        licence_usd_per_gpu_year=4500,
        colocation_usd_per_kw_month=150,
        setup_usd=10_000,
    )
    frame = report.lines(compare(scenario(fleet, STUFFED), book(deployment())))
    figure = monthly_cost(frame, palette())
    checked(figure)
    assert {"licences", "colocation", "setup"} <= set(frame["category"]) <= set(CATEGORY_COLOURS)
    for place, option in enumerate(trace(figure, "Total")["y"]):
        parts = [each for each in figure.data if each.type == "bar"]
        bar = sum(part.x[place] or 0.0 for part in parts)
        assert bar == pytest.approx(float(frame[frame["strategy"] == option]["amount_per_month"].sum()))


def test_cumulative_cost_is_a_line_per_option_with_its_name_at_the_end() -> None:
    figure = cumulative_cost(MONTHS, palette(["A", "B"]))
    checked(figure)
    line = trace(figure, "B")
    assert (line["x"], line["y"]) == (["2026-11", "2026-12"], [40.0, 60.0])
    assert line["line"].color == "#e69f00"
    (labels,) = [each for each in figure.data if each.mode == "text"]
    assert list(labels.text) == [" A", " B"]
    assert list(labels.x) == ["2026-12", "2026-12"]
    assert list(labels.y) == [20.0, 60.0]
    assert figure.layout.showlegend is False
    assert figure.layout.yaxis.title.text == "TWD, cumulative"


def test_memory_that_is_unknown_has_no_bar() -> None:
    memory = pd.DataFrame(
        {
            "strategy": ["A", "A", "B"],
            "part": ["weights", "KV cache", "unknown"],
            "gib": [60.0, 20.0, None],
        }
    )
    figure = gpu_memory(memory, palette())
    checked(figure)
    assert trace_names(figure) == ["weights", "KV cache", "Total"]
    assert trace(figure, "Total")["y"] == ["A"]
    assert trace(figure, "Total")["x"] == [80.0]


def test_a_figure_of_bars_grows_with_its_options() -> None:
    assert bars_height(LINES) == 110 + 2 * 56

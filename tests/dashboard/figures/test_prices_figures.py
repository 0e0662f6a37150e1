"""Figures of the prices page: steps, the time after today, lines that coincide, price steps."""

from __future__ import annotations

from collections.abc import Sequence
from datetime import date
from decimal import Decimal

import pandas as pd
import plotly.graph_objects as go

from dashboard.figures.coinciding_lines import line_widths, same_lines
from dashboard.figures.palette import palette
from dashboard.figures.prices import cost_by_prompt, price_history
from frames.frame import frame
from pricing.survey.prompt_length import CLIFFS, PROMPT_COSTS
from pricing.survey.timeline import PRICE_STEPS
from tests.support.plotly_figures import lines_of

TODAY = date(2026, 11, 22)
START, RISE, END = date(2026, 1, 1), date(2027, 1, 1), date(2027, 2, 1)
Corner = tuple[date, int | None]


def steps(**lines: Sequence[Corner]) -> pd.DataFrame:
    return frame(
        PRICE_STEPS,
        (
            {
                "table": "models",
                "id": name,
                "day": day,
                "price": None if usd is None else Decimal(usd),
                "announced": day > TODAY,
            }
            for name, corners in lines.items()
            for day, usd in corners
        ),
    )


def drawn(**lines: Sequence[Corner]) -> go.Figure:
    """The figure, with every property checked by Plotly."""
    return go.Figure(price_history(steps(**lines), palette(), TODAY, "USD").to_plotly_json())


def test_a_line_has_its_price_on_every_day_on_which_any_line_changes() -> None:
    lines = lines_of(drawn(a=[(START, 2), (END, 2)], b=[(START, 1), (RISE, 4), (END, 4)]))
    days = ["2026-01-01", "2026-11-22", "2027-01-01", "2027-02-01"]
    assert lines["a"] == list(zip(days, [2, 2, 2, 2], strict=True))
    assert lines["b"] == list(zip(days, [1, 1, 4, 4], strict=True))


def test_a_line_has_no_point_before_it_starts() -> None:
    lines = lines_of(drawn(a=[(START, 2), (END, 2)], b=[(RISE, 4), (END, 4)]))
    assert lines["b"][0] == ("2027-01-01", 4)


def test_a_time_without_a_price_is_a_gap() -> None:
    lines = lines_of(drawn(a=[(START, 2), (TODAY, None), (RISE, 3), (END, 3)]))
    assert [y for _, y in lines["a"]] == [2, None, 3, 3]


def test_equal_lines_are_one_line_with_both_names() -> None:
    figure = drawn(a=[(START, 2), (END, 2)], b=[(START, 2), (END, 2)], c=[(START, 3), (END, 3)])
    assert list(lines_of(figure)) == ["a = b", "c"]
    labels = next(trace for trace in figure.data if trace.mode == "text")
    assert [text.strip() for text in labels.text] == ["a = b", "c"]


def test_lines_that_meet_for_a_time_have_different_widths_and_others_the_same() -> None:
    figure = drawn(a=[(START, 2), (END, 2)], b=[(START, 1), (RISE, 2), (END, 2)], c=[(START, 9), (END, 9)])
    widths = {trace.name: trace.line.width for trace in figure.data if trace.mode == "lines"}
    assert widths["a"] > widths["b"]  # drawn first, with its edges beside the line over it
    assert widths["b"] == widths["c"]


def test_a_line_under_two_that_coincide_is_wider_than_both() -> None:
    first = ((0, 1.0), (1, 1.0), (2, 9.0))
    second = ((0, 1.0), (1, 1.0), (2, 8.0))
    third = ((0, 5.0), (1, 1.0), (2, 7.0))
    widths = line_widths([first, second, third])
    assert widths[0] > widths[1] > widths[2]
    assert same_lines({"a": first, "b": second}) == [("a",), ("b",)]


def test_a_price_of_zero_leaves_the_logarithmic_axis_valid() -> None:
    figure = drawn(free=[(START, 0), (END, 0)], paid=[(START, 2), (END, 2)])
    assert figure.layout.yaxis.type == "log"
    low, high = figure.layout.yaxis.range
    # 2 / 1.3 and 2 x 1.3 on a logarithmic axis: 10**0.187 and 10**0.415
    assert (round(low, 3), round(high, 3)) == (0.187, 0.415)


def test_the_cost_of_a_longer_prompt_jumps_between_two_rings() -> None:
    points = [(1_000, "0.002"), (4_000, "0.008"), (4_001, "0.016"), (8_000, "0.032")]
    costs = frame(
        PROMPT_COSTS,
        (
            {
                "id": "a",
                "price_ref": "a @ 2026-01-01",
                "prompt_tokens": tokens,
                "output_tokens": 0,
                "usd_per_request": Decimal(usd),
                "input_usd_per_mtok": Decimal(2),
                "output_usd_per_mtok": Decimal(8),
            }
            for tokens, usd in points
        ),
    )
    cliff = {
        "id": "a",
        "prompt_tokens": 4_000,
        "usd_per_request": Decimal("0.008"),
        "usd_per_longer_request": Decimal("0.016"),
    }
    figure = go.Figure(cost_by_prompt(costs, frame(CLIFFS, [cliff]), palette()).to_plotly_json())
    assert lines_of(figure)["a"] == [(tokens, float(usd)) for tokens, usd in points]
    (rings,) = (trace for trace in figure.data if trace.mode == "markers")
    assert list(zip(rings.x, rings.y, strict=True)) == [(4_000, 0.008), (4_001, 0.016)]

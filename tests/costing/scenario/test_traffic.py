"""How traffic moves over the months, and how a scenario file and a CSV say it."""

from __future__ import annotations

from dataclasses import replace
from datetime import date

import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st

from costing.comparison.compare import add_months, compare
from costing.scenario.outlook import Outlook
from costing.scenario.scenario_yaml import dump, read
from costing.scenario.traffic import SHAPES, Traffic
from costing.scenario.traffic_csv import read_months_csv, template
from frames.csv import frame_csv
from i18n.errors import CrossoverError

from ...support.factories import DAY, book, scenario

YEAR = tuple(add_months(DAY, month) for month in range(12))
"""From 2026-11-22 on."""
SEASONS = (1.0, 1.0, 1.0, 1.0, 1.0, 1.0, 1.0, 1.0, 1.0, 1.0, 2.0, 4.0)
"""November twice, December four times as busy as the others; 16 in all, so the mean is 4/3."""

shapes = st.builds(
    Traffic,
    shape=st.sampled_from(["compound", "s_curve"]),
    ceiling_multiple=st.floats(0.01, 1000),
    midpoint_month=st.floats(0, 120),
    steepness_per_month=st.floats(0.01, 5),
    season_factors=st.one_of(
        st.just(()), st.lists(st.floats(0.01, 100), min_size=12, max_size=12).map(tuple)
    ),
)
growths = st.floats(-0.2, 0.2)


def volumes(traffic: Traffic, growth: float = 0.0, first: float = 1000.0) -> list[float]:
    return [float(v) for v in traffic.requests_per_day(first, growth, YEAR)]


def error(text: bytes | str) -> str:
    content = text if isinstance(text, bytes) else text.encode()
    with pytest.raises(CrossoverError) as error:
        read_months_csv(content, "t.csv")
    return str(error.value)


# --- shapes


def test_compound_growth_multiplies_every_month() -> None:
    assert volumes(Traffic(), 0.1)[:3] == pytest.approx([1000, 1100, 1210])


def test_an_s_curve_starts_at_the_scenarios_volume_and_ends_near_its_ceiling() -> None:
    curve = Traffic(shape="s_curve", ceiling_multiple=3, midpoint_month=6, steepness_per_month=1)
    by_month = curve.requests_per_day(1000, 0.5, tuple(add_months(DAY, month) for month in range(60)))
    assert by_month[0] == 1000
    # L(0) = 1/(1 + e^6) = 0.0024726; at the midpoint L = 0.5: 1 + 2 x 0.4975274 / 0.9975274 = 1.9975212
    assert by_month[6] == pytest.approx(1997.5212, abs=0.001)
    assert by_month[-1] == pytest.approx(3000, abs=0.01)


def test_an_s_curve_may_fall() -> None:
    curve = Traffic(shape="s_curve", ceiling_multiple=0.5, midpoint_month=3, steepness_per_month=2)
    by_month = volumes(curve)
    assert by_month == sorted(by_month, reverse=True)
    assert by_month[-1] == pytest.approx(500, abs=0.01)


def test_seasons_move_traffic_between_months_and_leave_the_years_mean() -> None:
    by_month = volumes(Traffic(season_factors=SEASONS))
    # 2 / (16/12) and 4 / (16/12), then 1 / (16/12)
    assert by_month[:3] == pytest.approx([1500, 3000, 750])
    assert np.mean(by_month) == pytest.approx(1000)


def test_only_the_ratios_of_seasons_count() -> None:
    tenfold = tuple(10 * factor for factor in SEASONS)
    assert volumes(Traffic(season_factors=tenfold)) == pytest.approx(volumes(Traffic(season_factors=SEASONS)))


def test_months_given_count_as_they_are_and_the_last_is_held() -> None:
    own = Traffic(shape="months", given={"2026-11": 10.0, "2026-12": 30.0}, season_factors=SEASONS)
    assert volumes(own, 0.5)[:4] == [10, 30, 30, 30]


def test_a_month_before_the_first_given_is_refused_and_not_guessed() -> None:
    own = Traffic(shape="months", given={"2026-12": 30.0})
    with pytest.raises(CrossoverError) as error:
        compare(scenario(traffic=own), book())
    assert str(error.value) == (
        "traffic: no requests for 2026-11 (the first month given is 2026-12: add it, or choose a later day)"
    )


@given(shapes, growths, st.floats(1, 1e6))
def test_an_array_of_months_gives_what_a_loop_of_months_gives(
    traffic: Traffic, growth: float, first: float
) -> None:
    together = traffic.requests_per_day(first, growth, YEAR)
    alone = [
        first * float(traffic.multiple(float(month), growth)) * traffic.season(day)
        for month, day in enumerate(YEAR)
    ]
    assert together == pytest.approx(alone, rel=1e-12)


@given(shapes, growths, st.floats(1, 1e6))
def test_traffic_is_always_there(traffic: Traffic, growth: float, first: float) -> None:
    by_month = traffic.requests_per_day(first, growth, YEAR)
    assert np.all(np.isfinite(by_month))
    assert np.all(by_month > 0)


# --- the scenario file


@pytest.mark.parametrize("shape", SHAPES)
def test_traffic_and_outlook_come_back_from_the_file_as_they_were(shape: str) -> None:
    original = scenario(
        traffic=Traffic(shape, 4.5, 9, 0.25, {"2026-11": 10.0, "2026-12": 12.5}, SEASONS),
        outlook=Outlook(-0.2, 0.1, -0.3, 0.04, 0.08, {"acme/large": "acme/small"}),
    )
    assert read(dump(original), "x.yaml") == original


def test_a_file_that_says_nothing_of_time_has_the_defaults_and_stays_short() -> None:
    text = dump(scenario())
    assert "traffic" not in text
    assert "outlook" not in text
    assert read(text, "x.yaml").traffic == Traffic()


@pytest.mark.parametrize(
    ("lines", "expected"),
    [
        ("traffic: 3", "traffic: not a group of 'name: value' lines"),
        ("traffic: {shape: linear}", "'linear' is not one of compound, s_curve, months"),
        ("traffic: {shape: []}", "is not one of compound, s_curve, months"),
        ("traffic: {shap: compound}", "traffic.shap: unknown field; did you mean 'shape'?"),
        ("traffic: {ceiling_multiple: 0}", "traffic.ceiling_multiple: 0 is outside 0.01 to 10000"),
        ("traffic: {steepness_per_month: fast}", "'fast' is not a number"),
        ("traffic: {season_factors: [1, 2]}", "not a list of twelve factors (January first)"),
        (
            "traffic: {season_factors: [1,1,1,1,1,0,1,1,1,1,1,1]}",
            "season_factors.6: 0 is outside 0.01 to 100",
        ),
        ("traffic: {shape: months}", "traffic.requests_per_day: missing (add a line such as"),
        (
            "traffic: {shape: months, requests_per_day: {2026-13: 5}}",
            "'2026-13' is not a month (write 2026-11)",
        ),
        (
            "traffic: {shape: months, requests_per_day: {2026-11: 5, 2027-01: 5}}",
            "2026-12: missing between two months (add it)",
        ),
        ("outlook: {rent_drift_share_per_year: 9}", "9 is outside -0.95 to 5"),
        (
            "outlook: {successors: [a]}",
            "outlook.successors: not a group of 'retiring row: row to move to' lines",
        ),
        ("outlook: {wacc: 1}", "outlook.wacc: unknown field"),
    ],
)
def test_a_error_of_the_file_is_named_with_its_line(lines: str, expected: str) -> None:
    with pytest.raises(CrossoverError) as error:
        read(f"{dump(scenario())}{lines}\n", "x.yaml")
    assert expected in str(error.value)
    assert str(error.value).startswith("x.yaml:")


# --- months from a CSV


def test_the_template_comes_back_as_it_was() -> None:
    content = frame_csv(template(YEAR, [1000.0 + month for month in range(12)]))
    by_month = read_months_csv(content, "t.csv")
    assert next(iter(by_month)) == "2026-11"
    assert list(by_month.values()) == [1000.0 + month for month in range(12)]


def test_a_csv_may_come_from_a_spreadsheet_of_any_kind() -> None:
    # Excel shows 2026-11 as Nov-26; others write the day, or part fields by semicolons.
    assert read_months_csv(b"month,requests_per_day\r\nNov-26,5\r\nDec-26,6\r\n", "t") == {
        "2026-11": 5.0,
        "2026-12": 6.0,
    }
    assert read_months_csv(b"\xef\xbb\xbfMonth;Requests_per_day\n2026/11;5\n2026/12/1;6\n\n", "t") == {
        "2026-11": 5.0,
        "2026-12": 6.0,
    }


@pytest.mark.parametrize(
    ("text", "expected"),
    [
        ("", "t.csv:1: the first line does not begin with month,requests_per_day (take the template)"),
        ("date,n\n2026-11,3", "t.csv:1: the first line does not begin with month,requests_per_day"),
        ("month,requests_per_day\n", "t.csv: no months (add a line for each)"),
        ("month,requests_per_day\nspring,3", "t.csv:2: 'spring' is not a month (write 2026-11)"),
        (
            "month,requests_per_day\n2026-11,many",
            "t.csv:2: 'many' is not a number (write 1000, without commas)",
        ),
        (
            "month,requests_per_day\n2026-11,nan",
            "t.csv:2: 'nan' is not a number (write 1000, without commas)",
        ),
        ("month,requests_per_day\n2026-11", "t.csv:2: '' is not a number (write 1000, without commas)"),
        ("month,requests_per_day\n2026-11,0", "t.csv:2: 0 is outside 1 to 1e+09"),
        ("month,requests_per_day\n2026-11,1\n2026-11,2", "t.csv:3: 2026-11 stands twice (keep one)"),
        (
            "month,requests_per_day\n2026-11,1\n2027-01,2",
            "t.csv: 2026-12: missing between two months (add it)",
        ),
    ],
)
def test_a_error_of_the_csv_is_named_with_its_line(text: str, expected: str) -> None:
    assert error(text).startswith(expected)


def test_bytes_that_are_no_text_are_refused_in_one_line() -> None:
    assert error(b"\xff\xfe\x00") == "t.csv: not UTF-8 text (save the file as UTF-8)"


def test_every_error_of_the_csv_is_said_at_once() -> None:
    assert len(error("month,requests_per_day\nx,1\n2026-11,y\n").splitlines()) == 2


def test_growth_and_seasons_reach_the_months_of_a_comparison() -> None:
    original = replace(scenario(traffic=Traffic(season_factors=SEASONS)), on=date(2026, 12, 5))
    by_month = compare(original, book()).requests_per_day
    assert by_month[:2].tolist() == pytest.approx([3000, 750])

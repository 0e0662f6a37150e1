"""A day's own 24 hours: read, written, shown, and what they do to a fleet."""

from __future__ import annotations

from dataclasses import replace

import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st

from costing.comparison.compare import compare
from costing.scenario.hourly_profile import as_text, hours_of, shares_of
from costing.scenario.hourly_profile import hours as report_hours
from costing.scenario.input_ranges import InputRange
from costing.scenario.scenario import workload_of
from costing.scenario.scenario_yaml import dump, read
from costing.strategies.overflow import Overflow
from costing.strategies.self_hosted import SelfHosted
from costing.uncertainty.inputs import inputs_of
from costing.workload.load_profile import SLOTS, bell_hours, day_load, peak_of
from i18n.errors import CrossoverError
from tests.support.rows import rows_of

from ...support.factories import HOSTED, book, prices, scenario, workload
from ...support.fleet import PLAIN, notes_of

OFFICE = (0.0,) * 8 + (0.1,) * 8 + (0.025,) * 8
"""Nothing until 8, a tenth an hour until 16, then a fortieth."""
UNEVEN = (0.5, 0.5, *(0.0,) * 22)

COUNTS = st.lists(st.floats(0, 1e9), min_size=24, max_size=24).filter(lambda counts: sum(counts) > 1e-3)


def test_the_busiest_hour_says_the_peak() -> None:
    # A tenth of the day in an hour is 2.4 times the average hour's 24th.
    assert peak_of(OFFICE) == pytest.approx(2.4)
    counted = workload_of(scenario().with_hours(OFFICE), {"o200k_base"}, prices())
    assert counted.peak_to_average == pytest.approx(2.4)


def test_a_fleet_is_sized_for_the_busiest_hour() -> None:
    # A request a second a replica: 86,400 x 2 requests a day are 2 a second, 4.8 in the busiest hours.
    day = replace(workload(172_800), peak_to_average=peak_of(OFFICE), hour_shares=OFFICE)
    fleet = SelfHosted.build(PLAIN, prices()).fleet
    assert fleet.size(day).replicas == 5


def test_the_overflow_follows_the_hours() -> None:
    # Half of the day's hours are at 0.6 of the average or below: 8 at none, 8 at 0.6, 8 at 2.4.
    built = Overflow.build({**PLAIN, "model": "acme/large", "percentile": 50}, prices())
    day = replace(workload(1000), peak_to_average=2.4, hour_shares=OFFICE)
    share = built.fleet.share(day)
    assert share.peak_to_average == pytest.approx(0.6)
    # (8 x 0 + 8 x 0.6 + 8 x 0.6) / 24 = 0.4
    assert share.of_requests == pytest.approx(0.4)
    assert "the shape of the day is the scenario's 24 hours" in notes_of(built, day)
    assert "the shape of the day is an assumption" in notes_of(built, workload(1000, peak_to_average=2))


def test_a_base_load_of_nothing_keeps_no_spare_and_pays_for_no_fleet() -> None:
    # A third of the day's hours have no request: up to percentile 30 there is nothing to carry.
    settings = {**PLAIN, "model": "acme/large", "spare_replicas": 2, "staff_usd_per_month": 500}
    day = replace(workload(1000), peak_to_average=2.4, hour_shares=OFFICE)
    none = Overflow.build({**settings, "percentile": 0}, prices())
    idle = Overflow.build({**settings, "percentile": 30}, prices())
    some = Overflow.build({**settings, "percentile": 50}, prices())
    assert [str(line.name) for line in idle.lines(day)] == [str(line.name) for line in none.lines(day)]
    assert idle.fleet.share(day).of_requests == 0
    assert idle.badge(day) is None
    assert any("GPU" in str(line.name) for line in some.lines(day))


def test_the_order_of_the_hours_does_not_matter_to_the_load() -> None:
    assert day_load(1, OFFICE).tolist() == day_load(1, OFFICE[::-1]).tolist()


def test_requests_in_hours_switched_off_are_said() -> None:
    fleet = SelfHosted.build({**PLAIN, "hours_on_share": 0.5}, prices())
    day = replace(workload(1000), peak_to_average=2.4, hour_shares=OFFICE)
    # The quietest 12 hours: 8 at none, 4 at a fortieth.
    assert "At least 10.0% of the requests come in hours when the fleet is off" in notes_of(fleet, day)
    assert "when the fleet is off" not in notes_of(fleet, workload(1000, peak_to_average=2))


@given(st.floats(1, 20))
def test_a_bell_by_the_hour_is_a_whole_day_with_its_top_at_noon(peak: float) -> None:
    shares = bell_hours(peak)
    assert sum(shares) == pytest.approx(1)
    assert max(shares) == shares[12]
    assert 24 * max(shares) <= peak * (1 + 1e-9)


@given(COUNTS)
def test_a_load_by_the_hour_keeps_the_day(counts: list[float]) -> None:
    load = day_load(1, shares_of(counts, "x"))
    assert len(load) == SLOTS
    assert np.mean(load) == pytest.approx(1)
    assert np.all(np.diff(load) >= 0)


@given(COUNTS)
def test_hours_come_back_from_a_scenario_file(counts: list[float]) -> None:
    own = scenario().with_hours(shares_of(counts, "x"))
    written = dump(own)
    assert "peak_to_average" not in written
    assert read(written, "x") == own


@given(COUNTS)
def test_hours_come_back_from_the_text_that_shows_them(counts: list[float]) -> None:
    shares = shares_of(counts, "x")
    assert hours_of(as_text(shares), "x") == pytest.approx(shares, abs=2e-6)


def test_a_scenario_without_hours_is_written_as_before() -> None:
    assert "hour_shares" not in dump(scenario())


@pytest.mark.parametrize(
    ("line", "what"),
    [
        ("hour_shares: [1]", "1 shares, not 24"),
        ("hour_shares: 3", "0 shares, not 24"),
        (f"hour_shares: {[0.5] * 24}", "together 12, not 1"),
        (f"hour_shares: {[-0.5, 1.5] + [0] * 22}", "'-0.5' is not a share of the day"),
        (f"hour_shares: {['x'] + [0] * 23}", "'x' is not a share of the day"),
        (f"peak_to_average: 3\n  hour_shares: {list(OFFICE)}", "keep one of them"),
    ],
)
def test_bad_hours_are_refused_by_file_and_line(line: str, what: str) -> None:
    text = dump(scenario()).replace("peak_to_average: 1", line)
    with pytest.raises(CrossoverError, match=what) as error:
        read(text, "mine.yaml")
    assert str(error.value).startswith("mine.yaml:")
    assert "workload.hour_shares" in str(error.value)


def test_numbers_are_read_in_lines_with_commas_or_as_a_table() -> None:
    wanted = shares_of([float(n) for n in range(24)], "x")
    assert hours_of("\n".join(str(n) for n in range(24)), "x") == wanted
    assert hours_of(", ".join(str(n) for n in range(24)), "x") == wanted
    table = "\ufeffhour,requests\n" + "\n".join(f"{n},{n}" for n in reversed(range(24)))
    assert hours_of(table, "x") == wanted


@pytest.mark.parametrize(
    ("text", "what"),
    [
        ("1 2 3", "x: 3 numbers, not 24"),
        ("1 " * 23 + "many", "x: 24: 'many' is not a number"),
        ("1 " * 23 + "-1", "x: 24: '-1' is not a number of requests"),
        ("1 " * 23 + "inf", "x: 24: 'inf' is not a number"),
        ("0 " * 24, "all 24 hours are 0"),
        ("hour,requests\n0,1\n0,2", "x:3: hour 0 twice"),
        ("hour,requests\n24,1", "x:2: no hour from 0 to 23"),
        ("", "x: 0 numbers, not 24"),
    ],
)
def test_bad_numbers_are_refused_by_their_place(text: str, what: str) -> None:
    with pytest.raises(CrossoverError, match=what):
        hours_of(text, "x")


def test_the_rows_of_the_chart_are_the_day() -> None:
    day = replace(workload(1000), hour_shares=OFFICE)
    rows = rows_of(report_hours(day))
    assert [row.requests for row in rows] == pytest.approx([0] * 8 + [100] * 8 + [25] * 8)
    assert {row.evidence for row in rows} == {"given"}
    assert {row.evidence for row in rows_of(report_hours(workload(1000, peak_to_average=3)))} == {"assumed"}


def test_a_range_of_the_peak_is_refused_where_the_hours_say_it() -> None:
    own = scenario(HOSTED, ranges=(InputRange("peak_to_average", 1, 2, 4),)).with_hours(OFFICE)
    with pytest.raises(CrossoverError, match="the hours of the day say what the peak is"):
        inputs_of(compare(own, book()))


def test_a_day_within_two_hours_is_a_day() -> None:
    assert peak_of(UNEVEN) == 12

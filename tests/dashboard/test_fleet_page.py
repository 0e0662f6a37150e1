"""Hourly load profile and fleet expander in an AppTest."""

from __future__ import annotations

import pytest
from streamlit.testing.v1 import AppTest

from ..support.app import errors, open_app, pick_tab, upload

OFFICE = " ".join(["0"] * 8 + ["100"] * 8 + ["25"] * 8)


@pytest.fixture
def app() -> AppTest:
    return pick_tab(open_app(), "Workload details", "workload_traffic")


def table(app: AppTest):  # type: ignore[no-untyped-def]
    return app.session_state["table"]


def own_hours(app: AppTest) -> AppTest:
    return app.toggle(key="own_hours").set_value(True).run()


def test_own_hours_start_from_the_bell_and_hide_the_peak(app: AppTest) -> None:
    assert app.number_input(key="peak_to_average").value == 3
    own_hours(app)
    assert not app.exception
    assert len(table(app).scenario.hour_shares) == 24
    assert "peak_to_average" not in {number_input.key for number_input in app.number_input}
    assert len((app.text_area(key="hours_text").value or "").split()) == 24


def test_pasted_counts_move_the_peak(app: AppTest) -> None:
    own_hours(app)
    app.text_area(key="hours_text").set_value(OFFICE).run()
    # 100 of 1,000 in an hour: 2.4 times the average hour.
    assert table(app).scenario.peak_to_average == pytest.approx(2.4)
    assert any("Peak over average: 2.40" in caption.value for caption in app.caption)


def test_an_uploaded_table_is_taken(app: AppTest) -> None:
    own_hours(app)
    rows = "hour,requests\n" + "\n".join(f"{hour},{n}" for hour, n in enumerate(OFFICE.split()))
    upload(app, "hours_upload", "hours.csv", rows.encode())
    assert table(app).scenario.peak_to_average == pytest.approx(2.4)


@pytest.mark.parametrize(
    ("content", "what"),
    [(b"1 2 3", "hours.csv: 3 numbers, not 24"), (b"\0", "hours.csv: a binary file, not text")],
)
def test_a_bad_file_is_said_and_leaves_the_day(app: AppTest, content: bytes, what: str) -> None:
    own_hours(app)
    before = table(app).scenario
    upload(app, "hours_upload", "hours.csv", content)
    assert any(what in error for error in errors(app))
    assert table(app).scenario == before


def test_back_to_the_bell_keeps_the_peak(app: AppTest) -> None:
    own_hours(app)
    app.text_area(key="hours_text").set_value(OFFICE).run()
    app.toggle(key="own_hours").set_value(False).run()
    assert table(app).scenario.hour_shares == ()
    assert app.number_input(key="peak_to_average").value == pytest.approx(2.4)


def test_the_fleet_drawer_shows_use_idle_cost_and_a_table() -> None:
    app = pick_tab(open_app(), "Overview", "fleet")
    assert not app.exception
    headings = [markdown.value.splitlines()[0] for markdown in app.main.markdown]
    assert {"##### GPU utilisation", "##### Idle cost", "##### Size, speed and energy"} <= set(headings)
    (shown,) = app.dataframe
    assert list(shown.value["gpus"]) == [2]
    assert shown.value["idle_usd_per_month"][0] < shown.value["machines_usd_per_month"][0]

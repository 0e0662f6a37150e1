"""Named saves in an AppTest: what the browser is given to save, and what it sends back to open."""

from __future__ import annotations

import json
from dataclasses import replace
from datetime import date
from typing import Any

import pytest
from streamlit.testing.v1 import AppTest

from costing.scenario.library import shipped
from costing.scenario.scenario import Scenario
from dashboard.saved_work import SavedWork, read_saved
from tests.support.app import errors, new_app, page_text, pick_tab
from tests.support.live_panel import component_data, send_event

DAY = date(2026, 11, 22)  # the tests' day of pricing
MINE = replace(shipped("domain_answers"), id="mine", names={"en": "Mine"}, requests_per_day=777, on=DAY)


@pytest.fixture
def app() -> AppTest:
    app = new_app().run()
    pick_tab(app, "File")
    return app


def scenario(app: AppTest) -> Scenario:
    current: Scenario = app.session_state["table"].scenario
    return current


def open_save(app: AppTest, work: Any) -> None:
    send_event(app, "named_saves", "opened", {"work": work})
    assert not app.exception


def test_the_browser_is_given_the_scenario_under_its_name(app: AppTest) -> None:
    app.text_input(key="scenario_name").set_value("Plan A").run()
    data = component_data(app, "named_saves")
    assert data["name"] == "Plan A"
    assert read_saved(data["work"]).scenario.opened_on(DAY) == scenario(app)


def test_a_save_opens_as_one_step_that_undo_takes_back(app: AppTest) -> None:
    before = scenario(app)
    open_save(app, SavedWork(MINE).text())
    assert scenario(app) == MINE
    app.button(key="undo").click().run()
    assert scenario(app) == before


def test_a_save_takes_the_prices_of_today_unless_it_is_pinned(app: AppTest) -> None:
    october = date(2026, 10, 1)
    open_save(app, SavedWork(MINE.pinned(october)).text())
    assert (scenario(app).on, scenario(app).is_pinned) == (october, True)
    open_save(app, SavedWork(MINE.unpinned(october)).text())
    assert (scenario(app).on, scenario(app).is_pinned) == (DAY, False)


def test_a_save_of_an_example_opens_as_the_readers_own(app: AppTest) -> None:
    open_save(app, SavedWork(shipped("brand_voice")).text())
    assert scenario(app).id == "brand_voice_own"


NEWER = {**json.loads(SavedWork(MINE).text()), "format": 99}


@pytest.mark.parametrize(
    ("work", "error"),
    [("{broken", "is damaged"), (json.dumps(NEWER), "is from another version of Crossover")],
)
def test_a_save_that_cannot_be_read_is_one_sentence_and_the_work_stays(
    app: AppTest, work: str, error: str
) -> None:
    before = scenario(app)
    open_save(app, work)
    assert any(f"The work saved in this browser {error}" in line for line in errors(app))
    assert scenario(app) is before


@pytest.mark.parametrize("work", [None, 1, ["x"]])
def test_an_event_without_a_text_changes_nothing(app: AppTest, work: object) -> None:
    before = scenario(app)
    open_save(app, work)
    assert scenario(app) is before
    assert errors(app) == []


def test_a_save_with_a_model_that_is_gone_names_it(app: AppTest) -> None:
    first = MINE.strategies[0]
    gone = MINE.with_strategy(0, replace(first, settings={**first.settings, "model": "openai/gpt-9"}))
    open_save(app, SavedWork(gone).text())
    assert "openai/gpt-9" in page_text(app) + "".join(errors(app))

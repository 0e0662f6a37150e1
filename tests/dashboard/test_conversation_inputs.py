"""The inputs of a conversation on the page: pauses, tools, images, retries, reasoning, batch."""

from __future__ import annotations

from dataclasses import replace

import pytest
from streamlit.testing.v1 import AppTest

from costing.scenario.library import load_scenario
from costing.strategy.declarations import SettingGroup
from tests.support.app import choose_example, open_app, pick_tab

from ..support.live_panel import panel_text

TOOLS = b'[{"name": "weather", "description": "A forecast", "parameters": {"type": "object"}}]'


@pytest.fixture
def app() -> AppTest:
    return pick_tab(open_app(), "Workload details", "workload_caching", "workload_tools")


def keys(app: AppTest) -> set[str | None]:
    return {number.key for number in app.number_input}


def test_what_is_not_there_asks_no_further_question(app: AppTest) -> None:
    assert {"tool_calls", "images", "retries"} <= keys(app)
    assert not {"gap", "tool_call_tokens", "image_width"} & keys(app)
    app.number_input(key="turns").set_value(4).run()
    app.number_input(key="tool_calls").set_value(1.5).run()
    app.number_input(key="images").set_value(1.0).run()
    assert {"gap", "tool_call_tokens", "tool_result_tokens", "image_width", "image_height"} <= keys(app)
    assert not app.exception
    scenario = app.session_state["table"].scenario
    assert (scenario.turns, scenario.tool_calls_per_request, scenario.images_per_request) == (4, 1.5, 1)


@pytest.mark.parametrize(
    ("key", "typed", "field", "value"),
    [
        ("retries", 10.0, "retry_share", 0.1),
        ("tool_calls", 2.0, "tool_calls_per_request", 2.0),
        ("turns", 3, "turns", 3),
    ],
)
def test_an_input_moves_the_figures_and_undo_brings_them_back(
    app: AppTest, key: str, typed: float, field: str, value: float
) -> None:
    before = panel_text(app)
    app.number_input(key=key).set_value(typed).run()
    assert getattr(app.session_state["table"].scenario, field) == value
    assert panel_text(app) != before
    app.button(key="undo").click().run()
    assert panel_text(app) == before


def test_a_model_without_a_rule_for_images_says_so_and_the_others_stay(app: AppTest) -> None:
    pick_tab(choose_example(app, "small_model"), "Workload details", "workload_tools")
    app.number_input(key="images").set_value(1.0).run()
    assert not app.exception
    reasons = [warning.value for warning in app.warning]
    assert any("no rule is published for the tokens of its images" in reason for reason in reasons)
    assert "USD" in panel_text(app)
    app.selectbox(key="image_detail").set_value("low").run()
    assert app.session_state["table"].scenario.image_detail == "low"


def test_tools_are_uploaded_counted_and_kept(app: AppTest) -> None:
    pick_tab(app, "Prompt & tokens")
    before = panel_text(app)
    app.file_uploader(key="upload_tools").upload("tools.json", TOOLS, "application/json").run()
    assert not app.error
    assert app.text_area(key="text_tools").value == TOOLS.decode()
    assert panel_text(app) != before


def test_what_is_no_list_of_tools_is_refused_in_one_line(app: AppTest) -> None:
    pick_tab(app, "Prompt & tokens")
    app.file_uploader(key="upload_tools").upload("tools.json", b"{oops}", "application/json").run()
    (error,) = [element.value.replace("\\", "") for element in app.error]
    assert error.startswith("tools.json: line 1: not JSON:")
    assert app.session_state["table"].scenario.parts["tools"].is_empty
    app.text_area(key="text_tools").set_value("[1, 2").run()
    assert not app.exception
    assert any("tools: line 1: not JSON" in element.value.replace("\\", "") for element in app.error)


def test_reasoning_and_batch_are_knobs_of_a_hosted_strategy(app: AppTest) -> None:
    pick_tab(app, "Options", "strategy_0", *(f"group_0_{group.name}" for group in SettingGroup))
    before = panel_text(app)
    app.number_input(key="knob_0_reasoning_tokens").set_value(500).run()
    reasoned = panel_text(app)
    assert reasoned != before
    app.number_input(key="knob_0_batch_share").set_value(50.0).run()
    assert app.session_state["table"].scenario.strategies[0].settings["batch_share"] == 0.5
    assert panel_text(app) != reasoned
    assert not app.exception


def test_the_travel_assistant_shows_its_lines(app: AppTest) -> None:
    choose_example(app, "travel_agent")
    pick_tab(app, "Cost breakdown")
    names = {line for frame in app.dataframe if "line" in frame.value for line in frame.value["line"]}
    assert {"Cached input tokens", "Reasoning tokens", "Cache writes"} <= names
    scenario = app.session_state["table"].scenario
    assert replace(scenario, on=load_scenario("travel_agent").on, is_pinned=True) == load_scenario(
        "travel_agent"
    )

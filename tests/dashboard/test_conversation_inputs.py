"""The inputs of a conversation on the page: pauses, tools, images, retries, reasoning, batch."""

from __future__ import annotations

import pytest
from streamlit.testing.v1 import AppTest

from costing.scenario.library import load_scenario
from tests.support.app import choose_example, open_app

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
    ("key", "value", "field"),
    [
        ("retries", 10.0, "retry_share"),
        ("tool_calls", 2.0, "tool_calls_per_request"),
        ("turns", 3, "turns"),
    ],
)
def test_an_input_moves_the_figures_and_undo_brings_them_back(
    app: AppTest, key: str, value: float, field: str
) -> None:
    before = panel_text(app)
    app.number_input(key=key).set_value(value).run()
    assert getattr(app.session_state["table"].scenario, field) == value
    assert panel_text(app) != before
    app.button(key="undo").click().run()
    assert panel_text(app) == before


def test_a_model_without_a_rule_for_images_says_so_and_the_others_stay(app: AppTest) -> None:
    choose_example(app, "small_model")
    app.number_input(key="images").set_value(1.0).run()
    assert not app.exception
    reasons = [warning.value for warning in app.warning]
    assert any("no rule is published for the tokens of its images" in reason for reason in reasons)
    assert "USD" in panel_text(app)
    app.selectbox(key="image_detail").set_value("low").run()
    assert app.session_state["table"].scenario.image_detail == "low"


def test_tools_are_uploaded_counted_and_kept(app: AppTest) -> None:
    opened(app, "Your texts")
    before = panel_text(app)
    app.file_uploader(key="upload_tools").upload("tools.json", TOOLS, "application/json").run()
    assert not app.error
    assert app.text_area(key="text_tools").value == TOOLS.decode()
    assert panel_text(app) != before


def test_what_is_no_list_of_tools_is_refused_in_one_line(app: AppTest) -> None:
    opened(app, "Your texts")
    app.file_uploader(key="upload_tools").upload("tools.json", b"{oops}", "application/json").run()
    (error,) = [element.value.replace("\\", "") for element in app.error]
    assert error.startswith("tools.json: line 1: not JSON:")
    assert app.session_state["table"].scenario.parts["tools"].is_empty
    app.text_area(key="text_tools").set_value("[1, 2").run()
    assert not app.exception
    assert any("tools: line 1: not JSON" in element.value.replace("\\", "") for element in app.error)


def test_reasoning_and_batch_are_knobs_of_a_hosted_strategy(app: AppTest) -> None:
    app.session_state["strategy_0"] = True
    opened(app, "Strategies")
    before = panel_text(app)
    app.number_input(key="knob_0_reasoning_tokens").set_value(500).run()
    reasoned = panel_text(app)
    assert reasoned != before
    app.number_input(key="knob_0_batch_share").set_value(0.5).run()
    assert panel_text(app) != reasoned
    assert not app.exception


def test_the_travel_assistant_shows_its_lines(app: AppTest) -> None:
    choose_example(app, "travel_agent")
    opened(app, "Every line")
    (table,) = app.dataframe
    names = set(table.value.iloc[:, 1]) | set(table.value.iloc[:, 0])
    assert {"Cached input tokens", "Reasoning tokens", "Cache writes"} <= names
    assert app.session_state["table"].scenario == load_scenario("travel_agent")

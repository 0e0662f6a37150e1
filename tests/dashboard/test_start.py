"""Ways to start a comparison, in an AppTest."""

from __future__ import annotations

import pytest
from streamlit.testing.v1 import AppTest

from costing.scenario.scenario import Part, Scenario
from dashboard.components import start
from tests.support.app import choose_example, errors, page_text, pick_tab

PROMPT = "You answer questions about tents. " * 30


def scenario(app: AppTest) -> Scenario:
    current: Scenario = app.session_state["table"].scenario
    return current


def way(app: AppTest, name: str) -> AppTest:
    app.session_state["start_way_name"] = name
    return pick_tab(app, "Start")


def paste(app: AppTest) -> AppTest:
    way(app, "prompt")
    return app.text_area(key="start_prompt").set_value(PROMPT).run()


def test_a_prompt_over_an_example_asks_one_question_and_changes_nothing_yet(app: AppTest) -> None:
    before = scenario(app)
    paste(app)
    assert scenario(app) == before
    assert "Replace them by your prompt?" in page_text(app)
    assert app.text_area(key="start_prompt").value == PROMPT


def test_replace_empties_the_example_and_keeps_the_lengths_of_question_and_answer(app: AppTest) -> None:
    answer = scenario(app).parts["answer"]
    paste(app)
    app.button(key="start_replace").click().run()
    parts = scenario(app).parts
    assert parts["instruction"] == Part(text=PROMPT)
    assert (parts["example"], parts["knowledge"], parts["tools"]) == (Part(), Part(), Part())
    assert answer.text
    assert (parts["answer"].text, parts["question"].text) == ("", "")
    assert parts["answer"].tokens == 180  # the length of the example's answer in o200k_base
    assert not start.is_example(scenario(app))
    assert errors(app) == []


def test_keep_leaves_the_other_texts(app: AppTest) -> None:
    before = scenario(app).parts
    paste(app)
    app.button(key="start_keep").click().run()
    parts = scenario(app).parts
    assert parts["instruction"].text == PROMPT
    assert parts["knowledge"] == before["knowledge"]


def test_cancel_leaves_the_example(app: AppTest) -> None:
    before = scenario(app)
    paste(app)
    app.button(key="start_cancel").click().run()
    assert scenario(app) == before
    assert app.text_area(key="start_prompt").value == ""


def test_undo_takes_back_the_replacement_in_one_step(app: AppTest) -> None:
    before = scenario(app)
    paste(app)
    app.button(key="start_replace").click().run()
    app.button(key="undo").click().run()
    assert scenario(app) == before


def test_a_second_prompt_of_ones_own_asks_nothing(app: AppTest) -> None:
    paste(app)
    app.button(key="start_replace").click().run()
    app.text_area(key="start_prompt").set_value("Short rules.").run()
    assert scenario(app).parts["instruction"].text == "Short rules."


def test_three_token_numbers_become_question_prefix_and_answer(app: AppTest) -> None:
    way(app, "tokens")
    app.number_input(key="start_input").set_value(700)
    app.number_input(key="start_cached").set_value(3000)
    app.number_input(key="start_output").set_value(250)
    app.button[[b.label for b in app.button].index("Use these numbers")].click().run()
    parts = scenario(app).parts
    assert {name: part.tokens for name, part in parts.items() if part.tokens} == {
        "question": 700,
        "instruction": 3000,
        "answer": 250,
    }
    assert errors(app) == []


@pytest.mark.parametrize(
    ("unit", "number", "requests_per_day"),
    [
        ("requests", 1234, 1234),
        # 30,000,000 tokens per month of 1,000 tokens each, over 365.25 / 12 days: 985.63 requests per day.
        ("tokens", 30_000_000, 985.63),
    ],
)
def test_a_usage_number_becomes_requests_per_day(
    app: AppTest, unit: str, number: float, requests_per_day: float
) -> None:
    choose_example(app, "claim_25m_owned")  # 750 tokens in, 250 out
    way(app, "usage")
    app.selectbox(key="start_unit").set_value(unit)
    app.number_input(key="start_usage_number").set_value(float(number))
    app.button[[b.label for b in app.button].index("Use this number")].click().run()
    assert scenario(app).requests_per_day == pytest.approx(requests_per_day, abs=0.01)


def test_blank_asks_for_input_instead_of_showing_an_error(app: AppTest) -> None:
    way(app, "blank")
    app.button(key="start_blank").click().run()
    assert start.is_blank(scenario(app))
    assert errors(app) == []
    assert any("Paste a prompt or type token numbers" in box.value for box in app.info)
    app.button(key="undo").click().run()
    assert not start.is_blank(scenario(app))


def test_the_texts_of_an_example_say_so_and_can_be_removed(app: AppTest) -> None:
    pick_tab(app, "Prompt & tokens")
    assert "These are the texts of an example." in page_text(app)
    app.button(key="remove_example_texts").click().run()
    assert all(not part.text for part in scenario(app).parts.values())
    assert errors(app) == []
    assert "These are the texts of an example." not in page_text(app)


def test_growth_is_typed_as_percent(app: AppTest) -> None:
    way(app, "prompt")
    app.number_input(key="growth").set_value(7.0).run()
    assert scenario(app).growth_share_per_month == 0.07
    assert app.number_input(key="growth").value == 7.0

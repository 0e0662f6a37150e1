"""Uncertainty view in an AppTest: ranges, simulation, map and goal seek."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import replace
from typing import Any

import pytest
from streamlit.testing.v1 import AppTest

from costing.cost_lines import CostLine
from costing.scenario.input_ranges import Correlation, InputRange
from costing.scenario.requirements import RESOLVED_REQUEST, Needs
from costing.scenario.scenario import Scenario
from costing.strategies.stuffed_prompt import StuffedPrompt
from costing.workload.workload import Workload

from ..support.app import errors, open_app, pick_tab


def scenario_of(app: AppTest) -> Scenario:
    scenario: Scenario = app.session_state["table"].scenario
    return scenario


def edited(app: AppTest, path: str) -> AppTest:
    pick_tab(app, "Risk & sensitivity", "ranges")
    app.selectbox(key="range_input").set_value(path).run()
    return app


def test_a_range_is_edited_saved_with_the_scenario_and_taken_back(app: AppTest) -> None:
    edited(app, "tokens.answer")
    app.selectbox(key="range_shape_tokens.answer").set_value("lognormal").run()
    (answer_range,) = scenario_of(app).ranges
    assert (answer_range.path, answer_range.shape, answer_range.likely) == ("tokens.answer", "lognormal", 1.0)
    app.number_input(key="range_high_tokens.answer").set_value(3.0).run()
    assert scenario_of(app).ranges[0].high == 3.0
    assert not errors(app)
    app.button(key="undo").click().run()
    assert scenario_of(app).ranges == (answer_range,)
    assert app.number_input(key="range_high_tokens.answer").value == answer_range.high
    app.selectbox(key="range_shape_tokens.answer").set_value("as proposed").run()
    assert scenario_of(app).ranges == ()


def test_a_listed_value_that_is_not_a_number_is_an_error_and_changes_nothing(app: AppTest) -> None:
    edited(app, "turns")
    app.selectbox(key="range_shape_turns").set_value("values").run()
    app.text_input(key="range_values_turns").set_value("1, 2, 2, 4").run()
    assert scenario_of(app).ranges[0].values == (1, 2, 2, 4)
    app.text_input(key="range_values_turns").set_value("1, many").run()
    assert "is not a list of numbers" in errors(app)[0]
    assert scenario_of(app).ranges[0].values == (1, 2, 2, 4)


def test_an_end_beyond_the_limits_of_the_input_is_an_error_and_changes_nothing(app: AppTest) -> None:
    edited(app, "turns")
    app.selectbox(key="range_shape_turns").set_value("uniform").run()
    before = scenario_of(app)
    app.number_input(key="range_high_turns").set_value(500.0).run()
    assert "is outside 1 to 100" in errors(app)[0]
    assert scenario_of(app) == before


def test_a_rejected_end_stays_in_its_control_until_it_is_corrected(app: AppTest) -> None:
    edited(app, "turns")
    app.selectbox(key="range_shape_turns").set_value("uniform").run()
    app.number_input(key="range_high_turns").set_value(500.0).run()
    assert app.number_input(key="range_high_turns").value == 500.0
    app.number_input(key="range_high_turns").set_value(5.0).run()
    assert not errors(app)
    assert scenario_of(app).ranges[0].high == 5.0


def test_growth_can_be_a_range_too_and_is_typed_in_percent(app: AppTest) -> None:
    edited(app, "growth_share_per_month")
    app.selectbox(key="range_shape_growth_share_per_month").set_value("triangular").run()
    assert app.number_input(key="range_high_growth_share_per_month").label == "High (%)"
    app.number_input(key="range_high_growth_share_per_month").set_value(5.0).run()
    assert scenario_of(app).ranges == (InputRange("growth_share_per_month", -0.02, 0.0, 0.05, "triangular"),)


def test_two_inputs_are_correlated_and_parted_again(app: AppTest) -> None:
    pick_tab(app, "Risk & sensitivity", "ranges")
    app.selectbox(key="correlate_first").set_value("requests_per_day").run()
    app.selectbox(key="correlate_second").set_value("tokens.answer").run()
    app.button(key="correlate").click().run()
    assert scenario_of(app).correlations == (Correlation("requests_per_day", "tokens.answer", 0.5),)
    app.slider(key="rank_requests_per_day_tokens.answer").set_value(-0.25).run()
    assert scenario_of(app).correlations[0].rank == -0.25
    app.button(key="uncorrelate_requests_per_day_tokens.answer").click().run()
    assert scenario_of(app).correlations == ()


def test_an_input_with_itself_is_no_correlation(app: AppTest) -> None:
    pick_tab(app, "Risk & sensitivity", "ranges")
    app.selectbox(key="correlate_second").set_value(app.selectbox(key="correlate_first").value).run()
    app.button(key="correlate").click().run()
    assert "twice the same input" in errors(app)[0]


def test_a_range_of_a_price_no_longer_used_can_be_removed(app: AppTest) -> None:
    table: Any = app.session_state["table"]
    table.scenario = replace(table.scenario, ranges=(InputRange("prices.nobody/none", 0.5, 1, 2),))
    pick_tab(app, "Risk & sensitivity", "ranges")
    assert "'nobody/none' is not used here" in errors(app)[0]
    app.button(key="range_remove_prices.nobody/none").click().run()
    assert scenario_of(app).ranges == ()
    assert not errors(app)


def test_removing_a_strategy_takes_its_ranges_along(app: AppTest) -> None:
    edited(app, "strategies.4.spare_replicas")
    app.selectbox(key="range_shape_strategies.4.spare_replicas").set_value("uniform").run()
    pick_tab(app, "Options", "strategy_0")
    app.button(key="remove_0").click().run()
    assert [input_range.path for input_range in scenario_of(app).ranges] == ["strategies.3.spare_replicas"]


def test_a_map_names_who_stays_cheapest_and_follows_its_inputs(app: AppTest) -> None:
    pick_tab(app, "Risk & sensitivity", "map_drawer")
    texts = [m.value for m in app.main.markdown]
    assert any("of the map" in text or "everywhere on the map" in text for text in texts)
    app.selectbox(key="map_up").set_value("requests_per_day").run()
    assert "twice the same input" in errors(app)[0]
    app.selectbox(key="map_up").set_value("turns").run()
    assert not errors(app)
    assert app.number_input(key="map_up_low_turns").value == 1.0


def test_goal_seek_answers_in_words_on_the_page() -> None:
    app = open_app("claim_25m_owned")
    pick_tab(app, "Risk & sensitivity", "seek_drawer")
    app.selectbox(key="seek_input").set_value("strategies.2.purchase_usd_per_gpu").run()
    assert any("31,433.9" in m.value for m in app.main.markdown)
    app.selectbox(key="seek_first").set_value(-1).run()
    app.number_input(key="seek_target").set_value(20_000_000.0).run()
    assert any("Self-hosting is cheaper from 20 M tokens per day on if" in m.value for m in app.main.markdown)


def test_a_formula_that_makes_the_draws_slow_is_named(app: AppTest, monkeypatch: pytest.MonkeyPatch) -> None:
    lines = StuffedPrompt.lines

    def whole_tokens(self: StuffedPrompt, workload: Workload) -> Iterator[CostLine]:
        int(self.prompt(workload).output_tokens)
        yield from lines(self, workload)

    monkeypatch.setattr(StuffedPrompt, "lines", whole_tokens)
    pick_tab(app, "Risk & sensitivity")
    app.number_input(key="draws").set_value(100).run()
    sentences = [m.value for m in app.main.markdown if "evaluated one by one" in m.value]
    assert sentences
    assert all("takes only one number)" in sentence for sentence in sentences)


def test_closed_expanders_are_not_calculated(app: AppTest) -> None:
    pick_tab(app, "Risk & sensitivity")
    keys = {selectbox.key for selectbox in app.selectbox}
    assert not keys & {"range_input", "map_across", "seek_input"}


@pytest.mark.parametrize(
    ("path", "high"),
    [
        ("tool_calls_per_request", 4.0),
        ("images_per_request", 2.0),
        ("api_price_drift_share_per_year", 0.3),
        ("electricity_drift_share_per_year", 0.2),
        ("season_factors.12", 1.8),
    ],
)
def test_tools_images_drifts_and_seasons_can_be_ranges_and_are_drawn(
    app: AppTest, path: str, high: float
) -> None:
    edited(app, path)
    app.selectbox(key=f"range_shape_{path}").set_value("triangular").run()
    typed = 100 * high if "_share" in path else high
    app.number_input(key=f"range_high_{path}").set_value(typed).run()
    (input_range,) = scenario_of(app).ranges
    assert (input_range.path, input_range.high, input_range.shape) == (path, high, "triangular")
    is_explained = any("Changes only the months ahead" in caption.value for caption in app.caption)
    assert is_explained == ("per_request" not in path)
    app.button(key="draw").click().run()
    assert not errors(app)
    assert not app.exception


def test_a_map_over_tool_calls_is_drawn(app: AppTest) -> None:
    pick_tab(app, "Risk & sensitivity", "map_drawer")
    app.selectbox(key="map_up").set_value("tool_calls_per_request").run()
    assert not errors(app)
    assert app.number_input(key="map_up_high_tool_calls_per_request").value == 20.0


def test_the_probability_is_among_the_options_that_can_be_chosen(app: AppTest) -> None:
    pick_tab(app, "Risk & sensitivity")
    texts = [m.value.replace("\\", "") for m in app.main.markdown]
    # Of all four options it is the cheapest in a tenth of the simulations, of the two that last in 9 of 10.
    (sentence,) = [text for text in texts if text.startswith("#### The recommended option, Prompt stuffing")]
    assert "is the cheapest of the options that you can choose in 9" in sentence
    assert any(
        "Of all options, Fine-tuned · GPT-4.1 mini (Azure) is the cheapest most often" in t for t in texts
    )


def test_an_empty_span_is_an_error_beside_its_inputs(app: AppTest) -> None:
    pick_tab(app, "Risk & sensitivity", "seek_drawer")
    app.number_input(key="seek_input_low_requests_per_day").set_value(3e6).run()
    assert errors(app) == ["“From” must be less than “To” (change one of them)"]


def test_resolution_rates_are_sought_in_percent() -> None:
    needs = Needs(rank_by=RESOLVED_REQUEST, escalation_usd=4.0)
    app = open_app()
    table: Any = app.session_state["table"]
    strategies = tuple(
        replace(choice, settings={**choice.settings, "resolved_share": 0.8})
        for choice in table.scenario.strategies
    )
    table.scenario = replace(table.scenario, strategies=strategies, needs=needs)
    pick_tab(app, "Risk & sensitivity", "seek_drawer")
    app.selectbox(key="seek_input").set_value("strategies.1.resolved_share").run()
    assert app.number_input(key="seek_input_high_strategies.1.resolved_share").value == 100.0
    assert app.number_input(key="seek_input_high_strategies.1.resolved_share").label == "To (%)"

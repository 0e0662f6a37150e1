"""Cash flow view in an AppTest: the editor, its effects, and the display of the months."""

from __future__ import annotations

from dataclasses import replace
from typing import Any

import pytest
from streamlit.testing.v1 import AppTest

from costing.scenario.library import load_scenario
from costing.scenario.scenario import Scenario

from ..support.app import errors, open_app


@pytest.fixture
def app() -> AppTest:
    return opened(open_app())


def opened(app: AppTest, *drawers: str) -> AppTest:
    """The view with the inputs of traffic open above it."""
    app.session_state["views"] = {"": "cash-flow"}
    app.session_state["inputs_section_name"] = "workload"
    for drawer in ("inputs", "workload_traffic", "workload_dates", *drawers):
        app.session_state[drawer] = True
    return app.run()


def change(app: AppTest, **changes: Any) -> AppTest:
    """The view with another scenario."""
    app.session_state["table"].scenario = replace(scenario_of(app), **changes)
    return app.run()


def scenario_of(app: AppTest) -> Scenario:
    scenario: Scenario = app.session_state["table"].scenario
    return scenario


def verdict_text(app: AppTest) -> str:
    """The sentence of the months, without its Markdown."""
    texts = [m.value.replace("\\", "") for m in app.main.markdown]
    return next(text for text in texts if text.startswith("**Over "))


def table(app: AppTest, *columns: str) -> dict[str, list[Any]]:
    """The table that has these columns."""
    for element in app.dataframe:
        if set(columns) <= set(element.value.columns):
            return {name: list(element.value[name]) for name in element.value.columns}
    raise AssertionError(f"no table with {columns}")


def test_the_tab_says_who_costs_least_over_the_horizon(app: AppTest) -> None:
    assert not app.exception
    assert verdict_text(app).startswith(
        "**Over 24 months, Fine-tuned · GPT-4.1 mini (Azure) has the lowest cost: "
    )
    assert len(table(app, "present_value_usd", "payback_months")["strategy"]) == 4


def test_growth_typed_here_is_the_scenarios_growth_and_undo_takes_it_back(app: AppTest) -> None:
    before = verdict_text(app)
    app.number_input(key="traffic_growth").set_value(10.0).run()
    assert scenario_of(app).growth_share_per_month == 0.1
    assert verdict_text(app) != before
    app.session_state["table"].work.undo()
    app.run()
    assert scenario_of(app).growth_share_per_month == 0
    assert verdict_text(app) == before


def test_an_s_curve_shows_its_own_inputs(app: AppTest) -> None:
    app.selectbox(key="traffic_shape").set_value("s_curve").run()
    assert scenario_of(app).traffic.shape == "s_curve"
    app.number_input(key="traffic_ceiling_multiple").set_value(8.0).run()
    assert scenario_of(app).traffic.ceiling_multiple == 8
    assert errors(app) == []


def test_months_given_start_as_they_are_and_take_a_file(app: AppTest) -> None:
    app.number_input(key="traffic_growth").set_value(10.0).run()
    app.selectbox(key="traffic_shape").set_value("months").run()
    given = scenario_of(app).traffic.given
    assert len(given) == 24
    assert (given["2026-11"], given["2026-12"]) == (20_000, 22_000)
    content = b"month,requests_per_day\nNov-26,500\nDec-26,700\n"
    app.file_uploader(key="traffic_upload").upload("plan.csv", content, "text/csv").run()
    assert scenario_of(app).traffic.given == {"2026-11": 500, "2026-12": 700}
    assert any(
        "Traffic is given up to 2026-12" in what for what in table(app, "event", "description")["description"]
    )


def test_a_faulty_file_of_months_is_refused_with_its_line(app: AppTest) -> None:
    app.selectbox(key="traffic_shape").set_value("months").run()
    before = scenario_of(app)
    app.file_uploader(key="traffic_upload").upload(
        "p.csv", b"month,requests_per_day\nx,1\n", "text/csv"
    ).run()
    assert errors(app) == ["p.csv:2: 'x' is not a month (write 2026-11)"]
    assert scenario_of(app) == before


def test_one_month_can_be_changed_alone(app: AppTest) -> None:
    app.selectbox(key="traffic_shape").set_value("months").run()
    app.selectbox(key="traffic_month").set_value("2027-03").run()
    app.number_input(key="traffic_month_volume").set_value(90_000.0).run()
    given = scenario_of(app).traffic.given
    assert (given["2027-02"], given["2027-03"], given["2027-04"]) == (20_000, 90_000, 20_000)


def test_months_that_begin_too_late_can_be_mended_in_the_tab(app: AppTest) -> None:
    app.selectbox(key="traffic_shape").set_value("months").run()
    late = b"month,requests_per_day\n2027-01,500\n"
    app.file_uploader(key="traffic_upload").upload("plan.csv", late, "text/csv").run()
    assert errors(app) == [
        "traffic: no requests for 2026-11 (the first month given is 2027-01: add it, or choose a later day)"
    ]
    app.selectbox(key="traffic_month").set_value("2026-11").run()
    app.number_input(key="traffic_month_volume").set_value(400.0).run()
    assert errors(app) == []
    assert scenario_of(app).traffic.given == {"2026-11": 400, "2026-12": 500, "2027-01": 500}


def test_seasons_and_drifts_reach_the_scenario(app: AppTest) -> None:
    opened(app, "seasons")
    app.number_input(key="season_12").set_value(3.0).run()
    assert scenario_of(app).traffic.season_factors == (1.0,) * 11 + (3.0,)
    app.number_input(key="season_12").set_value(1.0).run()
    assert scenario_of(app).traffic.season_factors == ()
    before = verdict_text(app)
    app.number_input(key="api_price_drift_share_per_year").set_value(-30.0).run()
    assert scenario_of(app).outlook.api_price_drift_share_per_year == -0.3
    assert verdict_text(app) != before
    app.number_input(key="discount_rate_share_per_year").set_value(0.0).run()
    assert "(discount rate 0.0% per year)" in verdict_text(app)


def test_what_never_pays_back_is_a_dash_and_the_page_says_so(app: AppTest) -> None:
    (summary,) = [element for element in app.dataframe if "payback_months" in element.value]
    assert summary.value["payback_months"].isna().any()
    assert summary.proto.placeholder == "–"
    assert any(element.value.startswith("No payback: not within the horizon") for element in app.caption)


def test_the_payments_of_a_month_end_with_their_total_and_link_to_their_sources(app: AppTest) -> None:
    app.selectbox(key="cash_month").set_value("2027-02").run()
    rows = table(app, "payment", "price_ref", "source")
    assert "retraining" in rows["payment"]
    assert list(rows)[:2] == ["line", "amount_usd"]
    *amounts, total = rows["amount_usd"]
    assert rows["line"][-1] == "Total"
    assert total == pytest.approx(sum(amounts))
    assert all(source.startswith("https://") for source in rows["source"][:-1])
    assert "20,000 requests per day in 2027-02" in [caption.value for caption in app.caption]


def test_the_payments_are_those_of_the_chosen_option(app: AppTest) -> None:
    before = table(app, "payment", "price_ref")["price_ref"]
    app.selectbox(key="cash_payments_of").select_index(1).run()
    assert not app.exception
    assert table(app, "payment", "price_ref")["price_ref"] != before


def test_the_bridge_goes_from_the_monthly_cost_to_the_total_of_the_summary(app: AppTest) -> None:
    app.selectbox(key="cash_bridge_of").select_index(0).run()
    steps = table(app, "step", "calculation")
    total = table(app, "total_usd", "npv_usd")["total_usd"][0]
    assert steps["step"][0] == "= Monthly cost × months"
    assert steps["step"][-1] == "= Cash flow, all months"
    assert steps["amount_usd"][-1] == total
    assert "Training after a retirement" in steps["step"]
    changes = [usd for step, usd in zip(steps["step"], steps["amount_usd"], strict=True) if step[0] != "="]
    assert steps["amount_usd"][0] + sum(changes) == pytest.approx(total)
    assert steps["calculation"][0] == "1,578.36 USD per month × 24 months"


def test_another_currency_stands_before_usd_in_the_bridge(app: AppTest) -> None:
    change(app, currency="TWD")
    assert not app.exception
    element = next(each for each in app.dataframe if {"step", "calculation"} <= set(each.value.columns))
    shown = list(element.proto.column_order)
    assert shown.index("amount") < shown.index("amount_usd")
    rows = table(app, "step", "calculation")
    assert rows["amount"][0] == pytest.approx(float(rows["amount_usd"][0]) * rows["fx_per_usd"][0])
    assert rows["calculation"][0].endswith(" TWD per month × 24 months")


def test_the_bridge_of_another_option_is_one_selection_away(app: AppTest) -> None:
    before = table(app, "step", "calculation")["amount_usd"]
    app.selectbox(key="cash_bridge_of").select_index(1).run()
    assert table(app, "step", "calculation")["amount_usd"] != before


def test_a_shorter_horizon_does_not_lose_the_chosen_month(app: AppTest) -> None:
    app.selectbox(key="cash_month").set_value("2028-06").run()
    change(app, horizon_months=6)
    assert not app.exception
    assert app.selectbox(key="cash_month").value == "2026-11"


def test_payback_is_against_the_strategy_that_is_chosen(app: AppTest) -> None:
    app.session_state["table"].scenario = load_scenario("claim_25m_owned")
    app.run()
    rows = table(app, "present_value_usd", "payback_months")
    assert [value for value in rows["payback_months"] if value == value] == [pytest.approx(28.69, abs=0.01)]
    own = "Self-hosted · Llama 3.3 70B FP8 (2 × H100 per replica, bought)"
    app.selectbox(key="cash_against").set_value(own).run()
    rows = table(app, "present_value_usd", "payback_months")
    assert not [value for value in rows["payback_months"] if value is not None and value == value]
    assert table(app, "ahead", "behind")["ahead"] == [own]


def test_what_follows_a_retired_model_is_chosen_here(app: AppTest) -> None:
    first, *others = scenario_of(app).strategies
    nano = replace(first, settings={**first.settings, "model": "openai/gpt-5.4-nano"})
    change(app, strategies=(nano, *others))
    # The shipped row retires on 2027-04-01; a successor was not named.
    box = app.selectbox(key="successor_openai/gpt-5.4-nano")
    assert box.value == ""
    assert any(
        "assumed: a successor at the same price" in what for what in table(app, "description")["description"]
    )
    box.set_value("openai/gpt-5.4-mini").run()
    assert scenario_of(app).outlook.successors == {"openai/gpt-5.4-nano": "openai/gpt-5.4-mini"}
    assert any(
        "GPT-5.4 mini (OpenAI) replaces it" in what for what in table(app, "description")["description"]
    )
    assert errors(app) == []


def test_the_timeline_leads_to_the_choice_of_a_replacement() -> None:
    app = open_app()
    app.session_state["views"] = {"": "cash-flow"}
    app.run()
    assert not [box for box in app.selectbox if str(box.key).startswith("successor_")]
    app.button(key="cash_replacements").click().run()
    assert not app.exception
    # The example's first option is gpt-4.1, which retires within the horizon.
    assert "successor_openai/gpt-4.1" in [box.key for box in app.selectbox]

"""Break-even page in an AppTest: what the page shows after each action of a user."""

from __future__ import annotations

from datetime import date
from typing import Any

import pytest
from streamlit.testing.v1 import AppTest

from costing.claim.drivers import DRIVERS
from dashboard.pages import claim as claim_page
from tests.support.app import go, open_app, page_text, table
from tests.support.live_panel import component_data

NO_LONGER = (
    "No longer: at the prices of 2026-11-22, 25 M tokens per day are not enough: self-hosting breaks even at "
    "26.5 M against GPT-6.1 sol (enough until 2026-09-22) and at 529 M against GPT-6 luna (never enough)."
)
BASELINE = "Break-even: 24.2 M tokens per day with 2 × H100 SXM bought, against GPT-4o."


@pytest.fixture
def app(today: date) -> AppTest:
    return go(open_app(), "claim")


def tab(app: AppTest, label: str) -> AppTest:
    """Open a view by its English title."""
    name = next(name for name, title in claim_page.VIEWS.items() if title == label)
    app.session_state["views"] = {claim_page.PATH: name}
    app.run()
    assert not app.exception
    return app


def metrics(app: AppTest) -> dict[str, str]:
    return {metric.label: metric.value for metric in app.metric}


def traces(app: AppTest, key: str) -> list[dict[str, Any]]:
    """Traces of a figure."""
    data: list[dict[str, Any]] = component_data(app, key)["spec"]["data"]
    return data


def test_the_title_answers_whether_the_claim_holds_and_since_when_not(app: AppTest) -> None:
    assert not app.exception
    text = page_text(app)
    assert NO_LONGER in text
    assert BASELINE in text
    assert "This is a reconstruction: the vendor's assumptions are unknown." in text
    assert metrics(app) == {
        "Break-even": "24.2 M",
        "Baseline": "24.2 M",
        "The claim": "25 M",
        "Capacity of one replica": "763 M",
    }


def test_the_table_by_model_has_since_when(app: AppTest) -> None:
    rows = table(app, "claim_holds").set_index("model_line")
    assert not rows["claim_holds"].any()
    assert rows.loc["OpenAI's flagship", "day"] == date(2026, 9, 22)
    assert rows.loc["Google's Flash", "next_change"] == date(2027, 1, 1)


def test_the_derivation_shows_each_step_with_its_unit(app: AppTest) -> None:
    steps = table(app, "step_result").set_index("derivation_step")["step_result"]
    assert steps["API: one million tokens"] == "4.375 USD per Mtok"
    assert steps["Break-even"] == "24.2 M tokens per day"
    assert steps["Share of it that the claim's 25 M need"] == "3.27%"
    assert "Against GPT-4o mini: 403 M tokens per day." in page_text(app)


@pytest.mark.parametrize("label", claim_page.VIEWS.values())
@pytest.mark.parametrize("tenure", ["owned", "rented"])
def test_every_tab_runs_for_bought_and_rented(app: AppTest, label: str, tenure: str) -> None:
    app.segmented_control(key="claim_tenure").set_value(tenure)
    tab(app, label)
    assert metrics(app)["Baseline"] == {"owned": "24.2 M", "rented": "25.8 M"}[tenure]


def test_the_headline_follows_a_driver_and_keeps_the_baseline(app: AppTest) -> None:
    # Electricity is 6.799 of 105.825 USD per day: without it 99.026 / 4.375 = 22.6 M.
    tab(app, "Assumptions")
    app.session_state["claim_group_operation"] = True
    app.run()
    app.slider(key="claim_driver_usd_per_kwh").set_value(0.0).run()
    assert (
        "Break-even: baseline 24.2 M, with your changes 22.6 M tokens per day (2 × H100 SXM bought, against "
        "GPT-4o)." in page_text(app)
    )
    assert metrics(app)["Break-even"] == "22.6 M"
    # gpt-6.1-sol at 4 USD: 99.026 / 4 = 24.8 M, so the title changes, too.
    assert "Only in part: at the prices of 2026-11-22" in page_text(app)
    app.button(key="claim_reset").click().run()
    assert BASELINE in page_text(app)
    assert NO_LONGER in page_text(app)


def test_a_changed_driver_is_marked_and_goes_back_on_its_own(app: AppTest) -> None:
    tab(app, "Assumptions")
    assert app.button(key="claim_back_spare_replicas").disabled
    app.number_input(key="claim_number_spare_replicas").set_value(1).run()
    app.number_input(key="claim_number_staff_usd_per_month").set_value(1234.0).run()
    assert "changed" in app.slider(key="claim_driver_spare_replicas").label
    assert app.slider(key="claim_driver_spare_replicas").value == 1
    app.button(key="claim_back_spare_replicas").click().run()
    assert app.number_input(key="claim_number_spare_replicas").value == 0
    assert "changed" not in app.slider(key="claim_driver_spare_replicas").label
    assert app.number_input(key="claim_number_staff_usd_per_month").value == 1234
    assert "No staff counted" not in page_text(app)


def test_a_typed_value_between_the_positions_of_a_logarithmic_slider_is_kept(app: AppTest) -> None:
    tab(app, "Assumptions")
    app.number_input(key="claim_number_api_output_usd_per_mtok").set_value(17.77).run()
    slider = app.select_slider(key="claim_driver_api_output_usd_per_mtok")
    assert slider.value == 17.77
    assert {"0.01", "10", "17.77", "300"} <= set(slider.options)


def test_shares_are_typed_as_percent(app: AppTest) -> None:
    tab(app, "Assumptions")
    assert app.number_input(key="claim_number_input_share").value == 75
    assert app.number_input(key="claim_number_input_share").label == "Share of input tokens (%)"
    app.number_input(key="claim_number_input_share").set_value(50.0).run()
    # (2.5 + 10) / 2 = 6.25 USD: 105.825 / 6.25
    assert metrics(app)["Break-even"] == "16.9 M"


def test_each_change_is_one_step_to_undo_and_to_redo(app: AppTest) -> None:
    tab(app, "Assumptions")
    assert app.button(key="undo").disabled
    app.number_input(key="claim_number_spare_replicas").set_value(1).run()
    app.number_input(key="claim_number_staff_usd_per_month").set_value(1000.0).run()
    app.button(key="undo").click().run()
    assert app.number_input(key="claim_number_staff_usd_per_month").value == 0
    assert metrics(app)["Break-even"] == "48.4 M"
    app.button(key="redo").click().run()
    assert app.number_input(key="claim_number_staff_usd_per_month").value == 1000
    app.button(key="undo").click().run()
    app.button(key="undo").click().run()
    assert metrics(app)["Break-even"] == "24.2 M"
    assert app.button(key="undo").disabled


def test_groups_are_closed_until_one_of_their_drivers_is_changed(app: AppTest) -> None:
    tab(app, "Assumptions")
    shown = {element.key for element in app.number_input if str(element.key).startswith("claim_number_")}
    main = {f"claim_number_{d.id}" for d in DRIVERS.values() if d.is_main and d.matters("owned")}
    assert shown == main


def test_another_model_comes_with_its_prices_and_never_is_shown(app: AppTest) -> None:
    app.selectbox(key="claim_model").set_value("openai/gpt-4o-mini").run()
    assert metrics(app)["Break-even"] == "403 M"
    tab(app, "Assumptions")
    app.session_state["claim_group_load"] = True
    app.run()
    app.number_input(key="claim_number_peak_to_average").set_value(4.0).run()
    assert metrics(app)["Break-even"] == "never"
    assert "with your changes at no volume" in page_text(app)
    assert "Never: at scale one million tokens cost 0.2846 USD on the servers" in page_text(app)
    tab(app, "Cost map")
    tab(app, "Derivation")


def test_a_driver_of_one_tenure_is_kept_while_the_other_is_shown(app: AppTest) -> None:
    tab(app, "Assumptions")
    app.session_state["claim_group_operation"] = True
    app.run()
    app.number_input(key="claim_number_pue").set_value(3.0).run()
    assert metrics(app)["Break-even"] != "24.2 M"
    app.segmented_control(key="claim_tenure").set_value("rented").run()
    assert metrics(app)["Break-even"] == "25.8 M"
    app.segmented_control(key="claim_tenure").set_value("owned").run()
    assert app.number_input(key="claim_number_pue").value == 3


def test_goal_seek_answers_and_its_value_can_be_used(app: AppTest) -> None:
    tab(app, "Goal seek")
    assert (
        "For a break-even at 25 M tokens per day, Purchase price per GPU would have to be 31,433.9 USD."
        in page_text(app)
    )
    app.button(key="claim_use_0").click().run()
    assert metrics(app)["Break-even"] == "25 M"
    app.selectbox(key="claim_seek").set_value("load_share").run()
    app.number_input(key="claim_target").set_value(80.0).run()
    assert "no value between 0% and 100% does it" in page_text(app)


def test_the_history_reaches_from_2023_through_announced_prices(app: AppTest) -> None:
    tab(app, "Over time").multiselect(key="claim_lines").set_value(["flagship", "flash"]).run()
    rows = table(app, "launch_source")
    assert min(rows["day"]) == date(2023, 3, 14)
    assert list(rows[rows["announced"]]["model"]) == ["google/gemini-3.8-flash"]
    steps = [trace for trace in traces(app, "chart_history") if trace.get("line", {}).get("shape") == "hv"]
    assert {trace["name"] for trace in steps} == {"OpenAI's flagship", "Google's Flash"}
    assert {trace["line"]["dash"] for trace in steps} == {"solid", "dot"}
    app.multiselect(key="claim_lines").set_value([]).run()
    assert "Choose a model line." in page_text(app)


def test_the_map_has_the_break_even_on_the_line_of_the_model(app: AppTest) -> None:
    drawn = traces(tab(app, "Cost map"), "chart_cost_map")
    cells = next(trace for trace in drawn if trace["type"] == "heatmap")
    assert (len(cells["z"]), len(cells["z"][0])) == (len(cells["y"]), len(cells["x"]))
    ring = next(trace for trace in drawn if trace.get("mode") == "markers+text")
    assert (ring["x"], ring["y"]) == (pytest.approx([24_188_610.88]), pytest.approx([4.375]))


def test_payback_follows_the_volume(app: AppTest) -> None:
    tab(app, "Payback")
    assert "paid back after 28.7 months" in page_text(app)
    app.number_input(key="claim_volume").set_value(5.0).run()
    assert "the purchase is not paid back within them" in page_text(app)
    assert len(table(app, "cumulative_usd")) == 36


def test_in_chinese_volumes_are_typed_and_shown_in_ten_thousands(app: AppTest) -> None:
    app.session_state["lang"] = "zh_TW"
    app.run()
    assert metrics(app)["損益兩平"] == "2,420 萬"
    tab(app, "Payback")
    assert not app.exception
    assert app.number_input(key="claim_volume@zh_TW").value == 2500


def test_rented_servers_can_be_followed_at_the_rent_of_each_day(app: AppTest) -> None:
    app.segmented_control(key="claim_tenure").set_value("rented")
    tab(app, "Over time").multiselect(key="claim_lines").set_value(["flagship"]).run()
    app.toggle(key="claim_dated_rent").set_value(True).run()
    rows = table(app, "rent_ref")
    assert min(rows["day"]) == date(2025, 7, 1)
    assert set(rows["rent_usd_per_gpu_hour"]) == {1.7, 2.35, 2.95}

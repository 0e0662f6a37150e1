"""Claim page in an AppTest: what the page shows after each action of a user."""

from __future__ import annotations

import html
import re
from datetime import date

import pytest
from streamlit.testing.v1 import AppTest

from tests.support.app import chart, go, open_app, page_text, table

TABS = (
    "Its reconstruction",
    "Drivers",
    "What would have to be true",
    "How it aged",
    "Who wins where",
    "Payback",
)


@pytest.fixture
def app(today: date) -> AppTest:
    return go(open_app(), "claim")


def tab(app: AppTest, label: str) -> AppTest:
    app.session_state["claim_tab"] = label
    app.run()
    assert not app.exception
    return app


def cards(app: AppTest) -> dict[str, str]:
    body = "".join(element.proto.body for element in app.main.get("html"))
    matches = re.findall(r'class="who">(.*?)</div><div class="usd">(.*?)</div>', body)
    return {html.unescape(who): figure for who, figure in matches}


def test_it_opens_on_the_verdict_the_caveat_and_the_chain(app: AppTest) -> None:
    assert not app.exception
    assert (
        "24.2 M tokens a day with 2 × H100 SXM bought, against gpt-4o; with the same rented, 25.8 M."
        in page_text(app)
    )
    assert "This is a reconstruction: the vendor's assumptions are unknown." in page_text(app)
    assert cards(app) == {
        "Break-even now": "24.2",
        "As rebuilt": "24.2",
        "The claim": "25.0",
        "One replica can serve": "763.4",
    }
    chain = table(app, "how")
    assert "Servers: together" in set(chain["what"])
    assert "Against gpt-4o-mini: 403.1 M tokens a day." in page_text(app)


@pytest.mark.parametrize("label", TABS)
@pytest.mark.parametrize("tenure", ["owned", "rented"])
def test_every_tab_runs_for_bought_and_rented(app: AppTest, label: str, tenure: str) -> None:
    app.segmented_control(key="claim_tenure").set_value(tenure)
    tab(app, label)
    assert cards(app)["As rebuilt"] == {"owned": "24.2", "rented": "25.8"}[tenure]


def test_a_moved_slider_moves_the_break_even_and_is_shown_against_the_preset(app: AppTest) -> None:
    tab(app, "Drivers").slider(key="claim_driver_wacc_share").set_value(0.0).run()
    assert cards(app)["Break-even now"] == "20.7"
    assert cards(app)["As rebuilt"] == "24.2"
    assert "Changed: Cost of capital (WACC) 0 (as rebuilt 0.1)" in page_text(app)
    app.button(key="claim_reset").click().run()
    assert cards(app)["Break-even now"] == "24.2"
    assert app.slider(key="claim_driver_wacc_share").value == 0.1
    assert "Changed:" not in page_text(app)


def test_another_model_comes_with_its_prices_and_never_is_said(app: AppTest) -> None:
    app.selectbox(key="claim_model").set_value("openai/gpt-4o-mini").run()
    assert cards(app)["Break-even now"] == "403.1"
    tab(app, "Drivers").slider(key="claim_driver_peak_to_average").set_value(4.0).run()
    assert cards(app)["Break-even now"] == "never"
    assert "Never: in the long run a million tokens cost 0.2846 USD on the servers" in page_text(app)
    tab(app, "Who wins where")
    tab(app, "Its reconstruction")


def test_a_driver_of_one_tenure_waits_while_the_other_is_shown(app: AppTest) -> None:
    tab(app, "Drivers").slider(key="claim_driver_pue").set_value(3.0).run()
    app.segmented_control(key="claim_tenure").set_value("rented").run()
    assert cards(app)["Break-even now"] == "25.8"
    assert "PUE" not in page_text(app)
    app.segmented_control(key="claim_tenure").set_value("owned").run()
    assert "Changed: PUE 3 (as rebuilt 1.4)" in page_text(app)


def test_goal_seek_answers_and_its_value_can_be_used(app: AppTest) -> None:
    tab(app, "What would have to be true")
    assert "For 25.0 M tokens a day, Purchase price per GPU would have to be 31,433.9 USD." in page_text(app)
    app.button(key="claim_use_0").click().run()
    assert cards(app)["Break-even now"] == "25.0"
    app.selectbox(key="claim_seek").set_value("load_share").run()
    app.number_input(key="claim_target").set_value(80.0).run()
    assert "no value between 0 share and 1 share does it" in page_text(app)


def test_the_history_reaches_from_2023_through_announced_prices(app: AppTest) -> None:
    tab(app, "How it aged").multiselect(key="claim_lines").set_value(["flagship", "flash"]).run()
    rows = table(app, "launch_source")
    assert min(rows["day"]) == date(2023, 3, 14)
    assert list(rows[rows["announced"]]["model"]) == ["google/gemini-3.8-flash"]
    dashes = {s["lineStyle"]["type"] for s in chart(app, "chart_aged")["series"]}
    assert dashes == {"solid", "dashed"}
    app.multiselect(key="claim_lines").set_value([]).run()
    assert "Choose a line of models." in page_text(app)


def test_the_map_colours_each_cell_and_rings_the_readers_place(app: AppTest) -> None:
    spec = chart(tab(app, "Who wins where"), "chart_winners")
    assert len(spec["series"][0]["data"]) == len(spec["xAxis"]["data"]) * len(spec["yAxis"]["data"])
    ((x, y),) = (point["coord"] for point in spec["series"][0]["markPoint"]["data"])
    assert (spec["xAxis"]["data"][x], spec["yAxis"]["data"][y]) == ("23 M", "4.64")


def test_payback_follows_the_volume(app: AppTest) -> None:
    tab(app, "Payback")
    assert "paid back after 28.7 months" in page_text(app)
    app.number_input(key="claim_volume").set_value(5.0).run()
    assert "the purchase is not paid back within them" in page_text(app)
    assert len(table(app, "cumulative_usd")) == 36


def test_it_speaks_chinese_without_an_error(app: AppTest) -> None:
    app.session_state["lang"] = "zh_TW"
    app.run()
    assert not app.exception


def test_rented_servers_can_be_followed_at_the_rent_of_each_day(app: AppTest) -> None:
    app.segmented_control(key="claim_tenure").set_value("rented")
    tab(app, "How it aged").toggle(key="claim_dated_rent").set_value(True).run()
    rows = table(app, "rent_ref")
    assert min(rows["day"]) == date(2025, 7, 1)
    assert set(rows["rent_usd_per_gpu_hour"]) == {1.7, 2.35, 2.95}

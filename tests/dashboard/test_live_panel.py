"""Live panel without a browser: what it sends, and the changes that it takes."""

from __future__ import annotations

import math
from dataclasses import replace

import pytest
from streamlit.testing.v1 import AppTest

from dashboard import plotly_script

from ..support.app import choose_example, errors, pick_tab
from ..support.live_panel import component_data, move, panel_text, verdict, volume

FIGURES = ("chart_lines", "chart_months", "chart_volume")


def test_the_page_itself_draws_its_figures_and_the_panel_sends_none(app: AppTest) -> None:
    assert component_data(app, "live_panel")["content"]["figures"] == {}
    for key in FIGURES:
        assert component_data(app, key)["spec"]["data"]


def test_no_figure_of_an_old_volume_stays_after_a_move(app: AppTest) -> None:
    before = {key: component_data(app, key)["spec"] for key in FIGURES}
    move(app, 25_000)
    assert "At 25,000 requests per day" in verdict(app)
    for key in FIGURES:
        assert component_data(app, key)["spec"] != before[key]
    marks = component_data(app, "chart_volume")["spec"]["layout"]["shapes"]
    assert marks[-1]["x0"] == 25_000


def test_a_released_slider_reruns_the_page_once(app: AppTest) -> None:
    move(app, 25_000, sent=7, drag_id=3)
    move(app, 25_000, sent=8, drag_id=3, is_released=True)
    assert not app.exception
    assert volume(app) == 25_000
    assert component_data(app, "live_panel")["sent"] == 8


def test_all_moves_of_a_drag_are_one_step_to_undo(app: AppTest) -> None:
    for sent, passed in enumerate((25_000, 30_000, 40_000), 100):
        move(app, passed, drag_id=5, sent=sent)
    move(app, 40_000, drag_id=5, sent=103, is_released=True)
    app.button(key="undo").click().run()
    assert volume(app) == 20_000


def test_each_view_opens_after_a_move(app: AppTest, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr("dashboard.views.uncertainty.QUICK_S", math.inf)
    pick_tab(app, "Risk & sensitivity")
    move(app, 25_000)
    assert not app.exception
    assert "At 25,000 requests per day" in verdict(app)


def test_a_range_of_the_volume_that_a_move_leaves_is_said_once(app: AppTest) -> None:
    choose_example(app, "claim_25m_uncertain")
    pick_tab(app, "Risk & sensitivity")
    assert not errors(app)
    move(app, 1_000_000)
    assert [error for error in errors(app) if "ranges.requests_per_day" in error]
    assert not any("Press 'Draw'" in info.value for info in app.info)


def test_where_amounts_pass_all_bounds_the_slider_still_moves(app: AppTest) -> None:
    table = app.session_state["table"]
    table.scenario = replace(table.scenario, growth_share_per_month=1.0, horizon_months=60)
    app.run()
    assert any("is beyond" in error for error in errors(app))
    move(app, 10)
    assert not app.exception
    assert volume(app) == 10
    assert panel_text(app) == ""


def test_the_slider_stands_at_a_volume_that_a_file_gives(app: AppTest) -> None:
    choose_example(app, "claim_25m_owned")
    assert component_data(app, "live_panel")["volume"] in component_data(app, "live_panel")["stops"]


def test_a_figure_has_what_the_browser_needs_in_both_languages(app: AppTest) -> None:
    english = component_data(app, "chart_lines")
    assert english["library"] == plotly_script.path()
    assert english["language"] == "en"
    assert english["words"]["svg"] == "Download as SVG"
    assert "template" not in english["spec"]["layout"]
    assert set(english["templates"]) == {"light", "dark"}
    app.session_state["lang"] = "zh_TW"
    app.run()
    chinese = component_data(app, "chart_lines")
    assert (chinese["language"], chinese["words"]["svg"]) == ("zh-TW", "下載 SVG")

"""Live panel without a browser: prefetched contents, and the data that the panel receives."""

from __future__ import annotations

import hashlib
import math
from collections.abc import Callable
from dataclasses import replace
from itertools import count
from typing import Any

import pytest
import streamlit as st
from streamlit.testing.v1 import AppTest

from dashboard.components import prefetch
from dashboard.components.live_figure import LIBRARY
from dashboard.components.live_panel import VOLUMES, PanelContent
from i18n.errors import CrossoverError
from i18n.message import message
from tests.support.paths import ROOT

from ..support.app import errors, pick_tab
from ..support.live_panel import component_data, move, panel_text, verdict, volume

CONTENTS_A_RUN = 4


@pytest.fixture(autouse=True)
def four_contents_a_run(monkeypatch: pytest.MonkeyPatch) -> None:
    """Each reading of the clock advances it by the same share of a run's time, whatever the load."""
    looks, step_s = count(), prefetch.RUN_S / (CONTENTS_A_RUN + 0.5)
    monkeypatch.setattr(prefetch, "wall_clock_s", lambda: next(looks) * step_s)
    monkeypatch.setattr(prefetch, "cpu_clock_s", lambda: 0.0)


class Clock:
    """Clock that advances only when work is done."""

    def __init__(self, monkeypatch: pytest.MonkeyPatch) -> None:
        self.now_s = 0.0
        monkeypatch.setattr(prefetch, "wall_clock_s", lambda: self.now_s)
        monkeypatch.setattr(prefetch, "cpu_clock_s", lambda: self.now_s)
        monkeypatch.setattr(prefetch, "last_change", lambda: None)

    def work(self, took_s: float) -> Callable[[float], PanelContent]:
        def make(requests_per_day: float) -> PanelContent:
            self.now_s += took_s
            return PanelContent(f"{requests_per_day}", "", {})

        return make


@pytest.fixture
def clock(monkeypatch: pytest.MonkeyPatch) -> Clock:
    return Clock(monkeypatch)


def test_the_nearest_contents_are_made_first_until_the_time_of_a_run_is_over(clock: Clock) -> None:
    # A run of 0.03 s begins contents at 0, 0.008, 0.016 and 0.024 s: four.
    made = prefetch.contents(prefetch.PrefetchState(None, "b"), clock.work(0.008), 20_000.0)
    assert list(made) == [20_000, 15_000, 25_000, 12_000]


def test_quick_contents_reach_eight_steps_and_slow_ones_less_far(
    clock: Clock, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(prefetch, "RUN_S", 100)
    made = prefetch.contents(prefetch.PrefetchState(None, "b"), clock.work(0.001), 20_000.0)
    index = VOLUMES.index(20_000.0)
    assert sorted(made) == list(VOLUMES[index - 8 : index + 9])
    # 0.1 s a side, 0.04 s each: two steps to either side. Slower ones: the next to either side.
    slow = prefetch.PrefetchState(None, "b", content_s=0.04)
    made = prefetch.contents(slow, clock.work(0.04), 20_000.0)
    assert sorted(made) == list(VOLUMES[index - 2 : index + 3])
    slower = prefetch.PrefetchState(None, "b", content_s=0.5)
    made = prefetch.contents(slower, clock.work(0.5), 20_000.0)
    assert sorted(made) == list(VOLUMES[index - 1 : index + 2])


def test_what_cannot_be_priced_has_no_content_and_is_not_tried_again(clock: Clock) -> None:
    def make(requests_per_day: float) -> PanelContent:
        if requests_per_day > 20_000:
            raise CrossoverError(message("beyond all bounds"))
        return PanelContent("", "", {})

    made = prefetch.contents(prefetch.PrefetchState(None, "b"), make, 20_000.0)
    assert made[25_000.0] is None
    assert made[15_000.0] is not None


@pytest.mark.parametrize("tab", ["Result", "How sure"])
def test_a_prefetched_content_is_what_the_page_shows_at_its_volume(
    app: AppTest, tab: str, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr("dashboard.views.uncertainty.QUICK_S", math.inf)
    pick_tab(app, tab)
    pick_tab(app, tab)  # a view's own inputs are known from its second run on
    prefetched = component_data(app, "prefetch")["contents"]
    assert [at for at, _ in prefetched][:1] == [20_000]
    assert len(prefetched) == CONTENTS_A_RUN
    for at, content in prefetched[:2]:
        move(app, at)
        shown = component_data(app, "live_panel")["content"]
        assert (content["verdict"], content["figures"]) == (shown["verdict"], shown["figures"])
        assert len(content["charts"]) >= 3
        assert content["charts"] == {key: component_data(app, key)["spec"] for key in content["charts"]}


def test_slow_simulations_are_rendered_with_the_page_and_not_prefetched(
    app: AppTest, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr("dashboard.views.uncertainty.QUICK_S", 0.0)
    pick_tab(app, "How sure")
    pick_tab(app, "How sure")
    prefetched = dict(component_data(app, "prefetch")["contents"])
    assert prefetched[25_000.0] is None  # so the browser sends a request, and the page follows
    move(app, 25_000)
    assert component_data(app, "chart_bands")["spec"]["series"]


def test_a_range_of_the_volume_that_a_move_leaves_is_said_once(app: AppTest) -> None:
    app.selectbox(key="scenario").set_value("claim_25m_uncertain").run()
    pick_tab(app, "How sure")
    assert not errors(app)
    move(app, 1_000_000)
    assert [error for error in errors(app) if "ranges.requests_per_day" in error]
    assert not any("Press 'Draw'" in info.value for info in app.info)


def test_a_content_that_the_browser_has_is_not_made_again(app: AppTest) -> None:
    inputs_id = component_data(app, "live_panel")["inputs_id"]
    move(app, 25_000, inputs_id=inputs_id, prefetched_volumes=[20_000, 25_000], is_shown=True)
    assert len(component_data(app, "prefetch")["contents"]) == CONTENTS_A_RUN
    assert not {20_000, 25_000} & {at for at, _ in component_data(app, "prefetch")["contents"]}


def test_a_content_of_another_scenario_is_not_taken_for_shown(app: AppTest) -> None:
    inputs_id = component_data(app, "live_panel")["inputs_id"]
    app.selectbox(key="currency").set_value("TWD").run()
    assert component_data(app, "live_panel")["inputs_id"] != inputs_id
    move(app, 25_000, inputs_id=inputs_id, prefetched_volumes=[25_000], is_shown=True)
    assert "At 25,000 requests a day" in verdict(app)
    assert "TWD" in panel_text(app)
    assert 25_000 in {at for at, _ in component_data(app, "prefetch")["contents"]}


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
    app.selectbox(key="scenario").set_value("claim_25m_owned").run()
    assert component_data(app, "live_panel")["volume"] in component_data(app, "live_panel")["stops"]


def test_charts_are_drawn_by_the_library_as_it_was_published() -> None:
    # sha256sum dist/echarts.esm.min.js of the npm package echarts 6.1.0
    content = (ROOT / "dashboard" / "entry" / "static" / LIBRARY).read_bytes()
    assert (
        hashlib.sha256(content).hexdigest()
        == "28515f26aa57f87eb1e4ed4eb446927eaf329b5f5e02b4bfd4b0264fea40d1da"
    )


def test_the_library_is_found_behind_a_path_too(app: AppTest, monkeypatch: pytest.MonkeyPatch) -> None:
    assert component_data(app, "chart_lines")["library"] == f"/app/static/{LIBRARY}"
    option: Any = st.get_option
    monkeypatch.setattr(
        st, "get_option", lambda name: "tools/crossover" if name == "server.baseUrlPath" else option(name)
    )
    app.run()
    assert component_data(app, "chart_lines")["library"] == f"/tools/crossover/app/static/{LIBRARY}"

"""Model ranking in an AppTest: filters, adding, replacing, undo."""

from __future__ import annotations

from typing import Any

import pytest
from streamlit.testing.v1 import AppTest

from costing.ranking.models import rank_models
from costing.scenario.scenario import MAX_STRATEGIES
from dashboard import session as state
from dashboard.views import model_ranking as ranking
from i18n.errors import CrossoverError
from i18n.message import message

from ..support.app import choose_currency, choose_example, errors, open_app, pick_tab, upload
from ..support.live_panel import figures, verdict


@pytest.fixture
def app() -> AppTest:
    return pick_tab(open_app(), "Strategies", "cheapest")


def models(app: AppTest) -> list[str]:
    return list(app.dataframe[0].value["model"])


def strategies(app: AppTest) -> tuple[Any, ...]:
    choices: tuple[Any, ...] = app.session_state["table"].scenario.strategies
    return choices


def test_nothing_is_priced_while_the_drawer_is_closed(monkeypatch: pytest.MonkeyPatch) -> None:
    def refuse(*_: object, **__: object) -> None:
        raise AssertionError

    monkeypatch.setattr(ranking, "rank_models", refuse)
    app = pick_tab(open_app(), "Strategies")
    assert not app.exception
    assert len(app.dataframe) == 0


def test_every_model_of_the_book_stands_in_it_the_cheapest_first(app: AppTest) -> None:
    assert not app.exception
    table = app.dataframe[0].value
    assert len(table) > 60
    assert list(table["usd_per_month"]) == sorted(table["usd_per_month"])
    assert any(f"{len(table)} of {len(table)} models match the filters" in c.value for c in app.caption)


def test_amounts_stand_first_and_the_source_is_a_link(app: AppTest) -> None:
    table = app.dataframe[0].value
    order = [name for name in table.columns if name not in ("Add", "Replace")]
    assert order[:5] == ["rank", "model", "usd_per_month", "usd_per_1k_requests", "more_share"]
    assert all(url.startswith("https://") for url in table["source"])
    # 20,000 requests a day are 608,750 per month.
    per_1k = table["usd_per_month"] / 608.75
    assert list(table["usd_per_1k_requests"]) == pytest.approx(list(per_1k), abs=1e-6)


def test_another_currency_stands_before_usd(app: AppTest) -> None:
    choose_currency(app, "TWD")
    shown = app.dataframe[0].proto.column_order
    assert list(shown).index("amount_per_month") < list(shown).index("usd_per_month")
    assert "amount_per_1k_requests" in shown


def test_one_click_adds_the_cheapest_and_undo_takes_it_back(app: AppTest) -> None:
    before = figures(app)
    cheapest = models(app)[0]
    app.button(key="rank_add").click().run()
    assert not app.exception
    assert strategies(app)[-1].settings["model"] == cheapest
    assert len(figures(app)) == len(before) + 1
    assert "amazon.nova-micro" in verdict(app)
    assert any(s.value.replace("\\", "").startswith(f"{cheapest} is in the comparison") for s in app.success)
    app.button(key="undo").click().run()
    assert figures(app) == before


def test_a_filter_makes_another_model_the_first_to_take(app: AppTest) -> None:
    app.multiselect(key="rank_vendors").set_value(["OpenAI"]).run()
    app.selectbox(key="rank_window").set_value(400_000).run()
    app.toggle(key="rank_lasting").set_value(True).run()
    offered = models(app)
    assert offered
    assert all(name.startswith("openai/") for name in offered)
    assert "openai/gpt-5.4-nano" not in offered  # it retires within the 24 months
    app.button(key="rank_add").click().run()
    assert strategies(app)[-1].settings["model"] == offered[0]


def test_a_model_is_used_instead_of_one_that_is_there(app: AppTest) -> None:
    names = [choice.strategy for choice in strategies(app)]
    app.selectbox(key="rank_model").select_index(2).run()
    app.button(key="rank_use").click().run()
    assert not app.exception
    assert [choice.strategy for choice in strategies(app)] == names
    assert strategies(app)[0].settings["model"] == models(app)[2]


def test_a_rows_own_button_takes_that_row(app: AppTest, monkeypatch: pytest.MonkeyPatch) -> None:
    third = models(app)[2]
    # What the browser sends when the button of the third row is pressed.
    monkeypatch.setattr(state, "value", lambda key: {"row": 2, "label": "Add"})
    called: list[int] = []
    monkeypatch.setattr(ranking, "_add", called.append)
    ranking._row("add")
    assert called == [2]
    assert app.session_state["ranking_shown"][2].settings["model"] == third


def test_a_full_comparison_says_so_and_offers_to_exchange(app: AppTest) -> None:
    while len(strategies(app)) < MAX_STRATEGIES:
        app.button(key="rank_add").click().run()
    assert app.button(key="rank_add").disabled
    assert any(c.value.startswith("12 options are compared already") for c in app.caption)
    assert len(figures(app)) == MAX_STRATEGIES  # the same model many times, each with a name of its own
    app.button(key="rank_use").click().run()
    assert not app.exception


def test_filters_that_nothing_meets_say_so(app: AppTest) -> None:
    app.number_input(key="rank_days").set_value(0).run()
    app.multiselect(key="rank_vendors").set_value(["Meta"]).run()
    app.selectbox(key="rank_window").set_value(1_000_000).run()
    app.toggle(key="rank_exact").set_value(True).run()
    assert not app.exception
    assert any(box.value.startswith("No model matches all filters") for box in app.info)
    assert len(app.dataframe) == 0


def test_models_that_cannot_serve_it_are_listed_with_their_reason(app: AppTest) -> None:
    choose_example(app, "product_handbook")
    app.toggle(key="rank_catalogue").set_value(True).run()
    app.toggle(key="rank_rejected").set_value(True).run()
    assert not app.exception
    reasons = app.dataframe[1].value["reason"]
    assert len(reasons) > 50
    assert all("exceed its window of" in reason for reason in reasons)


def test_a_very_long_text_is_not_ranked_on_the_page_and_it_says_so(app: AppTest) -> None:
    pick_tab(app, "Prompt & tokens")
    upload(app, "upload_knowledge", "long.txt", b"some words of a long text\n" * 40_000)
    pick_tab(app, "Options", "cheapest")
    assert any("rank --workload FILE" in box.value for box in app.info)
    assert len(app.dataframe) == 0


def test_a_error_of_the_ranking_is_a_line_in_the_drawer(
    app: AppTest, monkeypatch: pytest.MonkeyPatch
) -> None:
    def refuse(*_: object, **__: object) -> None:
        raise CrossoverError(message("no ranking today"))

    monkeypatch.setattr(ranking, "rank_models", refuse)
    choose_example(app, "small_model")
    assert "no ranking today" in errors(app)
    assert not app.exception


def test_another_filter_prices_nothing_anew(app: AppTest, monkeypatch: pytest.MonkeyPatch) -> None:
    calls: list[int] = []

    def counted(*given: Any, **named: Any) -> Any:
        calls.append(1)
        return rank_models(*given, **named)

    monkeypatch.setattr(ranking, "rank_models", counted)
    app.toggle(key="rank_exact").set_value(True).run()
    assert calls == []
    choose_example(app, "small_model")
    assert calls == [1]

"""Model ranking in an AppTest: filters, adding, replacing, undo."""

from __future__ import annotations

from dataclasses import replace
from typing import Any

import pandas as pd
import pytest
from streamlit.testing.v1 import AppTest

from costing.ranking.models import rank_models
from costing.scenario.library import load_scenario
from costing.scenario.scenario import MAX_STRATEGIES, Part
from dashboard import session as state
from dashboard.views import model_ranking as ranking
from i18n.errors import CrossoverError
from i18n.message import message
from pricing.load import shipped_book
from pricing.rows import ModelPrice
from pricing.rows.names import full_names

from ..support.app import errors, open_app
from ..support.factories import DAY


@pytest.fixture
def app() -> AppTest:
    return opened(open_app())


def opened(app: AppTest, scenario_id: str = "", *, is_open: bool = True, **changes: Any) -> AppTest:
    """The list of models in the panel of inputs, for a scenario of this id."""
    if scenario_id:
        app.session_state["table"].scenario = load_scenario(scenario_id)
    app.session_state["table"].scenario = replace(app.session_state["table"].scenario, **changes)
    app.session_state["inputs"] = True
    app.session_state["inputs_section_name"] = "options"
    app.session_state["cheapest"] = is_open
    return app.run()


def ranking_table(app: AppTest) -> pd.DataFrame:
    table: pd.DataFrame = next(each.value for each in app.dataframe if "more_share" in each.value)
    return table


def names(app: AppTest) -> list[str]:
    return list(ranking_table(app)["model"])


def models(app: AppTest) -> list[str]:
    """Ids of the listed models, whose names the table shows."""
    ids = {name: row_id for row_id, name in full_names(shipped_book().on(DAY).rows(ModelPrice)).items()}
    return [ids[name] for name in names(app)]


def strategies(app: AppTest) -> tuple[Any, ...]:
    choices: tuple[Any, ...] = app.session_state["table"].scenario.strategies
    return choices


def test_nothing_is_priced_while_the_drawer_is_closed(monkeypatch: pytest.MonkeyPatch) -> None:
    def refuse(*_: object, **__: object) -> None:
        raise AssertionError

    monkeypatch.setattr(ranking, "rank_models", refuse)
    app = opened(open_app(), is_open=False)
    assert not app.exception
    assert app.expander


def test_every_model_of_the_book_stands_in_it_the_cheapest_first(app: AppTest) -> None:
    assert not app.exception
    table = ranking_table(app)
    assert len(table) > 60
    assert list(table["usd_per_month"]) == sorted(table["usd_per_month"])
    assert any(f"{len(table)} of {len(table)} models match the filters" in c.value for c in app.caption)


def test_amounts_stand_first_and_the_source_is_a_link(app: AppTest) -> None:
    table = ranking_table(app)
    order = [name for name in table.columns if name not in ("Add", "Replace")]
    assert order[:5] == ["rank", "model", "usd_per_month", "usd_per_1k_requests", "more_share"]
    assert all(url.startswith("https://") for url in table["source"])
    assert (table["data_location"] != "").all()
    # 20,000 requests a day are 608,750 per month.
    per_1k = table["usd_per_month"] / 608.75
    assert list(table["usd_per_1k_requests"]) == pytest.approx(list(per_1k), abs=1e-6)


def test_another_currency_stands_before_usd(app: AppTest) -> None:
    opened(app, currency="TWD")
    shown = next(each for each in app.dataframe if "more_share" in each.value).proto.column_order
    assert list(shown).index("amount_per_month") < list(shown).index("usd_per_month")
    assert "amount_per_1k_requests" in shown


def test_one_click_adds_the_cheapest_and_undo_takes_it_back(app: AppTest) -> None:
    before = strategies(app)
    cheapest = models(app)[0]
    assert names(app)[0] == "amazon.nova-micro-v1:0 (Amazon Bedrock)"
    app.button(key="rank_add").click().run()
    assert not app.exception
    assert strategies(app)[-1].settings["model"] == cheapest
    assert strategies(app)[:-1] == before
    assert any(
        s.value.replace("\\", "").startswith(f"{names(app)[0]} is in the comparison") for s in app.success
    )
    app.session_state["table"].work.undo()
    assert strategies(app) == before


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
    kinds = [choice.strategy for choice in strategies(app)]
    app.selectbox(key="rank_model").select_index(2).run()
    app.button(key="rank_use").click().run()
    assert not app.exception
    assert [choice.strategy for choice in strategies(app)] == kinds
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
    app.button(key="rank_use").click().run()
    assert not app.exception


def test_filters_that_nothing_meets_say_so(app: AppTest) -> None:
    app.number_input(key="rank_days").set_value(0).run()
    app.multiselect(key="rank_vendors").set_value(["Meta"]).run()
    app.selectbox(key="rank_window").set_value(1_000_000).run()
    app.toggle(key="rank_exact").set_value(True).run()
    assert not app.exception
    assert any(box.value.startswith("No model matches all filters") for box in app.info)
    assert not [each for each in app.dataframe if "more_share" in each.value]


def test_models_that_cannot_serve_it_are_listed_with_their_reason(app: AppTest) -> None:
    opened(app, "product_handbook")
    app.toggle(key="rank_catalogue").set_value(True).run()
    app.toggle(key="rank_rejected").set_value(True).run()
    assert not app.exception
    reasons = next(each.value for each in app.dataframe if "reason" in each.value)["reason"]
    assert len(reasons) > 50
    assert all("exceed its window of" in reason for reason in reasons)


def test_a_very_long_text_is_not_ranked_on_the_page_and_it_says_so(app: AppTest) -> None:
    scenario = app.session_state["table"].scenario
    long = scenario.with_part("knowledge", Part(text="some words of a long text\n" * 40_000))
    opened(app, parts=long.parts)
    assert any("rank --workload FILE" in box.value for box in app.info)
    assert not [each for each in app.dataframe if "more_share" in each.value]


def test_a_error_of_the_ranking_is_a_line_in_the_drawer(
    app: AppTest, monkeypatch: pytest.MonkeyPatch
) -> None:
    def refuse(*_: object, **__: object) -> None:
        raise CrossoverError(message("no ranking today"))

    monkeypatch.setattr(ranking, "rank_models", refuse)
    opened(app, "small_model")
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
    opened(app, "small_model")
    assert calls == [1]

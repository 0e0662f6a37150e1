"""Training data expander in an AppTest: a file is checked, priced, compared and used."""

from __future__ import annotations

import json
from typing import Any

import pytest
from streamlit.testing.v1 import AppTest

from costing.scenario.library import training_example
from tests.support.app import choose_currency, open_app, page_text, pick_tab


@pytest.fixture
def app() -> AppTest:
    return pick_tab(open_app(), "Options", "training_data")


def upload(app: AppTest, content: bytes, name: str = "mine.jsonl") -> AppTest:
    return app.file_uploader(key="upload_training").upload(name, content, "application/jsonl").run()


def frames(app: AppTest) -> dict[str, Any]:
    """Tables on the page by their column names."""
    return {",".join(table.value.columns[:2]): table.value for table in app.dataframe}


def training_knobs(app: AppTest) -> tuple[Any, Any, Any]:
    settings = app.session_state["table"].scenario.strategies[2].settings
    return tuple(settings.get(name) for name in ("training_examples", "training_example_tokens", "epochs"))


def test_nothing_is_counted_before_a_file_is_there(app: AppTest) -> None:
    assert not app.exception
    assert not app.dataframe
    assert not app.success
    uploader = app.get("file_uploader")[0].proto
    assert uploader.label.endswith(f"up to {uploader.max_upload_size_mb} MB")


def test_the_example_is_checked_priced_and_compared(app: AppTest) -> None:
    app.button(key="training_example").click().run()
    assert not app.exception
    assert "27 valid examples, 0 errors, 0 warnings" in app.success[0].value
    assert [m.value for m in app.metric] == ["4,757", "173", "233", "317"]
    tables = frames(app)
    costs, savings = tables["offer,training_usd"], tables["offer,saved_usd"]
    assert len(costs) > 40
    assert "azure/tuned-gpt-4.1-mini@global" in set(savings["offer"])
    assert "GPT-4.1 mini (Azure, Global Standard)**: training pays for itself within a day" in page_text(app)


def test_a_file_with_errors_lists_them_and_counts_the_rest(app: AppTest) -> None:
    upload(app, training_example() + b'{"messages": []}\nbroken\n\n')
    assert not app.exception
    assert "27 valid examples, 2 errors, 1 warnings" in app.error[0].value.replace("\\", "")
    listed = frames(app)["at_line,kind"]
    assert listed["at_line"].tolist() == [28, 29, 30]
    assert listed["kind"].tolist() == ["error", "error", "warning"]
    assert "offer,training_usd" in frames(app)


def test_a_file_without_any_example_stops_at_its_errors(app: AppTest) -> None:
    upload(app, b"\xff\xfe\x00broken")
    assert not app.exception
    assert list(frames(app)) == ["at_line,kind"]


def test_a_file_that_is_too_large_is_refused_in_one_line(app: AppTest) -> None:
    upload(app, b"x" * 50_000_000, "big.jsonl")
    (error,) = app.error
    assert error.value.replace("\\", "") == (
        "big.jsonl: 50.0 MB, more than 20 MB (on the command line: python -m costing training FILE)"
    )
    assert not app.dataframe


def test_a_text_that_chokes_tokenizers_is_an_error_of_its_line(app: AppTest) -> None:
    long = {"messages": [{"role": "user", "content": "x" * 1_100_000}, {"role": "assistant", "content": "y"}]}
    upload(app, training_example() + json.dumps(long).encode())
    assert not app.exception
    listed = frames(app)["at_line,kind"]
    assert listed["at_line"].tolist() == [28]
    assert listed["what"][0].startswith("the text has more than 1,000,000 characters in a row")


def test_use_in_the_scenario_sets_the_knobs_and_undo_takes_them_back(app: AppTest) -> None:
    before = training_knobs(app)
    app.button(key="training_example").click().run()
    app.button(key="training_use").click().run()
    assert not app.exception
    examples, tokens, epochs = training_knobs(app)
    # 4,757 tokens with the chat's frame, over 27 examples; epochs as the strategy had them.
    assert (examples, round(tokens * 27), epochs) == (27, 4757, 3)
    app.button(key="undo").click().run()
    assert training_knobs(app) == before


def test_another_prompt_can_stand_for_today(app: AppTest) -> None:
    app.button(key="training_example").click().run()
    first = frames(app)["offer,saved_usd"]["today_usd"][0]
    app.selectbox(key="training_today").select_index(1).run()
    assert not app.exception
    assert frames(app)["offer,saved_usd"]["today_usd"][0] != first
    assert "Claude Sonnet 5.5" in page_text(app)


def test_the_drawer_speaks_the_currency_of_the_report(app: AppTest) -> None:
    app.button(key="training_example").click().run()
    dollars = frames(app)["offer,training_usd"]["training_usd"].dropna()[0]
    choose_currency(app, "TWD")
    pick_tab(app, "Options", "training_data")
    assert not app.exception
    table = frames(app)["offer,training"]
    assert table["training"].dropna()[0] > 20 * dollars
    assert "TWD per month: " in page_text(app)


def test_without_a_stuffed_prompt_the_costs_stay_and_one_line_says_what_is_missing(app: AppTest) -> None:
    for _ in range(2):
        app.session_state["strategy_0"] = True
        app.run()
        app.button(key="remove_0").click().run()
    app.button(key="training_example").click().run()
    assert not app.exception
    assert "offer,training_usd" in frames(app)
    assert any(error.value.startswith("no stuffed prompt to compare with") for error in app.error)


def test_the_drawer_speaks_chinese_without_losing_the_file(app: AppTest) -> None:
    app.button(key="training_example").click().run()
    app.session_state["lang"] = "zh_TW"
    app.run()
    assert not app.exception
    assert [m.value for m in app.metric][:1] == ["4,757"]

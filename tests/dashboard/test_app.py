"""Compare page in an AppTest: what the page shows after each action of a user."""

from __future__ import annotations

import gc
import math
import re
import shutil
from collections.abc import Iterator
from dataclasses import replace
from pathlib import Path
from typing import Any

import pandas as pd
import pytest
from streamlit.testing.v1 import AppTest

from costing.scenario import library
from costing.scenario.library import SHIPPED, load_scenario, shipped_ids
from costing.scenario.scenario_yaml import dump
from costing.strategy.declarations import SettingGroup
from dashboard.language import markdown_safe
from dashboard.pages.compare import VIEWS
from dashboard.views import inputs_panel, texts
from i18n.errors import CrossoverError
from i18n.message import message
from pricing import load
from pricing.company_tables import VARIABLE
from tests.support.app import choose_currency, choose_example, errors, go, open_app, pick_tab, upload
from tests.support.paths import FROZEN_TABLES

from ..support.live_panel import component_data, figures, move, panel_text, send_change, verdict, volume

TABS = (*VIEWS.values(), *(title for title, _ in inputs_panel.SECTIONS.values()))
"""Views of the comparison, and sections of its inputs."""


def shown_columns(app: AppTest) -> list[str]:
    """Columns of the first table on the page, in the order shown."""
    table, *_ = app.dataframe
    return list(table.proto.column_order)


def test_the_page_opens_with_a_verdict_and_its_figure(app: AppTest) -> None:
    assert not app.exception
    # The two cheaper options are closed to new customers, and retire 45 days later.
    assert verdict(app).startswith(
        "At 20,000 requests per day, Prompt stuffing · Claude Sonnet 5.5 (Anthropic) is recommended: "
    )
    assert "USD per month" in verdict(app)
    assert len(figures(app)) == 4


def test_every_widget_has_a_key(app: AppTest) -> None:
    widgets: list[Any] = []
    for label in TABS:
        pick_tab(
            app,
            label,
            "notes",
            "model_by_model",
            "memory",
            "seasons",
            "known",
            "rules",
            *(f"strategy_{n}" for n in range(4)),
            *(f"workload_{name}" for name in ("traffic", "caching", "tools", "dates")),
            *(f"group_{n}_{group.name}" for n in range(4) for group in SettingGroup),
        )
        for kind in (
            "button",
            "number_input",
            "selectbox",
            "text_area",
            "text_input",
            "toggle",
        ):
            widgets += list(getattr(app, kind))
    assert len(widgets) > 40
    assert [w.label for w in widgets if not w.key] == []


def test_moving_the_slider_changes_the_verdict(app: AppTest) -> None:
    before = verdict(app)
    move(app, 100)
    assert verdict(app) != before
    assert verdict(app).startswith("At 100 requests per day, Prompt stuffing · Claude Sonnet 5.5 (Anthropic)")
    assert volume(app) == 100


def test_a_currency_turns_every_amount_and_shows_its_rate(app: AppTest) -> None:
    dollars = figures(app)
    choose_currency(app, "TWD")
    assert "TWD per month" in verdict(app)
    assert figures(app).keys() == dollars.keys()
    assert all(amount.endswith(" TWD") for amount in figures(app).values())
    assert re.search("1 USD = .* TWD on 2026", panel_text(app))
    for tab in TABS:
        pick_tab(app, tab)
        assert not app.exception
        assert errors(app) == []


def test_a_currency_stays_when_another_scenario_is_opened_and_undo_takes_it_back(app: AppTest) -> None:
    before = verdict(app)
    choose_currency(app, "JPY")
    choose_example(app, "openai_or_azure")
    assert "JPY per month" in verdict(app)
    app.button(key="undo").click().run()
    app.button(key="undo").click().run()
    assert verdict(app) == before


def test_in_usd_no_table_says_the_same_twice(app: AppTest) -> None:
    pick_tab(app, "Cost breakdown")
    assert not {"amount_per_month", "currency", "fx_date"} & set(shown_columns(app))
    choose_currency(app, "TWD")
    shown = shown_columns(app)
    assert shown.index("amount_per_month") == shown.index("usd_per_month") - 1
    assert {"currency", "fx_per_usd", "fx_date", "fx_source"} <= set(shown)


def test_the_chart_of_two_ways_to_charge_says_so(app: AppTest) -> None:
    choose_example(app, "openai_or_azure")
    captions = [c.value.replace("\\", "") for c in app.main.caption]
    assert any("Two ways to charge" in text and "710 M per month" in text for text in captions)


def test_a_volume_between_the_steps_of_the_slider_becomes_one(app: AppTest) -> None:
    move(app, 12_345)
    assert verdict(app).startswith("At 12,345 requests per day")
    assert 12_345 in component_data(app, "live_panel")["stops"]


def test_undo_takes_back_the_last_change(app: AppTest) -> None:
    before = verdict(app)
    move(app, 77)
    app.button(key="undo").click().run()
    assert verdict(app) == before
    assert volume(app) == 20_000
    assert app.button(key="undo").disabled
    app.button(key="redo").click().run()
    assert volume(app) == 77
    assert app.button(key="redo").disabled


def test_undo_takes_back_a_whole_stroke_of_the_slider(app: AppTest) -> None:
    for passed in (25_000, 30_000, 40_000):
        move(app, passed, drag_id=1)
    move(app, 50_000, drag_id=2)
    app.button(key="undo").click().run()
    assert volume(app) == 40_000
    app.button(key="undo").click().run()
    assert volume(app) == 20_000


def test_a_stroke_that_ends_where_it_began_is_nothing_to_undo(app: AppTest) -> None:
    move(app, 10_000, drag_id=1)
    for passed in (15_000, 20_000, 10_000):
        move(app, passed, drag_id=2)
    app.button(key="undo").click().run()
    assert volume(app) == 20_000


VALID_CHANGE = {
    "volume": 500,
    "drag_id": 1,
    "sent": 1,
    "is_released": False,
}


@pytest.mark.parametrize(
    "change",
    [
        None,
        500,
        {},
        {"volume": 500},
        {**VALID_CHANGE, "volume": "500"},
        {**VALID_CHANGE, "volume": 0.5},
        {**VALID_CHANGE, "volume": 1e300},
        {**VALID_CHANGE, "volume": math.nan},
        {**VALID_CHANGE, "volume": True},
        {**VALID_CHANGE, "drag_id": "1"},
        {**VALID_CHANGE, "drag_id": True},
        {**VALID_CHANGE, "sent": None},
    ],
)
def test_what_no_slider_can_say_moves_nothing(app: AppTest, change: object) -> None:
    send_change(app, change)
    assert not app.exception
    assert volume(app) == 20_000


@pytest.mark.parametrize("scenario_id", shipped_ids())
@pytest.mark.parametrize("tab", TABS)
def test_every_ready_scenario_opens_on_every_tab(app: AppTest, scenario_id: str, tab: str) -> None:
    choose_example(app, scenario_id)
    pick_tab(app, tab)
    assert not app.exception
    assert errors(app) == []
    assert "requests per day" in verdict(app)


def test_pasted_text_is_counted_and_priced(app: AppTest) -> None:
    pick_tab(app, "Prompt & tokens")
    before = verdict(app)
    app.text_area(key="text_knowledge").set_value("Return policy. " * 20_000).run()
    assert verdict(app) != before
    # "Return", " policy", "." and a blank that joins the next word: 3 tokens, 20,000 times; the last
    # blank stands alone.
    assert any("60,001 tokens" in m.value for m in app.main.markdown)


def test_an_empty_question_is_one_clear_line_and_the_page_stays_up(app: AppTest) -> None:
    pick_tab(app, "Prompt & tokens")
    app.text_area(key="text_question").set_value("").run()
    assert errors(app) == ["question: no text and no tokens (paste a typical question, or give its tokens)"]
    assert not app.exception
    assert volume(app) == 20_000
    app.text_area(key="text_question").set_value("Where is my order?").run()
    assert errors(app) == []


def test_tokens_can_be_given_where_the_text_is_not_at_hand(app: AppTest) -> None:
    pick_tab(app, "Prompt & tokens")
    app.text_area(key="text_question").set_value("").run()
    app.number_input(key="tokens_question").set_value(500).run()
    assert errors(app) == []
    assert any("500 tokens" in m.value for m in app.main.markdown)


def test_a_knob_of_a_strategy_moves_its_cost(app: AppTest) -> None:
    pick_tab(app, "Options", "strategy_3", "group_3_CAPACITY")
    app.number_input(key="knob_3_spare_replicas").set_value(3).run()
    # 4 replicas of one H100 for 730.5 hours at 2.95 USD: 8,619.90 USD.
    assert "8,620 USD" in figures(app).values()


def test_a_blank_knob_means_the_price_table(app: AppTest) -> None:
    pick_tab(app, "Options", "strategy_3")
    before = figures(app)
    app.number_input(key="knob_3_rent_usd_per_gpu_hour").set_value(1.0).run()
    # 2 replicas of one H100 for 730.5 hours at 1 USD: 1,461 USD.
    assert "1,461 USD" in figures(app).values()
    app.number_input(key="knob_3_rent_usd_per_gpu_hour").set_value(None).run()
    assert figures(app) == before


def test_only_the_knobs_that_matter_are_shown(app: AppTest) -> None:
    pick_tab(app, "Options", "strategy_3", "group_3_OWNERSHIP")
    keys = {widget.key for widget in app.number_input}
    assert "knob_3_rent_usd_per_gpu_hour" in keys
    assert "knob_3_wacc_share" not in keys
    app.selectbox(key="knob_3_tenure").set_value("owned").run()
    keys = {widget.key for widget in app.number_input}
    assert "knob_3_rent_usd_per_gpu_hour" not in keys
    assert "knob_3_wacc_share" in keys


def test_a_row_that_may_be_left_blank_can_be_chosen_and_left_blank_again(app: AppTest) -> None:
    pick_tab(app, "Options", "strategy_3")
    app.selectbox(key="knob_3_tenure").set_value("owned").run()
    before = figures(app)
    app.selectbox(key="pick_3_tariff").set_value("eu-business").run()
    assert figures(app) != before
    app.selectbox(key="pick_3_tariff").set_value("").run()
    assert figures(app) == before
    assert not app.exception


def test_without_a_deployment_the_page_asks_for_what_it_was(app: AppTest) -> None:
    pick_tab(app, "Options", "strategy_3", "group_3_HARDWARE")
    deployment = app.selectbox(key="pick_3_deployment").value
    assert "pick_3_open_model" not in {widget.key for widget in app.selectbox}
    before = figures(app)
    app.selectbox(key="pick_3_deployment").set_value("").run()
    assert not app.exception
    assert errors(app) == []
    assert deployment == "llama-3.1-8b-fp8-1xh100"
    assert app.selectbox(key="pick_3_open_model").value == "llama-3.1-8b"
    assert app.selectbox(key="pick_3_gpu").value == "h100-sxm"
    assert any("Llama-3.1-8B FP8 (2 × H100 SXM, rented)" in who for who in figures(app))
    app.selectbox(key="knob_3_precision").set_value("int4").run()
    assert any("Llama-3.1-8B INT4 (2 × H100 SXM, rented)" in who for who in figures(app))
    app.selectbox(key="pick_3_open_model").set_value("").run()
    assert len(errors(app)) == 1
    assert "deployment: missing (name a row, or all of open_model, gpu)" in errors(app)[0]
    app.selectbox(key="pick_3_deployment").set_value(deployment).run()
    assert figures(app) == before
    assert errors(app) == []


def test_the_memory_of_a_replica_is_drawn_once_its_drawer_is_open(app: AppTest) -> None:
    assert len(app.dataframe) == 0
    pick_tab(app, "Overview", "memory")
    assert not app.exception
    (table,) = app.dataframe
    assert list(table.value["part"]) == ["Weights", "KV cache", "Activations", "Free"]
    assert sum(table.value["gib"]) == pytest.approx(80, abs=1)


def test_strategies_can_be_duplicated_removed_and_added(app: AppTest) -> None:
    pick_tab(app, "Options", "strategy_0")
    app.button(key="duplicate_0").click().run()
    assert "Prompt stuffing · GPT-4.1 (OpenAI) (2)" in figures(app)
    assert len(figures(app)) == 5
    app.button(key="remove_0").click().run()
    assert len(figures(app)) == 4
    app.selectbox(key="add_kind").set_value("self_hosted").run()
    app.button(key="add").click().run()
    assert len(figures(app)) + len(app.warning) == 5
    assert not app.exception


def test_a_strategy_that_cannot_be_started_says_so(app: AppTest) -> None:
    pick_tab(app, "Options", "strategy_2")
    app.selectbox(key="pick_2_offer").set_value("openai/tuned-gpt-4.1-nano").run()
    assert any("was shut down on 2026-10-23" in w.value.replace("\\", "") for w in app.warning)
    assert len(figures(app)) == 3


def test_the_language_can_be_switched(app: AppTest) -> None:
    app.segmented_control(key="lang").set_value("zh_TW").run()
    assert verdict(app).startswith(
        "每日 20,000 次請求時，建議採用完整提示詞 · Claude Sonnet 5.5（Anthropic）"
    )
    assert not app.exception
    app.segmented_control(key="lang").set_value("en").run()
    assert verdict(app).startswith("At 20,000")


def test_a_saved_scenario_opens_again(app: AppTest) -> None:
    pick_tab(app, "File")
    saved = dump(load_scenario("small_model")).encode()
    upload(app, "scenario_upload", "mine.yaml", saved)
    assert errors(app) == []
    assert verdict(app).startswith("At 60,000 requests per day")
    assert app.text_input(key="scenario_name").value == load_scenario("small_model").name()


@pytest.mark.parametrize(
    ("content", "error"),
    [
        (b"version: 1\n\tid: x", "bad.yaml:2: not valid YAML"),
        (b"[1, 2]", "bad.yaml:1: not a scenario (start it with 'version: 1')"),
        (b"\xff\xfe\x00", "bad.yaml:1: not UTF-8 text"),
    ],
)
def test_a_malformed_scenario_is_refused_and_nothing_is_lost(
    app: AppTest, content: bytes, error: str
) -> None:
    pick_tab(app, "File")
    before = verdict(app)
    upload(app, "scenario_upload", "bad.yaml", content)
    assert any(error in e for e in errors(app))
    assert verdict(app) == before


def test_a_scenario_with_the_names_of_a_log_opens_with_the_ids_of_its_rows(app: AppTest) -> None:
    text = (
        (SHIPPED / "claim_25m_owned.yaml")
        .read_text(encoding="utf-8")
        .replace("openai/gpt-4o", "azure/GPT-4o-2024-08-06")
    )
    pick_tab(app, "File")
    upload(app, "scenario_upload", "log.yaml", text.encode())
    assert errors(app) == []
    pick_tab(app, "Options", "strategy_0")
    assert app.selectbox(key="pick_0_model").value == "openai/gpt-4o"


def test_an_unknown_model_in_a_scenario_names_the_nearest(app: AppTest) -> None:
    text = (
        (SHIPPED / "claim_25m_owned.yaml")
        .read_text(encoding="utf-8")
        .replace("openai/gpt-4o", "openai/gpt-4u")
    )
    pick_tab(app, "File")
    upload(app, "scenario_upload", "typo.yaml", text.encode())
    assert any("did you mean 'openai/gpt-4o'?" in e for e in errors(app))
    assert not app.exception


@pytest.mark.parametrize(
    ("name", "content", "error"),
    [
        ("photo.txt", b"\x89PNG\x00\x01", "photo.txt: an image, not text"),
        ("data.txt", b"\x7fELF\x00\x01", "data.txt: a binary file, not text"),
        ("notes.docx", b"PK\x03\x04", "notes.docx: a damaged Word document"),
        ("big.txt", b"a" * 50_000_000, "big.txt: 50.0 MB, more than 20 MB"),
        ("log.jsonl", b'{"a": "x"}\n{broken\n', "log.jsonl: line 2: not JSON"),
    ],
)
def test_a_bad_upload_is_one_clear_line_and_nothing_is_lost(
    app: AppTest, name: str, content: bytes, error: str
) -> None:
    pick_tab(app, "Prompt & tokens")
    before = app.text_area(key="text_knowledge").value
    upload(app, "upload_knowledge", name, content)
    assert any(e.startswith(error) for e in errors(app))
    assert app.text_area(key="text_knowledge").value == before
    assert not app.exception


def test_a_good_upload_becomes_the_part(app: AppTest) -> None:
    pick_tab(app, "Prompt & tokens")
    upload(
        app, "upload_question", "q.jsonl", b'{"messages": [{"role": "user", "content": "Where is it?"}]}\n'
    )
    assert app.text_area(key="text_question").value == "Where is it?"


def test_a_file_in_big5_is_read(app: AppTest) -> None:
    pick_tab(app, "Prompt & tokens")
    upload(app, "upload_question", "q.txt", "請問我的訂單在哪裡？".encode("big5"))
    assert app.text_area(key="text_question").value == "請問我的訂單在哪裡？"


def test_the_error_of_a_file_goes_when_another_text_is_entered(app: AppTest) -> None:
    pick_tab(app, "Prompt & tokens")
    upload(app, "upload_question", "q.txt", b"\x7fELF\x00\x01")
    assert len(errors(app)) == 1
    app.text_area(key="text_question").set_value("Where is it?").run()
    assert errors(app) == []


def test_every_model_is_ranked_for_the_users_text_once_the_drawer_is_open(app: AppTest) -> None:
    pick_tab(app, "Prompt & tokens")
    assert len(app.dataframe) == 1
    pick_tab(app, "Prompt & tokens", "model_by_model")
    table = app.dataframe[1].value
    assert len(table) > 60
    assert list(table["rank"]) == sorted(table["rank"])
    moved = (table["rank"] != table["rank_per_mtok"]).sum()
    assert any(f"{moved} of {len(table)} models change their rank" in c.value for c in app.caption)
    assert not app.exception


def test_a_text_that_one_vocabulary_refuses_is_a_line_in_the_drawer(
    app: AppTest, monkeypatch: pytest.MonkeyPatch
) -> None:
    def refuse(*_: object) -> list[object]:
        raise CrossoverError(message("no tokens today"))

    monkeypatch.setattr(texts, "text_prices", refuse)
    pick_tab(app, "Prompt & tokens", "model_by_model")
    assert "no tokens today" in errors(app)
    assert not app.exception


def test_a_very_long_text_is_not_ranked_on_the_page_and_it_says_so(app: AppTest) -> None:
    pick_tab(app, "Prompt & tokens", "model_by_model")
    upload(app, "upload_knowledge", "long.txt", b"some words of a long text\n" * 40_000)
    assert any(box.value.startswith("Longer than 500,000 characters") for box in app.info)
    assert len(app.dataframe) == 1
    assert not app.exception


@pytest.mark.parametrize("text", ["a" * 1_000_000, " " * 1_000_000 + "x", "<|endoftext|>", "\0nul"])
def test_a_pathological_text_never_breaks_the_page(app: AppTest, text: str) -> None:
    pick_tab(app, "Prompt & tokens")
    app.text_area(key="text_question").set_value(text).run()
    assert not app.exception
    assert len(errors(app)) <= 1


@pytest.fixture
def scenario_folder(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Iterator[Path]:
    """An empty folder instead of the ready scenarios."""
    monkeypatch.setattr(library, "SHIPPED", tmp_path)
    library.ready.cache_clear()
    yield tmp_path
    library.ready.cache_clear()


def test_a_malformed_ready_scenario_is_a_line_and_the_others_stay(scenario_folder: Path) -> None:
    shutil.copy(SHIPPED / "claim_25m_owned.yaml", scenario_folder)
    (scenario_folder / "broken.yaml").write_text("version: 1\nid: [", encoding="utf-8")
    app = open_app()
    assert not app.exception
    assert verdict(app).startswith("At 25,000 requests per day")
    app.session_state["start_way_name"] = "example"
    pick_tab(app, "Start")
    assert any("broken.yaml:" in warning for warning in warnings(app))
    assert app.selectbox(key="scenario").options == ["The 25 M claim: two H100, bought"]


def test_without_any_scenario_the_page_says_so(scenario_folder: Path) -> None:
    app = open_app()
    assert not app.exception
    assert any("no ready scenario" in e for e in errors(app))
    go(app, "prices")  # a page that needs no scenario
    assert not app.exception
    assert app.dataframe


@pytest.mark.parametrize("tab", TABS)
def test_a_malformed_price_table_is_a_line_and_the_page_stays_up(
    app: AppTest, tab: str, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    tables = tmp_path / "tables"
    shutil.copytree(FROZEN_TABLES, tables)
    (tables / "gpu_rent.yaml").write_text("- id: h100-sxm\n  usd_per_gpu_hour: -1\n", encoding="utf-8")
    monkeypatch.setenv(load.TABLES_VARIABLE, str(tables))
    load.shipped_book.cache_clear()
    try:
        pick_tab(app, tab, "strategy_0")
        assert not app.exception
        assert any(e.startswith("gpu_rent.yaml:2: h100-sxm: usd_per_gpu_hour") for e in errors(app))
    finally:
        load.shipped_book.cache_clear()


GPT_ROW = """\
- id: openai/gpt-4.1
  vendor: OpenAI
  name: gpt-4.1
  tokenizer: o200k_base
  effective_from: 2026-09-23
  input_usd_per_mtok: {usd}
  output_usd_per_mtok: 4
  source: contract 7
  checked_on: 2026-11-01
  evidence: assumed
"""


@pytest.fixture
def company_folder(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Path:
    """A company's own price folder, configured on the server, still empty."""
    folder = tmp_path / "acme"
    folder.mkdir()
    monkeypatch.setenv(VARIABLE, str(folder))
    return folder


def warnings(app: AppTest) -> list[str]:
    return [w.value.replace("\\", "") for w in app.warning]


def stuffed_usd(app: AppTest) -> str:
    return next(usd for who, usd in figures(app).items() if who == "Prompt stuffing · GPT-4.1 (OpenAI)")


def test_a_companys_price_moves_its_figure_and_the_lines_say_whose_it_is(
    company_folder: Path, app: AppTest
) -> None:
    shipped = stuffed_usd(app)  # the folder is empty: the shipped prices are in use
    (company_folder / "models.yaml").write_text(GPT_ROW.format(usd=1), encoding="utf-8")
    app.run()
    assert warnings(app) == []
    assert stuffed_usd(app) != shipped
    pick_tab(app, "Cost breakdown")
    lines = pd.concat([frame.value for frame in app.dataframe if "layer" in frame.value])
    assert set(lines[lines["layer"] == "acme"]["price_ref"]) == {"openai/gpt-4.1 @ 2026-09-23"}
    assert set(lines["layer"].dropna()) == {"built-in", "acme"}


@pytest.mark.parametrize("tab", TABS)
def test_a_folder_that_is_broken_at_the_start_is_a_warning_over_the_shipped_prices(
    company_folder: Path, app: AppTest, tab: str
) -> None:
    before = verdict(app)
    (company_folder / "models.yaml").write_text(GPT_ROW.format(usd=-1), encoding="utf-8")
    pick_tab(app, tab)
    assert not app.exception
    assert errors(app) == []
    (warning,) = warnings(app)
    assert warning.startswith(
        "The company's price tables are faulty; the built-in prices are in use without them."
    )
    assert "acme/models.yaml:6: openai/gpt-4.1: input_usd_per_mtok: -1 is too small" in warning
    assert verdict(app) == before


def test_a_folder_that_breaks_keeps_its_last_good_prices_until_it_is_mended(
    company_folder: Path, app: AppTest
) -> None:
    table = company_folder / "models.yaml"
    table.write_text(GPT_ROW.format(usd=1), encoding="utf-8")
    good = stuffed_usd(app.run())
    table.write_text(GPT_ROW.format(usd="[1"), encoding="utf-8")
    assert stuffed_usd(app.run()) == good
    (warning,) = warnings(app)
    assert warning.startswith("The company's price tables are faulty; the last good ones stay in use.")
    assert "acme/models.yaml:" in warning
    table.write_text(GPT_ROW.format(usd=2), encoding="utf-8")
    assert stuffed_usd(app.run()) != good
    assert warnings(app) == []


def test_a_changed_price_moves_the_break_even_too(company_folder: Path, app: AppTest) -> None:
    pick_tab(app, "Break-even")
    before = list(app.dataframe[-1].value["usd_per_mtok"])
    (company_folder / "models.yaml").write_text(GPT_ROW.format(usd=0.5), encoding="utf-8")
    app.run()
    assert list(app.dataframe[-1].value["usd_per_mtok"]) != before


# --- how sure


def test_few_simulations_run_at_once_and_many_wait_for_the_button(app: AppTest) -> None:
    pick_tab(app, "Risk & sensitivity")
    app.number_input(key="draws").set_value(100).run()
    page_text = " ".join(m.value for m in app.main.markdown).replace("\\", "")
    assert "of 100 simulations" in page_text
    assert not app.exception
    app.number_input(key="draws").set_value(3000).run()
    assert any("Press Run" in info.value for info in app.info)
    app.button(key="draw").click().run()
    page_text = " ".join(m.value for m in app.main.markdown).replace("\\", "")
    assert "of 3,000 simulations" in page_text
    app.number_input(key="seed").set_value(2).run()
    assert any("Press Run" in info.value for info in app.info)


def test_where_amounts_pass_all_bounds_the_slider_stays_to_lead_back(app: AppTest) -> None:
    table = app.session_state["table"]
    table.scenario = replace(table.scenario, growth_share_per_month=1.0, horizon_months=60)
    app.run()
    assert any(
        "is beyond 1,000,000,000,000 (check volume, growth and prices)" in error for error in errors(app)
    )
    assert volume(app) == table.scenario.requests_per_day
    table.scenario = replace(table.scenario, growth_share_per_month=0.0)
    app.run()
    assert not errors(app)
    assert "is recommended" in verdict(app)


@pytest.mark.parametrize("name", [":material/lock:", "a :smile: b", ":+1:"])
def test_a_name_does_not_become_an_icon(name: str) -> None:
    assert markdown_safe(name).replace("\\", "").replace("\u2060", "") == name
    assert "\u2060" in markdown_safe(name)
    assert "\u2060" not in markdown_safe("at 10:30:15, gpt-4o: a/b:c")


def test_what_is_loaded_is_not_searched_for_garbage_after_the_first_page(app: AppTest) -> None:
    assert gc.get_freeze_count() > 100_000

"""Prices page in an AppTest: search, selection, reading, and editing where it is switched on."""

from __future__ import annotations

import shutil
from collections.abc import Iterator
from datetime import date
from pathlib import Path
from typing import Any

import pytest
from streamlit.testing.v1 import AppTest

from dashboard import session as state
from pricing import load
from pricing.survey.market import PRICE_TABLES
from tests.support.app import (
    choose_prices,
    choose_view,
    errors,
    go,
    open_app,
    page_text,
    table,
)
from tests.support.factories import frozen_book
from tests.support.paths import FROZEN_TABLES
from tests.support.plotly_figures import figure_on_page, lines_of

from ..support.live_panel import move, verdict, volume

HAIKU = ("models", "anthropic/claude-haiku-5-5")
FLASH = ("models", "google/gemini-3.8-flash")


@pytest.fixture
def app(prices_page: AppTest) -> AppTest:
    return prices_page


def market(app: AppTest) -> Any:
    """The table of prices as a data frame."""
    return next(d.value for d in app.dataframe if (d.key or "").startswith("prices_table_"))


def test_the_page_shows_every_price_with_its_age_as_word_and_number(app: AppTest) -> None:
    assert not app.exception
    frame = market(app)
    assert len(frame) == len([i for i in frozen_book().ids() if i[0] in PRICE_TABLES])
    astra = frame[frame["id"] == "openai/gpt-6-astra"].iloc[0]
    assert (astra["input_usd_per_mtok"], astra["output_usd_per_mtok"]) == (10, 50)
    assert (list(astra["freshness"]), astra["age_days"]) == (["fresh"], 0)
    a10g = frame[(frame["id"] == "a10g") & (frame["table"] == "GPU rent")].iloc[0]
    # 2026-06-01 to 2026-11-22 are 174 days.
    assert (list(a10g["freshness"]), a10g["age_days"]) == (["old"], 174)


def test_unknown_is_not_zero(app: AppTest) -> None:
    frame = market(app)
    command_r = frame[frame["id"] == "cohere/command-r"].iloc[0]
    assert command_r["cached_input_usd_per_mtok"] != command_r["cached_input_usd_per_mtok"]  # NaN


def test_search_and_filters_narrow_the_table(app: AppTest) -> None:
    app.text_input(key="prices_words").set_value("GEMINI flash").run()
    assert set(market(app)["vendor"]) == {"Google", "Google Vertex AI"}
    assert all("flash" in row_id for row_id in market(app)["id"])
    app.text_input(key="prices_words").set_value("").run()
    app.multiselect(key="prices_vendors").set_value(["OpenAI"]).run()
    app.multiselect(key="prices_states").set_value(["shut down"]).run()
    assert set(market(app)["state"]) == {"shut down"}
    app.multiselect(key="prices_kinds").set_value(["finetunes"]).run()
    assert set(market(app)["table"]) == {"Tuned models"}


def test_where_nothing_matches_the_filters_can_be_cleared(app: AppTest) -> None:
    everything = len(market(app))
    app.text_input(key="prices_words").set_value("no such model").run()
    app.multiselect(key="prices_vendors").set_value(["OpenAI"]).run()
    assert "No price matches." in page_text(app)
    assert not app.exception
    app.button(key="prices_clear").click().run()
    assert len(market(app)) == everything
    assert app.text_input(key="prices_words").value == ""


def test_the_charts_start_with_the_scenarios_models(app: AppTest) -> None:
    names = " ".join(lines_of(figure_on_page(app, "chart_price_steps")))
    assert "GPT-4.1 (OpenAI)" in names
    assert "GPT-4.1 mini (Azure, Global Standard)" in names


def test_an_announced_price_is_a_step_in_the_shaded_time_after_today(app: AppTest) -> None:
    choose_prices(app, FLASH)
    figure = figure_on_page(app, "chart_price_steps")
    points = lines_of(figure)["Gemini 3.8 Flash (Google)"]
    assert points[:2] == [("2026-09-23", 0.75), ("2026-11-22", 0.75)]
    assert ("2027-01-01", 1.5) in points
    assert [shape.x0 for shape in figure.layout.shapes] == ["2026-11-22"]
    app.selectbox(key="prices_field").set_value("output_usd_per_mtok").run()
    assert ("2027-01-01", 7.5) in lines_of(figure_on_page(app, "chart_price_steps"))[
        "Gemini 3.8 Flash (Google)"
    ]


def test_a_price_step_is_drawn_as_a_jump_with_its_exact_amounts(app: AppTest) -> None:
    choose_prices(app, HAIKU, tab="By prompt length")
    app.number_input(key="prices_output").set_value(0).run()
    figure = figure_on_page(app, "chart_prompt_cost")
    points = lines_of(figure)["Claude Haiku 5.5 (Anthropic)"]
    assert (100_000, 0.01) in points
    assert (100_001, 0.0500005) in points
    rings = next(trace for trace in figure.data if trace.mode == "markers")
    assert list(rings.x) == [100_000, 100_001]
    assert (
        "Claude Haiku 5.5 (Anthropic): 100,000 prompt tokens cost 0.01 USD per request; one token more, "
        "0.0500005 USD." in page_text(app)
    )


def test_what_ends_soon_is_listed(app: AppTest) -> None:
    choose_prices(app, tab="Expiring")
    frame = table(app, "days_left")
    flash = frame[frame["id"] == "Gemini 3.8 Flash (Google)"].iloc[0]
    assert (flash["ending"], flash["days_left"], flash["input_then"]) == ("new price", 40, 1.5)
    app.number_input(key="prices_within").set_value(0).run()
    assert "last day for training jobs" not in set(table(app, "days_left")["ending"])


def test_a_row_in_full_has_its_rates_its_fields_and_its_page(app: AppTest) -> None:
    choose_prices(app, HAIKU, tab="Details")
    rates = table(app, "service")
    cliff = rates[(rates["service"] == "standard") & (rates["above_prompt_tokens"] == 100_000)].iloc[0]
    assert cliff["input_usd_per_mtok"] == 0.5
    fields = table(app, "field").set_index("field")["value"]
    assert fields["Price row"] == "anthropic/claude-haiku-5-5 @ 2026-11-22"
    assert fields["Price list"] == "shipped"
    assert any("(https://www.anthropic.com/pricing#api)" in m.value for m in app.markdown)


def test_with_nothing_chosen_every_tab_says_what_to_do(app: AppTest) -> None:
    for tab in ("Over time", "By prompt length", "Details"):
        choose_prices(app, tab=tab)
        assert not app.exception
        assert any("in the table above" in info.value for info in app.info)


def test_the_choice_follows_the_scenario_again_when_asked(app: AppTest) -> None:
    choose_prices(app, HAIKU)
    app.button(key="prices_follow").click().run()
    assert "GPT-4.1 (OpenAI)" in " ".join(lines_of(figure_on_page(app, "chart_price_steps")))


def test_scenario_language_and_filters_survive_a_change_of_page(app: AppTest) -> None:
    app.text_input(key="prices_words").set_value("haiku").run()
    go(app, "")
    move(app, 777)
    app.segmented_control(key="lang").set_value("zh_TW").run()
    go(app, "prices")
    assert not app.exception
    assert app.text_input(key="prices_words").value == "haiku"
    assert app.segmented_control(key="lang").value == "zh_TW"
    go(app, "")
    assert volume(app) == 777
    app.segmented_control(key="lang").set_value("en").run()
    assert verdict(app).startswith("At 777 requests per day")


def test_the_page_needs_no_language_in_particular(app: AppTest) -> None:
    app.segmented_control(key="lang").set_value("zh_TW").run()
    for title in ("Over time", "By prompt length", "Expiring", "Details", "Machines"):
        choose_view(app, "prices", title)
        app.run()
        assert not app.exception


def test_every_widget_has_a_key(app: AppTest) -> None:
    for tab in ("Over time", "By prompt length", "Expiring", "Details", "Machines"):
        choose_prices(app, HAIKU, tab=tab)
        for kind in ("button", "number_input", "selectbox", "multiselect", "text_input", "toggle"):
            assert [w.label for w in getattr(app, kind) if not w.key] == []


# Editing


@pytest.fixture
def tables(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Iterator[Path]:
    """A copy of the tables, used by the app."""
    folder = tmp_path / "tables"
    shutil.copytree(FROZEN_TABLES, folder)
    monkeypatch.setenv(load.TABLES_VARIABLE, str(folder))
    state.forget_prices()
    yield folder
    state.forget_prices()


@pytest.fixture
def editing(tables: Path, today: date, monkeypatch: pytest.MonkeyPatch) -> AppTest:
    monkeypatch.setenv("CROSSOVER_EDIT_PRICES", "1")
    app = go(open_app(), "prices")
    choose_view(app, "prices", "Edit")
    return app.run()


def edit(app: AppTest, old: str, new: str) -> AppTest:
    """Change the text of the part that is open in the editor."""
    area = next(a for a in app.text_area if (a.key or "").startswith("prices_edit_text"))
    assert old in str(area.value)
    return area.set_value(str(area.value).replace(old, new)).run()


def open_row(app: AppTest, label: str) -> None:
    """Open the row whose label starts so."""
    part = next(s for s in app.selectbox if (s.key or "").startswith("prices_edit_part"))
    part.select_index(next(i for i, name in enumerate(part.options) if name.startswith(label))).run()


def may_save(app: AppTest) -> bool:
    return not app.button(key="prices_edit_save").disabled


ASTRA = "  input_usd_per_mtok: 10\n"
RAISED = "  input_usd_per_mtok: 11\n"


@pytest.mark.parametrize("value", [None, "", "0", "no"])
def test_editing_is_off_unless_the_server_says_otherwise(
    app: AppTest, monkeypatch: pytest.MonkeyPatch, value: str | None
) -> None:
    if value is not None:
        monkeypatch.setenv("CROSSOVER_EDIT_PRICES", value)
    choose_view(app, "prices", "Edit")
    app.run()
    assert "Edit" not in [tab.label for tab in app.tabs]
    assert not any((a.key or "").startswith("prices_edit") for a in app.text_area)


def test_a_price_is_changed_checked_compared_and_saved(editing: AppTest, tables: Path) -> None:
    edit(editing, ASTRA, RAISED)
    assert not may_save(editing)
    editing.button(key="prices_edit_check").click().run()
    assert "+  input_usd_per_mtok: 11" in editing.code[0].value
    confirm(editing)
    assert may_save(editing)
    editing.button(key="prices_edit_save").click().run()
    assert not editing.exception
    assert "Saved. The former file is kept as models.yaml." in page_text(editing)
    assert RAISED in (tables / "models.yaml").read_text(encoding="utf-8")
    assert len(list(tables.glob("models.yaml.*.bak"))) == 1
    frame = market(editing.run())
    assert frame[frame["id"] == "openai/gpt-6-astra"].iloc[0]["input_usd_per_mtok"] == 11


def test_a_price_beyond_twice_the_former_one_is_saved_only_after_a_confirmation(
    editing: AppTest, tables: Path
) -> None:
    before = (tables / "models.yaml").read_text(encoding="utf-8")
    open_row(editing, "openai/gpt-4.1 @ ")
    edit(editing, "input_usd_per_mtok: 2\n", "input_usd_per_mtok: 2000000\n")
    editing.button(key="prices_edit_check").click().run()
    (warning,) = (w.value.replace("\\", "") for w in editing.warning)
    assert "input_usd_per_mtok: 2 becomes 2000000: × 1,000,000" in warning
    assert not may_save(editing)
    assert (tables / "models.yaml").read_text(encoding="utf-8") == before
    confirm = next(box for box in editing.checkbox if (box.key or "").startswith("prices_edit_confirm"))
    confirm.check().run()
    assert may_save(editing)
    editing.button(key="prices_edit_save").click().run()
    assert "input_usd_per_mtok: 2000000" in (tables / "models.yaml").read_text(encoding="utf-8")


def test_a_confirmation_is_for_the_text_that_was_checked(editing: AppTest) -> None:
    open_row(editing, "openai/gpt-4.1 @ ")
    edit(editing, "input_usd_per_mtok: 2\n", "input_usd_per_mtok: 2000000\n")
    editing.button(key="prices_edit_check").click().run()
    next(box for box in editing.checkbox if (box.key or "").startswith("prices_edit_confirm")).check().run()
    edit(editing, "input_usd_per_mtok: 2000000\n", "input_usd_per_mtok: 3000000\n")
    editing.button(key="prices_edit_check").click().run()
    assert not may_save(editing)


def confirm(app: AppTest) -> None:
    """Confirm the warnings about the text that was checked, if there are any."""
    for box in app.checkbox:
        if (box.key or "").startswith("prices_edit_confirm"):
            box.check().run()


def test_one_row_can_be_edited_alone(editing: AppTest, tables: Path) -> None:
    part = next(s for s in editing.selectbox if (s.key or "").startswith("prices_edit_part"))
    part.select_index(1).run()
    area = next(a for a in editing.text_area if (a.key or "").startswith("prices_edit_text"))
    assert str(area.value).startswith("- id: openai/gpt-6-astra\n")
    assert str(area.value).count("- id:") == 1
    edit(editing, ASTRA, RAISED)
    editing.button(key="prices_edit_check").click().run()
    confirm(editing)
    editing.button(key="prices_edit_save").click().run()
    saved = (tables / "models.yaml").read_text(encoding="utf-8")
    assert saved.count(RAISED) == 1
    assert saved.count("- id:") > 50


def test_errors_are_shown_with_their_lines_and_cannot_be_saved(editing: AppTest, tables: Path) -> None:
    edit(editing, ASTRA, "  input_usd_per_mtok: -1\n")
    editing.button(key="prices_edit_check").click().run()
    assert [e.split(": ")[1:3] for e in errors(editing)] == [["openai/gpt-6-astra", "input_usd_per_mtok"]]
    assert errors(editing)[0].startswith("models.yaml:")
    assert not may_save(editing)
    assert list(tables.glob("*.bak")) == []


def test_what_was_changed_after_the_check_must_be_checked_again(editing: AppTest) -> None:
    edit(editing, ASTRA, RAISED)
    editing.button(key="prices_edit_check").click().run()
    edit(editing, RAISED, "  input_usd_per_mtok: 12\n")
    assert not may_save(editing)
    assert "check it again" in page_text(editing)


def test_a_file_changed_meanwhile_is_a_conflict_and_can_be_reloaded(editing: AppTest, tables: Path) -> None:
    edit(editing, ASTRA, RAISED)
    editing.button(key="prices_edit_check").click().run()
    confirm(editing)
    path = tables / "models.yaml"
    theirs = path.read_text(encoding="utf-8") + "# theirs\n"
    path.write_text(theirs, encoding="utf-8")
    editing.button(key="prices_edit_save").click().run()
    assert any("has changed since it was opened (reload it" in e for e in errors(editing))
    assert path.read_text(encoding="utf-8") == theirs
    assert not may_save(editing)
    editing.button(key="prices_edit_reload").click().run()
    area = next(a for a in editing.text_area if (a.key or "").startswith("prices_edit_text"))
    assert str(area.value) == theirs
    assert errors(editing) == []


def test_a_table_broken_on_disk_can_be_mended_on_the_page(editing: AppTest, tables: Path) -> None:
    (tables / "fx.yaml").write_text("- id: [\n", encoding="utf-8")
    state.forget_prices()
    editing.run()
    assert not editing.exception
    assert any(e.startswith("fx.yaml:") for e in errors(editing))
    editing.selectbox(key="prices_edit_table").set_value("fx.yaml").run()
    edit(editing, "- id: [\n", "[]\n")
    editing.button(key="prices_edit_check").click().run()
    editing.button(key="prices_edit_save").click().run()
    assert (tables / "fx.yaml").read_text(encoding="utf-8") == "[]\n"
    assert errors(editing.run()) == []


def test_a_companys_own_folder_is_the_one_that_is_edited(
    editing: AppTest, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    own = tmp_path / "own"
    own.mkdir()
    monkeypatch.setenv("CROSSOVER_PRICES", str(own))
    editing.run()
    assert f"No price table in {own}" in page_text(editing)
    (own / "fx.yaml").write_text("[]\n", encoding="utf-8")
    editing.run()
    assert editing.selectbox(key="prices_edit_table").options == ["fx.yaml"]

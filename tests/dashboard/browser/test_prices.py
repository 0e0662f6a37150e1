"""Prices page in a real Chromium: open, search, choose a row, read the charts, in both languages."""

from __future__ import annotations

import csv
import io
import re
import shutil
from pathlib import Path

import pytest
from playwright.sync_api import Browser, Locator, Page, expect

from tests.support.browser import expect_drawn, new_page, served, settle
from tests.support.paths import FROZEN_TABLES, ROOT

pytestmark = pytest.mark.browser


@pytest.fixture
def page(page: Page) -> Page:
    """The page, opened by its link in the app."""
    page.locator("a[href$='/prices']").first.click()
    expect(page.locator(".st-key-prices_words")).to_be_visible()
    settle(page)
    return page


def market(page: Page) -> Locator:
    return page.get_by_test_id("stDataFrame").first


def search(page: Page, words: str) -> None:
    page.locator(".st-key-prices_words input").fill(words)
    page.keyboard.press("Enter")
    settle(page)


def choose_row(page: Page, place: int) -> None:
    """Tick the box of a row, the first to be chosen (rows: 35 pixels), once the table is drawn.

    The table tells the page of its selection a moment after the click, so one click is followed by one wait.
    """
    of_the_scenario = page.get_by_text("Selected for the charts: 3 (")
    expect(of_the_scenario).to_be_visible()
    expect(market(page).locator(f"[data-testid=glide-cell-1-{place}]")).to_be_attached()
    market(page).click(position={"x": 18, "y": 35 + 35 * place + 17})
    expect(of_the_scenario).to_be_hidden()
    settle(page)


def rows_of(page: Page, key: str) -> list[dict[str, str]]:
    button = page.locator(f".st-key-{key} button:visible")
    expect(button).to_have_count(1)
    with page.expect_download() as waiting:
        button.click()
    content = Path(waiting.value.path()).read_bytes().decode("utf-8-sig")
    return list(csv.DictReader(io.StringIO(content)))


def test_a_reader_searches_chooses_a_row_and_sees_its_prices_and_its_cliff(page: Page) -> None:
    assert "/prices?" in page.url
    everything = rows_of(page, "csv_prices")
    search(page, "claude-haiku-5-5")
    shown = rows_of(page, "csv_prices")
    assert 0 < len(shown) < len(everything)
    assert all("claude-haiku-5-5" in row["id"] for row in shown)

    choose_row(page, 0)
    chosen = shown[0]["id"]
    expect_drawn(page, "chart_price_steps")
    assert chosen in {row["id"] for row in rows_of(page, "csv_price_history")}
    page.locator("[class*=st-key-view_prices] button").nth(1).click()
    settle(page)
    expect_drawn(page, "chart_prompt_cost")
    points = {
        row["prompt_tokens"]: row["usd_per_request"]
        for row in rows_of(page, "csv_prompt_cost")
        if row["id"] == "anthropic/claude-haiku-5-5"
    }
    # 500 output tokens: 0.01 + 500 x 0.5 / 1e6, and 0.0500005 + 500 x 2.5 / 1e6
    assert (points["100000"], points["100001"]) == ("0.01025", "0.0512505")


def test_the_prices_page_speaks_chinese_and_the_scenario_survives_it(page: Page) -> None:
    page.get_by_text("繁體中文", exact=True).click()
    expect(page.locator(".st-key-prices_words")).to_contain_text("搜尋")
    settle(page)
    for place in range(5):
        page.locator("[class*=st-key-view_prices] button").nth(place).click()
        settle(page)
        expect(page.get_by_test_id("stException")).to_have_count(0)
    page.locator("a[href$='/'], a[href$='/compare']").first.click()
    expect(page.locator(".verdict h4")).to_contain_text("每日 20,000 次請求")
    settle(page)
    page.locator(".volume input[type=range]").press("Home")
    expect(page.locator(".verdict h4")).to_contain_text("每日 10 次請求")
    settle(page)
    page.locator("a[href$='/prices']").first.click()
    expect(page.locator(".st-key-prices_words")).to_be_visible()
    settle(page)
    page.get_by_text("English", exact=True).click()
    expect(page.locator(".st-key-prices_words")).to_contain_text("Search")
    settle(page)
    page.go_back()
    expect(page.locator(".verdict h4")).to_contain_text("At 10 requests per day")
    settle(page)


def test_an_engineer_types_checks_with_one_click_reads_the_difference_and_saves(
    browser: Browser, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    tables = tmp_path / "tables"
    shutil.copytree(FROZEN_TABLES, tables)
    monkeypatch.setenv("CROSSOVER_EDIT_PRICES", "1")
    monkeypatch.setenv("CROSSOVER_PRICES", str(tables))
    with served(ROOT / "app.py") as address, new_page(browser, locale="en") as page:
        page.goto(f"{address}/prices")
        expect(page.locator(".st-key-prices_words")).to_be_visible()
        settle(page)
        page.locator("[class*=st-key-view_prices] button").nth(5).click()
        settle(page)
        area = page.locator("[class*=st-key-prices_edit_text] textarea")
        expect(area).to_have_value(
            re.compile("input_usd_per_mtok: 10\n")
        )  # it comes with its text a moment later
        area.fill(area.input_value().replace("input_usd_per_mtok: 10\n", "input_usd_per_mtok: 11\n", 1))
        page.locator(".st-key-prices_edit_check button").click()
        expect(page.get_by_test_id("stCode")).to_contain_text("+  input_usd_per_mtok: 11")
        settle(page)
        save = page.locator(".st-key-prices_edit_save button:visible")
        expect(save).to_be_disabled()  # a price in force was changed
        page.get_by_text("These changes are intended").click()
        settle(page)
        save.click()
        expect(page.get_by_text("Saved. The former file is kept as")).to_be_visible()
        settle(page)
    assert "  input_usd_per_mtok: 11\n" in (tables / "models.yaml").read_text(encoding="utf-8")
    assert len(list(tables.glob("models.yaml.*.bak"))) == 1


def test_on_a_phone_nothing_sticks_out_and_the_page_is_reached(phone: Page) -> None:
    page = phone
    page.get_by_test_id("stExpandSidebarButton").click()
    page.locator("a[href$='/prices']:visible").first.click()
    page.get_by_test_id("stSidebarCollapseButton").locator("button").click()
    expect(page.locator(".st-key-prices_words")).to_be_in_viewport()
    settle(page)
    for place in range(5):
        page.locator("[class*=st-key-view_prices] button").nth(place).click()
        settle(page)
        assert page.evaluate("() => document.documentElement.scrollWidth") <= 390

"""Cash flow view in a real Chromium: figures are drawn, the bridge adds up, and the view fits a phone."""

from __future__ import annotations

import pytest
from playwright.sync_api import Locator, Page, expect

from tests.support.browser import settle

pytestmark = pytest.mark.browser

FIGURES = {
    "chart_cash_cumulative": ".scatterlayer .trace",
    "chart_cash_months": ".barlayer .bars",
    "chart_cash_bridge": ".waterfalllayer .point",
    "chart_cash_events": ".scatterlayer .point",
}
"""Figure -> the marks that it draws."""


def open_cash_flow(page: Page) -> None:
    page.locator("[class*=st-key-view_] button").filter(has_text="Cash flow").click()
    settle(page)
    expect(page.locator(".st-key-cash_verdict")).to_be_visible()
    expect(page.get_by_test_id("stException")).to_have_count(0)


def drawn(page: Page, key: str) -> Locator:
    """The marks of a figure, once there is one."""
    marks = page.locator(f".st-key-{key} {FIGURES[key]}")
    marks.first.wait_for(state="attached")
    return marks


def test_finance_finds_every_figure_and_the_bridge_of_another_option(page: Page) -> None:
    open_cash_flow(page)
    for key in FIGURES:
        assert drawn(page, key).count() > 0
    waterfall = page.locator(".st-key-chart_cash_bridge")
    # The example's first option: its monthly cost × 24 months, a training at a retirement, the cash flow.
    expect(waterfall).to_contain_text("37,880.71")
    expect(waterfall).to_contain_text("+24.14")
    settle(page)
    choice = page.locator(".st-key-cash_bridge_of input")
    choice.scroll_into_view_if_needed()
    settle(page)  # the list closes while the page still scrolls
    choice.click()
    page.get_by_role("option", name="Prompt stuffing · GPT-4.1 (OpenAI)").click()
    expect(waterfall).not_to_contain_text("37,880.71")
    settle(page)


def test_the_files_of_the_view_stand_behind_one_button(page: Page) -> None:
    open_cash_flow(page)
    page.locator(".st-key-cash_downloads button").first.click()
    with page.expect_download() as download:
        page.get_by_role("button", name="From monthly cost to cash flow (CSV)").click()
    assert download.value.suggested_filename == "brand_voice-cash-bridge.csv"
    written = download.value.path().read_text(encoding="utf-8-sig").splitlines()
    assert written[0].startswith("strategy,step,amount_usd,cumulative_usd")
    # Four options of twelve steps each.
    assert len(written) == 1 + 4 * 12


def test_on_a_phone_nothing_sticks_out(phone: Page) -> None:
    open_cash_flow(phone)
    drawn(phone, "chart_cash_bridge")
    assert phone.evaluate("() => document.documentElement.scrollWidth") <= 390

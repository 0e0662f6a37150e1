"""Cash flow view in a real Chromium: charts are drawn, the editor works, and the view fits a phone."""

from __future__ import annotations

import pytest
from playwright.sync_api import Page, expect

from tests.support.browser import expect_drawn, settle

pytestmark = pytest.mark.browser


def open_months(page: Page) -> None:
    page.locator("[class*=st-key-tab] button").filter(has_text="Cash over time").click()
    settle(page)
    expect(page.locator(".st-key-cash_verdict")).to_be_visible()
    expect(page.get_by_test_id("stException")).to_have_count(0)


def test_a_reader_lets_traffic_grow_and_takes_it_back(page: Page) -> None:
    open_months(page)
    verdict = page.locator(".st-key-cash_verdict strong")
    before = verdict.inner_text()
    for key in ("chart_cash_so_far", "chart_cash_months"):
        expect_drawn(page, key)
    page.locator(".st-key-time_ahead summary").click()
    settle(page)
    growth = page.locator(".st-key-traffic_growth input")
    growth.fill("0.2")
    growth.press("Enter")
    expect(verdict).not_to_have_text(before)
    settle(page)
    page.locator(".st-key-undo button:visible").click()
    expect(verdict).to_have_text(before)
    settle(page)


def test_on_a_phone_nothing_sticks_out(phone: Page) -> None:
    open_months(phone)
    phone.locator(".st-key-time_ahead summary").click()
    settle(phone)
    assert phone.evaluate("() => document.documentElement.scrollWidth") <= 390

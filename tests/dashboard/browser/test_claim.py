"""Claim page in a real Chromium: open it, change a driver, solve for a driver, view it on a phone."""

from __future__ import annotations

import pytest
from playwright.sync_api import Page, expect

from tests.support.browser import expect_drawn, settle

pytestmark = pytest.mark.browser


@pytest.fixture
def page(page: Page) -> Page:
    """The page, opened by its link in the app."""
    page.locator("a[href$='/claim']").first.click()
    expect(page.locator(".st-key-claim_verdict")).to_be_visible()
    settle(page)
    return page


def open_tab(page: Page, place: int) -> None:
    page.get_by_role("tab").nth(place).click()
    settle(page)
    expect(page.get_by_test_id("stException")).to_have_count(0)


def test_a_reader_moves_a_driver_resets_it_and_uses_a_value_that_was_sought(page: Page) -> None:
    best = page.locator(".card.best .usd")
    expect(best).to_have_text("24.2")
    open_tab(page, 1)
    page.locator(".st-key-claim_driver_spare_replicas input[type=range]").press("ArrowRight")
    expect(best).to_have_text("48.4")
    settle(page)
    expect_drawn(page, "chart_tornado")
    page.locator(".st-key-claim_reset button:visible").click()
    expect(best).to_have_text("24.2")
    settle(page)
    open_tab(page, 2)
    expect(page.locator(".st-key-claim_answer")).to_contain_text("would have to be 31,433.9 USD")
    page.locator(".st-key-claim_use_0 button:visible").click()
    expect(best).to_have_text("25.0")
    settle(page)


def test_every_part_is_drawn(page: Page) -> None:
    for place, charts in ((3, ["chart_aged"]), (4, ["chart_winners", "chart_stairs"]), (5, ["chart_cash"])):
        open_tab(page, place)
        for key in charts:
            expect_drawn(page, key)


def test_on_a_phone_nothing_sticks_out(phone: Page, address: str) -> None:
    phone.goto(f"{address}/claim")
    expect(phone.locator(".st-key-claim_verdict")).to_be_visible()
    settle(phone)
    for place in range(6):
        open_tab(phone, place)
        assert phone.evaluate("() => document.documentElement.scrollWidth") <= 390

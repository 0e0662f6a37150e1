"""Model ranking in a real Chromium: a row's own button, the page's style after it, and undo."""

from __future__ import annotations

import pytest
from playwright.sync_api import Page, expect

from tests.support.browser import settle

pytestmark = pytest.mark.browser


def opened(page: Page) -> None:
    page.locator("[class*=st-key-tab] button", has_text="Strategies").click()
    settle(page)
    page.locator(".st-key-cheapest summary").click()
    expect(page.get_by_test_id("stDataFrame").first).to_be_visible()
    settle(page)


def cards(page: Page) -> int:
    return page.locator(".who").count()


def test_a_rows_own_button_takes_its_model_and_the_page_keeps_its_style(page: Page) -> None:
    opened(page)
    before = cards(page)
    table = page.get_by_test_id("stDataFrame").first
    table.scroll_into_view_if_needed()
    settle(page)
    expect(table.locator("[data-testid=glide-cell-1-1]")).to_be_attached()
    table.click(position={"x": 25, "y": 35 + 35 + 17})  # the button in front of the second row
    expect(page.get_by_test_id("stAlert").filter(has_text="is in the comparison")).to_be_visible()
    settle(page)
    assert cards(page) == before + 1
    # A lost style sheet would set the cards' figures as plain text.
    sizes = page.locator(".usd").first.evaluate("e => parseFloat(getComputedStyle(e).fontSize)")
    plain = page.locator(".who").first.evaluate("e => parseFloat(getComputedStyle(e).fontSize)")
    assert sizes > plain
    page.get_by_role("button", name="Undo").click()
    settle(page)
    expect(page.locator(".who")).to_have_count(before)


def test_the_catalogue_is_ranked_while_the_page_stays_alive(page: Page) -> None:
    opened(page)
    page.locator(".st-key-rank_catalogue label").click()
    expect(page.get_by_text("2,0", exact=False).filter(has_text="meet it")).to_be_visible()
    settle(page)
    page.locator(".st-key-rank_add button").click()
    expect(page.get_by_test_id("stAlert").filter(has_text="is in the comparison")).to_be_visible()


def test_on_a_phone_the_drawer_fits_the_screen(phone: Page) -> None:
    opened(phone)
    wide = phone.evaluate("document.documentElement.scrollWidth")
    assert wide <= 390
    expect(phone.locator(".st-key-rank_add button")).to_be_visible()

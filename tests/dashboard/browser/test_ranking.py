"""List of models in a real Chromium: a row's own button, the page's style after it, and undo."""

from __future__ import annotations

import pytest
from playwright.sync_api import Page, expect

from tests.support.browser import settle

pytestmark = pytest.mark.browser


def open_list(page: Page) -> None:
    """Open the list by the link of the answer."""
    page.locator("[data-open]").first.click()
    expect(page.get_by_test_id("stDataFrame").first).to_be_visible()
    settle(page)


def options(page: Page) -> int:
    """Number of options that are compared."""
    return page.locator(".options-table th[scope=row]").count()


def test_a_rows_own_button_adds_its_model_and_undo_removes_it(page: Page) -> None:
    open_list(page)
    before = options(page)
    table = page.get_by_test_id("stDataFrame").first
    table.scroll_into_view_if_needed()
    settle(page)
    expect(table.locator("[data-testid=glide-cell-1-1]")).to_be_attached()
    table.click(position={"x": 208, "y": 35 + 35 + 17})  # the button "Add" of the second row
    expect(page.get_by_test_id("stAlert").filter(has_text="is in the comparison now")).to_be_visible()
    settle(page)
    assert options(page) == before + 1
    page.locator(".st-key-undo button").click()
    settle(page)
    assert options(page) == before


def test_the_catalogue_is_ranked_while_the_page_stays_alive(page: Page) -> None:
    open_list(page)
    page.locator(".st-key-rank_catalogue label").click()
    expect(page.get_by_text("2,0", exact=False).filter(has_text="match the filters")).to_be_visible()
    settle(page)
    page.locator(".st-key-rank_add button").click()
    expect(page.get_by_test_id("stAlert").filter(has_text="is in the comparison now")).to_be_visible()


def test_on_a_phone_the_list_fits_the_screen(phone: Page) -> None:
    open_list(phone)
    assert phone.evaluate("document.documentElement.scrollWidth") <= 390
    expect(phone.locator(".st-key-rank_add button")).to_be_visible()

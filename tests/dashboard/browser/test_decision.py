"""Recommendation in a real Chromium: a table that scrolls on a phone, and inputs that a user types into."""

from __future__ import annotations

import csv
import io
from pathlib import Path

import pytest
from playwright.sync_api import Page, expect

from ...support.browser import settle

pytestmark = pytest.mark.browser


def open_tab(page: Page, *drawers: str) -> None:
    page.locator(".st-key-view_").get_by_text("Recommendation", exact=True).click()
    expect(page.locator(".st-key-recommendation")).to_be_visible()
    settle(page)
    for drawer in drawers:
        page.locator(f".st-key-{drawer} summary").first.click()
        settle(page)


def test_a_typed_cost_of_people_and_an_emptied_one_are_taken(page: Page) -> None:
    open_tab(page, "known")
    page.get_by_role("button", name="Change the requirements").click()
    settle(page)
    expect(page.locator(".st-key-inputs summary").first).to_be_in_viewport()
    field = page.locator(".st-key-need_escalation_usd input")
    field.fill("4")
    field.press("Enter")
    for index, share in enumerate(("80", "90", "70", "60")):
        known = page.locator(f".st-key-known_{index}_resolved_share input")
        known.fill(share)
        known.press("Enter")
        settle(page)
    # Of Claude, which resolves 90%: 0.1 x 4 USD and 2,084.24 USD for 608,750 requests
    expect(page.locator(".options-table")).to_contain_text("0.403 per resolved request")
    field.fill("")
    field.press("Enter")
    expect(page.locator(".options-table")).not_to_contain_text("0.403")
    expect(field).to_have_value("")


def test_the_table_is_downloaded_with_what_it_shows(page: Page, tmp_path: Path) -> None:
    open_tab(page)
    with page.expect_download() as waiting:
        page.locator(".st-key-csv_decision button").click()
    path = tmp_path / "decision.csv"
    waiting.value.save_as(path)
    rows = list(csv.DictReader(io.StringIO(path.read_text(encoding="utf-8-sig"))))
    shown = page.locator(".decide").inner_text()
    assert len({row["strategy"] for row in rows}) == 4
    for row in rows:
        assert row["fact"] in shown
        assert row["finding"] in shown


def test_a_phone_scrolls_the_table_and_not_the_page(phone: Page) -> None:
    open_tab(phone, "rules")
    width = phone.evaluate("document.documentElement.scrollWidth")
    assert width <= 390
    wide, seen = phone.locator(".decide").evaluate("e => [e.scrollWidth, e.clientWidth]")
    assert wide > seen

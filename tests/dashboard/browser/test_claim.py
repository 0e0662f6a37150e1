"""Break-even page in a real Chromium: change an assumption, solve for one, go back, view it on a phone."""

from __future__ import annotations

import pytest
from playwright.sync_api import Page, expect

from dashboard.pages import claim
from tests.support.browser import expect_drawn, settle

pytestmark = pytest.mark.browser
VIEWS = list(claim.VIEWS.values())


@pytest.fixture
def page(page: Page) -> Page:
    """The page, opened by its link in the app."""
    page.locator("a[href$='/claim']").first.click()
    expect(page.locator(".st-key-claim_verdict")).to_be_visible()
    settle(page)
    return page


def open_view(page: Page, title: str) -> None:
    page.locator(".st-key-view_claim").get_by_text(title, exact=True).click()
    settle(page)
    expect(page.get_by_test_id("stException")).to_have_count(0)


def test_a_reader_changes_an_assumption_resets_it_and_uses_a_value_of_the_goal_seek(page: Page) -> None:
    break_even = page.get_by_test_id("stMetricValue").first
    expect(break_even).to_have_text("24.2 M")
    open_view(page, "Assumptions")
    page.locator(".st-key-claim_driver_spare_replicas input[type=range]").press("ArrowRight")
    expect(break_even).to_have_text("48.4 M")
    settle(page)
    expect(page.locator(".st-key-claim_verdict")).to_contain_text("baseline 24.2 M, with your changes 48.4 M")
    expect_drawn(page, "chart_tornado")
    page.locator(".st-key-claim_back_spare_replicas button:visible").click()
    expect(break_even).to_have_text("24.2 M")
    settle(page)
    open_view(page, "Goal seek")
    expect(page.locator(".st-key-claim_answer")).to_contain_text("would have to be 31,433.9 USD")
    page.locator(".st-key-claim_use_0 button:visible").click()
    expect(break_even).to_have_text("25 M")
    settle(page)


def test_every_view_is_drawn(page: Page) -> None:
    for title, keys in (
        ("Derivation", ["chart_derivation"]),
        ("Over time", ["chart_history"]),
        ("Cost map", ["chart_cost_map", "chart_cost_curves"]),
        ("Payback", ["chart_cash"]),
    ):
        open_view(page, title)
        for key in keys:
            expect_drawn(page, key)


def test_a_number_can_be_typed_with_the_keyboard_alone(page: Page) -> None:
    open_view(page, "Assumptions")
    box = page.locator(".st-key-claim_number_api_output_usd_per_mtok input")
    box.fill("17.77")
    expect(box).to_have_value("17.77")
    box.press("Enter")
    settle(page)
    # (3 x 2.5 + 17.77) / 4 = 6.3175 USD: 105.825 / 6.3175 = 16.75 M
    expect(page.get_by_test_id("stMetricValue").first).to_have_text("16.8 M")
    expect(page.locator(".st-key-claim_row_api_output_usd_per_mtok")).to_contain_text("changed")


def test_another_control_moved_before_the_page_has_answered_does_not_take_back_what_was_typed(
    page: Page,
) -> None:
    open_view(page, "Assumptions")
    box = page.locator(".st-key-claim_number_api_output_usd_per_mtok input")
    spares = page.locator(".st-key-claim_driver_spare_replicas input[type=range]")
    # (3 x 2.5 + 3.5) / 4 = 2.75 USD: 2 x 105.825 / 2.75 = 77 M on two machines; 3 x 105.825 / 3 on three.
    for price, break_even in (("3.5", "77 M"), ("4.5", "106 M")):
        box.fill(price)
        box.press("Enter")
        spares.press("ArrowRight")
        settle(page)
        expect(box).to_have_value(price)
        expect(page.get_by_test_id("stMetricValue").first).to_have_text(break_even)


def test_on_a_phone_nothing_sticks_out(phone: Page, address: str) -> None:
    for path in ("claim", "method"):
        phone.goto(f"{address}/{path}")
        expect(phone.locator(".st-key-claim_verdict, .st-key-method_contents")).to_be_visible()
        settle(phone)
        assert phone.evaluate("() => document.documentElement.scrollWidth") <= 390
    phone.goto(f"{address}/claim")
    settle(phone)
    for title in VIEWS:
        open_view(phone, title)
        assert phone.evaluate("() => document.documentElement.scrollWidth") <= 390

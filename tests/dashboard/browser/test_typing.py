"""Clicks right after typing, in a real Chromium: none is lost.

`CROSSOVER_TRIES=50` repeats each of them as often.
"""

from __future__ import annotations

import csv
import os
from collections.abc import Iterator
from pathlib import Path

import pytest
from playwright.sync_api import Browser, Locator, Page, expect

from tests.support.browser import follow_runs, new_page, open_inputs, settle

pytestmark = pytest.mark.browser

TRIES = int(os.environ.get("CROSSOVER_TRIES", "4"))
HELD_MS = 90
"""How long a person holds the button of the mouse: time enough for the page to move under it."""


@pytest.fixture
def tab(browser: Browser, address: str) -> Iterator[Page]:
    with new_page(browser, viewport={"width": 1280, "height": 1000}, locale="en-US") as page:
        page.goto(f"{address}/?example=brand_voice")
        settle(page)
        open_inputs(page)
        yield page


def click_as_a_person(target: Locator) -> None:
    target.click(delay=HELD_MS)


def click_while_the_page_answers(page: Page, target: Locator) -> None:
    """Press, and release once the page has answered to what was typed: the worst moment for a click."""
    target.hover()  # waits until the target lies still: an expander takes a while to open
    page.mouse.down()
    settle(page)
    page.mouse.up()


def open_section(page: Page, title: str) -> Locator:
    return page.locator(".st-key-inputs_section").get_by_text(title, exact=True)


def test_a_click_right_after_typing_a_number_is_not_lost(tab: Page) -> None:
    for number in range(1_001, 1_001 + TRIES):
        tab.locator(".st-key-requests input").fill(str(number))
        click_as_a_person(open_section(tab, "Workload details"))
        expect(tab.locator(".st-key-workload_traffic")).to_be_visible()
        settle(tab)
        expect(tab.locator(".st-key-inputs_summary")).to_contain_text(f"{number:,} requests per day")
        open_section(tab, "Start").click()
        expect(tab.locator(".st-key-requests input")).to_be_visible()
        settle(tab)


def test_a_click_during_which_the_page_answers_to_typing_is_not_lost(tab: Page) -> None:
    for number in range(3_001, 3_001 + TRIES):
        tab.locator(".st-key-requests input").fill(str(number))
        click_while_the_page_answers(tab, open_section(tab, "Workload details"))
        expect(tab.locator(".st-key-workload_traffic")).to_be_visible()
        settle(tab)
        open_section(tab, "Start").click()
        expect(tab.locator(".st-key-requests input")).to_be_visible()
        settle(tab)


def test_a_click_on_a_control_that_moves_away_under_the_pointer_is_not_lost(tab: Page) -> None:
    """The question over an example's texts appears above the settings while a button of them is pressed."""
    tab.get_by_label("Your prompt").fill("Rules of a shop. " * 20)
    click_while_the_page_answers(tab, tab.locator(".st-key-growth button").last)
    expect(tab.locator(".st-key-growth input")).to_have_value("1")
    settle(tab)


def test_a_click_on_a_control_whose_text_is_replaced_meanwhile_is_not_lost_nor_doubled(tab: Page) -> None:
    target = open_section(tab, "Workload details")
    target.hover()
    tab.mouse.down()
    target.evaluate("text => text.replaceWith(text.cloneNode(true))")
    tab.mouse.up()
    expect(tab.locator(".st-key-workload_traffic")).to_be_visible()
    settle(tab)
    open_section(tab, "Start").click()
    settle(tab)
    tab.locator(".st-key-growth button").last.click()
    settle(tab)
    expect(tab.locator(".st-key-growth input")).to_have_value("1")


def test_a_control_that_replaces_its_own_text_when_clicked_is_clicked_once(tab: Page) -> None:
    summary = tab.locator(".st-key-inputs summary").first
    summary.evaluate(
        "s => s.addEventListener('click', e => e.target.replaceWith(e.target.cloneNode(true)), {once: true})"
    )
    summary.get_by_text("Inputs", exact=True).click()
    settle(tab)
    expect(tab.locator(".st-key-requests")).to_have_count(0)  # closed, not closed and opened again


def test_what_is_typed_next_stays_while_the_page_answers_to_what_was_typed_before(tab: Page) -> None:
    tab.locator(".st-key-requests input").fill("4321")
    growth = tab.locator(".st-key-growth input")
    growth.fill("7")  # leaves the first box, so that the page follows
    settle(tab)
    expect(tab.locator(".st-key-inputs_summary")).to_contain_text("4,321 requests per day")
    expect(growth).to_be_focused()
    expect(growth).to_have_value("7")


def test_a_click_right_after_pasting_a_prompt_is_not_lost(tab: Page) -> None:
    for number in range(TRIES):
        tab.get_by_label("Your prompt").fill(f"Rules of shop {number}. " * 20)
        click_as_a_person(tab.locator(".st-key-growth button").last)
        expect(tab.locator(".st-key-growth input")).to_have_value(str(number + 1))
        settle(tab)
        expect(tab.get_by_label("Your prompt")).to_have_value(f"Rules of shop {number}. " * 20)
        expect(tab.locator(".st-key-start_replace")).to_be_visible()
        tab.get_by_role("button", name="Cancel").click()
        settle(tab)


def test_a_download_right_after_typing_is_not_lost_and_holds_what_was_typed(tab: Page) -> None:
    for number in range(2_001, 2_001 + TRIES):
        with tab.expect_download() as waiting:
            tab.locator(".st-key-requests input").fill(str(number))
            click_as_a_person(tab.locator(".st-key-csv_months button"))
        text = Path(waiting.value.path()).read_text(encoding="utf-8-sig")
        assert {float(row["requests_per_day"]) for row in csv.DictReader(text.splitlines())} == {number}
        settle(tab)


def test_a_file_can_still_be_fetched_after_other_sessions_have_run(tab: Page, address: str) -> None:
    """On a busy server they run between the click and the browser's request for the file."""
    with tab.expect_download() as waiting:
        tab.locator(".st-key-csv_months button").click()
    other = follow_runs(tab.context.new_page())
    other.goto(f"{address}/?example=brand_voice")
    settle(other)
    for title in ("Cash flow", "Overview", "Cash flow"):
        other.locator("[class*=st-key-view_]").get_by_text(title, exact=True).click()
        settle(other)
    response = tab.request.get(waiting.value.url)
    assert response.status == 200
    assert response.body() == Path(waiting.value.path()).read_bytes()


def test_a_download_right_after_a_control_that_moves_the_page_is_not_lost(tab: Page) -> None:
    for number in range(TRIES):
        with tab.expect_download() as waiting:
            tab.get_by_label("Your prompt").fill(f"Rules of shop {number}. " * 20)  # a question appears above
            click_as_a_person(tab.locator(".st-key-csv_months button"))
        assert Path(waiting.value.path()).stat().st_size > 0
        tab.get_by_role("button", name="Cancel").click()
        settle(tab)

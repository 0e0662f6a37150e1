"""Nobody's work is lost, in a real Chromium: reload, restart, tabs, history, language, broken storage."""

from __future__ import annotations

from collections.abc import Iterator

import pytest
from playwright.sync_api import Browser, Page, expect

from tests.support.browser import (
    RestartedServer,
    follow_runs,
    need_chromium,
    new_page,
    open_inputs,
    settle,
    wait_until,
)
from tests.support.paths import ROOT

pytestmark = pytest.mark.browser

STORED = "() => localStorage.getItem('crossover:work:' + sessionStorage.getItem('crossover:tab')) ?? ''"


@pytest.fixture
def tab(browser: Browser, address: str) -> Iterator[Page]:
    """The app with an example, in a browser of its own."""
    with new_page(browser, viewport={"width": 1280, "height": 1000}, locale="en-US") as page:
        page.context.grant_permissions(["clipboard-read", "clipboard-write"])
        page.goto(f"{address}/?example=brand_voice")
        settle(page)
        yield page


def type_requests(page: Page, number: int) -> None:
    """Type the volume, and wait until the browser has stored it."""
    box = page.locator(".st-key-requests input")
    box.fill(str(number))
    box.press("Enter")
    settle(page)
    wait_until(page, lambda: f'requests_per_day\\":{number}' in page.evaluate(STORED))


def summary(page: Page) -> str:
    return page.locator(".st-key-inputs_summary").inner_text()


def open_view(page: Page, title: str) -> None:
    page.locator(".st-key-view_").get_by_text(title, exact=True).click()
    settle(page)


def opened_view(page: Page) -> str:
    return page.locator(".st-key-view_ [aria-checked=true]").inner_text()


def test_a_reload_keeps_the_work_and_the_view(tab: Page) -> None:
    open_inputs(tab)
    type_requests(tab, 777)
    open_view(tab, "Cash flow")
    tab.reload()
    settle(tab)
    assert "777 requests per day" in summary(tab)
    assert opened_view(tab) == "Cash flow"
    expect(tab.locator(".st-key-status")).to_contain_text("Restored your work from")


def test_a_server_restart_keeps_the_work_and_never_shows_the_example_with_it(browser: Browser) -> None:
    need_chromium()
    server = RestartedServer(ROOT / "app.py")
    server.start()
    try:
        with new_page(browser, viewport={"width": 1280, "height": 1000}, locale="en-US") as page:
            page.goto(server.address)
            settle(page)
            open_inputs(page)
            type_requests(page, 777)
            open_view(page, "Cash flow")
            page.evaluate(
                """() => {
                  globalThis.seen = new Set();
                  new MutationObserver(() => {
                    const label = document.querySelector('.st-key-inputs_summary')?.textContent;
                    if (label) globalThis.seen.add(label.replace(/\\s+/g, ' '));
                  }).observe(document.body, { subtree: true, childList: true, characterData: true });
                }"""
            )
            server.stop()
            server.start()
            expect(page.locator(".st-key-status")).to_contain_text("Restored your work from")
            settle(page)
            assert "777 requests per day" in summary(page)
            assert opened_view(page) == "Cash flow"
            assert all(
                "777 requests per day" in label for label in page.evaluate("() => [...globalThis.seen]")
            )
            type_or_undo = page.get_by_role("button", name="Undo")
            expect(type_or_undo).to_be_disabled()
            open_view(page, "Overview")  # the page answers again
    finally:
        server.stop()


def open_page(page: Page, name: str) -> None:
    page.get_by_role("link", name=name, exact=True).click()
    settle(page)


def test_a_reload_and_a_server_restart_keep_the_prompt_and_the_settings_of_the_tokens_page(
    browser: Browser,
) -> None:
    need_chromium()
    server = RestartedServer(ROOT / "app.py")
    server.start()
    try:
        with new_page(browser, viewport={"width": 1280, "height": 1000}, locale="en-US") as page:
            page.goto(server.address)
            settle(page)
            open_page(page, "Tokens")
            prompt = page.locator(".st-key-text_tokens_instruction textarea")
            prompt.fill("Answer about tents.")
            prompt.press("Control+Enter")
            settle(page)
            calls = page.locator(".st-key-tokens_calls_per_day input")
            calls.fill("4321")
            calls.press("Enter")
            settle(page)
            wait_until(page, lambda: "4321" in page.evaluate(STORED))
            page.reload()
            settle(page)
            expect(prompt).to_have_value("Answer about tents.")
            expect(calls).to_have_value("4321")
            expect(page.locator(".st-key-status")).to_contain_text("Restored your work from")
            server.stop()
            server.start()
            expect(page.locator(".st-key-status")).to_contain_text("Restored your work from")
            settle(page)
            expect(prompt).to_have_value("Answer about tents.")
            expect(calls).to_have_value("4321")
    finally:
        server.stop()


def test_a_reload_keeps_the_assumptions_and_their_link_opens_them_in_a_fresh_browser(
    tab: Page, browser: Browser
) -> None:
    open_page(tab, "Break-even (25 M tokens/day)")
    tab.locator(".st-key-view_claim").get_by_text("Assumptions", exact=True).click()
    settle(tab)
    box = tab.locator(".st-key-claim_number_spare_replicas input")
    box.fill("1")
    box.press("Enter")
    settle(tab)
    break_even = tab.get_by_test_id("stMetricValue").first
    expect(break_even).to_have_text("48.4 M")  # two replicas in place of one
    wait_until(tab, lambda: "spare_replicas" in tab.evaluate(STORED))
    tab.reload()
    settle(tab)
    expect(break_even).to_have_text("48.4 M")
    tab.locator(".copy-link").click()
    expect(tab.locator(".copy-link")).to_contain_text("Link copied")
    link = tab.evaluate("() => navigator.clipboard.readText()")
    with new_page(browser, viewport={"width": 1280, "height": 1000}, locale="en-US") as fresh:
        fresh.goto(link)
        settle(fresh)
        expect(fresh.get_by_test_id("stMetricValue").first).to_have_text("48.4 M")
        expect(fresh.locator(".st-key-claim_number_spare_replicas input")).to_have_value("1")


def test_a_scenario_too_long_for_a_link_is_said_and_nothing_is_copied(tab: Page) -> None:
    open_inputs(tab)
    tab.evaluate("() => navigator.clipboard.writeText('before')")
    # What the server sends for such a scenario is tested with the start of a session.
    tab.locator(".copy-link").evaluate("e => (e.dataset.refusal = 'This work is too long for a link')")
    tab.locator(".copy-link").click()
    expect(tab.locator(".copy-link-remark")).to_have_text("This work is too long for a link")
    assert tab.evaluate("() => navigator.clipboard.readText()") == "before"


def test_two_tabs_do_not_overwrite_each_other(tab: Page, address: str) -> None:
    open_inputs(tab)
    type_requests(tab, 111)
    other = follow_runs(tab.context.new_page())
    other.goto(address)
    settle(other)
    assert "111 requests per day" in summary(other)  # a new tab starts from the last work
    open_inputs(other)
    type_requests(other, 222)
    for page, number in ((tab, 111), (other, 222)):
        page.reload()
        settle(page)
        assert f"{number} requests per day" in summary(page)


def test_back_and_forward_walk_through_views_and_pages_and_keep_the_work(tab: Page) -> None:
    open_inputs(tab)
    open_view(tab, "Cash flow")
    type_requests(tab, 777)
    open_view(tab, "Cost breakdown")
    tab.get_by_role("link", name="Prices", exact=True).click()
    settle(tab)
    assert tab.title() == "Prices · Crossover"
    walked = []
    for step in (tab.go_back, tab.go_back, tab.go_back, tab.go_forward):
        step()
        settle(tab)
        walked.append(opened_view(tab))
        assert "777 requests per day" in summary(tab)
    assert walked == ["Cost breakdown", "Cash flow", "Overview", "Cash flow"]
    assert tab.title() == "Cost comparison · Crossover"


def test_a_copied_link_opens_the_same_figures_in_a_fresh_browser(tab: Page, browser: Browser) -> None:
    open_inputs(tab)
    type_requests(tab, 777)
    open_view(tab, "Cost breakdown")
    tab.locator(".copy-link").click()
    expect(tab.locator(".copy-link")).to_contain_text("Link copied")
    link = tab.evaluate("() => navigator.clipboard.readText()")
    verdict = tab.locator(".verdict").inner_text()
    with new_page(browser, viewport={"width": 1280, "height": 1000}, locale="en-US") as fresh:
        fresh.goto(link)
        settle(fresh)
        assert fresh.locator(".verdict").inner_text() == verdict
        assert opened_view(fresh) == "Cost breakdown"


def test_copy_link_right_after_typing_copies_what_was_typed(tab: Page) -> None:
    open_inputs(tab)
    before = tab.url
    tab.locator(".st-key-requests input").fill("4321")
    tab.locator(".copy-link").click()
    expect(tab.locator(".copy-link")).to_contain_text("Link copied")
    link = tab.evaluate("() => navigator.clipboard.readText()")
    assert link not in ("", before)
    tab.goto(link)
    settle(tab)
    assert "4,321 requests per day" in summary(tab)


def test_the_comparison_opens_under_its_own_name(tab: Page, address: str) -> None:
    tab.goto(f"{address}/compare?view=cash-flow")
    settle(tab)
    assert opened_view(tab) == "Cash flow"
    assert tab.get_by_text("Page not found").count() == 0


@pytest.mark.parametrize(
    "stored", ["{broken", '{"savedAt": 1, "work": "{\\"format\\": 0, \\"link\\": \\"\\"}"}']
)
def test_storage_that_cannot_be_read_is_one_sentence_and_kept(tab: Page, address: str, stored: str) -> None:
    open_inputs(tab)
    type_requests(tab, 777)
    tab.evaluate(
        "text => localStorage.setItem('crossover:work:' + sessionStorage.getItem('crossover:tab'), text)",
        stored,
    )
    tab.goto(address)
    settle(tab)
    expect(tab.locator(".st-key-status")).to_contain_text("The work saved in this browser")
    with tab.expect_download() as download:
        tab.get_by_text("Download the saved work").click()
    content = download.value.path().read_text(encoding="utf-8")
    assert content in (stored, '{"format": 0, "link": ""}')
    assert tab.evaluate("() => localStorage.getItem('crossover:unread')") == stored


def test_where_the_browser_refuses_to_store_the_page_says_so_and_leaving_warns(tab: Page) -> None:
    open_inputs(tab)
    tab.evaluate("() => { Storage.prototype.setItem = () => { throw new DOMException('full'); }; }")
    box = tab.locator(".st-key-requests input")
    box.fill("777")
    box.press("Enter")
    expect(tab.locator(".st-key-status")).to_contain_text("could not save your work")
    with tab.expect_event("dialog") as dialog:
        tab.close(run_before_unload=True)
    assert dialog.value.type == "beforeunload"
    with tab.expect_event("close"):
        dialog.value.accept()


def test_the_language_right_after_typing_keeps_typing_and_view_and_leaves_no_word_behind(tab: Page) -> None:
    open_inputs(tab)
    open_view(tab, "Cash flow")
    for number, language in ((111, "繁體中文"), (222, "English"), (333, "繁體中文")):
        tab.locator(".st-key-requests input").fill(str(number))
        tab.locator(".st-key-lang").get_by_text(language).click()
        settle(tab)
        assert f"{number}" in summary(tab)
        assert tab.locator(".st-key-requests input").input_value() == str(number)
    assert "view=cash-flow" in tab.url
    body = tab.locator("[data-testid=stMain]").inner_text()
    for word in ("Cash flow", "Overview", "Undo", "Start from", "Requests per day"):
        assert word not in body


def test_undo_stands_only_on_the_page_that_it_acts_on(tab: Page) -> None:
    open_inputs(tab)
    type_requests(tab, 777)
    tab.get_by_role("link", name="Prices", exact=True).click()
    settle(tab)
    assert tab.get_by_role("button", name="Undo").count() == 0
    tab.go_back()
    settle(tab)
    tab.get_by_role("button", name="Undo").click()
    settle(tab)
    assert "20,000 requests per day" in summary(tab)
    tab.get_by_role("button", name="Redo").click()
    settle(tab)
    assert "777 requests per day" in summary(tab)


def test_the_line_about_restored_work_takes_no_room_from_the_page(tab: Page) -> None:
    open_inputs(tab)
    type_requests(tab, 777)
    tab.reload()
    settle(tab)
    expect(tab.locator(".st-key-status")).to_contain_text("Restored your work from")
    box = tab.locator(".st-key-top_bar").bounding_box()
    assert box is not None
    assert box["height"] < 60  # a row of buttons

"""Named saves in a real Chromium: save, list, open and delete; storage that is full, refused or damaged."""

from __future__ import annotations

from collections.abc import Iterator

import pytest
from playwright.sync_api import Browser, Locator, Page, expect

from tests.support.browser import choose_section, follow_runs, new_page, open_inputs, settle

pytestmark = pytest.mark.browser


@pytest.fixture
def tab(browser: Browser, address: str) -> Iterator[Page]:
    """The app with an example, in a browser of its own, with the section that has the saves."""
    with new_page(browser, viewport={"width": 1280, "height": 1000}, locale="en-US") as page:
        page.goto(f"{address}/?example=brand_voice")
        settle(page)
        open_inputs(page, "File")
        yield page


def type_into(page: Page, key: str, value: str) -> None:
    box = page.locator(f".st-key-{key} input")
    box.fill(value)
    box.press("Enter")
    settle(page)


def change_volume(page: Page, number: int) -> None:
    choose_section(page, "Start")
    type_into(page, "requests", str(number))
    choose_section(page, "File")


def save_button(page: Page) -> Locator:
    return page.locator(".saves .save")


def save(page: Page, name: str) -> None:
    type_into(page, "scenario_name", name)
    save_button(page).click()
    expect(page.locator(".saves [role=status]")).to_contain_text(name)


def names(page: Page) -> list[str]:
    return page.locator(".saves li b").all_inner_texts()


def press(page: Page, label: str) -> None:
    page.get_by_role("button", name=label, exact=True).click()
    settle(page)


def summary(page: Page) -> Locator:
    return page.locator(".st-key-inputs_summary")


def test_a_save_opens_again_after_a_reload_and_undo_returns_to_the_work_before(tab: Page) -> None:
    change_volume(tab, 777)
    save(tab, "Plan A")
    type_into(tab, "scenario_name", "Plan B")
    change_volume(tab, 888)
    tab.reload()
    settle(tab)
    open_inputs(tab, "File")
    assert names(tab) == ["Plan A"]
    expect(tab.locator(".saves .hint")).to_have_text(
        "Opening replaces the work on this page. Undo returns to it."
    )
    press(tab, "Open Plan A")
    expect(summary(tab)).to_contain_text("777 requests per day")
    expect(tab.locator(".st-key-scenario_name input")).to_have_value("Plan A")
    press(tab, "Undo")
    expect(summary(tab)).to_contain_text("888 requests per day")
    expect(tab.locator(".st-key-scenario_name input")).to_have_value("Plan B")


def test_a_save_right_after_typing_has_what_was_typed(tab: Page) -> None:
    tab.locator(".st-key-scenario_name input").fill("Typed")
    save_button(tab).click()
    expect(tab.locator(".saves [role=status]")).to_have_text("“Typed” is saved in this browser.")
    assert names(tab) == ["Typed"]


def test_the_button_says_that_it_replaces_a_save_and_undo_brings_that_back(tab: Page) -> None:
    expect(save_button(tab)).to_have_text("Save in this browser")
    change_volume(tab, 777)
    save(tab, "Plan")
    expect(save_button(tab)).to_have_text("Replace the save of this name")
    change_volume(tab, 888)
    save(tab, "Plan")
    expect(tab.locator(".saves [role=status]")).to_have_text(
        "“Plan” is saved in this browser in place of its earlier version."
    )
    assert names(tab) == ["Plan"]
    press(tab, "Undo Plan")
    press(tab, "Open Plan")
    expect(summary(tab)).to_contain_text("777 requests per day")


def test_a_deleted_save_comes_back_with_undo(tab: Page) -> None:
    save(tab, "First")
    save(tab, "Second")
    assert names(tab) == ["Second", "First"]
    press(tab, "Delete First")
    assert names(tab) == ["Second"]
    expect(tab.locator(".saves [role=status]")).to_have_text("“First” is deleted.")
    press(tab, "Undo First")
    assert names(tab) == ["Second", "First"]
    expect(tab.locator(".saves [role=status]")).to_have_text("")


def test_a_save_of_another_tab_is_listed_at_once(tab: Page, address: str) -> None:
    other = follow_runs(tab.context.new_page())
    other.goto(address)
    settle(other)
    other.evaluate(
        """() => localStorage.setItem("crossover:save:Elsewhere", '{"savedAt": 1, "work": "{}"}')"""
    )
    expect(tab.locator(".saves li b")).to_have_text(["Elsewhere"])


FULL = "This browser has no room for this save: delete another one, or save the work as a file."
REFUSED = "This browser could not save your work: save it as a file."


@pytest.mark.parametrize(("error", "words"), [("QuotaExceededError", FULL), ("SecurityError", REFUSED)])
def test_a_browser_that_cannot_save_says_why_and_keeps_what_it_has(tab: Page, error: str, words: str) -> None:
    save(tab, "Kept")
    tab.evaluate(
        "name => { Storage.prototype.setItem = () => { throw new DOMException('', name); }; }", error
    )
    type_into(tab, "scenario_name", "More")
    save_button(tab).click()
    expect(tab.locator(".saves [role=status]")).to_have_text(words)
    assert names(tab) == ["Kept"]


def test_there_is_room_for_twenty_saves_and_any_of_them_can_be_replaced(tab: Page) -> None:
    tab.evaluate(
        """() => {
          for (let i = 1; i <= 20; i += 1)
            localStorage.setItem(`crossover:save:${i}`, `{"savedAt": ${i}, "work": "{}"}`);
        }"""
    )
    type_into(tab, "scenario_name", "More")
    save_button(tab).click()
    expect(tab.locator(".saves [role=status]")).to_have_text(FULL)
    save(tab, "7")
    assert names(tab)[0] == "7"
    assert len(names(tab)) == 20


@pytest.mark.parametrize("text", ["{broken", '{"savedAt": 1, "work": "{broken"}'])
def test_a_damaged_save_is_one_sentence_and_the_work_stays(tab: Page, text: str) -> None:
    tab.evaluate("text => localStorage.setItem('crossover:save:Old', text)", text)
    change_volume(tab, 777)
    press(tab, "Open Old")
    expect(tab.locator(".st-key-inputs_panel [data-testid=stAlert]")).to_contain_text(
        "The work saved in this browser is damaged"
    )
    expect(summary(tab)).to_contain_text("777 requests per day")
    press(tab, "Delete Old")
    assert names(tab) == []


def test_the_saves_are_in_the_language_of_the_page(tab: Page) -> None:
    save(tab, "Plan <b>A</b>")
    tab.locator(".st-key-lang").get_by_text("繁體中文").click()
    settle(tab)
    assert names(tab) == ["Plan <b>A</b>"]
    expect(tab.locator(".saves [role=status]")).to_have_text("")
    for label in ("開啟 Plan <b>A</b>", "刪除 Plan <b>A</b>"):
        expect(tab.get_by_role("button", name=label, exact=True)).to_be_visible()
    tab.get_by_role("button", name="刪除 Plan <b>A</b>").click()
    expect(tab.locator(".saves [role=status]")).to_have_text("已刪除「Plan <b>A</b>」。")

"""Live panel in a real Chromium: slider, number box, figures that follow, and the page after it."""

from __future__ import annotations

import csv
import re
from pathlib import Path

import pytest
from playwright.sync_api import Browser, Page, expect

from tests.support.browser import drawn_data, expect_drawn, new_page, open_first_page, settle, wait_until

pytestmark = pytest.mark.browser

SLIDER = ".volume input[type=range]"
NUMBER = "#volume_number"
FAULT = ".volume .fault"
FIGURES = ("chart_lines", "chart_months", "chart_volume")
VERDICT = ".verdict h4"
VERDICT_IS_OF_THE_SLIDER = f"""() => document.querySelector("{VERDICT}").innerText
    .includes(` ${{document.querySelector("{SLIDER}").getAttribute("aria-valuetext")}} requests per day`)"""


def expect_verdict(page: Page, text: str) -> None:
    expect(page.locator(VERDICT)).to_contain_text(text)


def open_view(page: Page, name: str) -> None:
    page.locator("[class*=st-key-view_]").get_by_text(name, exact=True).click()
    settle(page)


def test_the_figures_of_a_move_are_those_that_the_page_draws_when_it_follows(page: Page) -> None:
    for key in FIGURES:
        expect_drawn(page, key)
    page.locator(SLIDER).scroll_into_view_if_needed()
    before = {key: drawn_data(page, key) for key in FIGURES}
    box = page.locator(SLIDER).bounding_box()
    assert box is not None
    y = box["y"] + box["height"] / 2
    page.mouse.move(box["x"] + box["width"] * 33 / 60, y)
    page.mouse.down()
    page.mouse.move(box["x"] + box["width"] * 40 / 60, y)
    for key in FIGURES:
        wait_until(page, lambda key=key: drawn_data(page, key) != before[key])  # type: ignore[misc]
    settle(page)
    while_held = {key: drawn_data(page, key) for key in FIGURES}
    page.mouse.up()
    settle(page)
    assert {key: drawn_data(page, key) for key in FIGURES} == while_held


def test_a_figure_that_does_not_follow_fades_until_the_page_follows(page: Page) -> None:
    page.locator(".st-key-fleet summary").click()
    expect_drawn(page, "chart_busy")
    settle(page)
    page.locator(SLIDER).scroll_into_view_if_needed()
    box = page.locator(SLIDER).bounding_box()
    assert box is not None
    y = box["y"] + box["height"] / 2
    page.mouse.move(box["x"] + box["width"] * 33 / 60, y)
    page.mouse.down()
    page.mouse.move(box["x"] + box["width"] * 40 / 60, y)
    expect(page.locator(".st-key-chart_busy .figure")).to_have_class(re.compile(r"\bold\b"))
    expect(page.locator(".st-key-chart_lines .figure")).not_to_have_class(re.compile(r"\bold\b"))
    page.mouse.up()
    expect(page.locator(".st-key-chart_busy .figure")).not_to_have_class(re.compile(r"\bold\b"))
    settle(page)


def test_the_slider_reaches_its_ends(page: Page) -> None:
    page.locator(SLIDER).press("End")
    expect_verdict(page, "At 10,000,000 requests per day")
    expect(page.locator(NUMBER)).to_have_value("10,000,000")
    page.locator(SLIDER).press("ArrowLeft")
    expect_verdict(page, "At 8,000,000 requests per day")
    settle(page)


@pytest.mark.parametrize(("typed", "volume"), [("12345", "12,345"), ("20k", "20,000"), ("2.5 萬", "25,000")])
def test_an_exact_volume_is_typed(page: Page, typed: str, volume: str) -> None:
    number = page.locator(NUMBER)
    number.fill(typed)
    number.press("Enter")
    expect_verdict(page, f"At {volume} requests per day")
    expect(page.locator(SLIDER)).to_have_attribute("aria-valuetext", volume)
    expect(number).to_have_value(volume)
    settle(page)


@pytest.mark.parametrize("typed", ["0", "1e12", "abc", "-5", "1.2.3"])
def test_a_wrong_volume_is_refused_beside_its_box_and_the_old_one_stays(page: Page, typed: str) -> None:
    number = page.locator(NUMBER)
    top = page.locator(".options").bounding_box()
    number.fill(typed)
    number.press("Enter")
    expect(page.locator(FAULT)).to_have_text(
        f"“{typed}” is not a volume: type a number from 1 to 1,000,000,000."
    )
    expect(number).to_have_value("20,000")
    expect(number).to_have_attribute("aria-invalid", "true")
    expect_verdict(page, "At 20,000 requests per day")
    assert page.locator(".options").bounding_box() == top  # nothing below moves
    number.press("ArrowUp")
    expect_verdict(page, "At 20,100 requests per day")
    expect(page.locator(FAULT)).to_have_text("")
    settle(page)


def test_what_is_being_typed_stays_while_the_page_follows(page: Page) -> None:
    number = page.locator(NUMBER)
    number.fill("500")
    number.press("Enter")
    number.fill("7")  # before the answer
    expect_verdict(page, "At 500 requests per day")
    settle(page)
    expect(number).to_have_value("7")
    number.press("Enter")
    expect_verdict(page, "At 7 requests per day")
    settle(page)


def test_a_drag_shows_what_it_passes_and_is_one_step_to_undo(page: Page) -> None:
    box = page.locator(SLIDER).bounding_box()
    assert box is not None
    y = box["y"] + box["height"] / 2
    start = box["x"] + box["width"] * 33 / 60
    page.mouse.move(start, y)
    page.mouse.down()
    seen = set()
    for step in range(1, 7):
        page.mouse.move(start + step * box["width"] / 60, y)
        page.wait_for_function(VERDICT_IS_OF_THE_SLIDER)
        seen.add(page.locator(SLIDER).get_attribute("aria-valuetext"))
    assert len(seen) >= 4
    page.mouse.up()
    settle(page)
    assert page.locator(NUMBER).input_value() != "20,000"
    page.get_by_role("button", name="Undo").click()
    expect_verdict(page, "At 20,000 requests per day")
    expect(page.locator(NUMBER)).to_have_value("20,000")
    expect(page.locator(SLIDER)).to_have_attribute("aria-valuetext", "20,000")
    settle(page)


def test_the_rest_of_a_view_follows_a_rested_slider(page: Page) -> None:
    open_view(page, "Cost breakdown")
    total = page.get_by_text(re.compile(r"[\d,]+\.\d\d USD per month")).first
    before = total.inner_text()
    page.locator(SLIDER).press("ArrowRight")
    expect_verdict(page, "At 25,000 requests per day")
    expect(total).not_to_have_text(before)
    settle(page)


def test_an_open_drawer_of_the_result_follows_too(page: Page) -> None:
    page.locator(".st-key-fleet summary").click()
    expect_drawn(page, "chart_busy")
    settle(page)
    before = drawn_data(page, "chart_busy")
    page.locator(SLIDER).press("Home")
    expect_verdict(page, "At 10 requests per day")
    wait_until(page, lambda: drawn_data(page, "chart_busy") != before)
    settle(page)


def test_the_csv_of_a_chart_is_of_the_volume_that_it_shows(page: Page) -> None:
    page.locator(SLIDER).press("ArrowRight")
    expect_verdict(page, "At 25,000 requests per day")
    settle(page)
    with page.expect_download() as waiting:
        page.locator(".st-key-csv_months button").click()
    content = Path(waiting.value.path()).read_text(encoding="utf-8-sig")
    rows = list(csv.DictReader(content.splitlines()))
    assert {float(row["requests_per_day"]) for row in rows} == {25_000.0}


def test_views_leave_nothing_behind_when_they_change(page: Page) -> None:
    risk, overview = ("Risk & sensitivity", "chart_bands"), ("Overview", "chart_lines")
    for name, chart in (risk, overview, risk):
        open_view(page, name)
        expect_drawn(page, chart)
        settle(page)
        page.locator(SLIDER).press("ArrowRight")  # at once, while the view may still be drawn
        other = "chart_lines" if chart == "chart_bands" else "chart_bands"
        expect(page.locator(f".st-key-{other}")).to_have_count(0)
        settle(page)


def test_every_control_of_the_live_panel_has_an_accessible_name(page: Page) -> None:
    expect(page.get_by_role("slider", name="Requests per day")).to_have_count(1)
    expect(page.get_by_role("textbox", name="Requests per day, exact number")).to_have_count(1)
    expect(page.get_by_role("img", name=re.compile("^Stacked bars: cost components"))).to_have_count(1)
    assert page.locator(".verdict").get_attribute("aria-live") == "polite"
    assert "A conversation of three turns" in (
        page.locator(".volume .help").get_attribute("aria-label") or ""
    )


def test_the_live_panel_changes_language(browser: Browser, address: str) -> None:
    with new_page(browser, viewport={"width": 1280, "height": 800}, locale="en-US") as page:
        open_first_page(page, address)
        expect_verdict(page, "At 20,000 requests per day")
        settle(page)
        page.get_by_text("繁體中文", exact=True).click()
        expect_verdict(page, "每日 20,000 次請求時")
        expect(page.get_by_role("slider", name="每日請求數")).to_have_count(1)
        settle(page)

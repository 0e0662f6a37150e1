"""Live panel in a real Chromium: slider, number box, prefetched contents, and the page that follows."""

from __future__ import annotations

import re
from pathlib import Path

import pytest
from playwright.sync_api import Browser, Page, expect

from tests.support.browser import new_page, settle, wait_until

pytestmark = pytest.mark.browser

SLIDER = ".volume input[type=range]"
NUMBER = ".volume input[type=number]"
VERDICT = ".verdict h4"
VERDICT_IS_OF_THE_SLIDER = f"""() => document.querySelector("{VERDICT}").innerText
    .includes(` ${{document.querySelector("{SLIDER}").getAttribute("aria-valuetext")}} requests a day`)"""


def expect_verdict(page: Page, text: str) -> None:
    expect(page.locator(VERDICT)).to_contain_text(text)


def picture(page: Page, key: str) -> str:
    """Hash of the pixels of a chart's canvas."""
    return str(
        page.locator(f".st-key-{key} canvas").first.evaluate(
            """c => { const points = c.getContext('2d').getImageData(0, 0, c.width, c.height).data;
                      let hash = 7;
                      for (const point of points) hash = (hash * 31 + point) | 0;
                      return `${c.width} ${hash}`; }"""
        )
    )


def width_of(page: Page, key: str) -> float:
    """Width of a chart's canvas in pixels."""
    box = page.locator(f".st-key-{key} canvas").first.bounding_box()
    assert box is not None
    return box["width"]


def open_view(page: Page, name: str) -> None:
    page.locator("[class*=st-key-tab] button", has_text=name).click()
    settle(page)


def wait_for_prefetch(page: Page) -> None:
    """Move back and forth until the adjacent volumes are prefetched; one run may lack the time for all."""

    def back_and_forth() -> None:
        for key in ("ArrowRight", "ArrowLeft", "ArrowLeft", "ArrowRight"):
            page.locator(SLIDER).press(key)
            settle(page)

    are_prefetched = "() => [15000, 20000, 25000].every(volume => crossover.contents.has(volume))"
    wait_until(page, lambda: bool(page.evaluate(are_prefetched)), back_and_forth)
    expect_verdict(page, "At 20,000 requests per day")


def test_a_step_is_shown_before_the_server_knows_of_it(page: Page) -> None:
    wait_for_prefetch(page)
    charts = ("chart_lines", "chart_months", "chart_volume")
    before = {key: picture(page, key) for key in charts}
    page.evaluate("() => { WebSocket.prototype.send = () => {}; }")  # no message reaches the server any more
    page.locator(SLIDER).press("ArrowRight")
    expect_verdict(page, "At 25,000 requests per day")
    assert {key for key in charts if picture(page, key) == before[key]} == set()


def test_a_prefetched_content_is_what_the_server_renders(page: Page) -> None:
    wait_for_prefetch(page)
    page.locator(SLIDER).press("ArrowRight")
    expect_verdict(page, "At 25,000 requests per day")
    settle(page)
    charts = ("chart_lines", "chart_months", "chart_volume")
    prefetched = {key: picture(page, key) for key in charts}
    page.locator(SLIDER).press("ArrowRight")
    expect_verdict(page, "At 30,000 requests per day")
    settle(page)
    page.evaluate("() => crossover.contents.clear()")
    page.locator(SLIDER).press("ArrowLeft")
    expect_verdict(page, "At 25,000 requests per day")
    settle(page)
    assert {key: picture(page, key) for key in charts} == prefetched


def test_a_volume_far_away_is_asked_for(page: Page) -> None:
    page.locator(SLIDER).press("End")
    expect_verdict(page, "At 10,000,000 requests per day")
    expect(page.locator(NUMBER)).to_have_value("10000000")
    page.locator(SLIDER).press("ArrowLeft")
    expect_verdict(page, "At 8,000,000 requests per day")
    settle(page)


def test_an_exact_volume_is_typed_and_a_wrong_one_is_refused(page: Page) -> None:
    number = page.locator(NUMBER)
    number.fill("12345")
    number.press("Enter")
    expect_verdict(page, "At 12,345 requests per day")
    expect(page.locator(SLIDER)).to_have_attribute("aria-valuetext", "12,345")
    settle(page)
    number.fill("0")
    number.press("Enter")
    expect(number).to_have_value("12345")
    assert number.evaluate("e => e.validationMessage") == "From 1 to 1,000,000,000"
    expect_verdict(page, "At 12,345 requests per day")
    number.fill("")
    number.press("Tab")  # the error is shown when the focus leaves too
    expect(number).to_have_value("12345")
    assert number.evaluate("e => e.validationMessage") == "From 1 to 1,000,000,000"
    number.press("ArrowUp")
    expect_verdict(page, "At 12,445 requests per day")
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
    wait_for_prefetch(page)
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
    assert page.locator(NUMBER).input_value() != "20000"
    page.get_by_role("button", name="Undo").click()
    expect_verdict(page, "At 20,000 requests per day")
    expect(page.locator(NUMBER)).to_have_value("20000")
    expect(page.locator(SLIDER)).to_have_attribute("aria-valuetext", "20,000")
    settle(page)


def test_the_rest_of_a_view_follows_a_rested_slider(page: Page) -> None:
    open_view(page, "Every line")
    before = page.get_by_text("a month + ").first.inner_text()
    page.locator(SLIDER).press("ArrowRight")
    expect_verdict(page, "At 25,000 requests per day")
    expect(page.get_by_text("a month + ").first).not_to_have_text(before)
    settle(page)


def test_an_open_drawer_of_the_result_follows_too(page: Page) -> None:
    page.locator(".st-key-fleet summary").click()
    chart = page.locator(".st-key-chart_busy canvas").first
    expect(chart).to_be_visible()
    settle(page)
    before = picture(page, "chart_busy")
    page.locator(SLIDER).press("Home")
    expect_verdict(page, "At 10 requests per day")
    expect(chart).to_be_visible()
    wait_until(page, lambda: picture(page, "chart_busy") != before)
    settle(page)


def test_the_csv_of_a_chart_is_of_the_volume_that_it_shows(page: Page) -> None:
    wait_for_prefetch(page)
    page.locator(SLIDER).press("ArrowRight")
    expect_verdict(page, "At 25,000 requests per day")
    settle(page)
    with page.expect_download() as waiting:
        page.locator(".st-key-csv_months button").click()
    rows = Path(waiting.value.path()).read_text(encoding="utf-8-sig").splitlines()
    column = rows[0].split(",").index("requests_per_day")
    assert {float(row.split(",")[column]) for row in rows[1:]} == {25_000.0}


def test_views_leave_nothing_behind_when_they_change(page: Page) -> None:
    for name, chart in (("How sure", "chart_bands"), ("Result", "chart_lines"), ("How sure", "chart_bands")):
        open_view(page, name)
        expect(page.locator(f".st-key-{chart} canvas").first).to_be_visible()
        settle(page)
        page.locator(SLIDER).press("ArrowRight")  # at once, while the view may still be drawn
        other = "chart_lines" if chart == "chart_bands" else "chart_bands"
        expect(page.locator(f".st-key-{other}")).to_have_count(0)
        settle(page)


def test_a_chart_can_be_kept_as_a_picture_and_enlarged(page: Page) -> None:
    page.locator(".st-key-chart_lines .chart").hover()
    with page.expect_download() as waiting:
        page.locator(".st-key-chart_lines").get_by_role("button", name="Download as PNG").click()
    assert waiting.value.suggested_filename == "chart_lines.png"
    assert Path(waiting.value.path()).read_bytes().startswith(b"\x89PNG")
    narrow = width_of(page, "chart_lines")
    page.locator(".st-key-chart_lines").get_by_role("button", name="Fullscreen").click()
    page.wait_for_function("() => document.fullscreenElement !== null")
    wait_until(page, lambda: width_of(page, "chart_lines") > narrow)
    page.evaluate("() => document.exitFullscreen()")


def test_every_control_of_the_live_panel_has_an_accessible_name(page: Page) -> None:
    expect(page.get_by_role("slider", name="Requests a day")).to_have_count(1)
    expect(page.get_by_role("spinbutton", name="Requests a day, exactly")).to_have_count(1)
    expect(page.get_by_role("img", name=re.compile("^Stacked bars: cost lines"))).to_have_count(1)
    assert page.locator(".verdict").get_attribute("aria-live") == "polite"
    assert "A conversation of three turns" in (
        page.locator(".volume .help").get_attribute("aria-label") or ""
    )


def test_the_live_panel_and_its_charts_change_language_and_colours(browser: Browser, address: str) -> None:
    with new_page(browser, viewport={"width": 1280, "height": 800}, locale="en-US") as page:
        page.goto(address)
        expect_verdict(page, "At 20,000 requests per day")
        expect(page.locator(".st-key-chart_lines canvas").first).to_be_visible()
        settle(page)
        light = picture(page, "chart_lines")
        page.emulate_media(color_scheme="dark")
        wait_until(page, lambda: picture(page, "chart_lines") != light)
        dark = picture(page, "chart_lines")
        page.get_by_text("繁體中文", exact=True).click()
        expect_verdict(page, "每日 20,000 次請求時")
        expect(page.get_by_role("slider", name="每天請求數")).to_have_count(1)
        settle(page)
        wait_until(page, lambda: picture(page, "chart_lines") not in (light, dark))


def test_a_chart_keeps_to_the_width_of_its_page(page: Page) -> None:
    page.set_viewport_size({"width": 700, "height": 800})
    wait_until(page, lambda: width_of(page, "chart_lines") < 700)
    assert page.evaluate("() => document.documentElement.scrollWidth") <= 700

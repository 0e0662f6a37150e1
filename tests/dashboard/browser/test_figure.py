"""Plotly figures in a real Chromium: buttons, scale, language, theme, clicks and width."""

from __future__ import annotations

import re
from pathlib import Path
from typing import Any
from xml.etree import ElementTree

import pytest
from playwright.sync_api import Browser, Locator, Page, expect

from tests.support.browser import expect_drawn, new_page, open_first_page, settle, wait_until

pytestmark = pytest.mark.browser

VOLUME = ".st-key-chart_volume"


def button(page: Page, name: str, key: str = "chart_volume") -> Locator:
    return page.locator(f".st-key-{key}").get_by_role("button", name=name)


def axis(page: Page, name: str, key: str = "chart_volume") -> dict[str, Any]:
    """Type, range and tick texts of an axis as it is drawn."""
    drawn: dict[str, Any] = page.locator(f".st-key-{key} .canvas").evaluate(
        """(e, name) => { const axis = e._fullLayout[name];
            return { type: axis.type, range: axis.range, ticks: axis.ticktext ?? [] }; }""",
        name,
    )
    return drawn


def width_of(page: Page, key: str) -> float:
    """Width of a figure in pixels."""
    box = page.locator(f".st-key-{key} .main-svg").first.bounding_box()
    assert box is not None
    return box["width"]


def download(page: Page, name: str) -> bytes:
    with page.expect_download() as waiting:
        button(page, name).click()
    assert waiting.value.suggested_filename == f"chart_volume.{name[-3:].lower()}"
    return Path(waiting.value.path()).read_bytes()


def test_the_page_has_text_before_plotly_is_loaded(browser: Browser, address: str) -> None:
    with new_page(browser, viewport={"width": 1280, "height": 800}, locale="en-US") as page:
        loads: list[str] = []
        page.route("**/assets/plotly-*", lambda route: loads.append(route.request.url))  # never answered
        page.goto(f"{address}/?example=brand_voice")
        expect(page.locator(".verdict h4")).to_contain_text("20,000")
        expect(page.get_by_text("CSV").first).to_be_attached()
        wait_until(page, lambda: bool(loads))
        assert len(set(loads)) == 1
        assert page.evaluate("() => typeof Plotly") == "undefined"


def test_a_library_that_cannot_be_loaded_is_said_in_place_of_the_figure(
    browser: Browser, address: str
) -> None:
    with new_page(browser, viewport={"width": 1280, "height": 800}, locale="en-US") as page:
        page.route("**/assets/plotly-*", lambda route: route.abort())
        page.goto(f"{address}/?example=brand_voice")
        expect(page.locator(f"{VOLUME} .canvas")).to_contain_text("could not be loaded")
        expect(page.locator(".verdict h4")).to_contain_text("20,000")


def test_a_figure_is_kept_as_a_picture_or_a_drawing_and_enlarged(page: Page) -> None:
    expect_drawn(page, "chart_volume")
    picture = download(page, "Download as PNG")
    assert picture.startswith(b"\x89PNG")
    assert len(picture) > 10_000
    drawing = ElementTree.fromstring(download(page, "Download as SVG"))
    assert drawing.tag.endswith("svg")
    assert "your volume: 20,000" in "".join(drawing.itertext())
    narrow = width_of(page, "chart_volume")
    button(page, "Fullscreen").click()
    page.wait_for_function("() => document.fullscreenElement !== null")
    wait_until(page, lambda: width_of(page, "chart_volume") > narrow)
    page.evaluate("() => document.exitFullscreen()")


def test_the_scale_switches_to_linear_and_back(page: Page) -> None:
    expect_drawn(page, "chart_volume")
    logarithmic = axis(page, "xaxis")
    assert logarithmic["type"] == "log"
    assert "10K" in logarithmic["ticks"]
    button(page, "Switch between").click()
    wait_until(page, lambda: axis(page, "xaxis")["type"] == "linear")
    linear = axis(page, "xaxis")
    assert linear["range"] == [0, 60_000]  # three times 20,000 requests
    assert linear["ticks"][0] == "0"
    button(page, "Switch between").click()
    wait_until(page, lambda: axis(page, "xaxis") == logarithmic)
    expect(button(page, "Switch between", "chart_lines")).to_be_hidden()


def test_a_zoom_stays_while_the_volume_changes_and_ends_with_reset(page: Page) -> None:
    expect_drawn(page, "chart_volume")
    whole = axis(page, "xaxis")
    button(page, "Zoom in").click()
    wait_until(page, lambda: axis(page, "xaxis")["range"] != whole["range"])
    zoomed = axis(page, "xaxis")
    page.locator(".volume input[type=range]").press("ArrowRight")
    expect(page.locator(".verdict h4")).to_contain_text("25,000")
    settle(page)
    assert axis(page, "xaxis")["range"] == pytest.approx(zoomed["range"])
    button(page, "Reset the view").click()
    wait_until(page, lambda: axis(page, "xaxis")["range"] == whole["range"])


def test_a_click_on_the_figure_sets_the_volume(page: Page) -> None:
    expect_drawn(page, "chart_volume")
    box = page.locator(f"{VOLUME} .nsewdrag").first.bounding_box()
    assert box is not None
    x, y = box["x"] + box["width"] * 0.8, box["y"] + box["height"] / 2
    page.mouse.move(x - 2, y)
    expect(page.locator(f"{VOLUME} .hoverlayer")).to_contain_text("requests per day")
    page.mouse.click(x, y)
    expect(page.locator(".verdict h4")).not_to_contain_text("20,000")
    settle(page)
    # 80% of the way from 100 to 10 million is a million requests per day.
    typed = page.locator("#volume_number").input_value().replace(",", "")
    assert 800_000 < float(typed) < 1_250_000
    page.get_by_role("button", name="Undo").click()
    expect(page.locator("#volume_number")).to_have_value("20,000")
    settle(page)


def test_a_hover_lists_components_and_their_total_but_no_zero(page: Page) -> None:
    expect_drawn(page, "chart_lines")
    box = page.locator(".st-key-chart_lines .nsewdrag").first.bounding_box()
    assert box is not None
    page.mouse.move(box["x"] + 40, box["y"] + box["height"] * 0.85)  # the last bar: a self-hosted option
    hover = page.locator(".st-key-chart_lines .hoverlayer")
    expect(hover).to_contain_text("GPU rent")
    expect(hover).to_contain_text("Total")
    assert "Training" not in (hover.text_content() or "")


def test_figures_change_language_and_colours(browser: Browser, address: str) -> None:
    with new_page(browser, viewport={"width": 1280, "height": 800}, locale="en-US") as page:
        open_first_page(page, address)
        expect_drawn(page, "chart_volume")
        colour = """() => getComputedStyle(document.querySelector(
            ".st-key-chart_volume .xtick text")).fill"""
        light = page.evaluate(colour)
        page.emulate_media(color_scheme="dark")
        wait_until(page, lambda: page.evaluate(colour) != light)
        page.get_by_text("繁體中文", exact=True).click()
        expect(page.get_by_role("button", name="下載 SVG").first).to_have_count(1)
        wait_until(page, lambda: "1萬" in axis(page, "xaxis")["ticks"])
        settle(page)


def test_every_figure_and_button_has_an_accessible_name(page: Page) -> None:
    expect_drawn(page, "chart_lines")
    expect(page.get_by_role("img", name=re.compile("^Stacked bars"))).to_have_count(1)
    expect(page.locator(".st-key-chart_lines").get_by_role("toolbar", name="Chart tools")).to_have_count(1)
    for name in ("Zoom in", "Zoom out", "Reset the view", "Download as PNG", "Download as SVG"):
        expect(button(page, name, "chart_lines")).to_have_count(1)
    button(page, "Zoom in", "chart_lines").focus()
    page.keyboard.press("Tab")
    expect(button(page, "Zoom out", "chart_lines")).to_be_focused()
    before = axis(page, "xaxis", "chart_lines")["range"]
    page.keyboard.press("Enter")
    wait_until(page, lambda: axis(page, "xaxis", "chart_lines")["range"] != before)


def test_a_narrow_page_has_a_legend_in_place_of_names_at_line_ends(page: Page) -> None:
    expect_drawn(page, "chart_volume")
    expect(page.locator(f"{VOLUME} .legend")).to_have_count(0)
    page.set_viewport_size({"width": 390, "height": 844})
    expect(page.locator(f"{VOLUME} .legend")).to_have_count(1)
    width = "() => document.documentElement.scrollWidth"
    wait_until(page, lambda: page.evaluate(width) <= 390)
    wait_until(page, lambda: width_of(page, "chart_volume") <= 390)

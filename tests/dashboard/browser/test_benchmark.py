"""The benchmark page in a real Chromium: measure, watch, cancel from another window, on a phone."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import replace

import pytest
from playwright.sync_api import Browser, Page, expect

from bench.mock_server import Plan
from bench.result import write
from bench.self_check import mock_server
from tests.support.bench_results import closed_level, poisson_level, result_of
from tests.support.browser import (
    Watch,
    expect_drawn,
    need_chromium,
    new_page,
    open_first_page,
    served,
    settle,
)
from tests.support.paths import ROOT

pytestmark = pytest.mark.browser


@pytest.fixture(scope="module")
def benchmark(tmp_path_factory: pytest.TempPathFactory) -> Iterator[str]:
    """An app whose one target is a server of known timing, with one stored result."""
    need_chromium()
    place = tmp_path_factory.mktemp("bench")
    two = replace(closed_level(), load=replace(closed_level().load, concurrency=2))
    write(result_of(closed_level(), two, poisson_level(1.0)), place / "results" / "a.json")
    with (
        mock_server(Plan(ttft_s=0.02, itl_s=0.002, slots=4), model="toy") as url,
        pytest.MonkeyPatch.context() as at,
    ):
        targets = place / "targets.yaml"
        targets.write_text(f"- name: Our server\n  url: {url}\n  model: toy\n", encoding="utf-8")
        at.setenv("CROSSOVER_BENCH_TARGETS", str(targets))
        at.setenv("CROSSOVER_BENCH_RESULTS", str(place / "results"))
        with served(ROOT / "app.py") as address:
            yield address


def opened(page: Page, address: str) -> Page:
    """The page, opened by its link in the app."""
    open_first_page(page, address)
    if page.get_by_test_id("stExpandSidebarButton").is_visible():  # a phone
        page.get_by_test_id("stExpandSidebarButton").click()
        page.locator("a[href$='/benchmark']:visible").first.click()
        page.get_by_test_id("stSidebarCollapseButton").locator("button").click()
    else:
        page.locator("a[href$='/benchmark']").first.click()
    expect(page.locator("[class*=st-key-chart_bench_ttft] .figure[data-drawn]").first).to_be_visible()
    settle(page)
    return page


def type_in(page: Page, key: str, text: str) -> None:
    page.locator(f".st-key-{key} input").fill(text)


def test_a_reader_measures_and_another_one_cancels_and_both_see_it(browser: Browser, benchmark: str) -> None:
    size = {"width": 1280, "height": 800}
    with (
        new_page(browser, viewport=size, locale="en") as page,
        new_page(browser, viewport=size, locale="en") as other,
    ):
        watch = Watch(page, benchmark)
        opened(page, benchmark)
        opened(other, benchmark)
        type_in(page, "bench_concurrencies", "1, 2")
        type_in(page, "bench_requests", "8")
        type_in(page, "bench_output_tokens", "10")
        page.locator(".st-key-bench_start button").click()
        expect(page.locator(".st-key-bench_running")).to_contain_text("started at")
        # Without a click of the reader: the page asks by itself how far the run is.
        expect(page.get_by_text("is measured; the result is below")).to_be_visible()
        settle(page)
        expect_drawn(page, "chart_bench_ttft_concurrency")
        expect_drawn(page, "chart_bench_output_concurrency")

        type_in(page, "bench_requests", "5000")
        page.locator(".st-key-bench_start button").click()
        expect(page.locator(".st-key-bench_running")).to_be_visible()
        other.reload()
        expect(other.locator(".st-key-bench_running")).to_contain_text("Load 1 of 2")
        other.locator(".st-key-bench_cancel button:visible").click()
        for window in (page, other):
            expect(window.get_by_text("was cancelled; what was measured is below")).to_be_visible()
            settle(window)
            expect(window.get_by_test_id("stException")).to_have_count(0)
        assert watch.foreign == []
        assert watch.complaints == []


@pytest.mark.parametrize("scheme", ["light", "dark"])
def test_on_a_phone_nothing_of_the_benchmark_sticks_out(
    browser: Browser, benchmark: str, scheme: str
) -> None:
    size = {"width": 390, "height": 844}
    with new_page(browser, viewport=size, color_scheme=scheme, locale="zh-TW") as page:
        opened(page, benchmark)
        for place in range(4):
            page.locator("[class*=st-key-view_benchmark] button").nth(place).click()
            settle(page)
            expect(page.get_by_test_id("stException")).to_have_count(0)
            assert page.evaluate("() => document.documentElement.scrollWidth") <= 390

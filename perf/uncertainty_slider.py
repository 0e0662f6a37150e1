"""The slider on the How sure tab, with 1,000 draws behind it, against that on the Result tab, in one run.

Until the charts are redrawn, and until the tables, which follow when the slider rests, are too.

Run: python -m perf.uncertainty_slider [moves]
"""

from __future__ import annotations

import statistics
import sys

from playwright.sync_api import Page, sync_playwright

from tests.support.browser import follow_runs, launch, served_by, settle
from tests.support.paths import ROOT

from .slider import NOTE_DRAWING, cpu_s, move, walk

TABS = ("Result", "How sure")
WAITS_FOR = {"Result": ".st-key-chart_volume", "How sure": ".st-key-chart_volume_bands"}


def show(page: Page, address: str, tab: str) -> None:
    page.goto(address)
    page.wait_for_selector(".st-key-chart_volume :is(canvas, svg)", state="attached", timeout=60_000)
    page.locator("[class*=st-key-tab] button", has_text=tab).click()
    page.wait_for_selector(f"{WAITS_FOR[tab]} :is(canvas, svg)", state="attached", timeout=60_000)
    settle(page)
    page.wait_for_timeout(2000)
    page.evaluate(NOTE_DRAWING)


def main(steps: int) -> None:
    redraw: dict[str, list[float]] = {tab: [] for tab in TABS}
    rest: dict[str, list[float]] = {tab: [] for tab in TABS}
    cpu: dict[str, list[float]] = {tab: [] for tab in TABS}
    with sync_playwright() as playwright, served_by(ROOT / "app.py") as (address, pid):
        browser = launch(playwright)
        pages = {tab: follow_runs(browser.new_page(viewport={"width": 1280, "height": 2400})) for tab in TABS}
        for tab, page in pages.items():
            show(page, address, tab)
            for _ in range(3):  # warm up
                move(page, "ArrowRight")
        for key in walk(steps):
            for tab, page in pages.items():
                page.bring_to_front()
                before = cpu_s(pid)
                redraw[tab].append(move(page, key))
                page.wait_for_timeout(1000)
                rest[tab].append(page.evaluate("() => window.lastAny - window.pressed"))
                cpu[tab].append((cpu_s(pid) - before) * 1000)
        browser.close()
    print(f"{steps} moves each, in turn\n")
    print("| | Result | How sure | How sure / Result |")
    print("|---|---|---|---|")
    for label, values in (
        ("slider to redrawn charts, ms, median", redraw),
        ("slider to the last canvas, tables too, ms, median", rest),
        ("server CPU a move, ms, mean", cpu),
    ):
        centre = statistics.mean if "mean" in label else statistics.median
        result, uncertainty = (centre(values[tab]) for tab in TABS)
        print(f"| {label} | {result:.0f} | {uncertainty:.0f} | {uncertainty / result:.2f} |")


if __name__ == "__main__":
    main(int(sys.argv[1]) if len(sys.argv) > 1 else 20)

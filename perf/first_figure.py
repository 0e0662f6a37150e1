"""From a fresh server to the first figure in Chromium, and the bytes loaded until then.

Against the minimal page of three `st.plotly_chart`, each in a new server, browser context and cache.

Run: python -m perf.first_figure [starts]
"""

from __future__ import annotations

import statistics
import sys
import time
from dataclasses import dataclass
from pathlib import Path
from typing import Any, Final

from playwright.sync_api import Browser, sync_playwright

from tests.support.browser import launch, served_by
from tests.support.paths import ROOT

FIRST_FIGURE: Final = ":is(.figure[data-drawn], .js-plotly-plot) .main-svg"
PAGES: Final = {"app": ROOT / "app.py", "three st.plotly_chart": ROOT / "perf" / "plotly_page.py"}


@dataclass(frozen=True, slots=True)
class Start:
    """One cold start: milliseconds to the first text and to the first figure, and megabytes loaded."""

    text_ms: float
    figure_ms: float
    megabytes: float


def start(browser: Browser, script: Path) -> Start:
    with served_by(script) as (address, _):
        context = browser.new_context(viewport={"width": 1280, "height": 900}, locale="en-US")
        page = context.new_page()
        sizes: list[float] = []
        session = context.new_cdp_session(page)
        session.send("Network.enable")

        def loaded(event: dict[str, Any]) -> None:
            sizes.append(event["encodedDataLength"])

        session.on("Network.loadingFinished", loaded)
        began = time.perf_counter()
        page.goto(f"{address}/?example=brand_voice", wait_until="commit")
        page.wait_for_selector(":is(.verdict h4, .st-key-volume_slider label)", timeout=120_000)
        text = time.perf_counter()
        page.wait_for_selector(FIRST_FIGURE, timeout=120_000)
        figure = time.perf_counter()
        megabytes = sum(sizes) / 1e6
        context.close()
    return Start((text - began) * 1000, (figure - began) * 1000, megabytes)


def main(times: int) -> None:
    starts: dict[str, list[Start]] = {name: [] for name in PAGES}
    with sync_playwright() as playwright:
        browser = launch(playwright)
        for _ in range(times):
            for name, script in PAGES.items():
                starts[name].append(start(browser, script))
        browser.close()
    print(f"{times} cold starts each, in turn, median\n")
    print("| | app | three st.plotly_chart | app / page |")
    print("|---|---|---|---|")
    for label, field, digits in (
        ("to the first text, ms", "text_ms", 0),
        ("to the first figure, ms", "figure_ms", 0),
        ("loaded before the first figure, MB", "megabytes", 2),
    ):
        app, plain = (statistics.median(getattr(each, field) for each in starts[name]) for name in PAGES)
        print(f"| {label} | {app:.{digits}f} | {plain:.{digits}f} | {app / plain:.2f} |")


if __name__ == "__main__":
    main(int(sys.argv[1]) if len(sys.argv) > 1 else 3)

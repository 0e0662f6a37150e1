"""From the slider to the redrawn figures in Chromium, against a minimal page of three `st.plotly_chart`.

Both pages show the same three figures and are measured in the same run, in turn, at volumes that neither has
shown before. The reader drags the app's slider; the other page's slider, which sends a value only when it is
released, is moved by its keys. CPU is that of the server's process until the figures are drawn.

Run: python -m perf.slider [moves]
"""

from __future__ import annotations

import os
import statistics
import sys
from contextlib import ExitStack
from dataclasses import dataclass, field
from pathlib import Path
from typing import Final, Protocol

from playwright.sync_api import Browser, Page, sync_playwright

from tests.support.browser import follow_runs, launch, served_by, settle
from tests.support.paths import ROOT

FIGURES: Final = ("chart_lines", "chart_months", "chart_volume")
NOTE_DRAWING: Final = r"""
() => {
  window.lastDraw = {};
  const seen = new MutationObserver((changes) => { // on the whole page: a figure may be replaced as a whole
    for (const { target } of changes) {
      const figure = target.closest?.("svg") && target.closest("[class*=st-key-chart_]");
      const key = figure?.className.match(/chart_\w+/)[0];
      if (key) window.lastDraw[key] = performance.now();
    }
  });
  seen.observe(document.body, { childList: true, attributes: true, subtree: true });
  for (const kind of ["input", "keydown"]) {
    window.addEventListener(kind, () => { window.moved = performance.now(); }, true);
  }
}
"""
ALL_DRAWN: Final = "() => Object.values(window.lastDraw).filter(at => at > window.moved).length === 3"
QUIET_MS: Final = 300
"""Time without drawing after which a move counts as finished."""
IS_QUIET: Final = f"() => performance.now() - Math.max(...Object.values(window.lastDraw)) > {QUIET_MS}"
LATENCY: Final = "() => Math.max(...Object.values(window.lastDraw)) - window.moved"
DRAWN: Final = ".st-key-{key} :is(.figure[data-drawn], .js-plotly-plot) .main-svg"
FIRST_POSITION: Final = 24
"""Position of the slider before the first move; each move is one position up."""


def cpu_s(pid: int) -> float:
    """CPU seconds that a process has used, in steps of 10 ms."""
    fields = Path(f"/proc/{pid}/stat").read_text().rsplit(")", 1)[1].split()
    return (int(fields[11]) + int(fields[12])) / os.sysconf("SC_CLK_TCK")


class Slider(Protocol):
    """A way to move one page's slider one position up."""

    def start(self, page: Page) -> None: ...

    def step(self, page: Page) -> None: ...


@dataclass(slots=True)
class Drag:
    """Drags the app's slider with the pointer, without releasing it."""

    position: int = FIRST_POSITION

    def start(self, page: Page) -> None:
        page.locator(RANGE).scroll_into_view_if_needed()
        self._move(page)
        page.mouse.down()

    def step(self, page: Page) -> None:
        self.position += 1
        self._move(page)

    def _move(self, page: Page) -> None:
        box = page.locator(RANGE).bounding_box()
        assert box is not None
        knob = 14.4  # 0.9 rem: its centre moves between the halves of a knob from either end
        stops = int(page.locator(RANGE).get_attribute("max") or 0)
        x = box["x"] + knob / 2 + (box["width"] - knob) * self.position / stops
        page.mouse.move(x, box["y"] + box["height"] / 2)


@dataclass(slots=True)
class Keys:
    """Moves a slider by its arrow key."""

    def start(self, page: Page) -> None:
        page.locator(KNOB).focus()

    def step(self, page: Page) -> None:
        page.keyboard.press("ArrowRight")


RANGE: Final = ".volume input[type=range]"
KNOB: Final = ".st-key-volume_slider :is([role=slider], input[type=range])"


@dataclass(slots=True)
class Measured:
    """An open page, its server's process, and what its moves took."""

    page: Page
    pid: int
    slider: Slider
    latency_ms: list[float] = field(default_factory=list)
    cpu_ms: list[float] = field(default_factory=list)

    def move(self) -> None:
        self.page.bring_to_front()
        before = cpu_s(self.pid)
        self.slider.step(self.page)
        self.page.wait_for_function(ALL_DRAWN, timeout=30_000)
        self.page.wait_for_function(IS_QUIET, timeout=30_000)
        self.latency_ms.append(float(self.page.evaluate(LATENCY)))
        self.cpu_ms.append((cpu_s(self.pid) - before) * 1000)

    def forget(self) -> None:
        self.latency_ms.clear()
        self.cpu_ms.clear()


def opened(stack: ExitStack, browser: Browser, script: Path, slider: Slider) -> Measured:
    address, pid = stack.enter_context(served_by(script))
    page = follow_runs(browser.new_page(viewport={"width": 1280, "height": 2600}, locale="en-US"))
    page.goto(f"{address}/?example=brand_voice")  # the minimal page shows that example too, and ignores this
    for key in FIGURES:
        page.wait_for_selector(DRAWN.format(key=key), timeout=90_000)
    settle(page)
    page.wait_for_timeout(2000)
    page.evaluate(NOTE_DRAWING)
    slider.start(page)
    page.wait_for_timeout(1000)
    return Measured(page, pid, slider)


def main(steps: int) -> None:
    with sync_playwright() as playwright, ExitStack() as stack:
        browser = launch(playwright)
        app = opened(stack, browser, ROOT / "app.py", Drag())
        plain = opened(stack, browser, ROOT / "perf" / "plotly_page.py", Keys())
        for each in (app, plain):
            for _ in range(3):
                each.move()
            each.forget()
        for _ in range(steps):  # in turn, so that a slow moment affects both
            app.move()
            plain.move()
        before = cpu_s(app.pid)
        app.page.mouse.up()
        settle(app.page)
        release_ms = (cpu_s(app.pid) - before) * 1000
        browser.close()
    print(f"{steps} moves each, in turn\n")
    print("| | app | three st.plotly_chart | app / page |")
    print("|---|---|---|---|")
    _print_row(
        "slider to redrawn figures, ms, p50", *map(statistics.median, (app.latency_ms, plain.latency_ms))
    )
    _print_row("slider to redrawn figures, ms, p95", _p95(app.latency_ms), _p95(plain.latency_ms))
    _print_row("server CPU per move, ms, mean", *map(statistics.mean, (app.cpu_ms, plain.cpu_ms)))
    print(f"\nThe whole page after the release: {release_ms:.0f} ms CPU of the server, once per drag.")


def _p95(values: list[float]) -> float:
    return statistics.quantiles(values, n=20, method="inclusive")[-1]


def _print_row(label: str, app: float, plain: float) -> None:
    print(f"| {label} | {app:.0f} | {plain:.0f} | {app / plain:.2f} |")


if __name__ == "__main__":
    main(int(sys.argv[1]) if len(sys.argv) > 1 else 20)

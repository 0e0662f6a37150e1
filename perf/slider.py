"""Latency from a slider change to the redrawn charts in Chromium, against three simpler pages.

All pages are measured in the same run. The app is measured twice: stepping with the arrow keys, and with the
prefetched content removed before each move, as for distant volumes. The floor draws the app's own three
charts from prepared data; the least page also shows the verdict, the cards and a button under each chart; the
last page has three of Streamlit's built-in charts. Also the CPU time of the server: of the script run that
answers, and of everything until the next move.
Run: python -m perf.slider [moves]
"""

from __future__ import annotations

import os
import statistics
import sys
from collections.abc import Iterator
from contextlib import ExitStack, contextmanager
from dataclasses import dataclass
from pathlib import Path
from tempfile import TemporaryDirectory

from playwright.sync_api import Browser, Page, sync_playwright

from tests.support.browser import follow_runs, launch, served_by, settle
from tests.support.paths import ROOT

from .timed_server import RUNS

NOTE_DRAWING = """
() => {
  window.lastDraw = 0;
  for (const name of ['stroke', 'fill', 'fillText', 'fillRect', 'clearRect']) {
    const draw = CanvasRenderingContext2D.prototype[name];
    CanvasRenderingContext2D.prototype[name] = function (...values) {
      window.lastAny = performance.now();
      if (this.canvas.closest('[class*=st-key-chart_]')) window.lastDraw = window.lastAny;
      return draw.apply(this, values);
    };
  }
  const seen = new MutationObserver(() => { window.lastDraw = performance.now(); });
  for (const chart of document.querySelectorAll('[class*=st-key-chart_] svg')) {
    seen.observe(chart, {childList: true, attributes: true, subtree: true});
  }
  window.addEventListener('keydown', () => { window.pressed = performance.now(); }, true);
}
"""
SLIDER = ":is(.st-key-volume_slider, .st-key-live_panel)"
QUIET_MS = 400
"""Idle time without drawing after which the page counts as finished."""


def cpu_s(pid: int) -> float:
    """CPU seconds that a process has used."""
    fields = Path(f"/proc/{pid}/stat").read_text().rsplit(")", 1)[1].split()
    return (int(fields[11]) + int(fields[12])) / os.sysconf("SC_CLK_TCK")


@dataclass(frozen=True, slots=True)
class Opened:
    """A page, its server process, and the file with the CPU time of its runs."""

    page: Page
    pid: int
    notes: Path

    def runs_ms(self) -> list[float]:
        """CPU time of each run so far."""
        return [float(line) for line in self.notes.read_text().splitlines()]


@contextmanager
def opened(browser: Browser, script: Path) -> Iterator[Opened]:
    with TemporaryDirectory() as folder:
        notes = Path(folder) / "runs"
        os.environ[RUNS] = str(notes)
        with served_by(script, "perf.timed_server") as (address, pid):
            page = follow_runs(browser.new_page(viewport={"width": 1280, "height": 2400}))
            page.goto(address)
            page.wait_for_selector(".st-key-chart_volume :is(canvas, svg)", state="attached", timeout=60_000)
            settle(page)
            page.wait_for_timeout(2000)
            page.evaluate(NOTE_DRAWING)
            yield Opened(page, pid, notes)
            page.close()


def move(page: Page, key: str) -> float:
    """Press a key on the slider; milliseconds until the last chart is drawn."""
    page.locator(f"{SLIDER} input[type=range]").press(key)
    page.wait_for_function("() => window.lastDraw > window.pressed", timeout=30_000)
    settle(page)
    page.wait_for_function(f"() => performance.now() - window.lastDraw > {QUIET_MS}", timeout=30_000)
    return float(page.evaluate("() => window.lastDraw - window.pressed"))


def walk(steps: int) -> list[str]:
    """Keys that go up and down the slider, so that the volumes are new to the app for long."""
    return [
        ("ArrowLeft" if index // WALK % 2 else "ArrowRight") for index in range(WALK // 2, WALK // 2 + steps)
    ]


WALK = 26
"""Steps before the direction reverses; the slider has about sixty positions."""
FAR = "app, nothing ready"
SCRIPTS = {
    "app": ROOT / "app.py",
    FAR: ROOT / "app.py",
    "ready charts": ROOT / "perf" / "floor_page.py",
    "verdict, cards and CSV too": ROOT / "perf" / "least_page.py",
    "built-in charts": ROOT / "perf" / "builtin_page.py",
}


def main(steps: int) -> None:
    redraw: dict[str, list[float]] = {name: [] for name in SCRIPTS}
    script: dict[str, list[float]] = {name: [] for name in SCRIPTS}
    cpu: dict[str, list[float]] = {name: [] for name in SCRIPTS}
    with sync_playwright() as playwright, ExitStack() as stack:
        browser = launch(playwright)
        pages = {name: stack.enter_context(opened(browser, path)) for name, path in SCRIPTS.items()}
        for each in pages.values():  # warm up
            each.page.bring_to_front()
            for _ in range(3):
                move(each.page, "ArrowRight")
        for key in walk(steps):  # alternate, so that a slow moment affects all
            for name, each in pages.items():
                each.page.bring_to_front()
                if name == FAR:
                    each.page.evaluate("() => crossover.contents.clear()")
                ran, before = len(each.runs_ms()), cpu_s(each.pid)
                redraw[name].append(move(each.page, key))
                script[name].append(each.runs_ms()[ran])
                cpu[name].append((cpu_s(each.pid) - before) * 1000)
    print(f"{steps} moves each, in turn\n")
    print("| | " + " | ".join(SCRIPTS) + " | app / each |")
    print("|---|" + "---|" * (len(SCRIPTS) + 1))
    for label, values in (
        ("slider to redrawn charts, ms", redraw),
        ("script that answers, CPU ms", script),
    ):
        _print_row(f"{label}, median", [statistics.median(values[name]) for name in SCRIPTS])
        _print_row(f"{label}, p95", [statistics.quantiles(values[name], n=20)[-1] for name in SCRIPTS])
    _print_row("all that the server does a move, CPU ms, mean", [statistics.mean(cpu[n]) for n in SCRIPTS])


def _print_row(label: str, figures: list[float]) -> None:
    ratios = [figures[0] / other for other in figures[1:]]
    print(
        f"| {label} | "
        + " | ".join(f"{x:.1f}" if x < 10 else f"{x:.0f}" for x in figures)
        + f" | {', '.join(f'{x:.2f}' for x in ratios)} |"
    )


if __name__ == "__main__":
    main(int(sys.argv[1]) if len(sys.argv) > 1 else 30)

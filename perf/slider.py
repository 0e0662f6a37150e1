"""From a slider's change to the redrawn charts, in Chromium, against five lesser pages in the same run.

The first is the app with every figure worked out beforehand, which no quicker model could better. The floor
draws the app's own three charts, made ready beforehand; the least page shows the verdict, the cards and a
button under each chart too; the frame is the floor between the app's furniture, which stands still; the
last is what a minimal page usually is: three of Streamlit's built-in charts. Also the server's CPU time of
one rerun.
Run: python -m perf.slider [moves]
"""

from __future__ import annotations

import os
import statistics
import sys
from collections.abc import Iterator
from contextlib import ExitStack, contextmanager
from pathlib import Path

from playwright.sync_api import Browser, Page, sync_playwright

from tests.browser import ROOT, launch, served_by, settle

NOTE_DRAWING = """
() => {
  window.lastDraw = 0;
  for (const name of ['stroke', 'fill', 'fillText', 'fillRect', 'clearRect']) {
    const draw = CanvasRenderingContext2D.prototype[name];
    CanvasRenderingContext2D.prototype[name] = function (...values) {
      if (this.canvas.closest('[class*=st-key-chart_]')) window.lastDraw = performance.now();
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
SLIDER = ":is(.st-key-volume_slider, .st-key-stage)"
QUIET_MS = 400
"""No drawing for so long means that the page is done."""


def cpu_s(pid: int) -> float:
    """CPU seconds that a process has used."""
    fields = Path(f"/proc/{pid}/stat").read_text().rsplit(")", 1)[1].split()
    return (int(fields[11]) + int(fields[12])) / os.sysconf("SC_CLK_TCK")


@contextmanager
def opened(browser: Browser, script: Path) -> Iterator[tuple[Page, int]]:
    with served_by(script) as (address, pid):
        page = browser.new_page(viewport={"width": 1280, "height": 2400})
        page.goto(address)
        page.wait_for_selector(".st-key-chart_volume :is(canvas, svg)", state="attached", timeout=60_000)
        settle(page)
        page.wait_for_timeout(2000)
        page.evaluate(NOTE_DRAWING)
        yield page, pid
        page.close()


def move(page: Page, key: str) -> float:
    """Press a key on the slider; milliseconds until the last chart is drawn."""
    page.locator(f"{SLIDER} input[type=range]").press(key)
    page.wait_for_function("() => window.lastDraw > window.pressed", timeout=30_000)
    settle(page)
    page.wait_for_function(f"() => performance.now() - window.lastDraw > {QUIET_MS}", timeout=30_000)
    return float(page.evaluate("() => window.lastDraw - window.pressed"))


SCRIPTS = {
    "app": ROOT / "app.py",
    "app, all worked out": ROOT / "perf" / "ready_app.py",
    "ready charts": ROOT / "perf" / "floor_page.py",
    "verdict, cards and CSV too": ROOT / "perf" / "least_page.py",
    "ready charts in the app's frame": ROOT / "perf" / "frame_page.py",
    "built-in charts": ROOT / "perf" / "builtin_page.py",
}


def main(moves: int) -> None:
    redraw: dict[str, list[float]] = {name: [] for name in SCRIPTS}
    cpu: dict[str, list[float]] = {name: [] for name in SCRIPTS}
    with sync_playwright() as playwright, ExitStack() as stack:
        browser = launch(playwright)
        pages = {name: stack.enter_context(opened(browser, script)) for name, script in SCRIPTS.items()}
        for page, _ in pages.values():  # warm up
            page.bring_to_front()
            for _ in range(3):
                move(page, "ArrowRight")
        for index in range(moves):  # in turn, so that a slow moment hits all
            for name, (page, pid) in pages.items():
                page.bring_to_front()
                before = cpu_s(pid)
                redraw[name].append(move(page, "ArrowLeft" if index % 2 else "ArrowRight"))
                cpu[name].append((cpu_s(pid) - before) * 1000)
    print(f"{moves} moves each, in turn\n")
    print("| | " + " | ".join(SCRIPTS) + " | app / each |")
    print("|---|" + "---|" * (len(SCRIPTS) + 1))
    for label, values in (("slider to redrawn charts, ms", redraw), ("server CPU a rerun, ms", cpu)):
        _print_row(f"{label}, median", [statistics.median(values[name]) for name in SCRIPTS])
        _print_row(f"{label}, p95", [statistics.quantiles(values[name], n=20)[-1] for name in SCRIPTS])
    _print_row("server CPU a rerun, ms, mean", [statistics.mean(cpu[name]) for name in SCRIPTS])


def _print_row(label: str, figures: list[float]) -> None:
    ratios = [figures[0] / other for other in figures[1:]]
    print(
        f"| {label} | "
        + " | ".join(f"{x:.0f}" for x in figures)
        + f" | {', '.join(f'{x:.2f}' for x in ratios)} |"
    )


if __name__ == "__main__":
    main(int(sys.argv[1]) if len(sys.argv) > 1 else 30)

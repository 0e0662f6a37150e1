"""A running app and a real Chromium, for the tests that drive the page as a reader does."""

from __future__ import annotations

import os
import shutil
import socket
import subprocess
import sys
import time
import urllib.request
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path
from typing import Any

import pytest
from playwright.sync_api import Browser, Page, Playwright, expect

from tests.support.paths import ROOT

expect.set_options(timeout=20_000)  # a shared machine may be slow; a right page is right at once
CHROMIUM = shutil.which("chromium") or shutil.which("chromium-browser") or shutil.which("google-chrome")
FLAGS = [
    "--no-sandbox",
    "--disable-gpu",
    "--disable-quic",
    "--no-first-run",
    "--disable-background-networking",
    "--disable-component-update",
    "--disable-sync",
]


def need_chromium() -> str:
    """Its path; skips the test where there is none, and fails it where one is required."""
    if CHROMIUM is None:
        if os.environ.get("CROSSOVER_BROWSER") == "required":
            pytest.fail("Chromium is required here and was not found")
        pytest.skip("no Chromium on this machine: the tests in a real browser did not run")
    return CHROMIUM


@contextmanager
def served(script: Path) -> Iterator[str]:
    """The address of a Streamlit script served on a free port of this machine."""
    with served_by(script) as (address, _):
        yield address


@contextmanager
def served_by(script: Path, module: str = "streamlit") -> Iterator[tuple[str, int]]:
    """As `served`, with the id of the server's process; `module` is what serves it."""
    with socket.socket() as probe:
        probe.bind(("127.0.0.1", 0))
        port = probe.getsockname()[1]
    command = [sys.executable, "-m", module, "run", str(script), "--server.port", str(port)]
    server = subprocess.Popen(command, cwd=ROOT, stdout=subprocess.DEVNULL, stderr=subprocess.DEVNULL)
    address = f"http://localhost:{port}"
    try:
        _wait_until_healthy(address, server)
        yield address, server.pid
    finally:
        server.terminate()
        server.wait(timeout=20)


def _wait_until_healthy(address: str, server: subprocess.Popen[bytes]) -> None:
    deadline = time.monotonic() + 60
    while time.monotonic() < deadline:
        if server.poll() is not None:
            raise RuntimeError("the app ended before it answered")
        try:
            with urllib.request.urlopen(f"{address}/_stcore/health", timeout=2):
                return
        except OSError:
            time.sleep(0.1)
    raise RuntimeError("the app did not answer within a minute")


def launch(playwright: Playwright) -> Browser:
    return playwright.chromium.launch(executable_path=need_chromium(), args=FLAGS)


def settle(page: Page) -> None:
    """Wait until the script has run and the page has drawn it."""
    page.wait_for_selector(
        '[data-testid=stApp][data-test-script-state="notRunning"][data-test-connection-state="CONNECTED"]',
        timeout=60_000,
    )
    page.evaluate("() => new Promise(r => requestAnimationFrame(() => requestAnimationFrame(r)))")


def colours_drawn(page: Page, key: str) -> int:
    """How many different values the pixels of a chart have; an empty canvas has one or two."""
    chart = page.locator(f".st-key-{key} canvas").first
    chart.scroll_into_view_if_needed()
    expect(chart).to_be_visible()
    colours = chart.evaluate(
        "c => new Set(c.getContext('2d').getImageData(0, 0, c.width, c.height).data).size"
    )
    return int(colours)


class Watch:
    """Notes what a page must not do: talk to anyone else, or complain on the console."""

    def __init__(self, page: Page, address: str) -> None:
        self.foreign: list[str] = []
        self.complaints: list[str] = []
        page.on("request", lambda request: self._request(request.url, address))
        page.on("console", lambda entry: self._console(entry))
        page.on("pageerror", lambda error: self.complaints.append(str(error)))

    def _request(self, url: str, address: str) -> None:
        if not url.startswith((address, address.replace("http", "ws"), "data:", "blob:")):
            self.foreign.append(url)

    def _console(self, entry: Any) -> None:
        if entry.type == "error":
            self.complaints.append(entry.text)

"""A running app and a real Chromium, for tests that use the page as a user does."""

from __future__ import annotations

import os
import re
import shutil
import socket
import subprocess
import sys
import time
import urllib.request
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from pathlib import Path
from typing import Any
from weakref import WeakKeyDictionary

import pytest
from playwright.sync_api import Browser, Page, Playwright, WebSocket, expect
from streamlit.proto.BackMsg_pb2 import BackMsg
from streamlit.proto.ForwardMsg_pb2 import ForwardMsg

from tests.support.paths import ROOT
from tests.support.time_limit import HANG_S

expect.set_options(timeout=HANG_S * 1000)
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
    """Path of Chromium; skips the test if it is missing, and fails it if Chromium is required."""
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
        try:
            server.wait(timeout=HANG_S)
        except subprocess.TimeoutExpired:
            server.kill()


class RestartedServer:
    """A Streamlit script served on one port of this machine by one process after another."""

    def __init__(self, script: Path) -> None:
        with socket.socket() as probe:
            probe.bind(("127.0.0.1", 0))
            self._port = probe.getsockname()[1]
        self.address = f"http://localhost:{self._port}"
        self._command = [
            sys.executable,
            "-m",
            "streamlit",
            "run",
            str(script),
            "--server.port",
            str(self._port),
        ]
        self._server: subprocess.Popen[bytes] | None = None

    def start(self) -> None:
        self._server = subprocess.Popen(
            self._command, cwd=ROOT, stdout=subprocess.DEVNULL, stderr=subprocess.DEVNULL
        )
        _wait_until_healthy(self.address, self._server)

    def stop(self) -> None:
        """End the process, with all its sessions."""
        if self._server is None:
            return
        self._server.kill()
        self._server.wait(timeout=HANG_S)
        self._server = None


def _wait_until_healthy(address: str, server: subprocess.Popen[bytes]) -> None:
    deadline = time.monotonic() + HANG_S
    while time.monotonic() < deadline:
        if server.poll() is not None:
            raise RuntimeError("the app ended before it answered")
        try:
            with urllib.request.urlopen(f"{address}/_stcore/health", timeout=HANG_S):
                return
        except OSError:
            time.sleep(0.1)
    raise RuntimeError(f"the app did not answer within {HANG_S} s")


def launch(playwright: Playwright) -> Browser:
    return playwright.chromium.launch(executable_path=need_chromium(), args=FLAGS)


class ScriptRuns:
    """Follows the messages between page and server: whether every requested run has ended.

    The page's own state is not enough: it says "not running" until the server answers.
    """

    def __init__(self, page: Page) -> None:
        self._is_asked = False
        self._is_running = False
        page.on("websocket", self._follow)

    @property
    def is_over(self) -> bool:
        return not self._is_asked and not self._is_running

    def _follow(self, socket: WebSocket) -> None:
        if "/_stcore/stream" in socket.url:
            self._is_asked = self._is_running = False
            socket.on("framesent", self._sent)
            socket.on("framereceived", self._received)

    def _sent(self, frame: str | bytes) -> None:
        if isinstance(frame, bytes) and BackMsg.FromString(frame).WhichOneof("type") == "rerun_script":
            self._is_asked = True

    def _received(self, frame: str | bytes) -> None:
        if not isinstance(frame, bytes):
            return
        kind = ForwardMsg.FromString(frame).WhichOneof("type")
        if kind == "new_session":
            self._is_asked, self._is_running = False, True
        elif kind == "script_finished":
            self._is_running = False


_runs: WeakKeyDictionary[Page, ScriptRuns] = WeakKeyDictionary()


@contextmanager
def new_page(browser: Browser, **options: Any) -> Iterator[Page]:
    """An empty page in a context of its own, whose runs `settle` can wait for."""
    context = browser.new_context(**options)
    context.set_default_timeout(HANG_S * 1000)
    page = context.new_page()
    try:
        yield follow_runs(page)
    finally:
        context.close()


def follow_runs(page: Page) -> Page:
    """The page, with its runs followed; `settle` needs that before the page is opened."""
    _runs[page] = ScriptRuns(page)
    return page


def open_first_page(page: Page, address: str) -> Page:
    """The app's first page with an example, rendered."""
    page.goto(f"{address}/?example=brand_voice")
    expect(page.locator(".verdict")).to_be_visible()
    settle(page)
    return page


def open_inputs(page: Page, section: str = "Start") -> None:
    """Open the inputs of the comparison at one of their sections, by its title in English."""
    page.locator(".st-key-inputs summary").first.click()
    expect(page.locator(".st-key-inputs_section")).to_be_visible()
    settle(page)
    if section != "Start":
        choose_section(page, section)


def choose_section(page: Page, section: str) -> None:
    """Choose another section of the inputs, which are open."""
    page.locator(".st-key-inputs_section").get_by_text(section, exact=True).click()
    settle(page)


def open_address(page: Page, address: str) -> Page:
    """Any page of the app by its address, rendered."""
    page.goto(address)
    expect(page.locator(".st-key-top_bar")).to_be_visible()
    settle(page)
    return page


def settle(page: Page) -> None:
    """Wait until the server has run everything that the page requested, and the page is rendered."""
    while True:
        _two_frames(page)
        wait_until(page, lambda: _runs[page].is_over)
        page.wait_for_selector(
            '[data-testid=stApp][data-test-script-state="notRunning"][data-test-connection-state="CONNECTED"]'
        )
        _two_frames(page)
        if _runs[page].is_over:
            return


def _two_frames(page: Page) -> None:
    page.evaluate("() => new Promise(r => requestAnimationFrame(() => requestAnimationFrame(r)))")


def wait_until(page: Page, is_so: Callable[[], bool], act: Callable[[], None] | None = None) -> None:
    """Act, or let the page go on, until the condition holds; fails if it never does."""
    deadline = time.monotonic() + HANG_S
    while not is_so():
        assert time.monotonic() < deadline, "waited in vain"
        if act is not None:
            act()
        else:
            page.wait_for_timeout(20)


def expect_drawn(page: Page, key: str) -> None:
    """Wait until a figure is drawn and shows at least one trace."""
    figure = page.locator(f".st-key-{key} .figure[data-drawn] .main-svg").first
    figure.scroll_into_view_if_needed()
    expect(figure).to_be_visible()
    has_trace = """e => e.querySelector(".trace, .points, .hm, .heatmaplayer image") !== null"""
    wait_until(page, lambda: bool(figure.evaluate(has_trace)))


def drawn_data(page: Page, key: str) -> str:
    """Data and layout of a Plotly figure as it is drawn, as JSON."""
    return str(
        page.locator(f".st-key-{key} .canvas").evaluate(
            "e => JSON.stringify([e.data, e.layout.shapes ?? []])"
        )
    )


class Watch:
    """Records what a page must not do: connect to another host, or log errors to the console."""

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
        if entry.type == "error" and not _PROBE.search(entry.location.get("url", "")):
            self.complaints.append(entry.text)


_PROBE = re.compile(r"/[\w-]+/_stcore/(health|host-config)$")
"""Where Streamlit looks for its server first when a page is opened by its own address: a 404 is normal."""

"""Fixtures of the tests in a real Chromium: a running app, and its first page on a desktop and on a phone."""

from __future__ import annotations

from collections.abc import Iterator

import pytest
from playwright.sync_api import Browser, Page, sync_playwright

from tests.support.browser import Watch, launch, need_chromium, new_page, open_first_page, served
from tests.support.paths import ROOT


@pytest.fixture(scope="session")
def address() -> Iterator[str]:
    """One running app for all browser tests of a worker; each page is a session of its own."""
    need_chromium()
    with served(ROOT / "app.py") as running:
        yield running


@pytest.fixture(scope="package")
def browser() -> Iterator[Browser]:
    """One Chromium for the tests of this folder that a worker runs in a row.

    It ends with them: Playwright keeps an event loop running in this thread, and no other can run meanwhile.
    """
    need_chromium()
    with sync_playwright() as playwright:
        chromium = launch(playwright)
        yield chromium
        chromium.close()


@pytest.fixture
def page(browser: Browser, address: str) -> Iterator[Page]:
    """The app, opened in English on a desktop; watched for foreign requests and complaints."""
    with new_page(browser, viewport={"width": 1280, "height": 800}, locale="en-US") as page:
        watch = Watch(page, address)
        yield open_first_page(page, address)
        assert watch.foreign == []
        assert watch.complaints == []


@pytest.fixture(params=["light", "dark"])
def phone(request: pytest.FixtureRequest, browser: Browser, address: str) -> Iterator[Page]:
    """The app on a phone, with the light and the dark theme."""
    size = {"width": 390, "height": 844}
    with new_page(browser, viewport=size, color_scheme=request.param, locale="en") as page:
        yield open_first_page(page, address)

"""Every page and view in a real Chromium: no foreign request, console error or serious accessibility fault.

With CROSSOVER_SCREENSHOTS=docs/screenshots they write the pictures of the docs.
"""

from __future__ import annotations

import io
import os
from typing import Any, Final

import pytest
from axe_playwright_python.base import AXE_SCRIPT
from PIL import Image
from playwright.sync_api import Browser, Page

from dashboard.entry.navigation import PAGES
from tests.support.browser import Watch, new_page, open_address, settle
from tests.support.paths import ROOT

pytestmark = pytest.mark.browser

VIEWS: Final = [(page.path or "compare", view) for page in PAGES for view in (page.views or {"": ""})]
"""Address of each page with each of its views."""
LOOKS: Final[dict[str, dict[str, Any]]] = {
    "en": {"locale": "en-US", "viewport": {"width": 1280, "height": 1400}},
    "zh-dark": {"locale": "zh-TW", "color_scheme": "dark", "viewport": {"width": 1280, "height": 1400}},
    "en-phone": {"locale": "en-US", "viewport": {"width": 390, "height": 844}},
}
FIRST_VIEWS: Final = dict(reversed(VIEWS))
CASES: Final = [
    (path, view, look)
    for path, view in VIEWS
    for look in LOOKS
    if look == "en" or view == FIRST_VIEWS[path] or "CROSSOVER_SCREENSHOTS" in os.environ
]
"""All views in English; in the other looks the first view of each page, and all where pictures are made."""
SERIOUS: Final = ("serious", "critical")
STREAMLITS_OWN: Final[frozenset[str]] = frozenset()
"""Rules that Streamlit's own elements break, which no page can change."""
COLOURS: Final = 64
IS_STILL: Final = """() => document.getAnimations().every(
  ({ playState, effect }) => playState !== "running" || effect.getTiming().iterations === Infinity
)"""


def address_of(path: str, view: str) -> str:
    return f"/{'' if path == 'compare' else path}" + (f"?view={view}" if view else "")


@pytest.mark.parametrize(("path", "view", "look"), CASES)
def test_a_page_is_quiet_accessible_and_not_empty(
    browser: Browser, address: str, path: str, view: str, look: str
) -> None:
    with new_page(browser, **LOOKS[look]) as page:
        watch = Watch(page, address)
        open_address(page, address + address_of(path, view))
        faults = serious_faults(page)
        picture = page.screenshot()
        keep(picture, f"{path}{'-' + view if view else ''}-{look}")
        if look == "en":
            page.emulate_media(color_scheme="dark")
            faults += [f"dark: {fault}" for fault in serious_faults(page)]
        assert (faults, watch.foreign, watch.complaints) == ([], [], [])
        image = Image.open(io.BytesIO(picture)).convert("RGB")
        assert len(image.getcolors(image.width * image.height) or ()) > COLOURS
        assert page.evaluate("document.documentElement.scrollWidth <= innerWidth"), (
            "the page scrolls sideways"
        )


def serious_faults(page: Page) -> list[str]:
    """Serious and critical faults that axe-core finds: rule, and the first element that breaks it."""
    settle(page)
    page.wait_for_function(IS_STILL)  # what fades in is faint meanwhile
    page.evaluate(AXE_SCRIPT)
    violations = page.evaluate("() => axe.run(document, {resultTypes: ['violations']})")
    return [
        f"{fault['id']}: {fault['nodes'][0]['html'][:160]}"
        for fault in violations["violations"]
        if fault["impact"] in SERIOUS and fault["id"] not in STREAMLITS_OWN
    ]


def keep(picture: bytes, name: str) -> None:
    """Write the picture where CROSSOVER_SCREENSHOTS says, with few colours so that it stays small."""
    folder = os.environ.get("CROSSOVER_SCREENSHOTS")
    if folder:
        place = ROOT / folder
        place.mkdir(parents=True, exist_ok=True)
        image = Image.open(io.BytesIO(picture)).convert("RGB")
        image.quantize(256, Image.Quantize.MAXCOVERAGE).save(place / f"{name}.png", optimize=True)

"""Tick marks of number axes, computed in a real Chromium from the script of the figures."""

from __future__ import annotations

from typing import Any

import pytest
from playwright.sync_api import Browser

from tests.support.browser import new_page
from tests.support.paths import ROOT

pytestmark = pytest.mark.browser

SCRIPT = (ROOT / "dashboard" / "components" / "ticks.js").read_text(encoding="utf-8")


@pytest.mark.parametrize(
    ("arguments", "values", "texts"),
    [
        # 450 px at 90 px a tick: 5 ticks; 40,000 / 5 = 8,000 is nearest to steps of 10,000.
        (("x", "linear", [0, 40_000], 450, "en"), [0, 10_000, 20_000, 30_000, 40_000], "0 10K 20K 30K 40K"),
        (
            ("x", "linear", [0, 40_000], 450, "zh-TW"),
            [0, 10_000, 20_000, 30_000, 40_000],
            "0 1萬 2萬 3萬 4萬",
        ),
        # Never fewer than 3 ticks, however narrow: 1 / 3 rounds to steps of 0.5.
        (("y", "linear", [0, 1], 40, "en"), [0, 0.5, 1], "0 0.5 1"),
        # Six decades and room for 5 ticks: every second power of ten.
        (("x", "log", [1, 7], 450, "en"), [100, 10_000, 1_000_000], "100 10K 1M"),
        (
            ("x", "log", [2, 9], 900, "zh-TW"),
            [10**n for n in range(2, 10)],
            "100 1000 1萬 10萬 100萬 1000萬 1億 10億",
        ),
        # One decade and room for 5: 1, 2 and 5 times each power.
        (("y", "log", [2, 3], 240, "en"), [100, 200, 500, 1000], "100 200 500 1K"),
        # Zoomed in to less than a decade, a logarithmic axis has evenly spaced ticks: 100 to 200.
        (("y", "log", [2, 2.30103], 240, "en"), [100, 120, 140, 160, 180, 200], "100 120 140 160 180 200"),
        # Enough digits to tell neighbours apart.
        (
            ("y", "linear", [10_000, 10_040], 240, "en"),
            [10_000, 10_010, 10_020, 10_030, 10_040],
            "10K 10.01K 10.02K 10.03K 10.04K",
        ),
        (("y", "linear", [0.0, 0.0], 240, "en"), [0], "0"),
    ],
)
def test_ticks_are_round_and_written_in_the_readers_language(
    browser: Browser, arguments: tuple[Any, ...], values: list[float], texts: str
) -> None:
    with new_page(browser) as page:
        ticks = page.evaluate(f"inputs => {{ {SCRIPT}; return ticksOf(...inputs); }}", list(arguments))
        assert ticks["tickvals"] == pytest.approx(values)
        assert " ".join(ticks["ticktext"]) == texts

"""Chip with the day of the prices on the comparison page."""

from __future__ import annotations

from datetime import date
from typing import Any

import pytest
from streamlit.testing.v1 import AppTest

from dashboard import session as state
from tests.support.app import errors, page_text

TODAY = date(2026, 11, 22)
LATER = date(2027, 1, 2)
"""After gemini-3.8-flash costs twice as much: 1.5 USD per Mtok in place of 0.75."""


def chip(app: AppTest) -> str:
    """Label of the chip."""

    def labels(block: Any) -> list[str]:
        below = [label for child in getattr(block, "children", {}).values() for label in labels(child)]
        popover = getattr(getattr(block, "proto", None), "popover", None)
        return [popover.label, *below] if popover is not None and popover.label else below

    return next(label for label in labels(app.main) if "rices" in label)


@pytest.fixture
def with_flash(app: AppTest) -> AppTest:
    """The example with gemini-3.8-flash as its first option's model."""
    scenario = app.session_state["table"].scenario
    first = scenario.strategies[0]
    changed = scenario.with_strategy(
        0, type(first)(first.strategy, {**first.settings, "model": "google/gemini-3.8-flash"})
    )
    app.session_state["table"].work.put(changed)
    return app.run()


def test_an_example_opens_with_the_prices_of_today(app: AppTest) -> None:
    assert app.session_state["table"].scenario.on == TODAY
    assert chip(app) == "Today's prices (22 Nov 2026)"


def test_prices_that_became_newer_are_counted_shown_and_taken(
    with_flash: AppTest, monkeypatch: pytest.MonkeyPatch
) -> None:
    app = with_flash
    monkeypatch.setattr(state, "today", lambda: LATER)
    app.run()
    assert chip(app) == "Prices of 22 Nov 2026, 1 newer: update"
    assert app.session_state["table"].scenario.on == TODAY  # nothing is taken unseen
    app.session_state["price_date"] = True
    app.run()
    assert not app.exception
    text = page_text(app)
    assert "Gemini 3.8 Flash (Google): Input, USD per Mtok: 0.75 → 1.5" in text
    assert "Prompt stuffing · Gemini 3.8 Flash" in text.partition("From 22 Nov 2026 to 2 Jan 2027")[2]
    app.button(key="price_update").click().run()
    assert app.session_state["table"].scenario.on == LATER
    assert chip(app) == "Today's prices (2 Jan 2027)"


def test_a_pinned_day_says_so_and_is_kept(app: AppTest) -> None:
    app.session_state["price_date"] = True
    app.run()
    app.date_input(key="price_day").set_value(date(2026, 10, 1)).run()
    scenario = app.session_state["table"].scenario
    assert (scenario.on, scenario.is_pinned) == (date(2026, 10, 1), True)
    assert chip(app).startswith("Prices of 1 Oct 2026")
    app.session_state["price_date"] = True
    app.run()
    app.toggle(key="price_pin").set_value(False).run()
    scenario = app.session_state["table"].scenario
    assert (scenario.on, scenario.is_pinned) == (TODAY, False)
    assert errors(app) == []

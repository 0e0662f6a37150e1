"""Fixtures of the page tests: a session of the app, and one on the prices page."""

from __future__ import annotations

from datetime import date

import pytest
from streamlit.testing.v1 import AppTest

from dashboard import session
from tests.support.app import go, open_app


@pytest.fixture
def app() -> AppTest:
    """The first page of a new session."""
    return open_app()


@pytest.fixture(autouse=True)
def today(monkeypatch: pytest.MonkeyPatch) -> date:
    """A fixed day of pricing, on a server without price settings of its own."""
    day = date(2026, 11, 22)
    monkeypatch.setattr(session, "today", lambda: day)
    monkeypatch.delenv("CROSSOVER_EDIT_PRICES", raising=False)
    monkeypatch.delenv("CROSSOVER_PRICES", raising=False)
    return day


@pytest.fixture
def prices_page(today: date) -> AppTest:
    return go(open_app(), "prices")

"""The measuring scripts of perf/ still fit the code that they measure."""

from __future__ import annotations

import importlib
from pathlib import Path

import pytest
from streamlit.testing.v1 import AppTest

from tests.support.paths import ROOT
from tests.support.time_limit import HANG_S

PAGE = ROOT / "perf" / "plotly_page.py"
"""A Streamlit script: it draws when it is imported."""
NOT_IMPORTED = {"__init__", "plotly_page", "timed_server"}
"""timed_server changes Streamlit in the process that imports it."""
SCRIPTS = sorted(path for path in (ROOT / "perf").glob("*.py") if path.stem not in NOT_IMPORTED)


@pytest.mark.parametrize("path", SCRIPTS, ids=lambda path: str(path.stem))
def test_a_measuring_script_is_importable(path: Path) -> None:
    assert importlib.import_module(f"perf.{path.stem}").__doc__


def test_the_page_of_three_charts_draws_three_charts() -> None:
    page = AppTest.from_file(str(PAGE), default_timeout=HANG_S).run()
    assert not page.exception
    assert len(page.get("plotly_chart")) == 3

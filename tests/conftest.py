"""Options of the test run, and how hypothesis behaves in it."""

from __future__ import annotations

import os
import shutil
import sys
from collections.abc import Iterator
from pathlib import Path

import pytest
from hypothesis import settings

from costing.tokenization.vocabularies import EXTRAS_VARIABLE
from pricing.company_tables import VARIABLE
from pricing.load import TABLES_VARIABLE
from tests.support.paths import FROZEN_TABLES

os.environ.pop(VARIABLE, None)  # no company tables of the developer
# Pages, commands and the processes that tests start price with the frozen tables: a new row in the
# shipped tables moves no figure that a test quotes.
os.environ[TABLES_VARIABLE] = str(FROZEN_TABLES)

settings.register_profile("house", deadline=None, derandomize=True, database=None, max_examples=40)
settings.load_profile("house")


def pytest_addoption(parser: pytest.Parser) -> None:
    parser.addoption(
        "--update-golden",
        action="store_true",
        help="write the golden files anew; then read the diff and say in the commit why figures moved",
    )


@pytest.fixture
def update_golden(request: pytest.FixtureRequest) -> bool:
    return bool(request.config.getoption("--update-golden"))


@pytest.fixture
def frozen_copy(tmp_path: Path) -> Path:
    """A copy of the frozen price tables that a test may change."""
    return Path(shutil.copytree(FROZEN_TABLES, tmp_path / "tables"))


@pytest.fixture(autouse=True)
def own_main_module(monkeypatch: pytest.MonkeyPatch) -> None:
    """Take back the `__main__` of an AppTest, which a process that a later test starts would run again."""
    monkeypatch.setitem(sys.modules, "__main__", sys.modules["__main__"])


@pytest.fixture(scope="session", autouse=True)
def extras_setting() -> Iterator[str | None]:
    """No optional package counts, in this process and in those that tests start. Gives the setting before."""
    before = os.environ.get(EXTRAS_VARIABLE)
    with pytest.MonkeyPatch.context() as patch:
        patch.setenv(EXTRAS_VARIABLE, "off")
        yield before


@pytest.fixture(autouse=True)
def extras_where_marked(
    request: pytest.FixtureRequest, extras_setting: str | None, monkeypatch: pytest.MonkeyPatch
) -> None:
    """A test marked `extra` uses the optional packages that are installed."""
    if request.node.get_closest_marker("extra") is not None:
        monkeypatch.delenv(EXTRAS_VARIABLE)
        if extras_setting is not None:
            monkeypatch.setenv(EXTRAS_VARIABLE, extras_setting)

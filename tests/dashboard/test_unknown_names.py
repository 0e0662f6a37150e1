"""Tables and views of cost lines: an unknown category or unit is no error."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import replace

import pytest

from costing.cost_lines import CostLine
from costing.strategies.stuffed_prompt import StuffedPrompt
from costing.workload.workload import Workload
from dashboard.components.inputs import with_unit

from ..support.app import new_app


@pytest.fixture
def distillation(monkeypatch: pytest.MonkeyPatch) -> None:
    """A strategy whose cost lines have a category and a unit of a company's own."""
    shipped = StuffedPrompt.lines

    def lines(strategy: StuffedPrompt, workload: Workload) -> Iterator[CostLine]:
        for line in shipped(strategy, workload):
            yield replace(line, category="distillation", unit="wafers")

    monkeypatch.setattr(StuffedPrompt, "lines", lines)


@pytest.mark.usefixtures("distillation")
@pytest.mark.parametrize("language", ["en", "zh_TW"])
@pytest.mark.parametrize("view", ["Result", "Every line", "Break-even", "Cash over time"])
def test_a_companys_own_category_and_unit_are_shown_as_they_are(view: str, language: str) -> None:
    app = new_app()
    app.session_state["lang"] = language
    app.session_state["tab" if language == "en" else f"tab@{language}"] = view
    app.run()
    assert not app.exception
    if view == "Every line":
        tables = [table.value for table in app.dataframe if "category" in table.value.columns]
        assert "distillation" in set(tables[0]["category"])
        assert "wafers" in set(tables[0]["unit"])


def test_a_count_is_shown_without_a_unit() -> None:
    assert with_unit("Spare replicas", "") == "Spare replicas"
    assert with_unit("Useful life", "years") == "Useful life (years)"

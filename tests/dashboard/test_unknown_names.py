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
@pytest.mark.parametrize("view", ["overview", "cost-breakdown", "break-even", "cash-flow"])
def test_a_companys_own_category_and_unit_are_shown_as_they_are(view: str, language: str) -> None:
    app = new_app()
    app.query_params["example"] = "brand_voice"
    app.session_state["lang"] = language
    app.session_state["views"] = {"": view}
    app.run()
    assert not app.exception
    if view == "cost-breakdown":
        assert "wafers" in {unit for table in app.dataframe for unit in table.value.get("unit", ())}
    if view == "cash-flow":
        (options,) = (box for box in app.selectbox if str(box.key).startswith("cash_payments_of"))
        stuffed = {"en": "Prompt stuffing", "zh_TW": "完整提示詞"}[language]
        options.set_value(next(name for name in options.options if name.startswith(stuffed))).run()
        names = {name for table in app.dataframe for name in table.value.get("category", ())}
        assert "distillation" in names


def test_a_count_is_shown_without_a_unit() -> None:
    assert with_unit("Spare replicas", "") == "Spare replicas"
    assert with_unit("Useful life", "years") == "Useful life (years)"

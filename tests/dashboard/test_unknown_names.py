"""Tables and views of cost lines: an unknown category, unit or column is no error."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import replace

import pytest
from streamlit.testing.v1 import AppTest

from costing.cost_lines import CostLine
from costing.strategies.stuffed_prompt import StuffedPrompt
from costing.workload.workload import Workload
from dashboard.components.inputs import with_unit
from dashboard.language import label_of

from ..support.app import new_app
from ..support.time_limit import HANG_S


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


def _table_with_an_unknown_column() -> None:
    from dataclasses import dataclass

    from dashboard.components.tables import dataframe

    @dataclass(frozen=True)
    class Row:
        strategy: str
        yield_share: float

    dataframe([Row("A", 0.5)], Row, key="table_own")


def test_a_column_without_a_heading_shows_its_name() -> None:
    app = AppTest.from_function(_table_with_an_unknown_column, default_timeout=HANG_S).run()
    assert not app.exception
    assert list(app.dataframe[0].value.columns) == ["strategy", "yield_share"]
    assert '"label": "yield_share"' in app.dataframe[0].proto.columns
    assert label_of({"strategy": "Strategy"}, "yield_share") == "yield_share"


def test_a_count_is_shown_without_a_unit() -> None:
    assert with_unit("Spare replicas", "") == "Spare replicas"
    assert with_unit("Useful life", "years") == "Useful life (years)"

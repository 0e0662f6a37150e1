"""Charts and tables of cost lines: every category has a colour, and an unknown one is no error."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import replace

import pytest
from streamlit.testing.v1 import AppTest

from costing.comparison.compare import compare
from costing.cost_lines import CostCategory, CostLine
from costing.reports.comparison import lines as report_lines
from costing.strategies.stuffed_prompt import StuffedPrompt
from costing.workload.workload import Workload
from dashboard.components.inputs import with_unit
from dashboard.figures.categories import CATEGORY_COLOURS, UNKNOWN_CATEGORY
from dashboard.figures.comparison import stacked_bar
from dashboard.language import label_of
from tests.support.rows import rows_of

from ..support.app import new_app
from ..support.factories import STUFFED, book, choice, deployment, scenario
from ..support.time_limit import HANG_S

GREY = "#9e9e9e"


def test_the_lines_of_a_bought_fleet_with_all_its_extras_can_be_drawn() -> None:
    fleet = choice(
        "self_hosted",
        deployment="open-10b-1xg1",
        tenure="owned",
        licence_usd_per_gpu_year=4500,
        colocation_usd_per_kw_month=150,
        setup_usd=10_000,
    )
    rows = rows_of(report_lines(compare(scenario(fleet), book(deployment()))))
    categories = {row.category for row in rows}
    assert {"licences", "colocation", "setup"} <= categories <= set(CATEGORY_COLOURS)
    drawn = {series["name"] for series in stacked_bar(rows, "USD")["series"]}
    assert drawn == {row.line for row in rows}


def test_every_category_has_colours_of_its_own() -> None:
    assert set(CATEGORY_COLOURS) == set(CostCategory)
    first_shades = [shades[0] for shades in CATEGORY_COLOURS.values()]
    assert len(set(first_shades)) == len(first_shades)
    assert not set(UNKNOWN_CATEGORY) & {shade for shades in CATEGORY_COLOURS.values() for shade in shades}


def test_a_line_of_an_unknown_category_is_drawn_grey() -> None:
    rows = rows_of(report_lines(compare(scenario(STUFFED), book())).assign(category="distillation"))
    assert stacked_bar(rows, "USD")["series"][0]["color"] == GREY


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

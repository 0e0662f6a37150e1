"""Categories, units, cadences and evidence: what the shipped strategies yield is declared in their enums."""

from __future__ import annotations

import pytest

from costing.cash_flow.cash_flow import cash_flow
from costing.claim.drivers import DRIVERS
from costing.comparison.compare import Comparison, compare
from costing.cost_lines import Cadence, CostCategory, CostLine
from costing.scenario.library import ready
from costing.scenario.requirements import Needs
from costing.strategies import registered
from costing.units import Unit
from i18n.errors import CrossoverError
from pricing.rows import Evidence
from tools import catalogue

from ..support.factories import cost_line, frozen_book, live_book

SETS = (CostCategory, Unit, Cadence, Evidence)


def ready_comparisons() -> list[Comparison]:
    scenarios, _ = ready()
    return [compare(scenario, frozen_book()) for scenario in scenarios.values()]


@pytest.fixture(scope="module")
def comparisons() -> list[Comparison]:
    return ready_comparisons()


@pytest.fixture(scope="module")
def lines(comparisons: list[Comparison]) -> list[CostLine]:
    return [line for each in comparisons for outcome in each.feasible for line in outcome.lines]


def test_every_line_of_the_ready_scenarios_is_of_a_declared_category_unit_cadence_and_evidence(
    lines: list[CostLine],
) -> None:
    assert lines
    for line in lines:
        assert isinstance(line.category, CostCategory), line.name
        assert isinstance(line.unit, Unit), line.name
        assert isinstance(line.cadence, Cadence), line.name
        assert isinstance(line.quantity_evidence, Evidence), line.name
        assert isinstance(line.price.evidence, Evidence), line.name
        assert isinstance(line.evidence, Evidence), line.name


def test_every_month_and_every_payment_of_the_ready_scenarios_is_of_a_declared_unit_and_evidence(
    comparisons: list[Comparison],
) -> None:
    for comparison in comparisons:
        for outcome in comparison.feasible:
            for item in comparison.month_lines(outcome):
                assert isinstance(item.evidence, Evidence), item.line.name
            for payment in cash_flow(comparison, outcome).lines:
                assert isinstance(payment.unit, Unit), payment.name
                assert isinstance(payment.evidence, Evidence), payment.name


def test_every_input_of_every_strategy_has_a_declared_unit() -> None:
    knobs = [
        (kind.id(), name, knob.unit) for kind in registered().values() for name, knob in kind.knobs().items()
    ]
    knobs += [("needs", name, knob.unit) for name, knob in Needs.declared().items()]
    knobs += [("claim", driver.id, driver.unit) for driver in DRIVERS.values()]
    assert [(owner, name) for owner, name, unit in knobs if not isinstance(unit, Unit)] == []


def test_every_shipped_price_row_has_a_declared_evidence() -> None:
    rows = [row for rows in live_book().tables().values() for row in rows]
    assert {type(row.evidence) for row in rows} == {Evidence}


def test_every_member_is_translated() -> None:
    chinese = catalogue.read("zh_TW")
    members = [str(member) for kind in SETS for member in kind if member != Unit.COUNT]
    assert [text for text in members if not (text in chinese and chinese[text].string)] == []


def test_a_company_may_name_a_category_and_a_unit_of_its_own() -> None:
    line = cost_line(2.0, 3.0, category="distillation", unit="wafers")
    assert (line.category, line.unit, line.usd) == ("distillation", "wafers", 6)


@pytest.mark.parametrize(
    ("changes", "error"),
    [
        (
            {"cadence": "yearly"},
            "cost line 'Line': 'yearly' is not one of once, monthly",
        ),
        (
            {"quantity_evidence": "guessed"},
            "cost line 'Line': 'guessed' is not one of measured, published, estimated, assumed",
        ),
    ],
)
def test_a_cadence_or_evidence_that_does_not_exist_is_refused(changes: dict[str, str], error: str) -> None:
    with pytest.raises(CrossoverError) as raised:
        cost_line(**changes)
    assert str(raised.value) == error

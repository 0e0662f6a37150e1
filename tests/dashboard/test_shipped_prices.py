"""Smoke test of the real tables: commands and pages work with them. No figure is quoted here."""

from __future__ import annotations

from collections.abc import Iterator

import pytest

from costing.comparison.breakeven import breakeven
from costing.comparison.compare import compare
from costing.ranking.models import ModelFilter, rank_models
from costing.scenario.library import load_scenario, shipped_ids
from costing.uncertainty.monte_carlo import uncertainty
from dashboard import session
from pricing.load import TABLES_VARIABLE
from tests.support.app import go, open_app
from tests.support.factories import live_book


@pytest.fixture
def shipped_tables(monkeypatch: pytest.MonkeyPatch) -> Iterator[None]:
    """The app uses the tables of the project instead of the frozen ones."""
    monkeypatch.delenv(TABLES_VARIABLE)
    session.forget_prices()
    yield
    session.forget_prices()


@pytest.mark.parametrize("scenario_id", shipped_ids())
def test_every_scenario_is_priced_with_the_shipped_tables(scenario_id: str) -> None:
    comparison = compare(load_scenario(scenario_id), live_book())
    assert comparison.feasible
    breakeven(comparison)
    uncertainty(comparison, 20)


def test_models_are_ranked_with_the_shipped_tables() -> None:
    ranking = rank_models(load_scenario("brand_voice"), live_book())
    assert len(ranking.frame(ModelFilter())) > 20


@pytest.mark.parametrize("page", ["", "prices", "claim"])
def test_a_page_opens_with_the_shipped_tables(shipped_tables: None, page: str) -> None:
    app = go(open_app(), page) if page else open_app()
    assert not app.exception
    assert not app.error

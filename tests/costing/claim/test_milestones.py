"""The milestones: every one leads to a price of its own first day."""

from __future__ import annotations

from datetime import date

import pytest

from pricing.quote.model_names import Resolver
from pricing.rows import Milestone
from tests.support.factories import every_shipped_row, frozen_book

MILESTONES = [row for row in every_shipped_row() if isinstance(row, Milestone)]


@pytest.mark.parametrize("row", MILESTONES, ids=lambda row: str(row.id))
def test_a_milestones_model_has_a_token_price_on_its_first_day(row: Milestone) -> None:
    history = Resolver(frozen_book()).history(row.model)
    standing = [price for price in history if price.effective_from <= row.launched_on]
    assert standing, f"{row.model} has no price on {row.launched_on}"


@pytest.mark.parametrize("row", MILESTONES, ids=lambda row: str(row.id))
def test_a_milestone_is_named_by_its_line_and_day_and_shows_a_page(row: Milestone) -> None:
    assert row.id == f"{row.line}-{row.launched_on.isoformat()}"
    assert "https://" in row.source
    assert row.launched_on <= row.checked_on


def test_the_flagships_go_back_to_march_2023() -> None:
    first = min(row.launched_on for row in MILESTONES if row.line == "flagship")
    assert first == date(2023, 3, 14)

"""How far back the milestones reach; `tests/pricing/test_table_rules.py` has the rules of their rows."""

from __future__ import annotations

from datetime import date

from pricing.rows import Milestone
from tests.support.factories import frozen_prices


def test_the_flagships_go_back_to_march_2023() -> None:
    milestones = frozen_prices().rows(Milestone).values()
    first = min(row.launched_on for row in milestones if row.line == "flagship")
    assert first == date(2023, 3, 14)

"""Frame of the pairwise comparison."""

from __future__ import annotations

import pytest

from costing.comparison.breakeven import breakeven
from costing.comparison.compare import compare
from costing.reports.pairs import pairs
from costing.scenario.library import load_scenario
from tests.support.factories import frozen_book


def test_a_pair_has_its_first_break_even_point_and_the_number_of_all() -> None:
    result = breakeven(compare(load_scenario("claim_25m_owned"), frozen_book()))
    (row,) = pairs(result).to_dict("records")
    assert row["tokens_per_day"] == pytest.approx(24.189e6, rel=1e-3)
    # A request has 1,000 tokens.
    assert row["requests_per_day"] == pytest.approx(24_189, rel=1e-3)
    assert row["break_even_points"] == len(result.pairs[0].crossings)
    assert row["cheaper_below"] == row["first"]
    assert row["cheaper_above"] == row["second"]


def test_a_pair_without_a_break_even_point_has_none_and_a_reason() -> None:
    result = breakeven(compare(load_scenario("brand_voice"), frozen_book()))
    table = pairs(result)
    never = table[table["break_even_points"] == 0]
    assert len(table) == len(result.pairs)
    assert len(never)
    assert never[["requests_per_day", "tokens_per_day", "cheaper_below"]].isna().all(axis=None)
    assert never["explanation"].str.len().gt(0).all()

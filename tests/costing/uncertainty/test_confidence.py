"""Quick simulation of a month: the same shares as the whole analysis, reused at another volume."""

from __future__ import annotations

import numpy as np
import pytest

from costing.comparison.compare import compare
from costing.scenario.library import load_scenario
from costing.uncertainty.confidence import confidence
from costing.uncertainty.monte_carlo import uncertainty

from ...support.factories import frozen_book


@pytest.mark.parametrize("scenario_id", ["brand_voice", "claim_25m_owned"])
def test_the_shares_are_those_of_the_whole_analysis(scenario_id: str) -> None:
    comparison = compare(load_scenario(scenario_id), frozen_book())
    quick, whole = confidence(comparison, 300, 7), uncertainty(comparison, 300, 7)
    np.testing.assert_allclose(quick.usd, whole.usd)
    for distribution in whole.strategies:
        assert quick.cheapest_share(distribution.outcome) == distribution.cheapest.share
        assert quick.usd_per_month(distribution.outcome) == distribution.usd_per_month


def test_a_result_at_another_volume_is_that_of_a_fresh_one() -> None:
    comparison = compare(load_scenario("brand_voice"), frozen_book())
    moved = comparison.at(35_000)
    reused = confidence(moved, 200, before=confidence(comparison, 200))
    np.testing.assert_allclose(reused.usd, confidence(moved, 200).usd)


def test_shares_among_some_options_ignore_the_others() -> None:
    comparison = compare(load_scenario("brand_voice"), frozen_book())
    simulation = confidence(comparison, 200)
    first, second, *_ = comparison.choices
    assert simulation.cheapest_share(first, [first]) == 1.0
    together = simulation.cheapest_share(first, [first, second]) + simulation.cheapest_share(
        second, [first, second]
    )
    assert together == pytest.approx(1.0)
    assert simulation.ahead_share(first, second) == pytest.approx(
        simulation.cheapest_share(first, [first, second])
    )

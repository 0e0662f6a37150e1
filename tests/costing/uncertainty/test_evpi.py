"""Expected value of perfect information (EVPI): by hand, and by its laws."""

from __future__ import annotations

import json

import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st

from costing.cli.uncertainty import document
from costing.comparison.compare import compare
from costing.reports.uncertainty import evpi_by_input
from costing.reports.uncertainty_sentences import evpi_sentence
from costing.scenario.library import load_scenario, shipped_ids
from costing.uncertainty.evpi import expected
from costing.uncertainty.monte_carlo import uncertainty

from ...support.factories import frozen_book


def worth(costs: list[list[float]], known: list[float]) -> float:
    usd = np.array(costs)
    return float(usd.mean(axis=1).min() - expected(usd, np.array(known)).min(axis=0).mean())


def test_by_hand() -> None:
    # One strategy costs 10, the other 5 or 20 alike likely: today 10 (against 12.5); knowing, (5 + 10) / 2.
    assert worth([[10, 10], [5, 20]], [0, 1]) == pytest.approx(2.5)
    # What does not move either is worth nothing: both values have both costs.
    assert worth([[10, 10, 10, 10], [5, 20, 5, 20]], [0, 0, 1, 1]) == pytest.approx(0)


def test_a_sure_line_is_followed_between_the_knots() -> None:
    # One strategy costs x, uniform from 0 to 20, the other 10: E[min(x, 10)] = 7.5, so 2.5.
    known = np.linspace(0, 20, 4001)
    usd = np.array([known, np.full_like(known, 10.0)])
    assert expected(usd, known) == pytest.approx(usd, abs=1e-6)
    assert 10 - expected(usd, known).min(axis=0).mean() == pytest.approx(2.5, abs=0.01)


def test_noise_is_not_taken_for_knowledge() -> None:
    draws = np.random.default_rng(7)
    usd = draws.normal(100, 10, (2, 20_000))
    known = draws.normal(0, 1, 20_000)
    everything = usd.mean(axis=1).min() - usd.min(axis=0).mean()
    evpi_usd = usd.mean(axis=1).min() - expected(usd, known).min(axis=0).mean()
    assert everything == pytest.approx(10 / np.sqrt(np.pi), rel=0.05)  # of the lower of two alike normals
    assert evpi_usd < 0.04 * everything


@given(st.lists(st.tuples(st.floats(0, 1e6), st.floats(0, 1e6), st.integers(0, 3)), min_size=4, max_size=60))
def test_expectations_keep_the_mean(draws: list[tuple[float, float, int]]) -> None:
    usd = np.array([[a for a, _, _ in draws], [b for _, b, _ in draws]])
    expectations = expected(usd, np.array([float(c) for _, _, c in draws]))
    assert expectations.mean(axis=1) == pytest.approx(usd.mean(axis=1), rel=1e-9, abs=1e-6)


@pytest.mark.parametrize("scenario_id", shipped_ids())
def test_no_input_is_worth_more_than_everything(scenario_id: str) -> None:
    result = uncertainty(compare(load_scenario(scenario_id), frozen_book()), draws=300)
    table = evpi_by_input(result)
    if result.evpi is None:
        assert table.empty
        assert evpi_sentence(result) is None
        assert document(result)["worth_of_knowing_usd_per_month"] is None
        return
    everything, *others = table["worth_usd_per_month"].tolist()
    assert all(0 <= usd <= everything for usd in others)
    assert others == sorted(others, reverse=True)
    evpi_usd = document(result)["worth_of_knowing_usd_per_month"]
    assert evpi_usd["everything"] == everything
    assert json.dumps(evpi_usd)


def test_few_draws_say_nothing() -> None:
    assert uncertainty(compare(load_scenario("brand_voice"), frozen_book()), draws=50).evpi is None

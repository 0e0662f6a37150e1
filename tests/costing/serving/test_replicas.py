"""Whole replicas for a load, and the volumes at which one more is needed."""

from __future__ import annotations

import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st

from costing.serving.replicas import replicas, requests_per_day_per_replica, steps


@pytest.mark.parametrize(
    ("peak", "needed"),
    [(0.0, 1), (0.5, 1), (4.9, 1), (5.0, 1), (5.1, 2), (10.0, 2), (10.1, 3), (500.0, 100)],
)
def test_replicas_are_whole_and_carry_the_peak_at_the_planned_load(peak: float, needed: int) -> None:
    # A replica that can do 10 a second is planned to do 10 x 0.5 = 5.
    assert replicas(peak, 10, 0.5, 0) == needed


def test_spares_come_on_top() -> None:
    assert replicas(5.1, 10, 0.5, 3) == 5  # 2 + 3


def test_a_load_that_is_whole_but_for_rounding_needs_no_extra_replica() -> None:
    # 0.1 + 0.2 is 0.30000000000000004 in binary; three replicas of 0.1 carry it.
    assert replicas(0.1 + 0.2, 0.1, 1.0, 0) == 3


def test_an_array_of_peaks_gives_an_array_of_replicas() -> None:
    assert np.array_equal(replicas(np.array([0.0, 5.0, 5.1]), 10, 0.5, 1), [2, 2, 3])


def test_one_figure_gives_one_figure() -> None:
    assert isinstance(replicas(5.0, 10, 0.5, 0), float)


def test_what_one_replica_carries_in_a_day() -> None:
    # 10 a second x 0.5 x 86,400 s / 2 at the peak = 216,000
    assert requests_per_day_per_replica(10, 0.5, 2) == 216_000


def test_a_fleet_grows_at_multiples_of_what_one_replica_carries() -> None:
    assert np.array_equal(steps(216_000, 3), [216_000, 432_000, 648_000])
    assert len(steps(216_000, 0)) == 0


@given(
    capacity=st.floats(0.01, 1000),
    utilisation=st.floats(0.05, 1),
    peak_to_average=st.floats(1, 100),
    number=st.integers(1, 1000),
)
def test_a_replica_more_is_needed_just_above_a_step_and_not_below(
    capacity: float, utilisation: float, peak_to_average: float, number: int
) -> None:
    step = steps(requests_per_day_per_replica(capacity, utilisation, peak_to_average), number)[-1]
    below, above = (
        replicas(step * factor / 86_400 * peak_to_average, capacity, utilisation, 0)
        for factor in (1 - 1e-6, 1 + 1e-6)
    )
    assert (below, above) == (number, number + 1)

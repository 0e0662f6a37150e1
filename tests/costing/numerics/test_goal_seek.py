"""The search for an input that gives a wanted result."""

from __future__ import annotations

import math

import pytest
from hypothesis import given
from hypothesis import strategies as st

from costing.numerics.goal_seek import find_all_roots


def test_a_rising_result_is_met_once() -> None:
    # 3 x + 1 = 10
    assert find_all_roots(lambda x: 3 * x + 1, 10, 0, 100).values == pytest.approx((3,))


def test_a_result_that_turns_is_met_on_both_sides() -> None:
    # (x - 5)^2 = 4
    assert find_all_roots(lambda x: (x - 5) ** 2, 4, 0, 10).values == pytest.approx((3, 7))


def test_a_turn_between_two_points_of_the_grid_is_not_stepped_over() -> None:
    # Both roots lie within 0.02 of each other, and the grid's step is 10 / 96.
    roots = find_all_roots(lambda x: (x - 5.03) ** 2 + 1, 1.0001, 0, 10)
    assert roots.values == pytest.approx((5.02, 5.04))


def test_no_value_is_found_where_there_is_none_and_the_reach_is_said() -> None:
    roots = find_all_roots(lambda x: x + 1, 50, 0, 10)
    assert (roots.values, roots.least, roots.most) == ((), 1, 11)


def test_a_jump_across_the_target_is_no_answer() -> None:
    roots = find_all_roots(lambda x: 1.0 if x < 5 else 3.0, 2, 0, 10)
    assert roots.values == ()
    assert roots.jump is not None
    assert roots.jump[0] == pytest.approx(5)


def test_never_counts_as_beyond_any_target() -> None:
    # 1 / (1 - x) below 1, never from there on: met at 0.5, and the infinite end is not.
    roots = find_all_roots(lambda x: 1 / (1 - x) if x < 1 else None, 2, 0, 3)
    assert roots.values == pytest.approx((0.5,))
    assert find_all_roots(lambda x: None, 2, 0, 3).least is None


def test_a_stretch_without_any_result_is_not_searched_for_turns() -> None:
    evaluated: list[float] = []

    def result(x: float) -> None:
        evaluated.append(x)

    find_all_roots(result, 2, 0, 3)
    assert len(evaluated) < 200


def test_whole_inputs_are_tried_one_by_one() -> None:
    assert find_all_roots(lambda n: 12 * n, 36, 1, 16, whole=True).values == (3,)
    between = find_all_roots(lambda n: 12 * n, 25, 1, 16, whole=True)
    assert (between.values, between.jump) == ((), (2, 3))


def test_a_result_that_does_not_move_is_met_nowhere_or_from_the_start() -> None:
    assert find_all_roots(lambda x: 7.0, 8, 0, 1).values == ()
    assert find_all_roots(lambda x: 7.0, 7, 0, 1).values == (0,)


@given(st.floats(0.01, 100), st.floats(-3, 3).filter(lambda p: abs(p) > 0.05), st.floats(0.02, 49))
def test_what_is_found_gives_the_target_back(scale: float, power: float, x: float) -> None:
    target = scale * x**power
    roots = find_all_roots(lambda v: scale * v**power, target, 0.01, 50)
    assert len(roots.values) == 1
    assert math.isclose(scale * roots.values[0] ** power, target, rel_tol=1e-6)

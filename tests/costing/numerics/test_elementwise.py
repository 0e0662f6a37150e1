"""Operations on a number or on each element of an array."""

from __future__ import annotations

import doctest
from types import ModuleType

import numpy as np
import pytest

from costing.numerics import elementwise, goal_seek
from costing.numerics.elementwise import choose, clip, each_distinct, like, to_whole
from costing.uncertainty.samples import Samples
from costing.workload import conversation, load_profile, workload


@pytest.mark.parametrize("module", [elementwise, goal_seek, conversation, load_profile, workload])
def test_the_examples_in_docstrings_are_right(module: ModuleType) -> None:
    results = doctest.testmod(module)
    assert results.attempted
    assert not results.failed


def test_numbers_give_plain_numbers() -> None:
    for value in (choose(True, 1.0, 2.0), clip(3.0, 0.0, 1.0), each_distinct(lambda x: 2 * x, 0.5)):
        assert type(value) is float
        assert value == 1.0
    assert type(to_whole(1.4)) is int
    assert type(like(np.array([1.5]), 1.0, 2)) is float


def test_sample_arrays_give_sample_arrays() -> None:
    row = Samples.of(np.array([0.4, 1.6]))
    for values, expected in (
        (choose(row > 1, row, 0.0), [0.0, 1.6]),
        (clip(row, 0.5, 1.0), [0.5, 1.0]),
        (to_whole(row), [0.0, 2.0]),
        (each_distinct(lambda x, y: x + y, row, 1.0), [1.4, 2.6]),
        (like(np.array([1.0, 2.0]), 3.0, row), [1.0, 2.0]),
    ):
        assert type(values) is Samples
        assert np.asarray(values) == pytest.approx(expected)


def test_a_function_is_called_once_for_each_distinct_combination() -> None:
    calls: list[tuple[float, float]] = []

    def product(x: float, y: float) -> float:
        calls.append((x, y))
        return x * y

    values = each_distinct(product, np.array([1.0, 2.0, 1.0, 2.0]), np.array([3.0, 3.0, 3.0, 4.0]))
    assert values.tolist() == [3.0, 6.0, 3.0, 8.0]
    assert sorted(calls) == [(1.0, 3.0), (2.0, 3.0), (2.0, 4.0)]

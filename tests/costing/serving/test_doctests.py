"""The examples in the docstrings of public formulas."""

from __future__ import annotations

import doctest
from types import ModuleType

import pytest

from costing.fleet import training
from costing.serving import depreciation, ownership, queueing, replicas


@pytest.mark.parametrize(
    "module",
    [depreciation, ownership, queueing, replicas, training],
    ids=lambda module: str(module.__name__),
)
def test_examples_in_docstrings_hold(module: ModuleType) -> None:
    results = doctest.testmod(module)
    assert results.attempted > 0
    assert results.failed == 0

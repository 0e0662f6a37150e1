"""Operations on a number, or on each element of an array: a number gives a number, an array an array.

NumPy's own functions would turn a plain number into a NumPy one. An array keeps its class, so that a formula
takes Monte Carlo samples too (`costing.uncertainty.samples`).
"""

from __future__ import annotations

from collections.abc import Callable
from typing import Any

import numpy as np


def choose(condition: Any, yes: Any, no: Any) -> Any:
    """`yes if condition else no`.

    >>> choose(2 > 1, 10, 20)
    10
    >>> choose(np.array([2, 0]) > 1, 10, np.array([20, 30])).tolist()
    [10, 30]
    """
    if np.ndim(condition) == 0:
        return yes if condition else no
    return like(np.where(condition, yes, no), condition, yes, no)


def clip(value: Any, low: float, high: float) -> Any:
    """The value within `low` to `high`.

    >>> clip(1.5, 0.0, 1.0), clip(np.array([-1.0, 0.5]), 0.0, 1.0).tolist()
    (1.0, [0.0, 0.5])
    """
    return np.clip(value, low, high) if np.ndim(value) else min(high, max(low, value))


def to_whole(value: Any) -> Any:
    """The nearest whole number, halves to the even one.

    >>> to_whole(2.5), to_whole(np.array([2.5, 3.5])).tolist()
    (2, [2.0, 4.0])
    """
    return np.rint(value) if np.ndim(value) else round(value)


def each_distinct(function: Callable[..., float], *values: Any) -> Any:
    """A function of numbers, called once for each distinct combination of the values.

    For functions that cannot be written for arrays: a search, a table, a prediction.

    >>> each_distinct(lambda x, y: x + y, np.array([1.0, 2.0, 1.0]), 10.0).tolist()
    [11.0, 12.0, 11.0]
    """
    if not any(np.ndim(value) for value in values):
        return function(*values)
    table = np.array(np.broadcast_arrays(*(np.asarray(value) for value in values)))
    distinct, index = np.unique(table, axis=1, return_inverse=True)
    results = np.array([function(*column) for column in distinct.T.tolist()])
    return like(results[index.reshape(-1)], *values)


def like(result: Any, *values: Any) -> Any:
    """The result in the class of the first of the values that is an array; a number where none is one.

    `result` has one element where none is an array.
    """
    kind = next((type(value) for value in values if np.ndim(value)), None)
    return np.asarray(result).view(kind) if kind is not None else float(np.asarray(result).item())

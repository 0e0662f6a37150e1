"""Sample array: one value per Monte Carlo draw, passed to the formulas that also take a plain number.

Contract between a formula and `Samples`
- Shape (draws,), or (volumes, draws) where a volume axis was combined with it. The draws are always the last
  axis. The unit is that of the plain number that it replaces.
- Allowed: arithmetic, comparisons, NumPy functions that work element by element (`np.where`, `np.minimum`,
  `np.exp`, ...), `math.floor`, `math.ceil`, and `if` on a condition that has the same answer in all draws. So
  `min(a, b)`, `max(a, b)` and chained comparisons work too.
- An `if` on a condition that is true in some draws and false in others raises `BranchDivergence`. The sampler
  splits the draws by that condition and evaluates each part by itself.
- A sum, product, mean, minimum, maximum, variance or standard deviation over the draws raises TypeError, for
  it would mix the draws. Over the volumes (axis 0) it is allowed, and so are `np.any` and `np.all`.
- A conversion to one number raises `ScalarOnly`, even where all draws have the same value: `int`, `float`,
  `round`, `complex`, use as an index or in `range`, `item`, and functions of `math` that return a float. The
  sampler then evaluates these draws one by one, with plain numbers, and counts them in the result: that is
  correct and some hundred times slower. Write `np.rint`, `np.trunc`, `np.log` instead. What cannot be
  written for arrays goes through `numerics.elementwise.each_distinct`.
- Any other error is the formula's own, and is raised.
"""

from __future__ import annotations

from collections.abc import Callable
from types import FrameType
from typing import Any, Final, NoReturn

import numpy as np
import numpy.typing as npt

Array = npt.NDArray[np.float64]

DrawIndices = npt.NDArray[np.intp]
"""Indices of draws."""
Selection = DrawIndices | slice
"""Some draws; a slice where they follow one another."""


class BranchDivergence(Exception):
    """Raised when a condition is true for some samples and false for others."""

    def __init__(self, is_true: npt.NDArray[np.bool_]) -> None:
        super().__init__("the condition is true in some draws and false in others")
        self.is_true = is_true
        """(draws,): where the condition holds."""


class ScalarOnly(Exception):
    """Raised when a formula asks a sample array for one number: it takes only one draw at a time.

    Neither a TypeError nor a ValueError, so that a fault in a formula is not taken for it.
    """


_PLAIN_RESULT: Final = (np.where, np.interp)
"""NumPy functions that work element by element and forget the class of their arguments."""


def _reduction(name: str) -> Callable[..., Any]:
    """The method of an array, refused over the draws."""

    def reduced(self: Samples, axis: Any = None, *arguments: Any, **options: Any) -> Any:
        if axis is None or axis in (-1, self.ndim - 1):
            raise TypeError(f"{name}() over the draws of a sample array mixes them (work on each sample)")
        return getattr(np.ndarray, name)(self, axis, *arguments, **options)

    return reduced


class Samples(npt.NDArray[np.float64]):
    """Values of one input or figure, one per draw: see the contract above."""

    @classmethod
    def of(cls, values: Array) -> Any:
        """The values, (draws,), as a sample array; typed as the number for which it stands."""
        return np.ascontiguousarray(values, dtype=np.float64).view(cls)

    sum = _reduction("sum")
    prod = _reduction("prod")
    mean = _reduction("mean")
    min = _reduction("min")
    max = _reduction("max")
    std = _reduction("std")
    var = _reduction("var")

    def __array_function__(self, func: Any, types: Any, args: Any, kwargs: Any) -> Any:
        result = super().__array_function__(func, types, args, kwargs)
        return result.view(Samples) if func in _PLAIN_RESULT else result

    def __bool__(self) -> bool:
        values = np.asarray(self).astype(bool)
        if values.all():
            return True
        if not values.any():
            return False
        by_draw = values.reshape(-1, values.shape[-1])
        if (by_draw.any(axis=0) != by_draw.all(axis=0)).any():
            raise TypeError(
                "a condition differs between the volumes of one draw (write np.where in place of if)"
            )
        raise BranchDivergence(by_draw[0])

    def __format__(self, spec: str) -> str:
        """Placeholder text: formula strings are not shown for sample arrays."""
        return "drawn"

    __hash__ = object.__hash__  # type: ignore[assignment]

    def __floor__(self) -> Any:
        return np.floor(self)

    def __ceil__(self) -> Any:
        return np.ceil(self)

    def __int__(self) -> NoReturn:
        raise _refusal("int()")

    def __float__(self) -> NoReturn:
        raise _refusal("float()")

    def __complex__(self) -> NoReturn:
        raise _refusal("complex()")

    def __index__(self) -> NoReturn:
        raise _refusal("use as an index")

    def __round__(self, digits: int | None = None) -> NoReturn:
        raise _refusal("round()")

    def __trunc__(self) -> NoReturn:
        raise _refusal("math.trunc()")

    def item(self, *place: Any) -> NoReturn:
        raise _refusal("item()")


def _refusal(conversion: str) -> ScalarOnly:
    return ScalarOnly(f"{conversion} of a sample array (use a NumPy function that works on each sample)")


def code_place(error: BaseException) -> str:
    """The line of the formula that raised an error: "costing/serving/queueing.py:37".

    The innermost line outside this module and NumPy, by the name of its module and not by its file, so that
    it reads the same wherever the project is installed.
    """
    place = ""
    traceback = error.__traceback__
    while traceback is not None:
        module = _module_of(traceback.tb_frame)
        if module != __name__ and module.split(".")[0] != "numpy":
            place = f"{module.replace('.', '/')}.py:{traceback.tb_lineno}"
        traceback = traceback.tb_next
    return place


def _module_of(frame: FrameType) -> str:
    return str(frame.f_globals.get("__name__", ""))

"""One input in many draws, passed to formulas that were written for a number."""

from __future__ import annotations

from typing import Any

import numpy as np
import numpy.typing as npt

Array = npt.NDArray[np.float64]
Rows = npt.NDArray[np.intp]
"""Numbers of draws."""
Place = Rows | slice


class BranchDivergence(Exception):
    """A formula takes another way in some draws than in others: each part is to be asked by itself."""

    def __init__(self, yes: npt.NDArray[np.bool_]) -> None:
        super().__init__("the draws go different ways")
        self.yes = yes
        """By draw: for which the condition holds."""


class Samples(npt.NDArray[np.float64]):
    """A row of figures, one a draw. Conditions hold for all of it, or raise Split.

    So the same formula takes a number or 100,000 draws of it: where it asks `if x > limit`, the draws are
    parted and both parts asked again. What cannot be asked so raises TypeError or ValueError.
    Beside it volumes are (volumes, draws).
    """

    @classmethod
    def of(cls, values: Array) -> Any:
        """As a number may stand in a formula; typed as one would be."""
        return np.ascontiguousarray(values, dtype=np.float64).view(cls)

    def __bool__(self) -> bool:
        plain = np.asarray(self)
        yes = plain.astype(bool)
        if yes.all():
            return True
        if not yes.any():
            return False
        by_draw = yes.reshape(-1, yes.shape[-1])
        if (by_draw.any(axis=0) != by_draw.all(axis=0)).any():
            raise TypeError("a condition that differs within a draw")
        raise BranchDivergence(by_draw[0])

    def __format__(self, spec: str) -> str:
        """In a formula's words, which nobody reads of draws."""
        return "drawn"

    __hash__ = object.__hash__  # type: ignore[assignment]

    def __floor__(self) -> Any:
        return np.floor(self)

    def __ceil__(self) -> Any:
        return np.ceil(self)

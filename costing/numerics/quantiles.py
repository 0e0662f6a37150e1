"""Quantiles of many figures at once, faster than by sorting them."""

from __future__ import annotations

import math
from collections.abc import Sequence
from typing import Final

import numpy as np
import numpy.typing as npt

Array = npt.NDArray[np.float64]

SAMPLE: Final = 2048
_FEW: Final = 8 * SAMPLE
_SIGMAS: Final = 4.0
"""A rank of the sample lies within so many of its standard deviations of where it should."""


def quantiles(rows: Array, shares: Sequence[float]) -> Array:
    """(rows, shares), exactly as `np.quantile` has them; each row holds independent draws, none missing."""
    if rows.shape[1] < _FEW:
        found: Array = np.quantile(rows, shares, axis=1).T
        return found
    return np.array([_of_row(np.ascontiguousarray(row), shares) for row in rows])


def _of_row(row: Array, shares: Sequence[float]) -> list[float]:
    """A sample says between which two figures a quantile lies; only those between are sorted out."""
    sample = np.sort(row[:: len(row) // SAMPLE])
    return [_of_share(row, sample, share) for share in shares]


def _of_share(row: Array, sample: Array, share: float) -> float:
    rank = share * (len(row) - 1)
    low = math.floor(rank)
    middle = share * (len(sample) - 1)
    wide = _SIGMAS * math.sqrt(share * (1 - share) * len(sample)) + 2
    start, end = math.floor(middle - wide), math.ceil(middle + wide)
    if start >= 0 and end < len(sample):
        beyond = row >= sample[start]
        below = len(row) - int(np.count_nonzero(beyond))
        near = row[beyond & (row <= sample[end])]
        place = low - below
        if place >= 0 and place + 1 < len(near):
            near.partition((place, place + 1))
            return float(near[place] + (rank - low) * (near[place + 1] - near[place]))
    return float(np.quantile(row, share))

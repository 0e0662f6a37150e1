"""Lengths of the examples of a fine-tuning file: percentiles and histogram."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass
from typing import Any, Final

import numpy as np
import pandas as pd

from frames.frame import frame
from frames.registry import columns

from .tokens import Floats, TrainingData

MAX_BARS: Final = 24


LENGTH_COLUMNS: Final = columns("from_tokens to_tokens examples examples_share")
"""Number of examples by their length, in tokens of the reference encoding with the chat format.

`to_tokens` is not included; missing for the last row, of all that are longer."""


@dataclass(frozen=True, slots=True)
class Lengths:
    """The distribution of the examples' lengths, in tokens."""

    p50: float
    p95: float
    longest: float
    mean: float


def lengths(data: TrainingData) -> Lengths:
    """Lengths of all usable examples; at least one is required."""
    tokens = data.lengths
    p50, p95 = (float(np.quantile(tokens, share)) for share in (0.5, 0.95))
    return Lengths(p50, p95, float(tokens.max()), float(tokens.mean()))


def length_counts(data: TrainingData) -> pd.DataFrame:
    """LENGTH_COLUMNS: bars of a round width up to the 99th percentile, and one for what is longer."""
    return frame(LENGTH_COLUMNS, _bars(data.lengths))


def _bars(tokens: Floats) -> Iterator[dict[str, Any]]:
    first, far = float(tokens.min()), float(np.quantile(tokens, 0.99))
    step = _round_step((far - first) / (MAX_BARS - 1))
    start = int(first // step * step)
    bars = int((far - start) // step) + 1
    edges = [start + step * place for place in range(bars + 1)]
    counts, _ = np.histogram(tokens[tokens < edges[-1]], bins=edges)
    for low, high, number in zip(edges, edges[1:], counts.tolist(), strict=False):
        yield _bar(low, high, number, number / len(tokens))
    longer = int(np.count_nonzero(tokens >= edges[-1]))
    if longer:
        yield _bar(edges[-1], None, longer, longer / len(tokens))


def _bar(low: int, high: int | None, examples: int, share: float) -> dict[str, Any]:
    return {"from_tokens": low, "to_tokens": high, "examples": examples, "examples_share": share}


def _round_step(wanted: float) -> int:
    """The next of 1, 2, 5, 10, 20, 50 ..."""
    power = 1
    while True:
        for step in (1, 2, 5):
            if step * power >= wanted:
                return step * power
        power *= 10

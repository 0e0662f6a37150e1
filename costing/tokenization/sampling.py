"""The total of a slow counter from a sample: its ratio to a fast one, with a 95 % interval."""

from __future__ import annotations

import hashlib
from collections.abc import Sequence
from dataclasses import dataclass
from typing import Final

import numpy as np

from i18n.errors import CrossoverError
from i18n.message import message

MIN_SAMPLE = 30
"""Smallest sample for which the interval is reliable."""

_Z_95: Final = 1.96


def sample_key(seed: int, place: str, number: int) -> int:
    """Hash of seed, place and record number; the records with the smallest hashes are the sample."""
    return int.from_bytes(hashlib.blake2b(f"{seed}/{place}/{number}".encode(), digest_size=8).digest())


@dataclass(frozen=True, slots=True)
class SampledTotal:
    """A total with its 95 % interval, from `sample` of `records` records."""

    tokens: float
    low: float
    high: float
    sample: int
    records: int


def sampled_total(
    reference: Sequence[int], slow: Sequence[float], total_reference: int, records: int
) -> SampledTotal:
    """The ratio estimate of the slow counter's total.

    total = R x total in the reference, R = sum of slow / sum of reference over the sample, and its
    standard error from the residuals slow - R x reference, with the finite population's correction
    (W. G. Cochran, Sampling Techniques, 6.3 and 6.4). Raises CrossoverError for too small a sample.
    """
    n = len(reference)
    x, y = np.asarray(reference, dtype=float), np.asarray(slow, dtype=float)
    if n == records:
        total = float(y.sum())
        return SampledTotal(total, total, total, n, records)
    if n < MIN_SAMPLE:
        raise CrossoverError(
            message("a sample of {n} records (take at least {least}, or all)", n=n, least=MIN_SAMPLE)
        )
    if x.sum() == 0:
        raise CrossoverError(message("a sample without a token (take a larger one)"))
    ratio = float(y.sum() / x.sum())
    spread = float(np.sqrt(((y - ratio * x) ** 2).sum() / (n - 1)))
    error = records * spread * float(np.sqrt((1 - n / records) / n))
    total = ratio * total_reference
    return SampledTotal(total, max(0.0, total - _Z_95 * error), total + _Z_95 * error, n, records)

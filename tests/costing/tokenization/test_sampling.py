"""The total of a slow counter is estimated from a sample; the interval has its stated coverage."""

from __future__ import annotations

import numpy as np
import pytest

from costing.tokenization.sampling import sample_key, sampled_total
from i18n.errors import CrossoverError


def test_a_sample_of_all_records_is_their_total_without_doubt() -> None:
    estimate = sampled_total([1, 2, 3], [2.0, 4.0, 5.0], 6, 3)
    assert (estimate.tokens, estimate.low, estimate.high) == (11, 11, 11)


def test_counts_in_one_proportion_leave_no_doubt() -> None:
    # Every record is twice its reference, so 1,000 in the reference are 2,000.
    estimate = sampled_total([10] * 40, [20.0] * 40, 1_000, 100)
    assert (estimate.tokens, estimate.low, estimate.high) == (2_000, 2_000, 2_000)


def test_the_interval_by_hand() -> None:
    # 50 records of 10 tokens, half counted 9 and half 11: ratio 1, residuals -1 and 1.
    # s = sqrt(50 / 49); error = 200 x s x sqrt((1 - 50/200) / 50) = 24.744; x 1.96 = 48.498
    estimate = sampled_total([10] * 50, [9.0, 11.0] * 25, 2_000, 200)
    assert estimate.tokens == 2_000
    assert estimate.high - 2_000 == pytest.approx(48.498, abs=0.001)
    assert 2_000 - estimate.low == pytest.approx(48.498, abs=0.001)


def test_the_interval_holds_about_as_often_as_it_says() -> None:
    rng = np.random.default_rng(7)
    reference = rng.integers(5, 400, 5_000)
    slow = reference * rng.normal(1.3, 0.15, 5_000)
    held = 0
    for _ in range(400):
        chosen = rng.choice(5_000, 200, replace=False)
        estimate = sampled_total(list(reference[chosen]), list(slow[chosen]), int(reference.sum()), 5_000)
        held += estimate.low <= slow.sum() <= estimate.high
    assert 0.92 <= held / 400 <= 0.98


def test_too_small_a_sample_is_refused() -> None:
    with pytest.raises(CrossoverError, match=r"^a sample of 29 records \(take at least 30, or all\)$"):
        sampled_total([1] * 29, [1.0] * 29, 100, 100)
    with pytest.raises(CrossoverError, match="without a token"):
        sampled_total([0] * 30, [0.0] * 30, 100, 100)


def test_a_lot_is_the_same_in_every_run_and_another_for_another_seed() -> None:
    assert sample_key(0, "a.jsonl@0", 5) == sample_key(0, "a.jsonl@0", 5)
    assert len({sample_key(seed, place, n) for seed in (0, 1) for place in "ab" for n in range(50)}) == 200

"""Measures calculated by hand; confidence intervals against known values, and their coverage."""

from __future__ import annotations

from dataclasses import replace

import numpy as np
import pytest

from bench.intervals import (
    bootstrap,
    difference,
    independent_witnesses,
    of_repeats,
    order_statistics,
    quantile,
    wilson,
)
from bench.load_patterns import Load, LoadLevel
from bench.measures import Slo, gaps, summarise, tpot_s, ttft_s
from bench.request_record import RequestRecord
from bench.self_check import limited
from tests.support.bench_results import answered, closed_level, error_of, poisson_level


def test_tpot_leaves_the_first_token_out() -> None:
    # 11 tokens, the first at 0.5 s, the last 1.0 s later: 10 gaps of 0.1 s.
    record = answered(0.0)
    assert ttft_s(record, open_loop=False) == pytest.approx(0.5)
    assert tpot_s(record) == pytest.approx(0.1)


def test_an_answer_of_one_chunk_has_no_tpot() -> None:
    assert tpot_s(answered(0.0, tokens=1)) is None
    assert tpot_s(replace(answered(0.0, tokens=1), chunk_tokens=(8,), usage_output_tokens=8)) is None


def test_a_chunk_of_k_tokens_is_k_gaps_of_a_kth() -> None:
    record = answered(0.0, tokens=3)
    record = replace(record, chunk_s=(1.0, 1.4, 1.5), chunk_tokens=(4, 4, 1), usage_output_tokens=9)
    values, each = gaps(record)
    assert values.tolist() == pytest.approx([0.1, 0.1])
    assert each.tolist() == [4, 1]
    # (1.5 - 1.0) / (9 - 1)
    assert tpot_s(record) == pytest.approx(0.0625)


def test_tpot_takes_the_servers_count_even_where_more_chunks_came() -> None:
    # 11 chunks over 1.0 s that the server calls 6 tokens.
    assert tpot_s(replace(answered(0.0), usage_output_tokens=6)) == pytest.approx(0.2)


def test_gaps_are_pooled_so_that_one_stall_shows() -> None:
    # 20 requests of 10 gaps; one request has a gap of 2 s. A mean per request would say 0.29 s for it.
    level = closed_level(20)
    stamps = level.records[0].chunk_s
    level.records[0] = replace(level.records[0], chunk_s=(*stamps[:5], *(s + 1.9 for s in stamps[5:])))
    summary = summarise([level], Slo())
    assert summary.itl_s is not None
    assert summary.itl_s.p50 == pytest.approx(0.1)
    # 199 gaps of 0.1 and one of 2.0: the 99.5th percentile is still 0.1
    assert summary.itl_s.mean == pytest.approx((199 * 0.1 + 2.0) / 200)
    assert summary.itl_s.p99 == pytest.approx(0.1)


def test_a_summary_of_a_metronome() -> None:
    summary = summarise([closed_level(20)], Slo(ttft_s=0.6, tpot_s=0.2))
    assert summary.requests == 20
    assert summary.errors == 0
    assert summary.e2e_s is not None
    assert summary.e2e_s.p99 == pytest.approx(1.5)
    # 11 tokens in 1.5 s, and 20 in each prompt
    assert summary.output_tokens_per_s == pytest.approx(11 / 1.5)
    assert summary.input_tokens_per_s == pytest.approx(20 / 1.5)
    assert summary.requests_per_s == pytest.approx(1 / 1.5)
    assert summary.goodput_per_s == pytest.approx(1 / 1.5)
    assert summary.attainment_share == 1
    assert summary.tokens_from_usage


def test_goodput_counts_only_what_kept_both_limits() -> None:
    level = closed_level(20)
    level.records[3] = replace(level.records[3], fault="timeout")
    summary = summarise([level], Slo(ttft_s=0.6))
    assert summary.attainment_share == pytest.approx(19 / 20)
    assert summarise([closed_level(20)], Slo(ttft_s=0.4)).attainment_share == 0
    assert summarise([closed_level(20)], Slo(tpot_s=0.09)).attainment_share == 0
    assert summarise([closed_level(20)], Slo()).attainment_share is None


def test_errors_are_counted_by_kind_and_measure_nothing() -> None:
    level = closed_level(6)
    level.records[1] = RequestRecord(1.5, 1.5, 1.6, fault="http status", status=429)
    level.records[2] = RequestRecord(3.0, 3.0, 3.1, fault="http status", status=429)
    level.records[3] = RequestRecord(4.5, 4.5, 5.0, fault="disconnect")
    summary = summarise([level], Slo())
    assert summary.errors_by_kind == {"disconnect": 1, "http 429": 2}
    assert (summary.requests, summary.errors) == (6, 3)
    assert summary.ttft_s is not None
    assert summary.ttft_s.p99 == pytest.approx(0.5)


def test_a_level_where_all_fails_has_no_figures_rather_than_zeros() -> None:
    level = LoadLevel(Load(concurrency=1, requests=2), [RequestRecord(0, 0, 1, fault="connect")] * 2)
    summary = summarise([level], Slo(1.0))
    assert summary.ttft_s is None
    assert summary.output_tokens_per_s is None
    assert summary.attainment_share == 0


def test_an_open_loop_counts_from_when_a_request_was_due() -> None:
    late = [replace(r, due_s=r.due_s - 0.25) for r in poisson_level(5.0).records]
    summary = summarise([LoadLevel(Load(rate_per_s=5.0, requests=40), late, full_until_s=7.8)], Slo())
    assert summary.ttft_s is not None
    assert summary.ttft_s.p50 == pytest.approx(0.75)


def test_repeats_give_throughput_its_interval() -> None:
    assert summarise([closed_level(20)], Slo()).output_tokens_per_s_interval is None
    summary = summarise([closed_level(20), closed_level(20, itl=0.11), closed_level(20, itl=0.09)], Slo())
    assert summary.repeats == 3
    assert summary.output_tokens_per_s_interval is not None
    low, high = summary.output_tokens_per_s_interval
    assert low < 11 / 1.5 < high


def test_quantiles_are_values_that_occurred() -> None:
    values = np.array([3.0, 1.0, 2.0, 4.0])
    assert quantile(values, 0.5) == 2.0
    assert quantile(values, 0.51) == 3.0
    assert quantile(values, 0.99) == 4.0
    assert quantile(np.array([1.0, 2.0]), 0.5, np.array([1.0, 9.0])) == 2.0


def test_wilson_against_its_published_example() -> None:
    # 81 of 263: 0.255 to 0.366 (Newcombe 1998, table I, method 3); and 0 of 20: 0 to 0.161.
    assert wilson(81, 263) == pytest.approx((0.2553, 0.3662), abs=5e-4)
    assert wilson(0, 20) == pytest.approx((0.0, 0.1611), abs=5e-4)
    assert wilson(0, 0) is None


def test_order_statistics_have_the_ranks_of_the_binomial() -> None:
    # Median of 1..20: ranks 6 and 15 are the textbook's 95 % interval (coverage 95.9 %).
    low, high = order_statistics(np.arange(1.0, 21.0), 0.5) or (0, 0)
    assert (low, high) == (6, 15)


@pytest.mark.parametrize(("share", "least"), [(0.95, 72), (0.99, 368)])
def test_a_high_quantile_needs_enough_values_or_none_is_claimed(share: float, least: int) -> None:
    # The highest of n values lies above the quantile with probability 1 - share^n, which must reach 97.5 %.
    assert order_statistics(np.arange(float(least)), share) is not None
    assert order_statistics(np.arange(float(least - 1)), share) is None


def test_intervals_cover_what_they_claim() -> None:
    rng = np.random.default_rng(7)
    # Lognormal: mean exp(1/2), median 1, 95th percentile exp(1.6449).
    truths = {None: np.exp(0.5), 0.5: 1.0, 0.95: np.exp(1.6449)}
    covered = dict.fromkeys(truths, 0)
    for _ in range(150):
        values = rng.lognormal(size=150)
        groups = list(values.reshape(-1, 1))
        for share, truth in truths.items():
            interval = order_statistics(values, 0.95) if share == 0.95 else bootstrap(groups, share)
            assert interval is not None
            covered[share] += interval[0] <= truth <= interval[1]
    # 95 % of 150 is 142.5 with a standard deviation of 2.7; the mean of a skewed law may fall somewhat short.
    assert covered[0.95] >= 136
    assert covered[0.5] >= 134
    assert covered[None] >= 128


def test_gaps_of_one_request_are_not_many_witnesses() -> None:
    rng = np.random.default_rng(3)
    alike = [np.full(50, level) for level in rng.random(40)]
    apart = list(rng.random((40, 50)))
    ones = [np.ones(50)] * 40
    assert independent_witnesses(alike, ones, 0.5) < 80
    assert independent_witnesses(apart, ones, 0.5) > 1000


def test_repeats_by_students_t() -> None:
    # 9, 10, 11: mean 10, s = 1, t(2) = 4.303: half width 4.303 / sqrt(3) = 2.484
    assert of_repeats([9.0, 10.0, 11.0]) == pytest.approx((7.516, 12.484), abs=1e-3)
    assert of_repeats([9.0]) is None


def test_a_difference_has_an_interval_that_excludes_zero_only_where_there_is_one() -> None:
    rng = np.random.default_rng(5)
    same, shifted = rng.normal(10, 1, 200), rng.normal(11, 1, 200)
    shift, interval = difference(same, shifted, 0.5)
    assert shift == pytest.approx(1.0, abs=0.3)
    assert interval is not None
    assert interval[0] > 0
    _, none = difference(rng.normal(10, 1, 200), rng.normal(10, 1, 200), None)
    assert none is not None
    assert none[0] < 0 < none[1]


def test_a_client_whose_error_is_not_small_limits_the_result() -> None:
    summary = summarise([closed_level(20)], Slo())  # TTFT 500 ms, gaps 100 ms
    assert not limited(summary, error_of(ttft_p50=0.001, gap_p50=0.0005))
    assert limited(summary, error_of(ttft_p50=0.030))
    assert limited(summary, error_of(gap_p50=0.006))
    assert limited(summary, error_of(gap_p99=0.030))

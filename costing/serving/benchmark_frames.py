"""Frames of benchmark results: levels, changes between two runs, and distributions of latencies."""

from __future__ import annotations

from typing import Any, Final

import pandas as pd

from frames.frame import frame, records
from frames.registry import columns

from .benchmark_result import (
    BenchResult,
    Measure,
    MeasuredPercentiles,
    ResultSlo,
    attainment,
    share_within,
)

LEVELS: Final = columns(
    "started_at machine model concurrency rate_per_s arrivals requests errors ttft_p50_s ttft_p95_s "
    "tpot_p50_s tpot_p95_s e2e_p50_s e2e_p95_s output_tokens_per_s requests_per_s slo_attainment_share "
    "partial client_limited"
)
"""Columns of the levels of a run, one a row; times in seconds."""
CHANGES: Final = columns("concurrency rate_per_s arrivals figure before after change_share")
"""Columns of two runs' figures at the loads that both have; no change where their machines differ."""
DISTRIBUTION: Final = columns("concurrency rate_per_s arrivals latency_ms share_of_answers")
"""Columns of the cumulative distribution of a latency: share of the answers no slower."""
REQUESTS_FOR_P95: Final = 72
"""Answers that a 95th percentile needs: the smallest n with 0.95**n <= 0.025.

With fewer, the largest value is no upper bound of the 95 % interval, and p95 is little more than that value.
"""


def distribution(result: BenchResult, measure: Measure) -> pd.DataFrame:
    """Cumulative distribution of a latency at every level that has an answer, in milliseconds."""
    return frame(
        DISTRIBUTION,
        (
            {
                "concurrency": level.concurrency,
                "rate_per_s": level.rate_per_s,
                "arrivals": level.arrivals,
                "latency_ms": seconds * 1000,
                "share_of_answers": share,
            }
            for level in result.levels
            for seconds, share in share_within(level, measure)
        ),
    )


def levels(result: BenchResult, slo: ResultSlo) -> pd.DataFrame:
    """One row per level, in the result's order."""

    def of(spread: MeasuredPercentiles | None, figure: str) -> float | None:
        value: float | None = None if spread is None else getattr(spread, figure)
        return value

    return frame(
        LEVELS,
        (
            {
                "started_at": result.started_at.isoformat(timespec="seconds"),
                "machine": result.machine,
                "model": result.model,
                "concurrency": level.concurrency,
                "rate_per_s": level.rate_per_s,
                "arrivals": level.arrivals,
                "requests": level.requests,
                "errors": level.errors,
                "ttft_p50_s": of(level.ttft_s, "p50"),
                "ttft_p95_s": of(level.ttft_s, "p95"),
                "tpot_p50_s": of(level.tpot_s, "p50"),
                "tpot_p95_s": of(level.tpot_s, "p95"),
                "e2e_p50_s": of(level.e2e_s, "p50"),
                "e2e_p95_s": of(level.e2e_s, "p95"),
                "output_tokens_per_s": level.output_tokens_per_s,
                "requests_per_s": level.requests_per_s,
                "slo_attainment_share": attainment(level, slo),
                "partial": level.partial,
                "client_limited": level.client_limited,
            }
            for level in result.levels
        ),
    )


def same_machine(first: BenchResult, second: BenchResult) -> bool:
    return first.machine_key == second.machine_key


FIGURES: Final = ("ttft_p50_s", "ttft_p95_s", "tpot_p50_s", "tpot_p95_s", "output_tokens_per_s")


def changes(before: BenchResult, after: BenchResult) -> pd.DataFrame:
    """Every figure at the loads that both have; the change only where both ran on one machine."""
    joined = same_machine(before, after)
    none = ResultSlo(None, None, 1.0)
    later = dict(zip((level.load for level in after.levels), records(levels(after, none)), strict=True))
    rows: list[dict[str, Any]] = []
    for level, row in zip(before.levels, records(levels(before, none)), strict=True):
        other = later.get(level.load)
        if other is None:
            continue
        for figure in FIGURES:
            a, b = row[figure], other[figure]
            rows.append(
                {
                    "concurrency": level.concurrency,
                    "rate_per_s": level.rate_per_s,
                    "arrivals": level.arrivals,
                    "figure": figure,
                    "before": a,
                    "after": b,
                    "change_share": (b - a) / a if joined and a and b is not None else None,
                }
            )
    return frame(CHANGES, rows)

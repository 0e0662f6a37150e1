"""Comparison of two runs on one machine: difference by level, its interval, and whether it is worse."""

from __future__ import annotations

from collections.abc import Callable, Iterator
from dataclasses import dataclass

import numpy as np

from .intervals import Interval, difference
from .measures import LevelSummary, e2e_s, tpot_s, ttft_s
from .printout import load_name
from .request_record import RequestRecord
from .result import Result


@dataclass(frozen=True, slots=True)
class Change:
    """One figure of one level, before and after."""

    load: str
    figure: str
    unit: str
    before: float
    after: float
    interval: Interval | None
    """95 % interval of after - before; None: too few requests or repeats."""
    higher_is_better: bool = False

    @property
    def share(self) -> float:
        """Deterioration as a share of `before`; negative: an improvement."""
        change = (self.after - self.before) / self.before if self.before else 0.0
        return -change if self.higher_is_better else change

    def past(self, threshold_share: float) -> bool:
        """Worse by more than the threshold, and significantly so where the interval is known."""
        if self.share <= threshold_share:
            return False
        if self.interval is None:
            return True
        low, high = self.interval
        return high < 0 if self.higher_is_better else low > 0


def changes(before: Result, after: Result) -> Iterator[Change]:
    """Changes of every load that both results have."""
    known = {_key(summary): i for i, summary in enumerate(before.summary)}
    for j, late in enumerate(after.summary):
        i = known.get(_key(late))
        if i is not None:
            early = before.summary[i]
            yield from _level(load_name(late), early, late, before.records(i), after.records(j))


def _key(summary: LevelSummary) -> tuple[object, ...]:
    return summary.concurrency, summary.rate_per_s, summary.arrivals


def _level(
    load: str,
    early: LevelSummary,
    late: LevelSummary,
    before: list[RequestRecord],
    after: list[RequestRecord],
) -> Iterator[Change]:
    open_loop = late.rate_per_s is not None
    measures: list[tuple[str, Callable[[RequestRecord], float | None]]] = [
        ("TTFT", lambda record: ttft_s(record, open_loop)),
        ("TPOT", tpot_s),
        ("e2e", lambda record: e2e_s(record, open_loop)),
    ]
    for name, measure in measures:
        a = np.array([v for r in before if r.ok and (v := measure(r)) is not None])
        b = np.array([v for r in after if r.ok and (v := measure(r)) is not None])
        if not len(a) or not len(b):
            continue
        for figure, share in (("mean", None), ("p50", 0.5)):
            change_s, interval = difference(a, b, share)
            start = float(a.mean()) if share is None else float(np.quantile(a, share, method="inverted_cdf"))
            yield Change(load, f"{name} {figure}", "s", start, start + change_s, interval)
    for name, x, y, ix, iy in (
        (
            "output",
            early.output_tokens_per_s,
            late.output_tokens_per_s,
            early.output_tokens_per_s_interval,
            late.output_tokens_per_s_interval,
        ),
        (
            "requests",
            early.requests_per_s,
            late.requests_per_s,
            early.requests_per_s_interval,
            late.requests_per_s_interval,
        ),
    ):
        if x is not None and y is not None:
            unit = "tok/s" if name == "output" else "/s"
            yield Change(load, f"{name} per s", unit, x, y, _apart(x, y, ix, iy), higher_is_better=True)
    failed = early.errors / max(1, early.requests), late.errors / max(1, late.requests)
    if any(failed):
        yield Change(load, "errors", "share", failed[0] or 1e-9, failed[1], None)


def _apart(x: float, y: float, ix: Interval | None, iy: Interval | None) -> Interval | None:
    """Interval of y - x from the intervals of both: half widths add in squares."""
    if ix is None or iy is None:
        return None
    half = float(np.hypot((ix[1] - ix[0]) / 2, (iy[1] - iy[0]) / 2))
    return y - x - half, y - x + half


def line(change: Change) -> str:
    """A change as text."""
    scale, unit = (1000, "ms") if change.unit == "s" else (1, change.unit)
    interval = "interval unknown"
    if change.interval is not None:
        low, high = (bound * scale for bound in change.interval)
        interval = f"[{low:+.3g} to {high:+.3g}]"
    word = "worse" if change.share > 0 else "better" if change.share < 0 else "same"
    return (
        f"{change.load:<18} {change.figure:<14} {change.before * scale:>9.4g} → {change.after * scale:>9.4g} "
        f"{unit:<5} {(change.after - change.before) * scale:+.3g} {interval}, {abs(change.share):.1%} {word}"
    )

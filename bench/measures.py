"""Summary statistics of a level: TTFT, ITL, TPOT, throughput, as defined in docs/benchmark.md."""

from __future__ import annotations

from collections import Counter
from collections.abc import Sequence
from dataclasses import dataclass

import numpy as np

from .intervals import (
    Array,
    Interval,
    bootstrap,
    independent_witnesses,
    of_repeats,
    order_statistics,
    quantile,
    wilson,
)
from .load_patterns import LoadLevel
from .request_record import RequestRecord

QUANTILES = (("p50", 0.5), ("p90", 0.9), ("p95", 0.95), ("p99", 0.99))


@dataclass(frozen=True, slots=True)
class Slo:
    """Latency limits of a request."""

    ttft_s: float | None = None
    tpot_s: float | None = None
    attainment_share: float = 0.95
    """Share of a level's requests that must meet them."""

    @property
    def given(self) -> bool:
        return self.ttft_s is not None or self.tpot_s is not None


@dataclass(frozen=True, slots=True)
class Distribution:
    """A measure's mean and quantiles, all in its own unit."""

    mean: float
    p50: float
    p90: float
    p95: float
    p99: float


@dataclass(frozen=True, slots=True)
class Intervals:
    """95 % interval of each figure of a Spread; None: n is too small."""

    n: int
    mean: Interval | None = None
    p50: Interval | None = None
    p90: Interval | None = None
    p95: Interval | None = None
    p99: Interval | None = None


Spreads = tuple[Distribution | None, Intervals | None]


@dataclass(frozen=True, slots=True)
class LevelSummary:
    """One level; a measure that no request has is None."""

    requests: int
    errors: int
    errors_by_kind: dict[str, int]
    ttft_s: Distribution | None
    itl_s: Distribution | None
    tpot_s: Distribution | None
    e2e_s: Distribution | None
    ttft_s_intervals: Intervals | None
    itl_s_intervals: Intervals | None
    tpot_s_intervals: Intervals | None
    e2e_s_intervals: Intervals | None
    output_tokens_per_s: float | None
    output_tokens_per_s_interval: Interval | None
    input_tokens_per_s: float | None
    requests_per_s: float | None
    requests_per_s_interval: Interval | None
    goodput_per_s: float | None
    attainment_share: float | None
    attainment_interval: Interval | None
    repeats: int
    window_s: float
    input_tokens_mean: float | None
    output_tokens_mean: float | None
    cached_tokens_mean: float | None
    tokens_from_usage: bool
    """Every request's output tokens were counted by the server."""
    most_in_flight: int
    lateness_p99_s: float | None
    """Delay of sending after the due time; open loop only."""
    client_lag_s: float
    """99th percentile of the delays of the client's own clock ticks."""
    partial: bool
    concurrency: int | None = None
    rate_per_s: float | None = None
    arrivals: str | None = None
    offered_per_s: float | None = None
    """The actual rate of due times, which differs randomly from the requested one."""
    client_error: ClientError | None = None
    client_limited: bool | None = None
    """None: the client was not checked."""


@dataclass(frozen=True, slots=True)
class ClientError:
    """Error of the client, measured at the same load against the mock server."""

    streams: int
    ttft_p50_s: float
    ttft_p99_s: float
    gap_p50_s: float
    gap_p99_s: float
    nominal_ttft_p50_s: float
    """Error against the plan instead of the server's own timestamps; it includes delays of the server."""
    nominal_ttft_p99_s: float
    nominal_gap_p50_s: float
    nominal_gap_p99_s: float


def ttft_s(record: RequestRecord, open_loop: bool) -> float | None:
    """Time to the first content; in an open loop from the due time, delays of the client included."""
    return record.chunk_s[0] - _base(record, open_loop) if record.chunk_s else None


def tpot_s(record: RequestRecord) -> float | None:
    """(last - first) / (tokens - 1); None for an answer of one chunk."""
    if len(record.chunk_s) < 2 or record.output_tokens < 2:
        return None
    return (record.chunk_s[-1] - record.chunk_s[0]) / (record.output_tokens - 1)


def e2e_s(record: RequestRecord, open_loop: bool) -> float:
    """Time to the last byte of the body."""
    return record.end_s - _base(record, open_loop)


def gaps(record: RequestRecord) -> tuple[Array, Array]:
    """Gaps between tokens and how many tokens have each: a chunk of k tokens after g counts k times g/k."""
    each = np.array(record.chunk_tokens[1:], dtype=np.float64)
    return np.diff(np.array(record.chunk_s)) / each, each


def good(record: RequestRecord, slo: Slo, open_loop: bool) -> bool:
    """Whether the request ended without fault and within the SLO."""
    first, each = ttft_s(record, open_loop), tpot_s(record)
    return (
        record.ok
        and (slo.ttft_s is None or (first is not None and first <= slo.ttft_s))
        and (slo.tpot_s is None or each is None or each <= slo.tpot_s)
    )


def _base(record: RequestRecord, open_loop: bool) -> float:
    return record.due_s if open_loop else record.start_s


def spread(values: Sequence[float]) -> Spreads:
    """Spread of one value per request."""
    if not values:
        return None, None
    array = np.array(values)
    return _spread(array, None, [array[i : i + 1] for i in range(len(array))], None)


def pooled(groups: Sequence[tuple[Array, Array]]) -> Spreads:
    """Spread of weighted values in groups."""
    groups = [group for group in groups if len(group[0])]
    if not groups:
        return None, None
    values, weights = [g for g, _ in groups], [w for _, w in groups]
    return _spread(np.concatenate(values), np.concatenate(weights), values, weights)


def _spread(
    values: Array, weights: Array | None, groups: Sequence[Array], group_weights: Sequence[Array] | None
) -> Spreads:
    figures = {"mean": float(np.average(values, weights=weights))}
    intervals = {"mean": bootstrap(groups, None, group_weights)}
    for name, share in QUANTILES:
        figure = quantile(values, share, weights)
        figures[name] = figure
        if name == "p50":
            intervals[name] = bootstrap(groups, share, group_weights)
        elif group_weights is None:
            intervals[name] = order_statistics(values, share)
        else:
            worth = independent_witnesses(groups, group_weights, figure)
            intervals[name] = order_statistics(values, share, weights, worth)
    return Distribution(**figures), Intervals(len(values), **intervals)


@dataclass(frozen=True, slots=True)
class _Flow:
    """Throughput in the window of one repeat."""

    window_s: float
    output_tokens: float
    input_tokens: float | None
    requests: float
    good: float


def _flow(level: LoadLevel, slo: Slo) -> _Flow | None:
    """Throughput over the time of full load: from the first measured request until no more were sent.

    A token counts where its stamp lies in the window, a request by the share of its life in it; those of the
    warm-up that still run count too, as they load the server.
    """
    open_loop = level.load.rate_per_s is not None
    measured = [r for r in level.records if not r.warmup]
    ended_well = [r for r in level.records if r.ok]
    if not measured or not ended_well:
        return None
    start = min(_base(r, open_loop) for r in measured)
    end = max(r.end_s for r in measured)
    enough = open_loop or len(measured) >= 2 * (level.load.concurrency or 1)
    if level.full_until_s is not None and enough and start < level.full_until_s < end:
        end = level.full_until_s
    if end <= start:
        return None

    def inside(record: RequestRecord) -> float:
        life = record.end_s - record.start_s
        shared = min(record.end_s, end) - max(record.start_s, start)
        return max(0.0, shared) / life if life > 0 else 0.0

    tokens = sum(
        sum(n for at, n in zip(r.chunk_s, r.chunk_tokens, strict=True) if start <= at <= end)
        for r in ended_well
    )
    known = all(r.input_tokens is not None for r in ended_well)
    return _Flow(
        window_s=end - start,
        output_tokens=tokens,
        input_tokens=sum(inside(r) * (r.input_tokens or 0) for r in ended_well) if known else None,
        requests=sum(inside(r) for r in ended_well),
        good=sum(inside(r) for r in ended_well if good(r, slo, open_loop)),
    )


def _offered_per_s(repeats: Sequence[LoadLevel]) -> float | None:
    """Gaps between the instants at which requests were due, over their whole length."""
    dues = [[r.due_s for r in level.records] for level in repeats if len(level.records) > 1]
    length = sum(max(due) - min(due) for due in dues)
    return sum(len(due) - 1 for due in dues) / length if length > 0 else None


def summarise(repeats: Sequence[LoadLevel], slo: Slo) -> LevelSummary:
    """Summary of a level's pooled repeats; throughput's interval comes from the variance between them."""
    load = repeats[0].load
    open_loop = load.rate_per_s is not None
    measured = [r for level in repeats for r in level.records if not r.warmup]
    well = [r for r in measured if r.ok]
    flows = [flow for level in repeats if (flow := _flow(level, slo)) is not None]
    window = sum(flow.window_s for flow in flows)

    def per_s(total: float) -> float | None:
        return total / window if window else None

    inputs = [r.input_tokens for r in well if r.input_tokens is not None]
    cached = [r.cached_tokens for r in well if r.cached_tokens is not None]
    flow_inputs = [flow.input_tokens for flow in flows if flow.input_tokens is not None]
    attained = sum(good(r, slo, open_loop) for r in measured)
    lags = np.array([lag for level in repeats for lag in level.lag_s] or [0.0])
    lateness = [r.start_s - r.due_s for r in measured]
    first = spread([t for r in well if (t := ttft_s(r, open_loop)) is not None])
    between = pooled([gaps(r) for r in well])
    each = spread([t for r in well if (t := tpot_s(r)) is not None])
    whole = spread([e2e_s(r, open_loop) for r in well])
    return LevelSummary(
        concurrency=load.concurrency,
        rate_per_s=load.rate_per_s,
        arrivals=load.arrivals if open_loop else None,
        requests=len(measured),
        errors=len(measured) - len(well),
        errors_by_kind=dict(sorted(Counter(r.kind for r in measured if not r.ok).items())),
        ttft_s=first[0],
        ttft_s_intervals=first[1],
        itl_s=between[0],
        itl_s_intervals=between[1],
        tpot_s=each[0],
        tpot_s_intervals=each[1],
        e2e_s=whole[0],
        e2e_s_intervals=whole[1],
        output_tokens_per_s=per_s(sum(flow.output_tokens for flow in flows)),
        output_tokens_per_s_interval=of_repeats([f.output_tokens / f.window_s for f in flows]),
        input_tokens_per_s=per_s(sum(flow_inputs)) if len(flow_inputs) == len(flows) else None,
        requests_per_s=per_s(sum(flow.requests for flow in flows)),
        requests_per_s_interval=of_repeats([f.requests / f.window_s for f in flows]),
        goodput_per_s=per_s(sum(flow.good for flow in flows)) if slo.given else None,
        attainment_share=attained / len(measured) if slo.given and measured else None,
        attainment_interval=wilson(attained, len(measured)) if slo.given else None,
        repeats=len(repeats),
        window_s=window,
        input_tokens_mean=sum(inputs) / len(inputs) if inputs else None,
        output_tokens_mean=sum(r.output_tokens for r in well) / len(well) if well else None,
        cached_tokens_mean=sum(cached) / len(cached) if cached else None,
        tokens_from_usage=all(r.usage_output_tokens is not None for r in well) and bool(well),
        most_in_flight=max(level.most_in_flight for level in repeats),
        offered_per_s=_offered_per_s(repeats) if open_loop else None,
        lateness_p99_s=quantile(np.array(lateness), 0.99) if open_loop and lateness else None,
        client_lag_s=quantile(lags, 0.99),
        partial=any(level.partial for level in repeats),
    )

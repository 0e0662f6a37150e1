"""Text output of a result, and the progress line of a run."""

from __future__ import annotations

import asyncio
import sys
from collections.abc import Iterator
from contextlib import contextmanager, suppress

from .load_patterns import LoadProgress
from .measures import Distribution, Intervals, LevelSummary
from .result import Result

HEADINGS = (
    "load",
    "requests",
    "errors",
    "TTFT p50",
    "p95",
    "ITL p50",
    "p99",
    "TPOT p50",
    "out tok/s",
    "req/s",
)


def ms(seconds: float | None) -> str:
    """Seconds as milliseconds, to three figures or so."""
    if seconds is None:
        return "–"
    value = seconds * 1000
    return f"{value:,.0f} ms" if value >= 100 else f"{value:.1f} ms" if value >= 10 else f"{value:.2f} ms"


def number(value: float | None) -> str:
    if value is None:
        return "–"
    return f"{value:,.0f}" if value >= 100 else f"{value:.1f}" if value >= 10 else f"{value:.2f}"


def load_name(summary: LevelSummary) -> str:
    if summary.concurrency is not None:
        return f"{summary.concurrency} at once"
    return f"{summary.rate_per_s:.3g}/s {summary.arrivals}"


def marks(summary: LevelSummary) -> str:
    """Warnings about a level, shown before its figures."""
    names = []
    if summary.partial:
        names.append("partial")
    if summary.client_limited:
        names.append("client_limited")
    if not summary.tokens_from_usage and summary.output_tokens_per_s is not None:
        names.append("tokens counted by chunk")
    return ", ".join(names)


def row(summary: LevelSummary) -> tuple[str, ...]:
    """Cells of a level, one per heading."""

    def of(spread: Distribution | None, figure: str) -> str:
        return ms(None if spread is None else getattr(spread, figure))

    return (
        load_name(summary),
        str(summary.requests),
        str(summary.errors),
        of(summary.ttft_s, "p50"),
        of(summary.ttft_s, "p95"),
        of(summary.itl_s, "p50"),
        of(summary.itl_s, "p99"),
        of(summary.tpot_s, "p50"),
        number(summary.output_tokens_per_s),
        number(summary.requests_per_s),
    )


def lines(result: Result) -> Iterator[str]:
    """The whole summary."""
    yield f"{result.model} at {result.url}"
    yield f"{result.fingerprint}"
    shape = "prompts from a file" if result.input_tokens is None else f"{result.input_tokens} input tokens"
    yield f"{shape}, {result.output_tokens or 'any number of'} output tokens"
    yield ""
    table = [HEADINGS, *(row(summary) for summary in result.summary)]
    widths = [max(len(line[i]) for line in table) for i in range(len(HEADINGS))]
    noted = ["", *(marks(summary) for summary in result.summary)]
    for line, note in zip(table, noted, strict=True):
        cells = [
            cell.ljust(w) if i == 0 else cell.rjust(w)
            for i, (cell, w) in enumerate(zip(line, widths, strict=True))
        ]
        yield "  ".join(cells).rstrip() + (f"  [{note}]" if note else "")
    yield ""
    for summary in result.summary:
        yield from _details(summary)
    if result.sweep is not None:
        yield from _sweep(result)
    for warning in result.warnings:
        yield f"note: {warning}"
    if result.partial:
        yield "note: interrupted; what was measured until then is kept, marked partial"


def _details(summary: LevelSummary) -> Iterator[str]:
    name = load_name(summary)
    if summary.ttft_s is not None:
        yield (
            f"{name}: TTFT mean {_with(summary.ttft_s.mean, summary.ttft_s_intervals, 'mean')}, p99 "
            + _with(summary.ttft_s.p99, summary.ttft_s_intervals, "p99")
        )
    if summary.attainment_share is not None and summary.attainment_interval is not None:
        low, high = summary.attainment_interval
        yield (
            f"{name}: SLO kept by {summary.attainment_share:.1%} [{low:.1%} to {high:.1%}], "
            f"goodput {number(summary.goodput_per_s)}/s"
        )
    if summary.cached_tokens_mean and summary.input_tokens_mean:
        yield (
            f"{name}: {summary.cached_tokens_mean:.0f} of {summary.input_tokens_mean:.0f} input tokens "
            "came from the server's prefix cache (mean)"
        )
    for kind, many in summary.errors_by_kind.items():
        yield f"{name}: {many} × {kind}"
    if summary.lateness_p99_s is not None and summary.lateness_p99_s > 0.002:
        yield f"{name}: requests left up to {ms(summary.lateness_p99_s)} late (p99); latencies include it"
    if summary.client_limited and summary.client_error is not None:
        error = summary.client_error
        yield (
            f"{name}: client_limited: the client itself adds {ms(error.ttft_p50_s)} to TTFT and "
            f"{ms(error.gap_p50_s)} to a gap (p50), {ms(error.gap_p99_s)} (p99)"
        )


def _with(value: float, intervals: Intervals | None, figure: str) -> str:
    interval = getattr(intervals, figure) if intervals is not None else None
    if interval is None:
        return f"{ms(value)} (n too small for an interval)"
    return f"{ms(value)} [{ms(interval[0])} to {ms(interval[1])}]"


def _sweep(result: Result) -> Iterator[str]:
    sweep = result.sweep
    assert sweep is not None
    full = (
        f"full at {sweep.saturation_concurrency} at once" if sweep.saturation_concurrency else "not full yet"
    )
    yield f"closed loop: ceiling {number(sweep.ceiling_output_tokens_per_s)} output tokens/s, {full}"
    if sweep.largest_rate_per_s is not None:
        yield (
            f"Poisson arrivals: {sweep.largest_rate_per_s:.3g} requests/s keep the SLO: "
            f"{number(sweep.capacity_output_tokens_per_s)} output tokens/s"
        )
    elif result.slo.given:
        yield "Poisson arrivals: no rate that was tried keeps the SLO"


class ProgressReporter:
    """Progress line on standard error: overwritten on a terminal, else one line per level."""

    def __init__(self, quiet: bool = False) -> None:
        self.name = ""
        self.progress: LoadProgress | None = None
        self.quiet = quiet
        self.live = not quiet and sys.stderr.isatty()

    def __call__(self, name: str, progress: LoadProgress | None) -> None:
        self.name, self.progress = name, progress
        if not self.live and not self.quiet:
            print(name, file=sys.stderr, flush=True)

    def show(self) -> None:
        done = f": {self.progress.ended} ended, {self.progress.in_flight} in flight" if self.progress else ""
        sys.stderr.write(f"\r\x1b[K{self.name}{done}")
        sys.stderr.flush()

    @contextmanager
    def shown(self) -> Iterator[None]:
        """Show the line twice a second, rarely enough not to disturb the measurement."""

        async def show() -> None:
            while True:
                self.show()
                await asyncio.sleep(0.5)

        showing = asyncio.ensure_future(show()) if self.live else None
        try:
            yield
        finally:
            if showing is not None:
                showing.cancel()
                with suppress(OSError):
                    sys.stderr.write("\r\x1b[K")

"""Requests, levels and results made by hand, and a loop whose clock is a number."""

from __future__ import annotations

import asyncio
import selectors
from collections.abc import Callable, Coroutine
from dataclasses import dataclass, replace
from typing import Any, TypeVar

from bench.client import Client, Timeouts
from bench.fingerprint import Fingerprint
from bench.kernel_timing import precise_loop
from bench.load_patterns import Load, LoadLevel
from bench.measures import ClientError, Slo, summarise
from bench.mock_server import MockServer, Plan
from bench.request_record import RequestRecord
from bench.result import SCHEMA_VERSION, Result, requests_of
from bench.target import Ask, target

T = TypeVar("T")
MACHINE = Fingerprint("One CPU", 2, 8.0, (), "Linux 6 x86_64", "3.11.7", "known 1", "toy", True)


def run(work: Coroutine[Any, Any, T]) -> T:
    """On a loop with precise timers."""
    with asyncio.Runner(loop_factory=precise_loop) as runner:
        return runner.run(work)


SHORT_ASK = Ask("one two three", 8)


def ask_known(plan: Plan, ask: Ask = SHORT_ASK, timeouts: Timeouts | None = None) -> RequestRecord:
    """One request to a real socket server of this plan."""

    async def once() -> RequestRecord:
        server, port = await MockServer(plan).listen()
        async with server:
            return await Client(target(f"http://127.0.0.1:{port}", "toy"), timeouts).ask(ask)

    return run(once())


class _Instant(selectors.SelectSelector):
    """Does not wait: it moves the clock instead."""

    def __init__(self) -> None:
        super().__init__()
        self.now = 0.0

    def select(self, timeout: float | None = None) -> Any:
        self.now += max(0.0, timeout or 0.0)
        return super().select(0)


class TimelessLoop(asyncio.SelectorEventLoop):
    """A loop in which sleeping takes no time and still moves the clock."""

    def __init__(self) -> None:
        self.selector = _Instant()
        super().__init__(self.selector)

    def time(self) -> float:
        return self.selector.now


@dataclass(frozen=True, slots=True)
class Done:
    record: RequestRecord

    def read(self) -> RequestRecord:
        return self.record


def timeless(work: Callable[[Callable[[], float]], Coroutine[Any, Any, T]]) -> T:
    """Run what is given a clock, in no time."""
    loop = TimelessLoop()
    with asyncio.Runner(loop_factory=lambda: loop) as runner:
        return runner.run(work(loop.time))


def answered(
    start: float, *, ttft: float = 0.5, itl: float = 0.1, tokens: int = 11, due: float | None = None
) -> RequestRecord:
    """A request that went as a metronome."""
    stamps = tuple(start + ttft + i * itl for i in range(tokens))
    return RequestRecord(
        due_s=start if due is None else due,
        start_s=start,
        end_s=stamps[-1],
        connected_s=start,
        first_byte_s=stamps[0],
        chunk_s=stamps,
        chunk_tokens=(1,) * tokens,
        chunk_tokens_from="spread",
        input_tokens=20,
        usage_output_tokens=tokens,
        finish_reason="length",
        status=200,
        asked_output_tokens=tokens,
    )


def closed_level(many: int = 20, **timing: Any) -> LoadLevel:
    """One stream, one request after the other."""
    records, at = [], 0.0
    for _ in range(many):
        records.append(answered(at, **timing))
        at = records[-1].end_s
    return LoadLevel(Load(concurrency=1, requests=many), records, [0.001], at, 1)


def poisson_level(rate: float, many: int = 40, **timing: Any) -> LoadLevel:
    """Requests that never wait for one another."""
    records = [answered(i / rate, **timing) for i in range(many)]
    return LoadLevel(Load(rate_per_s=rate, requests=many), records, [0.001], (many - 1) / rate, 4)


def result_of(*levels: LoadLevel, slo: Slo = Slo(1.0, 0.2), **changes: Any) -> Result:  # noqa: B008
    """A whole result of these levels."""
    made = Result(
        schema_version=SCHEMA_VERSION,
        kind="run",
        started_at="2026-11-22T10:00:00+00:00",
        partial=False,
        url="http://127.0.0.1:8000",
        model="toy",
        api="chat",
        input_tokens=20,
        output_tokens=11,
        shared_prefix_share=0.0,
        settings={},
        slo=slo,
        fingerprint=MACHINE,
        summary=tuple(summarise([level], slo) for level in levels),
        requests=requests_of([[level] for level in levels], 0.0),
    )
    return replace(made, **changes)


def error_of(
    ttft_p50: float = 0.0, gap_p50: float = 0.0, ttft_p99: float = 0.0, gap_p99: float = 0.0
) -> ClientError:
    """What a client adds, in seconds."""
    return ClientError(1, ttft_p50, ttft_p99, gap_p50, gap_p99, ttft_p50, ttft_p99, gap_p50, gap_p99)

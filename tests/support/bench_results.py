"""Requests, levels and results with round figures, and an event loop with a virtual clock."""

from __future__ import annotations

import asyncio
import queue
import selectors
import threading
from collections.abc import Callable, Coroutine, Iterator
from contextlib import contextmanager
from dataclasses import dataclass, replace
from typing import Any, TypeVar

import pytest

from bench import client, kernel_timing, mock_events, mock_server
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
    """Run on an event loop with precise timers."""
    with asyncio.Runner(loop_factory=precise_loop) as runner:
        return runner.run(work)


SHORT_ASK = Ask("one two three", 8)
ON_THE_WAY_S = 0.02
"""Real seconds that bytes between two sockets of this process may take."""


def ask_known(plan: Plan, ask: Ask = SHORT_ASK, timeouts: Timeouts | None = None) -> RequestRecord:
    """One request to a real socket server of this plan, by a virtual clock."""

    async def once() -> RequestRecord:
        server, port = await MockServer(plan).listen()
        async with server:
            return await Client(target(f"http://127.0.0.1:{port}", "toy"), timeouts).ask(ask)

    return run_by_virtual_clock(once())


class _VirtualTime(selectors.SelectSelector):
    """Selector that advances the clock instead of waiting for a timer, once no bytes are in transit."""

    def __init__(self) -> None:
        super().__init__()
        self.now = 0.0

    def select(self, timeout: float | None = None) -> Any:
        has_sockets = len(self.get_map()) > 1  # besides the loop's own
        ready = super().select(0)
        if ready or timeout is None or timeout <= 0:
            return ready if timeout is not None else super().select(ON_THE_WAY_S)
        if has_sockets and (ready := super().select(ON_THE_WAY_S)):
            return ready
        self.now += timeout
        return []


class TimelessLoop(asyncio.SelectorEventLoop):
    """Event loop in which sleeping takes no real time and advances the virtual clock."""

    def __init__(self) -> None:
        self.selector = _VirtualTime()
        super().__init__(self.selector)

    def time(self) -> float:
        return self.selector.now


def run_by_virtual_clock(work: Coroutine[Any, Any, T]) -> T:
    """Client and server on one loop; both, and the time stamps of what arrives, go by its clock."""
    loop = TimelessLoop()
    with pytest.MonkeyPatch.context() as patch, asyncio.Runner(loop_factory=lambda: loop) as runner:
        for module in (client, kernel_timing, mock_events, mock_server):
            patch.setattr(module, "clock", loop.time)
        patch.setattr(mock_server, "stamp_arrivals", lambda sock: None)  # the kernel's are of the real clock
        return runner.run(work)


class CountingServer(MockServer):
    """Counts how often a request started or ended."""

    events = 0

    def next(self, now_s: float) -> None:
        self.events += 1
        super().next(now_s)


@contextmanager
def served_here(server: MockServer) -> Iterator[str]:
    """Address of a server that runs in a thread of this process, so that a test can inspect it."""
    addresses: queue.SimpleQueue[str] = queue.SimpleQueue()
    loop = precise_loop()

    async def listen() -> None:
        listening, port = await server.listen()
        async with listening:
            addresses.put(f"http://127.0.0.1:{port}")
            await ended.wait()

    ended = asyncio.Event()
    thread = threading.Thread(target=lambda: loop.run_until_complete(listen()))
    thread.start()
    try:
        yield addresses.get()
    finally:
        loop.call_soon_threadsafe(ended.set)
        thread.join()
        loop.close()


@dataclass(frozen=True, slots=True)
class Done:
    record: RequestRecord

    def read(self) -> RequestRecord:
        return self.record


def timeless(work: Callable[[Callable[[], float]], Coroutine[Any, Any, T]]) -> T:
    """Run a coroutine that receives a virtual clock, without real waiting."""
    loop = TimelessLoop()
    with asyncio.Runner(loop_factory=lambda: loop) as runner:
        return runner.run(work(loop.time))


def answered(
    start: float, *, ttft: float = 0.5, itl: float = 0.1, tokens: int = 11, due: float | None = None
) -> RequestRecord:
    """A request whose tokens come at equal intervals."""
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
    """Closed loop with one stream."""
    records, at = [], 0.0
    for _ in range(many):
        records.append(answered(at, **timing))
        at = records[-1].end_s
    return LoadLevel(Load(concurrency=1, requests=many), records, [0.001], at, 1)


def poisson_level(rate: float, many: int = 40, **timing: Any) -> LoadLevel:
    """Open loop: requests that do not wait for one another."""
    records = [answered(i / rate, **timing) for i in range(many)]
    return LoadLevel(Load(rate_per_s=rate, requests=many), records, [0.001], (many - 1) / rate, 4)


def result_of(*levels: LoadLevel, slo: Slo = Slo(1.0, 0.2), **changes: Any) -> Result:  # noqa: B008
    """A complete result of these levels."""
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
    """Delay that a client adds, in seconds."""
    return ClientError(1, ttft_p50, ttft_p99, gap_p50, gap_p99, ttft_p50, ttft_p99, gap_p50, gap_p99)

"""Load patterns: a fixed number of requests in flight (closed loop), or arrivals by the clock (open loop)."""

from __future__ import annotations

import asyncio
import gc
import random
from collections.abc import Awaitable, Callable, Coroutine, Iterator
from dataclasses import dataclass, field, replace
from typing import Literal, Protocol

from .request_record import RequestRecord

Arrivals = Literal["poisson", "constant"]
TICK_S = 0.02


class Sent(Protocol):
    """A finished request; its answer may not be parsed yet."""

    def read(self) -> RequestRecord: ...


@dataclass(frozen=True, slots=True)
class Load:
    """One level: either a concurrency or a rate."""

    concurrency: int | None = None
    rate_per_s: float | None = None
    arrivals: Arrivals = "poisson"
    requests: int | None = None
    """Number of measured requests without warm-up; None: as many as fit in `duration_s`."""
    duration_s: float | None = None
    warmup: int = 0
    seed: int = 1

    @property
    def name(self) -> str:
        if self.concurrency is not None:
            return f"concurrency {self.concurrency}"
        return f"{self.rate_per_s:g} requests/s, {self.arrivals}"


@dataclass(slots=True)
class LoadProgress:
    """Progress of a level, read by the progress display."""

    sent: int = 0
    ended: int = 0
    in_flight: int = 0
    most_in_flight: int = 0


@dataclass(slots=True)
class LoadLevel:
    """Measurements of one level."""

    load: Load
    records: list[RequestRecord] = field(default_factory=list)
    lag_s: list[float] = field(default_factory=list)
    """Delays of the client's own clock ticks during the level."""
    full_until_s: float | None = None
    """End of the full load: after it, fewer requests are in flight than requested."""
    most_in_flight: int = 0
    partial: bool = False


async def run_level(
    load: Load,
    send: Callable[[int, float | None], Awaitable[Sent]],
    clock: Callable[[], float],
    progress: LoadProgress | None = None,
    stop: asyncio.Event | None = None,
) -> LoadLevel:
    """Run one level; `send(i, due)` sends the i-th request. An early stop keeps what was measured."""
    level = LoadLevel(load)
    progress = progress or LoadProgress()
    stop = stop or asyncio.Event()
    ended: list[tuple[int, Sent]] = []

    async def send_request(i: int, due: float | None) -> None:
        progress.sent += 1
        progress.in_flight += 1
        level.most_in_flight = max(level.most_in_flight, progress.in_flight)
        try:
            ended.append((i, await send(i, due)))
        finally:
            progress.in_flight -= 1
            progress.ended += 1

    drive = (
        _closed(load, send_request, level, clock)
        if load.rate_per_s is None
        else _open(load, send_request, level, clock)
    )
    collected = gc.isenabled()
    gc.disable()  # a garbage collection would delay timestamps
    ticking = asyncio.ensure_future(_tick(level.lag_s, clock))
    work = asyncio.ensure_future(drive)
    stopping = asyncio.ensure_future(stop.wait())
    try:
        await asyncio.wait({work, stopping}, return_when=asyncio.FIRST_COMPLETED)
        level.partial = not work.done()
    finally:
        for task in (work, ticking, stopping):
            task.cancel()
        results = await asyncio.gather(work, ticking, stopping, return_exceptions=True)
        if collected:
            gc.enable()
    if isinstance(results[0], Exception):
        raise results[0]
    level.records = [_marked(sent.read(), i < load.warmup) for i, sent in sorted(ended, key=lambda e: e[0])]
    return level


def _marked(record: RequestRecord, warmup: bool) -> RequestRecord:
    return replace(record, warmup=warmup) if warmup else record


async def _closed(
    load: Load,
    send_request: Callable[[int, float | None], Coroutine[None, None, None]],
    level: LoadLevel,
    clock: Callable[[], float],
) -> None:
    """Closed loop: `concurrency` workers, each sends its next request when its last has ended."""
    assert load.concurrency is not None
    most = None if load.requests is None else load.requests + load.warmup
    numbers = iter(range(10**9 if most is None else most))
    until = None if load.duration_s is None else clock() + load.duration_s

    async def worker() -> None:
        while until is None or clock() < until:
            i = next(numbers, None)
            if i is None:
                break
            await send_request(i, None)
        if level.full_until_s is None:
            level.full_until_s = clock()

    async with asyncio.TaskGroup() as workers:
        for _ in range(load.concurrency):
            workers.create_task(worker())


async def _open(
    load: Load,
    send_request: Callable[[int, float | None], Coroutine[None, None, None]],
    level: LoadLevel,
    clock: Callable[[], float],
) -> None:
    """Open loop: every request at its own due time; the delay of sending is recorded."""
    start = clock() + TICK_S
    async with asyncio.TaskGroup() as requests:
        for i, after in enumerate(arrivals(load)):
            due = start + after
            wait = due - clock()
            if wait > 0:
                await asyncio.sleep(wait)
            elif i % 16 == 0:
                await asyncio.sleep(0)  # behind schedule: let requests in flight be read
            requests.create_task(send_request(i, due))
        level.full_until_s = clock()


def arrivals(load: Load) -> Iterator[float]:
    """Seconds after the start at which each request is due."""
    assert load.rate_per_s is not None
    rng = random.Random(load.seed)
    most = None if load.requests is None else load.requests + load.warmup
    at, i = 0.0, 0
    while (most is None or i < most) and (load.duration_s is None or at <= load.duration_s):
        yield at
        i += 1
        at += rng.expovariate(load.rate_per_s) if load.arrivals == "poisson" else 1 / load.rate_per_s


async def _tick(lags: list[float], clock: Callable[[], float]) -> None:
    while True:
        due = clock() + TICK_S
        await asyncio.sleep(TICK_S)
        lags.append(max(0.0, clock() - due))

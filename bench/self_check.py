"""Calibration of the client: its timing error at the same load against the mock server."""

from __future__ import annotations

import asyncio
import json
import os
import subprocess
import sys
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import asdict, dataclass
from pathlib import Path

import numpy as np

from i18n.errors import CrossoverError
from i18n.message import message

from .client import Client, RawResponse, clock
from .intervals import quantile
from .load_patterns import Load, run_level
from .measures import ClientError, LevelSummary
from .mock_events import SENT
from .mock_server import Plan
from .stream import body_of, events_of, head_of
from .target import Ask, target

PLAN = Plan(ttft_s=0.05, itl_s=0.01, output_tokens=40)
MEDIAN_SHARE = 0.05
"""Largest error of the client's median, as a share of the measured median."""
TAIL_SHARE = 0.2
"""Largest error of the client's 99th percentile, as a share of the measured one."""


@contextmanager
def mock_server(plan: Plan, model: str = "") -> Iterator[str]:
    """Run the mock server in its own process; yields its address."""
    command = [
        sys.executable,
        "-m",
        "bench.mock_server",
        "--plan",
        json.dumps(asdict(plan)),
        "--model",
        model,
    ]
    root = str(Path(__file__).resolve().parent.parent)
    paths = [root, *filter(None, [os.environ.get("PYTHONPATH")])]
    environment = {**os.environ, "PYTHONPATH": os.pathsep.join(paths)}
    with subprocess.Popen(
        command,
        stdin=subprocess.PIPE,
        stdout=subprocess.PIPE,
        env=environment,
        text=True,
        start_new_session=True,
    ) as process:
        assert process.stdout is not None
        try:
            port = process.stdout.readline().strip()
            if not port:
                raise CrossoverError(
                    message(
                        "the self-check's server did not start (see above; --no-self-check leaves it out)"
                    )
                )
            yield f"http://127.0.0.1:{port}"
        finally:
            process.terminate()


@dataclass(frozen=True, slots=True)
class _Errors:
    ttft: list[float]
    gap: list[float]
    nominal_ttft: list[float]
    nominal_gap: list[float]


async def check(url: str, streams: int, plan: Plan = PLAN, rounds: int | None = None) -> ClientError:
    """The client's error with `streams` streams at once."""
    client = Client(target(url, "known"))
    await client.resolve()
    many = streams * (rounds or max(2, min(4, -(-32 // streams))))
    kept: list[RawResponse] = []

    async def send(i: int, due: float | None) -> RawResponse:
        pending = await client.send(Ask("check", plan.output_tokens), due)
        kept.append(pending)
        return pending

    await run_level(Load(concurrency=streams, requests=many), send, clock)
    errors = _Errors([], [], [], [])
    for pending in kept:
        _compare(pending, plan, errors)
    if not errors.gap:
        raise CrossoverError(
            message(
                "the self-check with {streams} streams failed: {problem} (fewer streams, or --no-self-check)",
                streams=streams,
                problem=kept[0].read().problem if kept else "",
            )
        )

    def at(values: list[float], share: float) -> float:
        return quantile(np.abs(np.array(values)), share)

    return ClientError(
        streams=streams,
        ttft_p50_s=at(errors.ttft, 0.5),
        ttft_p99_s=at(errors.ttft, 0.99),
        gap_p50_s=at(errors.gap, 0.5),
        gap_p99_s=at(errors.gap, 0.99),
        nominal_ttft_p50_s=at(errors.nominal_ttft, 0.5),
        nominal_ttft_p99_s=at(errors.nominal_ttft, 0.99),
        nominal_gap_p50_s=at(errors.nominal_gap, 0.5),
        nominal_gap_p99_s=at(errors.nominal_gap, 0.99),
    )


def _compare(pending: RawResponse, plan: Plan, errors: _Errors) -> None:
    """Differences of the client's times from the server's timestamps and from the plan."""
    exchange, start = pending.connection, pending.blank.start_s
    if exchange is None or exchange.connected_s is None:
        return
    head = head_of(b"".join(data for _, data in exchange.pieces))
    if head is None or head.status != 200:
        return
    seen: list[float] = []
    sent: list[float] = []
    for event in events_of(body_of(exchange.pieces, head, exchange.closed)):
        event_fields = json.loads(event.data) if event.data != "[DONE]" else {}
        if any(choice.get("delta", {}).get("content") for choice in event_fields.get("choices", ())):
            seen.append(event.at)
            sent.append(event_fields[SENT])
    if len(seen) < 2:
        return
    errors.ttft.append((exchange.connected_s - start) + (seen[0] - sent[0]))
    errors.nominal_ttft.append(seen[0] - start - plan.ttft_s)
    for i in range(1, len(seen)):
        gap = seen[i] - seen[i - 1]
        errors.gap.append(gap - (sent[i] - sent[i - 1]))
        errors.nominal_gap.append(gap - plan.itl_s)


def limited(summary: LevelSummary, error: ClientError) -> bool:
    """Whether the client's error is large relative to the measurement."""
    pairs = []
    if summary.ttft_s is not None:
        pairs.append((error.ttft_p50_s, error.ttft_p99_s, summary.ttft_s))
    if summary.itl_s is not None:
        pairs.append((error.gap_p50_s, error.gap_p99_s, summary.itl_s))
    return any(
        middle > MEDIAN_SHARE * measured.p50 or tail > TAIL_SHARE * measured.p99
        for middle, tail, measured in pairs
    )


async def checks(streams: list[int]) -> dict[int, ClientError]:
    """The client's error at each of these numbers of streams."""
    with mock_server(PLAN) as url:
        return {many: await check(url, many) for many in dict.fromkeys(streams)}


if __name__ == "__main__":
    for number, client_error in asyncio.run(checks([int(text) for text in sys.argv[1:]])).items():
        print(number, asdict(client_error))

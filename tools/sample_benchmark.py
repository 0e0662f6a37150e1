"""Write the sample result of the benchmark page, measured on a simulated server."""

from __future__ import annotations

import heapq
import random
from collections.abc import Sequence
from dataclasses import replace
from pathlib import Path
from typing import Final

from bench.fingerprint import Fingerprint
from bench.load_patterns import Load, LoadLevel
from bench.measures import Slo, summarise
from bench.request_record import RequestRecord
from bench.result import SCHEMA_VERSION, Result, requests_of, to_json

TARGET: Final = Path(__file__).parent.parent / "dashboard" / "benchmark" / "sample.json"
REQUESTS: Final = 80
SLOTS: Final = 16
"""Requests that the simulated server answers at once; others wait."""
INPUT_TOKENS: Final = 512
OUTPUT_TOKENS: Final = 12
"""Few, so that the file stays small."""
PREFILL_S: Final = 0.18
TOKEN_S: Final = 0.012
CROWDING: Final = 0.09
"""Growth of the time per token with each further request in flight."""
SPREAD: Final = 0.18
"""Standard deviation of the logarithm of a request's times."""
MACHINE: Final = Fingerprint(
    "Sample server", 32, 256.0, ("Sample GPU, 80 GB",), "Linux", "3.12", "", "", True
)


def _record(start_s: float, due_s: float, busy: int, chance: random.Random) -> RequestRecord:
    """One answer of a server with `busy` requests in flight; times are rounded to 0.1 ms."""
    crowd = 1 + CROWDING * (busy - 1)
    first = start_s + PREFILL_S * crowd * chance.lognormvariate(0, SPREAD)
    gap = TOKEN_S * crowd * chance.lognormvariate(0, SPREAD)
    stamps = tuple(round(first + i * gap, 4) for i in range(OUTPUT_TOKENS))
    return RequestRecord(
        due_s=round(due_s, 4),
        start_s=round(due_s, 4),
        end_s=stamps[-1],
        connected_s=round(due_s, 4),
        first_byte_s=stamps[0],
        chunk_s=stamps,
        chunk_tokens=(1,) * OUTPUT_TOKENS,
        chunk_tokens_from="stream",
        input_tokens=INPUT_TOKENS,
        usage_output_tokens=OUTPUT_TOKENS,
        finish_reason="length",
        status=200,
        asked_output_tokens=OUTPUT_TOKENS,
    )


def _answered(dues: Sequence[float], chance: random.Random) -> list[RequestRecord]:
    """Requests in order of arrival; each waits until one of the server's slots is free."""
    ends: list[float] = []
    records = []
    for due in dues:
        while ends and ends[0] <= due:
            heapq.heappop(ends)
        start = due
        if len(ends) >= SLOTS:
            start = heapq.heappop(ends)
        records.append(_record(start, due, len(ends) + 1, chance))
        heapq.heappush(ends, records[-1].end_s)
    return records


def closed(concurrency: int) -> LoadLevel:
    """Closed loop: each stream sends its next request when the last is answered."""
    chance = random.Random(concurrency)
    streams = [0.0] * concurrency
    records = []
    for _ in range(REQUESTS):
        at = heapq.heappop(streams)
        records.append(_record(at, at, min(concurrency, SLOTS), chance))
        heapq.heappush(streams, records[-1].end_s)
    return LoadLevel(
        Load(concurrency=concurrency, requests=REQUESTS), records, [0.001], max(streams), concurrency
    )


def poisson(rate_per_s: float) -> LoadLevel:
    """Open loop: Poisson arrivals."""
    chance = random.Random(round(rate_per_s * 100))
    dues, at = [], 0.0
    for _ in range(REQUESTS):
        dues.append(at)
        at += chance.expovariate(rate_per_s)
    records = _answered(dues, chance)
    return LoadLevel(Load(rate_per_s=rate_per_s, requests=REQUESTS), records, [0.001], dues[-1], SLOTS)


def sample() -> Result:
    """The whole result: four loads of a closed loop and three rates."""
    levels = [*(closed(n) for n in (1, 4, 8, 16)), *(poisson(rate) for rate in (4.0, 12.0, 20.0))]
    slo = Slo(0.5, 0.03, 0.95)
    return Result(
        schema_version=SCHEMA_VERSION,
        kind="run",
        started_at="2026-11-22T10:00:00+00:00",
        partial=False,
        url="http://127.0.0.1:8000",
        model="sample-8b",
        api="chat",
        input_tokens=INPUT_TOKENS,
        output_tokens=OUTPUT_TOKENS,
        shared_prefix_share=0.0,
        settings={},
        slo=slo,
        fingerprint=MACHINE,
        summary=tuple(replace(summarise([level], slo), client_limited=False) for level in levels),
        requests=requests_of([[level] for level in levels], 0.0),
    )


if __name__ == "__main__":
    TARGET.write_text(to_json(sample()), encoding="utf-8")

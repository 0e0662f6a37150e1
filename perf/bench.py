"""Timing error of our streaming client in TTFT and gaps, and the number of streams that it sustains.

Against the bundled mock server (TTFT 50 ms, ITL 10 ms, 40 tokens), in a process of its own, all
streams started together. Run: python -m perf.bench [rounds]
"""

from __future__ import annotations

import asyncio
import os
import sys
import time

from bench.__main__ import loop_factory
from bench.measures import ClientError
from bench.self_check import PLAN, check, mock_server

STREAMS = (1, 16, 64, 128, 256)
SUSTAINED_SHARE = 0.05
"""Largest median error of a gap, as a share of the true gap."""


async def measure(rounds: int) -> list[ClientError]:
    with mock_server(PLAN) as url:
        await check(url, 4)  # warm up
        return [await check(url, streams, rounds=max(2, rounds * 16 // streams)) for streams in STREAMS]


def main() -> None:
    rounds = int(sys.argv[1]) if len(sys.argv) > 1 else 20
    started = time.perf_counter()
    with asyncio.Runner(loop_factory=loop_factory()) as runner:
        loop = type(runner.get_loop()).__module__.split(".")[0]
        errors = runner.run(measure(rounds))
    print(f"loop: {loop}; load average {os.getloadavg()[0]:.1f} on {os.cpu_count()} cores\n")
    print("| streams | TTFT added, ms p50 / p99 | gap error, ms p50 / p99 | TTFT off plan | gap off plan |")
    print("|---|---|---|---|---|")
    for error in errors:
        pairs = (
            (error.ttft_p50_s, error.ttft_p99_s),
            (error.gap_p50_s, error.gap_p99_s),
            (error.nominal_ttft_p50_s, error.nominal_ttft_p99_s),
            (error.nominal_gap_p50_s, error.nominal_gap_p99_s),
        )
        cells = " | ".join(f"{a * 1000:.2f} / {b * 1000:.2f}" for a, b in pairs)
        print(f"| {error.streams} | {cells} |")
    limit = SUSTAINED_SHARE * PLAN.itl_s
    for name, held in (
        ("against the server's stamps", [e.streams for e in errors if e.gap_p50_s <= limit]),
        ("against the plan", [e.streams for e in errors if e.nominal_gap_p50_s <= limit]),
    ):
        print(f"\nmedian gap error within {SUSTAINED_SHARE:.0%} {name}: up to {max(held, default=0)} streams")
    print(f"\n{time.perf_counter() - started:.0f} s")


if __name__ == "__main__":
    main()

"""Exact quotes of a million requests against genai-prices' own calc_price, equal to the last digit.

Also the import of the price book and `pricing check`, beside a bare interpreter in the same run.
Run: python -m perf.quotes [repeats]
"""

from __future__ import annotations

import statistics
import subprocess
import sys
import time
from collections.abc import Callable
from datetime import UTC, datetime
from decimal import Decimal

import numpy as np
from genai_prices.data import providers
from genai_prices.types import Usage as TheirUsage

from pricing.load import shipped_book
from pricing.quote.model_names import Resolver
from pricing.quote.quote import Requests, quote_many
from pricing.quote.rate_card import STANDARD, RateCard

MODELS = (
    ("openai", "gpt-6-astra"),
    ("openai", "gpt-5.6-luna"),
    ("openai", "gpt-4.1"),
    ("anthropic", "claude-haiku-5-5"),
    ("anthropic", "claude-sonnet-5-5"),
    ("google", "gemini-3.8-flash"),
    ("google", "gemini-2.5-pro"),
    ("google", "gemini-4-argon"),
    ("x-ai", "grok-4.7"),
    ("mistral", "mistral-large-4"),
)
"""Prices that change between the days below, cliffs at five lengths, caches read and written."""
FIRST, LAST = datetime(2026, 10, 21, tzinfo=UTC), datetime(2027, 2, 1, tzinfo=UTC)
MANY = 1_000_000
COMPARED = 2_000


def requests(rng: np.random.Generator) -> Requests:
    tokens = rng.integers(1, 400_000, MANY)
    cached = (tokens * rng.random(MANY) / 2).astype(np.int64)
    return Requests(
        keys=rng.integers(0, len(MODELS), MANY),
        at=rng.integers(int(FIRST.timestamp()), int(LAST.timestamp()), MANY),
        input_tokens=tokens,
        cached_tokens=cached,
        cache_write_tokens=((tokens - cached) * rng.random(MANY) / 2).astype(np.int64),
        output_tokens=rng.integers(0, 8_000, MANY),
    )


def cpu_s(work: Callable[[], object]) -> float:
    before = time.process_time()
    work()
    return time.process_time() - before


def wall_s(*command: str) -> float:
    before = time.perf_counter()
    subprocess.run([sys.executable, *command], check=True, stdout=subprocess.DEVNULL)
    return time.perf_counter() - before


def main(repeats: int) -> None:
    resolver = Resolver(shipped_book())
    card = RateCard([resolver.key(provider, model, STANDARD) for provider, model in MODELS])
    load = requests(np.random.default_rng(20261122))
    amounts = quote_many(card, load)
    histories = [
        next((p, m) for p in providers if p.id == provider for m in p.models if m.id == model)
        for provider, model in MODELS
    ]

    def theirs() -> list[Decimal]:
        totals = []
        for i in range(COMPARED):
            provider, model = histories[load.keys[i]]
            usage = TheirUsage(
                input_tokens=int(load.input_tokens[i]),
                cache_read_tokens=int(_column(load.cached_tokens)[i]),
                cache_write_tokens=int(_column(load.cache_write_tokens)[i]),
                output_tokens=int(load.output_tokens[i]),
            )
            at = datetime.fromtimestamp(int(load.at[i]), UTC)
            totals.append(model.calc_price(usage, provider, genai_request_timestamp=at).total_price)
        return totals

    same = sum(
        Decimal(int(units)).scaleb(-amounts.digits) == total
        for units, total in zip(amounts.units[:COMPARED], theirs(), strict=True)
    )
    refused = int((amounts.refused > 0).sum())
    print(f"{refused:,} of {MANY:,} refused; {same:,} of {COMPARED:,} compared are equal\n")
    ours, peer = [], []
    for _ in range(repeats):  # alternate, so that a slow moment affects both
        ours.append(cpu_s(lambda: quote_many(card, load)))
        peer.append(cpu_s(theirs) * MANY / COMPARED)
    print("| CPU seconds per million requests, median | | times |")
    print("|---|---|---|")
    mine, their = statistics.median(ours), statistics.median(peer)
    print(f"| ours, arrays | {mine:.3f} | |")
    print(f"| genai-prices, calc_price | {their:.0f} | {their / mine:,.0f} |")
    bare, imports, checks = [], [], []
    for _ in range(repeats):
        bare.append(wall_s("-c", "pass"))
        imports.append(wall_s("-c", "import pricing.load; pricing.load.shipped_book()"))
        checks.append(wall_s("-m", "pricing", "check"))
    print("\n| whole process, ms, median | |")
    print("|---|---|")
    for name, values in (
        ("bare interpreter", bare),
        ("import, all tables read", imports),
        ("pricing check", checks),
    ):
        print(f"| {name} | {statistics.median(values) * 1000:.0f} |")


def _column(values: np.typing.NDArray[np.int64] | None) -> np.typing.NDArray[np.int64]:
    if values is None:
        raise ValueError("a column that this script makes is missing")
    return values


if __name__ == "__main__":
    main(int(sys.argv[1]) if len(sys.argv) > 1 else 7)

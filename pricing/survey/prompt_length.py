"""Exact cost of one request against prompt length, on both sides of every context threshold."""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from decimal import Decimal
from itertools import pairwise
from typing import Final

import pandas as pd

from frames.frame import frame, records
from frames.registry import columns

from ..rows import Offer, Rates, Tiered

SHORTEST_PROMPT: Final = 1_000
UNKNOWN_WINDOW: Final = 128_000
"""Largest prompt of the curve if the context window is not published."""
_NICE: Final = (1, 2, 3, 5, 7)
_MTOK: Final = Decimal(1_000_000)


PROMPT_COSTS: Final = columns(
    "id price_ref prompt_tokens output_tokens usd_per_request input_usd_per_mtok output_usd_per_mtok"
)
"""Columns of the cost of one request of plain input, at the standard tier."""

CLIFFS: Final = columns("id prompt_tokens usd_per_request usd_per_longer_request")
"""Columns of the price steps: the last prompt at one price, and the cost of one that is a token longer."""


def rates_at(prices: Tiered, prompt_tokens: int) -> Rates:
    """The rates of all tokens of a request: a context tier applies strictly above its threshold."""
    rates: Rates = prices
    for tier in prices.context_tiers:
        if prompt_tokens > tier.above_prompt_tokens:
            rates = tier
    return rates


def usd_per_request(offer: Offer, prompt_tokens: int, output_tokens: int) -> Decimal:
    """Exact cost of one request, without caches, service tiers and hours of the day."""
    rates = rates_at(offer, prompt_tokens)
    return (prompt_tokens * rates.input_usd_per_mtok + output_tokens * rates.output_usd_per_mtok) / _MTOK + (
        offer.usd_per_1k_requests or Decimal(0)
    ) / 1000


def longest_prompt(offer: Offer, output_tokens: int) -> int:
    """The longest prompt that leaves room for the answer; if the window is unknown, beyond all thresholds."""
    if offer.context_window_tokens is not None:
        return offer.context_window_tokens - output_tokens
    return max([UNKNOWN_WINDOW, *(2 * tier.above_prompt_tokens for tier in offer.context_tiers)])


def prompt_costs(offers: Sequence[Offer], output_tokens: int) -> pd.DataFrame:
    """Each offer's curve from the shortest to the longest prompt, with both sides of every threshold."""
    return frame(
        PROMPT_COSTS,
        (
            {
                "id": offer.id,
                "price_ref": offer.ref,
                "prompt_tokens": length,
                "output_tokens": output_tokens,
                "usd_per_request": usd_per_request(offer, length, output_tokens),
                "input_usd_per_mtok": (rates := rates_at(offer, length)).input_usd_per_mtok,
                "output_usd_per_mtok": rates.output_usd_per_mtok,
            }
            for offer in offers
            for length in _lengths(offer, output_tokens)
        ),
    )


def _lengths(offer: Offer, output_tokens: int) -> list[int]:
    longest = longest_prompt(offer, output_tokens)
    if longest < SHORTEST_PROMPT:
        return []
    lengths = {longest, *_round_lengths(longest)}
    for tier in offer.context_tiers:
        edge = tier.above_prompt_tokens
        lengths |= {length for length in (edge, edge + 1) if SHORTEST_PROMPT <= length <= longest}
    return sorted(lengths)


def cliffs(costs: pd.DataFrame) -> pd.DataFrame:
    """Prompt lengths at which one more token re-prices the whole request."""
    points = records(costs)
    return frame(
        CLIFFS,
        (
            {
                "id": below["id"],
                "prompt_tokens": below["prompt_tokens"],
                "usd_per_request": below["usd_per_request"],
                "usd_per_longer_request": above["usd_per_request"],
            }
            for below, above in pairwise(points)
            if below["id"] == above["id"]
            and above["prompt_tokens"] == below["prompt_tokens"] + 1
            and any(below[name] != above[name] for name in ("input_usd_per_mtok", "output_usd_per_mtok"))
        ),
    )


def _round_lengths(longest: int) -> Iterator[int]:
    power = SHORTEST_PROMPT
    while power <= longest:
        yield from (step * power for step in _NICE if step * power <= longest)
        power *= 10

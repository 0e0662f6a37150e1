"""Exact cost of one request against prompt length, on both sides of every context threshold."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass
from decimal import Decimal
from itertools import pairwise
from typing import Final

from ..rows import Offer, Rates, Tiered

SHORTEST_PROMPT: Final = 1_000
UNKNOWN_WINDOW: Final = 128_000
"""Largest prompt of the curve if the context window is not published."""
_NICE: Final = (1, 2, 3, 5, 7)
_MTOK: Final = Decimal(1_000_000)


@dataclass(frozen=True, slots=True)
class PromptCost:
    """One request of `prompt_tokens` tokens of plain input, at the standard tier."""

    id: str
    price_ref: str
    prompt_tokens: int
    output_tokens: int
    usd_per_request: Decimal
    input_usd_per_mtok: Decimal
    output_usd_per_mtok: Decimal


@dataclass(frozen=True, slots=True)
class Cliff:
    """The last prompt at one price and the next longer one, a token longer."""

    below: PromptCost
    above: PromptCost


def rates_at(prices: Tiered, prompt_tokens: int) -> Rates:
    """The rates of all tokens of a request: a context tier applies strictly above its threshold."""
    rates: Rates = prices
    for tier in prices.context_tiers:
        if prompt_tokens > tier.above_prompt_tokens:
            rates = tier
    return rates


def prompt_cost(offer: Offer, prompt_tokens: int, output_tokens: int) -> PromptCost:
    """Exact cost of one request, without caches, service tiers and hours of the day."""
    rates = rates_at(offer, prompt_tokens)
    usd = (prompt_tokens * rates.input_usd_per_mtok + output_tokens * rates.output_usd_per_mtok) / _MTOK + (
        offer.usd_per_1k_requests or Decimal(0)
    ) / 1000
    return PromptCost(
        id=offer.id,
        price_ref=offer.ref,
        prompt_tokens=prompt_tokens,
        output_tokens=output_tokens,
        usd_per_request=usd,
        input_usd_per_mtok=rates.input_usd_per_mtok,
        output_usd_per_mtok=rates.output_usd_per_mtok,
    )


def longest_prompt(offer: Offer, output_tokens: int) -> int:
    """The longest prompt that leaves room for the answer; if the window is unknown, beyond all thresholds."""
    if offer.context_window_tokens is not None:
        return offer.context_window_tokens - output_tokens
    return max([UNKNOWN_WINDOW, *(2 * tier.above_prompt_tokens for tier in offer.context_tiers)])


def prompt_costs(offer: Offer, output_tokens: int) -> list[PromptCost]:
    """Points of the curve from the shortest to the longest prompt, with both sides of every threshold."""
    longest = longest_prompt(offer, output_tokens)
    if longest < SHORTEST_PROMPT:
        return []
    lengths = {longest, *_round_lengths(longest)}
    for tier in offer.context_tiers:
        edge = tier.above_prompt_tokens
        lengths |= {length for length in (edge, edge + 1) if SHORTEST_PROMPT <= length <= longest}
    return [prompt_cost(offer, length, output_tokens) for length in sorted(lengths)]


def cliffs(points: list[PromptCost]) -> list[Cliff]:
    """Prompt lengths at which one more token re-prices the whole request."""
    return [
        Cliff(below, above)
        for below, above in pairwise(points)
        if above.prompt_tokens == below.prompt_tokens + 1
        and (below.input_usd_per_mtok, below.output_usd_per_mtok)
        != (above.input_usd_per_mtok, above.output_usd_per_mtok)
    ]


def _round_lengths(longest: int) -> Iterator[int]:
    power = SHORTEST_PROMPT
    while power <= longest:
        yield from (step * power for step in _NICE if step * power <= longest)
        power *= 10

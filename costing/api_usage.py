"""What a month of requests to a hosted model costs in tokens: context cliffs, prompt caching, output."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass
from datetime import date
from decimal import Decimal

import numpy as np

from pricing.message import Message, message
from pricing.rows import ContextTier, ModelPrice, TunedPrice

from .cost import CostLine, PriceRef, weakest
from .strategy import Infeasible
from .units import TOKENS_PER_MTOK, Quantity
from .workload import Prompt, Workload

Price = ModelPrice | TunedPrice

ASSUMED_CACHE_TTL_S = 300
ASSUMED_MIN_CACHEABLE_TOKENS = 1024
"""What a cache is taken to do where the vendor publishes no rule: the commonest of the published ones."""

NEAR_SHARE = 0.5
"""Warn of a context threshold from this share of it on."""


@dataclass(frozen=True, slots=True)
class CacheRules:
    """How the vendor's prompt cache is taken to behave."""

    in_use: bool
    min_tokens: float
    ttl_s: float
    is_published: bool
    input_share: float | None = None
    """Of all input that is read from the cache, where the user knows it; None: as arrivals make it."""


def cache_rules(
    price: Price,
    *,
    caching: bool,
    assumed_ttl_s: float,
    assumed_min_tokens: float,
    input_share: float | None = None,
) -> CacheRules:
    """The vendor's rules where they are published, the assumed ones where not."""
    return CacheRules(
        in_use=caching and price.cached_input_usd_per_mtok is not None,
        min_tokens=price.min_cacheable_tokens or assumed_min_tokens,
        ttl_s=price.cache_ttl_s or assumed_ttl_s,
        is_published=price.min_cacheable_tokens is not None and price.cache_ttl_s is not None,
        input_share=input_share,
    )


def warm_share(requests_per_s: Quantity, ttl_s: float) -> Quantity:
    """Probability that a request finds the shared prefix cached: 1 - e^(-rate x TTL).

    Poisson arrivals, each use keeping the prefix alive for another TTL. The rate is the day's average;
    real peaks are warmer and nights colder.
    """
    return -np.expm1(-np.asarray(requests_per_s) * ttl_s)


def tier_for(price: Price, prompt_tokens: float) -> Price | ContextTier:
    """The prices of every token of a request with a prompt of that length; a threshold is exceeded
    strictly."""
    tier: Price | ContextTier = price
    for candidate in price.context_tiers:
        if prompt_tokens > candidate.above_prompt_tokens:
            tier = candidate
    return tier


def check_window(price: Price, prompt: Prompt) -> None:
    """Raises Infeasible if the last turn does not fit the model's context window."""
    window = price.context_window_tokens
    if window is None or prompt.longest_tokens <= window:
        return
    if prompt.retrieved_tokens:
        raise Infeasible(
            message(
                "{model}: prompt and answer of {found:,.0f} tokens exceed its window of {window:,} "
                "(retrieve fewer or shorter chunks)",
                model=price.name,
                found=prompt.longest_tokens,
                window=window,
            )
        )
    raise Infeasible(
        message(
            "{model}: prompt and answer of {found:,.0f} tokens exceed its window of {window:,} "
            "(shorten the text, or retrieve)",
            model=price.name,
            found=prompt.longest_tokens,
            window=window,
        )
    )


def check_on_sale(model: ModelPrice, on: date) -> None:
    """Raises Infeasible if the model was retired by that day."""
    if model.retires_on is not None and model.retires_on <= on:
        raise Infeasible(
            message(
                "{model} was retired on {day} (choose another model)",
                model=model.id,
                day=model.retires_on.isoformat(),
            )
        )


def cache_notes(price: Price, prompt: Prompt, rules: CacheRules) -> Iterator[Message]:
    """What to know of caching for this prompt."""
    if rules.input_share is not None:
        if not rules.in_use:
            yield message(
                "{model} is not read from a cache here: the share given for it is not used.", model=price.name
            )
        return
    if not rules.in_use or not prompt.prefix_tokens:
        return
    if prompt.prefix_tokens < rules.min_tokens:
        yield message(
            "The shared prefix of {found:,.0f} tokens is shorter than the {limit:,.0f} that {model} caches: "
            "no caching.",
            found=prompt.prefix_tokens,
            limit=rules.min_tokens,
            model=price.name,
        )
    elif not rules.is_published:
        yield message(
            "{model}: cache rules are not fully published; assumed {ttl:,.0f} s of life and at least "
            "{limit:,.0f} tokens.",
            model=price.name,
            ttl=rules.ttl_s,
            limit=rules.min_tokens,
        )


def price_notes(price: Price, prompt: Prompt, on: date, until: date) -> Iterator[Message]:
    """What to know of the offer: promotions, retirement, other hours, a context threshold that is near."""
    if price.guaranteed_until is not None and price.guaranteed_until < until:
        yield message(
            "{ref}: a promotional price, guaranteed only until {day}.",
            ref=price.id,
            day=price.guaranteed_until.isoformat(),
        )
    if price.retires_on is not None and on < price.retires_on < until:
        yield message(
            "{ref} retires on {day}, within the horizon: plan a successor. Its price is assumed to go on.",
            ref=price.id,
            day=price.retires_on.isoformat(),
        )
    if price.windows:
        yield message(
            "{ref} has other prices at {hours:g} of the week's 168 hours (UTC: {windows}): here the prices "
            "outside those hours hold around the clock.",
            ref=price.id,
            hours=sum(window.hours_per_week for window in price.windows),
            windows=", ".join(f"{window.from_utc}-{window.to_utc}" for window in price.windows),
        )
    longest = prompt.prefix_tokens + prompt.tail_tokens()[-1]
    for tier in price.context_tiers:
        if longest > NEAR_SHARE * tier.above_prompt_tokens:
            yield message(
                "{ref}: every token of a request costs more once its prompt exceeds {limit:,} tokens; "
                "the longest here is {found:,.0f}.",
                ref=price.id,
                limit=tier.above_prompt_tokens,
                found=longest,
            )


def token_lines(price: Price, prompt: Prompt, workload: Workload, rules: CacheRules) -> Iterator[CostLine]:
    """A month's input, cached input, cache writes and output; raises Infeasible beyond the window.

    Each turn is priced at the tier of its own prompt; turns of the same tier share their lines.
    """
    check_window(price, prompt)
    prefix = prompt.prefix_tokens
    share = rules.input_share if rules.in_use else None
    cached = share is None and rules.in_use and prefix > 0 and prefix >= rules.min_tokens
    warm = warm_share(workload.requests_per_s, rules.ttl_s) if cached else 0.0
    per_turn = workload.requests_per_month / prompt.turns

    tiers: dict[int, tuple[Price | ContextTier, list[float]]] = {}
    for tail in prompt.tail_tokens():
        tier = tier_for(price, prefix + tail)
        tiers.setdefault(id(tier), (tier, []))[1].append(tail)

    for tier, tails in tiers.values():
        turns = len(tails)
        read_usd, write_usd = _cache_prices(price, tier) if cached or share is not None else (None, None)
        plain: Quantity = sum(tails)
        read: Quantity = turns * prefix * warm
        if share is not None:
            every = plain + turns * prefix
            plain, read, write_usd = every * (1 - share), every * share, None
        elif write_usd is None:
            plain = plain + turns * prefix * (1 - warm)
        bill: list[tuple[Message, str, Quantity, Decimal]] = [
            (message("Input tokens"), "input", plain, tier.input_usd_per_mtok)
        ]
        if read_usd is not None:
            bill.append((message("Cached input tokens"), "input", read, read_usd))
        if write_usd is not None:
            bill.append((message("Cache writes"), "input", turns * prefix * (1 - warm), write_usd))
        answers = turns * prompt.answer_tokens
        bill.append((message("Output tokens"), "output", answers, tier.output_usd_per_mtok))
        for name, category, tokens, usd_per_mtok in bill:
            if isinstance(tier, ContextTier):
                name = message("{line}, prompt above {limit:,}", line=name, limit=tier.above_prompt_tokens)
            modelled = cached and category == "input"
            yield CostLine(
                name=name,
                category=category,
                quantity=per_turn * tokens / TOKENS_PER_MTOK,
                unit="Mtok",
                usd_per_unit=float(usd_per_mtok),
                cadence="monthly",
                price=PriceRef.of(price),
                quantity_evidence=weakest(prompt.evidence, "estimated") if modelled else prompt.evidence,
                quantity_note=prompt.how,
                band=prompt.input_band if category == "input" else prompt.output_band,
            )


def _cache_prices(price: Price, tier: Price | ContextTier) -> tuple[Decimal, Decimal | None]:
    """Read and write price of a tier; raises Infeasible where the base has one and the tier none."""
    read, write = tier.cached_input_usd_per_mtok, tier.cache_write_usd_per_mtok
    if read is None or (write is None and price.cache_write_usd_per_mtok is not None):
        raise Infeasible(
            message(
                "{ref}: no cache price above the context threshold (switch caching off, or add the price)",
                ref=price.ref,
            )
        )
    return read, write

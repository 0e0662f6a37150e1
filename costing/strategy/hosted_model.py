"""Monthly token cost of a hosted model: context tiers, prompt caching, output."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass, replace
from datetime import date
from decimal import Decimal

import numpy as np

from i18n.message import Message, message
from pricing.rows import ContextTier, Evidence, ModelPrice, Rates, Tiered, TunedPrice
from pricing.rows.names import full_name

from ..cost_lines import CERTAIN, Cadence, CostCategory, CostLine, PriceRef, weakest
from ..units import TOKENS_PER_MTOK, Quantity, Unit
from ..workload.conversation import RoundTrip
from ..workload.workload import Prompt, Workload
from .availability import retirement_notes
from .base import Infeasible

Price = ModelPrice | TunedPrice

ASSUMED_CACHE_TTL_S = 300
ASSUMED_MIN_CACHEABLE_TOKENS = 1024
"""Assumed cache rules where the vendor publishes none: the most common of the published ones."""

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
    """Share of the input read from the cache, as typed in; None: derived from the arrival rate."""


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


def history_share(seconds_between_turns: Quantity, ttl_s: float) -> Quantity:
    """Probability that a conversation finds its own last prompt cached: 1 - e^(-TTL / mean gap).

    The gap between an answer and the next question is taken to be exponential, as it is between the
    requests of `warm_share`; without a gap it is always found.
    """
    if seconds_between_turns <= 0:
        return 1.0
    return -np.expm1(-ttl_s / seconds_between_turns)


def tier_for(price: Tiered, prompt_tokens: float) -> Rates:
    """The prices of every token of a request with a prompt of that length; a threshold is exceeded
    strictly."""
    tier: Rates = price
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
                "{model}: prompt and answer of {tokens:,.0f} tokens exceed its window of {window:,} "
                "(retrieve fewer or shorter chunks)",
                model=price.name,
                tokens=prompt.longest_tokens,
                window=window,
            )
        )
    if len(prompt.round_trips) > 1:
        raise Infeasible(
            message(
                "{model}: prompt and answer of {tokens:,.0f} tokens exceed its window of {window:,} at the "
                "end of a conversation (have fewer turns or tool calls, or shorten the text)",
                model=price.name,
                tokens=prompt.longest_tokens,
                window=window,
            )
        )
    raise Infeasible(
        message(
            "{model}: prompt and answer of {tokens:,.0f} tokens exceed its window of {window:,} "
            "(shorten the text, or retrieve)",
            model=price.name,
            tokens=prompt.longest_tokens,
            window=window,
        )
    )


def cache_notes(price: Price, prompt: Prompt, rules: CacheRules) -> Iterator[Message]:
    """Notes on caching of this prompt."""
    if rules.input_share is not None:
        if not rules.in_use:
            yield message(
                "{model} is not read from a cache here: the share given for it is not used.", model=price.name
            )
        return
    if not rules.in_use or not prompt.prefix_tokens:
        return
    longest_kept = prompt.prefix_tokens + max(call.kept_tokens for call in prompt.round_trips)
    if prompt.prefix_tokens < rules.min_tokens <= longest_kept:
        yield message(
            "The shared prefix of {tokens:,.0f} tokens is shorter than the {limit:,.0f} that {model} caches: "
            "only a conversation that has grown longer is cached.",
            tokens=prompt.prefix_tokens,
            limit=rules.min_tokens,
            model=price.name,
        )
    elif prompt.prefix_tokens < rules.min_tokens:
        yield message(
            "The shared prefix of {tokens:,.0f} tokens is shorter than the {limit:,.0f} that {model} caches: "
            "no caching.",
            tokens=prompt.prefix_tokens,
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
    """Notes on the offer: promotion, retirement, time-of-day prices, a context threshold that is near."""
    if price.guaranteed_until is not None and price.guaranteed_until < until:
        yield message(
            "{ref}: a promotional price, guaranteed only until {day}.",
            ref=full_name(price),
            day=price.guaranteed_until.isoformat(),
        )
    yield from retirement_notes(price, on, until)
    if price.windows:
        yield message(
            "{ref} has other prices at {hours:g} of the week's 168 hours (UTC: {windows}): here the prices "
            "outside those hours hold around the clock.",
            ref=full_name(price),
            hours=sum(window.hours_per_week for window in price.windows),
            windows=", ".join(f"{window.from_utc}-{window.to_utc}" for window in price.windows),
        )
    longest = prompt.prefix_tokens + prompt.tail_tokens()[-1]
    for tier in price.context_tiers:
        if longest > NEAR_SHARE * tier.above_prompt_tokens:
            yield message(
                "{ref}: every token of a request costs more once its prompt exceeds {limit:,} tokens; "
                "the longest here is {tokens:,.0f}.",
                ref=full_name(price),
                limit=tier.above_prompt_tokens,
                tokens=longest,
            )


def token_lines(
    price: Price, prompt: Prompt, workload: Workload, rules: CacheRules, batch_share: float = 0.0
) -> Iterator[CostLine]:
    """A month's input, cached input, cache writes, output, reasoning and fees; raises Infeasible beyond the
    window, and for a batch without a price.

    Each call is priced at the tier of its own prompt; calls of the same tier share their lines. The
    share that goes by batch has lines of its own, after the others.
    """
    check_window(price, prompt)
    if batch_share < 1:
        yield from _Bill(price, price, prompt, workload, rules, 1 - batch_share).lines()
    if batch_share > 0:
        batch = price.service_tiers.batch
        if batch is None:
            raise Infeasible(
                message(
                    "{ref}: no batch price is known (set the batch share to 0, or add the price)",
                    ref=price.ref,
                )
            )
        has_cache = rules.in_use and batch.cached_input_usd_per_mtok is not None
        rules = replace(rules, in_use=has_cache)
        yield from _Bill(price, batch, prompt, workload, rules, batch_share, by_batch=True).lines()
    if price.usd_per_1k_requests:
        calls = workload.requests_per_month * (prompt.calls * workload.tries_per_request)
        yield CostLine(
            name=message("Fees per request"),
            category=CostCategory.INPUT,
            quantity=calls / 1000,
            unit=Unit.THOUSAND_REQUESTS,
            usd_per_unit=float(price.usd_per_1k_requests),
            cadence=Cadence.MONTHLY,
            price=PriceRef.of(price),
            quantity_evidence=prompt.evidence,
        )


@dataclass(slots=True)
class _Tokens:
    """Tokens of the calls of one context tier in a conversation."""

    plain: Quantity = 0.0
    read: Quantity = 0.0
    written: Quantity = 0.0
    output: float = 0.0
    reasoning: float = 0.0


@dataclass(frozen=True, slots=True)
class _Bill:
    """A share of a month's requests at one service's rates."""

    price: Price
    rates: Tiered
    prompt: Prompt
    workload: Workload
    rules: CacheRules
    of_requests: float
    by_batch: bool = False

    def lines(self) -> Iterator[CostLine]:
        share = self.rules.input_share if self.rules.in_use else None
        cached = share is None and self.rules.in_use and self._longest_kept >= self.rules.min_tokens
        evidence, conversations = self.prompt.evidence, self._conversations
        for tier, tokens in self._by_tier(cached):
            read_usd: Decimal | None = None
            write_usd: Decimal | None = None
            if cached or share is not None:
                read_usd, write_usd = _cache_prices(self.price, self.rates, tier)
            if share is not None:
                tokens = replace(tokens, plain=tokens.plain * (1 - share), read=tokens.plain * share)
                write_usd = None
            plain = tokens.plain if write_usd is not None else tokens.plain + tokens.written
            sent: list[tuple[Message, Quantity, Decimal]] = []
            if np.any(plain) or self.prompt.turns == 1:  # of a conversation, all may be read or written
                sent.append((message("Input tokens"), plain, tier.input_usd_per_mtok))
            if read_usd is not None:
                sent.append((message("Cached input tokens"), tokens.read, read_usd))
            if write_usd is not None:
                sent.append((message("Cache writes"), tokens.written, write_usd))
            for name, quantity, usd in sent:
                line = self._line(tier, name, CostCategory.INPUT, conversations * quantity, usd)
                yield (
                    replace(line, quantity_evidence=weakest(evidence, Evidence.ESTIMATED)) if cached else line
                )
            output = conversations * tokens.output
            yield self._line(
                tier, message("Output tokens"), CostCategory.OUTPUT, output, tier.output_usd_per_mtok
            )
            if tokens.reasoning:
                own_usd = tier.reasoning_usd_per_mtok
                usd = tier.output_usd_per_mtok if own_usd is None else own_usd
                thought = conversations * tokens.reasoning
                line = self._line(tier, message("Reasoning tokens"), CostCategory.OUTPUT, thought, usd)
                yield replace(line, quantity_evidence=Evidence.ASSUMED, band=CERTAIN)

    @property
    def _conversations(self) -> Quantity:
        """A month's, with what is sent again. Worked out once: of draws it is a large array."""
        tries = self.workload.tries_per_request * self.of_requests
        return self.workload.requests_per_month / self.prompt.turns * tries

    @property
    def _longest_kept(self) -> float:
        """The longest beginning of a prompt that a cache could hold; below 0 where there is none."""
        prefix = self.prompt.prefix_tokens
        kept = 0.0 if self.by_batch else max(call.kept_tokens for call in self.prompt.round_trips)
        return prefix + kept if prefix or kept else -1.0

    def _by_tier(self, cached: bool) -> Iterator[tuple[Rates, _Tokens]]:
        """The tokens of a conversation, by the tier of each call's prompt.

        A call reads its own conversation's last prompt if that is still warm; if not, the prefix may be
        warm from others. What it does not read of what it keeps, it writes. By batch, calls lie hours
        apart: only the prefix may be warm.
        """
        prefix, least = self.prompt.prefix_tokens, self.rules.min_tokens
        warm = warm_share(self.workload.requests_per_s, self.rules.ttl_s) if cached else 0.0
        shared = warm if prefix >= least else 0.0
        by_tier: dict[int, tuple[Rates, _Tokens]] = {}
        for call in self.prompt.round_trips:
            tier = tier_for(self.rates, prefix + call.tail_tokens)
            tokens = by_tier.setdefault(id(tier), (tier, _Tokens()))[1]
            again, kept = (0.0, 0.0) if self.by_batch else (call.again_tokens, call.kept_tokens)
            if not cached or prefix + kept < least:
                tokens.plain = tokens.plain + call.share * (prefix + call.tail_tokens)
            else:
                own = self._own_share(call) if prefix + again >= least else 0.0
                read = prefix * shared * (1 - own) + (prefix + again) * own
                written = prefix * (1 - shared) * (1 - own) + kept - again * own
                tokens.read = tokens.read + call.share * read
                tokens.written = tokens.written + call.share * written
                tokens.plain = tokens.plain + call.share * (call.tail_tokens - kept)
            tokens.output = tokens.output + call.output_tokens
            tokens.reasoning = tokens.reasoning + call.answer_share * self.prompt.reasoning_tokens
        yield from by_tier.values()

    def _own_share(self, call: RoundTrip) -> Quantity:
        """Probability that the last prompt of the same conversation is warm."""
        if self.by_batch or call.opens:
            return 0.0
        if call.follows_tool:
            return 1.0
        return history_share(self.workload.seconds_between_turns, self.rules.ttl_s)

    def _line(
        self, tier: Rates, name: Message, category: CostCategory, tokens: Quantity, usd_per_mtok: Decimal
    ) -> CostLine:
        """`tokens` are those of all conversations."""
        prompt, tries = self.prompt, self.workload.tries_per_request
        if self.by_batch:
            name = message("{line}, batch", line=name)
        if isinstance(tier, ContextTier):
            name = message("{line}, prompt above {limit:,}", line=name, limit=tier.above_prompt_tokens)
        factors = [
            *([f"{tries:.4g} tries a request"] if tries != 1 else []),
            *([f"{self.of_requests:.4g} of the requests"] if self.of_requests != 1 else []),
        ]
        return CostLine(
            name=name,
            category=category,
            quantity=tokens / TOKENS_PER_MTOK,
            unit=Unit.MTOK,
            usd_per_unit=float(usd_per_mtok),
            cadence=Cadence.MONTHLY,
            price=PriceRef.of(self.price),
            quantity_evidence=prompt.evidence,
            quantity_note=prompt.counting_methods,
            formula=" x ".join(factors),
            band=prompt.input_band if category == CostCategory.INPUT else prompt.output_band,
        )


def _cache_prices(price: Price, rates: Tiered, tier: Rates) -> tuple[Decimal, Decimal | None]:
    """Read and write price of a tier; raises Infeasible where the base has one and the tier none."""
    read, write = tier.cached_input_usd_per_mtok, tier.cache_write_usd_per_mtok
    if read is None or (write is None and rates.cache_write_usd_per_mtok is not None):
        raise Infeasible(
            message(
                "{ref}: no cache price above the context threshold (switch caching off, or add the price)",
                ref=price.ref,
            )
        )
    return read, write

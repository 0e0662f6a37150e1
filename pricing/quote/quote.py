"""Exact cost of requests: one request with its lines, or arrays of millions with the same result."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, fields
from datetime import UTC, datetime
from decimal import Decimal
from typing import Final

import numpy as np

from i18n.errors import CrossoverError
from i18n.message import N_, Message, literal, message

from ..rows import DatedFact
from .model_names import Resolver
from .rate_card import (
    CACHED,
    INPUT,
    OUTPUT,
    REASONING,
    REQUEST,
    STANDARD,
    TIERS,
    UNKNOWN_RATE,
    WRITE,
    WRITE_1H,
    Ints,
    RateCard,
)

BLOCK: Final = 16_384
"""Requests priced at a time, so that the work stays in the processor's cache."""
_SAFE: Final = 2**62

COMPONENTS: Final = {
    INPUT: N_("input"),
    CACHED: N_("cached input"),
    WRITE: N_("cache write"),
    WRITE_1H: N_("cache write, 1 h"),
    OUTPUT: N_("output"),
    REASONING: N_("reasoning"),
    REQUEST: N_("request"),
}

NEGATIVE: Final = message("a negative number of tokens (give 0 or more)")
TOO_MUCH_CACHED: Final = message(
    "more cached and cache-write tokens than input tokens (input is the inclusive total; for a log that "
    "leaves them out use uncached_input_tokens)"
)
TOO_MUCH_REASONING: Final = message(
    "more reasoning tokens than output tokens (output includes them; for a log that leaves them out use "
    "answer_tokens)"
)
TOO_MANY: Final = message("more tokens in one request than can be priced (check the counts)")
BEYOND_CONTEXT: Final = message("more input tokens than the model's context window (check the model)")
NO_OUTPUT_PRICE: Final = message("output tokens of a model that has no output price (check the model)")
_CHECKS: Final = (
    NEGATIVE,
    TOO_MUCH_CACHED,
    TOO_MUCH_REASONING,
    TOO_MANY,
    BEYOND_CONTEXT,
    NO_OUTPUT_PRICE,
)
"""In the order in which a block looks for them."""


@dataclass(frozen=True, slots=True)
class Usage:
    """Tokens of one request. Input is the inclusive total: cached and written tokens are part of it."""

    input_tokens: int
    cached_tokens: int = 0
    cache_write_tokens: int = 0
    cache_write_1h_tokens: int = 0
    output_tokens: int = 0
    reasoning_tokens: int = 0
    """Part of the output."""


@dataclass(frozen=True, slots=True)
class QuoteLine:
    """Tokens of one kind (or one request) with their price; exact USD."""

    component: str
    quantity: int
    usd_per_mtok: Decimal
    """Per request, in the line "request"."""
    usd: Decimal


@dataclass(frozen=True, slots=True)
class Quote:
    """The price of one request, and its price row."""

    lines: tuple[QuoteLine, ...]
    tier: str
    row: DatedFact

    @property
    def usd(self) -> Decimal:
        return sum((line.usd for line in self.lines), Decimal(0))


@dataclass(frozen=True, slots=True)
class Requests:
    """Many requests, as arrays of the same length n (int64); `at` in seconds since 1970, UTC.

    `keys` holds the index of each request's resolved model.
    """

    keys: Ints
    at: Ints
    input_tokens: Ints
    output_tokens: Ints
    cached_tokens: Ints | None = None
    cache_write_tokens: Ints | None = None
    cache_write_1h_tokens: Ints | None = None
    reasoning_tokens: Ints | None = None


@dataclass(frozen=True, slots=True)
class QuoteAmounts:
    """Cost of many requests in whole numbers of 10^-digits USD, and the reasons for refusals.

    `units` and `refused` have shape (n,); `refused` is 0, or the 1-based position in `reasons`.
    """

    units: Ints
    refused: Ints
    reasons: Sequence[Message]
    digits: int

    @property
    def usd(self) -> Decimal:
        """The sum of all priced requests, exactly."""
        high, low = self.units >> 32, self.units & 0xFFFFFFFF
        total = (int(high.sum()) << 32) + int(low.sum())
        return Decimal(total).scaleb(-self.digits)


def quote(resolver: Resolver, model: str, usage: Usage, at: datetime, tier: str = STANDARD) -> Quote:
    """The price of one request; a time without a zone is UTC. Raises CrossoverError instead of guessing."""
    if tier not in TIERS:
        raise CrossoverError(
            message("'{tier}' is no tier of service (one of {known})", tier=tier, known=", ".join(TIERS))
        )
    card = RateCard([resolver.key("", model, tier)])
    moment = at.replace(tzinfo=UTC) if at.tzinfo is None else at
    requests = Requests(
        keys=_array_of(0),
        at=_array_of(int(moment.timestamp())),
        **{field.name: _array_of(_whole(getattr(usage, field.name))) for field in fields(Usage)},
    )
    amounts = quote_many(card, requests)
    refused = int(amounts.refused[0])
    if refused > len(card.reasons):  # a check of the usage, which names no model
        raise CrossoverError(
            message("{model}: {reason}", model=literal(model), reason=amounts.reasons[refused - 1])
        )
    if refused:
        raise CrossoverError(amounts.reasons[refused - 1])
    span = card.span_of(requests.keys, requests.at)
    rates = card.rates[int(card.row_of(span, requests.at, requests.input_tokens)[0])]
    row = card.rows[int(span[0])]
    if row is None:
        raise AssertionError("a span without a row is refused above")
    return Quote(tuple(_lines(usage, rates, card.digits)), tier, row)


def _lines(usage: Usage, rates: Ints, digits: int) -> list[QuoteLine]:
    quantities = {
        INPUT: usage.input_tokens
        - usage.cached_tokens
        - usage.cache_write_tokens
        - usage.cache_write_1h_tokens,
        CACHED: usage.cached_tokens,
        WRITE: usage.cache_write_tokens,
        WRITE_1H: usage.cache_write_1h_tokens,
        OUTPUT: usage.output_tokens - usage.reasoning_tokens,
        REASONING: usage.reasoning_tokens,
        REQUEST: 1,
    }
    lines = []
    for column, quantity in quantities.items():
        rate = int(rates[column])
        if quantity and (rate or column != REQUEST):
            usd_each = Decimal(rate).scaleb(-digits)
            shown = usd_each if column == REQUEST else usd_each.scaleb(6)
            lines.append(QuoteLine(COMPONENTS[column], quantity, shown.normalize(), usd_each * quantity))
    return lines


def quote_many(card: RateCard, requests: Requests) -> QuoteAmounts:
    """The price of every request; refusals are marked, never guessed."""
    n = len(requests.keys)
    units = np.zeros(n, dtype=np.int64)
    refused = np.zeros(n, dtype=np.int64)
    columns = {field.name: getattr(requests, field.name) for field in fields(Requests)}
    for start in range(0, n, BLOCK):
        block = {
            name: None if values is None else values[start : start + BLOCK]
            for name, values in columns.items()
        }
        _price_block(card, block, units[start : start + BLOCK], refused[start : start + BLOCK])
    return QuoteAmounts(units, refused, (*card.reasons, *_CHECKS), card.digits)


def _price_block(card: RateCard, block: Mapping[str, Ints | None], units: Ints, refused: Ints) -> None:
    keys, at, whole, output = (_given(block[n]) for n in ("keys", "at", "input_tokens", "output_tokens"))
    span = card.span_of(keys, at)
    rates = card.rates.take(card.row_of(span, at, whole), axis=0)
    plain = whole
    total = np.zeros_like(whole)
    negative = (whole < 0) | (output < 0)
    for name, column in (
        ("cached_tokens", CACHED),
        ("cache_write_tokens", WRITE),
        ("cache_write_1h_tokens", WRITE_1H),
    ):
        part = block[name]
        if part is not None:
            plain = plain - part
            total += part * rates[:, column]
            negative |= part < 0
    spoken = output
    thought = block["reasoning_tokens"]
    if thought is not None:
        spoken = output - thought
        total += thought * rates[:, REASONING]
        negative |= thought < 0
    total += plain * rates[:, INPUT]
    total += spoken * rates[:, OUTPUT]
    total += rates[:, REQUEST]
    most_tokens = _SAFE // max(1, int(card.rates[:, :REQUEST].max(initial=0)))
    first_check = len(card.reasons)
    reason = card.refusal[span]
    for number, wrong in enumerate(
        (
            negative,
            plain < 0,
            spoken < 0,
            (whole > most_tokens // 2) | (output > most_tokens // 2),
            whole > card.limit[span],
            (rates[:, OUTPUT] == UNKNOWN_RATE) & (output > 0),
        ),
        start=first_check + 1,
    ):
        if wrong.any():
            reason = np.where((reason == 0) & wrong, number, reason)
    refused[:] = reason
    total[reason != 0] = 0
    units[:] = total


def _given(values: Ints | None) -> Ints:
    if values is None:
        raise ValueError("keys, at, input_tokens and output_tokens are needed")
    return values


def _array_of(value: int) -> Ints:
    return np.array([value], dtype=np.int64)


def _whole(value: int) -> int:
    if abs(value) >= 2**53:
        raise CrossoverError(message("{n:,} tokens are more than can be priced (check the count)", n=value))
    return value

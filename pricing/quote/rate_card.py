"""Rates of many models compiled into one flat table of whole numbers.

A rate is a whole number of 10^-digits USD a token, so that no amount is ever rounded. A key (a model at a
tier of service) has spans of time, one after the other; a span has its ordinary rates and those of its hours
of the day; each of these has a row for every side of its context cliffs.
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass, field
from datetime import UTC, date, datetime, time, timedelta
from decimal import Decimal
from typing import Final

import numpy as np
import numpy.typing as npt

from i18n.errors import CrossoverError
from i18n.message import Message, message

from ..rows import WEEKDAYS, DatedFact, EmbeddingPrice, Offer, Rates, Tiered, Window, lifecycle_of

Ints = npt.NDArray[np.int64]

STANDARD: Final = "standard"
TIERS: Final = (STANDARD, "batch", "flex", "priority", "fast")

INPUT, CACHED, WRITE, WRITE_1H, OUTPUT, REASONING, REQUEST = range(7)
COLUMNS: Final = 7
UNKNOWN_RATE: Final = -1

PICO: Final = 12
MAX_DIGITS: Final = 15
NO_LIMIT: Final = np.iinfo(np.int64).max
KEY_BITS: Final = 37
"""Seconds since 1970 fit; the key stands above them."""
_LAST: Final = 2**KEY_BITS - 1


def seconds(day: date) -> int:
    """Seconds from 1970 to the start of a day, UTC; 0 for days before."""
    return max(0, int(datetime.combine(day, time(), UTC).timestamp())) if day.year >= 1970 else 0


@dataclass(slots=True)
class _Builder:
    """Columns of the table while it is built."""

    span_start: list[int] = field(default_factory=list)
    span_refusal: list[int] = field(default_factory=list)
    span_limit: list[int] = field(default_factory=list)
    span_variant: list[int] = field(default_factory=list)
    span_windows: list[int] = field(default_factory=list)
    variant_row: list[int] = field(default_factory=list)
    variant_edges: list[tuple[int, ...]] = field(default_factory=list)
    variant_hours: list[tuple[int, int, int]] = field(default_factory=list)
    rates: list[tuple[Decimal | None, ...]] = field(default_factory=list)
    rows: list[DatedFact | None] = field(default_factory=list)


class RateCard:
    """Rates by key, second, hour and length of prompt; a key's refusals as positions in `reasons`.

    `rates` has shape (rows, 7), in units of 10^-digits USD a token (a request, in the last column).
    """

    def __init__(self, keys: Sequence[tuple[tuple[DatedFact, ...], str] | Message]) -> None:
        """Each key: a history with a tier of service, or why there is none."""
        self.reasons: list[Message] = []
        built = _Builder()
        for number, key in enumerate(keys):
            self._add_key(built, number << KEY_BITS, key)
        self.digits = _digits(built.rates)
        scale = Decimal(10) ** self.digits
        self.rates: Ints = np.array(
            [[UNKNOWN_RATE if rate is None else int(rate * scale) for rate in row] for row in built.rates],
            dtype=np.int64,
        ).reshape(-1, COLUMNS)
        self.starts = np.array(built.span_start, dtype=np.int64)
        self.refusal = np.array(built.span_refusal, dtype=np.int64)
        self.limit = np.array(built.span_limit, dtype=np.int64)
        self.variant = np.array(built.span_variant, dtype=np.int64)
        self.windows = np.array(built.span_windows, dtype=np.int64)
        self.first_row = np.array(built.variant_row, dtype=np.int64)
        widest = max((len(edges) for edges in built.variant_edges), default=0)
        self.edges = np.full((widest, len(built.variant_edges)), NO_LIMIT, dtype=np.int64)
        for variant, edges in enumerate(built.variant_edges):
            self.edges[: len(edges), variant] = edges
        self.hours = np.array(built.variant_hours, dtype=np.int64).reshape(-1, 3)
        self.rows = built.rows
        """Source price row of each span."""

    def _add_key(self, built: _Builder, base: int, key: tuple[tuple[DatedFact, ...], str] | Message) -> None:
        if isinstance(key, Message):
            self._add_refusal(built, base, key)
            return
        history, tier = key
        first = history[0]
        if first.effective_from.year >= 1970:
            self._add_refusal(
                built,
                base,
                message(
                    "no price for '{id}' before {day}, its first row (choose a later date)",
                    id=first.id,
                    day=first.effective_from.isoformat(),
                ),
            )
        for index, row in enumerate(history):
            start = base + seconds(row.effective_from)
            rates = _rates_of(row, tier)
            if isinstance(rates, Message):
                self._add_refusal(built, start, rates)
            else:
                self._add_span(built, start, row, rates, tier)
            last = _last_day(row)
            following = history[index + 1].effective_from if index + 1 < len(history) else None
            if last is not None and (following is None or last + timedelta(days=1) < following):
                self._add_refusal(
                    built,
                    base + seconds(last + timedelta(days=1)),
                    message(
                        "no price for '{id}' after {day}, the last day of its row (choose an earlier date)",
                        id=row.id,
                        day=last.isoformat(),
                    ),
                )

    def _add_refusal(self, built: _Builder, start: int, why: Message) -> None:
        self.reasons.append(why)
        self._open_span(built, start, len(self.reasons), None, NO_LIMIT, 0)
        built.variant_row.append(len(built.rates))
        built.variant_edges.append(())
        built.variant_hours.append((0, 0, 0))
        built.rates.append((Decimal(0),) * COLUMNS)

    def _add_span(self, built: _Builder, start: int, row: DatedFact, rates: Tiered, tier: str) -> None:
        windows: tuple[Window, ...] = row.windows if isinstance(row, Offer) and tier == STANDARD else ()
        limit = getattr(row, "context_window_tokens", None) or NO_LIMIT
        self._open_span(built, start, 0, row, limit, len(windows))
        fee = getattr(row, "usd_per_1k_requests", None)
        has_output = not isinstance(row, EmbeddingPrice)
        _add_variant(built, rates, fee, (0, 0, 0), has_output)
        for window in windows:
            days = sum(1 << WEEKDAYS.index(name) for name in window.weekdays)
            _add_variant(built, window, fee, (_minutes(window.from_utc), _minutes(window.to_utc), days))

    def _open_span(
        self, built: _Builder, start: int, refusal: int, row: DatedFact | None, limit: int, windows: int
    ) -> None:
        built.span_start.append(start)
        built.span_refusal.append(refusal)
        built.span_limit.append(limit)
        built.span_variant.append(len(built.variant_row))
        built.span_windows.append(windows)
        built.rows.append(row)

    def span_of(self, keys: Ints, at: Ints) -> Ints:
        """The span of each request: `keys` and `at` (seconds since 1970) of shape (n,)."""
        wanted = (keys << KEY_BITS) + np.clip(at, 0, _LAST)
        return np.searchsorted(self.starts, wanted, side="right") - 1

    def row_of(self, span: Ints, at: Ints, input_tokens: Ints) -> Ints:
        """The row of `rates` of each request: by its hour of the day and the length of its prompt."""
        variant = self.variant[span]
        count = self.windows[span]
        timed = np.flatnonzero(count)
        if timed.size:
            variant[timed] = self._in_window(variant[timed], count[timed], at[timed])
        row = self.first_row[variant]
        for edges in self.edges:
            row += input_tokens > edges[variant]
        return row

    def _in_window(self, variant: Ints, count: Ints, at: Ints) -> Ints:
        minute = at // 60 % 1440
        weekday = 1 << (at // 86_400 + 3) % 7  # 1970 began on a Thursday
        variants = variant.copy()
        for number in range(int(count.max())):
            candidate = variant + np.minimum(number + 1, count)
            start, end, days = self.hours[candidate].T
            inside = (number < count) & (minute >= start) & (minute < end) & (weekday & days != 0)
            variants = np.where(inside, candidate, variants)
        return variants


def _add_variant(
    built: _Builder,
    rates: Tiered,
    fee: Decimal | None,
    hours: tuple[int, int, int],
    has_output: bool = True,
) -> None:
    built.variant_row.append(len(built.rates))
    built.variant_edges.append(tuple(tier.above_prompt_tokens for tier in rates.context_tiers))
    built.variant_hours.append(hours)
    for level in (rates, *rates.context_tiers):
        built.rates.append(_columns(level, fee, has_output))


def _columns(rates: Rates, fee: Decimal | None, has_output: bool) -> tuple[Decimal | None, ...]:
    """USD a token in the order of the columns; what the vendor does not price apart follows its parent."""

    def per_token(usd_per_mtok: Decimal) -> Decimal:
        return usd_per_mtok.scaleb(-6)

    plain = rates.input_usd_per_mtok
    cached = plain if rates.cached_input_usd_per_mtok is None else rates.cached_input_usd_per_mtok
    write = plain if rates.cache_write_usd_per_mtok is None else rates.cache_write_usd_per_mtok
    write_1h = write if rates.cache_write_1h_usd_per_mtok is None else rates.cache_write_1h_usd_per_mtok
    output = rates.output_usd_per_mtok
    reasoning = output if rates.reasoning_usd_per_mtok is None else rates.reasoning_usd_per_mtok
    token_rates = [per_token(usd) for usd in (plain, cached, write, write_1h, output, reasoning)]
    return (
        *token_rates[:4],
        *(token_rates[4:] if has_output else (None, None)),
        Decimal(0) if fee is None else fee.scaleb(-3),
    )


def _rates_of(row: DatedFact, tier: str) -> Tiered | Message:
    if isinstance(row, EmbeddingPrice):
        price = row.batch_input_usd_per_mtok if tier == "batch" else row.input_usd_per_mtok
        if tier not in (STANDARD, "batch") or price is None:
            return _no_tier(row.id, tier)
        return Tiered(input_usd_per_mtok=price, output_usd_per_mtok=Decimal(0))
    if not isinstance(row, Offer):
        return message("'{id}' is not priced per token (choose a model)", id=row.id)
    if tier == STANDARD:
        return row
    return getattr(row.service_tiers, tier, None) or _no_tier(row.id, tier)


def _no_tier(row_id: str, tier: str) -> Message:
    return message("'{id}' has no known {tier} price (choose another tier)", id=row_id, tier=tier)


def _last_day(row: DatedFact) -> date | None:
    """Last day on which the model can be used."""
    ends = [row.effective_to, lifecycle_of(row).retires_on]
    return min((day for day in ends if day is not None), default=None)


def _minutes(clock: str) -> int:
    hours, minutes = clock.split(":")
    return int(hours) * 60 + int(minutes)


def _digits(rates: Sequence[tuple[Decimal | None, ...]]) -> int:
    """Decimal places that hold every rate exactly: pico-dollars, or finer where a price asks for it."""
    needed = PICO
    for row in rates:
        for rate in row:
            if rate is not None:
                exponent = rate.normalize().as_tuple().exponent
                needed = max(needed, -int(exponent))
    if needed > MAX_DIGITS:
        raise CrossoverError(
            message(
                "a price of {n} decimal places per token (round it to {limit})", n=needed, limit=MAX_DIGITS
            )
        )
    return needed

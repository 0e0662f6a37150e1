"""Checks of valid rows: outliers, old checks, changes between two books."""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Sequence
from datetime import date, timedelta
from decimal import Decimal
from itertools import pairwise

from i18n.message import Message, message

from ..book import PriceBook
from ..rows import (
    TABLES,
    ContextTier,
    DatedFact,
    EmbeddingPrice,
    Evidence,
    Fact,
    Gpu,
    Offer,
    OpenModel,
    Rates,
    Tiered,
)
from ..rows.prices import own_prices
from .changes import per_token_doubts

FACTOR = 10
"""Ratio to the row before from which a price is more likely a typing error than a change."""

_OF_A_SPEED = frozenset(
    {
        *("bandwidth_gb_per_s", "bf16_tflops", "total_params_b", "active_params_b", "layers", "hidden"),
        *("attention_layers", "kv_bytes_per_token", "routed_experts", "experts_per_token"),
    }
)
"""Fields of a GPU that the roofline model needs."""

PAGE_MARKS = ("http://", "https://", "github:")


def doubts(history: Sequence[Fact]) -> Iterator[tuple[Fact, str, Message]]:
    """(row, field, what looks wrong) for all rows of one id, oldest first."""
    for row in history:
        if row.evidence == Evidence.PUBLISHED and not any(mark in row.source for mark in PAGE_MARKS):
            yield row, "source", message("names no page (give an address that shows the figure)")
        yield from ((row, field, what) for field, what in per_token_doubts(row))
        if isinstance(row, OpenModel | Gpu):
            blank = [name for name in row.unknown_fields if name in _OF_A_SPEED]
            if blank and not (isinstance(row, Gpu) and row.is_cpu):
                what = message("unknown, so no speed is predicted with it (add what is known)")
                yield row, ", ".join(blank), what
        if isinstance(row, Offer):
            yield from _offer_doubts(row)
        if isinstance(row, EmbeddingPrice) and row.batch_input_usd_per_mtok is not None:
            usd, standard = row.batch_input_usd_per_mtok, row.input_usd_per_mtok
            if usd > standard:
                what = message(
                    "{usd} is more expensive than standard, {standard}", usd=usd, standard=standard
                )
                yield row, "batch_input_usd_per_mtok", what
    for before, after in pairwise(history):
        yield from _date_doubts(before, after)
        for field, old in own_prices(before).items():
            new = getattr(after, field)
            if new and old and not Decimal(1) / FACTOR < new / old < FACTOR:
                yield (
                    after,
                    field,
                    message(
                        "{new} after {old}: a factor of {limit} or more (check the unit)",
                        new=str(new),
                        old=str(old),
                        limit=FACTOR,
                    ),
                )


def _date_doubts(before: Fact, after: Fact) -> Iterator[tuple[Fact, str, Message]]:
    if not (isinstance(before, DatedFact) and isinstance(after, DatedFact)) or before.effective_to is None:
        return
    days = {"end": before.effective_to.isoformat(), "start": after.effective_from.isoformat()}
    if before.effective_to >= after.effective_from:
        yield before, "effective_to", message("{end} overlaps the next row, from {start} on", **days)
    elif before.effective_to + timedelta(days=1) < after.effective_from:
        yield before, "effective_to", message("no price between {end} and the next row, from {start}", **days)


def _offer_doubts(row: Offer) -> Iterator[tuple[Fact, str, Message]]:
    for place, rates in _all_rates(row):
        yield from ((row, f"{place}{field}", what) for field, what in _rate_doubts(rates))
    yield from ((row, place, what) for place, what in _cliff_doubts(row))
    below: Offer | ContextTier = row
    for tier in row.context_tiers:
        if tier.input_usd_per_mtok < below.input_usd_per_mtok:
            yield (
                row,
                "context_tiers",
                message(
                    "input above {limit:,} tokens is cheaper than below it (check the order)",
                    limit=tier.above_prompt_tokens,
                ),
            )
        below = tier
    for name, tier_rates in _service_tiers(row):
        yield from (
            (row, f"service_tiers.{name}.{field}", what)
            for field, what in _tier_doubts(row, name, tier_rates)
        )


def _cliff_doubts(row: Offer) -> Iterator[tuple[str, Message]]:
    """Context tiers that no prompt can reach."""
    window = row.context_window_tokens
    for place, rates in _all_tiered(row):
        for index, cliff in enumerate(rates.context_tiers):
            if window is not None and cliff.above_prompt_tokens >= window:
                yield (
                    f"{place}context_tiers.{index}.above_prompt_tokens",
                    message(
                        "{limit:,} is not below the context window of {window:,}: no prompt is so long "
                        "(check both)",
                        limit=cliff.above_prompt_tokens,
                        window=window,
                    ),
                )


def _service_tiers(row: Offer) -> list[tuple[str, Tiered]]:
    tiers = row.service_tiers
    named = (("batch", tiers.batch), ("flex", tiers.flex), ("priority", tiers.priority))
    return [(name, rates) for name, rates in named if rates is not None]


def _all_rates(row: Offer) -> Iterator[tuple[str, Rates]]:
    """(place in the row, rates) of the row itself, its service tiers, its hours and their context tiers."""
    for place, rates in _all_tiered(row):
        yield place, rates
        for index, cliff in enumerate(rates.context_tiers):
            yield f"{place}context_tiers.{index}.", cliff


def _all_tiered(row: Offer) -> Iterator[tuple[str, Tiered]]:
    """(place in the row, rates) of the row itself, its service tiers and its hours of the day."""
    yield "", row
    yield from ((f"service_tiers.{name}.", rates) for name, rates in _service_tiers(row))
    yield from ((f"windows.{index}.", rates) for index, rates in enumerate(row.windows))


def _rate_doubts(rates: Rates) -> Iterator[tuple[str, Message]]:
    cached, plain = rates.cached_input_usd_per_mtok, rates.input_usd_per_mtok
    if cached is not None and cached > plain:
        yield (
            "cached_input_usd_per_mtok",
            message(
                "{cached} is more expensive than input, {plain} (swap them?)", cached=cached, plain=plain
            ),
        )
    short, long = rates.cache_write_usd_per_mtok, rates.cache_write_1h_usd_per_mtok
    if short is not None and long is not None and long < short:
        yield (
            "cache_write_1h_usd_per_mtok",
            message(
                "{long} is cheaper than a short-lived write, {short} (swap them?)", long=long, short=short
            ),
        )
    if plain > rates.output_usd_per_mtok:
        yield "output_usd_per_mtok", message("cheaper than input (swap them?)")


def _tier_doubts(row: Offer, name: str, rates: Tiered) -> Iterator[tuple[str, Message]]:
    """Service tiers on the wrong side of the standard price, or a factor of ten off it; each field once."""
    edges = sorted({0, *(tier.above_prompt_tokens for tier in (*row.context_tiers, *rates.context_tiers))})
    for field in Rates.model_fields:
        for edge in edges:
            usd, standard = getattr(_above(rates, edge), field), getattr(_above(row, edge), field)
            if usd is None or standard is None:
                continue
            if name == "priority" and usd < standard:
                yield field, message("{usd} is cheaper than standard, {standard}", usd=usd, standard=standard)
            elif name != "priority" and usd > standard:
                yield (
                    field,
                    message("{usd} is more expensive than standard, {standard}", usd=usd, standard=standard),
                )
            elif usd and standard and not Decimal(1) / FACTOR < usd / standard < FACTOR:
                yield (
                    field,
                    message(
                        "{usd} where standard is {standard}: a factor of {limit} or more (check the unit)",
                        usd=usd,
                        standard=standard,
                        limit=FACTOR,
                    ),
                )
            else:
                continue
            break


def _above(rates: Tiered, prompt_tokens: int) -> Rates:
    """The rates of a prompt just above `prompt_tokens` tokens."""
    reached = [tier for tier in rates.context_tiers if tier.above_prompt_tokens <= prompt_tokens]
    return reached[-1] if reached else rates


def stale(rows: Iterable[Fact], today: date, max_age_days: int) -> list[tuple[Fact, int]]:
    """(row, days since its check) of the rows checked longer ago than `max_age_days`, oldest first.

    Of rows of one id only the latest counts: an old price is allowed to have been checked long ago.
    """
    latest: dict[tuple[type[Fact], str], Fact] = {}
    for row in rows:
        known = latest.get((type(row), row.id))
        if known is None or _start(row) >= _start(known):
            latest[type(row), row.id] = row
    aged = [(row, (today - row.checked_on).days) for row in latest.values()]
    return sorted((item for item in aged if item[1] > max_age_days), key=lambda item: -item[1])


def difference(old: PriceBook, new: PriceBook) -> list[str]:
    """Rows added, removed and changed between two books, one line each."""
    before, after = _by_ref(old), _by_ref(new)
    lines = [f"+ {key[0]}: {key[1]}" for key in after if key not in before]
    lines += [f"- {key[0]}: {key[1]}" for key in before if key not in after]
    for key, row in after.items():
        was = before.get(key)
        if was is None or was == row:
            continue
        for name, value in row:
            if getattr(was, name) != value:
                lines.append(f"~ {key[0]}: {key[1]}: {name}: {getattr(was, name)} -> {value}")
    return lines


def _by_ref(book: PriceBook) -> dict[tuple[str, str], Fact]:
    return {(table, row.ref): row for table, i in book.ids() for row in book.history(TABLES[table], i)}


def _start(row: Fact) -> date:
    return row.effective_from if isinstance(row, DatedFact) else date.min

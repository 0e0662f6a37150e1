"""Rules for rows of the base tables beyond the type of a field; `pricing check` applies them.

A company's own rows are exempt: a contract has no page, and its prices may be unusual.
"""

from __future__ import annotations

from collections.abc import Callable, Iterator, Mapping
from datetime import date
from typing import Final

from i18n.errors import CrossoverError
from i18n.message import Message, message

from .book import PriceBook
from .load import book_of
from .quote.model_names import Resolver
from .rows import (
    ContextTier,
    Deployment,
    Evidence,
    Fact,
    GpuRent,
    Lifecycle,
    LifecycleState,
    Milestone,
    Offer,
    Tokenizer,
    TrainingPrice,
)

Violation = tuple[str, Message]
"""(field, what is wrong and what to do)."""

_PAGE: Final = "https://"


def checked_book(texts: Mapping[str, str | bytes], today: date | None = None) -> PriceBook:
    """The book of base tables; raises CrossoverError with every fault of a row, or else of a rule."""
    book = book_of(texts, today)
    if errors := rule_errors(book):
        raise CrossoverError(*errors)
    return book


def rule_errors(book: PriceBook) -> list[Message]:
    """Every violation in the book, a line each, by table and row."""
    resolver = Resolver(book)
    errors: list[Message] = []
    for table, rows in book.tables().items():
        for row in rows:
            errors += [
                message("{place}: {field}: {what}", place=f"{table}.yaml: {row.ref}", field=field, what=what)
                for field, what in _violations(row, book, resolver)
            ]
    return errors


def _violations(row: Fact, book: PriceBook, resolver: Resolver) -> Iterator[Violation]:
    if not row.source.strip():
        yield "source", message("blank (give an address that shows the figure)")
    match row:
        case Offer():
            for rule in _OFFER_RULES:
                yield from rule(row)
        case TrainingPrice():
            yield from _training_has_a_price(row)
        case Deployment():
            yield from _deployment_can_be_priced(row, book)
        case Tokenizer():
            yield from _ratios_lie_within_their_bounds(row)
        case Lifecycle():
            yield from _lifecycle_says_something(row)
        case Milestone():
            yield from _milestone_has_a_price(row, resolver)


def _offer_names_a_page(row: Offer) -> Iterator[Violation]:
    if _PAGE not in row.source:
        yield "source", message("names no page (give an address that shows the figure)")


def _cache_rates_are_plausible(row: Offer) -> Iterator[Violation]:
    cached, plain = row.cached_input_usd_per_mtok, row.input_usd_per_mtok
    if cached is not None and cached > plain:
        yield (
            "cached_input_usd_per_mtok",
            message(
                "{cached} is more expensive than input, {plain} (swap them?)", cached=cached, plain=plain
            ),
        )
    if cached is None and row.cache_write_usd_per_mtok is not None:
        yield (
            "cached_input_usd_per_mtok",
            message("missing, but a cache write has a price (add it, or remove cache_write_usd_per_mtok)"),
        )


def _cache_rule_names_its_page(row: Offer) -> Iterator[Violation]:
    has_rule = row.min_cacheable_tokens is not None or row.cache_ttl_s is not None
    if has_rule and _PAGE not in row.cache_source:
        yield (
            "cache_source",
            message("names no page (give the address that shows min_cacheable_tokens and cache_ttl_s)"),
        )


def _closed_offer_has_its_day(row: Offer) -> Iterator[Violation]:
    if row.lifecycle == LifecycleState.SHUT_DOWN and row.retires_on is None:
        yield "retires_on", message("missing (a retired offer needs the day)")
    if row.lifecycle == LifecycleState.EXISTING_CUSTOMERS_ONLY and row.closed_to_new_customers_on is None:
        yield "closed_to_new_customers_on", message("missing (an offer for existing customers needs the day)")


def _longer_prompts_are_not_cheaper(row: Offer) -> Iterator[Violation]:
    below: Offer | ContextTier = row
    for tier in row.context_tiers:
        rates = (
            ("input_usd_per_mtok", below.input_usd_per_mtok, tier.input_usd_per_mtok),
            ("output_usd_per_mtok", below.output_usd_per_mtok, tier.output_usd_per_mtok),
        )
        for field, usd_below, usd_above in rates:
            if usd_above < usd_below:
                yield (
                    "context_tiers",
                    message(
                        "{field} above {limit:,} tokens is cheaper than below it (check the order)",
                        field=field,
                        limit=tier.above_prompt_tokens,
                    ),
                )
        below = tier


_OFFER_RULES: Final[tuple[Callable[[Offer], Iterator[Violation]], ...]] = (
    _offer_names_a_page,
    _cache_rates_are_plausible,
    _cache_rule_names_its_page,
    _closed_offer_has_its_day,
    _longer_prompts_are_not_cheaper,
)


def _training_has_a_price(row: TrainingPrice) -> Iterator[Violation]:
    prices = (row.training_usd_per_mtok, row.training_usd_per_hour, row.minimum_usd_per_job)
    if all(usd is None for usd in prices):
        yield "training_usd_per_mtok", message("missing (give a price per Mtok, per hour or per job)")


def _deployment_can_be_priced(row: Deployment, book: PriceBook) -> Iterator[Violation]:
    if not book.history(GpuRent, row.gpu):
        yield "gpu", message("'{gpu}' has no row in gpu_rent.yaml (add one)", gpu=row.gpu)
    prices = book.on(date.max)
    try:
        prices.throughput_prior(prices.gpu(row.gpu), prices.open_model(row.open_model).has_experts)
    except CrossoverError as error:
        yield from (("gpu", reason) for reason in error.errors)


def _ratios_lie_within_their_bounds(row: Tokenizer) -> Iterator[Violation]:
    for kind, (ratio, low, high) in row.ratios.items():
        if not low <= ratio <= high:
            yield f"ratios.{kind}", message("not between its bounds (write the ratio, the low, the high)")


def _lifecycle_says_something(row: Lifecycle) -> Iterator[Violation]:
    days = (row.announced_on, row.closed_to_new_customers_on, row.new_jobs_until, row.retires_on)
    if row.state is None and not any(days):
        yield "state", message("missing, and no day is given (write what is known, or remove the row)")
    if row.state == LifecycleState.SHUT_DOWN and row.retires_on is None and row.evidence != Evidence.ASSUMED:
        yield "retires_on", message("missing (an offer that was shut down needs the day)")
    if _PAGE not in row.source:
        yield "source", message("names no page (give an address that shows the state)")
    if row.announced_on is not None and row.announced_on > row.checked_on:
        yield "announced_on", message("after checked_on (give the day somebody looked)")


def _milestone_has_a_price(row: Milestone, resolver: Resolver) -> Iterator[Violation]:
    expected_id = f"{row.line}-{row.launched_on.isoformat()}"
    if row.id != expected_id:
        yield "id", message("is not '{id}' (name it by line and day)", id=expected_id)
    if _PAGE not in row.source:
        yield "source", message("names no page (give an address that shows the figure)")
    if row.launched_on > row.checked_on:
        yield "launched_on", message("after checked_on (only a model that is on sale is a milestone)")
    try:
        history = resolver.history(row.model)
    except CrossoverError as error:
        yield from (("model", reason) for reason in error.errors)
        return
    if not any(price.effective_from <= row.launched_on for price in history):
        yield (
            "model",
            message(
                "'{model}' has no price on {day} (add a row that starts by then)",
                model=row.model,
                day=row.launched_on.isoformat(),
            ),
        )

"""Catalogue rows: every model and tier costs what the package itself computes."""

from __future__ import annotations

from collections import Counter
from collections.abc import Iterator
from dataclasses import replace
from datetime import UTC, date, datetime, time, timedelta
from decimal import Decimal
from importlib.metadata import version
from typing import Any

import numpy as np
import pytest
from genai_prices.data import providers
from genai_prices.types import Usage as TheirUsage

from costing.comparison.compare import compare
from costing.reports.comparison import cost_lines as report_cost_lines
from costing.scenario.library import load_scenario
from i18n.errors import CrossoverError
from pricing.book import PriceBook
from pricing.catalogue import LAYER, LEFT_OUT, VERSION, WINDOWS_FROM, catalogue, our_id
from pricing.quote.model_names import Resolver
from pricing.quote.quote import BEYOND_CONTEXT, NO_OUTPUT_PRICE, Requests, Usage, quote, quote_many
from pricing.quote.rate_card import RateCard
from pricing.rows import ModelPrice
from tests.support.factories import frozen_book
from tests.support.rows import rows_of

USAGES = (
    (1_000, 0, 0, 500),
    (90_000, 20_000, 30_000, 700),
    (240_001, 0, 100_000, 3),
    (272_001, 200_000, 0, 10),
)
"""Input, cached, written and output tokens, on both sides of the known price steps."""
CONTEXTS = {
    "batch": {"processing": "batch"},
    "flex": {"service_tier": "flex"},
    "priority": {"service_tier": "priority"},
    "fast": {"service_tier": "fast"},
}
NOISE = Decimal("1e-7")
TODAY = datetime(2026, 11, 18, 12, tzinfo=UTC)
"""A Wednesday, off-peak everywhere."""


def moments(model: Any) -> Iterator[datetime]:
    """Today, both sides of every change, and hours of the day where they count."""
    yield TODAY
    for item in (*(model.prices if isinstance(model.prices, list) else ()), *(model.price_variants or ())):
        start = getattr(item.constraint, "start_date", None)
        if start is not None:
            midnight = datetime.combine(start, time(), UTC)
            yield from (midnight - timedelta(seconds=1), midnight)
        if hasattr(item.constraint, "start_time"):
            for edge in (item.constraint.start_time, item.constraint.end_time):
                at = datetime.combine(TODAY.date(), edge)
                yield from (at - timedelta(seconds=1), at, at + timedelta(days=3))


def theirs(provider: Any, model: Any, usage: tuple[int, ...], at: datetime, tier: str) -> Decimal:
    tokens, cached, write, output = usage
    their_usage = TheirUsage(
        input_tokens=tokens, cache_read_tokens=cached, cache_write_tokens=write, output_tokens=output
    )
    contexts = [CONTEXTS.get(tier), {"speed": tier}]
    named = [variant.when for variant in model.price_variants or ()]
    context = next((known for known in contexts if known in named), None)
    total: Decimal = model.calc_price(
        their_usage, provider, genai_request_timestamp=at, price_context=context
    ).total_price
    return total


def _tiers(model: Any) -> Iterator[str]:
    yield "standard"
    for variant in model.price_variants or ():
        for tier, context in CONTEXTS.items():
            if variant.when in (context, {"speed": tier}):
                yield tier


def test_every_model_and_tier_costs_what_the_package_says() -> None:
    """But for: what was left out, what lies beyond the context window, output of embeddings, prices with the
    noise of floats, and the hours of DeepSeek at weekends and before they began, which it cannot say."""
    resolver = Resolver(PriceBook({}))
    requests = [
        (provider, model, tier, usage, at)
        for provider in providers
        for model in provider.models
        if our_id(provider.id, model.id) in catalogue().histories
        for tier in dict.fromkeys(_tiers(model))
        for at in dict.fromkeys(moments(model))
        for usage in USAGES
    ]
    names = list(dict.fromkeys((our_id(p.id, m.id), tier) for p, m, tier, _, _ in requests))
    card = RateCard([resolver.key("", name, tier) for name, tier in names])
    number = {name: index for index, name in enumerate(names)}
    counts = np.array([usage for *_, usage, _ in requests], dtype=np.int64)
    amounts = quote_many(
        card,
        Requests(
            keys=np.array([number[our_id(p.id, m.id), tier] for p, m, tier, _, _ in requests]),
            at=np.array([int(at.timestamp()) for *_, at in requests]),
            input_tokens=counts[:, 0],
            cached_tokens=counts[:, 1],
            cache_write_tokens=counts[:, 2],
            output_tokens=counts[:, 3],
        ),
    )
    seen: Counter[str] = Counter()
    for (provider, model, tier, usage, at), units, refused in zip(
        requests, amounts.units.tolist(), amounts.refused.tolist(), strict=True
    ):
        where = f"{provider.id}/{model.id} {tier} {usage} {at}"
        if refused:
            reason = amounts.reasons[refused - 1]
            if reason == BEYOND_CONTEXT:
                assert model.context_window is not None, where
                assert usage[0] > model.context_window, where
            elif reason != NO_OUTPUT_PRICE:  # a tier before its first day, which the package does not refuse
                assert tier != "standard", where
            seen["refused"] += 1
            continue
        mine = Decimal(units).scaleb(-amounts.digits)
        expected = theirs(provider, model, usage, at, tier)
        if mine == expected:
            seen["same"] += 1
            continue
        if abs(mine - expected) < NOISE * expected:
            seen["float noise"] += 1
            continue
        start = WINDOWS_FROM.get((provider.id, model.id))
        assert provider.id == "deepseek", where
        assert at.weekday() >= 5 or (start is not None and at.date() < start), where
        seen["deepseek"] += 1
    assert seen["same"] > 8_000
    assert seen["deepseek"] < 100
    assert seen["float noise"] < 200
    assert len(names) > 2_100


def test_rows_are_marked_as_the_catalogue_s() -> None:
    for history in catalogue().histories.values():
        assert {row.layer for row in history} == {LAYER}
        assert all(f"genai-prices {VERSION}" in row.source for row in history)
    assert version("genai-prices") == VERSION


def test_what_is_known_to_be_wrong_is_left_out() -> None:
    for provider, model in LEFT_OUT:
        assert our_id(provider, model) not in catalogue().histories


def test_our_rows_stand_before_the_catalogue_s() -> None:
    history = Resolver(frozen_book()).history("openai/gpt-5.6-luna")
    assert [(row.layer, row.effective_from.isoformat()) for row in history] == [
        (LAYER, "2026-07-09"),
        ("shipped", "2026-07-30"),
    ]
    resolver = Resolver(frozen_book())
    before = datetime(2026, 7, 8, 23, tzinfo=UTC)
    with pytest.raises(CrossoverError, match="before 2026-07-09"):
        quote(resolver, "openai/gpt-5.6-luna", Usage(1), before)


@pytest.mark.parametrize(
    ("provider", "model", "row"),
    [
        ("openai", "gpt-4o-2024-08-06", "openai/gpt-4o"),
        ("fireworks", "accounts/fireworks/models/gpt-oss-120b", "fireworks/gpt-oss-120b"),
        ("aws", "amazon.nova-pro-v1:0", "bedrock/amazon.nova-pro-v1:0"),
        ("x-ai", "grok-4.7", "xai/grok-4.7"),
        ("azure", "gpt-4.1", "openai/gpt-4.1"),
        ("", "claude-sonnet-4-6", "anthropic/claude-sonnet-4-6"),
        ("openai", "ft:gpt-4.1-2025-04-14:acme::x1", "openai/tuned-gpt-4.1"),
    ],
)
def test_names_in_logs_find_their_rows(provider: str, model: str, row: str) -> None:
    resolved = Resolver(frozen_book()).key(provider, model, "standard")
    assert isinstance(resolved, tuple)
    assert {item.id for item in resolved[0]} == {row}


def test_without_the_catalogue_an_unknown_model_is_refused() -> None:
    with pytest.raises(CrossoverError, match="no model 'novita/deepseek/deepseek-r1'"):
        Resolver(frozen_book(), with_catalogue=False).history("novita/deepseek/deepseek-r1")


def test_a_catalogue_row_is_a_row_of_ours() -> None:
    """Built without validation, for speed; every one of them passes it."""
    for history in catalogue().histories.values():
        for row in history:
            if isinstance(row, ModelPrice):
                assert ModelPrice.model_validate(row.model_dump()).model_dump() == row.model_dump()


def test_a_scenario_may_use_a_model_of_the_catalogue() -> None:
    book = frozen_book()
    before, after = book.on(date(2026, 10, 18)), book.on(date(2026, 11, 4))
    model = "openrouter/openai/gpt-oss-120b"
    assert before.model(model).input_usd_per_mtok == Decimal("0.039")
    assert after.model(model).input_usd_per_mtok == Decimal("0.1")
    assert after.model(model).layer == LAYER
    assert model not in after.rows(ModelPrice)
    assert model in after.catalogue_ids()
    assert "openai/gpt-4.1" not in after.catalogue_ids()
    assert date(2026, 11, 3) in book.change_days([model])
    assert date(2026, 11, 3) not in book.change_days()


def test_of_our_own_models_the_catalogue_says_nothing() -> None:
    with pytest.raises(CrossoverError, match="its first row starts on 2026-09-23"):
        frozen_book().on(date(2026, 1, 1)).model("openai/gpt-4.1")


def test_a_comparison_with_the_catalogue_says_so_on_every_line() -> None:
    scenario = load_scenario("brand_voice")
    first = scenario.strategies[0]
    picked = replace(first, settings={**first.settings, "model": "novita/deepseek/deepseek-r1"})
    comparison = compare(replace(scenario, strategies=(picked, *scenario.strategies[1:])), frozen_book())
    rows = [row for row in rows_of(report_cost_lines(comparison)) if "deepseek-r1" in row.price_ref]
    assert rows
    assert {row.layer for row in rows} == {LAYER}

"""Exact quotes: worked by hand, against a slow reference, the published sample, single and in bulk."""

from __future__ import annotations

import csv
from datetime import UTC, date, datetime, timedelta
from decimal import Decimal
from typing import Any

import numpy as np
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from i18n.errors import CrossoverError
from pricing.book import PriceBook
from pricing.quote.model_names import Resolver
from pricing.quote.quote import QuoteAmounts, Requests, Usage, quote, quote_many
from pricing.quote.rate_card import STANDARD, TIERS, RateCard
from pricing.rows import ContextTier, EmbeddingPrice, ModelPrice, ServiceTiers, Tiered, Window
from tests.support.factories import book, frozen_book, lifecycle, model_price
from tests.support.paths import GOLDEN

SAMPLE = GOLDEN / "price_golden_sample.csv"
NOON = datetime(2026, 11, 18, 12, tzinfo=UTC)


def row(**changes: object) -> ModelPrice:
    fields: dict[str, object] = {
        "id": "acme/one",
        "vendor": "Acme",
        "name": "one",
        "tokenizer": "o200k_base",
        "effective_from": date(2026, 1, 1),
        "input_usd_per_mtok": Decimal(2),
        "cached_input_usd_per_mtok": Decimal("0.2"),
        "cache_write_usd_per_mtok": Decimal("2.5"),
        "output_usd_per_mtok": Decimal(10),
        "source": "https://example.com",
        "checked_on": date(2026, 1, 1),
    }
    return ModelPrice(**{**fields, **changes})  # type: ignore[arg-type]


def resolver(*rows: ModelPrice | EmbeddingPrice) -> Resolver:
    models = [item for item in rows if isinstance(item, ModelPrice)]
    embeddings = [item for item in rows if isinstance(item, EmbeddingPrice)]
    return Resolver(PriceBook({"models": models, "embeddings": embeddings}), with_catalogue=False)


def usd(rows: tuple[ModelPrice, ...], usage: Usage, at: datetime = NOON, tier: str = STANDARD) -> Decimal:
    return quote(resolver(*rows), "acme/one", usage, at, tier).usd


def refusal(rows: tuple[ModelPrice, ...], usage: Usage, at: datetime = NOON, tier: str = STANDARD) -> str:
    with pytest.raises(CrossoverError) as caught:
        usd(rows, usage, at, tier)
    return str(caught.value)


def test_each_kind_of_token_has_its_price() -> None:
    prices = row(cache_write_1h_usd_per_mtok=Decimal(4), reasoning_usd_per_mtok=Decimal(20))
    quoted = quote(resolver(prices), "acme/one", Usage(1000, 100, 200, 300, 50, 20), NOON)
    assert [(line.component, line.quantity, line.usd) for line in quoted.lines] == [
        ("input", 400, Decimal("0.0008")),
        ("cached input", 100, Decimal("0.00002")),
        ("cache write", 200, Decimal("0.0005")),
        ("cache write, 1 h", 300, Decimal("0.0012")),
        ("output", 30, Decimal("0.0003")),
        ("reasoning", 20, Decimal("0.0004")),
    ]
    assert quoted.usd == Decimal("0.00322")


def test_what_is_not_priced_apart_follows_its_parent() -> None:
    plain = row(cached_input_usd_per_mtok=None, cache_write_usd_per_mtok=None)
    assert usd((plain,), Usage(1000, 100, 200, 300, 50, 20)) == Decimal("0.0025")


def test_a_cliff_prices_every_token_and_is_strictly_above() -> None:
    tier = ContextTier(
        above_prompt_tokens=1000, input_usd_per_mtok=Decimal(4), output_usd_per_mtok=Decimal(15)
    )
    prices = row(context_tiers=(tier,))
    assert usd((prices,), Usage(1000)) == Decimal("0.002")
    assert usd((prices,), Usage(1001)) == Decimal("0.004004")
    assert usd((prices,), Usage(1001, output_tokens=10)) == Decimal("0.004154")


def test_the_cliff_of_haiku_at_100_000_tokens() -> None:
    shipped = Resolver(frozen_book(), with_catalogue=False)
    at = datetime(2026, 11, 22, tzinfo=UTC)
    assert quote(shipped, "anthropic/claude-haiku-5-5", Usage(100_000), at).usd == Decimal("0.01")
    assert quote(shipped, "anthropic/claude-haiku-5-5", Usage(100_001), at).usd == Decimal("0.0500005")


def test_a_price_changes_at_midnight_utc_wherever_the_reader_is() -> None:
    rows = (row(), row(effective_from=date(2027, 1, 1), input_usd_per_mtok=Decimal(4)))
    midnight = datetime(2027, 1, 1, tzinfo=UTC)
    assert usd(rows, Usage(1000), midnight - timedelta(seconds=1)) == Decimal("0.002")
    assert usd(rows, Usage(1000), midnight) == Decimal("0.004")
    assert usd(rows, Usage(1000), datetime.fromisoformat("2027-01-01T07:59:59+08:00")) == Decimal("0.002")
    assert usd(rows, Usage(1000), midnight.replace(tzinfo=None)) == Decimal("0.004")


def test_hours_of_the_day_and_weekdays() -> None:
    peak = Window(
        from_utc="01:00",
        to_utc="04:00",
        weekdays=("mon", "tue", "wed", "thu", "fri"),
        input_usd_per_mtok=Decimal(5),
        output_usd_per_mtok=Decimal(20),
    )
    late = peak.model_copy(update={"from_utc": "22:00", "to_utc": "24:00", "input_usd_per_mtok": Decimal(7)})
    rows = (row(windows=(peak, late)),)
    friday = datetime(2026, 11, 20, tzinfo=UTC)
    prices = {
        timedelta(hours=1) - timedelta(seconds=1): "0.002",
        timedelta(hours=1): "0.005",
        timedelta(hours=4) - timedelta(seconds=1): "0.005",
        timedelta(hours=4): "0.002",
        timedelta(hours=23, minutes=59, seconds=59): "0.007",
        timedelta(days=1, hours=2): "0.002",
        timedelta(days=2, hours=2): "0.002",
        timedelta(days=3, hours=2): "0.005",
    }
    for after, expected in prices.items():
        assert usd(rows, Usage(1000), friday + after) == Decimal(expected), after


def test_tiers_of_service() -> None:
    batch = Tiered(input_usd_per_mtok=Decimal(1), output_usd_per_mtok=Decimal(5))
    rows = (row(service_tiers=ServiceTiers(batch=batch)),)
    assert usd(rows, Usage(1000, output_tokens=10), tier="batch") == Decimal("0.00105")
    assert refusal(rows, Usage(1000), tier="flex") == (
        "'acme/one' has no known flex price (choose another tier)"
    )
    assert "is no tier of service" in refusal(rows, Usage(1000), tier="turbo")


def test_what_cannot_be_priced_is_refused() -> None:
    ended = row(effective_to=date(2026, 6, 30), context_window_tokens=1000)
    assert "before 2026-01-01" in refusal((ended,), Usage(1), datetime(2025, 12, 31, 23, 59, tzinfo=UTC))
    assert usd((ended,), Usage(1), datetime(2026, 6, 30, 23, 59, 59, tzinfo=UTC)) == Decimal("0.000002")
    assert "after 2026-06-30" in refusal((ended,), Usage(1), datetime(2026, 7, 1, tzinfo=UTC))
    june = datetime(2026, 6, 1, tzinfo=UTC)
    assert usd((ended,), Usage(1000), june) == Decimal("0.002")
    assert "context window" in refusal((ended,), Usage(1001), june)
    assert "negative" in refusal((row(),), Usage(-1))
    assert "more cached" in refusal((row(),), Usage(10, 6, 5))
    assert "reasoning" in refusal((row(),), Usage(10, output_tokens=3, reasoning_tokens=4))
    assert "more than can be priced" in refusal((row(),), Usage(10**18))
    retired = row(retires_on=date(2026, 11, 17))
    assert "after 2026-11-17" in refusal((retired,), Usage(1))
    with pytest.raises(CrossoverError, match="did you mean 'acme/one'"):
        quote(resolver(row()), "acme/onee", Usage(1), NOON)


def test_an_embedding_has_no_output_price() -> None:
    price = EmbeddingPrice(
        id="acme/embed",
        vendor="Acme",
        name="embed",
        tokenizer="cl100k_base",
        effective_from=date(2026, 1, 1),
        input_usd_per_mtok=Decimal("0.02"),
        batch_input_usd_per_mtok=Decimal("0.01"),
        source="https://example.com",
        checked_on=date(2026, 1, 1),
    )
    embeddings = resolver(price)
    assert quote(embeddings, "acme/embed", Usage(1000), NOON).usd == Decimal("0.00002")
    assert quote(embeddings, "acme/embed", Usage(1000), NOON, "batch").usd == Decimal("0.00001")
    with pytest.raises(CrossoverError, match="no output price"):
        quote(embeddings, "acme/embed", Usage(1000, output_tokens=1), NOON)


def test_a_fee_for_each_request() -> None:
    assert usd((row(usd_per_1k_requests=Decimal(5)),), Usage(1000)) == Decimal("0.007")


def test_finer_prices_than_pico_dollars_stay_exact() -> None:
    fine = row(input_usd_per_mtok=Decimal("0.0347625"))
    assert usd((fine,), Usage(3)) == Decimal("0.0000001042875")
    with pytest.raises(CrossoverError, match="decimal places"):
        usd((row(input_usd_per_mtok=Decimal("1e-13")),), Usage(1))


def _oracle(rows: tuple[ModelPrice, ...], usage: Usage, at: datetime) -> Decimal | None:
    """Slow reference implementation of the pricing rules; None for refused usage."""
    started = [item for item in rows if item.effective_from <= at.date()]
    if not started:
        return None
    prices: Tiered = started[-1]
    clock = f"{at:%H:%M}"
    day = ("mon", "tue", "wed", "thu", "fri", "sat", "sun")[at.weekday()]
    for window in started[-1].windows:
        if window.from_utc <= clock < window.to_utc and day in window.weekdays:
            prices = window
    level: Tiered | ContextTier = prices
    for tier in prices.context_tiers:
        if usage.input_tokens > tier.above_prompt_tokens:
            level = tier
    plain = usage.input_tokens - usage.cached_tokens - usage.cache_write_tokens
    cached = level.cached_input_usd_per_mtok
    write = level.cache_write_usd_per_mtok
    if plain < 0:
        return None
    return (
        plain * level.input_usd_per_mtok
        + usage.cached_tokens * (level.input_usd_per_mtok if cached is None else cached)
        + usage.cache_write_tokens * (level.input_usd_per_mtok if write is None else write)
        + usage.output_tokens * level.output_usd_per_mtok
    ) / 10**6


price = st.decimals(min_value=0, max_value=100, places=4)
maybe = st.none() | price
rates: st.SearchStrategy[dict[str, Any]] = st.fixed_dictionaries(
    {
        "input_usd_per_mtok": price,
        "cached_input_usd_per_mtok": maybe,
        "cache_write_usd_per_mtok": maybe,
        "output_usd_per_mtok": price,
    }
)


@st.composite
def tiered(draw: st.DrawFn) -> dict[str, Any]:
    edges = sorted(draw(st.sets(st.integers(1, 2000), max_size=3)))
    tiers = tuple(ContextTier(above_prompt_tokens=edge, **draw(rates)) for edge in edges)
    return {**draw(rates), "context_tiers": tiers}


@st.composite
def histories(draw: st.DrawFn) -> tuple[ModelPrice, ...]:
    days = sorted(draw(st.sets(st.integers(0, 20), min_size=1, max_size=4)))
    history = []
    for day in days:
        windows = tuple(
            Window(
                from_utc=start,
                to_utc=end,
                weekdays=tuple(sorted(draw(st.sets(st.sampled_from(("mon", "wed", "sat")), min_size=1)))),
                **draw(tiered()),
            )
            for start, end in draw(
                st.sampled_from(((), (("01:00", "04:00"),), (("00:00", "12:30"), ("20:15", "24:00"))))
            )
        )
        starts = date(2026, 11, 1) + timedelta(days=day)
        history.append(row(effective_from=starts, windows=windows, **draw(tiered())))
    return tuple(history)


@settings(max_examples=150, deadline=None)
@given(
    st.lists(histories(), min_size=1, max_size=3),
    st.lists(
        st.tuples(
            st.integers(0, 2),
            st.integers(0, 30 * 86_400),
            st.integers(0, 2500),
            st.integers(0, 1000),
            st.integers(0, 1000),
            st.integers(0, 500),
        ),
        min_size=1,
        max_size=40,
    ),
)
def test_many_cost_what_the_rule_book_says(
    models: list[tuple[ModelPrice, ...]], requests: list[tuple[int, ...]]
) -> None:
    start = datetime(2026, 10, 28, tzinfo=UTC)
    table = np.array([(key % len(models), *rest) for key, *rest in requests], dtype=np.int64)
    card = RateCard([(history, STANDARD) for history in models])
    amounts = quote_many(
        card,
        Requests(
            keys=table[:, 0],
            at=int(start.timestamp()) + table[:, 1],
            input_tokens=table[:, 2],
            cached_tokens=table[:, 3],
            cache_write_tokens=table[:, 4],
            output_tokens=table[:, 5],
        ),
    )
    total = Decimal(0)
    for position, (key, after, tokens, cached, write, output) in enumerate(table.tolist()):
        usage = Usage(tokens, cached, write, 0, output)
        expected = _oracle(models[key], usage, start + timedelta(seconds=after))
        if expected is None:
            assert amounts.refused[position]
        else:
            assert not amounts.refused[position]
            assert Decimal(int(amounts.units[position])).scaleb(-amounts.digits) == expected
            total += expected
    assert amounts.usd == total


def test_a_sum_larger_than_64_bits_is_exact() -> None:
    n = 50_000
    amounts = QuoteAmounts(np.full(n, 2**60 + 1), np.zeros(n, dtype=np.int64), (), 12)
    assert amounts.usd == Decimal(n * (2**60 + 1)).scaleb(-12)


BEYOND_CONTEXT = 30
"""Rows of the sample that no such model can have served; both engines of the sample priced them."""
WEEKENDS = 13
"""Rows of DeepSeek at peak hours of a weekend, which is off-peak; the sample has the peak price."""


def priced_or_beyond_context(resolver: Resolver, model: str, usage: Usage, at: datetime) -> Decimal | None:
    try:
        return quote(resolver, model, usage, at).usd
    except CrossoverError as error:
        if "context window" in str(error):
            return None
        raise


def test_the_published_sample() -> None:
    """As genai-prices to the last digit, or as litellm where it stands alone, but for what is listed."""
    shipped = Resolver(frozen_book())
    same = beyond = weekends = 0
    with SAMPLE.open(encoding="utf-8") as file:
        for item in csv.DictReader(file):
            model = (
                item["model"] if item["model"].startswith("ft:") else f"{item['provider']}/{item['model']}"
            )
            usage = Usage(
                int(item["input_tokens"]),
                int(item["cached_tokens"]),
                int(item["cache_write_tokens"]),
                0,
                int(item["output_tokens"]),
            )
            at = datetime.fromisoformat(item["date"])
            usd_found = priced_or_beyond_context(shipped, model, usage, at)
            if usd_found is None:
                beyond += 1
                continue
            expected = item["expected_cost_usd_genai_prices"]
            if not expected:  # litellm's floats: fine-tuned models
                assert float(usd_found) == pytest.approx(float(item["expected_cost_usd_litellm"]), rel=1e-12)
                same += 1
            elif item["provider"] == "deepseek" and at.weekday() >= 5 and usd_found * 2 == Decimal(expected):
                weekends += 1
            else:
                assert usd_found == Decimal(expected), item
                same += 1
    assert (same, beyond, weekends) == (300 - BEYOND_CONTEXT - WEEKENDS, BEYOND_CONTEXT, WEEKENDS)


def test_every_tier_is_a_field_of_the_row() -> None:
    assert set(TIERS) == {STANDARD, *ServiceTiers.model_fields}


# --- models that are billed as their successor


def test_requests_after_the_end_are_priced_as_the_successor_that_the_vendor_bills() -> None:
    # Public shape: gemini-2.5-pro is answered by gemini-3.8-flash from 2026-12-01 on, whose price doubles
    # on 2027-01-01. 1 Mtok of input: 2, then 3, then 6 USD.
    old = model_price(lifecycle=None)
    new = [
        model_price(id="acme/new", input_usd_per_mtok=3, effective_from=date(2026, 9, 1)),
        model_price(id="acme/new", input_usd_per_mtok=6, effective_from=date(2027, 1, 1)),
    ]
    december = date(2026, 12, 1)
    known = lifecycle(retires_on=december, successor="acme/new", billed_as_successor_from=december)
    priced = Resolver(book(old, *new, known), with_catalogue=False)
    for day, usd in (((2026, 11, 30), 2), ((2026, 12, 1), 3), ((2026, 12, 31), 3), ((2027, 1, 1), 6)):
        at = datetime(*day, 12, tzinfo=UTC)
        assert quote(priced, "acme/large", Usage(90_000), at).usd == Decimal(usd) * 90_000 / 1_000_000


def test_a_named_successor_that_is_not_billed_prices_nothing() -> None:
    known = lifecycle(retires_on=date(2026, 12, 1), successor="acme/new")
    priced = Resolver(book(model_price(lifecycle=None), model_price(id="acme/new"), known), False)
    with pytest.raises(CrossoverError, match="no price for 'acme/large' after 2026-12-01"):
        quote(priced, "acme/large", Usage(1000), datetime(2026, 12, 2, tzinfo=UTC))

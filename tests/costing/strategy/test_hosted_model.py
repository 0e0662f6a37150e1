"""What a month of requests to a hosted model costs: tokens, prompt caching, context cliffs."""

from __future__ import annotations

import math
from dataclasses import replace
from datetime import date
from decimal import Decimal

import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st

from costing.cost_lines import Cadence, CostCategory, CostLine
from costing.strategy.base import Infeasible
from costing.strategy.hosted_model import (
    CacheRules,
    Price,
    cache_notes,
    cache_rules,
    price_notes,
    tier_for,
    token_lines,
    warm_share,
)
from costing.units import Unit
from costing.workload.workload import Prompt, Workload
from pricing.rows import Evidence, Window

from ...support.factories import (
    DAY,
    cached_model_price,
    context_tier,
    decimals,
    model_price,
    prompt,
    workload,
)

NO_CACHE = CacheRules(in_use=False, min_tokens=1024, ttl_s=300, is_published=True)
HALF_WARM = 86_400 / 300 * math.log(2)
"""Requests a day at which half of them find a prefix that lives 300 s: 1 - e^(-ln 2) = 1/2."""


def bill(price: Price, sent: Prompt, load: Workload, rules: CacheRules | None = None) -> dict[str, CostLine]:
    """The lines by name."""
    if rules is None:
        rules = cache_rules(price, caching=True, assumed_ttl_s=300, assumed_min_tokens=1024)
    lines = list(token_lines(price, sent, load, rules))
    assert len({str(line.name) for line in lines}) == len(lines)
    return {str(line.name): line for line in lines}


def test_a_month_of_plain_requests() -> None:
    # 30,437.5 requests of 1,000 tokens in and 100 out: 30.4375 Mtok x 2 = 60.875 USD in,
    # 3.04375 Mtok x 10 = 30.4375 USD out.
    lines = bill(model_price(), prompt(0, 1000, 100), workload(1000))
    assert set(lines) == {"Input tokens", "Output tokens"}
    assert lines["Input tokens"].quantity == pytest.approx(30.4375, rel=1e-12)
    assert lines["Input tokens"].usd == pytest.approx(60.875, rel=1e-12)
    assert lines["Output tokens"].usd == pytest.approx(30.4375, rel=1e-12)
    assert lines["Output tokens"].unit == Unit.MTOK
    assert lines["Output tokens"].price.ref == "acme/large @ 2026-01-01"
    assert lines["Output tokens"].cadence == Cadence.MONTHLY


def test_a_fee_for_each_request_is_billed_beside_its_tokens() -> None:
    # 1,000 requests a day are 30.4375 thousand a month, at 5 USD: 152.1875 USD; with a tool call, twice.
    price = model_price(usd_per_1k_requests=Decimal(5))
    line = bill(price, prompt(0, 1000, 100), workload(1000))["Fees per request"]
    assert line.unit == Unit.THOUSAND_REQUESTS
    assert line.quantity == pytest.approx(30.4375, rel=1e-12)
    assert line.usd == pytest.approx(152.1875, rel=1e-12)
    twice = replace(prompt(0, 1000, 100), tool_calls=1.0)
    assert bill(price, twice, workload(1000))["Fees per request"].usd == pytest.approx(304.375, rel=1e-12)


def test_a_conversation_is_billed_for_what_it_sends_again() -> None:
    # P = 100, q = 10, a = 20, n = 3: 420 tokens in and 60 out a conversation. 3,000 requests a day are
    # 1,000 conversations: 30,437.5 x 420 = 12.78375 Mtok in, 30,437.5 x 60 = 1.82625 Mtok out.
    lines = bill(model_price(), prompt(100, 10, 20, turns=3), workload(3000))
    assert lines["Input tokens"].quantity == pytest.approx(12.78375, rel=1e-12)
    assert lines["Output tokens"].quantity == pytest.approx(1.82625, rel=1e-12)


# --- caching


def test_the_warm_share_is_one_less_e_to_the_minus_rate_times_lifetime() -> None:
    assert warm_share(0.0, 300) == 0
    assert warm_share(1 / 300, 300) == pytest.approx(0.632121, abs=1e-6)  # 1 - 1/e
    assert warm_share(math.log(2) / 300, 300) == pytest.approx(0.5, rel=1e-12)
    assert warm_share(1000.0, 300) == 1


def test_half_of_a_half_warm_prefix_is_read_from_the_cache() -> None:
    # A prefix of 2,000 and a question of 500: 1,000 are read from the cache at 1, 1,500 sent at 2.
    lines = bill(cached_model_price(), prompt(2000, 500, 100), workload(HALF_WARM))
    requests = HALF_WARM * 30.4375 / 1e6
    assert lines["Cached input tokens"].quantity == pytest.approx(requests * 1000, rel=1e-12)
    assert lines["Cached input tokens"].usd_per_unit == 1
    assert lines["Input tokens"].quantity == pytest.approx(requests * 1500, rel=1e-12)
    assert "Cache writes" not in lines


def test_where_the_vendor_has_a_write_rate_a_miss_costs_it() -> None:
    # The other half of the prefix, 1,000 tokens, is written at 3; only the question is plain input.
    price = cached_model_price(cache_write_usd_per_mtok=3)
    lines = bill(price, prompt(2000, 500, 100), workload(HALF_WARM))
    requests = HALF_WARM * 30.4375 / 1e6
    assert lines["Cached input tokens"].quantity == pytest.approx(requests * 1000, rel=1e-12)
    assert lines["Cache writes"].quantity == pytest.approx(requests * 1000, rel=1e-12)
    assert lines["Cache writes"].usd_per_unit == 3
    assert lines["Input tokens"].quantity == pytest.approx(requests * 500, rel=1e-12)


@pytest.mark.parametrize(("prefix", "is_cached"), [(999, False), (1000, True), (1001, True)])
def test_a_prefix_shorter_than_the_minimum_is_not_cached(prefix: int, is_cached: bool) -> None:
    lines = bill(cached_model_price(), prompt(prefix, 500, 100), workload(HALF_WARM))
    assert ("Cached input tokens" in lines) is is_cached


def test_a_prefix_that_is_too_short_to_cache_is_said_so() -> None:
    price = cached_model_price()
    rules = cache_rules(price, caching=True, assumed_ttl_s=300, assumed_min_tokens=1024)
    (note,) = cache_notes(price, prompt(999, 500, 100), rules)
    assert str(note) == (
        "The shared prefix of 999 tokens is shorter than the 1,000 that large caches: no caching."
    )
    assert list(cache_notes(price, prompt(1000, 500, 100), rules)) == []
    assert list(cache_notes(price, prompt(0, 500, 100), rules)) == []


@pytest.mark.parametrize(
    ("price", "caching"),
    [(cached_model_price(), False), (model_price(), True)],
    ids=["switched off", "no cached price"],
)
def test_nothing_is_cached_where_caching_is_off_or_has_no_price(price: Price, caching: bool) -> None:
    rules = cache_rules(price, caching=caching, assumed_ttl_s=300, assumed_min_tokens=0)
    lines = bill(price, prompt(2000, 500, 100), workload(HALF_WARM), rules)
    assert set(lines) == {"Input tokens", "Output tokens"}
    assert lines["Input tokens"].quantity == pytest.approx(HALF_WARM * 30.4375 * 2500 / 1e6, rel=1e-12)


def test_published_cache_rules_win_over_assumed_ones() -> None:
    rules = cache_rules(cached_model_price(), caching=True, assumed_ttl_s=60, assumed_min_tokens=4096)
    assert (rules.min_tokens, rules.ttl_s, rules.is_published) == (1000, 300, True)


def test_unpublished_cache_rules_are_assumed_and_said_so() -> None:
    price = cached_model_price(cache_ttl_s=None)
    rules = cache_rules(price, caching=True, assumed_ttl_s=60, assumed_min_tokens=4096)
    assert (rules.min_tokens, rules.ttl_s, rules.is_published) == (1000, 60, False)
    (note,) = cache_notes(price, prompt(2000, 500, 100), rules)
    assert str(note) == (
        "large: cache rules are not fully published; assumed 60 s of life and at least 1,000 tokens."
    )


def test_a_cached_quantity_is_an_estimate_and_an_answer_is_not() -> None:
    lines = bill(cached_model_price(), prompt(2000, 500, 100), workload(1000))
    assert lines["Cached input tokens"].evidence == Evidence.ESTIMATED
    assert lines["Output tokens"].evidence == Evidence.PUBLISHED


def test_keeping_a_cache_warm_can_make_more_requests_cheaper() -> None:
    # Reading is free and writing dear. At a rate x lifetime of 1, 288 requests a day of which
    # e^-1 = 0.3679 write: 105.9 writes; at 3, 864 requests of which e^-3 = 0.0498 write: 43.0 writes.
    price = cached_model_price(cached_input_usd_per_mtok=0, cache_write_usd_per_mtok=1000)
    few, many = (
        bill(price, prompt(1000, 0, 0), workload(volume))["Cache writes"].usd for volume in (288, 864)
    )
    # 105.9 x 1,000 tokens x 1,000 USD per Mtok x 30.4375 days = 3,225 USD a month; 43.0 -> 1,309.
    assert few == pytest.approx(3225, abs=1)
    assert many == pytest.approx(1309, abs=1)


@given(
    prefix=st.integers(0, 5000),
    question=st.integers(1, 5000),
    answer=st.integers(1, 2000),
    turns=st.integers(1, 8),
    volume=st.floats(1, 1e6),
    write=st.sampled_from([None, 3]),
)
def test_caching_moves_tokens_between_lines_and_loses_none(
    prefix: int, question: int, answer: int, turns: int, volume: float, write: int | None
) -> None:
    price = cached_model_price(cache_write_usd_per_mtok=write, context_tiers=(), context_window_tokens=None)
    request = prompt(prefix, question, answer, turns)
    lines = bill(price, request, workload(volume)).values()
    sent = sum(float(line.quantity) for line in lines if line.category == CostCategory.INPUT)
    n = turns
    tokens = n * prefix + n * question + (question + answer) * n * (n - 1) / 2
    assert sent == pytest.approx(volume * 30.4375 / n * tokens / 1e6, rel=1e-9)


@given(prefix=st.integers(1000, 5000), volume=st.floats(1, 1e6), factor=st.floats(1, 100))
def test_a_request_never_gets_dearer_as_the_cache_gets_warmer(
    prefix: int, volume: float, factor: float
) -> None:
    price = cached_model_price(cache_write_usd_per_mtok=3)
    sent = prompt(prefix, 500, 100)

    def usd_per_request(requests_per_day: float) -> float:
        lines = bill(price, sent, workload(requests_per_day)).values()
        return sum(float(line.usd) for line in lines) / requests_per_day

    assert usd_per_request(volume * factor) <= usd_per_request(volume) * (1 + 1e-9)


# --- cliffs and windows


@pytest.mark.parametrize(("question", "is_dear"), [(999, False), (1000, False), (1001, True)])
def test_a_prompt_must_be_longer_than_the_threshold_to_pass_it(question: int, is_dear: bool) -> None:
    price = model_price(context_tiers=(context_tier(1000),))
    assert (tier_for(price, question) is not price) is is_dear


def test_past_a_threshold_every_token_costs_more() -> None:
    price = model_price(context_tiers=(context_tier(1000),))
    lines = bill(price, prompt(0, 1001, 100), workload(1000))
    assert set(lines) == {"Input tokens, prompt above 1,000", "Output tokens, prompt above 1,000"}
    # 30,437.5 x 1,001 = 30.4679375 Mtok x 4 = 121.87175; 3.04375 x 20 = 60.875
    assert lines["Input tokens, prompt above 1,000"].usd == pytest.approx(121.87175, rel=1e-12)
    assert lines["Output tokens, prompt above 1,000"].usd == pytest.approx(60.875, rel=1e-12)


def test_the_highest_threshold_that_is_passed_decides() -> None:
    low, high = context_tier(1000), context_tier(2000, input_usd_per_mtok=8)
    price = model_price(context_tiers=(low, high))
    assert tier_for(price, 2000) is low
    assert tier_for(price, 2001) is high


def test_each_turn_is_priced_at_its_own_length() -> None:
    # P = 500, q = 400, a = 200: the prompts are 900 and 1,500 tokens; only the second passes 1,000.
    price = model_price(context_tiers=(context_tier(1000),))
    lines = bill(price, prompt(500, 400, 200, turns=2), workload(2000))
    # 1,000 conversations a day, 30,437.5 a month.
    assert lines["Input tokens"].quantity == pytest.approx(30_437.5 * 900 / 1e6, rel=1e-12)
    assert lines["Output tokens"].quantity == pytest.approx(30_437.5 * 200 / 1e6, rel=1e-12)
    above = "Input tokens, prompt above 1,000"
    assert lines[above].quantity == pytest.approx(30_437.5 * 1500 / 1e6, rel=1e-12)
    assert lines[above].usd_per_unit == 4


def test_past_a_threshold_the_cache_costs_what_the_tier_says() -> None:
    tier = context_tier(1000, cached_input_usd_per_mtok=2, cache_write_usd_per_mtok=6)
    price = cached_model_price(cache_write_usd_per_mtok=3, context_tiers=(tier,))
    lines = bill(price, prompt(2000, 500, 100), workload(HALF_WARM))
    assert lines["Cached input tokens, prompt above 1,000"].usd_per_unit == 2
    assert lines["Cache writes, prompt above 1,000"].usd_per_unit == 6


@pytest.mark.parametrize(
    "tier",
    [context_tier(1000), context_tier(1000, cached_input_usd_per_mtok=2)],
    ids=["no cached price", "no write price"],
)
def test_a_cache_price_that_is_unknown_past_a_threshold_is_a_reason_and_not_zero(tier: object) -> None:
    price = cached_model_price(cache_write_usd_per_mtok=3, context_tiers=(tier,))
    with pytest.raises(Infeasible, match=r"no cache price above the context threshold \(switch caching off"):
        bill(price, prompt(2000, 500, 100), workload(1000))
    assert bill(price, prompt(2000, 500, 100), workload(1000), NO_CACHE)


def test_the_window_holds_prompt_and_answer_to_the_last_token() -> None:
    price = model_price(context_window_tokens=1100)
    assert bill(price, prompt(0, 1000, 100), workload(1000))
    with pytest.raises(Infeasible) as error:
        bill(price, prompt(0, 1001, 100), workload(1000))
    assert str(error.value) == (
        "large: prompt and answer of 1,101 tokens exceed its window of 1,100 (shorten the text, or retrieve)"
    )


def test_the_last_turn_of_a_conversation_must_fit_the_window() -> None:
    # The second prompt is 500 + 400 + 600 = 1,500 tokens, and its answer 200 more.
    sent = prompt(500, 400, 200, turns=2)
    assert bill(model_price(context_window_tokens=1700), sent, workload(1000))
    with pytest.raises(Infeasible, match="answer of 1,700 tokens exceed its window of 1,699"):
        bill(model_price(context_window_tokens=1699), sent, workload(1000))


def test_a_model_without_a_published_window_takes_any_prompt() -> None:
    assert bill(model_price(context_window_tokens=None), prompt(0, 10_000_000, 100), workload(1000))


# --- notes on an offer


def test_an_offer_without_a_catch_has_no_notes() -> None:
    assert list(price_notes(model_price(), prompt(), DAY, date(2027, 11, 22))) == []


def test_a_promotion_that_ends_within_the_horizon_is_said_so() -> None:
    price = model_price(guaranteed_until=date(2026, 12, 31))
    (note,) = price_notes(price, prompt(), DAY, date(2027, 11, 22))
    assert str(note) == "large (Acme): a promotional price, guaranteed only until 2026-12-31."
    assert list(price_notes(price, prompt(), DAY, date(2026, 12, 31))) == []


def test_a_model_that_retires_within_the_horizon_is_said_so() -> None:
    price = model_price(retires_on=date(2027, 4, 1))
    (note,) = price_notes(price, prompt(), DAY, date(2027, 11, 22))
    assert str(note) == (
        "large (Acme) retires on 2027-04-01, within the horizon: plan a successor. Its price is assumed to "
        "go on."
    )
    assert list(price_notes(price, prompt(), DAY, date(2027, 4, 1))) == []


def test_a_prompt_near_a_threshold_is_said_so() -> None:
    price = model_price(context_tiers=(context_tier(1000),))
    (note,) = price_notes(price, prompt(0, 600, 100), DAY, date(2027, 11, 22))
    assert str(note) == (
        "large (Acme): every token of a request costs more once its prompt exceeds 1,000 tokens; "
        "the longest here is 600."
    )
    assert list(price_notes(price, prompt(0, 400, 100), DAY, date(2027, 11, 22))) == []


def test_hours_of_other_prices_that_are_not_priced_are_said_so() -> None:
    rates = {"input_usd_per_mtok": 4, "output_usd_per_mtok": 20}
    night = Window(from_utc="01:00", to_utc="04:30", weekdays=("mon", "tue"), **decimals(rates))
    day = Window(from_utc="06:00", to_utc="24:00", weekdays=("sun",), **decimals(rates))
    (note,) = price_notes(model_price(windows=(night, day)), prompt(), DAY, date(2027, 11, 22))
    # 3.5 h x 2 days + 18 h x 1 day = 25 h a week
    assert str(note) == (
        "large (Acme) has other prices at 25 of the week's 168 hours (UTC: 01:00-04:30, 06:00-24:00): here "
        "the prices outside those hours hold around the clock."
    )


def test_an_array_of_volumes_gives_what_a_loop_of_volumes_gives() -> None:
    volumes = np.geomspace(1, 1e6, 25)
    price = cached_model_price(cache_write_usd_per_mtok=3)
    sent = prompt(2000, 500, 100)
    at_once = bill(price, sent, workload(volumes))
    for index, volume in enumerate(volumes):
        alone = bill(price, sent, workload(float(volume)))
        for name, line in alone.items():
            assert np.asarray(at_once[name].usd)[index] == pytest.approx(float(line.usd), rel=1e-12)

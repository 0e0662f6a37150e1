"""Cost per resolved request: worked by hand, its laws, and the switch that ranks by it."""

from __future__ import annotations

from typing import Any

import pytest
from hypothesis import given
from hypothesis import strategies as st

from costing.cli.compare import comparison_json, comparison_text
from costing.comparison.compare import Comparison, compare
from costing.comparison.resolution import (
    counts_people,
    horizon_usd,
    ranked,
    resolved,
    shown,
    usd_per_resolved_request,
)
from costing.comparison.verdict import caveat, horizon_verdict, people_note, verdict
from costing.scenario.requirements import Needs
from costing.strategies import registered

from ...support.factories import book, choice, gpu_purchase, scenario, tuned_price

shares = st.floats(0, 1)
usd_amounts = st.floats(0, 1e6)


def stuffed(**settings: Any) -> Any:
    return choice("stuffed_prompt", model="acme/large", **settings)


def tuned(**settings: Any) -> Any:
    return choice("fine_tuned", offer="acme/tuned", **settings)


def compared(*strategies: Any, **needs: Any) -> Comparison:
    return compare(scenario(*strategies, needs=Needs(**needs)), book(gpu_purchase()))


# --- the formula


def test_what_is_not_resolved_costs_people() -> None:
    # 91.3125 USD for 30,437.5 requests is 0.003 each; a fifth of them goes to people at 5 USD: 1.00
    assert usd_per_resolved_request(91.3125, 30_437.5, 0.8, 5) == pytest.approx(1.003)


def test_without_a_cost_of_people_only_the_resolved_requests_share_the_cost() -> None:
    # 0.003 USD a request, four of five resolved: 0.003 / 0.8
    assert usd_per_resolved_request(91.3125, 30_437.5, 0.8, None) == pytest.approx(0.00375)


def test_an_unknown_share_is_no_cost_per_request_in_disguise() -> None:
    assert usd_per_resolved_request(91.3125, 30_437.5, None, 5) is None
    assert usd_per_resolved_request(91.3125, 30_437.5, 0.0, None) is None


@given(usd_amounts, st.floats(1, 1e9), shares, shares, st.none() | usd_amounts)
def test_more_resolved_never_costs_more(
    usd: float, requests: float, first: float, second: float, each: float | None
) -> None:
    low, high = sorted((first, second))
    dear = usd_per_resolved_request(usd, requests, low, each)
    cheap = usd_per_resolved_request(usd, requests, high, each)
    if dear is not None and cheap is not None:
        assert cheap <= dear * (1 + 1e-12)


@given(usd_amounts, usd_amounts, shares)
def test_people_are_never_cheaper_than_free(usd: float, each: float, share: float) -> None:
    usd_each = usd_per_resolved_request(usd, 1000.0, share, each)
    assert usd_each is not None
    assert usd_each >= usd / 1000


# --- of a comparison


def test_a_strategys_share_gives_its_cost_per_resolved_request() -> None:
    comparison = compared(stuffed(resolved_share=0.8), escalation_usd=5.0)
    resolution = resolved(comparison, comparison.outcomes[0])
    assert resolution is not None
    assert resolution.usd_per_resolved_request == pytest.approx(1.003)
    # a fifth of 30,437.5 requests at 5 USD
    assert resolution.people_usd_per_month == pytest.approx(30_437.5)


def test_a_share_that_nobody_gave_is_unknown() -> None:
    comparison = compared(stuffed(), escalation_usd=5.0)
    assert resolved(comparison, comparison.outcomes[0]) is None
    (strategy,) = comparison_json(comparison)["strategies"]
    assert strategy["resolved_share"] is None
    assert strategy["usd_per_resolved_request"] is None
    assert "per resolved request" not in comparison_text(comparison)


def test_the_command_line_says_what_a_resolved_request_costs() -> None:
    comparison = compared(stuffed(resolved_share=0.8), escalation_usd=5.0)
    text = comparison_text(comparison)
    assert "per resolved request: 1.003 USD (80% resolved, with 30,437.50 USD per month of people)" in text
    (strategy,) = comparison_json(comparison)["strategies"]
    assert strategy["usd_per_resolved_request"] == pytest.approx(1.003)


@pytest.mark.parametrize("kind", registered().values(), ids=lambda kind: str(kind.id()))
def test_every_strategy_has_a_resolved_share_that_is_unknown_at_first(kind: Any) -> None:
    knob = kind.knobs()["resolved_share"]
    assert knob.default is None
    assert knob.error(1.01) is not None


@pytest.mark.parametrize("kind", registered().values(), ids=lambda kind: str(kind.id()))
def test_what_all_strategies_share_comes_after_what_is_their_own(kind: Any) -> None:
    assert list(kind.knobs())[-4:] == [
        "resolved_share",
        "measured_first_token_ms",
        "measured_token_ms",
        "data_place",
    ]


# --- the switch


def test_the_verdict_stays_on_model_cost_by_default() -> None:
    comparison = compared(stuffed(resolved_share=0.8), tuned(resolved_share=0.9), escalation_usd=5.0)
    assert not counts_people(comparison)
    assert "Prompt stuffing · large (Acme) is cheapest: 91.31 USD" in str(verdict(comparison))


def test_people_can_be_counted_and_the_verdict_says_so() -> None:
    comparison = compared(
        stuffed(resolved_share=0.8),
        tuned(resolved_share=0.9),
        escalation_usd=5.0,
        rank_by="resolved_request",
    )
    # tuned: tokens 91.3125 + training 33 / 12 + retraining 33 x 2 / 12 = 99.5625; / 30,437.5 + 0.1 x 5
    # stuffed: 1.003; the saving is 1 - 0.503271 / 1.003 = 49.8 %
    assert str(verdict(comparison)) == (
        "At 1,000 requests per day and with people counted, Fine-tuned · large (Acme) is cheapest: 0.5033 "
        "USD per resolved request, 50% below Prompt stuffing · large (Acme). By model cost alone it is "
        "Prompt stuffing · large (Acme)."
    )
    assert [o.strategy.id() for o in ranked(comparison)] == ["fine_tuned", "stuffed_prompt"]
    assert people_note(comparison) is None


@pytest.mark.parametrize(
    ("strategies", "needs", "missing"),
    [
        ((stuffed(resolved_share=0.8), tuned(resolved_share=0.9)), {}, "the cost of a request that goes to"),
        ((stuffed(resolved_share=0.8), tuned()), {"escalation_usd": 5.0}, "of Fine-tuned · large (Acme) is"),
    ],
)
def test_people_are_counted_only_where_all_is_known(strategies: Any, needs: Any, missing: str) -> None:
    comparison = compared(*strategies, rank_by="resolved_request", **needs)
    assert not counts_people(comparison)
    assert "Prompt stuffing · large (Acme) is cheapest: 91.31 USD" in str(verdict(comparison))
    assert missing in str(people_note(comparison))


def test_equal_costs_with_people_are_said_to_be_equal() -> None:
    comparison = compared(
        stuffed(resolved_share=0.8),
        stuffed(resolved_share=0.8, caching=False),
        escalation_usd=5.0,
        rank_by="resolved_request",
    )
    assert "cost the same: 1.003 USD per resolved request" in str(verdict(comparison))


def test_the_caveat_is_about_whom_the_verdict_names() -> None:
    closed = book(tuned_price(lifecycle="existing customers only"))
    inputs = scenario(
        stuffed(resolved_share=0.8),
        tuned(resolved_share=0.9),
        needs=Needs(escalation_usd=5.0, rank_by="resolved_request"),
    )
    assert str(caveat(compare(inputs, closed))).startswith(
        "Fine-tuned · large (Acme) is for existing customers"
    )


def test_people_count_over_the_horizon_too() -> None:
    comparison = compared(
        stuffed(resolved_share=0.8),
        tuned(resolved_share=0.9),
        escalation_usd=5.0,
        rank_by="resolved_request",
    )
    first = comparison.outcomes[0]
    # 12 months of 91.3125 + 30,437.5
    assert float(horizon_usd(comparison, first)) == pytest.approx(12 * (91.3125 + 30_437.5))
    assert horizon_verdict(comparison) is None


def test_a_reference_stands_last_however_people_count() -> None:
    reference = choice("pre_training", deployment="open-10b-1xg1", resolved_share=1.0)
    comparison = compared(
        reference, stuffed(resolved_share=0.5), tuned(resolved_share=0.9), escalation_usd=1e6
    )
    assert shown(comparison)[-1].strategy.is_reference

"""Availability of an option: every announced end within the horizon counts, and unknown is not an end."""

from __future__ import annotations

from datetime import date
from typing import Any

import pytest

from costing.comparison.availability import dated_ends, lasts, limits, needs_replacement
from costing.comparison.compare import Comparison, compare
from costing.comparison.verdict import caveat
from costing.decision.recommendation import decide, recommendation
from pricing.rows import Fact

from ...support.factories import book, choice, embedding_price, model_price, scenario, tuned_price

STUFFED = choice("stuffed_prompt", model="acme/large")
OTHER = choice("stuffed_prompt", "other", model="acme/other")
TUNED = choice("fine_tuned", offer="acme/tuned")
SEARCHED = choice("retrieval", model="acme/large", embedding="vecto/embed")
CLOSED = "existing customers only"


def priced(*strategies: Any, rows: tuple[Fact, ...] = (), months: int = 12) -> Comparison:
    """From 2026-11-22 on; 12 months end on 2027-11-22."""
    return compare(scenario(*strategies, horizon_months=months), book(*rows))


def clauses(comparison: Comparison) -> str:
    return str(limits(comparison, comparison.outcomes[0]))


@pytest.mark.parametrize(
    ("strategy", "row", "expected"),
    [
        (STUFFED, model_price(retires_on=date(2027, 1, 14)), "acme/large ends on 2027-01-14"),
        (STUFFED, model_price(effective_to=date(2027, 1, 13)), "acme/large ends on 2027-01-14"),
        (
            STUFFED,
            model_price(guaranteed_until=date(2026, 12, 31)),
            "promotional price of acme/large until 2026-12-31",
        ),
        (
            TUNED,
            tuned_price(new_jobs_until=date(2027, 1, 6)),
            "no new training of acme/tuned after 2027-01-06",
        ),
        (SEARCHED, embedding_price(effective_to=date(2027, 5, 1)), "vecto/embed ends on 2027-05-02"),
        (STUFFED, model_price(lifecycle=CLOSED), CLOSED),
        (
            TUNED,
            tuned_price(lifecycle=CLOSED, retires_on=date(2027, 1, 14), new_jobs_until=date(2027, 1, 6)),
            "existing customers only; no new training of acme/tuned after 2027-01-06; "
            "acme/tuned ends on 2027-01-14",
        ),
    ],
)
def test_every_limit_within_the_horizon_is_named(strategy: Any, row: Fact, expected: str) -> None:
    assert clauses(priced(strategy, rows=(row,))) == expected


def test_an_end_after_the_horizon_and_an_unknown_one_limit_nothing() -> None:
    comparison = priced(STUFFED, rows=(model_price(retires_on=date(2027, 11, 22)),))
    assert lasts(comparison, comparison.outcomes[0])
    comparison = priced(STUFFED)
    assert lasts(comparison, comparison.outcomes[0])


def test_the_last_day_of_the_horizon_counts() -> None:
    comparison = priced(STUFFED, rows=(model_price(retires_on=date(2027, 11, 21)),))
    (end,) = dated_ends(comparison, comparison.outcomes[0])
    assert end.on == date(2027, 11, 21)


def test_a_promotion_needs_no_replacement_but_a_retirement_does() -> None:
    promotion = priced(STUFFED, rows=(model_price(guaranteed_until=date(2026, 12, 31)),))
    assert not needs_replacement(promotion, promotion.outcomes[0])
    retirement = priced(STUFFED, rows=(model_price(retires_on=date(2027, 1, 14)),))
    assert needs_replacement(retirement, retirement.outcomes[0])


def test_a_teacher_that_is_used_once_may_end() -> None:
    comparison = priced(
        choice("distilled", offer="acme/tuned", teacher="acme/large", retrainings_per_year=0),
        rows=(model_price(retires_on=date(2027, 1, 14)),),
    )
    assert limits(comparison, comparison.outcomes[0]) is None


# --- the recommendation


def test_a_recommendation_that_ends_says_so_and_names_what_lasts() -> None:
    # 1,000 tokens in at 2 USD and 100 out at 10 USD per Mtok: 0.003 x 30,437.5 requests = 91.31 USD per
    # month; the other at 3 USD per Mtok in: 0.004 x 30,437.5 = 121.75.
    rows = (
        model_price(retires_on=date(2027, 1, 14)),
        model_price(id="acme/other", name="other", input_usd_per_mtok=3),
    )
    decision = decide(priced(STUFFED, OTHER, rows=rows))
    text = str(recommendation(decision))
    assert text == (
        "Recommended: prompt-stuffed large (Acme). Please note: acme/large ends on 2027-01-14. Open to every "
        "company for the whole horizon: other, 122 USD per month."
    )


def test_an_option_that_itself_ends_is_no_fallback() -> None:
    rows = (
        model_price(lifecycle=CLOSED),
        model_price(id="acme/other", name="other", input_usd_per_mtok=3, retires_on=date(2027, 6, 1)),
    )
    comparison = priced(STUFFED, OTHER, rows=rows)
    assert str(recommendation(decide(comparison))).endswith(
        "existing customers only. None of the options is open to every company for the whole horizon."
    )


@pytest.mark.parametrize("end", ["retires_on", "effective_to", "guaranteed_until"])
def test_the_caveat_of_a_closed_offer_names_no_option_with_a_dated_end(end: str) -> None:
    cheap = choice("stuffed_prompt", "closed", model="acme/closed")
    rows = (
        model_price(id="acme/closed", name="closed", input_usd_per_mtok=1, lifecycle=CLOSED),
        model_price(**{end: date(2027, 1, 14)}),
        model_price(id="acme/other", name="other", input_usd_per_mtok=4),
    )
    comparison = priced(cheap, STUFFED, OTHER, rows=rows)
    assert "open to everyone for the whole horizon: other, " in str(caveat(comparison))


def test_a_promotion_is_noted_without_another_option() -> None:
    comparison = priced(
        STUFFED,
        OTHER,
        rows=(
            model_price(guaranteed_until=date(2026, 12, 31)),
            model_price(id="acme/other", name="other", input_usd_per_mtok=3),
        ),
    )
    assert str(recommendation(decide(comparison))) == (
        "Recommended: prompt-stuffed large (Acme). Please note: promotional price of acme/large until "
        "2026-12-31."
    )

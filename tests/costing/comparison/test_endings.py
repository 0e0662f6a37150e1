"""What ends for an option: every announced end within the horizon counts, and unknown is not an end."""

from __future__ import annotations

from dataclasses import replace
from datetime import date
from typing import Any

import pytest

from costing.comparison.compare import Comparison, compare
from costing.comparison.endings import can_be_started, endings, lasts, limits, retires_on
from costing.comparison.verdict import caveat
from costing.decision.headline import headline
from costing.decision.option_warnings import option_warnings
from costing.decision.recommendation import decide, reasons, recommendation
from costing.scenario.requirements import Needs
from pricing.rows import Fact

from ...support.factories import (
    book,
    choice,
    embedding_price,
    lifecycle,
    model_price,
    scenario,
    tuned_price,
)

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
        (STUFFED, model_price(retires_on=date(2027, 1, 14)), "large retires on 14 Jan 2027"),
        (STUFFED, model_price(effective_to=date(2027, 1, 13)), "the price of large ends on 13 Jan 2027"),
        (
            STUFFED,
            model_price(guaranteed_until=date(2026, 12, 31)),
            "the price guarantee of large ends on 31 Dec 2026",
        ),
        (
            TUNED,
            tuned_price(new_jobs_until=date(2027, 1, 6)),
            "last day to train large on 6 Jan 2027",
        ),
        (SEARCHED, embedding_price(effective_to=date(2027, 5, 1)), "the price of embed ends on 1 May 2027"),
        (STUFFED, model_price(lifecycle=CLOSED), "closed to new customers"),
        (
            TUNED,
            tuned_price(lifecycle=CLOSED, retires_on=date(2027, 1, 14), new_jobs_until=date(2027, 1, 6)),
            "closed to new customers; last day to train large on 6 Jan 2027; large retires on 14 Jan 2027",
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
    (ending,) = endings(comparison, comparison.outcomes[0])
    assert ending.day == date(2027, 11, 21)


def test_an_option_retires_with_its_model_but_not_with_a_promotion() -> None:
    promotion = priced(STUFFED, rows=(model_price(guaranteed_until=date(2026, 12, 31)),))
    assert retires_on(promotion, promotion.outcomes[0]) is None
    retirement = priced(STUFFED, rows=(model_price(retires_on=date(2027, 1, 14)),))
    assert retires_on(retirement, retirement.outcomes[0]) == date(2027, 1, 14)


def test_a_teacher_that_is_used_once_may_end() -> None:
    comparison = priced(
        choice("distilled", offer="acme/tuned", teacher="acme/large", retrainings_per_year=0),
        rows=(model_price(retires_on=date(2027, 1, 14)),),
    )
    assert limits(comparison, comparison.outcomes[0]) is None


def test_an_offer_that_is_closed_or_ends_soon_cannot_be_started_but_by_its_customers() -> None:
    closed = priced(STUFFED, rows=(model_price(lifecycle=CLOSED),))
    assert not can_be_started(closed, closed.outcomes[0])
    assert can_be_started(closed, closed.outcomes[0], is_customer=True)
    # 183 days after 2026-11-22 is 2027-05-24.
    for day, expected in ((date(2027, 5, 23), False), (date(2027, 5, 24), True)):
        comparison = priced(STUFFED, rows=(model_price(retires_on=day),))
        assert can_be_started(comparison, comparison.outcomes[0], is_customer=True) == expected


# --- the recommendation


def test_an_offer_that_ends_soon_gives_way_to_one_that_lasts_and_the_reason_is_said() -> None:
    # 1,000 tokens in at 2 USD and 100 out at 10 USD per Mtok: 0.003 x 30,437.5 requests = 91.31 USD per
    # month; the other at 3 USD per Mtok in: 0.004 x 30,437.5 = 121.75.
    rows = (
        model_price(retires_on=date(2027, 1, 14)),
        model_price(id="acme/other", name="other", input_usd_per_mtok=3),
    )
    decision = decide(priced(STUFFED, OTHER, rows=rows))
    assert str(recommendation(decision)) == "Recommended: other."
    cheaper = decision.options[0].name
    assert f"{cheaper} costs less, but: large retires on 14 Jan 2027." in [str(r) for r in reasons(decision)]


def test_a_recommendation_that_ends_later_says_so_and_names_what_lasts() -> None:
    rows = (
        model_price(retires_on=date(2027, 9, 1)),
        model_price(id="acme/other", name="other", input_usd_per_mtok=3),
    )
    decision = decide(priced(STUFFED, OTHER, rows=rows))
    assert decision.best is not None
    assert str(recommendation(decision)) == (
        f"Recommended: {decision.best.name}. Please note: large retires on 1 Sep 2027. Open to every company "
        "for the whole horizon: other, 122 USD per month."
    )


def test_an_option_that_itself_ends_is_no_fallback() -> None:
    rows = (
        model_price(retires_on=date(2027, 9, 1)),
        model_price(id="acme/other", name="other", input_usd_per_mtok=3, retires_on=date(2027, 6, 1)),
    )
    comparison = priced(STUFFED, OTHER, rows=rows)
    assert str(recommendation(decide(comparison))).endswith(
        "large retires on 1 Sep 2027. None of the options is open to every company for the whole horizon."
    )


def test_the_answer_of_the_first_screen_recommends_the_same_option() -> None:
    rows = (
        model_price(retires_on=date(2027, 1, 14)),
        model_price(id="acme/other", name="other", input_usd_per_mtok=3),
    )
    comparison = compare(
        scenario(STUFFED, OTHER, TUNED, horizon_months=12, needs=Needs(keeps_a_manner="yes", near_share=9.0)),
        book(*rows),
    )
    best = decide(comparison).best
    assert best is not None
    assert headline(comparison).recommended is best.outcome


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
    rows = (
        model_price(guaranteed_until=date(2026, 12, 31)),
        model_price(id="acme/other", name="other", input_usd_per_mtok=3),
    )
    text = str(recommendation(decide(priced(STUFFED, OTHER, rows=rows))))
    assert text.endswith("Please note: the price guarantee of large ends on 31 Dec 2026.")


def test_where_a_new_customer_can_start_nothing_the_recommendation_says_so() -> None:
    rows = (model_price(lifecycle=CLOSED),)
    sentence = "for the whole horizon. A new customer can start none of them."
    assert str(recommendation(decide(priced(STUFFED, rows=rows)))).endswith(sentence)
    in_use = replace(STUFFED, is_today=True)
    assert "new customer" not in str(recommendation(decide(priced(in_use, rows=rows))))


# --- what is not known of a lifecycle


UNKNOWN = "Unknown: whether new customers can choose large, and until when."


def test_a_recommendation_never_rests_on_an_unknown_lifecycle_without_saying_so() -> None:
    comparison = priced(STUFFED, rows=(model_price(lifecycle=None),))
    decision = decide(comparison)
    assert UNKNOWN in [str(reason) for reason in reasons(decision)]
    assert UNKNOWN in [str(note) for note in headline(comparison).notes]
    assert str(caveat(comparison)) == UNKNOWN


def test_an_unknown_lifecycle_rules_nothing_out() -> None:
    rows = (
        model_price(lifecycle=None),
        model_price(id="acme/other", name="other", input_usd_per_mtok=3),
    )
    comparison = priced(STUFFED, OTHER, rows=rows)
    decision = decide(comparison)
    assert decision.best is not None
    assert decision.best.name == comparison.choices[0].name
    known = decision.best.facts.known
    assert (known["lifecycle"], known["retires_within_horizon"]) == (None, None)
    assert not {rule.id for rule in decision.best.fired} & {
        "existing_customers_only",
        "retires_within_the_horizon",
    }


def test_a_retirement_is_known_where_the_state_is_not() -> None:
    comparison = priced(STUFFED, rows=(model_price(lifecycle=None, retires_on=date(2027, 9, 1)),))
    (option,) = decide(comparison).options
    assert option.facts.known["retires_within_horizon"] == "yes"
    assert str(caveat(comparison)) == (f"{option.name}: large retires on 1 Sep 2027. {UNKNOWN}")


def test_what_is_open_for_the_whole_horizon_is_claimed_only_where_it_is_known() -> None:
    rows = (
        model_price(retires_on=date(2027, 9, 1)),
        model_price(id="acme/other", name="other", input_usd_per_mtok=3, lifecycle=None),
    )
    # 1,000 requests a day: (1,000 x 3 + 100 x 10) / 1e6 x 1,000 x 30.4375 = 121.75 USD
    assert str(recommendation(decide(priced(STUFFED, OTHER, rows=rows)))).endswith(
        "Please note: large retires on 1 Sep 2027. Without a known limit, but its lifecycle is not known: "
        "other, 122 USD per month."
    )


def test_the_lifecycle_of_a_rented_gpu_counts_and_that_of_a_bought_one_does_not() -> None:
    ends = lifecycle("g1", state="open", retires_on=date(2027, 3, 31))
    rented = priced(choice("self_hosted", deployment="open-10b-1xg1"), rows=(ends,))
    assert clauses(rented) == "G1 retires on 31 Mar 2027"
    (option,) = decide(rented).options
    cell = next(str(fact.text) for fact in option.facts.traits if fact.name == "lifecycle")
    assert cell == "open weights (Apache 2.0): cannot be withdrawn; G1 retires on 2027-03-31"
    bought = priced(choice("self_hosted", deployment="open-10b-1xg1", tenure="owned"), rows=(ends,))
    assert limits(bought, bought.outcomes[0]) is None


def test_a_deployment_that_is_withdrawn_ends_the_option() -> None:
    ends = lifecycle("open-10b-1xg1", retires_on=date(2027, 3, 31))
    comparison = priced(choice("self_hosted", deployment="open-10b-1xg1"), rows=(ends,))
    assert retires_on(comparison, comparison.outcomes[0]) == date(2027, 3, 31)


@pytest.mark.parametrize(
    ("strategy", "row_id"),
    [
        (choice("self_hosted", deployment="open-10b-1xg1"), "open-10b-1xg1"),
        (SEARCHED, "vecto/embed"),
    ],
)
def test_what_was_shut_down_before_the_day_cannot_be_started(strategy: Any, row_id: str) -> None:
    rows = (embedding_price(lifecycle=None), lifecycle(row_id, retires_on=date(2026, 11, 22)))
    (outcome,) = priced(strategy, rows=rows).outcomes
    assert str(outcome.infeasible_reason) == f"{row_id} was shut down (choose another offer)"


@pytest.mark.parametrize(
    ("fields", "clause"),
    [
        ({"state": "preview"}, "large is a preview"),
        ({"state": "deprecated"}, "the end of large is announced, its day is not known"),
        (
            {"state": "open", "announced_on": date(2026, 11, 1)},
            "the end of large is announced, its day is not known",
        ),
        ({"state": "deprecated", "retires_on": date(2027, 9, 1)}, "large retires on 1 Sep 2027"),
    ],
)
def test_a_preview_and_an_announced_end_are_limits_and_badges(fields: dict[str, Any], clause: str) -> None:
    comparison = priced(STUFFED, rows=(model_price(lifecycle=None), lifecycle(**fields)))
    assert clauses(comparison) == clause
    assert not lasts(comparison, comparison.outcomes[0])
    assert len(option_warnings(comparison, comparison.outcomes[0])) == 1

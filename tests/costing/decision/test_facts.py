"""Facts other than cost: from the price row, from the user, or unknown; never guessed."""

from __future__ import annotations

import math
from collections.abc import Sequence
from dataclasses import replace
from datetime import date
from typing import Any

import pytest

from costing.comparison.compare import compare
from costing.decision.facts import FACTS, FactSheet, facts
from costing.decision.latency import token_ms
from costing.decision.strategy_fact import StrategyFact
from costing.fleet import Fleet
from costing.reports.fleet import fleet as report_fleet
from costing.scenario.decision_rules import STRATEGY_FACTS
from costing.scenario.library import load_scenario, shipped_ids
from pricing.rows import Evidence, Fact
from tests.support.rows import rows_of

from ...support.factories import (
    book,
    choice,
    deployment,
    frozen_book,
    gpu,
    model_price,
    scenario,
    tuned_price,
)


def facts_of(strategy: Any, *rows: Fact, knowledge: int = 2000, **changes: Any) -> FactSheet:
    inputs = scenario(strategy, **changes)
    parts = {**inputs.parts, "knowledge": replace(inputs.parts["question"], tokens=knowledge)}
    comparison = compare(replace(inputs, parts=parts), book(*rows))
    (outcome,) = comparison.feasible
    return facts(comparison, outcome)


def trait(strategy: Any, name: str, *rows: Fact, **changes: Any) -> StrategyFact:
    (wanted,) = (fact for fact in facts_of(strategy, *rows, **changes).traits if fact.name == name)
    return wanted


def stuffed(**settings: Any) -> Any:
    return choice("stuffed_prompt", model="acme/large", **settings)


def tuned(**settings: Any) -> Any:
    return choice("fine_tuned", offer="acme/tuned", **settings)


def hosted(**settings: Any) -> Any:
    return choice("self_hosted", deployment="open-10b-1xg1", **settings)


def searched(**settings: Any) -> Any:
    return choice("retrieval", model="acme/large", embedding="vecto/embed", **settings)


def overflowing(**settings: Any) -> Any:
    return choice("overflow", deployment="open-10b-1xg1", model="acme/large", **settings)


@pytest.mark.parametrize("scenario_id", shipped_ids())
def test_every_fact_is_there_and_says_its_evidence_or_that_it_is_unknown(scenario_id: str) -> None:
    comparison = compare(load_scenario(scenario_id), frozen_book())
    for outcome in comparison.feasible:
        sheet = facts(comparison, outcome)
        assert [fact.name for fact in sheet.traits] == list(FACTS)
        for fact in sheet.traits:
            assert (fact.value is None) == (fact.evidence is None)
            assert fact.evidence is None or fact.source
        for name, values in STRATEGY_FACTS.items():
            value = sheet.known[name]
            assert value is None or (value in values if values else isinstance(value, int | float))


# --- where prompts are processed


@pytest.mark.parametrize(
    ("region", "place", "evidence"),
    [
        ("Global Standard", "anywhere", "published"),
        ("Developer (global)", "anywhere", "published"),
        ("us-east-1", "region", "published"),
        ("", None, None),
    ],
)
def test_the_place_is_that_of_the_price_row(region: str, place: str | None, evidence: str | None) -> None:
    fact = trait(tuned(), "data_place", tuned_price(region=region))
    assert (fact.value, fact.evidence) == (place, evidence)


def test_a_contract_goes_before_the_price_row() -> None:
    row = tuned_price(region="Global Standard")
    fact = trait(tuned(data_place="region"), "data_place", row)
    assert (fact.value, fact.evidence, fact.source) == ("region", "assumed", "scenario input")


@pytest.mark.parametrize(("tenure", "place"), [("rented", "rented"), ("owned", "house")])
def test_own_machines_are_where_they_were_bought_or_rented(tenure: str, place: str) -> None:
    assert trait(hosted(tenure=tenure), "data_place").value == place


def test_what_overflows_to_a_hosted_model_is_no_more_private_than_that() -> None:
    assert trait(overflowing(tenure="owned"), "data_place").value is None
    assert trait(overflowing(tenure="owned", percentile=100), "data_place").value == "house"


def test_who_embeds_the_questions_reads_them_too() -> None:
    row = tuned_price(region="us-east-1")
    both = choice("fine_tuned_retrieval", offer="acme/tuned", embedding="vecto/embed")
    assert str(trait(both, "data_place", row).text) == "unknown: ask Vecto"
    alone = choice("fine_tuned_retrieval", offer="acme/tuned", embedding="vecto/embed", top_k=0)
    assert trait(alone, "data_place", row).value == "region"
    assert str(trait(searched(), "data_place").text) == "unknown: ask Acme, Vecto"


# --- how fast new knowledge is used


def test_a_prompt_knows_at_once_and_a_search_after_its_index() -> None:
    assert trait(stuffed(), "update_days").value == 0
    assert trait(searched(), "update_days").value == 1
    assert trait(searched(refresh_share_per_month=0), "update_days").value == math.inf


def test_a_tuned_model_knows_after_its_next_training() -> None:
    # 365.25 days / 4
    fact = trait(tuned(retrainings_per_year=4), "update_days")
    assert fact.value == pytest.approx(91.3125)
    assert str(fact.text) == "every 91 days, with the next training"
    assert trait(tuned(retrainings_per_year=0), "update_days").value == math.inf
    assert trait(tuned(knowledge_kept_share=1.0), "update_days").value == 0


def test_a_fleet_that_was_trained_elsewhere_has_an_unknown_cadence() -> None:
    assert trait(hosted(knowledge_kept_share=0.5), "update_days").value is None
    own = hosted(knowledge_kept_share=0.5, own_training="lora", retrainings_per_year=2)
    assert trait(own, "update_days").value == pytest.approx(365.25 / 2)


def test_without_knowledge_nothing_is_to_be_updated() -> None:
    sheet = facts_of(tuned(), knowledge=0)
    assert sheet.known["learns_by"] == "nothing"
    assert sheet.known["update_days"] is None


# --- latency


def test_a_hosted_model_is_as_fast_as_its_user_measured_and_else_unknown() -> None:
    assert trait(stuffed(), "first_token_ms").value is None
    measured = facts_of(stuffed(measured_first_token_ms=300.0, measured_token_ms=20.0))
    # 300 ms and 99 more tokens of 20 ms
    assert measured.known["answer_s"] == pytest.approx(2.28)
    assert {fact.evidence for fact in measured.traits if fact.name in ("first_token_ms", "answer_s")} == {
        "measured"
    }
    half = facts_of(stuffed(measured_first_token_ms=300.0))
    assert (half.known["first_token_ms"], half.known["answer_s"]) == (300, None)


def test_a_published_latency_counts_at_the_lengths_it_was_measured_at() -> None:
    row = deployment(first_token_p50_ms=200, token_p50_ms=40)
    sheet = facts_of(hosted(), row, knowledge=0)
    # 0.2 s and 99 tokens of 40 ms
    assert sheet.known["answer_s"] == pytest.approx(4.16)
    assert {fact.evidence for fact in sheet.traits if fact.name in ("first_token_ms", "answer_s")} == {
        "published"
    }
    longer = trait(hosted(), "first_token_ms", row, knowledge=5000)
    assert longer.evidence == Evidence.ESTIMATED
    assert longer.value != 200


def test_the_time_to_the_first_token_is_the_one_that_the_fleet_is_planned_with() -> None:
    fact = trait(hosted(), "first_token_ms", knowledge=0)
    assert fact.evidence == Evidence.ESTIMATED
    (row,) = rows_of(report_fleet(compare(scenario(hosted()), book())))
    assert fact.value == pytest.approx(row.first_token_ms)


def test_a_longer_prompt_never_begins_sooner() -> None:
    first_token_ms = [trait(hosted(), "first_token_ms", knowledge=n).value for n in (0, 1000, 4000, 16_000)]
    assert first_token_ms == sorted(first_token_ms, key=lambda value: value or 0)


def test_a_busier_fleet_is_slower_up_to_its_full_replica() -> None:
    times = []
    for volume in (10.0, 20_000.0, 60_000.0, 86_000.0):
        comparison = compare(
            scenario(hosted(spare_replicas=0, target_utilisation_share=1.0), requests_per_day=volume), book()
        )
        fleet = comparison.outcomes[0].strategy.part(Fleet)
        assert fleet is not None
        times.append(token_ms(fleet, comparison.workload).ms)
    assert times == sorted(times)
    # ten at once, 100 tokens a second together: a token each 100 ms when it is full
    assert times[-1] == pytest.approx(100, rel=0.02)


def test_a_cpu_and_an_api_beside_the_fleet_have_no_estimate() -> None:
    cpu = gpu(kind="CPU", bf16_tflops=None, fp8_tflops=None, bandwidth_gb_per_s=None)
    assert trait(hosted(), "first_token_ms", cpu, knowledge=0).value is None
    assert trait(overflowing(), "first_token_ms").value is None


# --- lifecycle, lock-in, free context


def test_the_lifecycle_is_that_of_the_row_with_its_days() -> None:
    row = tuned_price(
        lifecycle="existing customers only",
        closed_to_new_customers_on=date(2026, 5, 7),
        new_jobs_until=date(2027, 1, 6),
    )
    fact = trait(tuned(), "lifecycle", row)
    assert str(fact.text) == "existing customers only; since 2026-05-07; new training until 2027-01-06"
    assert (fact.value, fact.evidence, fact.source) == (row.lifecycle, "published", row.source)
    assert facts_of(tuned(), row).known["training_ends_within_horizon"] == "yes"


def test_open_weights_cannot_be_withdrawn() -> None:
    assert "open weights (Apache 2.0)" in str(trait(hosted(), "lifecycle").text)
    assert trait(hosted(), "lock_in").value == "none"


def test_tuned_weights_tie_to_their_vendor_and_others_who_sell_the_model_loosen_it() -> None:
    assert trait(tuned(), "lock_in").value == "high"
    other = model_price(id="other/large", vendor="Other")
    assert str(trait(stuffed(), "lock_in", other).text) == "low: 1 other vendor sells this model"
    third = model_price(id="third/large", vendor="Third")
    assert str(trait(stuffed(), "lock_in", other, third).text) == "low: 2 other vendors sell this model"


def test_the_room_left_is_the_window_less_the_longest_request() -> None:
    # 2,000 + 1,000 + 100 of 100,000 tokens
    fact = trait(stuffed(), "context_free_share")
    assert fact.value == pytest.approx(0.969)
    assert trait(stuffed(), "context_free_share", model_price(context_window_tokens=None)).value is None


def known_names(strategy_facts: Sequence[StrategyFact]) -> set[str]:
    return {fact.name for fact in strategy_facts if fact.value is not None}


def test_an_unknown_fact_is_not_a_zero() -> None:
    assert known_names(facts_of(stuffed()).traits) == {
        "amount_per_month",
        "update_days",
        "lifecycle",
        "lock_in",
        "context_free_share",
    }

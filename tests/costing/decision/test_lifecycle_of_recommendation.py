"""No ready scenario recommends an offer that a new customer cannot start, without saying so."""

from __future__ import annotations

from dataclasses import replace
from datetime import date

import pytest

from costing.comparison.compare import compare
from costing.comparison.endings import is_closed
from costing.decision.recommendation import decide, recommendation
from costing.scenario.library import load_scenario, shipped_ids
from pricing.book import PriceBook
from pricing.company_tables import layered

from ...support.factories import frozen_book

VERTEX = """\
- id: vertex/tuned-gemini-2.5-flash
  state: existing customers only
  closed_to_new_customers_on: 2026-10-20
  retires_on: 2027-03-31
  source: 'https://github.com/dimagi/open-chat-studio/issues/4509'
  checked_on: 2026-12-01
  evidence: assumed
"""


def with_vertex_closed() -> PriceBook:
    """The frozen tables, with the notice on Gemini 2.5 of 2026-09-16."""
    return layered(frozen_book(), {"lifecycles.yaml": VERTEX}, "market", date.max)


def test_the_product_handbook_is_not_answered_by_a_tuned_model_that_is_closed() -> None:
    decision = decide(compare(load_scenario("product_handbook"), with_vertex_closed()))
    assert decision.best is not None
    assert str(decision.best.name) == "Retrieval (RAG) · Gemini 3.8 Flash (Google)"
    tuned = next(option for option in decision.options if "Vertex" in str(option.name))
    (fact,) = [fact for fact in tuned.facts.traits if fact.name == "lifecycle"]
    assert str(fact.text) == "existing customers only; since 2026-10-20; retires on 2027-03-31"
    assert fact.evidence == "assumed"


def test_before_it_closed_the_tuned_model_could_be_started_and_its_end_was_named() -> None:
    # On 2026-10-15 it closes five days later and ends 167 days later: sooner than 183 days.
    scenario = replace(load_scenario("product_handbook"), on=date(2026, 10, 15))
    decision = decide(compare(scenario, with_vertex_closed()))
    tuned = next(option for option in decision.options if "Vertex" in str(option.name))
    assert tuned.facts.known["lifecycle"] == "open"
    assert tuned is not decision.best


@pytest.mark.parametrize("scenario_id", shipped_ids())
def test_a_closed_offer_is_recommended_only_with_the_word_that_nothing_can_be_started(
    scenario_id: str,
) -> None:
    decision = decide(compare(load_scenario(scenario_id), with_vertex_closed()))
    if decision.best is not None and is_closed(decision.comparison, decision.best.outcome):
        assert str(recommendation(decision)).endswith("A new customer can start none of them.")

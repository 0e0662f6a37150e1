"""A scenario may name its models as people write them."""

from __future__ import annotations

from dataclasses import replace
from datetime import date

import pytest

from costing.comparison.compare import compare
from costing.ranking.models import rank_models
from costing.scenario.input_ranges import Correlation, InputRange
from costing.scenario.library import load_scenario
from costing.scenario.row_ids import with_row_ids
from costing.scenario.scenario import Scenario
from i18n.errors import CrossoverError
from tests.support.factories import frozen_book

BOOK = frozen_book()


def picking(**settings: str) -> Scenario:
    """The ready scenario brand_voice with the row of the first strategy that has each setting exchanged."""
    scenario = load_scenario("brand_voice")
    for name, written in settings.items():
        index = next(i for i, choice in enumerate(scenario.strategies) if name in choice.settings)
        choice = scenario.strategies[index]
        scenario = scenario.with_strategy(index, replace(choice, settings={**choice.settings, name: written}))
    return scenario


@pytest.mark.parametrize(
    ("written", "row"),
    [
        ("openai/gpt-4.1-2025-04-14", "openai/gpt-4.1"),
        ("GPT-4.1", "openai/gpt-4.1"),
        ("azure/gpt-4.1", "openai/gpt-4.1"),
        ("eu.anthropic.claude-sonnet-4-6", "bedrock/regional.anthropic.claude-sonnet-4-6-v1:0"),
        ("vertex_ai/gemini-2.5-pro", "google/gemini-2.5-pro"),
    ],
)
def test_a_name_costs_what_its_row_costs(written: str, row: str) -> None:
    by_name, by_id = compare(picking(model=written), BOOK), compare(picking(model=row), BOOK)
    assert by_name.scenario == by_id.scenario
    assert by_name.outcomes == by_id.outcomes


def test_a_fine_tune_is_an_offer() -> None:
    named = with_row_ids(picking(offer="ft:gpt-4.1-2025-04-14:acme::id"), BOOK)
    assert any(choice.settings.get("offer") == "openai/tuned-gpt-4.1" for choice in named.strategies)


def test_a_model_that_is_named_otherwise_retires_on_the_same_day() -> None:
    written = picking(offer="ft:gpt-4.1-mini-2025-04-14:acme::id")
    retired = {r.row_id: r.on for r in compare(written, BOOK).retirements}
    assert retired["openai/tuned-gpt-4.1-mini"] == date(2027, 1, 14)


def test_a_successor_may_be_named_too() -> None:
    scenario = picking(offer="openai/tuned-gpt-4.1-mini")
    outlook = replace(
        scenario.outlook,
        successors={"ft:gpt-4.1-mini-2025-04-14:acme::id": "azure/tuned-gpt-4.1-mini@Global"},
    )
    named = with_row_ids(replace(scenario, outlook=outlook), BOOK)
    assert dict(named.outlook.successors) == {"openai/tuned-gpt-4.1-mini": "azure/tuned-gpt-4.1-mini@global"}


def test_the_range_of_a_price_may_name_its_row_too() -> None:
    given = InputRange("prices.GPT-4.1-2025-04-14", 0.5, 1.0, 2.0)
    pair = Correlation("prices.GPT-4.1-2025-04-14", "requests_per_day", 0.5)
    named = with_row_ids(replace(picking(), ranges=(given,), correlations=(pair,)), BOOK)
    assert named.ranges[0].path == named.correlations[0].first == "prices.openai/gpt-4.1"
    assert named.correlations[0].second == "requests_per_day"


def test_a_scenario_of_ids_stays_as_it_is() -> None:
    scenario = load_scenario("brand_voice")
    assert with_row_ids(scenario, BOOK) is scenario


def test_a_ranking_takes_the_scenario_s_names() -> None:
    assert rank_models(picking(model="GPT-4.1"), BOOK).fit


@pytest.mark.parametrize(
    ("written", "reason"),
    [
        ("whisper-1", "stuffed_prompt: 'openai/whisper-1' is not priced per token"),
        ("gpt-4.2", "no price for 'gpt-4.2' on 2026-11-22 in models"),
    ],
)
def test_a_name_without_a_price_is_one_line(written: str, reason: str) -> None:
    with pytest.raises(CrossoverError) as error:
        compare(replace(picking(model=written), on=date(2026, 11, 22)), BOOK)
    (line,) = str(error.value).splitlines()
    assert reason in line
    assert "did you mean" not in line

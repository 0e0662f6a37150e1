"""Conditions of a rule as text."""

from __future__ import annotations

import pytest

from costing.reports.rule_text import in_words
from costing.scenario.decision_rules import RELATIONS, STRATEGY_FACTS, UNKNOWN, Condition, Rule
from costing.scenario.library import shipped_rules
from costing.scenario.requirements import NEED_FACTS


def rule(need: Condition | None = None, fact: Condition | None = None) -> Rule:
    needs, strategy = (() if condition is None else (condition,) for condition in (need, fact))
    return Rule("own", needs, strategy, "for", 1, "Says so.", "us")


@pytest.mark.parametrize(
    ("condition", "expected"),
    [
        (Condition("learns_by", ("search", "weights")), "Knowledge comes from: retrieval / the weights"),
        (Condition("data_place", (UNKNOWN,)), "Data location: not known"),
        (Condition("is_tuned", ("yes",)), "Fine-tuned: yes"),
        (Condition("context_free_share", (), "below", 0.1), "Free context window: below 10%"),
        (
            Condition("first_token_ms", (), "above", "first_token_ms_at_most"),
            "Time to first token: above “Time to first token, at most”",
        ),
        (
            Condition("update_days", (), "above", "knowledge_days"),
            "Days until knowledge is updated: above “Days between knowledge changes”",
        ),
    ],
)
def test_a_condition_on_a_strategy_is_a_sentence(condition: Condition, expected: str) -> None:
    assert [str(sentence) for sentence in in_words(rule(fact=condition))] == [expected]


@pytest.mark.parametrize(
    ("need", "expected"),
    [
        (Condition("knowledge_changes", ("never", "yearly")), "Knowledge changes: never / yearly"),
        (
            Condition("resolved_share_at_least", (), "at_least", 0),
            "Automatic resolution rate, at least: given",
        ),
        (
            Condition("examples_available", (), "below", 100),
            "Training examples available: below 100",
        ),
    ],
)
def test_a_condition_on_a_need_is_called_as_on_the_page(need: Condition, expected: str) -> None:
    assert [str(sentence) for sentence in in_words(rule(need=need))] == [expected]


def test_needs_come_before_what_is_asked_of_a_strategy() -> None:
    both = rule(Condition("keeps_a_manner", ("yes",)), Condition("is_tuned", ("yes",)))
    assert [str(sentence) for sentence in in_words(both)] == ["Fixed tone or format: yes", "Fine-tuned: yes"]


@pytest.mark.parametrize("facts", [NEED_FACTS, STRATEGY_FACTS])
def test_every_condition_there_can_be_has_words(facts: dict[str, tuple[str, ...]]) -> None:
    for fact, values in facts.items():
        conditions = [Condition(fact, (value,)) for value in (*values, UNKNOWN)]
        conditions += [Condition(fact, (), relation, 0.5) for relation in RELATIONS if not values]
        for condition in conditions:
            (sentence,) = in_words(rule(condition) if facts is NEED_FACTS else rule(fact=condition))
            assert "_" not in str(sentence)


def test_the_shipped_rules_are_said_without_a_name_of_their_file() -> None:
    sentences = [str(sentence) for shipped in shipped_rules() for sentence in in_words(shipped)]
    assert sentences
    assert [sentence for sentence in sentences if "_" in sentence] == []

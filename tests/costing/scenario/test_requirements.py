"""Needs and rules in files: what is written reads back, and every fault is one line with its place."""

from __future__ import annotations

from dataclasses import replace

import pytest
from hypothesis import given

from costing.scenario.decision_rules import (
    Condition,
    Rule,
    RuleChange,
    changed,
    merged_rules,
)
from costing.scenario.library import shipped_rules
from costing.scenario.requirements import Needs
from costing.scenario.rules_yaml import MAX_RULES, read_rules, written
from costing.scenario.scenario import Scenario
from costing.scenario.scenario_yaml import dump, read
from i18n.errors import CrossoverError

from ...support.documents import blocks
from ...support.factories import scenario
from ...support.needs import any_needs
from ...support.scenarios import EXAMPLE, errors

RULE = """\
- id: no_tuning
  needs: {knowledge_changes: [daily, unknown]}
  strategy: {is_tuned: [yes], update_days: {above: 7}}
  effect: against
  weight: 2.5
  says: "We do not tune: {really}."
  source: our board
  on: false
"""


def with_needs(lines: str) -> str:
    return EXAMPLE.rstrip("\n") + "\nneeds:\n" + "".join(f"  {line}\n" for line in lines.splitlines())


def needs_of(lines: str) -> Needs:
    return read(with_needs(lines), "f.yaml").needs


# --- a scenario's needs


def test_a_scenario_without_needs_has_none_said() -> None:
    loaded = read(EXAMPLE, "f.yaml")
    assert loaded.needs == Needs()
    assert "needs" not in dump(loaded)


def test_needs_are_read() -> None:
    read_needs = needs_of(
        "knowledge_changes: weekly\nkeeps_a_manner: yes\nexamples_available: 500\nescalation_usd: 4.5\n"
        "rank_by: resolved_request\nrules:\n  locked_in: {on: true, weight: 2}\n"
        "  too_few_examples: {on: false}"
    )
    assert read_needs == Needs(
        knowledge_changes="weekly",
        keeps_a_manner="yes",
        examples_available=500,
        escalation_usd=4.5,
        rank_by="resolved_request",
        rule_changes={"locked_in": RuleChange(True, 2.0), "too_few_examples": RuleChange(False)},
    )
    assert type(read_needs.examples_available) is int


@pytest.mark.parametrize(
    ("lines", "expected"),
    [
        (
            "knowledge_changed: daily",
            "needs.knowledge_changed: unknown field; did you mean 'knowledge_changes'?",
        ),
        ("data: abroad", "needs.data: 'abroad' is not one of may_leave, in_region, own_machines, in_house"),
        ("escalation_usd: -1", "needs.escalation_usd: -1 is outside 0 to 1e+06"),
        ("examples_available: 1.5", "needs.examples_available: 1.5 is not a whole number"),
        ("near_share: much", "needs.near_share: 'much' is not a number"),
        ("rules: [locked_in]", "needs.rules: not a group of 'rule: {on: false, weight: 2}' lines"),
        ("rules: {locked_in: off}", "needs.rules.locked_in: not a change of a rule (write {on: false} or"),
        ("rules: {locked_in: {on: 1}}", "needs.rules.locked_in.on: '1' is not true or false"),
        ("rules: {locked_in: {weight: 11}}", "needs.rules.locked_in.weight: 11 is outside 0 to 10"),
        (
            "rules: {locked_in: {wait: 1}}",
            "needs.rules.locked_in.wait: unknown field; did you mean 'weight'?",
        ),
        ("own_rules: none", "needs.own_rules: not a list of rules (start each with '- id:')"),
    ],
)
def test_a_error_of_the_needs_names_its_place(lines: str, expected: str) -> None:
    (line,) = errors(with_needs(lines))
    assert expected in line
    assert line.startswith("f.yaml:")


@given(any_needs())
def test_needs_read_back_as_they_were_written(needs: Needs) -> None:
    original: Scenario = replace(scenario(), needs=needs)
    assert read(dump(original), "copy.yaml").needs == needs


# --- rules


def test_the_shipped_rules_read_back_as_they_were_written() -> None:
    assert read_rules(written(shipped_rules()), "rules.yaml") == shipped_rules()


def test_the_articles_rules_are_among_the_shipped_ones_and_name_it() -> None:
    from_article = {rule.id for rule in shipped_rules() if "article" in rule.source}
    assert from_article >= {
        "stable_knowledge_is_tuned",
        "changing_knowledge_is_retrieved",
        "both_combine",
        "own_machines_are_private",
        "too_few_examples",
    }


def test_a_rule_of_a_file_is_read() -> None:
    (result,) = read_rules(RULE, "rules.yaml")
    assert result == Rule(
        "no_tuning",
        (Condition("knowledge_changes", ("daily", "unknown")),),
        (Condition("is_tuned", ("yes",)), Condition("update_days", relation="above", bound=7.0)),
        "against",
        2.5,
        "We do not tune: {really}.",
        "our board",
        False,
    )
    assert str(result.sentence) == "We do not tune: {really}."


@pytest.mark.parametrize(
    ("old", "new", "expected"),
    [
        (
            "id: no_tuning",
            "id: No tuning",
            "rules.yaml:1: 1.id: 'No tuning' (use small letters, digits and _)",
        ),
        ("effect: against", "effect: forbids", "1.effect: 'forbids' is not one of for, against, rules_out"),
        ("weight: 2.5", "weight: 12", "rules.yaml:5: 1.weight: 12 is outside 0 to 10"),
        ("weight: 2.5", "wait: 2", "1.wait: unknown field; did you mean 'weight'?"),
        ("source: our board", "source: ''", "1.source: missing (add a sentence)"),
        ("on: false", "on: 1", "1.on: '1' is not true or false"),
        (
            "is_tuned: [yes]",
            "is_tuned: [maybe]",
            "1.strategy.is_tuned: 'maybe' is not one of yes, no, unknown",
        ),
        ("is_tuned: [yes]", "is_tuned: yes", "1.strategy.is_tuned: not a list of values (write [yes, no])"),
        ("is_tuned: [yes]", "is_tuned: []", "1.strategy.is_tuned: an empty list (name a value)"),
        (
            "is_tuned: [yes]",
            "is_turned: [yes]",
            "1.strategy.is_turned: unknown fact; did you mean 'is_tuned'?",
        ),
        ("{above: 7}", "7", "1.strategy.update_days: not a limit (write {below: 100}; at_most, at_least"),
        ("{above: 7}", "{over: 7}", "1.strategy.update_days.over: unknown field"),
        (
            "{above: 7}",
            "{above: data}",
            "1.strategy.update_days.above: 'data' is neither a number nor a need",
        ),
        ("[daily, unknown]", "[hourly]", "1.needs.knowledge_changes: 'hourly' is not one of never, yearly,"),
        (
            "strategy: {is_tuned: [yes], update_days: {above: 7}}",
            "strategy:",
            "1.strategy: missing (say which",
        ),
    ],
)
def test_a_error_of_a_rule_names_its_place(old: str, new: str, expected: str) -> None:
    assert old in RULE
    with pytest.raises(CrossoverError) as error:
        read_rules(RULE.replace(old, new), "rules.yaml")
    (line,) = str(error.value).splitlines()
    assert expected in line


def test_all_errors_of_a_file_of_rules_are_told_at_once() -> None:
    with pytest.raises(CrossoverError) as error:
        read_rules(RULE.replace("weight: 2.5", "weight: 12").replace("on: false", "on: 1"), "rules.yaml")
    assert len(error.value.errors) == 2


@pytest.mark.parametrize(
    ("text", "expected"),
    [
        ("id: one", "rules.yaml:1: not a list of rules (start each with '- id:')"),
        ("- one", "rules.yaml:1: 1: not a rule (start it with '- id:')"),
        (RULE + RULE, "rules.yaml:9: 2.id: 'no_tuning' stands twice (rename one)"),
        (
            "".join(RULE.replace("no_tuning", f"rule_{n}") for n in range(MAX_RULES + 1)),
            f"rules.yaml:1: {MAX_RULES + 1} rules, more than {MAX_RULES} (remove some)",
        ),
    ],
)
def test_what_is_no_list_of_rules_is_refused(text: str, expected: str) -> None:
    with pytest.raises(CrossoverError) as error:
        read_rules(text, "rules.yaml")
    assert str(error.value) == expected


def test_a_condition_is_met_by_what_is_known_and_never_by_what_is_not() -> None:
    over = Condition("update_days", relation="above", bound="knowledge_days")
    assert over.holds({"update_days": 8.0}, {"knowledge_days": 7.0})
    assert not over.holds({"update_days": 7.0}, {"knowledge_days": 7.0})
    assert not over.holds({"update_days": None}, {"knowledge_days": 7.0})
    assert not over.holds({"update_days": 8.0}, {"knowledge_days": None})
    assert Condition("data_place", ("unknown",)).holds({"data_place": None}, {})
    assert not Condition("data_place", ("anywhere",)).holds({"data_place": None}, {})


def test_a_later_rule_replaces_that_of_its_id_and_changes_come_last() -> None:
    (rule,) = read_rules(RULE, "rules.yaml")
    other = replace(rule, says="Another")
    (result,) = changed(
        merged_rules((rule,), (other,)), {"no_tuning": RuleChange(is_on=True), "gone": RuleChange()}
    )
    assert (result.says, result.is_on, result.weight) == ("Another", True, 2.5)


def test_the_needs_and_the_rule_of_the_engineers_page_are_valid() -> None:
    shown = blocks("docs/engineers.md", "yaml")
    needs = next(block for block in shown if block.startswith("needs:"))
    read_needs = read(EXAMPLE.rstrip("\n") + "\n" + needs, "f.yaml").needs
    assert (read_needs.data, read_needs.existing_customer, read_needs.escalation_usd) == (
        "in_region",
        "no",
        4.0,
    )
    assert set(read_needs.rule_changes) <= {rule.id for rule in shipped_rules()}
    (rule,) = read_rules(next(block for block in shown if "no_vendor_in_any_region" in block), "rules.yaml")
    assert rule.weight == 3

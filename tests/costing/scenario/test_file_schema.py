"""The JSON Schemas beside the scenarios: current, and consistent with the reader."""

from __future__ import annotations

import json
from collections.abc import Callable
from datetime import date
from decimal import Decimal
from functools import lru_cache
from pathlib import Path
from typing import Any

import pytest
from jsonschema import Draft202012Validator

from costing.cli import schema as schema_command
from costing.scenario.file_schema import SCHEMAS, schema_text
from costing.scenario.library import RULES, SCHEMA_FOLDER, SHIPPED
from costing.scenario.rules_yaml import read_rules
from costing.scenario.scenario_yaml import read
from costing.scenario.workload_yaml import PartsGroup
from costing.strategies import registered
from costing.strategy.base import Strategy
from costing.workload.workload import PARTS
from i18n.errors import CrossoverError
from pricing.strict_yaml import parse

from ...support.paths import GOLDEN

SCENARIO = """\
version: 1
id: example
name: An example
on: 2026-11-22
horizon_months: 12
workload:
  requests_per_day: 1000
  parts:
    question: {text: Where is my order?}
    answer: {tokens: 100}
strategies:
  - {strategy: stuffed_prompt, model: acme/large}
  - {strategy: self_hosted, open_model: llama, gpu: h100, spare_replicas: 1}
ranges:
  tokens.answer: {low: 0.5, high: 2}
  strategies.2.spare_replicas: {values: [0, 1]}
traffic: {shape: s_curve, ceiling_multiple: 3}
needs: {data: in_region, examples_available: 800}
"""
RULE = """\
- id: no_tuning
  needs: {knowledge_changes: [daily, unknown]}
  strategy: {is_tuned: [yes], update_days: {above: knowledge_days}}
  effect: against
  weight: 2.5
  says: We do not tune.
  source: our board
"""

Read = Callable[[str, str], object]


def as_json(value: Any) -> Any:
    """As an editor sees a YAML value."""
    if isinstance(value, dict):
        return {key: as_json(item) for key, item in value.items()}
    if isinstance(value, list):
        return [as_json(item) for item in value]
    if isinstance(value, Decimal):
        return float(value)
    return value.isoformat() if isinstance(value, date) else value


@lru_cache
def validator(schema: str) -> Draft202012Validator:
    return Draft202012Validator(
        json.loads(schema_text(schema)), format_checker=Draft202012Validator.FORMAT_CHECKER
    )


def faults(schema: str, text: str) -> list[str]:
    """What the schema says against a text."""
    return [error.message for error in validator(schema).iter_errors(as_json(parse(text, "f.yaml").value))]


def is_read(read_file: Read, text: str) -> bool:
    try:
        read_file(text, "f.yaml")
    except CrossoverError:
        return False
    return True


def changed(text: str, old: str, new: str) -> str:
    assert text.count(old) == 1
    return text.replace(old, new)


@pytest.mark.parametrize("name", SCHEMAS)
def test_the_schema_file_is_that_of_the_code(name: str) -> None:
    shipped = (SCHEMA_FOLDER / name).read_text(encoding="utf-8")
    assert shipped == schema_text(name), "run: python -m costing schema"
    Draft202012Validator.check_schema(json.loads(shipped))


def test_the_command_writes_every_schema(tmp_path: Path, capsys: pytest.CaptureFixture[str]) -> None:
    written: dict[str, bytes] = {}
    assert schema_command.run(lambda path, content: written.update({path.name: content})) == 0
    assert written == {name: schema_text(name).encode() for name in SCHEMAS}
    assert "2 schemas in " in capsys.readouterr().out


SCENARIO_FILES = sorted([*SHIPPED.glob("*.yaml"), *(GOLDEN / "scenarios_v1").rglob("*.yaml")])


@pytest.mark.parametrize("path", SCENARIO_FILES, ids=lambda path: f"{path.parent.name}/{path.stem}")
def test_the_schema_accepts_every_scenario(path: Path) -> None:
    assert faults("scenario.json", path.read_text(encoding="utf-8")) == []


def test_the_schema_accepts_the_shipped_rules() -> None:
    assert faults("rules.json", RULES.read_text(encoding="utf-8")) == []


@pytest.mark.parametrize("path", sorted(SHIPPED.glob("*.yaml")), ids=lambda path: path.stem)
def test_a_shipped_scenario_points_editors_to_the_schema(path: Path) -> None:
    first = path.read_text(encoding="utf-8").splitlines()[0]
    assert first == "# yaml-language-server: $schema=schema/scenario.json"


def test_the_shipped_rules_point_editors_to_the_schema() -> None:
    first = RULES.read_text(encoding="utf-8").splitlines()[0]
    target = first.removeprefix("# yaml-language-server: $schema=")
    assert (RULES.parent / target).resolve() == SCHEMA_FOLDER / "rules.json"


def test_the_parts_of_the_file_are_those_of_a_workload() -> None:
    assert tuple(PartsGroup.model_fields) == PARTS


@pytest.mark.parametrize(
    ("old", "new"),
    [
        ("version: 1", "version: 2"),
        ("id: example", "id: 'a b'"),
        ("name: An example", "nam: An example"),
        ("on: 2026-11-22", "on: yesterday"),
        ("horizon_months: 12\n", ""),
        ("horizon_months: 12", "horizon_months: 12.5"),
        ("horizon_months: 12", "horizon_months: 121"),
        ("requests_per_day: 1000", "requests_per_day: many"),
        ("requests_per_day: 1000", "requests_per_day: 1000\n  image_detail: fine"),
        ("  parts:", f"  peak_to_average: 2\n  hour_shares: {[1] * 24}\n  parts:"),
        ("tokens: 100", "tokens: 100, text: Soon."),
        ("tokens: 100", "tokens: 100, kind: dutch"),
        ("question: {", "questoin: {"),
        ("strategy: self_hosted", "strategy: self_hostd"),
        (", model: acme/large", ""),
        (", gpu: h100", ""),
        ("spare_replicas: 1", "spare_replica: 1"),
        ("spare_replicas: 1", "spare_replicas: -1"),
        ("spare_replicas: 1", "spare_replicas: '1'"),
        ("spare_replicas: 1", "spare_replicas: 1.5"),
        ("spare_replicas: 1", "tenure: borrowed"),
        ("tokens.answer: {low: 0.5, high: 2}", "tokens.anwser: {low: 0.5, high: 2}"),
        ("{low: 0.5, high: 2}", "{low: 0.5}"),
        ("{low: 0.5, high: 2}", "{low: 0.5, high: 2, values: [1]}"),
        ("{low: 0.5, high: 2}", "{low: 0.5, high: 2, shape: bell}"),
        ("shape: s_curve", "shape: months"),
        ("ceiling_multiple: 3", "ceiling_multiple: 0"),
        ("data: in_region", "data: abroad"),
        ("examples_available: 800", "examples_available: 1.5"),
        ("examples_available: 800", "example_available: 800"),
        ("needs:", "neds:"),
    ],
)
def test_the_schema_refuses_what_the_reader_refuses(old: str, new: str) -> None:
    assert is_read(read, SCENARIO)
    assert faults("scenario.json", SCENARIO) == []
    wrong = changed(SCENARIO, old, new)
    assert not is_read(read, wrong)
    assert faults("scenario.json", wrong)


@pytest.mark.parametrize(
    ("old", "new"),
    [
        ("id: no_tuning", "id: No tuning"),
        ("effect: against", "effect: forbids"),
        ("weight: 2.5", "weight: 12"),
        ("weight: 2.5", "wait: 2"),
        ("  source: our board\n", ""),
        ("[daily, unknown]", "[hourly]"),
        ("is_tuned: [yes]", "is_turned: [yes]"),
        ("{above: knowledge_days}", "{above: data}"),
        ("{above: knowledge_days}", "{over: 7}"),
        ("strategy: {is_tuned: [yes], update_days: {above: knowledge_days}}", "strategy: {}"),
    ],
)
def test_the_schema_of_rules_refuses_what_the_reader_refuses(old: str, new: str) -> None:
    assert is_read(read_rules, RULE)
    assert faults("rules.json", RULE) == []
    wrong = changed(RULE, old, new)
    assert not is_read(read_rules, wrong)
    assert faults("rules.json", wrong)


@pytest.mark.parametrize("strategy", registered().values(), ids=lambda strategy: str(strategy.id()))
def test_every_knob_and_pick_of_a_strategy_is_in_the_schema(strategy: type[Strategy]) -> None:
    """With its default, and refused below and above its limits."""
    picks = "".join(f", {name}: some/row" for name in strategy.required_picks())
    for name, knob in strategy.knobs().items():
        default = "null" if knob.default is None else json.dumps(knob.default)
        assert not faults("scenario.json", with_strategy(strategy, f"{picks}, {name}: {default}")), name
        wrong = ["[]"] if knob.high is None else ["[]", str(knob.high + 1), str((knob.low or 0) - 1)]
        for value in wrong:
            text = with_strategy(strategy, f"{picks}, {name}: {value}")
            assert faults("scenario.json", text), f"{name}: {value}"
            assert not is_read(read, text), f"{name}: {value}"


def with_strategy(strategy: type[Strategy], settings: str) -> str:
    old = "  - {strategy: stuffed_prompt, model: acme/large}\n"
    return changed(SCENARIO, old, f"{old}  - {{strategy: {strategy.id()}{settings}}}\n").replace(
        "strategies.2.spare", "strategies.3.spare"
    )

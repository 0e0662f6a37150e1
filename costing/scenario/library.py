"""Loads scenario files and rules: the shipped ones by their ids, any other scenario by its path."""

from __future__ import annotations

from functools import lru_cache
from pathlib import Path

from i18n.errors import CrossoverError
from i18n.message import Message, message
from pricing.book import suggestion

from .decision_rules import Rule
from .rules_yaml import read_rules
from .scenario import Scenario
from .scenario_yaml import read

SHIPPED = Path(__file__).resolve().parents[2] / "scenarios"
SCHEMA_FOLDER = SHIPPED / "schema"
"""Where editors find the JSON Schemas of scenarios and of rules."""
RULES = Path(__file__).resolve().parent / "decision_rules.yaml"

MAX_BYTES = 30_000_000

TRAINING_EXAMPLE = "brand_voice_training.jsonl"
"""A small fine-tuning file beside the scenarios."""


def training_example() -> bytes:
    """The content of that file."""
    return (SHIPPED / TRAINING_EXAMPLE).read_bytes()


def shipped_ids() -> tuple[str, ...]:
    """Ids of the shipped scenarios, readable or not."""
    return tuple(sorted(path.stem for path in SHIPPED.glob("*.yaml")))


@lru_cache(maxsize=1)
def ready() -> tuple[dict[str, Scenario], tuple[Message, ...]]:
    """The shipped scenarios by id, and the faults of those that cannot be read; read once."""
    scenarios: dict[str, Scenario] = {}
    errors: list[Message] = []
    for scenario_id in shipped_ids():
        try:
            scenarios[scenario_id] = load_scenario(scenario_id)
        except CrossoverError as error:
            errors += error.errors
    if not scenarios:
        raise CrossoverError(
            *errors, message("{place}: no ready scenario (restore the folder)", place=str(SHIPPED))
        )
    return scenarios, tuple(errors)


def shipped(scenario_id: str) -> Scenario:
    """A shipped scenario by its id."""
    return ready()[0][scenario_id]


@lru_cache(maxsize=1)
def shipped_rules() -> tuple[Rule, ...]:
    """The shipped rules of a decision; read once."""
    try:
        content = RULES.read_bytes()
    except OSError as error:
        raise CrossoverError(
            message("{place}: cannot be read (restore the file)", place=RULES.name)
        ) from error
    return read_rules(content, RULES.name)


def load_scenario(name: str) -> Scenario:
    """A scenario by file path, or by the id of a shipped one; raises CrossoverError."""
    path = SHIPPED / f"{name}.yaml" if name in shipped_ids() else Path(name)
    try:
        if path.stat().st_size > MAX_BYTES:
            raise CrossoverError(
                message(
                    "{place}: larger than {limit:,} bytes (no scenario is: check the path)",
                    place=name,
                    limit=MAX_BYTES,
                )
            )
        content = path.read_bytes()
    except OSError as error:
        near = suggestion(path.stem, shipped_ids())
        raise CrossoverError(
            message(
                "{place}: cannot be read: {problem}{hint}",
                place=name,
                problem=error.strerror or str(error),
                hint=near if str(near) else message(" (the command 'scenarios' lists the ready ones)"),
            )
        ) from error
    return read(content, path.name)

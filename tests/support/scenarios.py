"""A small scenario file, and the errors that reading a changed one raises."""

from __future__ import annotations

import pytest

from costing.scenario.scenario_yaml import read
from i18n.errors import CrossoverError

EXAMPLE = """\
version: 1
id: example
name: An example
on: 2026-11-22
horizon_months: 12
workload:
  requests_per_day: 1000
  parts:
    question: {text: Where is my order?}
    answer: {tokens: 100, kind: de}
strategies:
  - strategy: stuffed_prompt
    model: acme/large
  - strategy: fine_tuned
    name: mine
    offer: acme/tuned
    epochs: 2
"""


def errors(text: str | bytes) -> list[str]:
    """Lines of the error that a file with this text raises."""
    with pytest.raises(CrossoverError) as error:
        read(text, "f.yaml")
    assert len(error.value.errors) == len(str(error.value).splitlines())
    return str(error.value).splitlines()


def changed(old: str, new: str) -> str:
    """The example with one passage replaced."""
    assert EXAMPLE.count(old) == 1
    return EXAMPLE.replace(old, new)

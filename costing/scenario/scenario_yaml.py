"""A scenario as YAML text: read with every fault by file and line, and written so that it reads back."""

from __future__ import annotations

import re
from typing import Any

import yaml
from pydantic import ValidationError

from i18n.errors import CrossoverError
from pricing.strict_yaml import parse
from pricing.validation import faults_of, reports

from .file_models import ScenarioFile
from .scenario import Scenario


def read(text: str | bytes, name: str) -> Scenario:
    """A scenario from YAML; raises CrossoverError with every fault, each with file and line."""
    document = parse(text, name)
    try:
        return ScenarioFile.model_validate(document.value).scenario()
    except ValidationError as error:
        raise CrossoverError(*reports(document, faults_of(error))) from error


def dump(scenario: Scenario) -> str:
    """The YAML that `read` takes back to an equal scenario."""
    values = ScenarioFile.of(scenario).model_dump(exclude_unset=True)
    if scenario.hour_shares:
        values["workload"]["hour_shares"] = _InOneLine(scenario.hour_shares)
    return yaml.dump(values, Dumper=_Dumper, allow_unicode=True, sort_keys=False, width=10_000)


class _Dumper(yaml.SafeDumper):
    """Block text for anything of several lines; no aliases."""

    def ignore_aliases(self, data: Any) -> bool:
        return True


_UNSAFE = re.compile("[\x00-\x08\x0b-\x1f\x7f-\x9f\u2028\u2029\ufeff]")


def _reads_as_another(text: str) -> bool:
    """Whether the strict reader would take the bare text for a number, a date or nothing."""
    try:
        return parse(text, "text").value != text
    except CrossoverError:
        return True


def _represent_text(dumper: yaml.SafeDumper, text: str) -> yaml.ScalarNode:
    style = "|" if "\n" in text else None
    if _UNSAFE.search(text) or ("\n" not in text and len(text) < 80 and _reads_as_another(text)):
        style = '"'
    return dumper.represent_scalar("tag:yaml.org,2002:str", text, style=style)


_Dumper.add_representer(str, _represent_text)


class _InOneLine(list[float]):
    """A list that is written in one line."""


_Dumper.add_representer(
    _InOneLine,
    lambda dumper, numbers: dumper.represent_sequence("tag:yaml.org,2002:seq", numbers, flow_style=True),
)

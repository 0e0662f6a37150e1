"""A scenario as compact JSON: the form in which browsers and links hold it."""

from __future__ import annotations

import json
from datetime import date
from typing import Any

from pydantic import ValidationError

from i18n.errors import CrossoverError
from i18n.message import message
from pricing.validation import invalid

from .file_models import ScenarioFile
from .scenario import Scenario


def document_of(scenario: Scenario) -> dict[str, Any]:
    """The plain values of the scenario's file, without dates: JSON holds them as they are."""
    return ScenarioFile.of(scenario).model_dump(exclude_unset=True, mode="json")


def scenario_of(document: object) -> Scenario:
    """The scenario of plain values that were read from JSON; raises CrossoverError with every fault."""
    if isinstance(document, dict) and isinstance(document.get("on"), str):
        try:
            document = {**document, "on": date.fromisoformat(document["on"])}
        except ValueError as error:
            raise CrossoverError(
                message("on: '{value}' is not a day such as 2026-11-22", value=document["on"])
            ) from error
    try:
        return ScenarioFile.model_validate(document).scenario()
    except ValidationError as error:
        raise invalid(error, "scenario") from error


def to_json(scenario: Scenario) -> str:
    """Compact JSON that `scenario_of(json.loads(...))` takes back to an equal scenario."""
    return json.dumps(document_of(scenario), ensure_ascii=False, separators=(",", ":"), allow_nan=False)

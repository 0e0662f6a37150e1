"""The fields of a scenario file's workload that may be left out: conversations, tools, images, retries."""

from __future__ import annotations

from collections.abc import Callable, Mapping
from dataclasses import fields
from typing import Any, Final

from i18n.message import Message, message
from pricing.strict_yaml import Path

from ..tokenization.images import DETAILS, Detail
from .scenario import LIMITS, Scenario

NUMBERS: Final = (
    "seconds_between_turns",
    "retry_share",
    "tool_calls_per_request",
    "tool_call_tokens",
    "tool_result_tokens",
    "images_per_request",
    "image_width_px",
    "image_height_px",
)
DETAIL: Final = "image_detail"
FIELDS: Final = (*NUMBERS, DETAIL)
DEFAULTS: Final[Mapping[str, Any]] = {f.name: f.default for f in fields(Scenario) if f.name in FIELDS}

Number = Callable[[Mapping[str, Any], Path, str, float], float]
Fault = Callable[[Path, Message], None]


def read_workload(group: Mapping[str, Any], number: Number, error: Fault) -> dict[str, Any]:
    """Field -> its value, or its default; `number` reads one within its limits."""
    found: dict[str, Any] = {}
    for name in NUMBERS:
        value = number(group, ("workload",), name, DEFAULTS[name])
        found[name] = int(value) if LIMITS[name].whole else value
    found[DETAIL] = _detail(group.get(DETAIL, DEFAULTS[DETAIL]), error)
    return found


def _detail(value: object, error: Fault) -> Detail:
    for known in DETAILS:
        if value == known:
            return known
    error(
        ("workload", DETAIL),
        message("'{found}' is not one of {known}", found=value, known=", ".join(DETAILS)),
    )
    return DETAILS[0]


def dumped_workload(scenario: Scenario) -> dict[str, Any]:
    """The fields that differ from their defaults."""
    return {
        name: int(value) if isinstance(value, float) and value == int(value) else value
        for name in FIELDS
        for value in (getattr(scenario, name),)
        if value != DEFAULTS[name]
    }

"""JSON Schemas of scenario files and of files of rules, for editors that complete and check them."""

from __future__ import annotations

import json
from collections.abc import Mapping
from typing import Any, Final

from pydantic import TypeAdapter

from .file_models import ScenarioFile
from .rules_yaml import RULES_FILE

SCHEMAS: Final[Mapping[str, TypeAdapter[Any]]] = {
    "scenario.json": TypeAdapter(ScenarioFile),
    "rules.json": RULES_FILE,
}
"""File name in `scenarios/schema/` -> the model of the files that it describes."""


def schema_text(name: str) -> str:
    """The JSON Schema of that name, as text; the same for the same code."""
    schema = SCHEMAS[name].json_schema()
    dialect = {"$schema": "https://json-schema.org/draft/2020-12/schema"}
    return json.dumps(dialect | _without_empty_defaults(schema), indent=1, ensure_ascii=False) + "\n"


def _without_empty_defaults(node: Any) -> Any:
    """Empty defaults say only that a field may be left out, and an editor would write them."""
    if isinstance(node, list):
        return [_without_empty_defaults(item) for item in node]
    if not isinstance(node, dict):
        return node
    return {
        key: _without_empty_defaults(value)
        for key, value in node.items()
        if not (key == "default" and value in (None, "", [], {}))
    }

"""JSON Schemas of the tables, for completion and checks in an editor."""

from __future__ import annotations

import json
from typing import Any

from pydantic import TypeAdapter

from .discounts import Discount
from .rows import TABLES, Fact

SCHEMAS: dict[str, type[Fact]] = {**TABLES, "discounts": Discount}
"""File name -> the class of its rows: the shipped tables, and what only a company's folder holds."""

_LIMITS = {"ge": "minimum", "gt": "exclusiveMinimum", "lt": "exclusiveMaximum"}
"""Pydantic's constraint names that are left in the schema where a value is converted first."""


def schema_of(table: str) -> str:
    """The JSON Schema of a table's file, as text."""
    kind = SCHEMAS[table]
    schema = TypeAdapter(list[kind]).json_schema()  # type: ignore[valid-type]
    return json.dumps(_as_written(schema), indent=1, ensure_ascii=False) + "\n"


def _as_written(node: Any) -> Any:
    """Remove the text alternative of decimals: in YAML they are written as numbers."""
    if isinstance(node, list):
        return [_as_written(item) for item in node]
    if not isinstance(node, dict):
        return node
    node = {_LIMITS.get(key, key): value for key, value in node.items() if key != "decimal_places"}
    if {"type": "number"} in node.get("anyOf", ()):
        kinds = [item for item in node["anyOf"] if item.get("type") != "string"]
        rest = {key: value for key, value in node.items() if key != "anyOf"}
        if len(kinds) == 1:
            return _as_written({**kinds[0], **rest})
        return {**_as_written(rest), "anyOf": _as_written(kinds)}
    return {key: _as_written(value) for key, value in node.items()}

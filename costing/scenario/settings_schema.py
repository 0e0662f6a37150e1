"""JSON Schemas of what strategies declare: their knobs and picks."""

from __future__ import annotations

from typing import Final

from pydantic.json_schema import JsonSchemaValue

from pricing.rows import TABLES

from ..strategies import registered
from ..strategy.base import Knob, Pick, Strategy

_TABLE_OF: Final = {kind: table for table, kind in TABLES.items()}


def strategies_schema(own_fields: JsonSchemaValue) -> JsonSchemaValue:
    """An entry of `strategies`: which settings it can have depends on its `strategy`."""
    ids = sorted(registered())
    return {
        "type": "object",
        "properties": {**own_fields, "strategy": {"enum": ids, "description": "How the workload is served."}},
        "required": ["strategy"],
        "allOf": [
            {
                "if": {"properties": {"strategy": {"const": strategy_id}}, "required": ["strategy"]},
                "then": _strategy_schema(registered()[strategy_id], own_fields),
            }
            for strategy_id in ids
        ],
    }


def _strategy_schema(strategy: type[Strategy], own_fields: JsonSchemaValue) -> JsonSchemaValue:
    settings = {
        **{name: _pick_schema(pick) for name, pick in strategy.picks().items()},
        **{name: knob_schema(knob) for name, knob in strategy.knobs().items()},
    }
    required = strategy.required_picks()
    alternatives = [
        {"anyOf": [_chosen(name), {"allOf": [_chosen(other) for other in pick.or_else]}]}
        for name, pick in required.items()
        if pick.or_else
    ]
    return {
        "title": strategy.title,
        "description": strategy.summary,
        "properties": {**dict.fromkeys(["strategy", *own_fields], True), **settings},
        "additionalProperties": False,
        "required": [name for name, pick in required.items() if not pick.or_else],
        **({"allOf": alternatives} if alternatives else {}),
    }


def _chosen(pick: str) -> JsonSchemaValue:
    return {"required": [pick], "properties": {pick: {"type": "string", "minLength": 1}}}


def knob_schema(knob: Knob, is_whole: bool = False) -> JsonSchemaValue:
    """JSON Schema of a declared number, switch or choice."""
    schema: JsonSchemaValue = {"title": knob.label, "description": knob.help}
    if knob.unit:
        schema["description"] = f"{knob.help} Unit: {knob.unit}."
    if knob.default not in (None, ""):
        schema["default"] = knob.default
    if knob.choices:
        return {**schema, "type": "string", "enum": list(knob.choices)}
    if knob.kind == "switch":
        return {**schema, "type": "boolean"}
    kind = "integer" if is_whole else knob.kind
    kinds = [kind, "null"] if knob.default is None else kind
    return {**schema, "type": kinds, "minimum": knob.low or 0, "maximum": knob.high or 0}


def _pick_schema(pick: Pick) -> JsonSchemaValue:
    """JSON Schema of the id of a price row."""
    may_be_blank = pick.is_optional or bool(pick.or_else)
    return {
        "title": pick.label,
        "description": f"{pick.help} Id of a row of the price table {_TABLE_OF[pick.kind]}.".strip(),
        **({"type": ["string", "null"]} if may_be_blank else {"type": "string", "minLength": 1}),
    }

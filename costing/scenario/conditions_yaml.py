"""Conditions of a rule as YAML: a group of facts, each with values or a limit."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from typing import Any, Final

from pydantic import GetCoreSchemaHandler, GetJsonSchemaHandler
from pydantic.json_schema import JsonSchemaValue
from pydantic_core import CoreSchema, core_schema

from i18n.message import Message, message
from pricing.book import suggestion
from pricing.validation import Fault, Refused, refusal

from .decision_rules import RELATIONS, UNKNOWN, Condition
from .file_model import is_number
from .requirements import NEED_FACTS

_NUMBERS_OF_NEEDS: Final = tuple(fact for fact, values in NEED_FACTS.items() if not values)
"""Needs that hold a number, with which a fact can be compared."""


@dataclass(frozen=True, slots=True)
class Conditions:
    """Annotates conditions, written as a group of facts, with the values that each fact can have."""

    facts: Mapping[str, tuple[str, ...]]
    none_given: Message | None = None
    """What is said where there is no condition, if one is needed."""

    def _checked(self, value: Any) -> tuple[Condition, ...]:
        if value is None:
            value = {}
        if not isinstance(value, dict):
            raise refusal(message("not a group of 'fact: values' lines"))
        if not value and self.none_given is not None:
            raise refusal(self.none_given)
        conditions: list[Condition] = []
        faults: list[Fault] = []
        for fact, wanted in value.items():
            try:
                conditions.append(self._condition(fact, wanted))
            except Refused as error:
                faults += [((fact, *path), what) for path, what in error.faults]
        if faults:
            raise Refused(*faults)
        return tuple(conditions)

    def _condition(self, fact: str, wanted: Any) -> Condition:
        if fact not in self.facts:
            raise refusal(message("unknown fact{hint}", hint=suggestion(fact, self.facts)))
        values = self.facts[fact]
        if isinstance(wanted, list):
            return Condition(fact, one_of=_values(wanted, (*values, UNKNOWN)))
        if values:
            raise refusal(message("not a list of values (write [{known}])", known=", ".join(values)))
        if isinstance(wanted, dict) and len(wanted) == 1:
            ((relation, bound),) = wanted.items()
            return _comparison(fact, relation, bound)
        raise refusal(
            message("not a limit (write {{below: 100}}; at_most, at_least and above are known too)")
        )

    def __get_pydantic_core_schema__(self, source: Any, handler: GetCoreSchemaHandler) -> CoreSchema:
        written = core_schema.plain_serializer_function_ser_schema(_written_conditions)
        return core_schema.no_info_plain_validator_function(self._checked, serialization=written)

    def __get_pydantic_json_schema__(
        self, schema: CoreSchema, handler: GetJsonSchemaHandler
    ) -> JsonSchemaValue:
        is_needed = self.none_given is not None
        return {
            "type": "object" if is_needed else ["object", "null"],
            "properties": {fact: _fact_schema(values) for fact, values in self.facts.items()},
            "additionalProperties": False,
            "minProperties": int(is_needed),
        }


def _values(wanted: list[Any], allowed: tuple[str, ...]) -> tuple[str, ...]:
    if not wanted:
        raise refusal(message("an empty list (name a value)"))
    wrong = [value for value in wanted if value not in allowed]
    if wrong:
        known = ", ".join(allowed)
        raise Refused(
            *(((), message("'{found}' is not one of {known}", found=value, known=known)) for value in wrong)
        )
    return tuple(wanted)


def _comparison(fact: str, relation: Any, bound: Any) -> Condition:
    if relation not in RELATIONS:
        raise Refused(((relation,), message("unknown field{hint}", hint=suggestion(relation, RELATIONS))))
    if bound in _NUMBERS_OF_NEEDS:
        return Condition(fact, relation=relation, bound=bound)
    if is_number(bound):
        return Condition(fact, relation=relation, bound=float(bound))
    what = message("'{found}' is neither a number nor a need that holds one", found=bound)
    raise Refused(((relation,), what))


def _fact_schema(values: tuple[str, ...]) -> JsonSchemaValue:
    listed = {"type": "array", "items": {"enum": [*values, UNKNOWN]}, "minItems": 1}
    if values:
        return listed
    bound = {"anyOf": [{"type": "number"}, {"enum": list(_NUMBERS_OF_NEEDS)}]}
    limit = {
        "type": "object",
        "properties": dict.fromkeys(RELATIONS, bound),
        "additionalProperties": False,
        "minProperties": 1,
        "maxProperties": 1,
    }
    return {"anyOf": [limit, listed]}


def _written_conditions(conditions: tuple[Condition, ...]) -> dict[str, Any]:
    return {
        condition.fact: list(condition.one_of)
        if condition.relation is None
        else {condition.relation: condition.bound}
        for condition in conditions
    }

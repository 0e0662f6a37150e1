"""Conditions of a rule as YAML: a group of facts, each with values or a limit."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any, Final

from pydantic.json_schema import JsonSchemaValue

from i18n.message import Message, message
from pricing.book import suggestion
from pricing.validation import Fault, Refused, refusal

from .decision_rules import RELATIONS, UNKNOWN, Condition
from .file_model import Checked, is_number
from .requirements import NEED_FACTS

Facts = Mapping[str, tuple[str, ...]]
"""Fact -> the values that it can have; none: a number."""

_NUMBERS_OF_NEEDS: Final = tuple(fact for fact, values in NEED_FACTS.items() if not values)
"""Needs that hold a number, with which a fact can be compared."""


def conditions(facts: Facts, none_given: Message | None = None) -> Checked:
    """Annotation of a group of conditions; with `none_given`, its message refuses an empty group."""

    def checked(value: Any) -> tuple[Condition, ...]:
        group = {} if value is None else value
        if not isinstance(group, dict):
            raise refusal(message("not a group of 'fact: values' lines"))
        if not group and none_given is not None:
            raise refusal(none_given)
        read: list[Condition] = []
        faults: list[Fault] = []
        for fact, wanted in group.items():
            try:
                read.append(_condition(fact, wanted, facts))
            except Refused as error:
                faults += [((fact, *path), what) for path, what in error.faults]
        if faults:
            raise Refused(*faults)
        return tuple(read)

    schema = {
        "type": ["object", "null"] if none_given is None else "object",
        "properties": {fact: _fact_schema(values) for fact, values in facts.items()},
        "additionalProperties": False,
        "minProperties": 0 if none_given is None else 1,
    }
    return Checked(checked, schema)


def written_conditions(written: tuple[Condition, ...]) -> dict[str, Any]:
    """The group that reads back to these."""
    return {
        condition.fact: list(condition.one_of)
        if condition.relation is None
        else {condition.relation: condition.bound}
        for condition in written
    }


def _condition(fact: str, wanted: Any, facts: Facts) -> Condition:
    if fact not in facts:
        raise refusal(message("unknown fact{hint}", hint=suggestion(fact, facts)))
    values = facts[fact]
    if isinstance(wanted, list):
        return Condition(fact, one_of=_values(wanted, (*values, UNKNOWN)))
    if values:
        raise refusal(message("not a list of values (write [{known}])", known=", ".join(values)))
    if isinstance(wanted, dict) and len(wanted) == 1:
        ((relation, bound),) = wanted.items()
        return _comparison(fact, relation, bound)
    raise refusal(message("not a limit (write {{below: 100}}; at_most, at_least and above are known too)"))


def _values(wanted: list[Any], allowed: tuple[str, ...]) -> tuple[str, ...]:
    if not wanted:
        raise refusal(message("an empty list (name a value)"))
    wrong = [value for value in wanted if value not in allowed]
    if wrong:
        known = ", ".join(allowed)
        raise Refused(
            *(((), message("'{value}' is not one of {known}", value=value, known=known)) for value in wrong)
        )
    return tuple(wanted)


def _comparison(fact: str, relation: Any, bound: Any) -> Condition:
    if relation not in RELATIONS:
        raise Refused(((relation,), message("unknown field{hint}", hint=suggestion(relation, RELATIONS))))
    if bound in _NUMBERS_OF_NEEDS:
        return Condition(fact, relation=relation, bound=bound)
    if is_number(bound):
        return Condition(fact, relation=relation, bound=float(bound))
    what = message("'{value}' is neither a number nor a need that holds one", value=bound)
    raise Refused(((relation,), what))


def _fact_schema(values: tuple[str, ...]) -> JsonSchemaValue:
    one_or_more = {"type": "array", "items": {"enum": [*values, UNKNOWN]}, "minItems": 1}
    if values:
        return one_or_more
    bound = {"anyOf": [{"type": "number"}, {"enum": list(_NUMBERS_OF_NEEDS)}]}
    limit = {
        "type": "object",
        "properties": dict.fromkeys(RELATIONS, bound),
        "additionalProperties": False,
        "minProperties": 1,
        "maxProperties": 1,
    }
    return {"anyOf": [limit, one_or_more]}

"""Rules of a decision as YAML: read strictly, each fault by its place, and written back."""

from __future__ import annotations

import re
from collections.abc import Callable, Mapping
from decimal import Decimal
from typing import Any, Final

import yaml

from i18n.errors import CrossoverError
from i18n.message import Message, message
from pricing.book import suggestion
from pricing.strict_yaml import Path, parse

from .decision_rules import EFFECTS, MAX_WEIGHT, RELATIONS, STRATEGY_FACTS, UNKNOWN, Condition, Rule
from .requirements import NEED_FACTS

Fault = Callable[[Path, Message], None]

MAX_RULES: Final = 200
MAX_CHARACTERS: Final = 400
_FIELDS: Final = ("id", "needs", "strategy", "effect", "weight", "says", "source", "on")
_USUAL_WEIGHT: Final = 1.0


def read_rules(text: str | bytes, name: str) -> tuple[Rule, ...]:
    """A file of rules; raises CrossoverError with every fault, each with file and line."""
    document = parse(text, name)
    errors: list[Message] = []

    def error(path: Path, what: Message) -> None:
        dotted = ".".join(str(p + 1) if isinstance(p, int) else p for p in path)
        place = document.place(path)
        errors.append(
            message("{place}: {field}: {what}", place=place, field=dotted, what=what)
            if dotted
            else message("{place}: {what}", place=place, what=what)
        )

    rules = rules_of(document.value, (), error)
    if errors:
        raise CrossoverError(*errors)
    return rules


def rules_of(value: object, path: Path, error: Fault) -> tuple[Rule, ...]:
    """A list of rules; what is wrong with one is told to `fault`, and it is left out."""
    if not isinstance(value, list):
        error(path, message("not a list of rules (start each with '- id:')"))
        return ()
    if len(value) > MAX_RULES:
        error(
            path,
            message("{found} rules, more than {limit} (remove some)", found=len(value), limit=MAX_RULES),
        )
        return ()
    found: dict[str, Rule] = {}
    for index, item in enumerate(value):
        place = (*path, index)
        if not isinstance(item, dict):
            error(place, message("not a rule (start it with '- id:')"))
            continue
        rule = _rule(item, place, error)
        if rule is not None and rule.id in found:
            error((*place, "id"), message("'{found}' stands twice (rename one)", found=rule.id))
        elif rule is not None:
            found[rule.id] = rule
    return tuple(found.values())


def _rule(item: Mapping[str, Any], path: Path, error: Fault) -> Rule | None:
    good = True

    def wrong(place: Path, what: Message) -> None:
        nonlocal good
        good = False
        error(place, what)

    for key in item:
        if key not in _FIELDS:
            wrong((*path, key), message("unknown field{hint}", hint=suggestion(str(key), _FIELDS)))
    rule_id = item.get("id")
    if not isinstance(rule_id, str) or not re.fullmatch(r"[a-z0-9_]{1,60}", rule_id):
        wrong((*path, "id"), message("'{found}' (use small letters, digits and _)", found=rule_id))
    for key in ("says", "source"):
        said = item.get(key)
        if not isinstance(said, str) or not said.strip():
            wrong((*path, key), message("missing (add a sentence)"))
        elif len(said) > MAX_CHARACTERS:
            wrong(
                (*path, key),
                message(
                    "{found} characters, more than {limit} (shorten it)",
                    found=len(said),
                    limit=MAX_CHARACTERS,
                ),
            )
    effect = item.get("effect")
    if effect not in EFFECTS:
        wrong(
            (*path, "effect"),
            message("'{found}' is not one of {known}", found=effect, known=", ".join(EFFECTS)),
        )
    weight = item.get("weight", _USUAL_WEIGHT)
    error_of_weight = weight_error(weight)
    if error_of_weight is not None:
        wrong((*path, "weight"), error_of_weight)
    is_on = item.get("on", True)
    if not isinstance(is_on, bool):
        wrong((*path, "on"), message("'{found}' is not true or false", found=is_on))
    needs = _conditions(item.get("needs"), (*path, "needs"), NEED_FACTS, wrong)
    strategy = _conditions(item.get("strategy"), (*path, "strategy"), STRATEGY_FACTS, wrong)
    if good and not strategy:
        wrong((*path, "strategy"), message("missing (say which strategies it is about)"))
    if not good:
        return None
    return Rule(
        str(rule_id),
        needs,
        strategy,
        effect,  # type: ignore[arg-type]
        float(weight),
        str(item["says"]).strip(),
        str(item["source"]).strip(),
        bool(is_on),
    )


def weight_error(value: object) -> Message | None:
    """What is wrong with a weight, or None."""
    if not _is_number(value):
        return message("'{found}' is not a number", found=value)
    if not 0 <= value <= MAX_WEIGHT:  # type: ignore[operator]
        return message("{found} is outside {low:g} to {high:g}", found=value, low=0, high=MAX_WEIGHT)
    return None


def _is_number(value: object) -> bool:
    return not isinstance(value, bool) and isinstance(value, int | float | Decimal)


def _conditions(
    value: object, path: Path, known: Mapping[str, tuple[str, ...]], error: Fault
) -> tuple[Condition, ...]:
    if value is None:
        return ()
    if not isinstance(value, dict):
        error(path, message("not a group of 'fact: values' lines"))
        return ()
    found: list[Condition] = []
    for fact, wanted in value.items():
        place = (*path, fact)
        if fact not in known:
            error(place, message("unknown fact{hint}", hint=suggestion(str(fact), known)))
        elif isinstance(wanted, list):
            values = _values(wanted, place, known[fact], error)
            if values:
                found.append(Condition(fact, one_of=values))
        elif isinstance(wanted, dict) and len(wanted) == 1 and not known[fact]:
            condition = _relation(fact, wanted, place, error)
            if condition is not None:
                found.append(condition)
        elif known[fact]:
            error(place, message("not a list of values (write [{known}])", known=", ".join(known[fact])))
        else:
            error(
                place,
                message("not a limit (write {{below: 100}}; at_most, at_least and above are known too)"),
            )
    return tuple(found)


def _values(wanted: list[Any], place: Path, known: tuple[str, ...], error: Fault) -> tuple[str, ...]:
    allowed = (*known, UNKNOWN)
    wrong = [one for one in wanted if one not in allowed]
    for one in wrong:
        error(place, message("'{found}' is not one of {known}", found=one, known=", ".join(allowed)))
    if not wanted:
        error(place, message("an empty list (name a value)"))
    return () if wrong else tuple(str(one) for one in wanted)


def _relation(fact: str, wanted: Mapping[str, Any], place: Path, error: Fault) -> Condition | None:
    ((relation, bound),) = wanted.items()
    if relation not in RELATIONS:
        error((*place, relation), message("unknown field{hint}", hint=suggestion(relation, RELATIONS)))
        return None
    if isinstance(bound, str) and bound in NEED_FACTS and not NEED_FACTS[bound]:
        return Condition(fact, relation=relation, bound=bound)
    if isinstance(bound, str) or not _is_number(bound):
        error(
            (*place, relation),
            message("'{found}' is neither a number nor a need that holds one", found=bound),
        )
        return None
    return Condition(fact, relation=relation, bound=float(bound))


def written(rules: tuple[Rule, ...]) -> str:
    """A file of rules that reads back to these."""
    return yaml.safe_dump(dumped_rules(rules), allow_unicode=True, sort_keys=False, width=10_000)


def dumped_rules(rules: tuple[Rule, ...]) -> list[dict[str, Any]]:
    """What reads back to these."""
    return [
        {
            "id": rule.id,
            **({"needs": _dumped(rule.needs)} if rule.needs else {}),
            "strategy": _dumped(rule.strategy),
            "effect": rule.effect,
            "weight": rule.weight,
            "says": rule.says,
            "source": rule.source,
            **({} if rule.is_on else {"on": False}),
        }
        for rule in rules
    ]


def _dumped(conditions: tuple[Condition, ...]) -> dict[str, Any]:
    return {
        one.fact: list(one.one_of) if one.relation is None else {one.relation: one.bound}
        for one in conditions
    }

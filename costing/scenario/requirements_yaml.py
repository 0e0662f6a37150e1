"""The group `needs` of a scenario file: read strictly, each fault by its place, and written back."""

from __future__ import annotations

from collections.abc import Mapping
from decimal import Decimal
from typing import Any

from i18n.message import message
from pricing.book import suggestion
from pricing.strict_yaml import Path

from .decision_rules import RuleChange
from .requirements import Needs
from .rules_yaml import Fault, dumped_rules, rules_of, weight_error

_CHANGE = ("on", "weight")


def read_needs(value: object, error: Fault) -> Needs:
    """The needs; what is wrong is told to `fault` and left at its default."""
    if value is None:
        return Needs()
    if not isinstance(value, dict):
        error(("needs",), message("not a group of 'name: value' lines"))
        return Needs()
    declared = Needs.declared()
    known = (*declared, "rules", "own_rules")
    found: dict[str, Any] = {}
    for name, given in value.items():
        place: Path = ("needs", name)
        if name in declared:
            given = float(given) if isinstance(given, Decimal) else given
            wrong = declared[name].error(given)
            if wrong is not None:
                error(place, wrong)
            elif given is not None and declared[name].kind == "number":
                whole = Needs.__annotations__[name].startswith("int")
                if whole and given != int(given):
                    error(place, message("{found} is not a whole number", found=given))
                found[name] = int(given) if whole else float(given)
            else:
                found[name] = given
        elif name == "rules":
            found["rule_changes"] = _changes(given, place, error)
        elif name == "own_rules":
            found["own_rules"] = rules_of(given, place, error)
        else:
            error(place, message("unknown field{hint}", hint=suggestion(str(name), known)))
    return Needs(**found)


def _changes(value: object, path: Path, error: Fault) -> dict[str, RuleChange]:
    if not isinstance(value, dict):
        error(path, message("not a group of 'rule: {{on: false, weight: 2}}' lines"))
        return {}
    found: dict[str, RuleChange] = {}
    for rule_id, given in value.items():
        place = (*path, rule_id)
        if not isinstance(given, dict):
            error(place, message("not a change of a rule (write {{on: false}} or {{weight: 2}})"))
            continue
        for key in given:
            if key not in _CHANGE:
                error((*place, key), message("unknown field{hint}", hint=suggestion(str(key), _CHANGE)))
        is_on, weight = given.get("on"), given.get("weight")
        if is_on is not None and not isinstance(is_on, bool):
            error((*place, "on"), message("'{found}' is not true or false", found=is_on))
            is_on = None
        wrong = None if weight is None else weight_error(weight)
        if wrong is not None:
            error((*place, "weight"), wrong)
            weight = None
        found[rule_id] = RuleChange(is_on, None if weight is None else float(weight))
    return found


def dumped_needs(needs: Needs) -> dict[str, Any]:
    """The key of a scenario file that reads back to these; none where all is as by default."""
    out: dict[str, Any] = {
        name: getattr(needs, name)
        for name, declared in Needs.declared().items()
        if getattr(needs, name) != declared.default
    }
    if needs.rule_changes:
        out["rules"] = {rule_id: _dumped(change) for rule_id, change in needs.rule_changes.items()}
    if needs.own_rules:
        out["own_rules"] = dumped_rules(needs.own_rules)
    return {"needs": out} if out else {}


def _dumped(change: RuleChange) -> Mapping[str, Any]:
    return {
        **({} if change.is_on is None else {"on": change.is_on}),
        **({} if change.weight is None else {"weight": change.weight}),
    }

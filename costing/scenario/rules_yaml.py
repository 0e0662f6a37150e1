"""Rules of a decision as YAML: a file of them, or the group `own_rules` of a scenario's needs."""

from __future__ import annotations

import re
from collections.abc import Iterator
from typing import Annotated, Any, ClassVar, Final, Self

import yaml
from pydantic import (
    Field,
    TypeAdapter,
    ValidationError,
    ValidatorFunctionWrapHandler,
    WrapValidator,
)

from i18n.errors import CrossoverError
from i18n.message import message
from pricing.strict_yaml import parse
from pricing.validation import Fault, Refused, faults_of, refusal, reports

from .conditions_yaml import conditions, written_conditions
from .decision_rules import EFFECTS, MAX_WEIGHT, STRATEGY_FACTS, Condition, Effect, Rule
from .file_model import Checked, FileModel, number, one_of
from .requirements import NEED_FACTS
from .scenario import Limits

MAX_RULES: Final = 200
MAX_CHARACTERS: Final = 400
WEIGHT: Final = number(Limits(0, MAX_WEIGHT))
_ID: Final = re.compile(r"[a-z0-9_]{1,60}")
_ADD_A_SENTENCE: Final = message("missing (add a sentence)")
_NO_STRATEGY_FACTS: Final = message("missing (say which strategies it is about)")


def _rule_id(value: Any) -> str:
    if isinstance(value, str) and _ID.fullmatch(value):
        return value
    raise refusal(message("'{value}' (use small letters, digits and _)", value=value))


def _sentence(value: Any) -> str:
    if not isinstance(value, str) or not value.strip():
        raise refusal(_ADD_A_SENTENCE)
    if len(value) > MAX_CHARACTERS:
        raise refusal(
            message(
                "{characters} characters, more than {limit} (shorten it)",
                characters=len(value),
                limit=MAX_CHARACTERS,
            )
        )
    return value.strip()


Sentence = Annotated[
    str,
    Checked(_sentence, {"type": "string", "pattern": r"\S", "maxLength": MAX_CHARACTERS}),
]


class RuleEntry(FileModel):
    """A rule: what follows for a strategy where all conditions are met."""

    not_a_group: ClassVar = message("not a rule (start it with '- id:')")
    missing: ClassVar = {
        "says": _ADD_A_SENTENCE,
        "source": _ADD_A_SENTENCE,
        "strategy": _NO_STRATEGY_FACTS,
    }

    id: Annotated[str, Checked(_rule_id, {"type": "string", "pattern": f"^{_ID.pattern}$"})]
    """A rule with the id of a shipped one replaces it."""
    needs: Annotated[tuple[Condition, ...], conditions(NEED_FACTS)] = ()
    """Conditions on the scenario's needs."""
    strategy: Annotated[tuple[Condition, ...], conditions(STRATEGY_FACTS, _NO_STRATEGY_FACTS)]
    """Conditions on a strategy."""
    effect: Annotated[Effect, one_of(EFFECTS)]
    """for, against: points for or against a strategy. rules_out: it is not recommended."""
    weight: Annotated[float, WEIGHT] = 1.0
    """Points for or against."""
    says: Sentence
    """The reason, as a reader sees it."""
    source: Sentence
    """Who says so."""
    on: bool = True
    """false: the rule does not apply."""

    def rule(self) -> Rule:
        return Rule(
            self.id, self.needs, self.strategy, self.effect, self.weight, self.says, self.source, self.on
        )

    @classmethod
    def of(cls, rule: Rule) -> Self:
        """Without the fields that hold their defaults, but always with its weight."""
        return cls.written(
            id=rule.id,
            needs=written_conditions(rule.needs) or None,
            strategy=written_conditions(rule.strategy),
            effect=rule.effect,
            weight=rule.weight,
            says=rule.says,
            source=rule.source,
            on=None if rule.is_on else False,
        )


def _repeated_ids(value: list[Any]) -> Iterator[Fault]:
    seen: set[str] = set()
    for index, item in enumerate(value):
        rule_id = item.get("id") if isinstance(item, dict) else None
        if isinstance(rule_id, str):
            if rule_id in seen:
                yield (index, "id"), message("'{value}' stands twice (rename one)", value=rule_id)
            seen.add(rule_id)


def _rule_list(value: Any, handler: ValidatorFunctionWrapHandler) -> Any:
    if not isinstance(value, list):
        raise refusal(message("not a list of rules (start each with '- id:')"))
    if len(value) > MAX_RULES:
        raise refusal(
            message("{rules} rules, more than {limit} (remove some)", rules=len(value), limit=MAX_RULES)
        )
    faults = list(_repeated_ids(value))
    try:
        entries = handler(value)
    except ValidationError as error:
        raise Refused(*faults_of(error), *faults) from error
    if faults:
        raise Refused(*faults)
    return entries


RuleEntries = Annotated[
    tuple[RuleEntry, ...],
    Field(strict=False, json_schema_extra={"maxItems": MAX_RULES}),
    WrapValidator(_rule_list),
]
RULES_FILE: Final[TypeAdapter[tuple[RuleEntry, ...]]] = TypeAdapter(RuleEntries)


def read_rules(text: str | bytes, name: str) -> tuple[Rule, ...]:
    """A file of rules; raises CrossoverError with every fault, each with file and line."""
    document = parse(text, name)
    try:
        entries = RULES_FILE.validate_python(document.value)
    except ValidationError as error:
        raise CrossoverError(*reports(document, faults_of(error))) from error
    return tuple(entry.rule() for entry in entries)


def written(rules: tuple[Rule, ...]) -> str:
    """A file of rules that reads back to these."""
    entries = RULES_FILE.dump_python(tuple(map(RuleEntry.of, rules)), exclude_unset=True)
    return yaml.safe_dump(list(entries), allow_unicode=True, sort_keys=False, width=10_000)

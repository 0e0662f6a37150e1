"""The group `needs` of a scenario file: the declared needs, changes of rules, and the user's own rules."""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from typing import Annotated, Any, ClassVar, Final, Self

from pydantic import Field, GetJsonSchemaHandler, SkipValidation
from pydantic.json_schema import JsonSchemaValue
from pydantic_core import CoreSchema

from i18n.message import message
from pricing.book import suggestion
from pricing.validation import Fault

from ..strategy.base import Setting
from .decision_rules import RuleChange
from .file_model import FileModel, SettingsModel, changed_fields, of_kind
from .requirements import Needs
from .rules_yaml import WEIGHT, RuleEntries, RuleEntry
from .settings_schema import knob_schema

_DEFAULT: Final = Needs()
_WHOLE: Final = tuple(name for name, kind in Needs.__annotations__.items() if kind.startswith("int"))
"""Needs that are whole numbers."""


class RuleChangeEntry(FileModel):
    """What a scenario changes of a rule; what is left out stays as the rule says."""

    not_a_group: ClassVar = message("not a change of a rule (write {{on: false}} or {{weight: 2}})")

    on: bool | None = None
    """Whether the rule applies."""
    weight: Annotated[float, WEIGHT] | None = None
    """Points for or against."""

    def change(self) -> RuleChange:
        return RuleChange(self.on, self.weight)

    @classmethod
    def of(cls, change: RuleChange) -> Self:
        return cls.written(on=change.is_on, weight=change.weight)


class NeedsGroup(SettingsModel):
    """What is needed beside cost; no figure of a cost depends on it."""

    settings: Annotated[Mapping[str, Setting], SkipValidation] = Field(default_factory=dict)
    """Declared needs by their names."""
    rules: Annotated[
        dict[str, RuleChangeEntry],
        of_kind(dict, message("not a group of 'rule: {{on: false, weight: 2}}' lines")),
    ] = Field(default_factory=dict)
    """Changes of rules by their ids."""
    own_rules: RuleEntries = ()
    """Rules that replace shipped ones of the same id, or are added to them."""

    @classmethod
    def more_faults(cls, value: Mapping[str, Any]) -> Iterable[Fault]:
        declared = Needs.declared()
        for name, setting in cls.settings_in(value).items():
            if name not in declared:
                known = (*declared, "rules", "own_rules")
                yield (name,), message("unknown field{hint}", hint=suggestion(name, known))
                continue
            wrong = declared[name].error(setting)
            if wrong is not None:
                yield (name,), wrong
            elif name in _WHOLE and isinstance(setting, float) and not setting.is_integer():
                yield (name,), message("{value} is not a whole number", value=setting)

    def needs(self) -> Needs:
        declared = Needs.declared()
        values: dict[str, Any] = {
            name: _number(name, setting) if declared[name].kind == "number" else setting
            for name, setting in self.settings.items()
        }
        return Needs(
            **values,
            rule_changes={rule_id: entry.change() for rule_id, entry in self.rules.items()},
            own_rules=tuple(entry.rule() for entry in self.own_rules),
        )

    @classmethod
    def of(cls, needs: Needs) -> Self:
        """With what differs from the defaults."""
        changes = {rule_id: RuleChangeEntry.of(change) for rule_id, change in needs.rule_changes.items()}
        return cls.written(
            settings=dict(changed_fields(needs, _DEFAULT, Needs.declared())) or None,
            rules=changes or None,
            own_rules=tuple(map(RuleEntry.of, needs.own_rules)),
        )

    @classmethod
    def __get_pydantic_json_schema__(
        cls, schema: CoreSchema, handler: GetJsonSchemaHandler
    ) -> JsonSchemaValue:
        fields = handler.resolve_ref_schema(handler(schema))
        properties = fields["properties"]
        del properties["settings"]
        properties |= {name: knob_schema(knob, name in _WHOLE) for name, knob in Needs.declared().items()}
        return fields


def _number(name: str, setting: Setting) -> Setting:
    if setting is None:
        return None
    return int(setting) if name in _WHOLE else float(setting)

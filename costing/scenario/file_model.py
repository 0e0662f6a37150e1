"""What the models of a scenario file share: all faults at once, numbers in limits, closed sets of texts."""

from __future__ import annotations

from collections.abc import Callable, Iterable, Iterator, Mapping
from dataclasses import MISSING as NO_DEFAULT
from dataclasses import dataclass, fields
from decimal import Decimal
from typing import Any, ClassVar, Final, Self

from pydantic import (
    BaseModel,
    BeforeValidator,
    ConfigDict,
    GetCoreSchemaHandler,
    GetJsonSchemaHandler,
    ModelWrapValidatorHandler,
    ValidationError,
    model_serializer,
    model_validator,
)
from pydantic.json_schema import JsonSchemaValue
from pydantic_core import CoreSchema, core_schema

from i18n.message import Message, message
from pricing.validation import MISSING, Fault, Refused, faults_of, refusal

from ..strategy.base import Setting
from .scenario import Limits

SETTINGS: Final = "settings"


class FileModel(BaseModel):
    """A group of a file; every fault of it and of the groups in it is reported at once."""

    model_config = ConfigDict(frozen=True, extra="forbid", strict=True, use_attribute_docstrings=True)

    not_a_group: ClassVar[Message | None] = None
    """The message for a value that is no mapping; None: a general one."""
    missing: ClassVar[Mapping[str, Message]] = {}
    """Field -> the message where it is left out, if not the general one."""

    @classmethod
    def more_faults(cls, value: Mapping[str, Any]) -> Iterable[Fault]:
        """Faults of the plain value that concern several fields."""
        return ()

    @classmethod
    def written(cls, **values: Any) -> Self:
        """A group to write, from valid values; blank optional values are left out."""
        fields = {
            name: value
            for name, value in values.items()
            if cls.model_fields[name].is_required() or not _is_blank(value)
        }
        return cls.model_construct(**fields)  # type: ignore[return-value]  # mypy takes it for FileModel

    @model_validator(mode="wrap")
    @classmethod
    def _with_every_fault(cls, value: Any, handler: ModelWrapValidatorHandler[Self]) -> Self:
        if not isinstance(value, dict):
            otherwise = MISSING if value is None else message("not a group of 'name: value' lines")
            raise refusal(cls.not_a_group or otherwise)
        faults = list(cls.more_faults(value))
        try:
            model = handler(cls._fields_of(value))
        except ValidationError as error:
            raise Refused(*faults_of(error, cls.model_fields, cls.missing), *faults) from error
        if faults:
            raise Refused(*faults)
        return model

    @classmethod
    def _fields_of(cls, value: dict[str, Any]) -> dict[str, Any]:
        return value


def _is_blank(value: Any) -> bool:
    return value in (None, "", ()) or (isinstance(value, FileModel) and not value.model_fields_set)


class SettingsModel(FileModel):
    """A group that also holds settings, declared by knobs and picks, beside its own fields."""

    @classmethod
    def settings_in(cls, value: Mapping[str, Any]) -> dict[str, Setting]:
        """The lines of a plain group that are no fields of the model."""
        own = cls.model_fields.keys() - {SETTINGS}
        return {
            name: float(setting) if isinstance(setting, Decimal) else setting
            for name, setting in value.items()
            if name not in own
        }

    @classmethod
    def _fields_of(cls, value: dict[str, Any]) -> dict[str, Any]:
        settings = cls.settings_in(value)
        return {**{name: item for name, item in value.items() if name not in settings}, SETTINGS: settings}

    @model_serializer(mode="wrap")
    def _flat(self, handler: Callable[[Self], dict[str, Any]]) -> dict[str, Any]:
        flat: dict[str, Any] = {}
        for name, value in handler(self).items():
            flat.update(value if name == SETTINGS else {name: value})
        return flat


@dataclass(frozen=True, slots=True, eq=False)
class Checked:
    """Annotation of a field: the check of its plain value, and the JSON Schema."""

    value_of: Callable[[Any], Any]
    """The plain value to that of the field; raises Refused."""
    schema: JsonSchemaValue

    def __get_pydantic_core_schema__(self, source: Any, handler: GetCoreSchemaHandler) -> CoreSchema:
        return core_schema.no_info_plain_validator_function(self.value_of)

    def __get_pydantic_json_schema__(
        self, schema: CoreSchema, handler: GetJsonSchemaHandler
    ) -> JsonSchemaValue:
        return dict(self.schema)


def number(limits: Limits | None = None) -> Checked:
    """A number within limits, or any finite number."""

    def checked(value: Any) -> float:
        if value is None:
            raise refusal(MISSING)
        if not is_number(value):
            raise refusal(message("'{value}' is not a number", value=value))
        wrong = None if limits is None else limits.error(value)
        if wrong is not None:
            raise refusal(wrong)
        return int(value) if limits is not None and limits.whole else float(value)

    if limits is None:
        return Checked(checked, {"type": "number"})
    kind = "integer" if limits.whole else "number"
    return Checked(checked, {"type": kind, "minimum": limits.low, "maximum": limits.high})


def one_of(known: Iterable[str]) -> Checked:
    """A text of a closed set."""
    values = list(known)

    def checked(value: Any) -> str:
        if isinstance(value, str) and value in values:
            return value
        raise refusal(message("'{value}' is not one of {known}", value=value, known=", ".join(values)))

    return Checked(checked, {"type": "string", "enum": values})


def of_kind(kind: type, otherwise: Message) -> BeforeValidator:
    """Refuses a value that is no `dict` or `list`, with a message of its own."""

    def checked(value: Any) -> Any:
        if isinstance(value, kind):
            return value
        raise refusal(otherwise)

    return BeforeValidator(checked)


def is_number(value: object) -> bool:
    return not isinstance(value, bool) and isinstance(value, int | float | Decimal)


def defaults_of(kind: type) -> dict[str, Any]:
    """Field of a dataclass -> its default, without those that a factory makes."""
    return {field.name: field.default for field in fields(kind) if field.default is not NO_DEFAULT}


def changed_fields(value: Any, default: Any, names: Iterable[str]) -> Iterator[tuple[str, Any]]:
    """Those of the fields that differ from the default's."""
    for name in names:
        if getattr(value, name) != getattr(default, name):
            yield name, getattr(value, name)


def short(value: Setting) -> Setting:
    """A whole float as an integer, which is easier to read."""
    return int(value) if isinstance(value, float) and value == int(value) else value

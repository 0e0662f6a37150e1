"""Declarations of a strategy's settings: knobs (numbers, switches, choices) and picks (price rows)."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, field
from decimal import Decimal
from enum import Enum
from typing import Any, Final

import numpy as np

from i18n.message import N_, Message, message
from pricing.rows import DatedFact, Fact, TunedPrice

from ..units import Unit
from .profile import PickRole

KNOB: Final = "knob"
PICK: Final = "pick"
"""Keys of a dataclass field's metadata, by what the field declares."""

Setting = None | bool | int | float | str
When = tuple[str, ...]
"""The name of a choice or a pick, then the values of it under which something matters; "" is a blank pick."""


class SettingGroup(Enum):
    """Groups of settings in an editor, in the order shown; the value is the heading."""

    MAIN = N_("Main settings")
    PROMPT = N_("Prompt")
    CACHING = N_("Caching & batch")
    RETRIEVAL = N_("Search index")
    TRAINING = N_("Training")
    HARDWARE = N_("Hardware")
    SERVING = N_("Serving & response time")
    CAPACITY = N_("Capacity")
    OWNERSHIP = N_("Purchase & depreciation")
    POWER = N_("Power & colocation")
    STAFF = N_("Staff & licences")
    EVIDENCE = N_("Your own tests & contract")


def _matters(when: When | None, settings: Mapping[str, Setting], knobs: Mapping[str, Knob]) -> bool:
    if when is None:
        return True
    name, *values = when
    default = knobs[name].default if name in knobs else ""
    return (settings.get(name, default) or "") in values


@dataclass(frozen=True, slots=True)
class Knob:
    """A number, switch or choice that a strategy declares."""

    default: Setting
    label: str
    unit: Unit | str
    """A company's own strategy may name a unit of its own; `Unit.COUNT`: no unit is shown."""
    low: float | None
    high: float | None
    step: float | None
    help: str
    choices: Mapping[str, str]
    """Value -> label, for a choice."""
    when: When | None = None
    """(choice, its values) under which alone it matters; None: always."""
    group: SettingGroup = SettingGroup.MAIN
    blank: str = ""
    """Where a default of None stands for something else than the price table's figure: what for."""

    def matters(self, settings: Mapping[str, Setting], knobs: Mapping[str, Knob]) -> bool:
        """Whether it has an effect under these settings."""
        return _matters(self.when, settings, knobs)

    @property
    def kind(self) -> str:
        if self.choices:
            return "choice"
        if isinstance(self.default, bool):
            return "switch"
        return "integer" if isinstance(self.default, int) else "number"

    def declaration_error(self) -> Message | None:
        """The error of the declaration, or None."""
        if not self.unit and not isinstance(self.unit, Unit):
            return message("a knob without a unit (write unit=..., Unit.COUNT for a number of things)")
        return self.error(self.default)

    def error(self, value: object) -> Message | None:
        """The error of `value`, or None."""
        if self.kind == "choice":
            if isinstance(value, str) and value in self.choices:
                return None
            return message(
                "'{value}' is not one of {known}", value=value, known=", ".join(filter(None, self.choices))
            )
        if self.kind == "switch":
            return None if isinstance(value, bool) else message("'{value}' is not true or false", value=value)
        if value is None and self.default is None:
            return None
        if isinstance(value, bool) or not isinstance(value, int | float | Decimal):
            return message("'{value}' is not a number", value=value)
        if not np.isfinite(float(value)):
            return message("'{value}' is not a finite number", value=value)
        low, high = self.low or 0.0, self.high or 0.0
        if not low <= value <= high:
            return message("{value} is outside {low:g} to {high:g}", value=value, low=low, high=high)
        if self.kind == "integer" and value != int(value):
            return message("{value} is not a whole number", value=value)
        return None


@dataclass(frozen=True, slots=True)
class Pick:
    """A row of a price table that a strategy asks for."""

    kind: type[Fact]
    role: PickRole | None
    """None is refused when the strategy is registered."""
    label: str
    help: str
    is_optional: bool = False
    """Left blank, something else of the strategy stands in for it."""
    when: When | None = None
    """As `Knob.when`."""
    or_else: tuple[str, ...] = ()
    """Other picks that, all of them made, stand in for it."""

    def declaration_error(self) -> Message | None:
        """The error of the declaration, or None."""
        if self.role is not None:
            return None
        return message(
            "a pick without a role (write role=PickRole.{roles})", roles=" or ".join(PickRole.__members__)
        )

    @property
    def dated_kind(self) -> type[DatedFact] | None:
        """The kind of its rows where those are prices that begin and end on a day; None where not."""
        return self.kind if issubclass(self.kind, DatedFact) else None

    @property
    def is_tuned_model(self) -> bool:
        """Whether its rows are tuned models, which a vendor trains and hosts."""
        return issubclass(self.kind, TunedPrice)

    def is_missing(self, name: str, settings: Mapping[str, Setting]) -> bool:
        """Whether neither it nor what could stand in for it is chosen."""
        if self.or_else:
            return not settings.get(name) and not all(settings.get(other) for other in self.or_else)
        return name not in settings

    def matters(self, settings: Mapping[str, Setting], knobs: Mapping[str, Knob]) -> bool:
        """Whether it has an effect under these settings."""
        return _matters(self.when, settings, knobs)


def knob(
    default: Any,
    *,
    label: str,
    low: float,
    high: float,
    unit: Unit | str = "",
    step: float | None = None,
    help: str = "",
    when: When | None = None,
    blank: str = "",
    group: SettingGroup = SettingGroup.MAIN,
) -> Any:
    """A number. A default of None means: blank, as the price table says, or as `blank` says.

    A unit is required: registration refuses a number without one. `Unit.COUNT` is that of a number of things.
    """
    declared = Knob(default, label, unit, low, high, step, help, {}, when, group, blank)
    return field(default=default, metadata={KNOB: declared})


def share(
    default: float,
    *,
    label: str,
    help: str = "",
    step: float = 0.05,
    high: float = 1,
    when: When | None = None,
    group: SettingGroup = SettingGroup.MAIN,
) -> Any:
    """A share of a whole, from 0."""
    return knob(
        default, label=label, unit=Unit.SHARE, low=0, high=high, step=step, help=help, when=when, group=group
    )


def switch(default: bool, *, label: str, help: str = "", group: SettingGroup = SettingGroup.MAIN) -> Any:
    """A yes or no."""
    declared = Knob(default, label, Unit.COUNT, None, None, None, help, {}, group=group)
    return field(default=default, metadata={KNOB: declared})


def choice(
    default: str,
    choices: Mapping[str, str],
    *,
    label: str,
    help: str = "",
    when: When | None = None,
    group: SettingGroup = SettingGroup.MAIN,
) -> Any:
    """One of several named ways."""
    declared = Knob(default, label, Unit.COUNT, None, None, None, help, choices, when, group)
    return field(default=default, metadata={KNOB: declared})


def pick(
    kind: type[Fact],
    *,
    label: str,
    role: PickRole | None = None,
    help: str = "",
    or_else: tuple[str, ...] = (),
) -> Any:
    """A row of a price table, chosen by its id; None where the picks of `or_else` stand in for it.

    A role is required: registration refuses a pick without one, and names its file and field.
    """
    declared = {PICK: Pick(kind, role, label, help, or_else=or_else)}
    return field(default=None, metadata=declared) if or_else else field(metadata=declared)


def optional_pick(
    kind: type[Fact], *, label: str, role: PickRole | None = None, help: str = "", when: When | None = None
) -> Any:
    """A row of a price table that may be left blank: then it is None. A role is required, as in `pick`."""
    return field(default=None, metadata={PICK: Pick(kind, role, label, help, True, when)})

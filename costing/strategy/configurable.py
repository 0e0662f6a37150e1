"""Objects with declared settings: a strategy and the parts that it is composed of."""

from __future__ import annotations

import dataclasses
from collections import Counter
from collections.abc import Iterator, Mapping
from dataclasses import Field, dataclass, field
from typing import Any, Final, Self, TypeVar

from pricing.book import PricesOnDay

from .declarations import KNOB, PICK

_PART: Final = "part"
"""Key of the metadata of a dataclass field that declares a part."""


@dataclass(frozen=True, slots=True)
class DeclaredPart:
    """A field whose value is an object with settings of its own."""

    kind: type[Configurable]
    nested: Mapping[str, type[Configurable]]
    """Name of a part of `kind` -> the class used instead of the declared one."""


def part(kind: type[Configurable], **nested: type[Configurable]) -> Any:
    """A part of class `kind`, built from the same flat settings as the object that declares it.

    A keyword names a part of that part, and the class that is used for it here.
    """
    return field(metadata={_PART: DeclaredPart(kind, nested)})


PartKind = TypeVar("PartKind", bound="Configurable")


@dataclass(frozen=True, kw_only=True)
class Configurable:
    """Declares settings (knobs, picks) and parts, which are configurable themselves.

    A setting has one name in the whole composition: scenario files, ranges and pages address it by that flat
    name, and the object that declares it is found by declaration.
    """

    prices: PricesOnDay = field(repr=False)

    @classmethod
    def declared(cls, what: str) -> dict[str, Any]:
        """Name -> declaration (`KNOB` or `PICK`) of this class and of its parts, in order of declaration."""
        return {item.name: item.metadata[what] for item in _layout(cls).settings if what in item.metadata}

    @classmethod
    def repeated_settings(cls) -> list[str]:
        """Names that are declared more than once in this class and its parts; registration refuses them."""
        times = Counter(item.name for item in _layout(cls).settings)
        return [name for name, count in times.items() if count > 1]

    @classmethod
    def _settings(cls, nested: Mapping[str, type[Configurable]] | None = None) -> Iterator[Field[Any]]:
        """Fields of the settings, its own and those of its parts, in order of declaration."""
        for item in dataclasses.fields(cls):
            inner = _part_of(item, nested)
            if inner is not None:
                yield from inner.kind._settings(inner.nested)
            elif _is_setting(item):
                yield item

    @classmethod
    def assemble(
        cls,
        values: Mapping[str, Any],
        prices: PricesOnDay,
        nested: Mapping[str, type[Configurable]] | None = None,
    ) -> Self:
        """The object and its parts from checked values by flat name; what is absent has its default."""
        own: dict[str, Any] = {}
        for item in dataclasses.fields(cls):
            inner = _part_of(item, nested)
            if inner is not None:
                own[item.name] = inner.kind.assemble(values, prices, inner.nested)
            elif _is_setting(item) and item.name in values:
                own[item.name] = values[item.name]
        return cls(prices=prices, **own)

    def values(self) -> dict[str, Any]:
        """Every setting by its flat name: a number, a text, a row of the tables, or None."""
        values: dict[str, Any] = {}
        for name, is_part in _layout(type(self)).own:
            if is_part:
                values |= getattr(self, name).values()
            else:
                values[name] = getattr(self, name)
        return values

    def with_settings(self, changes: Mapping[str, Any]) -> Self:
        """The same with other values of these settings, each in the object that declares it.

        Values are as `values` has them, or sample arrays; they are not checked against the declared range.
        Parts without a change are shared with the original. Raises KeyError for an undeclared name.
        """
        remaining = dict(changes)
        changed = self._take(remaining)
        if remaining:
            raise KeyError(f"{type(self).__name__} has no setting {next(iter(remaining))}")
        return changed

    def _take(self, changes: dict[str, Any]) -> Self:
        """The same with the changes that it and its parts declare, which are taken out of `changes`."""
        own: dict[str, Any] = {}
        for name, is_part in _layout(type(self)).own:
            if not changes:
                break
            if is_part:
                inner: Configurable = getattr(self, name)
                changed = inner._take(changes)
                if changed is not inner:
                    own[name] = changed
            elif name in changes:
                own[name] = changes.pop(name)
        return dataclasses.replace(self, **own) if own else self

    def parts(self) -> Iterator[Configurable]:
        """Its parts and theirs, in order of declaration."""
        for name, is_part in _layout(type(self)).own:
            if is_part:
                inner: Configurable = getattr(self, name)
                yield inner
                yield from inner.parts()

    def part(self, kind: type[PartKind]) -> PartKind | None:
        """Its part of that class, at any depth; None where it has none."""
        return next((inner for inner in self.parts() if isinstance(inner, kind)), None)


def _part_of(item: Field[Any], nested: Mapping[str, type[Configurable]] | None) -> DeclaredPart | None:
    """The part that a field declares, of the class that is used here; None for any other field."""
    declared: DeclaredPart | None = item.metadata.get(_PART)
    if declared is None or nested is None or item.name not in nested:
        return declared
    return DeclaredPart(nested[item.name], {})


@dataclass(frozen=True, slots=True)
class _Layout:
    """What a class declares, in order of declaration."""

    own: tuple[tuple[str, bool], ...]
    """Name of each setting and part of the class itself, and whether it is a part."""
    settings: tuple[Field[Any], ...]
    """Fields of all settings, those of the parts included."""


_LAYOUTS: Final[dict[type[Configurable], _Layout]] = {}


def _layout(kind: type[Configurable]) -> _Layout:
    """Computed once for each class: every Monte Carlo sample needs it."""
    if kind not in _LAYOUTS:
        own = tuple(
            (item.name, _PART in item.metadata)
            for item in dataclasses.fields(kind)
            if _PART in item.metadata or _is_setting(item)
        )
        _LAYOUTS[kind] = _Layout(own, tuple(kind._settings()))
    return _LAYOUTS[kind]


def _is_setting(item: Field[Any]) -> bool:
    return KNOB in item.metadata or PICK in item.metadata

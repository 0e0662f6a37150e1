"""Register of strategies: one file each in this folder, and those of a company by an entry point."""

from __future__ import annotations

import importlib
import pkgutil
from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from functools import lru_cache
from importlib.metadata import entry_points
from types import ModuleType
from typing import Final

from i18n.message import Message, message

from ..strategy.base import Strategy

ENTRY_POINTS: Final = "crossover.strategies"
"""Group in which a company's package names its strategies: each a class, or a module that defines some."""


@dataclass(frozen=True, slots=True)
class _Source:
    """Where strategies come from: a module of this folder, or an entry point of an installed package."""

    module: str
    package: str = ""
    """Name of the installed package; blank: this one."""
    attribute: str = ""
    """The class that an entry point names; blank: all strategies that the module defines."""

    def classes(self) -> Iterator[object]:
        """Classes that it registers; raises whatever the import of a module raises."""
        module = importlib.import_module(self.module)
        if self.attribute:
            yield getattr(module, self.attribute)
        else:
            yield from strategies_in(module)


@dataclass(frozen=True, slots=True)
class Register:
    """The strategies that can be used, and a line for each that cannot."""

    strategies: Mapping[str, type[Strategy]]
    """By id, in the order of lists."""
    errors: tuple[Message, ...]


def strategies_in(module: ModuleType) -> list[type[Strategy]]:
    """The strategies that a module defines; imported ones left out."""
    return [
        value
        for value in vars(module).values()
        if isinstance(value, type) and issubclass(value, Strategy) and value.__module__ == module.__name__
    ]


def registered() -> dict[str, type[Strategy]]:
    """Id -> class of every strategy that can be used."""
    return dict(register().strategies)


@lru_cache(maxsize=1)
def register() -> Register:
    """All shipped strategies, then those of installed packages. A faulty one is left out, with its error."""
    strategies: dict[str, type[Strategy]] = {}
    errors: list[Message] = []
    for source in _sources():
        try:
            candidates = list(source.classes())
        except Exception as error:  # a company's module may raise anything, and must not stop the others
            errors.append(_import_error(source, error))
            continue
        if not candidates:
            errors.append(message("{place}: defines no strategy", place=_place(source)))
        for candidate in candidates:
            faults = _errors_of(source, candidate, strategies)
            errors += faults
            if not faults and isinstance(candidate, type) and issubclass(candidate, Strategy):
                strategies[candidate.id()] = candidate
    ordered = dict(sorted(strategies.items(), key=lambda item: item[1].order))
    return Register(ordered, tuple(errors))


def _sources() -> Iterator[_Source]:
    for module in pkgutil.iter_modules(__path__, __name__ + "."):
        yield _Source(module.name)
    for entry in sorted(entry_points(group=ENTRY_POINTS), key=lambda entry: (entry.value, entry.name)):
        package = entry.dist.name if entry.dist is not None else entry.name
        yield _Source(entry.module, package, entry.attr)


def _place(source: _Source) -> str:
    """The file of a module, from the folder that holds its package."""
    return source.module.replace(".", "/") + ".py"


def _import_error(source: _Source, error: Exception) -> Message:
    lines = str(error).splitlines()
    return message(
        "{place}: cannot be imported: {kind}: {problem} (correct it, or uninstall {package})",
        place=_place(source),
        kind=type(error).__name__,
        problem=lines[0] if lines else "",
        package=source.package or "crossover",
    )


def _errors_of(source: _Source, candidate: object, before: Mapping[str, type[Strategy]]) -> list[Message]:
    """Errors of one candidate, a line each."""
    place = _place(source)
    if not (isinstance(candidate, type) and issubclass(candidate, Strategy)):
        return [message("{place}: {name} is not a strategy class", place=place, name=source.attribute)]
    name = candidate.__name__
    errors = [
        message("{place}: {name}.{field}: {problem}", place=place, name=name, field=field, problem=problem)
        for field, problem in candidate.declaration_errors()
    ]
    other = before.get(candidate.id())
    if other is not None and other is not candidate:
        errors.append(
            message(
                "{place}: {name}: the id '{id}' is taken by {other} (rename the file: its name is the id)",
                place=place,
                name=name,
                id=candidate.id(),
                other=other.__module__,
            )
        )
    return errors

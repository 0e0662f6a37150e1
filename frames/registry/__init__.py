"""The column registry: every column that a frame may have."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Final

from ..column import Column
from . import (
    benchmark,
    cash_flow,
    claim,
    common,
    comparison,
    decision,
    fine_tuning,
    method,
    prices,
    ranking,
    tokens,
    uncertainty,
)

AREAS: Final = (
    common,
    comparison,
    cash_flow,
    uncertainty,
    decision,
    claim,
    ranking,
    tokens,
    fine_tuning,
    prices,
    benchmark,
    method,
)
"""Modules of columns, in the order of the documentation."""


def _registered() -> dict[str, Column]:
    registered: dict[str, Column] = {}
    for area in AREAS:
        for column in area.COLUMNS:
            if column.name in registered:
                raise ValueError(f"{area.__name__}: column {column.name!r} is registered twice")
            registered[column.name] = column
    return registered


COLUMNS: Final[Mapping[str, Column]] = _registered()
"""Column by name."""


def columns(names: str) -> tuple[Column, ...]:
    """Columns by their names, separated by spaces; raises KeyError for a name that is not registered."""
    return tuple(COLUMNS[name] for name in names.split())

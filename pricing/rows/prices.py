"""The prices of a row by the names of their fields, which say the unit."""

from __future__ import annotations

from collections.abc import Iterator
from decimal import Decimal
from typing import Final

from pydantic import BaseModel

_UNIT_MARKS: Final = ("usd_per_", "price_per_", "per_usd")


def own_prices(row: BaseModel) -> dict[str, Decimal]:
    """The known prices that a row states itself, without those of its tiers and windows."""
    return {
        name: value
        for name, value in row
        if isinstance(value, Decimal) and any(mark in name for mark in _UNIT_MARKS)
    }


def all_prices(row: BaseModel, place: str = "") -> Iterator[tuple[str, Decimal]]:
    """(path of the field, price) of every known price of a row, also in its tiers and windows."""
    own = own_prices(row)
    for name, value in row:
        if name in own:
            yield f"{place}{name}", own[name]
        elif isinstance(value, BaseModel):
            yield from all_prices(value, f"{place}{name}.")
        elif isinstance(value, tuple):
            for number, part in enumerate(value, start=1):
                if isinstance(part, BaseModel):
                    yield from all_prices(part, f"{place}{name}[{number}].")

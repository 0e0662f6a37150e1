"""A column: name, heading, type, format and unit, the same in every frame."""

from __future__ import annotations

from dataclasses import dataclass
from enum import StrEnum


class Dtype(StrEnum):
    """What a column holds. Unknown is missing (None, NaN or NA), never 0 or "" ."""

    TEXT = "text"
    """pandas str."""
    AMOUNT = "amount"
    """Decimal in an object column where the amount is exact; float64 where it is a curve or a simulation."""
    FLOAT = "float"
    INTEGER = "integer"
    """pandas Int64."""
    FLAG = "flag"
    """pandas boolean."""
    DATE = "date"
    """datetime.date in an object column."""
    OBJECT = "object"
    """Values of several types."""


@dataclass(frozen=True, slots=True)
class Column:
    """A column of the project's frames. One name means one thing."""

    name: str
    """In CSV and JSON; a number's name ends in its unit."""
    heading: str
    """On the screen; a text of the translation catalogue, with {currency} for that of the frame."""
    dtype: Dtype
    format: str = ""
    """Format of numbers on the screen, as in `st.column_config.NumberColumn`."""
    unit: str = ""
    help: str = ""
    is_translated: bool = False
    """Holds ids of a closed set that are texts of the catalogue: translated on the screen only."""
    usd_column: str = ""
    """The same amount in USD. On the screen this column stands before it, unless the currency is USD."""

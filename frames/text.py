"""A frame as printed text: aligned columns."""

from __future__ import annotations

import unicodedata
from collections.abc import Mapping, Sequence

import pandas as pd

from .frame import plain

UNKNOWN = "-"


def width(text: str) -> int:
    """Columns that a text takes in a terminal; East Asian wide characters take two."""
    return sum(2 if unicodedata.east_asian_width(sign) in "WF" else 1 for sign in text)


def frame_text(table: pd.DataFrame, formats: Mapping[str, str], headings: Sequence[str] = ()) -> str:
    """The columns of `formats` (name -> format such as ",.2f", "" for text), aligned, unknown as a dash.

    Numbers stand right, text left. `headings` make a first line.
    """
    cells = [
        [UNKNOWN if (value := plain(cell)) is None else format(value, spec) for cell in table[name].array]
        for name, spec in formats.items()
    ]
    if headings:
        cells = [[heading, *column] for heading, column in zip(headings, cells, strict=True)]
    widths = [max(map(width, column), default=0) for column in cells]
    lines = [
        "  ".join(
            " " * (room - width(cell)) + cell if spec else cell + " " * (room - width(cell))
            for cell, room, spec in zip(row, widths, formats.values(), strict=True)
        ).rstrip()
        for row in zip(*cells, strict=True)
    ]
    return "\n".join(lines)

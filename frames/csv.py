"""A frame as a CSV file that spreadsheets read correctly: encoding, numbers, no formulas."""

from __future__ import annotations

import csv
import io
from datetime import date
from decimal import Decimal

import pandas as pd

from .frame import plain

Cell = None | str | int | float | Decimal | date

_FORMULA_STARTS = tuple("=+-@\t\r＝＋－＠")
_IGNORED_BEFORE_FORMULA = " \u00a0\u3000\ufeff\n"


def safe_text(text: str) -> str:
    """Text with a leading apostrophe where a spreadsheet would take it for a formula."""
    if text.lstrip(_IGNORED_BEFORE_FORMULA).startswith(_FORMULA_STARTS) or text.startswith(_FORMULA_STARTS):
        return "'" + text
    return text


def _cell(value: Cell) -> str:
    if value is None:
        return ""
    if isinstance(value, bool):
        return "true" if value else "false"
    if isinstance(value, str):
        return safe_text(value)
    if isinstance(value, date):
        return value.isoformat()
    if isinstance(value, Decimal):
        return f"{value:f}"
    return f"{value:.15g}" if isinstance(value, float) else str(value)


def frame_csv(table: pd.DataFrame) -> bytes:
    """A frame as CSV: UTF-8 with a byte order mark, so that Excel shows every script."""
    out = io.StringIO(newline="")
    writer = csv.writer(out)
    writer.writerow(table.columns)
    cells = [[_cell(plain(value)) for value in table[name].array] for name in table.columns]
    writer.writerows(zip(*cells, strict=True))
    return out.getvalue().encode("utf-8-sig")

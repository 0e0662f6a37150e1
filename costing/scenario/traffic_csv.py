"""Requests per day of each month as CSV: a template to fill in, and its reader."""

from __future__ import annotations

import csv
import io
import re
from collections.abc import Mapping, Sequence
from datetime import date
from decimal import Decimal, InvalidOperation
from typing import Final

import pandas as pd

from frames.frame import frame
from frames.registry import columns
from i18n.errors import CrossoverError
from i18n.message import Message, message

from .traffic import LIMITS, MAX_MONTHS, MONTH, gaps, month_name, outside

_DAY_OF_MONTH: Final = re.compile(r"(\d{4})[-/](\d{1,2})(?:[-/]\d{1,2})?")
_EXCELS: Final = re.compile(r"([A-Z][a-z]{2})-(\d{2})")
_NAMES: Final = ("Jan", "Feb", "Mar", "Apr", "May", "Jun", "Jul", "Aug", "Sep", "Oct", "Nov", "Dec")


TEMPLATE_COLUMNS: Final = columns("month requests_per_day")


def template(days: Sequence[date], requests_per_day: Sequence[float]) -> pd.DataFrame:
    """Months to fill in (TEMPLATE_COLUMNS), with the scenario's present values."""
    return frame(
        TEMPLATE_COLUMNS,
        [
            {"month": month_name(day), "requests_per_day": round(float(requests), 2)}
            for day, requests in zip(days, requests_per_day, strict=True)
        ],
    )


def read_months_csv(content: bytes, name: str) -> Mapping[str, float]:
    """Month -> requests per day; raises CrossoverError with every fault and its line.

    The first line names the columns `month` and `requests_per_day`; semicolons and tabs separate too.
    A month may be written as spreadsheets format it: Nov-26, 2026/11, 2026-11-01.
    """
    try:
        text = content.decode("utf-8-sig")
    except UnicodeDecodeError as error:
        raise CrossoverError(
            message("{place}: not UTF-8 text (save the file as UTF-8)", place=name)
        ) from error
    first_line = text.split("\n", 1)[0]
    delimiter = ";" if ";" in first_line else "," if "," in first_line else "\t"
    try:
        rows = list(csv.reader(io.StringIO(text, newline=""), delimiter=delimiter))
    except csv.Error as error:
        raise CrossoverError(
            message("{place}: not CSV: {problem} (take the template)", place=name, problem=str(error))
        ) from error
    lines = [
        (number, [cell.strip() for cell in row])
        for number, row in enumerate(rows, 1)
        if any(cell.strip() for cell in row)
    ]
    wanted = ["month", "requests_per_day"]
    if not lines or [cell.lower() for cell in lines[0][1][:2]] != wanted:
        raise CrossoverError(
            message(
                "{place}:1: the first line does not begin with month,requests_per_day (take the template)",
                place=name,
            )
        )
    if len(lines) - 1 > MAX_MONTHS:
        raise CrossoverError(
            message(
                "{place}: {months} months, more than {limit} (keep those of the horizon)",
                place=name,
                months=len(lines) - 1,
                limit=MAX_MONTHS,
            )
        )
    requests_by_month: dict[str, float] = {}
    errors: list[Message] = []
    for number, cells in lines[1:]:
        cells = [_month_of(cells[0]), *cells[1:]]
        wrong = _row_error(cells, requests_by_month)
        if wrong is None:
            requests_by_month[cells[0]] = float(cells[1])
        else:
            errors.append(message("{place}: {what}", place=f"{name}:{number}", what=wrong))
    if not requests_by_month and not errors:
        errors.append(message("{place}: no months (add a line for each)", place=name))
    for gap in gaps(requests_by_month) if not errors else ():
        what = message("{month}: missing between two months (add it)", month=gap)
        errors.append(message("{place}: {what}", place=name, what=what))
    if errors:
        raise CrossoverError(*errors)
    return dict(sorted(requests_by_month.items()))


def _month_of(cell: str) -> str:
    """The month as 2026-11, from a format of spreadsheets."""
    day, excels = _DAY_OF_MONTH.fullmatch(cell), _EXCELS.fullmatch(cell)
    if day:
        return f"{day[1]}-{int(day[2]):02d}"
    if excels and excels[1] in _NAMES:
        return f"20{excels[2]}-{_NAMES.index(excels[1]) + 1:02d}"
    return cell


def _row_error(cells: Sequence[str], earlier: Mapping[str, float]) -> Message | None:
    month = cells[0]
    if not MONTH.fullmatch(month):
        return message("'{value}' is not a month (write 2026-11)", value=month)
    if month in earlier:
        return message("{month} stands twice (keep one)", month=month)
    value = cells[1] if len(cells) > 1 else ""
    try:
        number = Decimal(value)
    except InvalidOperation:
        return message("'{value}' is not a number (write 1000, without commas)", value=value)
    if not number.is_finite():
        return message("'{value}' is not a number (write 1000, without commas)", value=value)
    return outside(float(number), LIMITS["given_requests_per_day"])

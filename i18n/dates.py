"""A day as a reader writes it."""

from __future__ import annotations

from datetime import date
from typing import Final

from .message import N_, Message, message

_MONTHS: Final = (
    N_("Jan"),
    N_("Feb"),
    N_("Mar"),
    N_("Apr"),
    N_("May"),
    N_("Jun"),
    N_("Jul"),
    N_("Aug"),
    N_("Sep"),
    N_("Oct"),
    N_("Nov"),
    N_("Dec"),
)


def dated(day: date) -> Message:
    """A day in a sentence.

    >>> str(dated(date(2027, 1, 14)))
    '14 Jan 2027'
    """
    return message(
        "{day} {month} {year}", day=day.day, month=Message(_MONTHS[day.month - 1]), year=str(day.year)
    )

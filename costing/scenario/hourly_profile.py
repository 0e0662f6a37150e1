"""The 24 hourly shares of a day: from a scenario file or pasted numbers, and as a frame."""

from __future__ import annotations

import csv
import io
import math
from collections.abc import Sequence
from decimal import Decimal
from typing import Final

import numpy as np
import pandas as pd

from frames.frame import frame_of
from frames.registry import columns
from i18n.errors import CrossoverError
from i18n.message import message
from pricing.validation import Refused, refusal

from ..workload.load_profile import HOURS, Hours, bell_hours
from ..workload.workload import Workload

HOUR_COLUMNS: Final = columns("hour share over_average requests evidence")
_SUM_WITHIN: Final = 0.01
"""Tolerance of the sum: shares are rounded."""
_DIGITS: Final = 6


def checked_hours(value: object) -> Hours:
    """24 shares that add up to 1, or none; raises Refused."""
    if value is None:
        return ()
    if not isinstance(value, list) or len(value) != HOURS:
        n = len(value) if isinstance(value, list) else 0
        raise refusal(message("{n} shares, not 24 (write one for each hour, from midnight on)", n=n))
    wrong = [(hour, share) for hour, share in enumerate(value) if not _is_share(share)]
    if wrong:
        raise Refused(
            *(
                ((hour,), message("'{value}' is not a share of the day, 0 to 1", value=share))
                for hour, share in wrong
            )
        )
    total = float(sum(value))
    if abs(total - 1) > _SUM_WITHIN:
        raise refusal(message("together {sum:g}, not 1 (write shares of the day's requests)", sum=total))
    return tuple(float(share) for share in value)


def _is_share(value: object) -> bool:
    return not isinstance(value, bool) and isinstance(value, int | float | Decimal) and 0 <= value <= 1


def hours_of(text: str, name: str) -> Hours:
    """Shares from 24 numbers of any unit, separated by line breaks, blanks, commas or semicolons.

    A table is read too: a column `hour` (0 to 23) and a column with the numbers, in any order.
    Raises CrossoverError with the position.
    """
    lines = [line for line in text.lstrip("\ufeff").splitlines() if line.strip()]
    if lines and lines[0].split(",")[0].strip().lower() == "hour":
        numbers = _from_table(lines, name)
    else:
        words = text.lstrip("\ufeff").replace(",", " ").replace(";", " ").split()
        numbers = [_number(word, f"{name}: {place}") for place, word in enumerate(words, 1)]
    if len(numbers) != HOURS:
        raise CrossoverError(
            message(
                "{name}: {n} numbers, not 24 (give one for each hour, from midnight on)",
                name=name,
                n=len(numbers),
            )
        )
    return shares_of(numbers, name)


def shares_of(numbers: Sequence[float], name: str) -> Hours:
    """Each number over their sum, rounded to 1e-6."""
    total = sum(numbers)
    if not 0 < total < math.inf:
        raise CrossoverError(
            message("{name}: all 24 hours are 0 or too large (give their requests)", name=name)
        )
    return tuple(round(number / total, _DIGITS) for number in numbers)


def _from_table(lines: Sequence[str], name: str) -> list[float]:
    """The second column, ordered by hour."""
    by_hour: dict[int, float] = {}
    for place, row in enumerate(csv.reader(io.StringIO("\n".join(lines[1:]))), 2):
        where = f"{name}:{place}"
        if len(row) < 2 or not row[0].strip().isdecimal() or not 0 <= int(row[0]) < HOURS:
            raise CrossoverError(message("{place}: no hour from 0 to 23 with a number after it", place=where))
        if int(row[0]) in by_hour:
            raise CrossoverError(message("{place}: hour {hour} twice (keep one)", place=where, hour=row[0]))
        by_hour[int(row[0])] = _number(row[1], where)
    return [by_hour[hour] for hour in sorted(by_hour)]


def _number(word: str, place: str) -> float:
    try:
        value = float(word)
    except ValueError:
        value = math.nan
    if not (math.isfinite(value) and value >= 0):
        raise CrossoverError(
            message("{place}: '{value}' is not a number of requests (0 or more)", place=place, value=word)
        )
    return value


def as_text(hour_shares: Hours) -> str:
    """As percentages, which `hours_of` reads back."""
    return " ".join(f"{round(100 * share, _DIGITS):g}" for share in hour_shares)


def hours(workload: Workload) -> pd.DataFrame:
    """The 24 hours of the day from midnight on.

    `evidence` is `given` for the scenario's own hours, `assumed` for a bell curve, whose peak is at noon.
    """
    own = workload.hour_shares
    shares = np.array(own or bell_hours(workload.peak_to_average))
    share = shares / shares.sum()
    return frame_of(
        HOUR_COLUMNS,
        HOURS,
        {
            "hour": list(range(HOURS)),
            "share": share,
            "over_average": share * HOURS,
            "requests": float(workload.requests_per_day) * share,
        },
        {"evidence": "given" if own else "assumed"},
    )

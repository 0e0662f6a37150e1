"""Depreciation of a purchase by year."""

from __future__ import annotations

import math

from i18n.message import N_

METHODS = (N_("straight line"), N_("declining balance"))


def yearly(capital_usd: float, life_years: float, residual_share: float, method: str) -> tuple[float, ...]:
    """Depreciation of each year; the last may be a part of one. They add up to capital less residual.

    Straight line: the same each year. Declining balance: 2 / life of the book value, never below the
    residual, and straight line over the years left from when that writes off more.

    >>> yearly(90_000, 3, 0.0, "straight line")
    (30000.0, 30000.0, 30000.0)
    """
    left = capital_usd * (1 - residual_share)
    book = capital_usd
    written: list[float] = []
    for year in range(math.ceil(life_years)):
        years_left = life_years - year
        this_year = min(1.0, years_left)
        amount = left / years_left * this_year
        if method == "declining balance":
            amount = max(amount, book * min(1.0, 2 / life_years) * this_year)
        amount = min(amount, left)
        written.append(amount)
        left -= amount
        book -= amount
    return tuple(written)

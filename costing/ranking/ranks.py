"""Ranks by cost: equal amounts share a rank."""

from __future__ import annotations

from collections.abc import Iterable
from decimal import Decimal


def ranks(amounts: Iterable[Decimal | None]) -> list[int | None]:
    """Ranks from 1 for the lowest amount; None has no rank.

    >>> ranks([Decimal(5), None, Decimal(3), Decimal(5), Decimal(9)])
    [2, None, 1, 2, 4]
    """
    all_amounts = list(amounts)
    first: dict[Decimal, int] = {}
    for rank, amount in enumerate(sorted(amount for amount in all_amounts if amount is not None), start=1):
        first.setdefault(amount, rank)
    return [None if amount is None else first[amount] for amount in all_amounts]

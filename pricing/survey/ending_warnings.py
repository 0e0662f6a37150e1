"""Warnings of offers that end soon, and of prices whose guarantee has run out."""

from __future__ import annotations

from collections.abc import Iterator
from datetime import date
from typing import Final

from frames.frame import records
from i18n.message import Message, counted, message

from ..book import PriceBook
from .timeline import PRICE_CHANGES, RAN_OUT, endings

WARNING_DAYS: Final = 30


def ending_warnings(book: PriceBook, today: date) -> Iterator[Message]:
    """A line for each offer or price that ends within WARNING_DAYS, or whose guarantee has run out.

    An announced next price is none: the table holds it.
    """
    for ending in records(endings(book, today, WARNING_DAYS)):
        place = f"{ending['table']}.yaml: {ending['id']}"
        if ending["ending"] == RAN_OUT:
            yield message(
                "{place}: guaranteed_until: {day} has passed (look the price up again)",
                place=place,
                day=ending["day"].isoformat(),
            )
        elif ending["ending"] != PRICE_CHANGES:
            yield counted(
                "{place}: {ending} on {day}, in {n} day (look up what follows)",
                "{place}: {ending} on {day}, in {n} days (look up what follows)",
                ending["days_left"],
                place=place,
                ending=Message(ending["ending"]),
                day=ending["day"].isoformat(),
            )

"""Models that are sold on a day."""

from __future__ import annotations

from i18n.errors import CrossoverError
from i18n.message import message
from pricing.book import PricesOnDay
from pricing.rows import ModelPrice, lifecycle_of


def on_sale(prices: PricesOnDay) -> list[ModelPrice]:
    """Models that are sold on the day of the prices, by id.

    Raises CrossoverError if there is none.
    """
    rows = prices.rows(ModelPrice)
    models = [
        row
        for row in (rows[row_id] for row_id in sorted(rows))
        if not lifecycle_of(row).is_shut_down_on(prices.day)
    ]
    if not models:
        raise CrossoverError(
            message("no model has a price on {day} (choose a later date)", day=prices.day.isoformat())
        )
    return models

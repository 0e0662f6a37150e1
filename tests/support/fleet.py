"""A self-hosted fleet with round numbers, electricity prices, and the lines and notes of a strategy."""

from __future__ import annotations

from datetime import date
from decimal import Decimal
from typing import Any

from costing.cost_lines import CostLine
from pricing.rows import Electricity, ExchangeRate, GridFactor
from tests.support.factories import DAY

SOURCED: dict[str, Any] = {"source": "https://example.com/prices", "checked_on": date(2026, 9, 1)}
STARTED = date(2026, 1, 1)
NEXT_YEAR = date(2027, 11, 22)
PLAIN: dict[str, Any] = {
    "deployment": "open-10b-1xg1",
    "target_utilisation_share": 1.0,
    "spare_replicas": 0,
}


def tariff(currency: str = "TWD") -> Electricity:
    return Electricity(
        **SOURCED,
        id="taiwan",
        region="Taiwan",
        effective_from=STARTED,
        currency=currency,
        price_per_kwh=Decimal(4),
    )


TWD = ExchangeRate(**SOURCED, id="TWD", effective_from=STARTED, per_usd=Decimal(32))
GRID = GridFactor(
    **SOURCED, id="taiwan", region="Taiwan", effective_from=STARTED, kg_co2e_per_kwh=Decimal("0.5")
)


def by_name(lines: Any) -> dict[str, CostLine]:
    return {str(line.name): line for line in lines}


def notes_of(strategy: Any, load: Any) -> str:
    return " ".join(str(note) for note in strategy.notes(load, DAY, NEXT_YEAR))

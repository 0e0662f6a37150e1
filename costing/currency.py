"""The currency of a report: USD amounts in another currency, by a dated rate, at the report's edge."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import date
from decimal import Context, Decimal
from typing import Any, Final

from i18n.errors import CrossoverError
from i18n.message import Message, message
from pricing.book import PricesOnDay, suggestion
from pricing.rows import ExchangeRate

USD: Final = "USD"

_EXACT: Final = Context(prec=60)
"""Wide enough for every digit of an amount times a rate."""


@dataclass(frozen=True, slots=True)
class Currency:
    """What a report shows amounts in. The model stays in USD; only what is shown is multiplied."""

    code: str
    per_usd: Decimal
    on: date | None = None
    """The day of the rate; None for USD itself."""
    source: str = ""

    def of(self, usd: Decimal) -> Decimal:
        """The amount, every digit kept: amounts rounded in USD add up here too."""
        return _EXACT.multiply(usd, self.per_usd)

    def of_known(self, usd: Decimal | None) -> Decimal | None:
        """The amount, where it is known."""
        return None if usd is None else self.of(usd)

    def of_float(self, usd: float) -> float:
        """The same for a figure of a chart or of a sentence."""
        return usd * float(self.per_usd)

    def columns(self) -> dict[str, Any]:
        """The last columns of every row with an amount: its currency, and the rate with its source."""
        return {
            "currency": self.code,
            "fx_per_usd": self.per_usd,
            "fx_date": self.on,
            "fx_source": self.source,
        }

    def text(self, usd: Decimal) -> str:
        """An amount for a sentence: whole units, with hundredths where they matter."""
        amount = self.of(usd)
        return f"{amount:,.0f}" if abs(amount) >= 100 else f"{amount:,.2f}"

    def rate(self, day: date) -> Message | None:
        """The rate with its day, its age on the day of the prices, and its source; None for USD."""
        if self.on is None:
            return None
        return message(
            "1 USD = {per_usd} {currency} on {on} ({days} days before the day of the prices; {source})",
            per_usd=str(self.per_usd),
            currency=self.code,
            on=self.on.isoformat(),
            days=(day - self.on).days,
            source=self.source,
        )


DOLLAR: Final = Currency(USD, Decimal(1))


def codes(prices: PricesOnDay) -> tuple[str, ...]:
    """Currencies that have a rate on that day, USD first."""
    return (USD, *sorted(prices.rows(ExchangeRate)))


def currency_on(code: str, prices: PricesOnDay) -> Currency:
    """The currency with its rate in force; raises CrossoverError that says what is nearest."""
    if code == USD:
        return DOLLAR
    rates = prices.rows(ExchangeRate)
    if code not in rates:
        raise CrossoverError(
            message(
                "currency: no exchange rate for '{code}' on {day}{hint} (choose one of {known}, or add a "
                "row to fx.yaml)",
                code=code,
                day=prices.day.isoformat(),
                hint=suggestion(code, rates),
                known=", ".join(codes(prices)),
            )
        )
    row = rates[code]
    return Currency(code, row.per_usd, row.effective_from, row.source)

"""One price row in full: its rates by service, hour and prompt length, and its other fields."""

from __future__ import annotations

import re
from collections.abc import Iterator
from dataclasses import dataclass
from decimal import Decimal
from typing import Final

from pydantic import BaseModel

from i18n.message import N_

from ..rows import Fact, Offer, Rates, Tiered

SERVICES: Final = (N_("standard"), N_("batch"), N_("flex"), N_("priority"), N_("fast"))
UNKNOWN: Final = N_("unknown")
"""Shown for a value that the row leaves unknown."""
_PAGE: Final = re.compile(r"https?://[^\s;,()'\"]+")
_REPOSITORY: Final = re.compile(r"github:([\w.-]+/[\w.-]+)@([0-9a-f]{7,40}):([^\s;,()]+)")
_RATE_FIELDS: Final = frozenset({*Tiered.model_fields, "service_tiers", "windows"})


@dataclass(frozen=True, slots=True)
class RateRow:
    """USD per Mtok of one service, at some hours, above some prompt length; None is not priced apart."""

    service: str
    hours_utc: str
    """Blank: all hours."""
    above_prompt_tokens: int | None
    input_usd_per_mtok: Decimal
    cached_input_usd_per_mtok: Decimal | None
    cache_write_usd_per_mtok: Decimal | None
    cache_write_1h_usd_per_mtok: Decimal | None
    output_usd_per_mtok: Decimal
    reasoning_usd_per_mtok: Decimal | None


def rate_rows(offer: Offer) -> list[RateRow]:
    """Every rate of an offer: standard, hours of the day and service tiers, each with its context tiers."""
    rows = list(_tiered(offer, "standard", ""))
    for window in offer.windows:
        hours = f"{window.from_utc}-{window.to_utc} {' '.join(window.weekdays)}"
        rows += _tiered(window, "standard", hours)
    for service in SERVICES[1:]:
        tier: Tiered | None = getattr(offer.service_tiers, service, None)
        if tier is not None:
            rows += _tiered(tier, service, "")
    return rows


def _tiered(prices: Tiered, service: str, hours: str) -> Iterator[RateRow]:
    yield _rate_row(prices, service, hours, None)
    for tier in prices.context_tiers:
        yield _rate_row(tier, service, hours, tier.above_prompt_tokens)


def _rate_row(rates: Rates, service: str, hours: str, above: int | None) -> RateRow:
    return RateRow(
        service=service,
        hours_utc=hours,
        above_prompt_tokens=above,
        input_usd_per_mtok=rates.input_usd_per_mtok,
        cached_input_usd_per_mtok=rates.cached_input_usd_per_mtok,
        cache_write_usd_per_mtok=rates.cache_write_usd_per_mtok,
        cache_write_1h_usd_per_mtok=rates.cache_write_1h_usd_per_mtok,
        output_usd_per_mtok=rates.output_usd_per_mtok,
        reasoning_usd_per_mtok=rates.reasoning_usd_per_mtok,
    )


@dataclass(frozen=True, slots=True)
class FieldRow:
    """A field as in the table; blank: the row has no value."""

    field: str
    value: str


def field_rows(row: Fact) -> list[FieldRow]:
    """All fields but an offer's rates, which `rate_rows` has, with the reference and the layer first."""
    shown = [FieldRow("ref", row.ref), FieldRow("layer", row.layer)]
    unknown = row.unknown_fields
    for name, value in row:
        if not (isinstance(row, Offer) and name in _RATE_FIELDS):
            shown.append(FieldRow(name, UNKNOWN if name in unknown else _text(value)))
    return shown


def _text(value: object) -> str:
    if value is None or value == ():
        return ""
    if isinstance(value, BaseModel):
        return ", ".join(f"{name}: {_text(part)}" for name, part in value if part is not None)
    if isinstance(value, tuple):
        return "; ".join(_text(part) for part in value)
    return f"{value:f}" if isinstance(value, Decimal) else str(value)


def pages(source: str) -> list[str]:
    """The addresses that a source names, as links."""
    links = [page.rstrip(".") for page in _PAGE.findall(source)]
    return links + [f"https://github.com/{r}/blob/{c}/{p}" for r, c, p in _REPOSITORY.findall(source)]

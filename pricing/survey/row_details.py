"""One price row in full: its rates by service, hour and prompt length, and its other fields."""

from __future__ import annotations

import re
from collections.abc import Iterator
from decimal import Decimal
from typing import Any, Final

import pandas as pd
from pydantic import BaseModel

from frames.frame import frame
from frames.registry import columns
from i18n.message import N_

from ..rows import Fact, LifecycleDates, Offer, Rates, Tiered

SERVICES: Final = (N_("standard"), N_("batch"), N_("flex"), N_("priority"), N_("fast"))
UNKNOWN: Final = N_("unknown")
"""Shown for a value that the row leaves unknown."""
_PAGE: Final = re.compile(r"https?://[^\s;,()'\"]+")
_REPOSITORY: Final = re.compile(r"github:([\w.-]+/[\w.-]+)@([0-9a-f]{7,40}):([^\s;,()]+)")
_RATE_FIELDS: Final = frozenset({*Tiered.model_fields, "service_tiers", "windows"})

_OWN_LIFECYCLE: Final = frozenset({"lifecycle", *LifecycleDates.model_fields})
_LIFECYCLE_NAMES: Final = {
    "state": "lifecycle",
    **{name: f"lifecycle_{name}" for name in ("source", "checked_on", "evidence", "note")},
}
"""Fields of a row of lifecycles.yaml, as the fields of its price row are called."""


RATES: Final = columns(
    "service hours_utc above_prompt_tokens input_usd_per_mtok cached_input_usd_per_mtok "
    "cache_write_usd_per_mtok cache_write_1h_usd_per_mtok output_usd_per_mtok reasoning_usd_per_mtok"
)
"""Columns of an offer's rates. Blank `hours_utc`: all hours; a missing rate is not priced apart."""
FIELDS: Final = columns("field value")
"""Columns of a row's fields: name as in the table, value as text; blank: the row has no value."""


def rates(offer: Offer) -> pd.DataFrame:
    """Every rate of an offer: standard, hours of the day and service tiers, each with its context tiers."""
    rows = list(_tiered(offer, "standard", ""))
    for window in offer.windows:
        hours = f"{window.from_utc}-{window.to_utc} {' '.join(window.weekdays)}"
        rows += _tiered(window, "standard", hours)
    for service in SERVICES[1:]:
        tier: Tiered | None = getattr(offer.service_tiers, service, None)
        if tier is not None:
            rows += _tiered(tier, service, "")
    return frame(RATES, rows)


def _tiered(prices: Tiered, service: str, hours: str) -> Iterator[dict[str, Any]]:
    yield _rate(prices, service, hours, None)
    for tier in prices.context_tiers:
        yield _rate(tier, service, hours, tier.above_prompt_tokens)


def _rate(rates: Rates, service: str, hours: str, above: int | None) -> dict[str, Any]:
    return {
        "service": service,
        "hours_utc": hours,
        "above_prompt_tokens": above,
        **{column.name: getattr(rates, column.name) for column in RATES[3:]},
    }


def fields_of(row: Fact) -> pd.DataFrame:
    """All fields but an offer's rates, which `rates` has, with the reference and the layer first."""
    shown = [("ref", row.ref), ("layer", row.layer)]
    unknown = row.unknown_fields
    for name, value in row:
        if not (isinstance(row, Offer) and name in _RATE_FIELDS):
            shown.append((name, UNKNOWN if name in unknown else _text(value)))
    if row.lifecycle_row is not None:
        shown = [(name, value) for name, value in shown if name not in _OWN_LIFECYCLE]
        shown += [
            (_LIFECYCLE_NAMES.get(name, name), _text(value))
            for name, value in row.lifecycle_row
            if name != "id"
        ]
    return frame(FIELDS, ({"field": name, "value": value} for name, value in shown))


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

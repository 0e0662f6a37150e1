"""Market overview on one day: a row for each price with age and lifecycle, searched and filtered."""

from __future__ import annotations

from collections.abc import Collection, Iterable, Mapping, Sequence
from datetime import date
from types import MappingProxyType
from typing import Any, Final, Literal

import pandas as pd

from frames.frame import frame
from frames.registry import columns
from i18n.message import N_

from ..book import PriceBook
from ..rows import NOT_KNOWN, TABLES, DatedFact, Fact, Gpu, LifecycleState, lifecycle_of, state_label
from ..rows.names import full_names
from ..rows.prices import own_prices

Freshness = Literal["fresh", "ageing", "old"]
State = str
"""A LifecycleState, NOT_KNOWN, "announced" or "ended"."""

FRESH_DAYS: Final = 30
AGEING_DAYS: Final = 90

PRICE_TABLES: Final = tuple(table for table, kind in TABLES.items() if issubclass(kind, DatedFact))
"""The tables whose rows are prices, in the order of the tables."""

ANNOUNCED: Final = N_("announced")
ENDED: Final = N_("ended")
STATES: Final[tuple[State, ...]] = (*map(str, LifecycleState), NOT_KNOWN, ANNOUNCED, ENDED)
WORDS: Final = (
    N_("fresh"),
    N_("ageing"),
    N_("old"),
)
"""Words of the survey, for the translation catalogue."""

ENDS: Final[Mapping[str, str]] = MappingProxyType(
    {
        "guaranteed_until": N_("guarantee ends"),
        "effective_to": N_("price ends"),
        "new_jobs_until": N_("last day for training jobs"),
        "retires_on": N_("retires"),
        "closed_to_new_customers_on": N_("closed to new customers"),
    }
)
"""Field of a row that ends something -> what it ends."""

_IN_COLUMNS: Final = frozenset(
    {
        "input_usd_per_mtok",
        "cached_input_usd_per_mtok",
        "cache_write_usd_per_mtok",
        "output_usd_per_mtok",
        "training_usd_per_mtok",
        "hosting_usd_per_hour",
    }
)


SURVEY: Final = columns(
    "name vendor table input_usd_per_mtok cached_input_usd_per_mtok output_usd_per_mtok freshness age_days "
    "state ends ends_on other_price other_unit cache_write_usd_per_mtok training_usd_per_mtok "
    "hosting_usd_per_hour context_window_tokens id effective_from checked_on source layer"
)
"""Columns of the survey: one price a row as it stands on the day; missing is unknown or not charged for.

`freshness` is a Freshness, `state` a State; `ends` is a value of ENDS or blank; `other_price` is the first
price that has no column, `other_unit` the name of its field.
"""


def survey(book: PriceBook, today: date) -> pd.DataFrame:
    """Every price of the book: the row in force, or else the next announced, or else the last that ended."""
    gpus = {row_id: gpu.name for row_id, gpu in book.on(today).rows(Gpu).items()}
    rows: list[dict[str, Any]] = []
    for table, row_id in book.ids():
        if table in PRICE_TABLES:
            row = standing(book.history(TABLES[table], row_id), today)
            if isinstance(row, DatedFact):
                rows.append(_surveyed(table, row, today, gpus))
    return frame(SURVEY, rows)


def standing(history: Sequence[Fact], today: date) -> Fact | None:
    """The row in force among all rows of one id, or else the first announced one."""
    started = [row for row in history if not (isinstance(row, DatedFact) and row.effective_from > today)]
    return started[-1] if started else next(iter(history), None)


def names_of(book: PriceBook, keys: Iterable[tuple[str, str]], today: date) -> dict[str, str]:
    """Names of prices by their ids, as a chart names its lines."""
    gpus = book.on(today).rows(Gpu)
    rows = ((row_id, standing(book.history(TABLES[table], row_id), today)) for table, row_id in keys)
    return full_names({row_id: gpus.get(row_id, row) for row_id, row in rows if row is not None})


def name_of(book: PriceBook, row_id: str, today: date) -> str:
    """Name of a price of any table; its id if there is none."""
    return names_of(book, ((table, row_id) for table in PRICE_TABLES), today).get(row_id, row_id)


def _surveyed(table: str, row: DatedFact, today: date, gpus: Mapping[str, str]) -> dict[str, Any]:
    prices = own_prices(row)
    other = next((name for name in prices if name not in _IN_COLUMNS), "")
    age_days = max((today - row.checked_on).days, 0)
    ends, ends_on = _next_end(row, today)
    return {
        "table": table,
        "vendor": str(getattr(row, "vendor", "")),
        "name": str(getattr(row, "name", "")) or gpus.get(row.id) or _plain_name(row),
        "id": row.id,
        "input_usd_per_mtok": prices.get("input_usd_per_mtok"),
        "cached_input_usd_per_mtok": prices.get("cached_input_usd_per_mtok"),
        "cache_write_usd_per_mtok": prices.get("cache_write_usd_per_mtok"),
        "output_usd_per_mtok": prices.get("output_usd_per_mtok"),
        "training_usd_per_mtok": prices.get("training_usd_per_mtok"),
        "hosting_usd_per_hour": prices.get("hosting_usd_per_hour"),
        "other_price": prices.get(other),
        "other_unit": other,
        "age_days": age_days,
        "freshness": freshness(age_days),
        "state": state_on(row, today),
        "ends": ends,
        "ends_on": ends_on,
        "context_window_tokens": getattr(row, "context_window_tokens", None),
        "effective_from": row.effective_from,
        "checked_on": row.checked_on,
        "source": row.source,
        "layer": row.layer,
    }


def _plain_name(row: Fact) -> str:
    """Name of the priced item for a row without a name."""
    return next((str(getattr(row, name)) for name in ("base_model", "gpu") if hasattr(row, name)), row.id)


def freshness(age_days: int) -> Freshness:
    """Freshness of a price that was checked `age_days` days ago."""
    if age_days < FRESH_DAYS:
        return "fresh"
    return "ageing" if age_days < AGEING_DAYS else "old"


def state_on(row: DatedFact, today: date) -> State:
    """The state of an offer on a day, whatever it was when the row was written."""
    state = lifecycle_of(row).state_on(today)
    if state == LifecycleState.SHUT_DOWN:
        return str(state)
    if row.effective_from > today:
        return ANNOUNCED
    if row.effective_to is not None and row.effective_to < today:
        return ENDED
    return state_label(state)


def ends_of(row: Fact) -> dict[str, date]:
    """Field of ENDS -> its day, for the fields that the row or its lifecycle has."""
    lifecycle = lifecycle_of(row)
    days: dict[str, date | None] = {
        "guaranteed_until": row.guaranteed_until if isinstance(row, DatedFact) else None,
        "effective_to": row.effective_to if isinstance(row, DatedFact) else None,
        "new_jobs_until": lifecycle.new_jobs_until,
        "retires_on": lifecycle.retires_on,
        "closed_to_new_customers_on": lifecycle.closed_to_new_customers_on,
    }
    return {name: day for name, day in days.items() if day is not None}


def _next_end(row: Fact, today: date) -> tuple[str, date | None]:
    days = ends_of(row)
    to_come = {name: day for name, day in days.items() if day >= today}
    if to_come:
        name = min(to_come, key=lambda name: to_come[name])
    elif days:
        name = max(days, key=lambda name: days[name])
    else:
        return "", None
    return ENDS[name], days[name]


def matching(
    rows: pd.DataFrame,
    words: str = "",
    vendors: Collection[str] = (),
    states: Collection[str] = (),
    tables: Collection[str] = (),
    layers: Collection[str] = (),
) -> pd.DataFrame:
    """Rows of a survey with all the words in id, name or vendor that pass every filter.

    No vendors, states, tables or layers: all of them.
    """
    wanted = words.casefold().split()
    texts = [
        f"{row_id} {name} {vendor}".casefold()
        for row_id, name, vendor in zip(rows["id"], rows["name"], rows["vendor"], strict=True)
    ]
    kept = pd.Series([all(word in text for word in wanted) for text in texts], rows.index, dtype=bool)
    chosen = {"vendor": vendors, "state": states, "table": tables, "layer": layers}
    for name, values in chosen.items():
        if values:
            kept &= rows[name].isin(list(values))
    return rows[kept].reset_index(drop=True)

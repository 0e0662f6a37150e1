"""Names of price tables and of the fields of their rows, prices with their units."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Final

import pandas as pd

from frames.registry import COLUMNS
from i18n.message import N_

from ..language import label_of
from .frame_table import without_blank_columns

KINDS: Final = {
    "models": N_("Models"),
    "finetunes": N_("Tuned models"),
    "training": N_("Training"),
    "embeddings": N_("Embeddings"),
    "tool_fees": N_("Tools"),
    "provisioned": N_("Provisioned capacity"),
    "gpu_purchase": N_("GPU purchase"),
    "gpu_rent": N_("GPU rent"),
    "gpu_offers": N_("GPU offers"),
    "electricity": N_("Electricity"),
    "grid_factors": N_("Emissions of grids"),
    "fx": N_("Currencies"),
}
"""Table -> what its rows price."""

PRICES: Final = {
    "input_usd_per_mtok": N_("Input, USD per Mtok"),
    "cached_input_usd_per_mtok": N_("Cached input, USD per Mtok"),
    "cache_write_usd_per_mtok": N_("Cache write, USD per Mtok"),
    "cache_write_1h_usd_per_mtok": N_("Cache write for an hour, USD per Mtok"),
    "output_usd_per_mtok": N_("Output, USD per Mtok"),
    "reasoning_usd_per_mtok": N_("Reasoning, USD per Mtok"),
    "training_usd_per_mtok": N_("Training, USD per Mtok"),
    "training_usd_per_hour": N_("Training, USD per hour"),
    "batch_input_usd_per_mtok": N_("Batch input, USD per Mtok"),
    "hosting_usd_per_hour": N_("Hosting, USD per hour"),
    "minimum_usd_per_job": N_("Minimum, USD per job"),
    "storage_usd_per_month": N_("Storage, USD per month"),
    "usd_per_1k_requests": N_("USD per 1,000 requests"),
    "usd_per_1k_calls": N_("USD per 1,000 calls"),
    "usd_per_unit_hour": N_("USD per unit and hour"),
    "usd_per_gpu_hour": N_("USD per GPU-hour"),
    "usd_per_gpu": N_("USD per GPU"),
    "price_per_kwh": N_("Local currency per kWh"),
    "kg_co2e_per_kwh": N_("kg CO2e per kWh"),
    "per_usd": N_("Units for one USD"),
}
"""Price field -> label with its unit."""

OTHER_FIELDS: Final = {
    "ref": N_("Price row"),
    "effective_to": N_("Valid until"),
    "guaranteed_until": N_("Guaranteed until"),
    "closed_to_new_customers_on": N_("Closed to new customers on"),
    "min_cacheable_tokens": N_("Shortest cacheable prompt, tokens"),
    "cache_ttl_s": N_("Cache lifetime, s"),
    "cache_source": N_("Source of the cache rules"),
    "method": N_("Training method"),
    "new_jobs_until": N_("Last day for new training jobs"),
    "min_training_examples": N_("Minimum number of training examples"),
    "max_training_example_tokens": N_("Longest training example, tokens"),
    "longer_examples": N_("Treatment of longer examples"),
    "training_source": N_("Source of the training price"),
    "commitment": N_("Commitment"),
}
"""Field that is no price and no column of a frame -> label."""

_FIELDS: Final = {**{name: column.heading for name, column in COLUMNS.items()}, **OTHER_FIELDS, **PRICES}


def field_name(field: str) -> str:
    """Translated name of a field, a price with its unit, after the tier that it belongs to.

    The field itself if it has no name.
    """
    place, _, name = field.rpartition(".")
    return f"{place}: {label_of(_FIELDS, name)}" if place else label_of(_FIELDS, name)


def named(frame: pd.DataFrame, names: Mapping[str, str]) -> pd.DataFrame:
    """A frame for a figure or the screen: rows by their names in place of their ids."""
    return frame.assign(id=[names[row_id] for row_id in frame["id"]])


def on_screen(frame: pd.DataFrame) -> pd.DataFrame:
    """A frame for the screen: tables and price fields by their names, without blank columns."""
    shown = without_blank_columns(frame)
    for column, names in (("table", KINDS), ("other_unit", PRICES)):
        if column in shown:
            shown = shown.assign(**{column: [names.get(value, value) for value in shown[column]]})
    return shown

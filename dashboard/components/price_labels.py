"""Names of price tables and of price fields with their units."""

from __future__ import annotations

from typing import Final

import pandas as pd

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


def field_name(field: str) -> str:
    """Translated name of a price field with its unit, after the tier that it belongs to.

    The field itself if it has no name.
    """
    place, _, name = field.rpartition(".")
    return f"{place}: {label_of(PRICES, name)}" if place else label_of(PRICES, name)


def on_screen(frame: pd.DataFrame) -> pd.DataFrame:
    """A frame for the screen: tables and price fields by their names, without blank columns."""
    shown = without_blank_columns(frame)
    for column, names in (("table", KINDS), ("other_unit", PRICES)):
        if column in shown:
            shown = shown.assign(**{column: [names.get(value, value) for value in shown[column]]})
    return shown

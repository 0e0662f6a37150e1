"""Columns of the break-even claim."""

from __future__ import annotations

from typing import Final

from i18n.message import N_

from ..column import Column, Dtype

COLUMNS: Final = (
    Column("api_usd_per_mtok", N_("Api usd per mtok"), Dtype.FLOAT),
    Column("api_usd_per_month", N_("Api usd per month"), Dtype.FLOAT),
    Column("own_usd_per_month", N_("Own usd per month"), Dtype.FLOAT),
    Column("day", N_("Day"), Dtype.DATE),
    Column("rent_usd_per_gpu_hour", N_("Rent usd per gpu hour"), Dtype.FLOAT),
    Column("announced", N_("Announced"), Dtype.FLAG),
    Column("price_source", N_("Price source"), Dtype.TEXT),
    Column("launch_source", N_("Launch source"), Dtype.TEXT),
    Column("rent_ref", N_("Rent ref"), Dtype.TEXT),
    Column("driver", N_("Driver"), Dtype.TEXT),
    Column("low_value", N_("Low value"), Dtype.FLOAT),
    Column("high_value", N_("High value"), Dtype.FLOAT),
    Column("tokens_per_day_at_low", N_("Tokens per day at low"), Dtype.FLOAT),
    Column("tokens_per_day_at_high", N_("Tokens per day at high"), Dtype.FLOAT),
)

"""Columns of the price tables."""

from __future__ import annotations

from typing import Final

from i18n.message import N_

from ..column import Column, Dtype

_PER_MTOK: Final = N_("USD per Mtok")
_RATE: Final = "%,.6g"
_COUNT: Final = "%,.0f"


def _usd_per_mtok(name: str, heading: str) -> Column:
    return Column(name, heading, Dtype.AMOUNT, format=_RATE, unit=_PER_MTOK, help=_PER_MTOK)


COLUMNS: Final = (
    Column("table", N_("Kind"), Dtype.TEXT, is_translated=True),
    _usd_per_mtok("cached_input_usd_per_mtok", N_("Cached input price")),
    Column("freshness", N_("Age"), Dtype.TEXT, is_translated=True),
    Column(
        "age_days", N_("Days"), Dtype.INTEGER, format=_COUNT, help=N_("Days since the source was checked")
    ),
    Column("state", N_("Lifecycle"), Dtype.TEXT, is_translated=True),
    Column("ends", N_("What ends"), Dtype.TEXT, is_translated=True),
    Column("ends_on", N_("Ends on"), Dtype.DATE),
    Column("other_price", N_("Other price"), Dtype.AMOUNT, format=_RATE),
    Column("other_unit", N_("Its unit"), Dtype.TEXT, is_translated=True),
    _usd_per_mtok("cache_write_usd_per_mtok", N_("Cache write price")),
    _usd_per_mtok("training_usd_per_mtok", N_("Training price")),
    Column("hosting_usd_per_hour", N_("Hosting, USD per hour"), Dtype.AMOUNT, format=_RATE),
    Column("id", N_("Id"), Dtype.TEXT),
    Column("effective_from", N_("Valid from"), Dtype.DATE),
    Column("memory_gib", N_("Memory, GiB"), Dtype.AMOUNT, format=_RATE),
    Column("bandwidth_gb_per_s", N_("Bandwidth, GB/s"), Dtype.AMOUNT, format=_RATE),
    Column("bf16_tflops", N_("BF16, TFLOPS"), Dtype.AMOUNT, format=_RATE),
    Column("fp8_tflops", N_("FP8, TFLOPS"), Dtype.AMOUNT, format=_RATE),
    Column("fp4_tflops", N_("FP4, TFLOPS"), Dtype.AMOUNT, format=_RATE),
    Column("tdp_w", N_("Rated power, W"), Dtype.AMOUNT, format=_RATE),
    Column("all_in_kw", N_("kW with its server"), Dtype.AMOUNT, format=_RATE),
    Column("usd_per_gpu_hour", N_("USD per GPU-hour"), Dtype.AMOUNT, format=_RATE),
    Column("usd_per_gpu", N_("USD per GPU"), Dtype.AMOUNT, format=_RATE),
    Column("architecture", N_("Architecture"), Dtype.TEXT),
    Column("total_params_b", N_("Parameters, billions"), Dtype.AMOUNT, format=_RATE),
    Column("active_params_b", N_("Active parameters, billions"), Dtype.AMOUNT, format=_RATE),
    Column("experts", N_("Experts: used / all"), Dtype.TEXT, is_translated=True),
    Column("layers", N_("Layers"), Dtype.INTEGER, format=_COUNT),
    Column("kv_bytes_per_token", N_("KV bytes per token"), Dtype.INTEGER, format=_COUNT),
    Column("licence", N_("Licence"), Dtype.TEXT),
    Column("service", N_("Service"), Dtype.TEXT, is_translated=True),
    Column("hours_utc", N_("Hours (UTC)"), Dtype.TEXT),
    Column("above_prompt_tokens", N_("Prompt longer than"), Dtype.INTEGER, format=_COUNT, unit=N_("tokens")),
    _usd_per_mtok("cache_write_1h_usd_per_mtok", N_("Cache write price, 1 h")),
    _usd_per_mtok("reasoning_usd_per_mtok", N_("Reasoning price")),
    Column("field", N_("Field"), Dtype.TEXT),
    Column("price", N_("Price"), Dtype.AMOUNT, format=_RATE, help=N_("In the unit of its field")),
    Column("first_day", N_("First day"), Dtype.DATE),
    Column("last_day", N_("Last day"), Dtype.DATE),
    Column("days_left", N_("Days left"), Dtype.INTEGER, format="%d"),
    Column("ending", N_("What happens"), Dtype.TEXT, is_translated=True),
    _usd_per_mtok("input_now", N_("Input price now")),
    _usd_per_mtok("input_then", N_("Input price then")),
    _usd_per_mtok("output_now", N_("Output price now")),
    _usd_per_mtok("output_then", N_("Output price then")),
    Column("prompt_tokens", N_("Prompt tokens"), Dtype.INTEGER, format=_COUNT),
    Column("usd_per_request", N_("USD per request"), Dtype.AMOUNT, format=_RATE),
    Column("usd_per_longer_request", N_("USD with one token more"), Dtype.AMOUNT, format=_RATE),
    Column("before_price", N_("Price before"), Dtype.AMOUNT, format=_RATE),
    Column("after_price", N_("Price after"), Dtype.AMOUNT, format=_RATE),
    Column("option", N_("Option"), Dtype.TEXT),
    Column("before_usd_per_month", N_("Before, USD per month"), Dtype.AMOUNT, format="%,.2f"),
    Column("after_usd_per_month", N_("After, USD per month"), Dtype.AMOUNT, format="%,.2f"),
)

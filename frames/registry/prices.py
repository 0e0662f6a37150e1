"""Columns of the price tables."""

from __future__ import annotations

from typing import Final

from i18n.message import N_

from ..column import Column, Dtype

COLUMNS: Final = (
    Column("table", N_("Table"), Dtype.TEXT),
    Column("cached_input_usd_per_mtok", N_("Cached input usd per mtok"), Dtype.AMOUNT),
    Column("freshness", N_("Freshness"), Dtype.TEXT),
    Column("age_days", N_("Age days"), Dtype.INTEGER),
    Column("state", N_("State"), Dtype.TEXT),
    Column("ends", N_("Ends"), Dtype.TEXT),
    Column("ends_on", N_("Ends on"), Dtype.DATE),
    Column("other_price", N_("Other price"), Dtype.AMOUNT),
    Column("other_unit", N_("Other unit"), Dtype.TEXT),
    Column("cache_write_usd_per_mtok", N_("Cache write usd per mtok"), Dtype.AMOUNT),
    Column("training_usd_per_mtok", N_("Training usd per mtok"), Dtype.AMOUNT),
    Column("hosting_usd_per_hour", N_("Hosting usd per hour"), Dtype.AMOUNT),
    Column("id", N_("Id"), Dtype.TEXT),
    Column("effective_from", N_("Effective from"), Dtype.DATE),
    Column("memory_gib", N_("Memory gib"), Dtype.AMOUNT),
    Column("bandwidth_gb_per_s", N_("Bandwidth gb per s"), Dtype.AMOUNT),
    Column("bf16_tflops", N_("Bf16 tflops"), Dtype.AMOUNT),
    Column("fp8_tflops", N_("Fp8 tflops"), Dtype.AMOUNT),
    Column("fp4_tflops", N_("Fp4 tflops"), Dtype.AMOUNT),
    Column("tdp_w", N_("Tdp w"), Dtype.AMOUNT),
    Column("all_in_kw", N_("All in kw"), Dtype.AMOUNT),
    Column("usd_per_gpu_hour", N_("Usd per gpu hour"), Dtype.AMOUNT),
    Column("usd_per_gpu", N_("Usd per gpu"), Dtype.AMOUNT),
    Column("architecture", N_("Architecture"), Dtype.TEXT),
    Column("total_params_b", N_("Total params b"), Dtype.AMOUNT),
    Column("active_params_b", N_("Active params b"), Dtype.AMOUNT),
    Column("experts", N_("Experts"), Dtype.TEXT),
    Column("layers", N_("Layers"), Dtype.INTEGER),
    Column("kv_bytes_per_token", N_("Kv bytes per token"), Dtype.INTEGER),
    Column("licence", N_("Licence"), Dtype.TEXT),
    Column("service", N_("Service"), Dtype.TEXT),
    Column("hours_utc", N_("Hours utc"), Dtype.TEXT),
    Column("above_prompt_tokens", N_("Above prompt tokens"), Dtype.INTEGER),
    Column("cache_write_1h_usd_per_mtok", N_("Cache write 1h usd per mtok"), Dtype.AMOUNT),
    Column("reasoning_usd_per_mtok", N_("Reasoning usd per mtok"), Dtype.AMOUNT),
    Column("field", N_("Field"), Dtype.TEXT),
)

"""Columns of the method page."""

from __future__ import annotations

from typing import Final

from i18n.message import N_

from ..column import Column, Dtype

COLUMNS: Final = (
    Column("price_table", N_("Price table"), Dtype.TEXT),
    Column("price_rows", N_("Rows"), Dtype.INTEGER, format="%d"),
    Column("first_check", N_("First check"), Dtype.DATE),
    Column("last_check", N_("Last check"), Dtype.DATE),
    Column("hardware_class", N_("Class of hardware and model"), Dtype.TEXT),
    Column("mbu", N_("MBU"), Dtype.FLOAT, format="percent"),
    Column("mfu_decode", N_("MFU, decode"), Dtype.FLOAT, format="percent"),
    Column("mfu_prefill", N_("MFU, prefill"), Dtype.FLOAT, format="percent"),
    Column("step_overhead_ms", N_("Overhead per step, ms"), Dtype.FLOAT, format="%.2f"),
    Column("layer_overhead_us", N_("Overhead per layer, µs"), Dtype.FLOAT, format="%.0f"),
    Column("sigma_log", N_("Standard deviation (log)"), Dtype.FLOAT, format="%.2f"),
)

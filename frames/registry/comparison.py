"""Columns of the comparison."""

from __future__ import annotations

from typing import Final

from i18n.message import N_

from ..column import Column, Dtype

COLUMNS: Final = (
    Column("hour", N_("Hour"), Dtype.INTEGER),
    Column("share", N_("Share"), Dtype.FLOAT),
    Column("over_average", N_("Over average"), Dtype.FLOAT),
    Column("tokens", N_("Tokens"), Dtype.FLOAT, format="%,.0f"),
    Column("cheaper_below", N_("Cheaper below"), Dtype.TEXT),
    Column("cheaper_above", N_("Cheaper above"), Dtype.TEXT),
    Column("is_jump", N_("At a replica's step"), Dtype.FLAG),
    Column("tokens_per_month", N_("Tokens a month"), Dtype.FLOAT, format="%,.0f"),
    Column("from_requests_per_day", N_("From requests a day"), Dtype.FLOAT, format="%,.0f"),
    Column(
        "amount_per_mtok", N_("{currency} per Mtok"), Dtype.AMOUNT, format="%,.4f", usd_column="usd_per_mtok"
    ),
    Column("open_model", N_("Open model"), Dtype.TEXT),
    Column("gpu", N_("GPU"), Dtype.TEXT),
    Column("gpus_per_replica", N_("GPUs per replica"), Dtype.INTEGER, format="%d"),
    Column("precision", N_("Precision of the weights"), Dtype.TEXT),
    Column("requests_at_once", N_("Requests at once"), Dtype.FLOAT, format="%,.0f"),
    Column("part", N_("Part"), Dtype.TEXT),
    Column("gib", N_("GiB"), Dtype.FLOAT, format="%,.1f"),
    Column("cadence", N_("Paid"), Dtype.TEXT, is_translated=True),
    Column("quantity_low", N_("Quantity low"), Dtype.FLOAT),
    Column("quantity_high", N_("Quantity high"), Dtype.FLOAT),
    Column("usd", N_("Usd"), Dtype.AMOUNT),
    Column("cumulative_amount", N_("Cumulative amount"), Dtype.AMOUNT),
    Column("low", N_("Low (5 %)"), Dtype.FLOAT, format="%,.0f"),
    Column("high", N_("High (95 %)"), Dtype.FLOAT, format="%,.0f"),
    Column("tenure", N_("GPUs are"), Dtype.TEXT),
    Column("share_of_requests", N_("Answers of the requests"), Dtype.FLOAT, format="percent"),
    Column("replicas_needed", N_("Replicas needed"), Dtype.FLOAT, format="%,.0f"),
    Column("replicas", N_("Replicas with spares"), Dtype.FLOAT, format="%,.0f"),
    Column("servers", N_("Servers"), Dtype.FLOAT, format="%,.0f"),
    Column("gpus", N_("GPUs paid for"), Dtype.FLOAT, format="%,.0f"),
    Column("gpus_low", N_("GPUs, tokens low (5 %)"), Dtype.FLOAT, format="%,.0f"),
    Column("gpus_high", N_("GPUs, tokens high (95 %)"), Dtype.FLOAT, format="%,.0f"),
    Column("speed_evidence", N_("Evidence of the speed"), Dtype.TEXT, is_translated=True),
    Column("speed_sigma_log", N_("Its spread (log sigma)"), Dtype.FLOAT, format="%.2f"),
    Column("target_utilisation_share", N_("Target utilisation"), Dtype.FLOAT, format="percent"),
    Column("average_busy_share", N_("Busy on average"), Dtype.FLOAT, format="percent"),
    Column("peak_busy_share", N_("Busy at the peak"), Dtype.FLOAT, format="percent"),
    Column("hours_on_share", N_("Hours switched on"), Dtype.FLOAT, format="percent"),
    Column("ms_per_token", N_("Time per token (TPOT), ms"), Dtype.FLOAT, format="%,.1f"),
    Column("first_token_ms", N_("Time to first token (TTFT), ms"), Dtype.FLOAT, format="%,.0f"),
    Column("first_token_evidence", N_("Evidence of the TTFT"), Dtype.TEXT, is_translated=True),
    Column("machines_usd_per_month", N_("Machines, USD a month"), Dtype.AMOUNT, format="%,.2f"),
    Column("idle_usd_per_month", N_("Of it idle, USD a month"), Dtype.AMOUNT, format="%,.2f"),
    Column("kwh_per_month", N_("kWh a month"), Dtype.FLOAT, format="%,.0f"),
    Column("energy_evidence", N_("Evidence of the energy"), Dtype.TEXT, is_translated=True),
    Column("kg_co2e_per_month", N_("kg CO2e a month"), Dtype.FLOAT, format="%,.0f"),
    Column("kg_co2e_per_kwh", N_("kg CO2e per kWh"), Dtype.FLOAT, format="%.3f"),
    Column("grid_ref", N_("Grid"), Dtype.TEXT),
    Column("grid_source", N_("Source of the grid factor"), Dtype.TEXT),
    Column(
        "machines_amount_per_month",
        N_("Machines, {currency} a month"),
        Dtype.AMOUNT,
        format="%,.2f",
        usd_column="machines_usd_per_month",
    ),
    Column(
        "idle_amount_per_month",
        N_("Of it idle, {currency} a month"),
        Dtype.AMOUNT,
        format="%,.2f",
        usd_column="idle_usd_per_month",
    ),
)

"""Columns of the comparison."""

from __future__ import annotations

from typing import Final

from i18n.message import N_

from ..column import Column, Dtype

COLUMNS: Final = (
    Column("hour", N_("Hour"), Dtype.INTEGER),
    Column("share", N_("Share of the day"), Dtype.FLOAT, format="percent"),
    Column("over_average", N_("Relative to the average hour"), Dtype.FLOAT, format="%,.2f"),
    Column("tokens", N_("Number of tokens"), Dtype.FLOAT, format="%,.0f"),
    Column("cheaper_below", N_("Cheaper below"), Dtype.TEXT),
    Column("cheaper_above", N_("Cheaper above"), Dtype.TEXT),
    Column("is_jump", N_("At a capacity step"), Dtype.FLAG),
    Column("tokens_per_month", N_("Tokens per month"), Dtype.FLOAT, format="%,.0f"),
    Column("from_requests_per_day", N_("From requests per day"), Dtype.FLOAT, format="%,.0f"),
    Column(
        "amount_per_mtok", N_("{currency} per Mtok"), Dtype.AMOUNT, format="%,.4f", usd_column="usd_per_mtok"
    ),
    Column("open_model", N_("Open model"), Dtype.TEXT),
    Column("gpu", N_("GPU"), Dtype.TEXT),
    Column("gpus_per_replica", N_("GPUs per replica"), Dtype.INTEGER, format="%d"),
    Column("precision", N_("Weight precision"), Dtype.TEXT),
    Column("requests_at_once", N_("Concurrent requests per replica"), Dtype.FLOAT, format="%,.0f"),
    Column("part", N_("Part"), Dtype.TEXT),
    Column("gib", N_("GiB"), Dtype.FLOAT, format="%,.1f"),
    Column("cadence", N_("Frequency"), Dtype.TEXT, is_translated=True),
    Column("quantity_low", N_("Quantity, low (5%)"), Dtype.FLOAT, format="%,.3f"),
    Column("quantity_high", N_("Quantity, high (95%)"), Dtype.FLOAT, format="%,.3f"),
    Column("usd", N_("USD in the month"), Dtype.AMOUNT, format="%,.2f"),
    Column(
        "cumulative_amount",
        N_("Cumulative {currency}"),
        Dtype.AMOUNT,
        format="%,.2f",
        usd_column="cumulative_usd",
    ),
    Column("low", N_("Low (5%)"), Dtype.FLOAT, format="%,.0f"),
    Column("high", N_("High (95%)"), Dtype.FLOAT, format="%,.0f"),
    Column("tenure", N_("Ownership"), Dtype.TEXT),
    Column("share_of_requests", N_("Share of requests served"), Dtype.FLOAT, format="percent"),
    Column("replicas_needed", N_("Replicas needed"), Dtype.FLOAT, format="%,.0f"),
    Column("replicas", N_("Replicas, spares included"), Dtype.FLOAT, format="%,.0f"),
    Column("servers", N_("Servers"), Dtype.FLOAT, format="%,.0f"),
    Column("gpus", N_("GPUs billed"), Dtype.FLOAT, format="%,.0f"),
    Column("gpus_low", N_("GPUs, tokens low (5%)"), Dtype.FLOAT, format="%,.0f"),
    Column("gpus_high", N_("GPUs, tokens high (95%)"), Dtype.FLOAT, format="%,.0f"),
    Column("speed_evidence", N_("Evidence of throughput"), Dtype.TEXT, is_translated=True),
    Column("speed_sigma_log", N_("Throughput uncertainty (log sigma)"), Dtype.FLOAT, format="%.2f"),
    Column("target_utilisation_share", N_("Target utilisation"), Dtype.FLOAT, format="percent"),
    Column("average_busy_share", N_("Average utilisation"), Dtype.FLOAT, format="percent"),
    Column("peak_busy_share", N_("Peak utilisation"), Dtype.FLOAT, format="percent"),
    Column("hours_on_share", N_("Uptime"), Dtype.FLOAT, format="percent"),
    Column("ms_per_token", N_("Time per token (TPOT), ms"), Dtype.FLOAT, format="%,.1f"),
    Column("first_token_ms", N_("Time to first token (TTFT), ms"), Dtype.FLOAT, format="%,.0f"),
    Column("first_token_evidence", N_("Evidence of TTFT"), Dtype.TEXT, is_translated=True),
    Column("machines_usd_per_month", N_("Machines, USD per month"), Dtype.AMOUNT, format="%,.2f"),
    Column("idle_usd_per_month", N_("Of which idle, USD per month"), Dtype.AMOUNT, format="%,.2f"),
    Column("kwh_per_month", N_("kWh per month"), Dtype.FLOAT, format="%,.0f"),
    Column("energy_evidence", N_("Evidence of energy use"), Dtype.TEXT, is_translated=True),
    Column("kg_co2e_per_month", N_("kg CO2e per month"), Dtype.FLOAT, format="%,.0f"),
    Column("kg_co2e_per_kwh", N_("kg CO2e per kWh"), Dtype.FLOAT, format="%.3f"),
    Column("grid_ref", N_("Electricity grid"), Dtype.TEXT),
    Column("grid_source", N_("Source of the grid factor"), Dtype.TEXT),
    Column(
        "machines_amount_per_month",
        N_("Machines, {currency} per month"),
        Dtype.AMOUNT,
        format="%,.2f",
        usd_column="machines_usd_per_month",
    ),
    Column(
        "idle_amount_per_month",
        N_("Of which idle, {currency} per month"),
        Dtype.AMOUNT,
        format="%,.2f",
        usd_column="idle_usd_per_month",
    ),
)

"""Columns of benchmark results."""

from __future__ import annotations

from typing import Final

from i18n.message import N_

from ..column import Column, Dtype

COLUMNS: Final = (
    Column("price", N_("Price"), Dtype.TEXT),
    Column("formula", N_("Formula"), Dtype.TEXT),
    Column("started_at", N_("Started at"), Dtype.TEXT),
    Column("machine", N_("Machine"), Dtype.TEXT),
    Column("concurrency", N_("Concurrency"), Dtype.INTEGER),
    Column("rate_per_s", N_("Rate per s"), Dtype.FLOAT),
    Column("arrivals", N_("Arrivals"), Dtype.TEXT),
    Column("slo_attainment_share", N_("Slo attainment share"), Dtype.FLOAT),
    Column("keeps_slo", N_("Keeps slo"), Dtype.FLAG),
    Column("input_tokens_per_s", N_("Input tokens per s"), Dtype.FLOAT),
    Column("busy_share", N_("Busy share"), Dtype.FLOAT),
    Column("usd_per_hour", N_("Usd per hour"), Dtype.FLOAT),
    Column("usd_per_mtok_output", N_("Usd per mtok output"), Dtype.FLOAT),
    Column("errors", N_("Errors"), Dtype.INTEGER),
    Column("ttft_p50_s", N_("Ttft p50 s"), Dtype.FLOAT),
    Column("ttft_p95_s", N_("Ttft p95 s"), Dtype.FLOAT),
    Column("tpot_p50_s", N_("Tpot p50 s"), Dtype.FLOAT),
    Column("tpot_p95_s", N_("Tpot p95 s"), Dtype.FLOAT),
    Column("e2e_p50_s", N_("E2e p50 s"), Dtype.FLOAT),
    Column("e2e_p95_s", N_("E2e p95 s"), Dtype.FLOAT),
    Column("requests_per_s", N_("Requests per s"), Dtype.FLOAT),
    Column("partial", N_("Partial"), Dtype.FLAG),
    Column("client_limited", N_("Client limited"), Dtype.FLAG),
    Column("figure", N_("Figure"), Dtype.TEXT),
    Column("before", N_("Before"), Dtype.FLOAT),
    Column("after", N_("After"), Dtype.FLOAT),
    Column("change_share", N_("Change share"), Dtype.FLOAT),
)

"""Columns of benchmark results."""

from __future__ import annotations

from typing import Final

from i18n.message import N_

from ..column import Column, Dtype

_MS: Final = "%,.1f"

COLUMNS: Final = (
    Column("formula", N_("Formula"), Dtype.TEXT),
    Column("started_at", N_("Started"), Dtype.TEXT),
    Column("machine", N_("Machine"), Dtype.TEXT),
    Column("concurrency", N_("Concurrency"), Dtype.INTEGER, format="%d"),
    Column("rate_per_s", N_("Requests per second sent"), Dtype.FLOAT, format="%,.3g"),
    Column("arrivals", N_("Arrivals"), Dtype.TEXT, is_translated=True),
    Column("slo_attainment_share", N_("Requests within the SLO"), Dtype.FLOAT, format="percent"),
    Column("keeps_slo", N_("Meets the SLO"), Dtype.FLAG),
    Column("input_tokens_per_s", N_("Input tokens/s"), Dtype.FLOAT, format="%,.1f"),
    Column("busy_share", N_("Hours at this load"), Dtype.FLOAT, format="percent"),
    Column("usd_per_hour", N_("USD per hour"), Dtype.FLOAT, format="%,.4f"),
    Column("usd_per_mtok_output", N_("USD per Mtok of output"), Dtype.FLOAT, format="%,.3f"),
    Column("errors", N_("Errors"), Dtype.INTEGER, format="%d"),
    Column("ttft_p50_s", N_("TTFT p50, s"), Dtype.FLOAT, format="%,.3f"),
    Column("ttft_p95_s", N_("TTFT p95, s"), Dtype.FLOAT, format="%,.3f"),
    Column("tpot_p50_s", N_("TPOT p50, s"), Dtype.FLOAT, format="%,.4f"),
    Column("tpot_p95_s", N_("TPOT p95, s"), Dtype.FLOAT, format="%,.4f"),
    Column("e2e_p50_s", N_("Whole answer p50, s"), Dtype.FLOAT, format="%,.3f"),
    Column("e2e_p95_s", N_("Whole answer p95, s"), Dtype.FLOAT, format="%,.3f"),
    Column("ttft_p50_ms", N_("TTFT p50, ms"), Dtype.FLOAT, format=_MS),
    Column("ttft_p95_ms", N_("TTFT p95, ms"), Dtype.FLOAT, format=_MS),
    Column("tpot_p50_ms", N_("TPOT p50, ms"), Dtype.FLOAT, format=_MS),
    Column("tpot_p95_ms", N_("TPOT p95, ms"), Dtype.FLOAT, format=_MS),
    Column("latency_ms", N_("Latency, ms"), Dtype.FLOAT, format=_MS),
    Column("share_of_answers", N_("Share of answers"), Dtype.FLOAT, format="percent"),
    Column("requests_per_s", N_("Requests/s"), Dtype.FLOAT, format="%,.2f"),
    Column("partial", N_("Partial"), Dtype.FLAG),
    Column("client_limited", N_("Client-limited"), Dtype.FLAG),
    Column("load", N_("Load"), Dtype.TEXT),
    Column("figure", N_("Figure"), Dtype.TEXT, is_translated=True),
    Column("before", N_("First run"), Dtype.FLOAT, format=_MS),
    Column("after", N_("Second run"), Dtype.FLOAT, format=_MS),
    Column("change_share", N_("Change"), Dtype.FLOAT, format="percent"),
    Column("loads", N_("Loads"), Dtype.INTEGER, format="%d"),
    Column("marks", N_("Marks"), Dtype.TEXT),
)

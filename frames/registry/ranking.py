"""Columns of the ranking of models."""

from __future__ import annotations

from typing import Final

from i18n.message import N_

from ..column import Column, Dtype

COLUMNS: Final = (
    Column("rank", N_("Rank"), Dtype.INTEGER),
    Column("more_share", N_("Above the cheapest"), Dtype.FLOAT, format="percent"),
    Column("lifecycle", N_("Lifecycle"), Dtype.TEXT, is_translated=True),
    Column("retires_on", N_("Retires on"), Dtype.DATE),
    Column("usd_per_month_low", N_("USD per month, low (5%)"), Dtype.AMOUNT, format="%,.2f"),
    Column("usd_per_month_high", N_("USD per month, high (95%)"), Dtype.AMOUNT, format="%,.2f"),
    Column("region", N_("Region"), Dtype.TEXT),
    Column("data_location", N_("Data location"), Dtype.TEXT),
    Column("reason", N_("Reason"), Dtype.TEXT),
    Column("rank_per_mtok", N_("Rank by price list"), Dtype.INTEGER),
    Column("usd_per_1k_requests", N_("USD per 1,000 requests"), Dtype.AMOUNT, format="%,.4f"),
    Column(
        "amount_per_1k_requests",
        N_("{currency} per 1,000 requests"),
        Dtype.AMOUNT,
        format="%,.4f",
        usd_column="usd_per_1k_requests",
    ),
    Column("usd_per_1k_requests_low", N_("USD per 1,000 requests, low (5%)"), Dtype.AMOUNT, format="%,.4f"),
    Column(
        "usd_per_1k_requests_high", N_("USD per 1,000 requests, high (95%)"), Dtype.AMOUNT, format="%,.4f"
    ),
    Column("usd_per_1k_characters", N_("USD per 1,000 characters"), Dtype.AMOUNT, format="%.9f"),
    Column("input_tokens", N_("Input tokens"), Dtype.FLOAT, format="%,.0f"),
    Column("input_tokens_low", N_("Input tokens, low (5%)"), Dtype.FLOAT, format="%,.0f"),
    Column("input_tokens_high", N_("Input tokens, high (95%)"), Dtype.FLOAT, format="%,.0f"),
    Column("output_tokens", N_("Output tokens"), Dtype.FLOAT, format="%,.0f"),
)

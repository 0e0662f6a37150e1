"""Columns of break-even: the pairwise comparison and the 25 M claim."""

from __future__ import annotations

from typing import Final

from i18n.message import N_

from ..column import Column, Dtype

COLUMNS: Final = (
    Column("break_even_points", N_("Break-even points"), Dtype.INTEGER, format="%d"),
    Column("explanation", N_("Explanation"), Dtype.TEXT),
    Column("step_kind", N_("Kind of step"), Dtype.TEXT),
    Column("derivation_step", N_("Step"), Dtype.TEXT),
    Column("step_value", N_("Value"), Dtype.FLOAT, format="%,.4g"),
    Column("step_result", N_("Result"), Dtype.TEXT),
    Column("api_usd_per_mtok", N_("API, USD per Mtok"), Dtype.FLOAT, format="%,.4g"),
    Column("api_usd_per_month", N_("API, USD per month"), Dtype.FLOAT, format="%,.0f"),
    Column("own_usd_per_month", N_("Self-hosted, USD per month"), Dtype.FLOAT, format="%,.0f"),
    Column("model_line", N_("Model line"), Dtype.TEXT),
    Column("day", N_("Since"), Dtype.DATE),
    Column("break_even_tokens_per_day", N_("Break-even, tokens per day"), Dtype.FLOAT, format="%,.0f"),
    Column("rent_usd_per_gpu_hour", N_("Rent, USD per GPU-hour"), Dtype.FLOAT, format="%,.2f"),
    Column("announced", N_("Announced"), Dtype.FLAG),
    Column("price_source", N_("Source of the price"), Dtype.TEXT),
    Column("launch_source", N_("Source of the date"), Dtype.TEXT),
    Column("rent_ref", N_("Rent row"), Dtype.TEXT),
    Column("claim_holds", N_("25 M is enough"), Dtype.FLAG),
    Column("held_before", N_("It was before"), Dtype.FLAG),
    Column("next_change", N_("Next announced price"), Dtype.DATE),
    Column(
        "next_break_even_tokens_per_day",
        N_("Break-even from then on, tokens per day"),
        Dtype.FLOAT,
        format="%,.0f",
    ),
    Column("driver", N_("Assumption"), Dtype.TEXT),
    Column("driver_value", N_("Value of the assumption"), Dtype.FLOAT, format="%,.6g"),
    Column("low_value", N_("Low value"), Dtype.FLOAT, format="%,.6g"),
    Column("high_value", N_("High value"), Dtype.FLOAT, format="%,.6g"),
    Column(
        "tokens_per_day_at_low",
        N_("Break-even at the low value, tokens per day"),
        Dtype.FLOAT,
        format="%,.0f",
    ),
    Column(
        "tokens_per_day_at_high",
        N_("Break-even at the high value, tokens per day"),
        Dtype.FLOAT,
        format="%,.0f",
    ),
    Column("api_usd", N_("API, USD"), Dtype.AMOUNT, format="%,.2f"),
    Column("running_usd", N_("Operating the servers, USD"), Dtype.AMOUNT, format="%,.2f"),
    Column("capital_usd", N_("Servers bought, USD"), Dtype.AMOUNT, format="%,.2f"),
    Column("sold_usd", N_("Servers sold, USD"), Dtype.AMOUNT, format="%,.2f"),
    Column("net_usd", N_("Net, USD"), Dtype.AMOUNT, format="%,.2f"),
)

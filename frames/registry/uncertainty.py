"""Columns of simulations, sensitivities and goal seeks."""

from __future__ import annotations

from typing import Final

from i18n.message import N_

from ..column import Column, Dtype

COLUMNS: Final = (
    Column("across", N_("Horizontal input"), Dtype.TEXT),
    Column("across_value", N_("Horizontal value"), Dtype.FLOAT, format="%,.6g"),
    Column("up", N_("Vertical input"), Dtype.TEXT),
    Column("up_value", N_("Vertical value"), Dtype.FLOAT, format="%,.6g"),
    Column("same_as_now", N_("Same as today"), Dtype.FLAG),
    Column("includes_people", N_("Staff included"), Dtype.FLAG),
    Column("input", N_("Input"), Dtype.TEXT),
    Column("input_value", N_("Value of the input"), Dtype.FLOAT, format="%,.6g"),
    Column("first_value", N_("First side"), Dtype.FLOAT, format="%,.2f"),
    Column("second_value", N_("Second side"), Dtype.FLOAT, format="%,.2f"),
    Column("usd_p5", N_("USD, 5%"), Dtype.FLOAT, format="%,.2f"),
    Column("usd_p50", N_("USD, median"), Dtype.FLOAT, format="%,.2f"),
    Column("usd_p95", N_("USD, 95%"), Dtype.FLOAT, format="%,.2f"),
    Column("cheapest_share", N_("Cheapest in"), Dtype.FLOAT, format="percent", unit="share of simulations"),
    Column("cheapest_share_low", N_("at least (95% confidence)"), Dtype.FLOAT, format="percent"),
    Column("cheapest_share_high", N_("at most (95% confidence)"), Dtype.FLOAT, format="percent"),
    Column("possible_share", N_("Possible in"), Dtype.FLOAT, format="percent", unit="share of simulations"),
    Column("amount_p5", N_("{currency}, 5%"), Dtype.FLOAT, format="%,.2f", usd_column="usd_p5"),
    Column("amount_p50", N_("{currency}, median"), Dtype.FLOAT, format="%,.2f", usd_column="usd_p50"),
    Column("amount_p95", N_("{currency}, 95%"), Dtype.FLOAT, format="%,.2f", usd_column="usd_p95"),
    Column("draws", N_("Simulations"), Dtype.INTEGER),
    Column("seed", N_("Random seed"), Dtype.INTEGER),
    Column("rank_correlation", N_("Rank correlation"), Dtype.FLOAT, format="%.2f"),
    Column("path", N_("Name in the file"), Dtype.TEXT),
    Column("input_low", N_("Low"), Dtype.FLOAT, format="%,.6g"),
    Column("input_likely", N_("Most likely"), Dtype.FLOAT, format="%,.6g"),
    Column("input_high", N_("High"), Dtype.FLOAT, format="%,.6g"),
    Column("shape", N_("Distribution"), Dtype.TEXT, is_translated=True),
    Column("origin", N_("Range from"), Dtype.TEXT, is_translated=True),
    Column("usd_at_low", N_("USD per month at low"), Dtype.FLOAT, format="%,.2f"),
    Column("usd_at_high", N_("USD per month at high"), Dtype.FLOAT, format="%,.2f"),
    Column(
        "amount_at_low",
        N_("{currency} per month at low"),
        Dtype.FLOAT,
        format="%,.2f",
        usd_column="usd_at_low",
    ),
    Column(
        "amount_at_high",
        N_("{currency} per month at high"),
        Dtype.FLOAT,
        format="%,.2f",
        usd_column="usd_at_high",
    ),
    Column("cheapest_at_low", N_("Cheapest at low"), Dtype.TEXT),
    Column("cheapest_at_high", N_("Cheapest at high"), Dtype.TEXT),
    Column("worth_usd_per_month", N_("EVPI, USD per month"), Dtype.FLOAT, format="%,.2f"),
    Column(
        "worth_amount_per_month",
        N_("EVPI, {currency} per month"),
        Dtype.FLOAT,
        format="%,.2f",
        usd_column="worth_usd_per_month",
    ),
)

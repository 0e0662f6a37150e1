"""Columns of simulations, sensitivities and goal seeks."""

from __future__ import annotations

from typing import Final

from i18n.message import N_

from ..column import Column, Dtype

COLUMNS: Final = (
    Column("across", N_("Across"), Dtype.TEXT),
    Column("across_value", N_("Across value"), Dtype.FLOAT),
    Column("up", N_("Up"), Dtype.TEXT),
    Column("up_value", N_("Up value"), Dtype.FLOAT),
    Column("same_as_now", N_("Same as now"), Dtype.FLAG),
    Column("includes_people", N_("Includes people"), Dtype.FLAG),
    Column("input", N_("Input"), Dtype.TEXT),
    Column("usd_p5", N_("USD, 5 %"), Dtype.FLOAT, format="%,.2f"),
    Column("usd_p50", N_("USD, median"), Dtype.FLOAT, format="%,.2f"),
    Column("usd_p95", N_("USD, 95 %"), Dtype.FLOAT, format="%,.2f"),
    Column("cheapest_share", N_("Cheapest in"), Dtype.FLOAT, format="percent"),
    Column("cheapest_share_low", N_("at least (95 % interval)"), Dtype.FLOAT, format="percent"),
    Column("cheapest_share_high", N_("at most (95 % interval)"), Dtype.FLOAT, format="percent"),
    Column("possible_share", N_("Possible in"), Dtype.FLOAT, format="percent"),
    Column("amount_p5", N_("{currency}, 5 %"), Dtype.FLOAT, format="%,.2f", usd_column="usd_p5"),
    Column("amount_p50", N_("{currency}, median"), Dtype.FLOAT, format="%,.2f", usd_column="usd_p50"),
    Column("amount_p95", N_("{currency}, 95 %"), Dtype.FLOAT, format="%,.2f", usd_column="usd_p95"),
    Column("draws", N_("Draws"), Dtype.INTEGER),
    Column("seed", N_("Seed"), Dtype.INTEGER),
    Column("path", N_("Name in the file"), Dtype.TEXT),
    Column("input_low", N_("Low"), Dtype.FLOAT, format="%,.6g"),
    Column("input_likely", N_("Likely"), Dtype.FLOAT, format="%,.6g"),
    Column("input_high", N_("High"), Dtype.FLOAT, format="%,.6g"),
    Column("shape", N_("Shape"), Dtype.TEXT, is_translated=True),
    Column("origin", N_("Range from"), Dtype.TEXT, is_translated=True),
    Column("usd_at_low", N_("Usd at low"), Dtype.FLOAT),
    Column("usd_at_high", N_("Usd at high"), Dtype.FLOAT),
    Column("amount_at_low", N_("Amount at low"), Dtype.FLOAT),
    Column("amount_at_high", N_("Amount at high"), Dtype.FLOAT),
    Column("cheapest_at_low", N_("Cheapest at low"), Dtype.TEXT),
    Column("cheapest_at_high", N_("Cheapest at high"), Dtype.TEXT),
    Column("worth_usd_per_month", N_("Worth usd per month"), Dtype.FLOAT),
    Column("worth_amount_per_month", N_("Worth amount per month"), Dtype.FLOAT),
)

"""Columns that several areas share."""

from __future__ import annotations

from typing import Final

from i18n.message import N_

from ..column import Column, Dtype

COLUMNS: Final = (
    Column("model", N_("Model"), Dtype.TEXT),
    Column("usd_per_month", N_("USD per month"), Dtype.AMOUNT, format="%,.2f"),
    Column("strategy", N_("Option"), Dtype.TEXT),
    Column("context_window_tokens", N_("Context window"), Dtype.INTEGER, format="%,.0f", unit=N_("tokens")),
    Column("vendor", N_("Vendor"), Dtype.TEXT),
    Column("made", N_("Token count"), Dtype.TEXT, is_translated=True),
    Column("evidence", N_("Evidence"), Dtype.TEXT, is_translated=True),
    Column("checked_on", N_("Checked on"), Dtype.DATE),
    Column("layer", N_("Price list"), Dtype.TEXT, is_translated=True),
    Column("price_ref", N_("Price row"), Dtype.TEXT),
    Column("source", N_("Source"), Dtype.TEXT),
    Column("counting_method", N_("Token counting method"), Dtype.TEXT),
    Column(
        "amount_per_month",
        N_("{currency} per month"),
        Dtype.AMOUNT,
        format="%,.2f",
        usd_column="usd_per_month",
    ),
    Column("currency", N_("Currency"), Dtype.TEXT),
    Column("fx_per_usd", N_("Exchange rate per USD"), Dtype.AMOUNT, format="%,.6g"),
    Column("fx_date", N_("Exchange rate of"), Dtype.DATE),
    Column("fx_source", N_("Exchange rate source"), Dtype.TEXT),
    Column("name", N_("Name"), Dtype.TEXT),
    Column("quantity", N_("Quantity"), Dtype.FLOAT, format="%,.3f"),
    Column("unit", N_("Unit"), Dtype.TEXT, is_translated=True),
    Column("usd_per_unit", N_("USD per unit"), Dtype.FLOAT, format="%,.6g"),
    Column(
        "output_tokens_per_s",
        N_("Output tokens/s"),
        Dtype.FLOAT,
        format="%,.0f",
        help=N_("Of one server or replica"),
    ),
    Column("usd_per_mtok", N_("USD per Mtok"), Dtype.AMOUNT, format="%,.4f"),
    Column("tokenizer", N_("Tokenizer"), Dtype.TEXT),
    Column("note", N_("Note"), Dtype.TEXT),
    Column("tokens_per_day", N_("Tokens per day"), Dtype.FLOAT, format="%,.0f"),
    Column("cheapest", N_("Cheapest"), Dtype.TEXT),
    Column("line", N_("Cost line"), Dtype.TEXT),
    Column(
        "input_usd_per_mtok",
        N_("Input price"),
        Dtype.AMOUNT,
        format="%,.6g",
        unit=N_("USD per Mtok"),
        help=N_("USD per Mtok"),
    ),
    Column(
        "output_usd_per_mtok",
        N_("Output price"),
        Dtype.AMOUNT,
        format="%,.6g",
        unit=N_("USD per Mtok"),
        help=N_("USD per Mtok"),
    ),
    Column("value", N_("Value"), Dtype.OBJECT),
    Column("requests", N_("Requests"), Dtype.FLOAT),
    Column("scenario_id", N_("Scenario ID"), Dtype.TEXT),
    Column("on", N_("Prices of"), Dtype.DATE),
    Column("kind", N_("Kind"), Dtype.TEXT, is_translated=True),
    Column("requests_per_day", N_("Requests per day"), Dtype.FLOAT, format="%,.1f"),
    Column("first", N_("First"), Dtype.TEXT),
    Column("second", N_("Second"), Dtype.TEXT),
    Column("what", N_("What is wrong"), Dtype.TEXT),
    Column("month", N_("Month"), Dtype.TEXT),
    Column("scenario", N_("Scenario"), Dtype.TEXT),
    Column("category", N_("Category"), Dtype.TEXT, is_translated=True),
    Column("amount_usd", N_("Amount in USD"), Dtype.AMOUNT, format="%,.2f"),
    Column("amount", N_("Amount in {currency}"), Dtype.AMOUNT, format="%,.2f", usd_column="amount_usd"),
    Column("cumulative_usd", N_("Cumulative USD"), Dtype.AMOUNT, format="%,.2f"),
)

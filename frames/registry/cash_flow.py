"""Columns of the cash flow."""

from __future__ import annotations

from typing import Final

from i18n.message import N_

from ..column import Column, Dtype

COLUMNS: Final = (
    Column("number", N_("Month no."), Dtype.INTEGER, format="%d"),
    Column("payment", N_("Payment"), Dtype.TEXT, is_translated=True),
    Column("cash_usd", N_("Cash in the month, USD"), Dtype.AMOUNT, format="%,.2f"),
    Column("paid_so_far_usd", N_("Cumulative cash without book value, USD"), Dtype.AMOUNT, format="%,.2f"),
    Column(
        "equivalent_usd",
        N_("Equivalent cost of the month, USD"),
        Dtype.AMOUNT,
        format="%,.2f",
        help=N_("As in the cost breakdown: machines and trainings are spread over their time."),
    ),
    Column("cash", N_("Cash in the month, {currency}"), Dtype.AMOUNT, format="%,.2f", usd_column="cash_usd"),
    Column(
        "cumulative",
        N_("Cumulative {currency}"),
        Dtype.AMOUNT,
        format="%,.2f",
        usd_column="cumulative_usd",
    ),
    Column(
        "paid_so_far",
        N_("Cumulative cash without book value, {currency}"),
        Dtype.AMOUNT,
        format="%,.2f",
        usd_column="paid_so_far_usd",
    ),
    Column("total_usd", N_("Total cash, USD"), Dtype.AMOUNT, format="%,.2f"),
    Column("present_value_usd", N_("Present value, USD"), Dtype.AMOUNT, format="%,.2f"),
    Column(
        "npv_usd",
        N_("NPV, USD"),
        Dtype.AMOUNT,
        format="%,.2f",
        help=N_("Present value that is saved against the option of the comparison."),
    ),
    Column("payback_months", N_("Payback, months"), Dtype.FLOAT, format="%.1f"),
    Column("at_start_usd", N_("Initial payment, USD"), Dtype.AMOUNT, format="%,.2f"),
    Column("overtakes_in", N_("Lead changes in"), Dtype.TEXT),
    Column("against", N_("Compared with"), Dtype.TEXT),
    Column("discount_rate_share_per_year", N_("Discount rate per year"), Dtype.FLOAT, format="percent"),
    Column(
        "present_value",
        N_("Present value, {currency}"),
        Dtype.AMOUNT,
        format="%,.2f",
        usd_column="present_value_usd",
    ),
    Column("total", N_("Total cash, {currency}"), Dtype.AMOUNT, format="%,.2f", usd_column="total_usd"),
    Column("after_months", N_("After months"), Dtype.FLOAT, format="%.1f"),
    Column("ahead", N_("Lower cumulative cash from here on"), Dtype.TEXT),
    Column("behind", N_("Higher cumulative cash from here on"), Dtype.TEXT),
    Column("event", N_("Event"), Dtype.TEXT, is_translated=True),
    Column("step", N_("Step"), Dtype.TEXT, is_translated=True),
    Column("calculation", N_("Calculation"), Dtype.TEXT),
    Column("is_total", N_("Total"), Dtype.FLAG),
    Column("description", N_("Description"), Dtype.TEXT),
)

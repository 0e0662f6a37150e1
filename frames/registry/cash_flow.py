"""Columns of the cash flow."""

from __future__ import annotations

from typing import Final

from i18n.message import N_

from ..column import Column, Dtype

COLUMNS: Final = (
    Column("number", N_("Month no."), Dtype.INTEGER, format="%d"),
    Column("cash_usd", N_("USD in the month"), Dtype.AMOUNT, format="%,.2f"),
    Column("paid_so_far_usd", N_("USD so far, without book value"), Dtype.AMOUNT, format="%,.2f"),
    Column("equivalent_usd", N_("Equivalent USD of the month"), Dtype.AMOUNT, format="%,.2f"),
    Column("cash", N_("{currency} in the month"), Dtype.AMOUNT, format="%,.2f", usd_column="cash_usd"),
    Column("cumulative", N_("{currency} so far"), Dtype.AMOUNT, format="%,.2f", usd_column="cumulative_usd"),
    Column(
        "paid_so_far",
        N_("{currency} so far, without book value"),
        Dtype.AMOUNT,
        format="%,.2f",
        usd_column="paid_so_far_usd",
    ),
    Column("total_usd", N_("Total in USD"), Dtype.AMOUNT, format="%,.2f"),
    Column("present_value_usd", N_("Present value in USD"), Dtype.AMOUNT, format="%,.2f"),
    Column("npv_usd", N_("NPV in USD"), Dtype.AMOUNT, format="%,.2f"),
    Column("payback_months", N_("Payback, months"), Dtype.FLOAT, format="%.1f"),
    Column("at_start_usd", N_("At the start, USD"), Dtype.AMOUNT, format="%,.2f"),
    Column("overtakes_in", N_("The lead changes in"), Dtype.TEXT),
    Column("against", N_("Against"), Dtype.TEXT),
    Column("discount_rate_share_per_year", N_("Discount rate"), Dtype.FLOAT, format="percent"),
    Column(
        "present_value",
        N_("Present value in {currency}"),
        Dtype.AMOUNT,
        format="%,.2f",
        usd_column="present_value_usd",
    ),
    Column("total", N_("Total in {currency}"), Dtype.AMOUNT, format="%,.2f", usd_column="total_usd"),
    Column("after_months", N_("After months"), Dtype.FLOAT, format="%.1f"),
    Column("ahead", N_("Overtakes"), Dtype.TEXT),
    Column("behind", N_("Is overtaken"), Dtype.TEXT),
    Column("event", N_("Event"), Dtype.TEXT, is_translated=True),
)

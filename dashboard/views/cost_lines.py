"""Cost lines view: every cost line with quantity, unit price, source and evidence, and the full CSV."""

from __future__ import annotations

import streamlit as st

from costing.comparison.compare import Comparison
from costing.reports import comparison as report

from ..components.downloads import frame_button
from ..components.frame_table import frame_table
from ..components.tables import section
from ..language import language, markdown_safe, render, t, translator


def show(comparison: Comparison) -> None:
    """Render the lines of one month, and the CSV of all months."""
    section(
        t("Every line, with its price and source"),
        t("Quantity × unit price = amount, for one month at your volume."),
    )
    currency = comparison.currency
    for outcome in comparison.feasible:
        total = t(
            "{strategy}: {recurring:,.2f} a month + {once:,.2f} once / {months} months = {amount:,.2f} "
            "{currency} a month"
        ).format(
            strategy=render(outcome.name),
            recurring=currency.of(outcome.recurring_usd),
            once=currency.of(outcome.once_usd),
            months=comparison.scenario.horizon_months,
            amount=currency.of(outcome.usd_per_month),
            currency=currency.code,
        )
        st.markdown(f"- {markdown_safe(total)}")
    translate, lang = translator(), language()
    frame_table(report.lines(comparison, translate), "table_lines")
    frame_button(
        f"{comparison.scenario.id}-costs",
        lambda: report.cost_lines(comparison, translate, lang),
        "csv_costs",
        t("CSV of all months"),
    )
    st.caption(t("This CSV holds every line of every month of the horizon; its amounts add up exactly."))

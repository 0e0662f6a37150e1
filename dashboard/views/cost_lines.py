"""Cost breakdown: lines with price, source and evidence, totals per option, and the file of all months."""

from __future__ import annotations

from typing import Any, Final

import pandas as pd
import streamlit as st

from costing.comparison.compare import Comparison
from costing.comparison.resolution import shown
from costing.reports import comparison as report
from pricing.rows import SHIPPED_LAYER

from .. import session as state
from ..components.downloads import frame_button
from ..components.frame_table import frame_table
from ..components.section import section
from ..components.source_links import with_links
from ..language import language, markdown_safe, render, t, translator

_COLUMNS: Final = (
    "line",
    "amount_per_month",
    "usd_per_month",
    "cadence",
    "quantity",
    "unit",
    "usd_per_unit",
    "source",
    "checked_on",
    "evidence",
    "layer",
    "price_ref",
    "note",
    "currency",
    "fx_per_usd",
    "fx_date",
    "fx_source",
)
"""Columns of an option's table, amounts first."""


def show(comparison: Comparison) -> None:
    """Render the lines of each option with their total, the totals of the horizon, and the file."""
    section(
        t("Cost lines of one month"),
        t(
            "Quantity × unit price = amount, at your volume and the prices of {day}. One-time costs are "
            "spread over {months} months."
        ).format(day=comparison.scenario.on.isoformat(), months=comparison.scenario.horizon_months),
    )
    translate = translator()
    lines = report.lines(comparison, translate)
    for place, outcome in enumerate(shown(comparison)):
        name = render(outcome.name)
        total = comparison.currency.of_float(float(outcome.usd_per_month))
        st.markdown(
            f"**{markdown_safe(name)}** · "
            + markdown_safe(
                t("{amount:,.2f} {currency} per month").format(
                    amount=total, currency=comparison.currency.code
                )
            )
        )
        noted, links = with_links(lines[lines["strategy"] == name])
        frame_table(
            with_total(noted[[*_COLUMNS]], t("Total"), float(outcome.usd_per_month), total),
            f"table_lines_{place}",
            overrides={
                **{column: ([*cells, None], config) for column, (cells, config) in links.items()},
                "layer": (
                    [*map(_price_list, noted["layer"]), None],
                    st.column_config.Column(t("Price list")),
                ),
            },
            unknown="",
            height="content",
        )
    _horizon(comparison)
    latest, lang = state.latest(), language()
    frame_button(
        f"{comparison.scenario.id}-costs",
        lambda: report.cost_lines(latest(), translate, lang),
        "csv_costs",
        t("CSV of all months"),
    )


def _price_list(layer: str) -> str:
    """The name of a price list: that of the company's folder, or a word of ours."""
    return t("built-in") if layer == SHIPPED_LAYER else t(layer)


def with_total(lines: pd.DataFrame, label: str, usd: float, amount: float) -> pd.DataFrame:
    """The lines with a last row that holds their total."""
    total: dict[str, Any] = dict.fromkeys(lines.columns)
    total |= {"line": label, "usd_per_month": usd, "amount_per_month": amount}
    if len(lines):
        total["currency"] = lines["currency"].iloc[0]
    return pd.concat([lines, pd.DataFrame([total], columns=lines.columns, dtype=object)], ignore_index=True)


def _horizon(comparison: Comparison) -> None:
    """Render the sum of each option over all months, which is that of the file."""
    section(
        t("Total over {months} months").format(months=comparison.scenario.horizon_months),
        t("With growth and announced prices: the sum of the amounts in the CSV below."),
    )
    totals = report.horizon_totals(comparison, translator())
    names = totals["strategy"].tolist()
    frame_table(
        totals,
        "table_horizon",
        bar="cumulative_usd",
        height="content",
        overrides={"strategy": (names, st.column_config.Column(t("Option")))},
    )

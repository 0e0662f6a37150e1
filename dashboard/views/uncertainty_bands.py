"""Bands of the uncertainty view: cumulative cost by month, and monthly cost by volume, with their CSVs."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any

from costing.reports.bands import MonthBandRow, VolumeBandRow, month_band_rows, volume_band_rows
from costing.uncertainty.monte_carlo import Uncertainty

from ..components.downloads import csv_button
from ..components.live_figure import chart
from ..components.tables import section
from ..figures import bands as band_charts
from ..language import t, translator


def specs(result: Uncertainty, colour: Mapping[str, str]) -> dict[str, dict[str, Any]]:
    """Specifications of both charts by key."""
    scenario, currency = result.comparison.scenario, result.comparison.currency.code
    translate = translator()
    return {
        "chart_month_bands": band_charts.over_months(month_band_rows(result, translate), colour, currency),
        "chart_volume_bands": band_charts.against_volume(
            volume_band_rows(result, translate), colour, scenario.requests_per_day, currency
        ),
    }


def show(result: Uncertainty, drawn: Mapping[str, dict[str, Any]]) -> None:
    """Render the two charts of `specs`."""
    scenario, translate = result.comparison.scenario, translator()
    months = month_band_rows(result, translate)
    section(
        t("What it may have cost so far"),
        t("Line: the median of the draws. Band: from the 5th to the 95th percentile, month by month."),
    )
    chart(
        drawn["chart_month_bands"],
        key="chart_month_bands",
        height=380,
        alt=t("Bands: the 5th to the 95th percentile of each strategy's cost so far, by month"),
    )
    csv_button(f"{scenario.id}-month-bands", MonthBandRow, lambda: months, "csv_month_bands")
    volumes = volume_band_rows(result, translate)
    section(
        t("What a month may cost at other volumes"),
        t("All other inputs are drawn. Line: the median; dashes: the 5th and the 95th percentile."),
    )
    chart(
        drawn["chart_volume_bands"],
        key="chart_volume_bands",
        height=400,
        alt=t("Lines: median, 5th and 95th percentile of each strategy's cost a month against volume"),
    )
    csv_button(f"{scenario.id}-volume-bands", VolumeBandRow, lambda: volumes, "csv_volume_bands")

"""Bands of the How sure tab: cost so far by month, and a month's cost by volume, with their CSVs."""

from __future__ import annotations

from collections.abc import Mapping

import streamlit as st

from costing.sure.band_report import MonthBandRow, VolumeBandRow, month_band_rows, volume_band_rows
from costing.sure.uncertainty import Uncertainty

from .. import band_charts
from ..downloads import csv_button
from ..i18n import t, translator
from .layout import heading


def show(found: Uncertainty, colour: Mapping[str, str]) -> None:
    """Two charts."""
    scenario, currency = found.comparison.scenario, found.comparison.currency.code
    translate = translator()
    months = month_band_rows(found, translate)
    heading(
        t("What it may have cost so far"),
        t("Line: the median of the draws. Band: from the 5th to the 95th percentile, month by month."),
    )
    st.echarts_chart(
        band_charts.over_months(months, colour, currency),
        key="chart_month_bands",
        height=380,
        alt=t("Bands: the 5th to the 95th percentile of each strategy's cost so far, by month"),
    )
    csv_button(f"{scenario.id}-month-bands", MonthBandRow, lambda: months, "csv_month_bands")
    volumes = volume_band_rows(found, translate)
    heading(
        t("What a month may cost at other volumes"),
        t("All other inputs are drawn. Line: the median; dashes: the 5th and the 95th percentile."),
    )
    st.echarts_chart(
        band_charts.against_volume(volumes, colour, scenario.requests_per_day, currency),
        key="chart_volume_bands",
        height=400,
        alt=t("Lines: median, 5th and 95th percentile of each strategy's cost a month against volume"),
    )
    csv_button(f"{scenario.id}-volume-bands", VolumeBandRow, lambda: volumes, "csv_volume_bands")

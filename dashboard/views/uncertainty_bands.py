"""Bands of the risk view: cumulative cost by month, and monthly cost by volume."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import replace
from typing import Any, Final

import plotly.graph_objects as go

from costing.reports.bands import month_bands, volume_bands
from costing.scenario.scenario import LIMITS
from costing.uncertainty.monte_carlo import Uncertainty

from .. import session as state
from ..components.downloads import frame_button
from ..components.figure import figure
from ..components.section import section
from ..figures import bands as figures_of
from ..figures.palette import Palette
from ..language import t, translator

KEY: Final = "bands_drawer"


def figures(result: Uncertainty, colours: Palette) -> dict[str, go.Figure]:
    """Both figures by key; none if the expander is closed."""
    if not state.held(KEY, False):
        return {}
    translate, volume = translator(), result.comparison.scenario.requests_per_day
    return {
        "chart_month_bands": figures_of.month_bands(month_bands(result, translate), colours),
        "chart_volume_bands": figures_of.volume_bands(volume_bands(result, translate), colours, volume),
    }


def show(result: Uncertainty, colours: Palette) -> None:
    """Render both figures with their files."""
    scenario, drawn = result.comparison.scenario, figures(result, colours)
    section(
        t("Cumulative cost range"),
        t("Line: median of the simulations. Band: 5th to 95th percentile, month by month."),
    )
    figure(
        drawn["chart_month_bands"],
        key="chart_month_bands",
        height=figures_of.HEIGHT,
        alt=t("Bands: 5th to 95th percentile of each option's cumulative cost, by month"),
    )
    frame_button(f"{scenario.id}-month-bands", lambda: month_bands(result, translator()), "csv_month_bands")
    section(
        t("Cost range at other volumes"),
        t("All other inputs are simulated. Click a point to use its volume."),
    )
    figure(
        drawn["chart_volume_bands"],
        key="chart_volume_bands",
        height=figures_of.HEIGHT,
        alt=t("Bands: 5th to 95th percentile of each option's cost per month against volume"),
        on_click=_use_volume,
    )
    frame_button(
        f"{scenario.id}-volume-bands", lambda: volume_bands(result, translator()), "csv_volume_bands"
    )


def _use_volume(point: Mapping[str, Any]) -> None:
    """Make the volume of a point that was clicked that of the scenario."""
    volume, limits = point.get("x"), LIMITS["requests_per_day"]
    if isinstance(volume, int | float) and limits.low <= volume <= limits.high:
        rounded = float(f"{volume:.3g}")
        state.put(replace(state.scenario(), requests_per_day=min(max(rounded, limits.low), limits.high)))

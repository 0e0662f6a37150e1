"""Plotly figures that a page sends to the browser."""

from __future__ import annotations

from typing import Any

import plotly.graph_objects as go
from streamlit.testing.v1 import AppTest

from tests.support.live_panel import component_data


def figure_on_page(app: AppTest, key: str) -> go.Figure:
    """The figure with this key; raises ValueError for a property that Plotly does not know."""
    return go.Figure(component_data(app, key)["spec"])


def lines_of(figure: go.Figure) -> dict[str, list[tuple[Any, Any]]]:
    """Name of each line -> its points."""
    traces = [trace for trace in figure.data if "lines" in (trace.mode or "")]
    return {trace.name: list(zip(trace.x, trace.y, strict=True)) for trace in traces}

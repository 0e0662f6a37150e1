"""Figures in tests: valid for Plotly, and their traces by name."""

from __future__ import annotations

import json
from typing import Any

import plotly.graph_objects as go


def checked(figure: go.Figure) -> dict[str, Any]:
    """The figure as JSON knows it; fails if Plotly does not know a property or refuses a value."""
    go.Figure(figure.to_dict())
    parsed: dict[str, Any] = json.loads(figure.to_json())
    return parsed


def traces(figure: go.Figure) -> list[dict[str, Any]]:
    """All traces as Plotly's JSON has them."""
    data: list[dict[str, Any]] = figure.to_plotly_json()["data"]
    return data


def trace(figure: go.Figure, name: str) -> dict[str, Any]:
    """The only trace with this name, with NumPy arrays as lists."""
    (match,) = [each for each in figure.data if each.name == name]
    properties = {key: match[key] for key in match}
    return {key: list(value) if key in {"x", "y"} else value for key, value in properties.items()}


def trace_names(figure: go.Figure) -> list[str]:
    """Names of the traces that have one."""
    return [each.name for each in figure.data if each.name]

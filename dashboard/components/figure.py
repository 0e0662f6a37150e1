"""Plotly figures on the page: theme, language, buttons, and clicks on points."""

from __future__ import annotations

from collections.abc import Callable, Mapping
from typing import Any, Final

import plotly.graph_objects as go
import streamlit as st

from .. import plotly_script
from ..figures.palette import DARK
from ..figures.template import DARK_TEMPLATE, LIGHT
from ..language import language_tag, t
from .component import mount

_TEMPLATES: Final = {"light": LIGHT, "dark": DARK_TEMPLATE}

OnClick = Callable[[Mapping[str, Any]], None]
"""Receives the point that was clicked: `customdata`, `x`, `y` and `name` of its trace."""


def figure(fig: go.Figure, *, key: str, alt: str, height: int = 380, on_click: OnClick | None = None) -> None:
    """Render a figure; `alt` for screen readers, `height` in pixels.

    `fig.layout.meta` from `template.scale_switch` adds a button for logarithmic and linear axes. The volume
    slider replaces the figure by its key without a rerun of the page.
    """

    def clicked() -> None:
        point = st.session_state[key].get("clicked")
        if on_click is not None and isinstance(point, Mapping):
            on_click(point)

    mount(
        "figure",
        key,
        {
            "library": plotly_script.path(),
            "spec": spec(fig),
            "templates": _TEMPLATES,
            "dark": DARK,
            "height": height,
            "alt": alt,
            "language": language_tag(),
            "is_clickable": on_click is not None,
            "words": _words(),
        },
        on_clicked_change=clicked,
    )


def spec(fig: go.Figure) -> dict[str, Any]:
    """Data and layout of a figure for the browser, which adds the template itself."""
    parts: dict[str, Any] = fig.to_plotly_json()
    layout = {name: value for name, value in parts["layout"].items() if name != "template"}
    return {"data": parts["data"], "layout": layout}


def _words() -> dict[str, str]:
    """Texts of the buttons and messages."""
    return {
        "tools": t("Chart tools"),
        "scale": t("Switch between logarithmic and linear scale"),
        "linear": t("Linear scale"),
        "logarithmic": t("Logarithmic scale"),
        "zoom_in": t("Zoom in"),
        "zoom_out": t("Zoom out"),
        "reset": t("Reset the view"),
        "png": t("Download as PNG"),
        "svg": t("Download as SVG"),
        "enlarge": t("Fullscreen"),
        "double_click": t("Double-click to reset the view"),
        "not_loaded": t("The chart library could not be loaded. Reload the page to try again."),
    }

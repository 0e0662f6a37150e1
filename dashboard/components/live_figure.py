"""ECharts charts that the live panel updates without a rerun of the page."""

from __future__ import annotations

from typing import Any, Final

import streamlit as st

from ..language import t
from .component import mount

LIBRARY: Final = "echarts-6.1.0.esm.min.js"
"""File in `static/`."""


def chart(spec: dict[str, Any], *, key: str, alt: str, height: int = 350) -> None:
    """Render a chart from ECharts options; `height` in pixels, `alt` for screen readers.

    `valueFormatter` of a tooltip is a format such as "%,.0f USD", with any number of digits and any unit.
    """
    base = st.get_option("server.baseUrlPath").strip("/")
    mount(
        "live_figure",
        key,
        {
            "library": f"{'/' if base else ''}{base}/app/static/{LIBRARY}",
            "spec": spec,
            "height": height,
            "alt": alt,
            "words": {"save": t("Download as PNG"), "enlarge": t("Fullscreen")},
        },
    )

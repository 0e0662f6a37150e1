"""Charts that follow the volume at once."""

from __future__ import annotations

from typing import Any, Final

import streamlit as st

from ..language import t
from .component import mount

LIBRARY: Final = "echarts-6.1.0.esm.min.js"
"""In `static/`."""


def chart(spec: dict[str, Any], *, key: str, alt: str, height: int = 350) -> None:
    """Draw a chart of ECharts' options; `height` in pixels, `alt` for who cannot see it.

    A format of amounts in a tooltip is "%,.0f USD", with any digits and any unit.
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

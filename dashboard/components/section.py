"""Title of a section."""

from __future__ import annotations

import streamlit as st

from ..language import markdown_safe


def section(title: str, caption: str = "") -> None:
    """Render a section's title with a line that explains how to read it."""
    below = f"\n:small[:gray[{caption}]]" if caption else ""
    st.markdown(f"##### {markdown_safe(title)}{below}")

"""Download button of a frame: the file is built on click."""

from __future__ import annotations

from collections.abc import Callable

import pandas as pd
import streamlit as st

from frames.csv import frame_csv

from ..language import t
from ..runs import newest_file


def frame_button(name: str, table: Callable[[], pd.DataFrame], key: str, label: str = "") -> None:
    """Render a button that builds a frame and downloads it as CSV."""
    st.download_button(
        label or t("CSV"),
        data=newest_file(key, lambda: frame_csv(table())),
        file_name=f"{name}.csv",
        mime="text/csv",
        key=key,
        on_click="ignore",
        icon=":material/download:",
        type="tertiary",
    )

"""Download buttons whose file is built on click, from what the page holds when it has settled."""

from __future__ import annotations

from collections.abc import Callable
from itertools import count
from typing import Final

import pandas as pd
import streamlit as st
from streamlit import runtime

from frames.csv import frame_csv

from ..language import t
from ..runs import newest_file

KEPT: Final = 32
"""Files that the server keeps for all sessions."""
_numbers = count()


def frame_button(name: str, table: Callable[[], pd.DataFrame], key: str, label: str = "") -> None:
    """Render a button that builds a frame and downloads it as CSV."""
    file_button(
        label or t("CSV"),
        lambda: frame_csv(table()),
        f"{name}.csv",
        "text/csv",
        key,
        icon=":material/download:",
        is_quiet=True,
    )


def file_button(
    label: str,
    make: Callable[[], bytes],
    file_name: str,
    mime: str,
    key: str,
    *,
    icon: str,
    is_quiet: bool = False,
) -> None:
    """Render a button that builds a file and downloads it."""
    build = newest_file(key, make)

    def content() -> bytes:
        built: bytes = build()
        _keep(built, file_name, mime)
        return built

    st.download_button(
        label,
        data=content,
        file_name=file_name,
        mime=mime,
        key=key,
        on_click="ignore",
        icon=icon,
        type="tertiary" if is_quiet else "secondary",
    )


def _keep(content: bytes, file_name: str, mime: str) -> None:
    """Keep a file until `KEPT` others have been built.

    Streamlit drops the file of such a button after two runs of any session: on a busy server before the
    browser has asked for it. It does not drop a file that has a place on a page, and the same content under
    the same name is the same file. This place belongs to no session: it is taken outside a script run.
    """
    if runtime.exists():
        runtime.get_instance().media_file_mgr.add(
            content, mime, f"download {next(_numbers) % KEPT}", file_name, is_for_static_download=True
        )

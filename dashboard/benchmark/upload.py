"""Upload of result files into the folder of results; a file that is no result is one sentence."""

from __future__ import annotations

from pathlib import Path
from typing import Final

import streamlit as st

from i18n.errors import CrossoverError

from .. import session as state
from ..components.file_upload import file_upload
from ..components.page_frame import say_errors
from ..language import t
from .result_store import MAX_BYTES, keep_upload

_TIMES: Final = "bench_uploads"
"""Session key: number of uploads; each gets a new box, so that a kept file is not read again."""
_ERRORS: Final = "bench_upload_errors"


def show(folder: Path) -> None:
    """Render the box for files, and what was wrong with the last ones below it."""
    key = f"bench_upload_{st.session_state.get(_TIMES, 0)}"
    file_upload(
        t("Upload result files"),
        ["json"],
        MAX_BYTES // 2**20,
        accept_multiple_files=True,
        key=key,
        on_change=_keep,
        args=(folder, key),
        help=t("Files of python -m bench run --json, also from other machines."),
    )
    for error in st.session_state.get(_ERRORS, ()):
        say_errors(error)


def _keep(folder: Path, key: str) -> None:
    errors: list[CrossoverError] = []
    for file in state.value(key):
        try:
            kept = keep_upload(folder, file.name, file.getvalue())
        except CrossoverError as error:
            errors.append(error)
        else:
            st.session_state[state.key("bench_result")] = kept
    st.session_state[_ERRORS] = errors
    st.session_state[_TIMES] = st.session_state.get(_TIMES, 0) + 1

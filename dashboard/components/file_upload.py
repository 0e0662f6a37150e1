"""File uploader in the reader's language; Streamlit's own words in it are English only."""

from __future__ import annotations

from collections.abc import Sequence
from typing import Any, Final

import streamlit as st

from ..language import in_brackets, language, t

_STYLE: Final = """
[data-testid="stFileUploaderDropzone"] > span button p { font-size: 0; }
[data-testid="stFileUploaderDropzone"] > span button p::after { content: "WORD"; font-size: 1rem; }
[data-testid="stFileUploaderDropzoneInstructions"] { display: none; }
"""


def file_upload(label: str, kinds: Sequence[str], megabytes: int, **options: Any) -> Any:
    """The file, or the files, that the reader chose; `options` are arguments of `st.file_uploader`.

    Streamlit tells the limit and the kinds in English below the button; elsewhere the label tells them.
    """
    if language() != "en":
        limit = t("{kinds}, up to {n} MB per file").format(
            kinds=", ".join(kind.upper() for kind in kinds), n=megabytes
        )
        label = in_brackets(label, limit)
    return st.file_uploader(label, type=list(kinds), max_upload_size=megabytes, **options)


def upload_style() -> str:
    """Style that replaces Streamlit's words in every file uploader; blank where they are the reader's."""
    if language() == "en":
        return ""
    return _STYLE.replace("WORD", t("Upload"))

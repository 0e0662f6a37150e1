"""A text with a box to type in and an upload; what is wrong with a file stands beside the box."""

from __future__ import annotations

import time
from collections.abc import Callable, Sequence
from dataclasses import dataclass
from typing import Any, Final

import streamlit as st

from costing.tokenization.documents import text_of
from costing.tokenization.text_files import check_size
from i18n.errors import CrossoverError
from i18n.message import message

from .. import session as state
from ..language import markdown_safe, t
from . import control_errors

LONGEST_EDITED: Final = 200_000
"""Maximum characters shown; of a longer text only the start is shown, to keep the browser fast."""
MAX_READING_S: Final = 120.0
"""A file that takes longer to read ends with an error."""
READ_SUFFIXES: Final = ("txt", "md", "csv", "json", "jsonl", "html", "htm", "docx", "pdf")

_UPLOADS: Final = "text_box_uploads"

Apply = Callable[[str], None]


@dataclass(frozen=True, slots=True)
class TextBox:
    """A text to enter. The keys of its controls are text_NAME, upload_NAME, popover_NAME and clear_NAME."""

    name: str
    label: str
    apply: Apply
    """Receives the new text: typed, uploaded or empty."""
    placeholder: str = ""
    height: int = 120
    check: Callable[[str], object] | None = None
    """Raises CrossoverError for a text that is not accepted from a file."""
    suffixes: Sequence[str] = READ_SUFFIXES

    def show(self, text: str) -> None:
        """Render box, upload and clear button, and the error of the last upload."""
        if len(text) > LONGEST_EDITED:
            st.code(text[:1000] + " …", language=None, wrap_lines=True, height=self.height)
            st.caption(
                t("{n:,} characters; only the beginning is shown. Clear it to type.").format(n=len(text))
            )
        else:
            st.text_area(
                self.label,
                value=state.seed(self._key, text),
                key=self._key,
                height=self.height,
                on_change=self._typed,
                label_visibility="collapsed",
                placeholder=self.placeholder or t("Paste text here"),
            )
        with st.container(horizontal=True, vertical_alignment="center"):
            # After a file was read, the popover has a new key: it is drawn closed, and hides no error.
            times = len(_uploads().get(self.name, ()))
            key = f"popover_{self.name}" + (f"_{times}" if times else "")
            with st.popover(t("Upload"), icon=":material/upload_file:", key=key):
                upload = st.file_uploader(
                    t("A file: {suffixes}").format(suffixes=", ".join(f".{each}" for each in self.suffixes)),
                    key=f"upload_{self.name}",
                )
                self._take(upload)
            if text:
                st.button(
                    t("Clear"),
                    key=f"clear_{self.name}",
                    icon=":material/close:",
                    on_click=self._cleared,
                    type="tertiary",
                )
        control_errors.say(self._key)

    @property
    def _key(self) -> str:
        return f"text_{self.name}"

    def _typed(self) -> None:
        control_errors.clear(self._key)
        self.apply(state.value(self._key) or "")

    def _cleared(self) -> None:
        control_errors.clear(self._key)
        self.apply("")

    def _take(self, upload: Any) -> None:
        """Read a new upload with a progress bar, and show the page with its text."""
        taken = _uploads().setdefault(self.name, [])
        if upload is None or upload.file_id in taken:
            return
        taken.append(upload.file_id)
        control_errors.take(self._key, lambda: self._read(upload), self.apply)
        st.rerun()

    def _read(self, upload: Any) -> str:
        text = read_upload(upload.name, upload.size, upload.getvalue)
        check = self.check
        if check is not None:
            try:
                check(text)
            except CrossoverError as error:
                raise error.at(upload.name) from error
        return text


def read_upload(name: str, size: int, content: Callable[[], bytes]) -> str:
    """The text of an uploaded file, read with a progress bar; errors name the file."""
    words = t("Reading {name}").format(name=markdown_safe(name))
    bar = st.progress(0.0, words)
    end = time.monotonic() + MAX_READING_S

    def show_progress(share: float) -> None:
        if time.monotonic() > end:
            raise CrossoverError(
                message("takes more than {limit:,.0f} s to read (split the file)", limit=MAX_READING_S)
            )
        bar.progress(min(1.0, share), words)

    try:
        check_size(size)
        text = text_of(name, content(), show_progress)
        if not text.strip():
            raise CrossoverError(message("no text in the file (choose another)"))
        return text
    except CrossoverError as error:
        raise error.at(name) from error
    finally:
        bar.empty()


def _uploads() -> dict[str, list[str]]:
    """Ids of the files that were read, by the name of the box."""
    uploads: dict[str, list[str]] = st.session_state.setdefault(_UPLOADS, {})
    return uploads

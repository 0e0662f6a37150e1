"""Text of a user's file: .txt, .md, .csv, .json, .jsonl, .html, .docx and .pdf; anything else is an error."""

from __future__ import annotations

from collections.abc import Callable
from typing import Final

from i18n.errors import CrossoverError
from i18n.message import Message, message

from .text_encoding import decoded
from .text_files import check_size, jsonl_text

SUFFIXES: Final = ("txt", "md", "jsonl", "json", "csv", "docx", "pdf", "html", "htm")
"""Endings of files that can be read; text with another ending is read as plain text."""

Progress = Callable[[float], None]
"""Receives the share that is read, 0 to 1."""

_IMAGES: Final = (b"\x89PNG", b"\xff\xd8\xff", b"GIF8", b"BM", b"II*\0", b"MM\0*", b"\0\0\1\0")
_OLD_OFFICE: Final = b"\xd0\xcf\x11\xe0\xa1\xb1\x1a\xe1"
_PDF_HEAD: Final = 1024
"""Bytes within which a PDF file must have its signature."""


def text_of(name: str, content: bytes, on_progress: Progress = lambda _: None) -> str:
    """The text of a file; of JSONL, the texts of its records, a line each.

    The content decides the format where it has a signature, else the ending of the name. Raises
    CrossoverError for a file that is too large, has no text, or is not what its name says.
    """
    check_size(len(content))
    suffix = name.lower().rpartition(".")[2]
    if b"%PDF-" in content[:_PDF_HEAD]:
        from .pdf_text import pdf_text

        return pdf_text(content, on_progress)
    if content.startswith(b"PK\x03\x04"):
        from .docx_text import docx_text

        return docx_text(content)
    problem = _unreadable(suffix, content)
    if problem is not None:
        raise CrossoverError(problem)
    if suffix in ("html", "htm"):
        from .html_text import html_text

        return html_text(content)
    text = decoded(content)
    return jsonl_text(text) if suffix == "jsonl" else text


def _unreadable(suffix: str, content: bytes) -> Message | None:
    """Why a file that is neither a PDF nor a ZIP archive holds no text that can be read, or None."""
    if _is_image(content):
        return message("an image, not text (type its text, or count it by its size under Images)")
    if content.startswith(_OLD_OFFICE):
        return message("an encrypted or old Office file (save it as .docx without a password)")
    if content.startswith(b"{\\rtf"):
        return message("an RTF file (save it as .docx or .txt)")
    if suffix == "docx":
        return message("not a Word document: no .docx content in it (save it as .docx again)")
    if suffix == "pdf":
        return message("not a PDF: its first bytes are not those of a PDF (save it as .pdf again)")
    return None


def _is_image(content: bytes) -> bool:
    if content.startswith(_IMAGES):
        return not content.startswith(b"BM") or b"\0" in content[:32]  # a text may start with these letters
    return (content.startswith(b"RIFF") and content[8:12] == b"WEBP") or content[4:12] in (
        b"ftypheic",
        b"ftypavif",
    )

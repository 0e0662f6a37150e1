"""Text of an HTML page as a browser shows it: blocks on lines of their own, no scripts and styles."""

from __future__ import annotations

import re
from typing import Final

from i18n.errors import CrossoverError
from i18n.message import message

from .text_encoding import decoded

MAX_HTML_BYTES: Final = 5_000_000
"""A larger page takes more than a few seconds to parse."""

_HIDDEN: Final = ("script", "style", "template", "noscript", "head", "svg")
_BLOCKS: Final = frozenset(
    "address article aside blockquote dd details div dl dt fieldset figcaption figure footer form h1 h2 h3 "
    "h4 h5 h6 header hr li main nav ol p pre section summary table tbody tfoot thead tr ul".split()
)
_BLANKS: Final = re.compile(r"[ \t\r\n\f]+")
_LINES: Final = re.compile(r" *\n[\n ]*")
_BREAK, _TAB = "\x1e", "\x1f"
"""Stand for a line break and a tab until white space is collapsed."""


def html_text(content: bytes) -> str:
    """Text of a page; raises CrossoverError for a page that is too large or has no text."""
    from bs4 import BeautifulSoup
    from bs4.dammit import EncodingDetector
    from bs4.element import PreformattedString

    if len(content) > MAX_HTML_BYTES:
        raise CrossoverError(
            message(
                "an HTML page of {found:,.1f} MB, more than {limit:,.0f} MB (save its text as .txt)",
                found=len(content) / 1e6,
                limit=MAX_HTML_BYTES / 1e6,
            )
        )
    declared = EncodingDetector.find_declared_encoding(content, is_html=True)
    page = BeautifulSoup(_page(content, declared), "html.parser")
    for hidden in page(_HIDDEN):
        hidden.decompose()
    for item in page(True):
        if item.name in _BLOCKS:
            item.insert_before(_BREAK)
            item.insert_after(_BREAK)
        elif item.name == "br":
            item.replace_with(_BREAK)
        elif item.name in ("td", "th"):
            item.insert_before(_TAB)
    pieces = [
        str(piece) if piece.find_parent("pre") is not None else _BLANKS.sub(" ", piece)
        for piece in page.find_all(string=True)
        if not isinstance(piece, PreformattedString)  # comments, doctype
    ]
    text = "".join(pieces).replace(_BREAK, "\n").replace(_TAB, "\t")
    lines = (line.strip() for line in _LINES.sub("\n", text).splitlines())
    text = "\n".join(line for line in lines if line)
    if not text:
        raise CrossoverError(message("an HTML page without text (paste the text instead)"))
    return text


def _page(content: bytes, declared: str | None) -> str:
    """The source of a page, in its declared encoding if it is that."""
    if declared is not None:
        try:
            return content.decode(declared)
        except (UnicodeDecodeError, LookupError):
            pass
    return decoded(content)

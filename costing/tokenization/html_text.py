"""Text of an HTML page as a browser shows it: blocks on lines of their own, no scripts and styles."""

from __future__ import annotations

import re
from collections.abc import Iterator
from typing import TYPE_CHECKING, Final

from i18n.errors import CrossoverError
from i18n.message import message

from .text_encoding import decoded, decoded_as

if TYPE_CHECKING:
    from bs4 import BeautifulSoup

MAX_HTML_BYTES: Final = 3_000_000
"""A page of this size takes some seconds to parse."""

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

    if len(content) > MAX_HTML_BYTES:
        raise CrossoverError(
            message(
                "an HTML page of {size_mb:,.1f} MB, more than {limit:,.0f} MB (save its text as .txt)",
                size_mb=len(content) / 1e6,
                limit=MAX_HTML_BYTES / 1e6,
            )
        )
    declared = EncodingDetector.find_declared_encoding(content, is_html=True)
    page = BeautifulSoup(_page(content, declared), "html.parser")
    text = "".join(_pieces(page)).replace(_BREAK, "\n").replace(_TAB, "\t")
    lines = (line.strip() for line in _LINES.sub("\n", text).splitlines())
    text = "\n".join(line for line in lines if line)
    if not text:
        raise CrossoverError(message("an HTML page without text (paste the text instead)"))
    return text


def _pieces(page: BeautifulSoup) -> Iterator[str]:
    """Visible texts, and line breaks where the block changes. Linear in the size of the page."""
    from bs4.element import PreformattedString, Tag

    blocks: dict[int, tuple[int, bool, bool]] = {id(page): (id(page), False, False)}
    """Element -> its nearest block, whether it keeps white space, whether it is hidden."""
    last = id(page)
    for item in page.descendants:
        block, is_kept, is_hidden = blocks[id(item.parent)]
        if isinstance(item, Tag):
            own = id(item) if item.name in _BLOCKS else block
            blocks[id(item)] = (own, is_kept or item.name == "pre", is_hidden or item.name in _HIDDEN)
            if item.name == "br":
                yield _BREAK
            elif item.name in ("td", "th"):
                yield _TAB
        elif not is_hidden and not isinstance(item, PreformattedString):  # comments, doctype
            if block != last:
                yield _BREAK
                last = block
            yield str(item) if is_kept else _BLANKS.sub(" ", str(item))


def _page(content: bytes, declared: str | None) -> str:
    """The source of a page, in its declared encoding if it is that."""
    text = None if declared is None else decoded_as(content, declared)
    return decoded(content) if text is None else text

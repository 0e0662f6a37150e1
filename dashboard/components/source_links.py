"""Sources in tables: the page of a source as a link, and what is said beside it as a note."""

from __future__ import annotations

import re
from collections.abc import Mapping
from typing import Any, Final

import pandas as pd
import streamlit as st

from frames.frame import plain

from ..language import t

_URL: Final = re.compile(r"https?://[^\s;]+")
_GITHUB: Final = re.compile(r"github:([\w.-]+/[\w.-]+)")
"""How price rows name a repository that lists the price."""


def split_source(source: str) -> tuple[str, str]:
    """The first address in a source, "" if it has none, and the rest of its text.

    >>> split_source("https://example.com/prices; tokens: by ratio")
    ('https://example.com/prices', 'tokens: by ratio')
    >>> split_source("scenario input")
    ('', 'scenario input')
    >>> split_source("median 2.95 (github:acme/catalog catalogs/v8)")
    ('https://github.com/acme/catalog', 'median 2.95 (github:acme/catalog catalogs/v8)')
    """
    match = _URL.search(source)
    if match is None:
        repository = _GITHUB.search(source)
        return (f"https://github.com/{repository[1]}" if repository else ""), source
    rest = (source[: match.start()] + source[match.end() :]).strip(" ;")
    return match.group(), rest


def with_links(table: pd.DataFrame) -> tuple[pd.DataFrame, Mapping[str, tuple[list[Any], Any]]]:
    """The frame with its sources' remarks in a column `note`, and the cells of `source` as links.

    The second value is for `overrides` of `frame_table`.
    """
    parts = [split_source(plain(source) or "") for source in table["source"].array]
    noted = table.assign(note=[rest for _, rest in parts])
    links = st.column_config.LinkColumn(t("Source"), display_text=r"https?://(?:www\.)?([^/]+)")
    return noted, {"source": ([url or None for url, _ in parts], links)}

"""Method page: what is computed and how, evidence, glossary, limits, version and help."""

from __future__ import annotations

import inspect
from collections.abc import Callable, Mapping
from typing import Final

import streamlit as st

from costing.strategies import registered
from i18n.message import N_
from pricing.rows import Evidence

from .. import session as state
from ..components.downloads import frame_button
from ..components.frame_table import frame_table
from ..components.page_frame import say_price_errors
from ..language import language, markdown_safe, t, translator
from ..method import content
from ..method.glossary import GLOSSARY

TITLE: Final = N_("Method")
EVIDENCE: Final = {
    Evidence.MEASURED: N_("from your own measurement or your own text"),
    Evidence.PUBLISHED: N_("shown by the source that is named"),
    Evidence.ESTIMATED: N_("computed by a model whose error is known and shown"),
    Evidence.ASSUMED: N_("our assumption; replace it with your own value"),
}
"""What each kind of evidence means, from the surest to the least sure."""


def show() -> None:
    """Render the table of contents and every section."""
    say_price_errors()
    st.header(t(TITLE), anchor=False)
    sections = content.sections(language())
    values = content.values(state.book(), translator())
    left, right = st.columns([1, 3], gap="large")
    with left, st.container(key="method_contents"):
        st.markdown("\n".join(f"- [{heading}](#{_anchor(i)})" for i, (heading, _) in enumerate(sections)))
    with right:
        for place, (heading, text) in enumerate(sections):
            st.subheader(heading, anchor=_anchor(place))
            _section(text, values)


def _anchor(place: int) -> str:
    return f"method-{place + 1}"


def _section(text: str, values: Mapping[str, str]) -> None:
    """Render Markdown and the blocks between it."""
    for place, part in enumerate(content.split_blocks(text)):
        if place % 2:
            BLOCKS[part]()
        elif part.strip():
            st.markdown(content.filled_in(part, values))


def _strategies() -> None:
    """The strategies in use; the formula of each is its own documentation."""
    for name, strategy in registered().items():
        with st.expander(t(strategy.title), key=f"method_strategy_{name}"):
            st.markdown(markdown_safe(t(strategy.summary)))
            st.code(inspect.getdoc(strategy) or "", language=None, wrap_lines=True)


def _priors() -> None:
    frame_table(content.priors(state.book(), translator()), "table_priors")


def _evidence() -> None:
    st.markdown("\n".join(f"- **{t(kind)}**: {t(EVIDENCE[kind])}" for kind in Evidence))


def _tables() -> None:
    tables = content.price_tables(state.book())
    frame_table(tables, "table_price_tables")
    frame_button("price-tables", lambda: tables, "csv_price_tables")


def _glossary() -> None:
    """Terms that contain the reader's search text; text and no table, so that a phone cuts no meaning."""
    wanted = st.text_input(t("Search a term"), key="method_term").strip().casefold()
    terms = [
        f"- **{t(term)}**: {t(meaning)}"
        for term, meaning in GLOSSARY
        if wanted in f"{t(term)} {t(meaning)} {term}".casefold()
    ]
    if terms:
        st.markdown("\n".join(terms))
    else:
        st.info(t("No term contains this text."))


def _version() -> None:
    st.markdown("\n".join(f"- {name} {version}" for name, version in content.versions()))


BLOCKS: Final[Mapping[str, Callable[[], None]]] = {
    "strategies": _strategies,
    "priors": _priors,
    "evidence": _evidence,
    "tables": _tables,
    "glossary": _glossary,
    "version": _version,
}

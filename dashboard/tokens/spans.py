"""Tokens of the prompt as coloured pieces of text, with their ids."""

from __future__ import annotations

from dataclasses import replace
from html import escape
from typing import Final

import streamlit as st
from streamlit.delta_generator import DeltaGenerator

from costing.ranking.prompt_use import Counts
from costing.tokenization.token_spans import TokenSpan, TokenSpans, token_spans
from costing.tokenization.vocabularies import ENCODINGS, is_installed
from i18n.errors import CrossoverError
from pricing.rows import Tokenizer

from .. import session as state
from ..components.page_frame import say_errors
from ..language import t
from .page_state import PromptEntry, entry, prices, put

COLOURS: Final = 5
"""Classes t0 to t4 of the style sheet; neighbours differ."""
LONGEST_DRAWN: Final = 60
"""Characters of a token that are drawn; longer ones are runs of one sign."""


def show(counts: Counts) -> None:
    """Render the choice of tokenizer and text, and the tokens."""
    current = entry()
    left, right = st.columns(2)
    family = _tokenizer(current, left)
    part = _part(current, right)
    text = current.texts.get(part, "")
    if not text:
        st.info(t("This part has no text."))
        return
    try:
        with st.spinner(t("Counting tokens …")):
            known = None if part == "tools" else round(counts[family.id].parts[part].tokens)
            cut = token_spans(text, family.encoding or "", tokens=known)
    except CrossoverError as error:
        say_errors(error)
        return
    st.caption(
        t("{tokens:,} tokens, {characters:,} characters, {ratio:.2f} characters per token").format(
            tokens=cut.tokens, characters=len(text), ratio=len(text) / max(1, cut.tokens)
        )
    )
    st.html(tokens_html(cut, t("Tokens of the text; each shows its id")))
    if cut.hidden:
        st.caption(
            t("The first {shown:,} tokens are shown; {hidden:,} more are counted.").format(
                shown=len(cut.spans), hidden=cut.hidden
            )
        )
    st.caption(
        t(
            "Hover over a token for its id. Hexadecimal digits are bytes of a character that several "
            "tokens share."
        )
    )


def _tokenizer(current: PromptEntry, place: DeltaGenerator) -> Tokenizer:
    families = {row.id: row for row in prices().rows(Tokenizer).values() if _may_draw(row)}
    key = state.key("tokens_tokenizer")

    def take() -> None:
        put(replace(entry(), tokenizer=state.value(key)))

    chosen = current.tokenizer if current.tokenizer in families else next(iter(families))
    place.selectbox(
        t("Tokenizer"),
        list(families),
        index=list(families).index(state.seed(key, chosen)),
        format_func=lambda name: families[name].name,
        key=key,
        on_change=take,
        help=t("Those whose vocabulary is installed; others can only be counted."),
    )
    return families[chosen]


def _may_draw(tokenizer: Tokenizer) -> bool:
    """Whether its vocabulary is installed, so that its tokens have ids."""
    name = tokenizer.encoding
    if name is None or (name not in ENCODINGS):
        return False
    return tokenizer.extra is None or is_installed(tokenizer.extra)


def _part(current: PromptEntry, place: DeltaGenerator) -> str:
    """The part whose tokens are shown."""
    labels = {
        "instruction": t("Prompt"),
        "example": t("Examples"),
        "knowledge": t("Knowledge"),
        "question": t("Question"),
        "tools": t("Tool definitions (JSON)"),
    }
    filled = [part for part in labels if current.texts.get(part, "").strip()]
    if len(filled) < 2:
        return filled[0] if filled else "instruction"
    key = state.key("tokens_drawn_part")
    if st.session_state.get(key) not in filled:
        st.session_state.pop(key, None)
    chosen: str = place.selectbox(t("Part of the prompt"), filled, format_func=labels.__getitem__, key=key)
    return chosen


def tokens_html(cut: TokenSpans, label: str) -> str:
    """HTML of the tokens, every text escaped; scrolls by itself and can be reached by the keyboard."""
    pieces = "".join(_span(span, place) for place, span in enumerate(cut.spans))
    return f'<div class="tokens" role="group" tabindex="0" aria-label="{escape(label)}">{pieces}</div>'


def _span(span: TokenSpan, place: int) -> str:
    style = f"t{place % COLOURS}"
    if span.text is None:
        return f'<span class="{style} bytes" data-id="{span.token}">{span.content.hex(" ").upper()}</span>'
    shown = span.text
    if len(shown) > LONGEST_DRAWN:
        shown = shown[:LONGEST_DRAWN] + "…"
    visible = escape(shown).replace("\r", "␍").replace("\n", "↵\n").replace("\t", "→\t")
    return f'<span class="{style}" data-id="{span.token}">{visible}</span>'

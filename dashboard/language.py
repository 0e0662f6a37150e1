"""The reader's language: every string on the screen goes through here."""

from __future__ import annotations

import re
from collections.abc import Mapping
from typing import Final

import streamlit as st

from i18n.message import Message, Translate
from i18n.translation import LANGUAGES, translation

LANGUAGE_KEY: Final = "lang"


def language() -> str:
    """The language chosen, or else the browser's."""
    chosen = st.session_state.get(LANGUAGE_KEY)
    if chosen in LANGUAGES:
        return str(chosen)
    locale = (st.context.locale or "").lower()
    return "zh_TW" if locale.startswith("zh") else "en"


def translator() -> Translate:
    """`t` for many texts at once: the language is looked up only here."""
    return translation(language())


def t(text: str) -> str:
    """The text in the reader's language."""
    return translation(language())(text) if text else ""


def label_of(labels: Mapping[str, str], key: str) -> str:
    """The label of a key in the reader's language; the key itself where it has none."""
    return t(labels[key]) if key in labels else key


def render(sentence: Message) -> str:
    """A message in the reader's language."""
    return sentence.render(translator())


_SHORTCODE: Final = re.compile(r":(?=[a-z+-][a-z0-9_+-]*(?:/[a-z0-9_]+)?:)", re.IGNORECASE)
"""The beginning of what becomes an icon or an emoji, escaped or not: ":material/lock:", ":smile:"."""
_WORD_JOINER: Final = "\u2060"
"""Takes no room, and breaks a shortcode."""


def markdown_safe(text: str) -> str:
    """Text for a Markdown place, with what Markdown would take for markup escaped."""
    text = _SHORTCODE.sub(f":{_WORD_JOINER}", text)
    for sign in "\\`*_[]<>#$~|:":
        text = text.replace(sign, "\\" + sign)
    return text

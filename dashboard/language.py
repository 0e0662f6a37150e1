"""Translation: every text on the screen goes through this module."""

from __future__ import annotations

import re
from collections import Counter
from collections.abc import Mapping
from typing import Final

import streamlit as st

from i18n.message import Message, Translate
from i18n.translation import LANGUAGES, translation

LANGUAGE_KEY: Final = "lang"
_BROWSER_KEY: Final = "browser_language"


def language() -> str:
    """Chosen language, or else that of the browser."""
    chosen = st.session_state.get(LANGUAGE_KEY)
    if chosen in LANGUAGES:
        return str(chosen)
    if _BROWSER_KEY not in st.session_state:  # kept: reading the locale takes 20 times as long
        locale = (st.context.locale or "").lower()
        st.session_state[_BROWSER_KEY] = "zh_TW" if locale.startswith("zh") else "en"
    return str(st.session_state[_BROWSER_KEY])


def language_tag() -> str:
    """The language as browsers name it (BCP 47)."""
    return language().replace("_", "-")


def translator() -> Translate:
    """`t` for many texts at once: looks up the language only once."""
    return translation(language())


def t(text: str) -> str:
    """Translated text."""
    return translation(language())(text) if text else ""


def tn(singular: str, plural: str, n: int) -> str:
    """Translated text that counts `n` things, not yet filled in."""
    return translator().plural(singular, plural, n)


def label_of(labels: Mapping[str, str], key: str) -> str:
    """Translated label of a key; the key itself if it has no label."""
    return t(labels[key]) if key in labels else key


def in_brackets(text: str, remark: str) -> str:
    """Translated text with a remark, in the brackets of the language."""
    return t("{text} ({remark})").format(text=text, remark=remark)


def distinct(names: Mapping[str, str]) -> dict[str, str]:
    """Translated names by their keys; two that are alike have their keys, too."""
    times = Counter(names.values())
    return {key: name if times[name] == 1 else in_brackets(name, key) for key, name in names.items()}


def render(sentence: Message) -> str:
    """Translated text of a message."""
    return sentence.render(translator())


_SHORTCODE: Final = re.compile(r":(?=[a-z+-][a-z0-9_+-]*(?:/[a-z0-9_]+)?:)", re.IGNORECASE)
"""Start of an icon or emoji shortcode, escaped or not: ":material/lock:", ":smile:"."""
_WORD_JOINER: Final = "\u2060"
"""Zero-width character that breaks a shortcode."""


def markdown_safe(text: str) -> str:
    """Text for Markdown, with all Markdown markup escaped."""
    text = _SHORTCODE.sub(f":{_WORD_JOINER}", text)
    for sign in "\\`*_[]<>#$~|:":
        text = text.replace(sign, "\\" + sign)
    return text

"""The reader's language: every string on the screen goes through here."""

from __future__ import annotations

import re
from typing import Final

import streamlit as st

from i18n.message import N_, Message, Translate
from i18n.translation import LANGUAGES, translation

LANGUAGE_KEY: Final = "lang"

WORDS: Final = (
    N_("measured"),
    N_("published"),
    N_("estimated"),
    N_("assumed"),
    N_("shipped"),
    N_("scenario"),
    N_("instruction"),
    N_("example"),
    N_("knowledge"),
    N_("question"),
    N_("answer"),
    N_("tools"),
    N_("tool call"),
    N_("tool result"),
    N_("once"),
    N_("monthly"),
    N_("input"),
    N_("output"),
    N_("training"),
    N_("hosting"),
    N_("hardware"),
    N_("maintenance"),
    N_("power"),
    N_("staff"),
    N_("colocation"),
    N_("licences"),
    N_("setup"),
    N_("straight line"),
    N_("declining balance"),
    N_("Mtok"),
    N_("h"),
    N_("GPU-h"),
    N_("GPU-month"),
    N_("USD of capital"),
    N_("month"),
    N_("job"),
    N_("tokens"),
    N_("passes"),
    N_("share"),
    N_("share per year"),
    N_("years"),
    N_("ratio"),
    N_("USD per kWh"),
    N_("FTE"),
    N_("FTE-month"),
    N_("t CO2e"),
    N_("kW"),
    N_("set-up"),
    N_("GiB"),
    N_("ms"),
    N_("USD per year"),
    N_("USD per kW and month"),
    N_("USD per t CO2e"),
    N_("percentile"),
    N_("thousand million"),
    N_("USD per month"),
    N_("retrieval"),
    N_("chunks"),
    N_("dimensions"),
    N_("GB-month"),
    N_("1,000 searches"),
    N_("1,000 requests"),
    N_("USD per GB and month"),
    N_("USD per 1,000 searches"),
)
"""Words that data carries and the screen shows."""


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

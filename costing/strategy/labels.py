"""Option labels: `Strategy · model (vendor or machine)`, and how model names are written in them."""

from __future__ import annotations

import re
from typing import Final

from i18n.message import Message, message

_DATE: Final = re.compile(r"-(\d{4}-\d{2}-\d{2}|\d{8}|\d{4})$")
_FAMILIES: Final = {"claude": "Claude", "gemini": "Gemini"}
"""Families whose ids are the words of the model's name, joined by hyphens."""


def model_label(name: str) -> str:
    """A model's name as its vendor writes it, where its id is a known spelling of it.

    >>> model_label("gpt-4.1-mini"), model_label("gpt-4o-2024-08-06"), model_label("gpt-oss-120b")
    ('GPT-4.1 mini', 'GPT-4o 2024-08-06', 'gpt-oss-120b')
    >>> model_label("claude-sonnet-5-5"), model_label("gemini-3.8-flash")
    ('Claude Sonnet 5.5', 'Gemini 3.8 Flash')
    """
    dated = _DATE.search(name)
    day = f" {dated[1]}" if dated else ""
    stem = name[: dated.start()] if dated else name
    family, *words = stem.split("-")
    if family == "gpt" and words and words[0][:1].isdigit():
        return " ".join([f"GPT-{words[0]}", *words[1:]]) + day
    if family in _FAMILIES and words:
        title = " ".join(word if word[:1].isdigit() else word.capitalize() for word in words)
        return f"{_FAMILIES[family]} {re.sub(r'(?<=[0-9]) (?=[0-9]+(?: |$))', '.', title)}{day}"
    return name


def option_label(strategy: str, model: str | Message, place: str | Message) -> Message:
    """`strategy` is a text of the catalogue, as a strategy's title; `place` the vendor or the machine."""
    return message("{strategy} · {model} ({place})", strategy=message(strategy), model=model, place=place)


def short_option_label(strategy: str, model: str | Message) -> Message:
    """The label without vendor and machine, for repeats."""
    return message("{strategy} · {model}", strategy=message(strategy), model=model)

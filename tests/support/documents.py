"""Texts and code blocks of the documents."""

from __future__ import annotations

import re

from tests.support.paths import ROOT


def text_of(document: str) -> str:
    """A document's text; its path is relative to the project."""
    return (ROOT / document).read_text(encoding="utf-8")


def blocks(document: str, language: str) -> list[str]:
    """The texts of a document's fenced blocks in this language."""
    return re.findall(rf"```{language}\n(.*?)```", text_of(document), re.DOTALL)

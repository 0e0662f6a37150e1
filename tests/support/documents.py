"""Code blocks of the documents."""

from __future__ import annotations

import re

from tests.support.paths import ROOT


def blocks(document: str, language: str) -> list[str]:
    """The texts of a document's fenced blocks in this language."""
    text = (ROOT / document).read_text(encoding="utf-8")
    return re.findall(rf"```{language}\n(.*?)```", text, re.DOTALL)

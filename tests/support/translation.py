"""Translations made by a function, for tests that need a language of their own."""

from __future__ import annotations

from collections.abc import Callable
from gettext import NullTranslations

from i18n.message import Translate


class _ByFunction(NullTranslations):
    def __init__(self, translated: Callable[[str], str]) -> None:
        super().__init__()
        self._translated = translated

    def gettext(self, message: str) -> str:
        return self._translated(message)


def translate_by(translated: Callable[[str], str]) -> Translate:
    """A translation of each text by a function; plurals as in English."""
    return Translate(_ByFunction(translated))

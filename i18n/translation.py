"""The languages of the project, and the compiled translations of its texts."""

from __future__ import annotations

import gettext
from functools import lru_cache
from pathlib import Path
from typing import Final

from .message import Translate

LANGUAGES: Final = {"en": "English", "zh_TW": "繁體中文"}
"""Code -> its own name. English is the language of the code; the others have a catalogue in `locale/`."""
LOCALE: Final = Path(__file__).parent / "locale"


@lru_cache(maxsize=len(LANGUAGES))
def translation(language: str) -> Translate:
    """Translates from English to the language."""
    return Translate(gettext.translation("crossover", LOCALE, [language], fallback=True))

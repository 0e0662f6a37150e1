"""What kind of text it is (language, code or JSON), for token ratios: a quick look, not a linguist."""

from __future__ import annotations

import re
from functools import lru_cache
from typing import Final

KINDS: Final = ("en", "zht", "zhs", "ja", "ko", "de", "fr", "es", "python", "js", "json")

SAMPLE_CHARACTERS = 20_000

_TRADITIONAL = frozenset("這個們來說國會對時為學經過還點麼與開應關長問題請該員當後無實業動勞資機")
_SIMPLIFIED = frozenset("这个们来说国会对时为学经过还点么与开应关长问题请该员当后无实业动劳资机")
_STOPWORDS: Final = {
    "de": frozenset("der die das und nicht ist ein eine mit für auf werden von zu den".split()),
    "fr": frozenset("le la les des et est une dans pour que pas vous avec du sur".split()),
    "es": frozenset("el la los las de y es una para que con no por del se".split()),
    "en": frozenset("the and of to is in for you a that with not on are it".split()),
}
_PYTHON = re.compile(
    r"^\s*((def|class|if|elif|else|for|while|with|try|except)\b[^{]*:\s*$|from [\w.]+ import |"
    r"import [\w., ]+$)",
    re.MULTILINE,
)
_SCRIPT = re.compile(r"(=>|\bfunction\b|\bconst\b|\blet\b|;\s*$)", re.MULTILINE)


@lru_cache(maxsize=512)
def text_kind(text: str) -> str:
    """One of KINDS; English where nothing else fits."""
    sample = text[:SAMPLE_CHARACTERS]
    letters = sum(1 for c in sample if c.isalpha()) or 1
    han = sum(1 for c in sample if "\u4e00" <= c <= "\u9fff")
    kana = sum(1 for c in sample if "\u3040" <= c <= "\u30ff")
    hangul = sum(1 for c in sample if "\uac00" <= c <= "\ud7a3")
    if kana > 0.05 * letters:
        return "ja"
    if hangul > 0.2 * letters:
        return "ko"
    if han > 0.2 * letters:
        traditional = sum(c in _TRADITIONAL for c in sample)
        return "zhs" if sum(c in _SIMPLIFIED for c in sample) > traditional else "zht"
    return _latin_kind(sample)


def _latin_kind(sample: str) -> str:
    lines = sample.count("\n") + 1
    if sample.lstrip()[:1] in ("{", "[") and sample.count('"') > 0.02 * len(sample):
        return "json"
    if len(_PYTHON.findall(sample)) > 0.1 * lines and lines > 3:
        return "python"
    if len(_SCRIPT.findall(sample)) > 0.2 * lines and lines > 3:
        return "js"
    words = re.findall(r"[a-zäöüßàâçéèêëîïôûñáíóú]+", sample.lower())
    hits = {kind: sum(word in stop for word in words) for kind, stop in _STOPWORDS.items()}
    best = max(hits, key=lambda kind: (hits[kind], kind == "en"))
    return best if hits[best] > hits["en"] else "en"

"""Text from bytes of an unknown encoding: UTF-8, UTF-16, Big5, GB18030, Windows-1252, or what fits best."""

from __future__ import annotations

import codecs
from collections.abc import Callable
from functools import lru_cache
from typing import Final

from i18n.errors import CrossoverError
from i18n.message import message

SAMPLE_CHARACTERS: Final = 20_000
"""Characters from which an encoding is judged."""
MIN_SCORE: Final = 0.75
"""Share of characters outside ASCII that must be usual ones of the encoding's languages."""

_MARKS: Final = (
    (codecs.BOM_UTF8, "utf-8-sig"),
    (codecs.BOM_UTF32_LE, "utf-32"),  # before UTF-16, whose mark it starts with
    (codecs.BOM_UTF32_BE, "utf-32"),
    (codecs.BOM_UTF16_LE, "utf-16"),
    (codecs.BOM_UTF16_BE, "utf-16"),
)
_TYPOGRAPHIC: Final = frozenset("“”‘’‚„–—…€°§©®™«»£¢¥·•½¼¾²³¡¿ºª±×µ\u00a0")
_CONTROLS: Final = frozenset(map(chr, range(32))) - frozenset("\t\n\r\f\v\x1a\x1b")


def decoded(content: bytes) -> str:
    """The text of a file's bytes, without byte order mark.

    Raises CrossoverError for binary content and for an encoding that cannot be told.
    """
    for mark, name in _MARKS:
        if content.startswith(mark):
            try:
                return content.decode(name)
            except UnicodeDecodeError as error:
                raise _not_text() from error
    if b"\0" in content:
        return _utf_16(content)
    try:
        return content.decode()
    except UnicodeDecodeError:
        return _legacy(content)


def _not_text() -> CrossoverError:
    return CrossoverError(message("a binary file, not text (choose a text, .docx, .pdf or .html file)"))


def _utf_16(content: bytes) -> str:
    """UTF-16 without a mark: ASCII characters have a zero byte each, at the same place of the pair."""
    for name, zeros in (("utf-16-le", content[1::2]), ("utf-16-be", content[::2])):
        text = decoded_as(content, name)
        if text is not None and b"\0" in zeros and not _CONTROLS & set(text):
            sample = text[:SAMPLE_CHARACTERS]
            if all(
                character.isprintable() or character.isspace() or character == "\ufeff"
                for character in sample
            ):
                return text
    raise _not_text()


def _legacy(content: bytes) -> str:
    """Text in an encoding from before Unicode: the one in which most characters are usual ones."""
    scored = []
    for name, score in _SCORES.items():
        text = decoded_as(content, name)
        if text is not None:
            scored.append((score(text[:SAMPLE_CHARACTERS]), text))
    if scored:
        best, text = max(scored, key=lambda pair: pair[0])
        if best >= MIN_SCORE and not _CONTROLS & set(text):
            return text
    return _by_statistics(content)


def _by_statistics(content: bytes) -> str:
    """Other encodings (Shift JIS, EUC-KR, KOI8 ...), as charset-normalizer judges them."""
    from charset_normalizer import from_bytes

    match = from_bytes(content).best()
    text = None if match is None else decoded_as(content, match.encoding)
    if text is None or _CONTROLS & set(text):
        raise CrossoverError(
            message("an encoding that cannot be recognised, or no text (save the file as UTF-8)")
        )
    return text.removeprefix("\ufeff")


def decoded_as(content: bytes, name: str) -> str | None:
    """The text in that encoding; None if it is not in it, or if the encoding is not known."""
    try:
        return content.decode(name)
    except (UnicodeDecodeError, LookupError):
        return None


def _share(text: str, is_usual: Callable[[str], bool]) -> float:
    """Share of characters outside ASCII that are usual."""
    others = [character for character in text if character > "\x7f"]
    return sum(map(is_usual, others)) / len(others) if others else 1.0


def _is_wide_punctuation(character: str) -> bool:
    return "\u3000" <= character <= "\u303f" or "\uff01" <= character <= "\uff5e" or character in _TYPOGRAPHIC


@lru_cache(maxsize=32_768)
def _is_usual_traditional(character: str) -> bool:
    """Whether it is one of the 5,401 characters of Big5's first level, or full-width punctuation."""
    code = character.encode("big5", "ignore")
    return (len(code) == 2 and 0xA4 <= code[0] <= 0xC6) or _is_wide_punctuation(character)


@lru_cache(maxsize=32_768)
def _is_usual_simplified(character: str) -> bool:
    """Whether it is one of the 3,755 characters of GB 2312's first level, or full-width punctuation."""
    code = character.encode("gb2312", "ignore")
    return (len(code) == 2 and 0xB0 <= code[0] <= 0xD7) or _is_wide_punctuation(character)


def _western_score(text: str) -> float:
    """Share of characters outside ASCII that are letters in a word, or typographic characters."""
    usual = others = 0
    for place, character in enumerate(text):
        if character <= "\x7f":
            continue
        others += 1
        if character.isalpha():
            before, after = text[place - 1 : place], text[place + 1 : place + 2]
            usual += (before.isascii() and before.isalpha()) or (after.isascii() and after.isalpha())
        else:
            usual += character in _TYPOGRAPHIC
    return usual / others if others else 1.0


def _both_scripts(text: str) -> float:
    return max(_share(text, _is_usual_traditional), _share(text, _is_usual_simplified))


_SCORES: Final[dict[str, Callable[[str], float]]] = {
    "cp950": lambda text: _share(text, _is_usual_traditional),
    "big5hkscs": lambda text: _share(text, _is_usual_traditional),
    "gb18030": _both_scripts,
    "cp1252": _western_score,
    "utf-16-le": _both_scripts,
    "utf-16-be": _both_scripts,
}
"""Encoding -> how usual the characters of a text are in it, 0 to 1; the first of equals is taken."""

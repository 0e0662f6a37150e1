"""The nearest known name of the same product: a typing error away, never another version or size."""

from __future__ import annotations

import re
from collections.abc import Iterable
from typing import Final

from i18n.message import Message, literal, message

from .sellers import seller_of

_KEYS: Final = ("qwertyuiop", "asdfghjkl", "zxcvbnm")
_SHORT: Final = 2
"""Longest word in which only a key near the right one is a typing error."""
_NEAR: Final = 2


def product_hint(written: str, ids: Iterable[str]) -> Message:
    """ "; did you mean 'x'?" with an id of the same product, or nothing."""
    return Products(ids).hint(written)


class Products:
    """Known ids, by what must be the same: their digits."""

    def __init__(self, ids: Iterable[str]) -> None:
        self._by_digits: dict[str, list[tuple[str, str, list[str]]]] = {}
        self._known_words: set[str] = set()
        for row_id in dict.fromkeys(ids):
            maker, name = _parts(row_id)
            words = _words(name)
            self._known_words.update(words)
            self._by_digits.setdefault(_digits(words), []).append((row_id, maker, words))

    def hint(self, written: str) -> Message:
        """As `product_hint`."""
        row_id = self.nearest(written)
        return literal("") if row_id is None else message("; did you mean '{id}'?", id=row_id)

    def nearest(self, written: str) -> str | None:
        """The id of the same product, of the same seller where one is written; None where no id is near."""
        head, slash, tail = written.lower().partition("/")
        readings = [("", _words(written.lower()))]
        if slash:
            readings.insert(0, (head, _words(tail)))
        for seller, words in readings:
            for row_id, maker, known in self._by_digits.get(_digits(words), []):
                if self._is_same(words, known) and (not seller or self._is_seller(seller, maker)):
                    return row_id
        return None

    def _is_seller(self, written: str, known: str) -> bool:
        owner = seller_of(written)
        return written == known or owner == known or (owner is None and _is_typing_error(written, known))

    def _is_same(self, written: list[str], known: list[str]) -> bool:
        if "".join(written) == "".join(known):
            return True
        if len(written) != len(known):
            return False
        rest = list(known)
        errors = []
        for word in written:
            if word in rest:
                rest.remove(word)
            else:
                errors.append(word)
        if len(errors) != 1:
            return not errors
        wrong, right = errors[0], rest[0]
        if wrong in self._known_words or _digits([wrong]) != _digits([right]):
            return False
        return _is_typing_error(_letters(wrong), _letters(right))


def _parts(row_id: str) -> tuple[str, str]:
    maker, slash, name = row_id.lower().partition("/")
    return (maker, name) if slash else ("", maker)


def _words(name: str) -> list[str]:
    return re.findall(r"[^\W_]+", name)


def _digits(words: Iterable[str]) -> str:
    return re.sub(r"\D", "", "".join(words))


def _letters(word: str) -> str:
    return re.sub(r"\d", "", word)


def _is_typing_error(written: str, right: str) -> bool:
    """One letter too many, missing, wrong or swapped with the next; in short words a key near it."""
    if min(len(written), len(right)) <= _SHORT:
        return len(written) == len(right) == 1 and any(
            written in row and right in row and abs(row.index(written) - row.index(right)) <= _NEAR
            for row in _KEYS
        )
    if abs(len(written) - len(right)) > 1:
        return False
    start = 0
    while start < min(len(written), len(right)) and written[start] == right[start]:
        start += 1
    a, b = written[start:], right[start:]
    return a[1:] == b[1:] or a[1:] == b or a == b[1:] or (a[:2] == b[1::-1] and a[2:] == b[2:])

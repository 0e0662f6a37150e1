"""Large numbers as readers of a language write them: 24.2 M, 2,420 萬."""

from __future__ import annotations

from dataclasses import dataclass
from typing import Final

from .message import N_, Message, Translate, figure, plain

SCALES: Final = N_("1e3 K, 1e6 M, 1e9 B")
"""Scales with their words, smallest first; a translation has those of its language: 1e4 萬, 1e8 億."""
DIGITS: Final = 3


def scales_of(translate: Translate = plain) -> list[tuple[float, str]]:
    """(size, word) of each scale of a language, smallest first."""
    return [(float(size), word) for size, word in (part.split() for part in translate(SCALES).split(", "))]


def scaled(value: float, translate: Translate = plain, digits: int = DIGITS) -> str:
    """The number with `digits` significant digits in the largest scale below it.

    >>> scaled(24_188_611)
    '24.2 M'
    >>> scaled(999.6e6)
    '1 B'
    >>> scaled(750)
    '750'
    """
    rounded = float(f"{value:.{digits}g}")
    for size, word in reversed(scales_of(translate)):
        if abs(rounded) >= size:
            return f"{figure(rounded / size, digits)} {word}"
    return figure(rounded, digits)


@dataclass(frozen=True, slots=True)
class LargeNumber(Message):
    """A number of a Message, written in the scales of the language."""

    value: float = 0.0

    def render(self, translate: Translate = plain) -> str:
        return scaled(self.value, translate)


def large(value: float) -> LargeNumber:
    """A number as a part of a Message."""
    return LargeNumber("", value=value)

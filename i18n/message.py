"""A sentence that can be shown in any language: a template and the values that go into it."""

from __future__ import annotations

import string
from collections.abc import Sequence
from dataclasses import dataclass
from gettext import NullTranslations
from typing import Any, Final


@dataclass(frozen=True, slots=True)
class Translate:
    """Translates from English by a gettext catalogue; a text without a translation stays English."""

    catalogue: NullTranslations

    def __call__(self, text: str) -> str:
        return self.catalogue.gettext(text)

    def plural(self, singular: str, plural: str, n: int) -> str:
        """The form for `n` things, by the plural rule of the language."""
        return self.catalogue.ngettext(singular, plural, n)


plain: Final = Translate(NullTranslations())
"""The English text, unchanged."""


def N_(text: str) -> str:
    """Mark a text for the translation catalogue without translating it here."""
    return text


def figure(value: float, digits: int = 6) -> str:
    """A number with `digits` significant digits, never with an exponent: 2,000,000, not 2e+06."""
    short = f"{value:,.{digits}g}"
    if "e" not in short:
        return short
    rounded = float(f"{value:.{digits}g}")
    if abs(rounded) >= 1:
        return f"{rounded:,.0f}"
    zeros = -int(short.partition("e")[2])
    return f"{rounded:.{zeros + digits - 1}f}".rstrip("0")


_HALF_A_PERCENT: Final = 0.005


class _Spelled(string.Formatter):
    """Like `str.format`, but a format of significant digits ("{usd:,.6g}") never gives an exponent.

    A share that whole percents would round to nothing ("{share:.0%}") shows its first digit: 0.2%.
    """

    def format_field(self, value: Any, format_spec: str) -> str:
        if format_spec.startswith(",.") and format_spec.endswith("g"):
            return figure(float(value), int(format_spec[2:-1]))
        if format_spec == ".0%" and 0 < abs(value) <= _HALF_A_PERCENT:
            return f"{figure(float(value) * 100, 1)}%"
        return str(super().format_field(value, format_spec))


_SPELLED: Final = _Spelled()


def filled(template: str, **values: object) -> str:
    """The template with its values, numbers without exponents."""
    spelled = "g}" in template or ":.0%}" in template
    return _SPELLED.format(template, **values) if spelled else template.format(**values)


@dataclass(frozen=True, slots=True)
class Message:
    """An English template and its values; `str()` is English, `render` any language.

    A value may itself be a Message, which is rendered in the same language, or a number with a
    format in the template ("{usd:,.2f}").
    """

    template: str
    values: tuple[tuple[str, object], ...] = ()
    plural: str = ""
    """Template for other numbers of `n` than one; "" if the sentence counts nothing."""
    n: int = 1

    def render(self, translate: Translate = plain) -> str:
        if not self.template:
            return ""
        values = {
            name: value.render(translate) if isinstance(value, Message) else value
            for name, value in self.values
        }
        if self.plural:
            return filled(translate.plural(self.template, self.plural, self.n), **values)
        return filled(translate(self.template), **values)

    def __str__(self) -> str:
        return self.render()


def message(template: str, /, **values: object) -> Message:
    """A Message; the template is collected into the translation catalogue by this name."""
    return Message(template, tuple(values.items()))


def counted(singular: str, plural: str, n: int, /, **values: object) -> Message:
    """A Message that counts: `singular` for one, `plural` for other numbers, with "{n}" in the text."""
    return Message(singular, (("n", n), *values.items()), plural, n)


def literal(text: str) -> Message:
    """A Message that is the same in every language: a name, an id, a user's own words."""
    return Message("{text}", (("text", text),))


def listed(parts: Sequence[Message], separator: Message | None = None) -> Message:
    """Messages joined with semicolons, or by a template of `first` and `second`; `Message("")` for none."""
    joined = parts[0] if parts else Message("")
    template = separator or message("{first}; {second}")
    for part in parts[1:]:
        joined = Message(template.template, (("first", joined), ("second", part)))
    return joined


COMMA: Final = message("{first}, {second}")
"""Separator of `listed` for names."""

"""Large numbers in the scales of a language."""

from __future__ import annotations

import pytest

from i18n.large_number import large, scaled
from i18n.message import message
from i18n.translation import translation

ENGLISH, CHINESE = translation("en"), translation("zh_TW")


@pytest.mark.parametrize(
    ("value", "english", "chinese"),
    [
        (0, "0", "0"),
        (999, "999", "999"),
        (999.6, "1 K", "1,000"),
        (9_999.9, "10 K", "1 萬"),
        (24_188_611, "24.2 M", "2,420 萬"),
        (99_960_000, "100 M", "1 億"),
        (684_700_000, "685 M", "6.85 億"),
        (-25e6, "-25 M", "-2,500 萬"),
    ],
)
def test_a_number_is_written_in_the_scale_below_it(value: float, english: str, chinese: str) -> None:
    assert (scaled(value, ENGLISH), scaled(value, CHINESE)) == (english, chinese)


def test_a_message_renders_it_in_its_own_language() -> None:
    sentence = message("{volume}", volume=large(25e6))
    assert (str(sentence), sentence.render(CHINESE)) == ("25 M", "2,500 萬")

"""Words of the private language do not come back into names, prose and texts of the screen."""

from __future__ import annotations

import pytest

from tools import plain_words
from tools.plain_words import Place, places_in_markdown, places_in_python, screen_words, words_of

MODULE = '''"""Of the lines."""


class Lot:
    stroke_id = 1  # laid by hand


def total(found: int, standalone: int) -> int:
    """So many as were found."""
    print("one here said, so many")
    return message("{n} in all", one=found + standalone)
'''


def test_no_listed_word_is_used() -> None:
    used = [f"{place.path}:{place.line}: {place.word}" for place in plain_words.places()]
    assert used == [], "run `python -m tools.plain_words` to see what to write"


def test_names_docstrings_and_comments_are_read_and_messages_are_not() -> None:
    assert [(place.line, place.kind, place.word) for place in places_in_python("bench/lines.py", MODULE)] == [
        (1, "prose", "Of"),
        (4, "name", "lot"),
        (4, "class", "Lot"),
        (9, "prose", "so many"),
        (5, "part", "stroke"),
        (8, "name", "found"),
        (11, "name", "one"),
        (11, "name", "found"),
        (5, "prose", "laid"),
    ]


def test_a_word_inside_another_word_is_no_use_of_it() -> None:
    assert list(places_in_python("bench/b.py", "standalone = foundation = phone = 1\n")) == []
    assert words_of("KnowingRow") == ["knowing", "row"]
    assert words_of("_p95_TTFT_ms") == ["p", "95", "ttft", "ms"]


def test_only_the_headings_of_the_changelog_are_read() -> None:
    text = "# A scene\n\nThe scene is laid.\n"
    assert [place.word for place in places_in_markdown("CHANGELOG.md", text)] == ["scene"]
    assert [place.word for place in places_in_markdown("docs/a.md", text)] == ["scene", "laid", "scene"]


def test_every_entry_says_what_to_write_instead() -> None:
    for kind, words in (
        ("name", plain_words.NAMES),
        ("part", plain_words.NAME_PARTS),
        ("class", plain_words.CLASSES),
        ("prose", [phrase.name for phrase in plain_words.PHRASES]),
    ):
        for word in words:
            assert Place("bench/a.py", 1, kind, word).instead


@pytest.mark.parametrize(
    ("text", "phrase"),
    [
        ("{amount} {currency} a month", "a month"),
        ("Requests a day in it", "a month"),
        ("{usd} USD a request", "a request"),
        ("{first} is dearer", "dearer"),
        ("Draws", "draws"),
        ("put in your own", "put in"),
        ("How sure is it?", "how sure"),
        ("Uptime (share)", "(share)"),
        ("no driver '{name}'", "driver"),
    ],
)
def test_an_old_word_of_the_screen_is_recognised(text: str, phrase: str) -> None:
    assert screen_words(text) == [phrase]


@pytest.mark.parametrize(
    "text", ["answered within a day", "cost of a request", "{draws:,} simulations", "{driver}"]
)
def test_plain_english_of_the_screen_is_allowed(text: str) -> None:
    assert screen_words(text) == []

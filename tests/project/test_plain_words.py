"""Words of the private language do not come back into names and prose."""

from __future__ import annotations

from tools import plain_words
from tools.plain_words import Place, counts, grown, lowered, places_in_markdown, places_in_python, words_of

MODULE = '''"""Of the lines."""


class Lot:
    stroke_id = 1  # laid by hand


def total(found: int, standalone: int) -> int:
    """So many as were found."""
    print("one here said, so many")
    return found + standalone
'''


def test_no_listed_word_is_used_more_often_than_before() -> None:
    too_many = grown(counts(plain_words.places()), plain_words.stored_counts())
    assert too_many == [], "run `python -m tools.plain_words` to see each place and what to write"


def test_names_docstrings_and_comments_are_read_and_messages_are_not() -> None:
    assert [(place.line, place.kind, place.word) for place in places_in_python("bench/lines.py", MODULE)] == [
        (1, "prose", "Of"),
        (4, "name", "lot"),
        (4, "class", "Lot"),
        (9, "prose", "so many"),
        (5, "part", "stroke"),
        (8, "name", "found"),
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


def test_a_count_may_fall_and_not_grow() -> None:
    stored = {"bench": {"name found": 2, "name one": 1}}
    assert grown({"bench": {"name found": 2}}, stored) == []
    assert grown({"bench": {"name found": 3}}, stored) == [("bench", "name found")]
    assert grown({"perf": {"name found": 1}}, stored) == [("perf", "name found")]
    assert lowered({"bench": {"name found": 1, "name said": 4}}, stored) == {"bench": {"name found": 1}}


def test_every_entry_says_what_to_write_instead() -> None:
    for kind, words in (
        ("name", plain_words.NAMES),
        ("part", plain_words.NAME_PARTS),
        ("class", plain_words.CLASSES),
        ("prose", [phrase.name for phrase in plain_words.PHRASES]),
    ):
        for word in words:
            assert Place("bench/a.py", 1, kind, word).instead

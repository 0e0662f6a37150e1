"""The entry of the tokens page in storage and links: texts are stored, and links have none."""

from __future__ import annotations

import base64
import math
import zlib
from typing import Any

import pytest

from costing.scenario.packed_link import packed
from costing.scenario.scenario import Part
from dashboard.tokens.page_state import PromptEntry
from dashboard.tokens.saved_entry import document_of, entry_of, link_of, omission, with_link
from i18n.errors import CrossoverError

SECRET = "Our margin on tents is 41 percent."
ENTRY = PromptEntry(
    texts={"instruction": SECRET, "tools": "[]"},
    stated={"question": Part(tokens=12)},
    calls_per_day=50_000.0,
    cached_percent=40.0,
    models=("openai/gpt-4.1", "openai/gpt-4.1-mini"),
)


def unpacked_text(word: str) -> str:
    return zlib.decompress(base64.urlsafe_b64decode(word + "=" * (-len(word) % 4))).decode()


def test_an_entry_reads_back_equal_with_its_texts() -> None:
    assert entry_of(document_of(ENTRY)) == ENTRY


def test_a_link_has_the_settings_and_no_text() -> None:
    opened = with_link(link_of(ENTRY), PromptEntry())
    assert (opened.calls_per_day, opened.cached_percent, opened.models) == (50_000, 40, ENTRY.models)
    assert (opened.texts, opened.stated) == ({}, {})
    assert "margin" not in unpacked_text(link_of(ENTRY))
    assert "not its prompt" in omission(ENTRY)


def test_a_link_keeps_the_prompt_that_is_already_there() -> None:
    mine = PromptEntry(texts={"instruction": "mine"})
    assert with_link(link_of(ENTRY), mine).texts == {"instruction": "mine"}


def test_settings_that_nobody_changed_have_no_word() -> None:
    assert link_of(PromptEntry(texts={"instruction": SECRET})) == ""
    assert omission(PromptEntry(cached_percent=40.0)) == ""


@pytest.mark.parametrize(
    ("values", "named"),
    [
        ({"calls_per_day": 0}, "calls_per_day"),
        ({"calls_per_day": math.inf}, "calls_per_day"),
        ({"cached_percent": 101}, "cached_percent"),
        ({"answer_tokens": 1.5}, "answer_tokens"),
        ({"image_detail": "sharp"}, "image_detail"),
        ({"texts": {"prompt": "x"}}, "texts.prompt"),
        ({"stated": {"question": {"tokens": "many"}}}, "stated.question.tokens"),
        ({"colour": 1}, "colour"),
    ],
)
def test_values_that_are_not_valid_are_named(values: dict[str, Any], named: str) -> None:
    with pytest.raises(CrossoverError, match=named):
        entry_of({**document_of(ENTRY), **values})


def test_a_link_with_a_bad_setting_is_one_sentence() -> None:
    with pytest.raises(CrossoverError) as caught:
        with_link(packed({"calls_per_day": 0, "cached_percent": 200}, 1), PromptEntry())
    assert len(caught.value.errors) == 1
    assert str(caught.value).startswith("The settings in this link cannot be used: ")

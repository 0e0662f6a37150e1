"""Texts of JSONL records."""

from __future__ import annotations

import json

import pytest

from costing.tokenization.documents import text_of
from i18n.errors import CrossoverError


def refusal(name: str, content: bytes) -> str:
    with pytest.raises(CrossoverError) as error:
        text_of(name, content)
    (line,) = str(error.value).splitlines()
    return line


def test_of_a_chat_only_what_is_said_is_text() -> None:
    record = {
        "messages": [
            {"role": "system", "content": "Be brief."},
            {"role": "user", "content": "Hello"},
            {"role": "assistant", "content": None},
        ],
        "id": "abc",
    }
    line = json.dumps(record).encode()
    assert text_of("chat.jsonl", line + b"\n" + line) == "Be brief.\nHello\nBe brief.\nHello"


def test_of_another_record_every_text_is_text_and_no_key_or_number() -> None:
    line = json.dumps({"prompt": "One", "more": {"list": ["Two", 3, None, True]}, "completion": "Four"})
    assert text_of("a.JSONL", line.encode()) == "One\nTwo\nFour"


def test_blank_lines_between_records_are_no_error() -> None:
    assert text_of("a.jsonl", b'"a"\n\n  \r\n"b"\n') == "a\nb"


@pytest.mark.parametrize("bad", ["{", "{'a': 1}", "hello", '{"a": 1} {"b": 2}', "[" * 100_000])
def test_a_line_that_is_not_json_is_refused_with_its_number(bad: str) -> None:
    assert refusal("a.jsonl", f'{{"a": "x"}}\n\n{bad}\n'.encode()) == (
        "line 3: not JSON (write one JSON object a line)"
    )


def test_the_name_says_whether_it_is_jsonl() -> None:
    assert text_of("a.txt", b"not json") == "not json"
    assert text_of("a.json", b"not json") == "not json"


def test_content_in_parts_counts_its_texts_alone() -> None:
    line = b'{"messages": [{"role": "user", "content": [{"type": "text", "text": "hi"}]}]}'
    assert text_of("chat.jsonl", line) == "hi"

"""A user's file becomes text, or a one-line error."""

from __future__ import annotations

import json

import pytest

from costing.tokenization.text_files import MAX_BYTES, text_of
from i18n.errors import CrossoverError


def refusal(name: str, content: bytes) -> str:
    with pytest.raises(CrossoverError) as error:
        text_of(name, content)
    (line,) = str(error.value).splitlines()
    return line


def test_plain_text_is_itself() -> None:
    assert text_of("a.md", "# Größe\r\n你好".encode()) == "# Größe\r\n你好"


def test_a_byte_order_mark_is_no_part_of_the_text() -> None:
    assert text_of("a.txt", "hello".encode("utf-8-sig")) == "hello"


def test_an_empty_file_is_an_empty_text() -> None:
    assert text_of("a.txt", b"") == ""
    assert text_of("a.jsonl", b"\n \n") == ""


@pytest.mark.parametrize("content", [b"\x7fELF\x02\x01\x01\0\0", b"PK\x03\x04\0", b"text\0"])
def test_a_binary_file_is_refused(content: bytes) -> None:
    assert refusal("a.txt", content) == "a binary file, not text (save it as UTF-8 text)"


def test_bytes_that_are_not_utf_8_are_refused_with_their_line() -> None:
    assert refusal("a.txt", "one\ntwo\nZürich".encode("latin-1")) == (
        "line 3: not UTF-8 text (save the file as UTF-8)"
    )


def test_a_file_longer_than_any_window_is_refused() -> None:
    assert MAX_BYTES == 20_000_000
    assert refusal("a.txt", b"a" * 20_100_000) == (
        "20.1 MB, more than 20 MB (longer than any model's window: shorten it)"
    )


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

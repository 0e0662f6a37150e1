"""A fine-tuning file is checked line by line: every error is named with its place and what to do."""

from __future__ import annotations

import io
import json
import tracemalloc
from collections.abc import Iterator
from typing import Any

import pytest
from hypothesis import given
from hypothesis import strategies as st

from costing.fine_tuning.training_file import MAX_KEPT, Example, TrainingFile, examples, kind_of
from i18n.message import message

SYSTEM = {"role": "system", "content": "Be brief."}
USER = {"role": "user", "content": "Hello?"}
ANSWER = {"role": "assistant", "content": "Hello."}
CALL = {"id": "c1", "type": "function", "function": {"name": "look", "arguments": '{"day": 1}'}}


def chat(*messages: Any, **more: Any) -> dict[str, Any]:
    return {"messages": list(messages), **more}


def good(number: int) -> dict[str, Any]:
    return chat(SYSTEM, {"role": "user", "content": f"Question {number}?"}, ANSWER)


def read(content: bytes) -> tuple[TrainingFile, list[Example]]:
    file = TrainingFile("a.jsonl")
    return file, list(examples(io.BytesIO(content), file))


def of(*records: Any) -> tuple[TrainingFile, list[Example]]:
    """A file of ten valid examples followed by `records`."""
    listed = [*(good(n) for n in range(10)), *records]
    return read("".join(json.dumps(record, ensure_ascii=False) + "\n" for record in listed).encode())


def findings(*records: Any, warnings: bool = False) -> list[str]:
    file, _ = of(*records)
    return [str(file.located(finding)) for finding in file.kept if finding.is_warning == warnings]


def test_a_good_file_has_nothing_to_say() -> None:
    file, listed = of(chat(USER, {**ANSWER, "weight": 1}), chat(USER, ANSWER, USER, ANSWER))
    assert (file.kept, file.examples, file.faulty_lines, len(listed)) == ([], 12, 0, 12)
    assert [example.line for example in listed] == list(range(1, 13))


FAULTS: list[tuple[Any, str]] = [
    ([1], 'not a JSON object (write {"messages": [...]})'),
    ({}, 'neither messages nor prompt and completion (write {"messages": [...]})'),
    ({"contents": []}, "'contents' is Gemini's own form (write {\"messages\": [...]})"),
    ({"messages": {}}, "messages: not a list (write [...])"),
    ({"messages": []}, "messages: none (add a user's and an assistant's message)"),
    (chat("hi", ANSWER), "messages[1]: not a message (write an object with role and content)"),
    (chat({"content": "x"}, ANSWER), "messages[1]: no role (add system, user or assistant)"),
    (
        chat({"role": "bot", "content": "x"}, ANSWER),
        "messages[1]: 'bot' is no role (one of system, developer, user, assistant, tool, function)",
    ),
    (chat({"role": "user"}, ANSWER), "messages[1]: no content (add what is said)"),
    (
        chat({"role": "user", "content": " \n"}, ANSWER),
        "messages[1]: nothing but blanks in content (add what is said)",
    ),
    (chat({"role": "user", "content": 5}, ANSWER), "messages[1]: content: not text (put it in quotes)"),
    (chat({**USER, "time": 1}, ANSWER), "messages[1]: unknown field 'time' (remove it)"),
    (chat({**USER, "name": 1}, ANSWER), "messages[1]: name: not text (put it in quotes)"),
    (chat(SYSTEM, USER), "no assistant's message (add the answer to learn)"),
    (chat(USER, ANSWER, USER), "the last message is not the assistant's (end with the answer to learn)"),
    (chat(USER, {**ANSWER, "weight": 0.5}), "messages[2]: weight 0.5 (write 0 or 1)"),
    (chat(USER, {**ANSWER, "weight": True}), "messages[2]: weight True (write 0 or 1)"),
    (
        chat({**USER, "weight": 1}, ANSWER),
        "messages[1]: a weight on a message that is not the assistant's (remove it)",
    ),
    (
        chat(USER, {**ANSWER, "weight": 0}),
        "every assistant's message has weight 0 (give one weight 1)",
    ),
    (
        chat(USER, {"role": "assistant", "tool_calls": "x"}),
        "messages[2]: tool_calls: not a list of calls (write [...] or remove it)",
    ),
    (
        chat(USER, {"role": "assistant", "tool_calls": [{"function": {"name": "f", "arguments": "{}"}}]}),
        "messages[2]: tool_calls[1]: no id (add one)",
    ),
    (
        chat(USER, {"role": "assistant", "tool_calls": [{"id": "x", "function": {"arguments": "{}"}}]}),
        "messages[2]: tool_calls[1]: not a function (write its name and arguments)",
    ),
    (
        chat(
            USER,
            {"role": "assistant", "tool_calls": [{"id": "x", "function": {"name": "f", "arguments": {}}}]},
        ),
        "messages[2]: tool_calls[1]: arguments: not text (write the JSON in quotes)",
    ),
    (
        chat(USER, {"role": "assistant", "function_call": {"name": "f", "arguments": "{"}}),
        "messages[2]: function_call: arguments: not JSON (write them as JSON in quotes)",
    ),
    (
        chat({**USER, "tool_calls": [CALL]}, ANSWER),
        "messages[1]: tool_calls on a message that is not the assistant's (remove them)",
    ),
    (
        chat(USER, {"role": "tool", "content": "4"}, ANSWER),
        "messages[2]: a tool's message without tool_call_id (say which call it answers)",
    ),
    (
        chat(USER, {"role": "tool", "tool_call_id": "c9", "content": "4"}, ANSWER),
        "messages[2]: no call before it has the id 'c9' (put the call first)",
    ),
    (
        chat(USER, {"role": "function", "content": "4"}, ANSWER),
        "messages[2]: a function's message without name (say which function answers)",
    ),
    (chat(USER, ANSWER, tools={}), "tools: not a list (write [...])"),
    (
        chat(USER, ANSWER, tools=[{"type": "function"}]),
        "tools[1]: not a function (write its name and parameters)",
    ),
    (
        chat(USER, ANSWER, functions=[{"name": "f", "parameters": 1}]),
        "functions[1]: parameters: not an object",
    ),
    (chat(USER, ANSWER, split="train"), "unknown field 'split' (remove it)"),
    (
        chat({"role": "user", "content": [{"type": "image_url", "image_url": {"url": "x"}}]}, ANSWER),
        'messages[1]: content[1]: image_url: no address of an image (write {"url": "https://..."}, or a data '
        "URL)",
    ),
    (
        chat({"role": "user", "content": [{"type": "text"}]}, ANSWER),
        'messages[1]: content[1]: no part of type text (write {"type": "text", "text": ...})',
    ),
    (
        {"prompt": "a", "completion": "b"},
        "prompt and completion in a file of messages (use one form throughout)",
    ),
]


@pytest.mark.parametrize(("record", "error"), FAULTS, ids=[error[:50] for _, error in FAULTS])
def test_each_kind_of_error_is_named_with_its_line(record: Any, error: str) -> None:
    assert findings(record) == [f"a.jsonl:11: {error}"]
    _, listed = of(record)
    assert len(listed) == 10  # it is not trained on


def test_every_error_of_a_line_is_listed() -> None:
    record = chat({"role": "bot", "content": ""}, {"role": "user"}, {**ANSWER, "weight": 2})
    assert len(findings(record)) == 4


def asks(*ids: str) -> dict[str, Any]:
    return {"role": "assistant", "content": None, "tool_calls": [{**CALL, "id": id_} for id_ in ids]}


def result(id_: str) -> dict[str, Any]:
    return {"role": "tool", "tool_call_id": id_, "content": "rain"}


NOBODY = "no tool message answers the call '{}' (put one with this tool_call_id right after it)"
NOT_OPEN = (
    "the call '{}' has a result already, or is not directly before it (put each result right after its call)"
)


@pytest.mark.parametrize(
    ("messages", "errors"),
    [
        # An answer instead of the result, as Foundry refused it without saying where.
        ([USER, asks("a"), ANSWER], [f"messages[2]: {NOBODY.format('a')}"]),
        ([USER, asks("a"), USER, ANSWER], [f"messages[2]: {NOBODY.format('a')}"]),
        # One of two parallel calls is left without a result.
        ([USER, asks("a", "b"), result("b"), ANSWER], [f"messages[2]: {NOBODY.format('a')}"]),
        (
            [USER, asks("a", "b"), ANSWER],
            [f"messages[2]: {NOBODY.format('a')}", f"messages[2]: {NOBODY.format('b')}"],
        ),
        # A result too late, and one given twice.
        (
            [USER, asks("a"), ANSWER, result("a"), ANSWER],
            [f"messages[2]: {NOBODY.format('a')}", f"messages[4]: {NOT_OPEN.format('a')}"],
        ),
        ([USER, asks("a"), result("a"), result("a"), ANSWER], [f"messages[4]: {NOT_OPEN.format('a')}"]),
        # Right: both in any order; an id that a later turn uses again; a call as the last message.
        ([USER, asks("a", "b"), result("b"), result("a"), ANSWER], []),
        ([USER, asks("a"), result("a"), asks("a"), result("a"), ANSWER], []),
        ([USER, asks("a")], []),
    ],
)
def test_every_tool_call_has_its_result_right_after_it(messages: list[Any], errors: list[str]) -> None:
    assert findings(chat(*messages)) == [f"a.jsonl:11: {error}" for error in errors]


def test_tools_and_their_answers_are_taken() -> None:
    call_message = {"role": "assistant", "content": None, "tool_calls": [CALL]}
    tool_message = {"role": "tool", "tool_call_id": "c1", "content": "rain"}
    tools = [{"type": "function", "function": {"name": "look", "parameters": {"type": "object"}}}]
    assert findings(chat(USER, call_message, tool_message, ANSWER, tools=tools)) == []
    parts = {"role": "user", "content": [{"type": "text", "text": "Hello"}]}
    assert findings(chat(parts, ANSWER)) == []


@pytest.mark.parametrize(
    ("line", "error"),
    [
        (b"broken", "not JSON at character 1 (write one JSON object a line)"),
        (b'{"messages": [}', "not JSON at character 15 (write one JSON object a line)"),
        (b"[", "a JSON list (write one JSON object a line, without a list around them)"),
        (b'{"prompt": "\xff"}', "not UTF-8 at byte 13 (save the file as UTF-8)"),
        (b'{"prompt": "a\0"}', "not JSON at character 14 (write one JSON object a line)"),
        (b"[" * 100_000, "not JSON that can be read (write one JSON object a line)"),
        (b"9" * 5_000, "not JSON that can be read (write one JSON object a line)"),
    ],
)
def test_a_line_that_is_no_json_or_no_utf8_says_where(line: bytes, error: str) -> None:
    file, _ = read(line + b"\n")
    assert str(file.located(file.kept[0])) == f"a.jsonl:1: {error}"


@pytest.mark.parametrize(
    ("record", "error"),
    [
        ({"prompt": "a"}, "no completion (add it)"),
        ({"completion": "a"}, "no prompt (add it)"),
        ({"prompt": ["a"], "completion": "b"}, "prompt: not text (put it in quotes)"),
        (
            {"prompt": "a", "completion": " "},
            "completion: nothing in it (write what the model should answer)",
        ),
        (chat(USER, ANSWER), "messages in a file of prompts and completions (use one form throughout)"),
    ],
)
def test_errors_of_prompts_and_completions(record: Any, error: str) -> None:
    lines = [{"prompt": f"p{n}", "completion": "c"} for n in range(10)] + [record]
    file, listed = read("\n".join(map(json.dumps, lines)).encode())
    assert [str(file.located(finding)) for finding in file.kept if not finding.is_warning] == [
        f"a.jsonl:11: {error}"
    ]
    assert listed[0].messages == ({"role": "user", "content": "p0"}, {"role": "assistant", "content": "c"})


def test_a_byte_order_mark_blank_lines_and_doubles_are_warned_of_and_counted_all_the_same() -> None:
    first = json.dumps(good(0))
    turned = json.dumps({"messages": [dict(reversed(list(m.items()))) for m in good(0)["messages"]]})
    lines = [first, "", *(json.dumps(good(n)) for n in range(1, 10)), turned]
    file, listed = read(b"\xef\xbb\xbf" + "\r\n".join(lines).encode())
    assert [str(file.located(finding)) for finding in file.kept] == [
        "a.jsonl:1: begins with a byte order mark (save as UTF-8 without it)",
        "a.jsonl:2: a blank line (remove it)",
        "a.jsonl:12: the same example as line 1 (remove one)",
    ]
    assert (file.errors, file.warnings, len(listed)) == (0, 3, 11)


def test_a_file_in_utf16_is_one_error() -> None:
    file, _ = read("\n".join(json.dumps(good(n)) for n in range(20)).encode("utf-16"))
    assert [str(file.located(finding)) for finding in file.kept] == [
        "a.jsonl: UTF-16 or UTF-32 text (save the file as UTF-8)"
    ]


@pytest.mark.parametrize("encoding", ["utf-16-le", "utf-16-be", "utf-32-le", "utf-32-be", "utf-32"])
def test_a_wide_encoding_is_one_error_with_or_without_its_mark(encoding: str) -> None:
    file, _ = read("\n".join(json.dumps(good(n)) for n in range(20)).encode(encoding))
    assert [str(file.located(finding)) for finding in file.kept] == [
        "a.jsonl: UTF-16 or UTF-32 text (save the file as UTF-8)"
    ]


LIST = "a JSON list (write one JSON object a line, without a list around them)"
ONE_OBJECT = "a JSON object over several lines (write each object on one line)"


@pytest.mark.parametrize(
    ("content", "error"),
    [
        (json.dumps([good(n) for n in range(12)]), f"1: {LIST}"),
        (json.dumps([good(n) for n in range(12)], indent=2), f"1: {LIST}"),
        ("[\n" + ",\n".join(json.dumps(good(n)) for n in range(12)) + "\n]", f"1: {LIST}"),
        ("[" + ",\n".join(json.dumps(good(n)) for n in range(12)) + "]", f"1: {LIST}"),
        ("[]", f"1: {LIST}"),
        ("\n".join(json.dumps(good(n), indent=2) for n in range(12)), f"1: {ONE_OBJECT}"),
    ],
)
def test_a_file_that_is_not_one_object_a_line_is_one_error(content: str, error: str) -> None:
    file, listed = read(content.encode())
    assert [str(file.located(finding)) for finding in file.kept] == [f"a.jsonl:{error}"]
    assert listed == []


def test_an_empty_file_and_too_few_examples_are_errors_of_the_file() -> None:
    assert str(read(b"")[0].as_error(9)) == (
        "a.jsonl: an empty file (choose one with an example on each line)"
    )
    nine = "\n".join(json.dumps(good(n)) for n in range(9)).encode()
    assert str(read(nine)[0].as_error(9)) == (
        "a.jsonl: 9 examples that can be trained on; OpenAI asks for 10 (add more)"
    )


def test_errors_beyond_those_kept_are_counted() -> None:
    file, _ = read(b"x\n" * (MAX_KEPT + 500))
    assert (len(file.kept), file.errors) == (MAX_KEPT, MAX_KEPT + 501)
    lines = str(file.as_error(3)).splitlines()
    assert len(lines) == 4
    assert lines[-1] == f"and {MAX_KEPT + 498:,} more faults"


def test_a_line_without_end_is_one_error_and_the_next_line_is_read(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr("costing.fine_tuning.training_file.MAX_LINE_BYTES", 200)
    content = b"x" * 1000 + b"\n" + "".join(json.dumps(good(n)) + "\n" for n in range(10)).encode()
    file, listed = read(content)
    assert [str(file.located(finding)) for finding in file.kept] == [
        "a.jsonl:1: a line of more than 200 bytes (break it up)"
    ]
    assert (len(listed), listed[0].line, file.bytes) == (10, 2, len(content))


def test_doubles_are_not_looked_for_without_end(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr("costing.fine_tuning.training_file.MAX_REMEMBERED", 5)
    file, _ = of(good(0), good(9))
    assert file.warnings == 1
    assert not file.doubles_looked_for


class BufferedLines(io.BytesIO):
    """A stream of lines that are generated while they are read."""

    def __init__(self, lines: Iterator[bytes]) -> None:
        super().__init__()
        self._lines = lines

    def readline(self, size: int | None = -1, /) -> bytes:
        return next(self._lines, b"")


def test_a_hundred_thousand_lines_are_read_in_bounded_memory() -> None:
    filler = "tell me " * 60  # half a kilobyte a line: 50 MB in all
    lines = (
        (json.dumps(chat(USER, {**ANSWER, "content": f"{filler}{n}"})) + "\n").encode()
        for n in range(100_000)
    )
    file = TrainingFile("a.jsonl")
    tracemalloc.start()
    number = sum(1 for _ in examples(BufferedLines(lines), file))
    _, peak = tracemalloc.get_traced_memory()
    tracemalloc.stop()
    assert (number, file.kept) == (100_000, [])
    assert file.bytes > 50_000_000
    assert peak < 25_000_000


def test_the_kind_of_a_finding_is_its_innermost_words() -> None:
    what = message("messages[{n}]: {what}", n=3, what=message("no content (add what is said)"))
    assert kind_of(what) == "no content (add what is said)"


json_values = st.recursive(
    st.none() | st.booleans() | st.integers() | st.floats() | st.text(max_size=8),
    lambda inner: (
        st.lists(inner, max_size=4)
        | st.dictionaries(
            st.sampled_from(
                "messages role content weight name tool_calls function_call tools functions id function "
                "arguments tool_call_id prompt completion parameters x".split()
            ),
            inner | st.sampled_from(("assistant", "user", "tool")),
            max_size=5,
        )
    ),
    max_leaves=25,
)


@given(json_values)
def test_whatever_is_on_a_line_is_an_example_or_an_error(record: Any) -> None:
    file, listed = read(json.dumps({"messages": record}).encode())
    assert file.examples == len(listed) == 1 - file.faulty_lines
    again, _ = read(json.dumps(record).encode())
    assert again.examples + again.faulty_lines == 1


@given(st.binary(max_size=200))
def test_no_bytes_stop_the_reader(content: bytes) -> None:
    file, _ = read(content)
    assert file.errors

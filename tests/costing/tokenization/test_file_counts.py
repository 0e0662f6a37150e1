"""Files of any size and kind are counted in blocks, as if they were read whole."""

from __future__ import annotations

import io
import itertools
import json
import random
from dataclasses import replace
from pathlib import Path
from typing import Any

import pytest
from hypothesis import example, given
from hypothesis import strategies as st

from costing.tokenization import file_blocks as token_blocks
from costing.tokenization import file_counts as token_files
from costing.tokenization.bulk import OPENAI
from costing.tokenization.chat_format import chat_tokens
from costing.tokenization.file_blocks import Settings, blocks_of, count_block
from costing.tokenization.file_counts import count_files
from costing.tokenization.tokens import exact_tokens
from tests.support.paths import GOLDEN

from ...support.factories import estimated_tokenizer, frozen_prices

O200K = frozen_prices().tokenizer("o200k_base")
CL100K = frozen_prices().tokenizer("cl100k_base")

ALPHABET = "ab Z1'.,!?/\n\r\t  中文，。é\u0301😀\u3000s"


def written(path: Path, *records: Any) -> str:
    path.write_text("".join(json.dumps(r, ensure_ascii=False) + "\n" for r in records), encoding="utf-8")
    return str(path)


def long_text(characters: int) -> str:
    rng = random.Random(5)
    words = [
        "price",
        "of a token",
        "同一段文字，不是",
        "同樣多。",
        "don't",
        "x = {1: 22}\n\n",
        "\n",
        "\r\n  ",
        "//",
    ]
    text = ""
    while len(text) < characters:
        text += " ".join(rng.choice(words) for _ in range(500))
    return text


@pytest.mark.parametrize("name", OPENAI)
def test_a_text_in_blocks_and_pieces_is_as_many_tokens_as_whole(
    name: str, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(token_blocks, "BLOCK_BYTES", 50_000)
    text = long_text(400_000)
    path = tmp_path / "long.txt"
    path.write_bytes(text.encode())
    settings = Settings(frozen_prices().tokenizer(name))
    totals = count_files([str(path)], settings, jobs=1)
    assert totals.total.tokens == exact_tokens(text, name)
    assert totals.total.characters == len(text)
    assert totals.total.records > 20


@given(st.text(ALPHABET, max_size=400), st.sampled_from(["o200k_base", "cl100k_base"]))
@example("a\n中文，中文", "cl100k_base")
@example("!\n/a\n\n  b", "o200k_base")
def test_wherever_a_text_is_cut_no_token_reaches_across(text: str, name: str) -> None:
    cuts = [match.start() for match in token_blocks._TEXT_CUT.finditer(text)]
    ends = [0, *cuts, len(text)]
    pieces = [text[a:b] for a, b in itertools.pairwise(ends)]
    assert sum(exact_tokens(piece, name) for piece in pieces) == exact_tokens(text, name)


@given(st.text(ALPHABET, max_size=400))
def test_blocks_are_cut_where_pieces_may_be_cut_too(text: str) -> None:
    data = text.encode()
    cuts = {len(data[: match.start()].decode()) for match in token_blocks._CUT.finditer(data)}
    assert cuts <= {match.start() for match in token_blocks._TEXT_CUT.finditer(text)}


def test_many_processes_count_as_one_does(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    records = [{"text": f"record {n} of a small file"} for n in range(20_000)]
    path = written(tmp_path / "many.jsonl", *records)
    monkeypatch.setattr(token_blocks, "BLOCK_BYTES", 100_000)
    monkeypatch.setattr(token_files, "SMALL_BYTES", 200_000)
    progress_bytes: list[int] = []
    in_two_processes = count_files([path], Settings(O200K), jobs=2, progress=progress_bytes.append)
    in_one_process = count_files([path], Settings(O200K), jobs=1)
    assert in_two_processes == in_one_process
    assert in_two_processes.total.records == 20_000
    assert progress_bytes == sorted(progress_bytes)
    assert progress_bytes[-1] == Path(path).stat().st_size


def test_chats_are_counted_with_their_frame_and_tools(tmp_path: Path) -> None:
    golden = json.loads((GOLDEN / "cookbook_chat.json").read_text(encoding="utf-8"))
    chat = {"messages": golden["messages"]}
    tooled = {"messages": golden["tool_messages"], "tools": golden["tools"]}
    path = written(tmp_path / "chat.jsonl", chat, tooled)
    totals = count_files([path], Settings(CL100K))
    # 129 and 105, as the cookbook says.
    assert (totals.total.tokens, totals.total.chats, totals.total.records) == (234, 2, 2)
    ratio = count_files([path], Settings(estimated_tokenizer()))
    alone = [
        chat_tokens(r["messages"], estimated_tokenizer(), tools=r.get("tools", ())).tokens
        for r in (chat, tooled)
    ]
    assert ratio.total.tokens == pytest.approx(sum(alone), rel=0.2)
    assert ratio.total.low < ratio.total.tokens < ratio.total.high


def test_a_field_is_counted_and_the_others_are_not(tmp_path: Path) -> None:
    path = written(tmp_path / "f.jsonl", {"q": "tiktoken is great!", "a": "no"}, {"q": "2 + 2 = 4", "a": "x"})
    assert count_files([path], Settings(O200K, "q")).total.tokens == 6 + 7


def test_faulty_lines_are_named_and_the_others_are_counted(tmp_path: Path) -> None:
    path = tmp_path / "bad.jsonl"
    path.write_bytes(
        b'{"q": "tiktoken is great!"}\n{broken\n\n{"a": 1}\n{"q": "\xff"}\n{"q": "2 + 2 = 4"}\n'
        b'{"q": "' + b" " * 200_000 + b'"}\n'
    )
    totals = count_files([str(path)], Settings(O200K, "q"))
    assert totals.total.tokens == 6 + 7
    assert [str(error) for error in totals.errors] == [
        f"{path}:2: not JSON (write one JSON object a line)",
        f"{path}:4: no field 'q' (give --field one that every record has)",
        f"{path}:5: not UTF-8 text (save the file as UTF-8)",
        f"{path}:7: the text has more than 100,000 blanks in a row (remove the run)",
    ]


def test_an_error_in_a_later_block_has_its_own_line_number(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(token_blocks, "BLOCK_BYTES", 1_000)
    path = tmp_path / "late.jsonl"
    path.write_text('{"q": "word"}\n' * 499 + "broken\n" + '{"q": "word"}\n' * 500, encoding="utf-8")
    totals = count_files([str(path)], Settings(O200K))
    assert [str(error) for error in totals.errors] == [f"{path}:500: not JSON (write one JSON object a line)"]
    assert totals.total.tokens == 999
    text = tmp_path / "late.txt"
    text.write_bytes(b"some words here\n" * 499 + b"Z\xfcrich\n" + b"some words here\n" * 500)
    (error,) = count_files([str(text)], Settings(O200K)).errors
    assert str(error) == f"{text}:500: not UTF-8 text (save the file as UTF-8)"


def test_a_file_of_errors_lists_the_first_and_says_how_many_more(tmp_path: Path) -> None:
    path = tmp_path / "bad.jsonl"
    path.write_text("broken\n" * 150, encoding="utf-8")
    errors = count_files([str(path)], Settings(O200K)).errors
    assert len(errors) == 101
    assert str(errors[-1]) == "and 50 more faults"


def test_a_folder_is_every_text_in_it_and_an_empty_one_is_an_error(tmp_path: Path) -> None:
    (tmp_path / "inner").mkdir()
    (tmp_path / "b.md").write_text("hello world", encoding="utf-8")
    (tmp_path / "inner" / "a.TXT").write_text("tiktoken is great!", encoding="utf-8")
    (tmp_path / "photo.png").write_bytes(b"\0")
    totals = count_files([str(tmp_path)], Settings(O200K))
    assert [Path(file.name).name for file in totals.files] == ["b.md", "a.TXT"]
    assert (totals.total.tokens, totals.errors) == (8, ())
    empty = tmp_path / "empty"
    empty.mkdir()
    (error,) = count_files([str(empty)], Settings(O200K)).errors
    assert str(error) == f"{empty}: no .txt, .md or .jsonl file in it (name the files)"


def test_a_line_too_long_to_hold_is_refused(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(token_blocks, "BLOCK_BYTES", 1_000)
    monkeypatch.setattr(token_blocks, "MAX_LINE_BYTES", 10_000)
    path = tmp_path / "long.jsonl"
    path.write_text('{"a": "b"}\n{"a": "' + "c" * 20_000 + '"}\n', encoding="utf-8")
    totals = count_files([str(path)], Settings(O200K))
    assert [str(error) for error in totals.errors] == [
        f"{path}:2: a line of more than 10,000 bytes (break it up)"
    ]
    assert totals.total.records == 1


def test_a_byte_order_mark_and_empty_files_are_no_tokens(tmp_path: Path) -> None:
    for name, content in (("a.txt", "hello".encode("utf-8-sig")), ("b.txt", b""), ("c.jsonl", b"\n \n")):
        (tmp_path / name).write_bytes(content)
    totals = count_files([str(tmp_path / name) for name in ("a.txt", "b.txt", "c.jsonl")], Settings(O200K))
    assert [file.tokens for file in totals.files] == [1, 0, 0]
    assert not totals.errors


def test_a_sample_gives_an_interval_that_holds_the_true_total(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    rng = random.Random(3)
    texts = [
        " ".join(
            rng.choice(["price", "價格不同", "don't", "tokens", "一個測試"])
            for _ in range(rng.randint(3, 60))
        )
        for _ in range(3_000)
    ]
    path = written(tmp_path / "s.jsonl", *({"t": text} for text in texts))
    monkeypatch.setattr(token_blocks, "BLOCK_BYTES", 20_000)
    totals = count_files([path], Settings(CL100K), sample=300)
    assert totals.sampled is not None
    true = sum(exact_tokens(text, "cl100k_base") for text in texts)
    assert (totals.sampled.sample, totals.sampled.records) == (300, 3_000)
    assert totals.sampled.low < true < totals.sampled.high
    assert totals.sampled.high - totals.sampled.low < 0.04 * true
    assert totals.total.tokens == sum(exact_tokens(text) for text in texts)
    again = count_files([path], Settings(CL100K), sample=300, jobs=1)
    assert again.sampled == totals.sampled
    other = count_files([path], Settings(CL100K, seed=1), sample=300)
    assert other.sampled != totals.sampled


def test_the_sample_does_not_depend_on_the_threshold_handed_down(tmp_path: Path) -> None:
    data = b"".join(json.dumps({"t": f"record {n}"}).encode() + b"\n" for n in range(100))
    (block,) = blocks_of(0, "x", io.BytesIO(data), "jsonl")
    everything = count_block(replace(block, below=2**64), Settings(O200K)).sample
    assert len(everything) == 100
    middle = sorted(record.key for record in everything)[50]
    fewer = count_block(replace(block, below=middle), Settings(O200K)).sample
    assert {record.key for record in fewer} == {record.key for record in everything if record.key < middle}

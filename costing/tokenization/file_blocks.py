"""Tokens of one block of a file; blocks are cut where no token spans the cut, and counted independently."""

from __future__ import annotations

import json
import re
from collections.abc import Iterable, Iterator
from dataclasses import dataclass, field
from typing import Any, BinaryIO, Literal

from i18n.errors import CrossoverError
from i18n.message import Message, message
from pricing.rows import Tokenizer

from .bulk import Counted, batch_tokens, family_tokens
from .chat_format import framed
from .sampling import sample_key
from .text_files import strings_of
from .tokens import REFERENCE_ENCODING

Format = Literal["text", "jsonl"]

BLOCK_BYTES = 1_000_000
MAX_LINE_BYTES = 40_000_000
PIECE_CHARACTERS = 16_000
"""Length of a piece of plain text; pieces are cut where no token can span the cut."""

# A new line before a letter or a digit, and a single blank or full-width comma or stop between letters: no
# pre-token of any vocabulary here spans either place. (CJK lead bytes E5 to E9 are letters throughout.)
_CUT = re.compile(
    rb"(?<=\n)(?=[A-Za-z0-9\xe5-\xe9])"
    rb"|(?<=[a-z])(?= [a-z])"
    rb"|(?<=[\xe5-\xe9][\x80-\xbf][\x80-\xbf])(?=(?:\xef\xbc\x8c|\xe3\x80\x82)[\xe5-\xe9])"
)
_TEXT_CUT = re.compile(
    r"(?<=\n)(?=[A-Za-z0-9\u5000-\u9fff])|(?<=[a-z])(?= [a-z])|(?<=[\u5000-\u9fff])(?=[，。][\u5000-\u9fff])"
)


@dataclass(frozen=True, slots=True)
class Settings:
    """What is counted, and in which vocabulary; the same for every block."""

    tokenizer: Tokenizer
    field: str = ""
    """Field of a JSONL record to count; blank: a chat with its frame, else every text in the record."""
    seed: int = 0


@dataclass(frozen=True, slots=True)
class TextBlock:
    """Whole lines of one file, or a part of a long line."""

    file: int
    name: str
    format: Format
    first_line: int
    first_byte: int
    data: bytes
    below: int = 0
    """Records whose key is smaller are returned as the sample."""


@dataclass(frozen=True, slots=True, order=True)
class Sampled:
    """A sampled record, selected by a hash of seed and record number: reference tokens, and what to count."""

    key: int
    reference_tokens: int
    texts: tuple[str, ...]
    frame_tokens: int


@dataclass(slots=True)
class BlockCount:
    """Counts of a block, its errors and its part of the sample."""

    file: int
    bytes: int
    records: int = 0
    characters: int = 0
    tokens: float = 0.0
    low: float = 0.0
    high: float = 0.0
    chats: int = 0
    sample: list[Sampled] = field(default_factory=list)
    errors: list[Message] = field(default_factory=list)


def blocks_of(file: int, name: str, stream: BinaryIO, form: Format) -> Iterator[TextBlock]:
    """The file in blocks of about a megabyte; raises CrossoverError for a line too long to hold."""
    kept, line, byte = b"", 1, 0
    ended = False
    while not ended:
        more = stream.read(BLOCK_BYTES)
        ended = not more
        kept += more
        if not ended and len(kept) < BLOCK_BYTES:
            continue
        cut = len(kept) if ended else _last_cut(kept, form)
        if cut:
            yield TextBlock(file, name, form, line, byte, kept[:cut])
            line += kept.count(b"\n", 0, cut)
            byte += cut
            kept = kept[cut:]
        if len(kept) > MAX_LINE_BYTES:
            raise CrossoverError(
                message(
                    "{place}:{line}: a line of more than {limit:,} bytes (break it up)",
                    place=name,
                    line=line,
                    limit=MAX_LINE_BYTES,
                )
            )


def _last_cut(data: bytes, form: Format) -> int:
    """Offset after the last whole line, or 0; for a text, the last offset where no token spans the cut."""
    if form == "jsonl":
        return data.rfind(b"\n") + 1
    for reach in (20_000, BLOCK_BYTES + 20_000):  # what lies before was searched already
        start = max(0, len(data) - reach)
        position = 0
        for match in _CUT.finditer(data, start):
            position = match.start()
        if position:
            return position
    return 0


def count_block(block: TextBlock, settings: Settings) -> BlockCount:
    """Count one block; a pure function, so that any process can run it."""
    result = BlockCount(block.file, len(block.data))
    records = _jsonl_records(block, settings, result) if block.format == "jsonl" else _pieces(block, result)
    sampling = block.below > 0
    wanted: list[str] = []
    spans: list[tuple[int, int, int]] = []
    for number, texts, frame in records:
        spans.append((number, len(texts), frame))
        wanted += texts
    counts = iter(_counts(wanted, settings, sampling, block, spans, result))
    place = 0
    for index, (_, texts_here, frame) in enumerate(spans):
        text_counts = [next(counts) for _ in range(texts_here)]
        record_counts = wanted[place : place + texts_here]
        tokens = frame + sum(part.tokens for part in text_counts)
        result.records += 1
        result.characters += sum(map(len, record_counts))
        result.tokens += tokens
        result.low += frame + sum(part.low for part in text_counts)
        result.high += frame + sum(part.high for part in text_counts)
        key = sample_key(settings.seed, f"{block.file}@{block.first_byte}", index) if sampling else 0
        if sampling and key < block.below:
            result.sample.append(Sampled(key, round(tokens), tuple(record_counts), frame))
        place += texts_here
    return result


def _counts(
    wanted: list[str],
    settings: Settings,
    sampling: bool,
    block: TextBlock,
    spans: list[tuple[int, int, int]],
    result: BlockCount,
) -> Iterable[Counted]:
    """A count for every text; if the batch fails, texts are counted singly, and failures become errors."""

    def all_of(texts: list[str]) -> list[Counted]:
        if sampling:
            return [Counted(n, n, n) for n in batch_tokens(texts, REFERENCE_ENCODING)]
        return list(family_tokens(texts, settings.tokenizer))

    try:
        return all_of(wanted)
    except CrossoverError:
        counted: list[Counted] = []
        lines = [line for line, texts, _ in spans for _ in range(texts)]
        for line, text in zip(lines, wanted, strict=True):
            try:
                counted += all_of([text])
            except CrossoverError as error:
                counted.append(Counted(0, 0, 0))
                result.errors += [_at(block, line, problem) for problem in error.errors]
        return counted


def _at(block: TextBlock, line: int, what: Message) -> Message:
    return message("{place}:{line}: {what}", place=block.name, line=line, what=what)


def _jsonl_records(
    block: TextBlock, settings: Settings, result: BlockCount
) -> Iterator[tuple[int, list[str], int]]:
    """(line, texts, tokens of the frame) of every record."""
    encoding = settings.tokenizer.encoding
    for line, data in enumerate(block.data.split(b"\n"), start=block.first_line):
        if not data.strip():
            continue
        try:
            record = json.loads(data)
        except UnicodeDecodeError:
            what = message("not UTF-8 text (save the file as UTF-8)")
            result.errors.append(_at(block, line, what))
            continue
        except (ValueError, RecursionError):
            what = message("not JSON (write one JSON object a line)")
            result.errors.append(_at(block, line, what))
            continue
        try:
            texts, frame = _record(record, settings.field, encoding)
        except CrossoverError as error:
            result.errors += [_at(block, line, problem) for problem in error.errors]
            continue
        result.chats += frame > 0
        yield line, texts, frame


def _record(record: Any, name: str, encoding: str | None) -> tuple[list[str], int]:
    if name:
        if not isinstance(record, dict) or name not in record:
            raise CrossoverError(
                message("no field '{field}' (give --field one that every record has)", field=name)
            )
        record = record[name]
    elif isinstance(record, dict) and isinstance(record.get("messages"), list):
        frame = framed(record["messages"], record.get("tools") or (), encoding=encoding)
        return frame.texts, frame.frame_tokens
    return ["\n".join(strings_of(record))], 0


def _pieces(block: TextBlock, result: BlockCount) -> Iterator[tuple[int, list[str], int]]:
    data = block.data
    if b"\0" in data:
        what = message("a binary file, not text (save it as UTF-8 text)")
        result.errors.append(message("{place}: {what}", place=block.name, what=what))
        return
    try:
        text = data.decode("utf-8-sig" if block.first_line == 1 else "utf-8")
    except UnicodeDecodeError as error:
        line = block.first_line + data[: error.start].count(b"\n")
        result.errors.append(_at(block, line, message("not UTF-8 text (save the file as UTF-8)")))
        text = data[: data.rfind(b"\n", 0, error.start) + 1].decode("utf-8", "ignore")
    line, start = block.first_line, 0
    while start < len(text):
        cut = _TEXT_CUT.search(text, min(start + PIECE_CHARACTERS, len(text)))
        end = cut.start() if cut else len(text)
        yield line, [text[start:end]], 0
        line += text.count("\n", start, end)
        start = end

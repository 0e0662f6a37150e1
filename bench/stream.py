"""Parsing of a timestamped HTTP answer into server-sent events with their arrival times."""

from __future__ import annotations

import json
from collections.abc import Sequence
from dataclasses import dataclass
from typing import Any

from .request_record import CountedFrom

MAX_TOKENS = 10**9
"""Largest token count that is accepted."""

Piece = tuple[float, bytes]
"""Bytes received together, and their time of arrival."""


class Malformed(ValueError):
    """An answer that is not an event stream; the text describes it."""


class Cut(ValueError):
    """An answer that ends in the middle."""


@dataclass(frozen=True, slots=True)
class Head:
    """Status line and headers, names in lower case."""

    status: int
    headers: dict[str, str]
    size: int
    """Bytes of the head, its blank line included."""

    @property
    def chunked(self) -> bool:
        return "chunked" in self.headers.get("transfer-encoding", "").lower()

    @property
    def length(self) -> int | None:
        text = self.headers.get("content-length", "")
        return int(text) if _is_number(text) else None


def head_of(data: bytes) -> Head | None:
    """The head, or None while it is not complete."""
    end = data.find(b"\r\n\r\n")
    if end < 0:
        if data and not b"HTTP/1.".startswith(data[:7]):
            raise Malformed(f"no HTTP answer: {_shown(data)}")
        return None
    first, *lines = data[:end].decode("latin-1").split("\r\n")
    words = first.split(" ", 2)
    if len(words) < 2 or not words[0].startswith("HTTP/1.") or not _is_number(words[1]):
        raise Malformed(f"no HTTP answer: {_shown(data)}")
    headers = {}
    for line in lines:
        name, _, value = line.partition(":")
        headers[name.strip().lower()] = value.strip()
    return Head(int(words[1]), headers, end + 4)


@dataclass(frozen=True, slots=True)
class Body:
    """A body without its transfer coding; `marks` holds the arrival time of each prefix."""

    data: bytes
    marks: tuple[tuple[int, float], ...]
    """(bytes of the body that had arrived, at)."""
    complete: bool


def body_of(pieces: Sequence[Piece], head: Head, closed: bool) -> Body:
    """The body after the head; `closed` says that the server closed, which ends a body without a length."""
    raw = b"".join(data for _, data in pieces)
    arrived: list[tuple[int, float]] = []
    total = 0
    for at, data in pieces:
        total += len(data)
        arrived.append((total, at))
    if not head.chunked:
        body = raw[head.size :]
        if head.length is not None:
            body = body[: head.length]
        marks = tuple((min(end - head.size, len(body)), at) for end, at in arrived if end > head.size)
        return Body(body, marks, closed if head.length is None else len(body) == head.length)
    spans, complete = _chunks(raw, head.size)
    out = bytearray()
    marks_list: list[tuple[int, float]] = []
    arrivals = iter(arrived)
    end, at = next(arrivals)
    for start, stop in spans:
        position = start
        while position < stop:
            while end <= position:
                end, at = next(arrivals)
            taken = min(end, stop)
            out += raw[position:taken]
            marks_list.append((len(out), at))
            position = taken
    return Body(bytes(out), tuple(marks_list), complete)


def _chunks(raw: bytes, position: int) -> tuple[list[tuple[int, int]], bool]:
    """Where the payloads of the chunks lie in `raw`, and whether the last chunk is there."""
    spans: list[tuple[int, int]] = []
    while True:
        end = raw.find(b"\r\n", position)
        if end < 0:
            return spans, False
        size_text = raw[position:end].split(b";")[0].strip()
        try:
            size = int(size_text, 16)
        except ValueError:
            raise Malformed(f"a broken transfer chunk: {_shown(raw[position:end])}") from None
        if size < 0:
            raise Malformed(f"a broken transfer chunk: {_shown(raw[position:end])}")
        start = end + 2
        if size == 0:
            return spans, True
        stop = min(start + size, len(raw))
        if stop > start:
            spans.append((start, stop))
        if start + size + 2 > len(raw):
            return spans, False
        if raw[start + size : start + size + 2] != b"\r\n":
            raise Malformed("a transfer chunk longer than it says")
        position = start + size + 2


@dataclass(frozen=True, slots=True)
class StreamEvent:
    """Data of one server-sent event, and the arrival time of its last byte."""

    at: float
    data: str


def events_of(body: Body) -> list[StreamEvent]:
    """Every event in order. Comments, other fields and an unfinished last line are skipped."""
    events: list[StreamEvent] = []
    marks = iter(body.marks)
    reached, at = next(marks, (0, 0.0))
    position = 0
    lines: list[bytes] = []
    ended_at = 0.0
    while True:
        end = body.data.find(b"\n", position)
        if end < 0:
            break
        line = body.data[position:end].rstrip(b"\r")
        position = end + 1
        while reached < position:
            reached, at = next(marks)
        if line.startswith(b"data:"):
            lines.append(line[5:].removeprefix(b" "))
            ended_at = at
        elif not line and lines:
            events.append(StreamEvent(ended_at, b"\n".join(lines).decode("utf-8", "replace")))
            lines = []
    if lines:
        events.append(StreamEvent(ended_at, b"\n".join(lines).decode("utf-8", "replace")))
    return events


@dataclass(frozen=True, slots=True)
class Chunk:
    """An event with content."""

    at: float
    size: int
    """Size of its text in bytes."""
    tokens_so_far: int | None
    """Cumulative token count, if the server sends one with every chunk."""


@dataclass(frozen=True, slots=True)
class DecodedResponse:
    """Content of a stream."""

    chunks: tuple[Chunk, ...]
    finish_reason: str | None
    done: bool
    """The stream's own end mark was there."""
    input_tokens: int | None = None
    cached_tokens: int | None = None
    output_tokens: int | None = None


def answer_of(events: Sequence[StreamEvent]) -> DecodedResponse:
    """Content, finish reason and usage; raises Malformed on an event that is no JSON object."""
    chunks: list[Chunk] = []
    finish: str | None = None
    done = False
    usage: dict[str, Any] = {}
    for event in events:
        if event.data.strip() == "[DONE]":
            done = True
            break
        try:
            document = json.loads(event.data)
        except (ValueError, RecursionError):
            raise Malformed(f"an event that is no JSON: {_shown(event.data.encode())}") from None
        if not isinstance(document, dict):
            raise Malformed(f"an event that is no object: {_shown(event.data.encode())}")
        if document.get("error"):
            raise Malformed(f"the server reports: {error_text(document) or 'an error'}")
        so_far = document.get("usage")
        if isinstance(so_far, dict):
            usage = so_far
        choices = document.get("choices")
        choice = choices[0] if isinstance(choices, list) and choices else {}
        if not isinstance(choice, dict):
            raise Malformed(f"an event without a choice: {_shown(event.data.encode())}")
        text = _content(choice)
        if text:
            running = _count(so_far, "completion_tokens") if isinstance(so_far, dict) else None
            chunks.append(Chunk(event.at, len(text.encode("utf-8", "replace")), running))
        finish = str(choice.get("finish_reason") or "") or finish
    details = usage.get("prompt_tokens_details")
    return DecodedResponse(
        chunks=tuple(chunks),
        finish_reason=finish,
        done=done,
        input_tokens=_count(usage, "prompt_tokens"),
        cached_tokens=_count(details, "cached_tokens") if isinstance(details, dict) else None,
        output_tokens=_count(usage, "completion_tokens"),
    )


def _is_number(text: str) -> bool:
    return text.isascii() and text.isdecimal() and len(text) < 19


def _content(choice: dict[str, Any]) -> str:
    """Text of a choice, reasoning included; a chunk that only names the role has none."""
    delta = choice.get("delta")
    if isinstance(delta, dict):
        parts = [delta.get(name) for name in ("content", "reasoning_content", "reasoning")]
        return "".join(part for part in parts if isinstance(part, str))
    text = choice.get("text")
    return text if isinstance(text, str) else ""


def _count(usage: dict[str, Any], name: str) -> int | None:
    value: int | None = usage.get(name)
    known = isinstance(value, int) and not isinstance(value, bool) and 0 <= value <= MAX_TOKENS
    return value if known else None


def tokens_per_chunk(answer: DecodedResponse) -> tuple[tuple[int, ...], CountedFrom]:
    """Tokens of each chunk, and the source of the counts.

    The server's cumulative counts, if every chunk has one. Else usage spread over the chunks: an equal
    whole number each, and what is left over to the chunks with the longest text (a token held back
    until its character is complete comes out in a longer chunk). Without usage, one a chunk.
    """
    many = len(answer.chunks)
    if not many:
        return (), "chunks"
    running = [chunk.tokens_so_far for chunk in answer.chunks]
    counted = [n for n in running if n is not None]
    if len(counted) == many and counted == sorted(counted) and counted[-1] > 0:
        last = answer.output_tokens if answer.output_tokens is not None else counted[-1]
        steps = [b - a for a, b in zip([0, *counted], [*counted[:-1], max(last, counted[-1])], strict=False)]
        if all(step > 0 for step in steps):
            return tuple(steps), "stream"
    total = answer.output_tokens
    if total is None or total < many:
        return (1,) * many, "chunks"
    each, left = divmod(total, many)
    longest = sorted(range(many), key=lambda i: (-answer.chunks[i].size, i))[:left]
    more = set(longest)
    return tuple(each + (i in more) for i in range(many)), "spread"


def error_text(document: object) -> str:
    """Message of an error object in any of the formats that servers use."""
    if isinstance(document, dict):
        for name in ("error", "message", "detail"):
            if document.get(name):
                return error_text(document[name])
        return ""
    return "" if document is None else " ".join(str(document).split())[:200]


def _shown(data: bytes) -> str:
    text = " ".join(data[:200].decode("utf-8", "replace").split())
    return f"'{text[:60]}{'…' if len(text) > 60 else ''}'"

"""Gemma's vocabulary out of the head of a model file (GGUF), as an encoding that tiktoken counts.

SentencePiece merges letters in the order of the vocabulary's scores; tiktoken merges bytes in the order of
ranks. Letters, merged from their bytes, get the lowest ranks, then the vocabulary's own pieces: so
both merge alike. https://github.com/google/sentencepiece, `bpe_model.cc`.
"""

from __future__ import annotations

import re
import struct
from collections.abc import Collection, Iterator, Sequence
from typing import Final

import tiktoken

SPACE: Final = "▁"
"""SentencePiece's letter for a blank."""
NORMAL, USER_DEFINED = 1, 4
"""Token types of GGUF: pieces from merges, and pieces that are cut out before any merge."""
NEVER_MADE: Final = frozenset({"▁YYYY", "▁yyyy", "▁diffformul", "▁::::::::"})
"""Pieces that no merge produces; tiktoken looks up whole words first and would return them."""

_FORMATS: Final = dict(enumerate("BbHhIif?")) | {10: "Q", 11: "q", 12: "d"}
_TEXT, _LIST = 8, 9

Value = object


class Gemma(tiktoken.Encoding):
    """Counts a text as SentencePiece does with this vocabulary; special tokens written in it are text."""

    _starts: dict[int, bytes]
    """Beginnings of letters: where one is left over, its bytes are the tokens."""

    def encode_ordinary(self, text: str) -> list[int]:
        tokens = super().encode_ordinary(text.replace(" ", SPACE))
        if self._starts.keys().isdisjoint(tokens):
            return tokens
        return [piece for token in tokens for piece in self._starts.get(token, (token,))]

    def decode(self, tokens: Sequence[int], errors: str = "replace") -> str:
        return super().decode(tokens, errors).replace(SPACE, " ")


def encoding_of(name: str, head: bytes) -> Gemma:
    """The encoding in a model file's head; only heads of tested files are supported."""
    held = dict(_values(head))
    pieces: list[str] = held["tokenizer.ggml.tokens"]  # type: ignore[assignment]
    kinds: list[int] = held["tokenizer.ggml.token_type"]  # type: ignore[assignment]
    normal = [piece for piece, kind in zip(pieces, kinds, strict=True) if kind == NORMAL]
    own = [
        piece.replace(" ", SPACE) for piece, kind in zip(pieces, kinds, strict=True) if kind == USER_DEFINED
    ]
    letters = [piece.encode() for piece in normal if len(piece) == 1]
    # A byte's rank is its value, so that an unknown letter becomes its bytes.
    ranks = {bytes([byte]): byte for byte in range(256)}
    starts = {letter[:end] for letter in letters for end in range(2, len(letter))}
    for token in (
        *sorted(starts, key=lambda start: (len(start), start)),
        *letters,
        *(piece.encode() for piece in normal if len(piece) > 1 and piece not in NEVER_MADE),
        *(piece.encode() for piece in own),
    ):
        ranks.setdefault(token, len(ranks))
    encoding = Gemma(name, pat_str=pattern(own), mergeable_ranks=ranks, special_tokens={})
    encoding._starts = {ranks[start]: start for start in starts}
    return encoding


def pattern(own: Collection[str]) -> str:
    """Cuts out the vocabulary's own pieces, and the rest before a blank.

    No piece goes on past a blank but the one that ends in "</", whose blank stays with what is before it.
    """
    runs = {letter: max(len(word) for word in own if word[0] == letter) for letter in ("\n", "\t", SPACE)}
    named = sorted((word for word in own if word[0] in "<["), key=len, reverse=True)
    if len(named) + sum(runs.values()) - 1 != len(own):  # a run of blanks begins at two
        raise ValueError("own pieces of another kind than runs of blanks and tags")
    whole = "|".join(map(re.escape, named))
    rest = "|".join(re.escape(word[1:]) for word in named)
    return (
        rf"\n{{1,{runs[chr(10)]}}}|\t{{1,{runs[chr(9)]}}}|{SPACE}{{2,{runs[SPACE]}}}|{whole}|"
        rf"{SPACE}?(?>[^{SPACE}\n\t<\[>]+|>(?:{SPACE}(?=</))?|[<\[](?!{rest}))+|{SPACE}"
    )


def _values(head: bytes) -> Iterator[tuple[str, Value]]:
    """Names and values of the head. https://github.com/ggml-org/ggml/blob/master/docs/gguf.md"""
    place = 24
    (number,) = struct.unpack_from("<Q", head, 16)
    for _ in range(number):
        name, place = _text(head, place)
        (kind,) = struct.unpack_from("<I", head, place)
        value, place = _value(head, place + 4, kind)
        yield name, value


def _text(head: bytes, place: int) -> tuple[str, int]:
    (length,) = struct.unpack_from("<Q", head, place)
    start = place + 8
    return head[start : start + length].decode(), start + length


def _value(head: bytes, place: int, kind: int) -> tuple[Value, int]:
    if kind == _TEXT:
        return _text(head, place)
    if kind != _LIST:
        form = "<" + _FORMATS[kind]
        return struct.unpack_from(form, head, place)[0], place + struct.calcsize(form)
    of, number = struct.unpack_from("<IQ", head, place)
    place += 12
    if of in _FORMATS:
        form = f"<{number}{_FORMATS[of]}"
        return list(struct.unpack_from(form, head, place)), place + struct.calcsize(form)
    items = []
    for _ in range(number):
        value, place = _value(head, place, of)
        items.append(value)
    return items, place

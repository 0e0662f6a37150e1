"""A text cut into the tokens of a vocabulary, to be drawn: the piece of text or the bytes of each token."""

from __future__ import annotations

from dataclasses import dataclass
from typing import Final

from .gemma_vocabulary import SPACE, Gemma
from .tokens import exact_tokens, repaired
from .vocabularies import encoding

MAX_SPANS: Final = 5_000
_CHARACTERS_PER_TOKEN: Final = 8
"""Generous for most texts; where a beginning of the text has too few tokens, a longer one is cut."""


@dataclass(frozen=True, slots=True)
class TokenSpan:
    """One token: its id, and its text or, where it is a part of a character, its bytes."""

    token: int
    text: str | None
    """None for a token that begins or ends within a character."""
    content: bytes


@dataclass(frozen=True, slots=True)
class TokenSpans:
    """The first tokens of a text, and how many it has in all."""

    spans: tuple[TokenSpan, ...]
    tokens: int

    @property
    def hidden(self) -> int:
        return self.tokens - len(self.spans)


def token_spans(text: str, name: str, limit: int = MAX_SPANS, tokens: int | None = None) -> TokenSpans:
    """The first `limit` tokens of a text in a vocabulary at hand; `tokens` is its count, if it is known.

    Raises CrossoverError for a text that no tokenizer can cut in reasonable time. A vocabulary that
    composes characters first (NFC) returns the composed ones.
    """
    total = exact_tokens(text, name) if tokens is None else tokens
    vocabulary = encoding(name)
    size = limit * _CHARACTERS_PER_TOKEN
    while True:
        beginning = repaired(text[:size])
        ids = vocabulary.encode_ordinary(beginning)
        # The last tokens of a beginning may differ from those of the text, so it must have more than needed.
        if size >= len(text) or len(ids) > limit + 64:
            break
        size *= 4
    blank = SPACE if isinstance(vocabulary, Gemma) else ""
    spans = []
    for token in ids[:limit]:
        content = vocabulary.decode_single_token_bytes(token)
        try:
            piece: str | None = content.decode()
        except UnicodeDecodeError:
            piece = None
        if piece is not None and blank:
            piece = piece.replace(blank, " ")
        spans.append(TokenSpan(token, piece, content))
    return TokenSpans(tuple(spans), max(total, len(spans)))

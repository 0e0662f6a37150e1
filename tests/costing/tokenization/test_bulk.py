"""A batch of texts has the same counts as single texts, by tiktoken or by a checked optional package."""

from __future__ import annotations

import sys
import types
from collections.abc import Iterator, Sequence
from typing import Any

import pytest
from hypothesis import given
from hypothesis import strategies as st

from costing.tokenization import bulk as batch
from costing.tokenization.bulk import OPENAI, check_texts, engine, family_tokens, is_by_ratio
from costing.tokenization.tokens import UNLIKE_SHARE, encoding, exact_tokens
from costing.tokenization.vocabularies import EXTRAS_VARIABLE
from i18n.errors import CrossoverError

from ...support.factories import estimated_tokenizer, frozen_prices, tokenizer
from ...support.tokenizers import need_package


@pytest.fixture
def fresh() -> Iterator[None]:
    """Clears the cached engine before and after a test."""
    batch._fastest.cache_clear()
    yield
    batch._fastest.cache_clear()


def extra(monkeypatch: pytest.MonkeyPatch, count: Any) -> None:
    """A stand-in for toktok-rs, with optional packages switched on."""
    monkeypatch.delenv(EXTRAS_VARIABLE)
    module = types.ModuleType("toktok")
    module.batch_count = count  # type: ignore[attr-defined]
    module.__version__ = "9.9"  # type: ignore[attr-defined]
    monkeypatch.setitem(sys.modules, "toktok", module)


def rightly(texts: Sequence[str], name: str, threads: int) -> list[int]:
    return [len(encoding(name).encode_ordinary(text)) for text in texts]


@pytest.mark.parametrize("name", OPENAI)
def test_a_batch_is_counted_as_its_texts_one_by_one(name: str) -> None:
    texts = [*check_texts()[:200], "", "a\ud800b", "x" * 200_000]
    assert batch.batch_tokens(texts, name) == [exact_tokens(text, name) for text in texts]


@given(st.lists(st.text(st.characters(exclude_categories=[])), max_size=5))
def test_any_texts_are_counted_as_one_by_one(texts: list[str]) -> None:
    assert batch.batch_tokens(texts) == [exact_tokens(text) for text in texts]


def test_what_a_tokenizer_chokes_on_is_refused_in_a_batch_too() -> None:
    with pytest.raises(CrossoverError, match="blanks in a row"):
        batch.batch_tokens(["fine", "x" + " " * 1_000_000])


def test_an_extra_that_agrees_is_used(fresh: None, monkeypatch: pytest.MonkeyPatch) -> None:
    extra(monkeypatch, rightly)
    assert (engine("o200k_base").name, engine("o200k_base").warning) == ("toktok-rs 9.9", None)


def test_an_extra_that_differs_on_one_text_is_not_used_and_says_so(
    fresh: None, monkeypatch: pytest.MonkeyPatch
) -> None:
    def nearly(texts: Sequence[str], name: str, threads: int) -> list[int]:
        counts = rightly(texts, name, threads)
        return [*counts[:-1], counts[-1] + 1]

    extra(monkeypatch, nearly)
    assert engine("o200k_base").name == "tiktoken"
    assert str(engine("o200k_base").warning) == (
        "toktok-rs is not used: it differs on 1 of 1,509 check texts; tiktoken counts (update or remove it)"
    )
    assert batch.batch_tokens(["tiktoken is great!"]) == [6]


def test_an_extra_that_fails_is_not_used_and_says_so(fresh: None, monkeypatch: pytest.MonkeyPatch) -> None:
    def failing(texts: Sequence[str], name: str, threads: int) -> list[int]:
        raise KeyError(name)

    extra(monkeypatch, failing)
    assert "it failed (KeyError)" in str(engine("cl100k_base").warning)


def test_without_the_extra_tiktoken_counts_and_nothing_is_said(
    fresh: None, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.delenv(EXTRAS_VARIABLE)
    monkeypatch.setitem(sys.modules, "toktok", None)
    assert (engine("o200k_base").name, engine("o200k_base").warning) == ("tiktoken", None)


def test_an_extra_is_not_used_where_extras_are_off(fresh: None, monkeypatch: pytest.MonkeyPatch) -> None:
    extra(monkeypatch, rightly)
    monkeypatch.setenv(EXTRAS_VARIABLE, "off")
    assert engine("o200k_base").name == "tiktoken"


@pytest.mark.extra
def test_the_real_extra_agrees_where_it_is_installed(fresh: None) -> None:
    need_package("toktok")
    for name in OPENAI:
        assert engine(name).warning is None
        assert engine(name).name.startswith("toktok-rs ")


def test_the_check_texts_are_the_same_in_every_run_and_of_many_kinds() -> None:
    texts = check_texts()
    assert len(texts) == len(set(texts)) == 1509
    joined = "".join(texts)
    for sign in ("價", "简", "の", "문", "def ", "👩", "\u200d", "<|endoftext|>", "\x00", "\r\n", "ש"):
        assert sign in joined


def test_a_family_without_vocabulary_is_counted_by_its_ratio() -> None:
    row = estimated_tokenizer()
    assert is_by_ratio(row)
    assert not is_by_ratio(tokenizer())
    assert not is_by_ratio(frozen_prices().tokenizer("cl100k_base"))
    (counted,) = family_tokens(["the cat is on the mat and it is not for you"], row)
    ratio, low, high = (float(x) for x in row.ratios["en"])
    reference = exact_tokens("the cat is on the mat and it is not for you")
    assert counted.tokens == reference * ratio
    assert counted.low == pytest.approx(reference * low * (1 - UNLIKE_SHARE))
    assert counted.high == pytest.approx(reference * high * (1 + UNLIKE_SHARE))

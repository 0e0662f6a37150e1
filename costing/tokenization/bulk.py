"""Tokens of many texts at once: by tiktoken, or by an optional faster counter that was checked against it."""

from __future__ import annotations

import hashlib
import importlib
from collections.abc import Callable, Iterator, Sequence
from dataclasses import dataclass
from functools import lru_cache
from typing import Final

from i18n.message import Message, message
from pricing.rows import Evidence, Tokenizer

from .text_language import text_kind
from .tokens import MAX_SPACE_RUN, REFERENCE_ENCODING, by_ratio, count, encoding, exact_tokens, repaired
from .vocabularies import uses_extras

BatchCount = Callable[[Sequence[str]], list[int]]

OPENAI: Final = ("o200k_base", "cl100k_base")
"""The encodings counted in batches; a text in them needs no preparation but whole characters."""

EXTRA: Final = "toktok"
"""Import name of the PyPI package toktok-rs, which counts several times as fast."""

_PROBE: Final = "A probe, 一個測試: x = {'a': 1}"
_WORDS: Final = (
    "The price of a token is not the price of an answer; don't they're I'LL we've",
    "同一段文字在不同的模型裡不是同樣多的詞元，所以價格不能直接比較。这是简体中文。",
    "日本語の文章も数えます。カタカナとひらがな、한국어 문장도 있습니다",
    "def f(x: int) -> str:\n\treturn f'{x:>8}'  # 12345 67 0x1F\r\n\r\n    if a != b: pass",
    '{"messages": [{"role": "user", "content": "a\\nb"}], "n": [1, 22, 333, 4444]}',
    "مرحبا بالعالم שלום עולם नमस्ते Größe façade naïve İstanbul ǅ ſ K",
    "👩‍👩‍👧‍👦🏳️‍🌈👍🏽 e\u0301\u0301\u0301 \u200b\u200d\ufeff \u2028\u2029 \x00\x07\x1b \ufffd \U0010ffff",
    "<|endoftext|><|im_start|>system<|im_end|> <|fim_prefix|>",
    "!!!???///\n\n\n/// ...   \t\t \n \n  x" + " " * 70 + "y" + "\n" * 40 + "a" * 300,
)


@lru_cache(maxsize=1)
def check_texts() -> tuple[str, ...]:
    """Check corpus: the words above, and pieces of them in a fixed pseudo-random order."""
    texts = list(_WORDS)
    state = b"crossover"
    for _ in range(1500):
        state = hashlib.sha256(state).digest()
        pieces = []
        for place in range(0, 32, 4):
            words = _WORDS[state[place] % len(_WORDS)]
            start = state[place + 1] % len(words)
            pieces.append(words[start : start + 1 + state[place + 2] % 24])
        texts.append(repaired("".join(pieces)))
    return tuple(texts)


@dataclass(frozen=True, slots=True)
class Engine:
    """Counter of one encoding, and the reason if it is not the faster one."""

    name: str
    count: BatchCount
    warning: Message | None = None


def _by_tiktoken(name: str) -> Engine:
    encode = encoding(name).encode_ordinary
    return Engine("tiktoken", lambda texts: [len(encode(text)) for text in texts])


def engine(name: str) -> Engine:
    """The fastest installed counter of an encoding that agrees with tiktoken on every check text."""
    return _fastest(name) if uses_extras() else _by_tiktoken(name)


@lru_cache(maxsize=len(OPENAI))
def _fastest(name: str) -> Engine:
    plain = _by_tiktoken(name)
    try:
        extra = importlib.import_module(EXTRA)
    except ImportError:
        return plain

    def fast(texts: Sequence[str]) -> list[int]:
        return [int(n) for n in extra.batch_count(texts, name, threads=1)]

    texts = check_texts()
    try:
        wrong = sum(a != b for a, b in zip(fast(texts), plain.count(texts), strict=True))
    except Exception as error:
        why = message("it failed ({error})", error=type(error).__name__)
        return Engine(plain.name, plain.count, _not_used(why))
    if wrong:
        why = message("it differs on {wrong:,} of {all:,} check texts", wrong=wrong, all=len(texts))
        return Engine(plain.name, plain.count, _not_used(why))
    return Engine(f"toktok-rs {getattr(extra, '__version__', '?')}", fast)


def _not_used(why: Message) -> Message:
    return message("toktok-rs is not used: {why}; tiktoken counts (update or remove it)", why=why)


def batch_tokens(texts: Sequence[str], name: str = REFERENCE_ENCODING) -> list[int]:
    """Tokens of each text, as `exact_tokens` gives them; raises CrossoverError as it does.

    Long texts go through the checks of `exact_tokens`; short ones cannot slow a tokenizer down.
    """
    short = [_whole(text) for text in texts if len(text) <= MAX_SPACE_RUN]
    counts = iter(engine(name).count(short))
    tokens = [next(counts) if len(text) <= MAX_SPACE_RUN else exact_tokens(text, name) for text in texts]
    if len(short) < len(texts):
        exact_tokens.cache_clear()  # it would hold the long ones
    return tokens


def _whole(text: str) -> str:
    """The text without lone surrogates; quick for one that has none."""
    try:
        text.encode()
    except UnicodeEncodeError:
        return repaired(text)
    return text


def is_by_ratio(tokenizer: Tokenizer) -> bool:
    """Whether the family is counted by its ratio to the reference encoding, since it has no vocabulary."""
    if tokenizer.encoding in OPENAI:
        return False
    return count(_PROBE, tokenizer) == by_ratio(
        exact_tokens(_PROBE), tokenizer, text_kind(_PROBE), Evidence.MEASURED
    )


@dataclass(frozen=True, slots=True)
class Counted:
    """Tokens of one text with their band: the 5th and the 95th percentile."""

    tokens: float
    low: float
    high: float


def family_tokens(texts: Sequence[str], tokenizer: Tokenizer) -> Iterator[Counted]:
    """Tokens of each text for a family; where by ratio, at the ratio of the texts' common kind."""
    if tokenizer.encoding in OPENAI:
        for tokens in batch_tokens(texts, tokenizer.encoding):
            yield Counted(tokens, tokens, tokens)
    elif is_by_ratio(tokenizer):
        kind = text_kind("\n".join(text[:2000] for text in texts[:50]))
        for tokens in batch_tokens(texts):
            estimate = by_ratio(tokens, tokenizer, kind, Evidence.MEASURED)
            yield Counted(estimate.tokens, estimate.low, estimate.high)
    else:
        for text in texts:
            estimate_of_text = count(text, tokenizer)
            yield Counted(estimate_of_text.tokens, estimate_of_text.low, estimate_of_text.high)
        exact_tokens.cache_clear()

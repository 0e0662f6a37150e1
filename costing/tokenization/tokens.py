"""Text to a number of tokens: exactly by a vocabulary, reconstructed by a package, or by ratio to o200k."""

from __future__ import annotations

import re
import unicodedata
from dataclasses import dataclass
from functools import lru_cache
from typing import Final, Literal

import numpy as np

from i18n.errors import CrossoverError
from i18n.message import N_, Message, literal, message
from pricing.rows import Evidence, Tokenizer

from .text_language import text_kind
from .vocabularies import COUNTED_AS, RECONSTRUCTIONS, VOCABULARIES, is_installed, reconstruction
from .vocabularies import ENCODINGS as ENCODINGS
from .vocabularies import encoding as encoding

Made = Literal["exact", "reconstructed", "estimated"]
MADE: Final = (N_("exact"), N_("reconstructed"), N_("estimated"))
"""Labels of counting methods on the screen."""

REFERENCE_ENCODING: Final = "o200k_base"

CountingMethods = tuple[Message, ...]
"""How tokens were counted, in words."""

MAX_CHARACTERS = 10_000_000
MAX_SPACE_RUN = 100_000
"""Longer runs of white space make the tokenizer's splitter give up."""
MAX_UNBROKEN = 1_000_000
"""Longer runs of letters and digits, or of signs, take a vocabulary more than a second or two."""
MAX_MARKS = 1_000
"""Longer runs of combining marks take NFC a time that grows with their square."""

RECONSTRUCTED_BAND_SHARE = 0.01
"""Either side of a reconstructed count. An assumption: ctok's author reports no miss in held-out code and
1 in 2 million texts it was made from, and Google's SDK counts Gemini with Gemma's vocabulary; we hold no
counts of either vendor to test it with."""
MAX_RECONSTRUCTED = 100_000
"""Characters; a longer text is reconstructed by slices of it."""
SLICES = 20

UNLIKE_SHARE = 0.08
"""What a ratio's band is widened by at each end. The ratios were measured on parallel documents; of other
texts, `python -m perf.bands` found two thirds within those bands as they are."""

_LONG_SPACES = re.compile(rf"(?<!\s)\s{{{MAX_SPACE_RUN + 1}}}")
_UNBROKEN = re.compile(rf"(?<!\w)\w{{{MAX_UNBROKEN + 1}}}|(?<![^\w\s])[^\w\s]{{{MAX_UNBROKEN + 1}}}")
_MARKS = re.compile(rb"[^\0]{%d}" % (MAX_MARKS + 1))


@dataclass(frozen=True, slots=True)
class TokenCount:
    """Token count of a text with its band: `low` to `high` is the 5th to the 95th percentile."""

    tokens: float
    low: float
    high: float
    evidence: Evidence
    counting_methods: CountingMethods
    """The vocabulary, or the ratio with its band; a sum lists each method once."""
    made: Made = "estimated"

    def times(self, factor: float) -> TokenCount:
        """The count times a factor; unchanged if it is empty. For a sample array each value has no band."""
        if not self.tokens:
            return self
        tokens = self.tokens * factor
        low, high = (tokens, tokens) if np.ndim(factor) else (self.low * factor, self.high * factor)
        return TokenCount(tokens, low, high, self.evidence, self.counting_methods, self.made)


def merge_methods(*ways: CountingMethods) -> CountingMethods:
    """Each counting method once, in alphabetical order."""
    return tuple(sorted({way for some in ways for way in some}, key=str))


def repaired(text: str) -> str:
    """The text with lone surrogates replaced, which no tokenizer takes."""
    return text.encode("utf-16", "surrogatepass").decode("utf-16", "replace")


def _composed(text: str) -> str:
    """The text in NFC; raises CrossoverError for runs of combining marks that would take minutes."""
    if unicodedata.is_normalized("NFC", text):
        return text
    if _MARKS.search(bytes(map(unicodedata.combining, text))):
        raise CrossoverError(
            message(
                "the text has more than {limit:,} combining marks in a row (remove the run)", limit=MAX_MARKS
            )
        )
    return unicodedata.normalize("NFC", text)


def _check(text: str) -> None:
    """Raises CrossoverError for a text that no tokenizer can cut in reasonable time."""
    if len(text) > MAX_CHARACTERS:
        raise CrossoverError(
            message(
                "the text has {characters:,} characters, more than {limit:,} (shorten it)",
                characters=len(text),
                limit=MAX_CHARACTERS,
            )
        )
    if _LONG_SPACES.search(text):
        raise CrossoverError(
            message("the text has more than {limit:,} blanks in a row (remove the run)", limit=MAX_SPACE_RUN)
        )
    if len(text) > MAX_UNBROKEN and _UNBROKEN.search(text):
        raise CrossoverError(
            message(
                "the text has more than {limit:,} characters in a row without a break (remove the run)",
                limit=MAX_UNBROKEN,
            )
        )


@lru_cache(maxsize=512)
def exact_tokens(text: str, name: str = REFERENCE_ENCODING) -> int:
    """Tokens of `text` as plain text: special tokens written in it count as their characters.

    Raises CrossoverError for a text that no tokenizer can cut in reasonable time.
    """
    vocabulary = encoding(name)
    _check(text)
    text = repaired(text)
    try:
        if name in VOCABULARIES and VOCABULARIES[name].composes:
            text = _composed(text)
        return len(vocabulary.encode_ordinary(text))
    except BaseException as error:  # a Rust panic is no Exception
        if type(error).__name__ != "PanicException":
            raise
        raise CrossoverError(
            message("the tokenizer gave up on the text (break up very long runs of one kind)")
        ) from error


def count(text: str, tokenizer: Tokenizer) -> TokenCount:
    """Tokens of `text` for a family: by its vocabulary where that is at hand, else by ratio."""
    name = tokenizer.encoding
    if name is None or (tokenizer.extra is not None and not is_installed(tokenizer.extra)):
        return by_ratio(exact_tokens(text), tokenizer, text_kind(text), Evidence.MEASURED)
    if name in RECONSTRUCTIONS:
        return _reconstructed(text, name)
    if name in COUNTED_AS:
        like = COUNTED_AS[name]
        how = message("by the vocabulary {name}", name=like)
        return _in_band(exact_tokens(text, like), RECONSTRUCTED_BAND_SHARE, how)
    tokens = exact_tokens(text, name)
    return TokenCount(tokens, tokens, tokens, Evidence.MEASURED, (literal(name),), "exact")


@lru_cache(maxsize=512)
def _reconstructed(text: str, name: str) -> TokenCount:
    """Count by the package; a long text is counted by slices and scaled by its reference count."""
    reference = exact_tokens(text)
    whole = _composed(repaired(text))
    made = reconstruction(name)
    if len(whole) <= MAX_RECONSTRUCTED:
        tokens, spread = float(made.tokens(whole)), RECONSTRUCTED_BAND_SHARE
        return _in_band(tokens, spread, message("reconstructed by {package}", package=made.by))
    size = MAX_RECONSTRUCTED // SLICES
    places = (slice_ * (len(whole) - size) // (SLICES - 1) for slice_ in range(SLICES))
    slices = [whole[place : place + size] for place in places]
    counts = [(made.tokens(piece), exact_tokens(piece)) for piece in slices]
    ratio = sum(n for n, _ in counts) / sum(n for _, n in counts)
    # Ratio estimate: 1.645 standard errors of the mean either side are the 5th and 95th percentile.
    mean = sum(n for _, n in counts) / SLICES
    variance = sum((n - ratio * m) ** 2 for n, m in counts) / (SLICES - 1)
    error = 1.645 * (variance / SLICES) ** 0.5 / (mean * ratio)
    return _in_band(
        reference * ratio,
        RECONSTRUCTED_BAND_SHARE + error,
        message(
            "reconstructed by {package} from {n} slices of {size:,} characters",
            package=made.by,
            n=SLICES,
            size=size,
        ),
    )


def _in_band(tokens: float, share: float, how: Message) -> TokenCount:
    return TokenCount(
        tokens, tokens * (1 - share), tokens * (1 + share), Evidence.ESTIMATED, (how,), "reconstructed"
    )


def by_ratio(reference_tokens: float, tokenizer: Tokenizer, kind: str, evidence: Evidence) -> TokenCount:
    """Tokens for a family from a count in o200k_base of a text of that kind.

    `evidence` says what the reference count is; a ratio makes it at best an estimate.
    """
    if tokenizer.encoding == REFERENCE_ENCODING:
        how = literal(REFERENCE_ENCODING)
        return TokenCount(reference_tokens, reference_tokens, reference_tokens, evidence, (how,), "exact")
    language = kind if kind in tokenizer.ratios else "en"
    ratio, low, high = (float(x) for x in tokenizer.ratios[language])
    if tokenizer.evidence != Evidence.ASSUMED:
        low, high = low * (1 - UNLIKE_SHARE), high * (1 + UNLIKE_SHARE)
    how = message(
        "{reference} x {ratio:.4g} [{low:.4g} to {high:.4g}], {kind}, {family}",
        reference=REFERENCE_ENCODING,
        ratio=ratio,
        low=low,
        high=high,
        kind=language,
        family=tokenizer.name,
    )
    if tokenizer.extra is not None and not is_installed(tokenizer.extra):
        how = message("{how} (the extra {extra} counts it)", how=how, extra=tokenizer.extra)
    return TokenCount(
        reference_tokens * ratio,
        reference_tokens * low,
        reference_tokens * high,
        Evidence.ASSUMED if Evidence.ASSUMED in (evidence, tokenizer.evidence) else Evidence.ESTIMATED,
        (how,),
    )

"""Tokens of every example of a fine-tuning file, in every tokenizer of an offer."""

from __future__ import annotations

from array import array
from collections.abc import Callable, Iterable, Mapping, Sequence
from dataclasses import dataclass, field
from typing import BinaryIO, Final

import numpy as np
import numpy.typing as npt

from i18n.errors import CrossoverError
from i18n.message import literal
from pricing.rows import Evidence, Tokenizer

from ..cost_lines import weakest
from ..tokenization.bulk import OPENAI, batch_tokens, family_tokens, is_by_ratio
from ..tokenization.chat_format import PER_REQUEST, TOOL_START, framed, with_frame
from ..tokenization.images import low_detail_tokens
from ..tokenization.text_language import text_kind
from ..tokenization.tokens import REFERENCE_ENCODING, CountingMethods, TokenCount, by_ratio
from .training_file import Example, TrainingFile, examples

BATCH_CHARACTERS: Final = 1_000_000
BATCH_EXAMPLES: Final = 2_000

_ROLE, _SYSTEM, _QUESTION, _ANSWER, _REJECTED = KINDS = range(5)
"""Kinds of texts in an example."""

Floats = npt.NDArray[np.float64]
Ints = npt.NDArray[np.int64]


@dataclass(frozen=True, slots=True)
class FamilyTokens:
    """Tokens of each example in one family: in OpenAI's vocabularies with the chat's frame, as OpenAI bills
    them; in others of the texts alone, for no other vendor publishes what a frame is billed for."""

    tokens: Floats
    low: Floats
    high: Floats
    is_framed: bool
    evidence: Evidence
    counting_methods: CountingMethods


@dataclass(frozen=True, slots=True)
class Billed:
    """Tokens of one epoch: every example at its length, or at the vendor's limit."""

    examples: int
    over_limit: int | None
    """Longer than the limit; None where no limit is known."""
    dataset: TokenCount


@dataclass(frozen=True, slots=True)
class MeanTokens:
    """Mean tokens of an example, in the reference encoding without chat frame."""

    system: float
    """System message, which the tuned model is sent as in training."""
    question: float
    """Everything between the system message and the answer, with the tools."""
    answer: float
    """The last message; of a pair, that of the preferred answer."""


@dataclass(frozen=True, slots=True)
class TrainingData:
    """A file that was read to its end, and counted."""

    file: TrainingFile
    families: Mapping[str, FamilyTokens]
    """By the id of the tokenizer; of the texts, without images."""
    mean: MeanTokens
    low_detail_images: Floats
    """Images with detail low of each example."""

    def images(self, base_model: str) -> tuple[Floats, int]:
        """Tokens of the images of each example for a model; and how many media are left out."""
        low_detail = low_detail_tokens(base_model)
        left_out = self.file.unsized_media + (self.file.low_detail_images if low_detail is None else 0)
        return self.low_detail_images * (low_detail or 0), left_out

    @property
    def examples(self) -> int:
        return self.file.examples

    @property
    def lengths(self) -> Floats:
        """Tokens of each example in the reference encoding, with the frame."""
        return self.families[REFERENCE_ENCODING].tokens


def billed(
    family: FamilyTokens, limit: int | None, *, drops: bool = False, images: Floats | float = 0.0
) -> Billed:
    """The tokens of one pass over the examples; longer ones are cut at the limit, or left out whole.

    `images`: tokens of the images of each example, in all ends of the band.
    """
    tokens, low, high = (end + images for end in (family.tokens, family.low, family.high))
    if limit is None:
        return Billed(len(tokens), None, _sum(family, tokens, low, high))
    over = int(np.count_nonzero(tokens > limit))
    if drops:
        kept = tokens <= limit
        ends = (np.minimum(end[kept], limit) for end in (low, high))
        return Billed(len(tokens) - over, over, _sum(family, tokens[kept], *ends))
    ends = (np.minimum(end, limit) for end in (low, high))
    return Billed(len(tokens), over, _sum(family, np.minimum(tokens, limit), *ends))


def _sum(family: FamilyTokens, tokens: Floats, low: Floats, high: Floats) -> TokenCount:
    return TokenCount(
        float(tokens.sum()), float(low.sum()), float(high.sum()), family.evidence, family.counting_methods
    )


def measured(
    stream: BinaryIO,
    name: str,
    tokenizers: Iterable[Tokenizer],
    progress: Callable[[int], None] = lambda _: None,
) -> TrainingData:
    """Read a file, note its faults, and count what can be trained on.

    A batch of examples is held at a time, and of each example its numbers of tokens. The tokenizer of
    the reference encoding must be among them. `progress` is told the bytes read so far.
    """
    file = TrainingFile(name)
    counter = _Counter(file, {row.id: row for row in tokenizers})
    batch: list[_Apart] = []
    characters = 0
    for example in examples(stream, file):
        apart = _taken_apart(example)
        batch.append(apart)
        characters += sum(map(len, apart.texts))
        if characters >= BATCH_CHARACTERS or len(batch) >= BATCH_EXAMPLES:
            counter.add(batch)
            progress(file.bytes)
            batch, characters = [], 0
    counter.add(batch)
    progress(file.bytes)
    return TrainingData(file, counter.families(), counter.mean(), counter.low_detail_images())


@dataclass(slots=True)
class _Apart:
    """An example as texts to count, and the tokens around them."""

    line: int
    texts: list[str] = field(default_factory=list)
    kinds: list[int] = field(default_factory=list)
    frame_tokens: int = PER_REQUEST
    tools: int = 0
    low_detail_images: int = 0
    is_published: bool = True


def _taken_apart(example: Example) -> _Apart:
    apart = _Apart(example.line, low_detail_images=example.content.low_detail_images)
    rejected, tools = example.content.rejected, example.content.tools
    last = len(example.messages) - rejected - 1
    if rejected:  # nobody publishes how a pair is billed
        apart.is_published = False
    for place, item in enumerate(example.messages):
        role = str(item["role"])
        frame = framed([{key: value for key, value in item.items() if key != "role"}])
        kind = _SYSTEM if role in ("system", "developer") else _kind(place, last)
        apart.texts += [role, *frame.texts]
        apart.kinds += [_ROLE, *(kind for _ in frame.texts)]
        apart.frame_tokens += frame.frame_tokens - PER_REQUEST
        apart.is_published = apart.is_published and frame.is_published
    if tools:
        frame = framed((), tools)
        apart.texts += frame.texts
        apart.kinds += [_QUESTION] * len(frame.texts)
        apart.frame_tokens += frame.frame_tokens - PER_REQUEST
        apart.tools = len(tools)
        apart.is_published = apart.is_published and frame.is_published
    return apart


def _kind(place: int, last: int) -> int:
    """The kind of a message by its place; `last` is that of the answer."""
    return _QUESTION if place < last else _ANSWER if place == last else _REJECTED


class _Counter:
    """Numbers of tokens by family, example by example, in arrays that hold nothing else."""

    def __init__(self, file: TrainingFile, tokenizers: Mapping[str, Tokenizer]) -> None:
        self._file = file
        self._tokenizers = tokenizers
        self._ratio = {name for name, row in tokenizers.items() if is_by_ratio(row)}
        self._ends = {name: (array("d"), array("d"), array("d")) for name in tokenizers}
        self._images = array("d")
        self._methods: dict[str, CountingMethods] = {}
        self._assumed: set[str] = set()
        self._sums = np.zeros(len(KINDS))
        self._is_published = True

    def add(self, batch: list[_Apart]) -> None:
        """Count a batch; an example that no tokenizer can cut is a fault of its line."""
        if not batch:
            return
        try:
            self._add(batch)
        except CrossoverError as error:
            if len(batch) > 1:
                middle = len(batch) // 2
                self.add(batch[:middle])
                self.add(batch[middle:])
                return
            self._file.examples -= 1
            self._file.faulty_lines += 1
            self._file.add(batch[0].line, error.errors[0])

    def _add(self, batch: Sequence[_Apart]) -> None:
        texts = [text for example in batch for text in example.texts]
        kinds = np.array([kind for example in batch for kind in example.kinds])
        starts = np.cumsum([0, *(len(example.texts) for example in batch[:-1])])
        frames = np.array([example.frame_tokens for example in batch], dtype=np.float64)
        tools = np.array([example.tools for example in batch], dtype=np.float64)
        is_content = kinds != _ROLE
        reference = np.array(batch_tokens(texts), dtype=np.float64)
        content = np.add.reduceat(np.where(is_content, reference, 0.0), starts)
        counted: dict[str, tuple[Floats, Floats, Floats]] = {}
        for name, row in self._tokenizers.items():
            if row.encoding == REFERENCE_ENCODING:
                exact = np.add.reduceat(reference, starts) + frames
                counted[name] = exact, exact, exact
            elif row.encoding in OPENAI:
                more_a_tool = TOOL_START[row.encoding] - TOOL_START[REFERENCE_ENCODING]
                counts = np.array(batch_tokens(texts, row.encoding), dtype=np.float64)
                exact = np.add.reduceat(counts, starts) + frames + more_a_tool * tools
                counted[name] = exact, exact, exact
            elif name in self._ratio:
                counted[name] = self._by_ratio(row, content, texts, kinds)
            else:
                counted[name] = self._by_vocabulary(row, texts, is_content, starts)
        for name, arrays in counted.items():  # all of them counted: an example is in every family or in none
            for held, more in zip(self._ends[name], arrays, strict=True):
                held.frombytes(more.tobytes())
        self._images.extend(example.low_detail_images for example in batch)
        self._sums += [reference[kinds == kind].sum() for kind in KINDS]
        self._is_published = self._is_published and all(example.is_published for example in batch)

    def _by_vocabulary(
        self, row: Tokenizer, texts: Sequence[str], is_content: npt.NDArray[np.bool_], starts: Ints
    ) -> tuple[Floats, Floats, Floats]:
        counted = np.zeros((3, len(texts)))
        places = np.flatnonzero(is_content).tolist()
        for place, count in zip(places, family_tokens([texts[p] for p in places], row), strict=True):
            counted[:, place] = count.tokens, count.low, count.high
        tokens, low, high = (np.add.reduceat(end, starts) for end in counted)
        return tokens, low, high

    def _by_ratio(
        self, row: Tokenizer, content: Floats, texts: Sequence[str], kinds: Ints
    ) -> tuple[Floats, Floats, Floats]:
        """At the ratio of the kind of text that most of the batch is."""
        sample = [text[:2000] for text, kind in zip(texts, kinds, strict=True) if kind != _ROLE][:50]
        ratio = by_ratio(1.0, row, text_kind("\n".join(sample)), Evidence.MEASURED)
        self._methods[row.id] = ratio.counting_methods
        if ratio.evidence == Evidence.ASSUMED:
            self._assumed.add(row.id)
        return content * ratio.tokens, content * ratio.low, content * ratio.high

    def families(self) -> dict[str, FamilyTokens]:
        families: dict[str, FamilyTokens] = {}
        for name, row in self._tokenizers.items():
            tokens, low, high = (np.frombuffer(end, dtype=np.float64) for end in self._ends[name])
            is_framed = row.encoding in OPENAI
            how = self._methods.get(name, (literal(row.name),))
            if is_framed:
                how = (with_frame(literal(str(row.encoding))),)
            evidence: Evidence = Evidence.ESTIMATED
            if is_framed and self._is_published:
                evidence = Evidence.MEASURED
            elif name in self._assumed:
                evidence = Evidence.ASSUMED
            families[name] = FamilyTokens(tokens, low, high, is_framed, weakest(evidence), how)
        return families

    def low_detail_images(self) -> Floats:
        return np.array(self._images, dtype=np.float64)

    def mean(self) -> MeanTokens:
        examples = max(1, self._file.examples)
        return MeanTokens(*(float(self._sums[kind]) / examples for kind in (_SYSTEM, _QUESTION, _ANSWER)))

"""Tokens of files of any size: streamed in blocks, counted on all cores, in bounded memory."""

from __future__ import annotations

import heapq
import multiprocessing
import os
import sys
from collections import deque
from collections.abc import Callable, Iterable, Iterator
from concurrent.futures import Future, ProcessPoolExecutor
from concurrent.futures.process import BrokenProcessPool
from contextlib import ExitStack, contextmanager
from dataclasses import dataclass, replace
from pathlib import Path
from typing import BinaryIO, Final

from i18n.errors import CrossoverError
from i18n.message import Message, counted, message

from .file_blocks import BlockCount, Format, Sampled, Settings, TextBlock, blocks_of, count_block
from .sampling import SampledTotal, sampled_total
from .tokens import count

SMALL_BYTES = 8_000_000
"""Smaller inputs are counted in this process: starting other processes would take longer."""

MAX_FAULTS = 100
SUFFIXES: Final = (".txt", ".md", ".jsonl")


@dataclass(slots=True)
class FileTokens:
    """The tokens of one file, with their band."""

    name: str
    records: int = 0
    characters: int = 0
    tokens: float = 0.0
    low: float = 0.0
    high: float = 0.0
    chats: int = 0
    counted: bool = True
    """False where nothing of the file could be counted."""

    def add(self, other: BlockCount | FileTokens) -> None:
        self.records += other.records
        self.characters += other.characters
        self.tokens += other.tokens
        self.low += other.low
        self.high += other.high
        self.chats += other.chats


@dataclass(frozen=True, slots=True)
class Total:
    """Counts of each file, their sum, the optional sample, and the errors."""

    files: tuple[FileTokens, ...]
    total: FileTokens
    sampled: SampledTotal | None
    errors: tuple[Message, ...]


def files_of(names: Iterable[str]) -> Iterator[str | Message]:
    """The files of the given names: a folder gives the texts in it; a Message is an error."""
    for name in names:
        path = Path(name)
        if name == "-" or not path.is_dir():
            yield name
            continue
        inside = sorted(p for p in path.rglob("*") if p.suffix.lower() in SUFFIXES and p.is_file())
        if not inside:
            yield message("{place}: no .txt, .md or .jsonl file in it (name the files)", place=name)
        yield from map(str, inside)


def count_files(
    names: Iterable[str],
    settings: Settings,
    *,
    jsonl: bool = False,
    jobs: int | None = None,
    sample: int = 0,
    progress: Callable[[int], None] = lambda _: None,
) -> Total:
    """Tokens of every file; what cannot be counted becomes an error, and the rest is still counted.

    `sample`: count this number of records by the tokenizer, all in the reference encoding, and scale.
    `progress` is called with the bytes counted so far.
    """
    file_totals: list[FileTokens] = []
    errors = _ErrorList()
    drawn: list[tuple[int, Sampled]] = []
    below = 2**64
    done = 0
    with ExitStack() as stack:
        counter = stack.enter_context(_BlockCounter(settings, jobs or _cores()))
        counter.below = below if sample else 0
        for name in files_of(names):
            if isinstance(name, Message):
                errors.add(name)
                continue
            file = FileTokens(name)
            file_totals.append(file)
            faulty = False
            for result in counter.run(
                _read(len(file_totals) - 1, name, jsonl or bool(settings.field), errors, file)
            ):
                file.add(result)
                errors.extend(result.errors)
                faulty = faulty or bool(result.errors)
                done += result.bytes
                progress(done)
                for record in result.sample:
                    heapq.heappush(drawn, (-record.key, record))
                    if len(drawn) > sample:
                        heapq.heappop(drawn)
                        below = drawn[0][1].key
                counter.below = below if sample else 0
            file.counted = file.counted and (file.records > 0 or not faulty)
    total = FileTokens("total")
    for file in file_totals:
        total.add(file)
    sampled = None
    if sample and total.records:
        slow = [_tokens_of_sampled(record, settings) for _, record in drawn]
        reference = [record.reference_tokens for _, record in drawn]
        sampled = sampled_total(reference, slow, round(total.tokens), total.records)
    return Total(tuple(file for file in file_totals if file.counted), total, sampled, errors.all())


def _tokens_of_sampled(record: Sampled, settings: Settings) -> float:
    return record.frame_tokens + sum(count(text, settings.tokenizer).tokens for text in record.texts)


@contextmanager
def opened(name: str) -> Iterator[BinaryIO]:
    """The bytes of one file, or of standard input; raises CrossoverError where it cannot be read."""
    try:
        with ExitStack() as stack:
            yield sys.stdin.buffer if name == "-" else stack.enter_context(Path(name).open("rb"))
    except OSError as error:
        raise CrossoverError(
            message(
                "{place}: cannot be read: {problem} (check the path)",
                place=name,
                problem=error.strerror or str(error),
            )
        ) from error


class _ErrorList:
    """The first errors, and how many more there were."""

    def __init__(self) -> None:
        self._kept: list[Message] = []
        self._more = 0

    def add(self, error: Message) -> None:
        if len(self._kept) < MAX_FAULTS:
            self._kept.append(error)
        else:
            self._more += 1

    def extend(self, errors: Iterable[Message]) -> None:
        for error in errors:
            self.add(error)

    def all(self) -> tuple[Message, ...]:
        if not self._more:
            return tuple(self._kept)
        return (
            *self._kept,
            counted(
                "and {n:,} more fault",
                "and {n:,} more faults",
                self._more,
            ),
        )


def _cores() -> int:
    try:
        return len(os.sched_getaffinity(0))
    except AttributeError:  # not on every system
        return os.cpu_count() or 1


def _read(file: int, name: str, jsonl: bool, errors: _ErrorList, result: FileTokens) -> Iterator[TextBlock]:
    form: Format = "jsonl" if jsonl or name.lower().endswith(".jsonl") else "text"
    try:
        with ExitStack() as stack:
            stream = sys.stdin.buffer if name == "-" else stack.enter_context(Path(name).open("rb"))
            yield from blocks_of(file, name, stream, form)
    except OSError as error:
        result.counted = False
        errors.add(
            message(
                "{place}: cannot be read: {problem} (check the path)",
                place=name,
                problem=error.strerror or str(error),
            )
        )
    except CrossoverError as error:
        errors.extend(error.errors)


class _BlockCounter:
    """Counts blocks: in this process while they are few, then in a pool, a few blocks ahead."""

    def __init__(self, settings: Settings, jobs: int) -> None:
        self._settings, self._jobs = settings, jobs
        self._pool: ProcessPoolExecutor | None = None
        self._seen = 0
        self.below = 0

    def __enter__(self) -> _BlockCounter:
        return self

    def __exit__(self, *_: object) -> None:
        if self._pool is not None:
            self._pool.shutdown(cancel_futures=True)

    def run(self, blocks: Iterable[TextBlock]) -> Iterator[BlockCount]:
        """Counts in the order of the blocks; holds only a few blocks in memory."""
        ahead: deque[Future[BlockCount]] = deque()
        try:
            for block in blocks:
                self._seen += len(block.data)
                if self._jobs == 1 or self._seen < SMALL_BYTES:
                    yield count_block(self._with_threshold(block), self._settings)
                    continue
                if self._pool is None:
                    context = multiprocessing.get_context("spawn")
                    self._pool = ProcessPoolExecutor(self._jobs, mp_context=context)
                ahead.append(self._pool.submit(count_block, self._with_threshold(block), self._settings))
                if len(ahead) > 2 * self._jobs:
                    yield ahead.popleft().result()
            while ahead:
                yield ahead.popleft().result()
        except BrokenProcessPool as error:
            raise CrossoverError(
                message("a counting process died, perhaps for want of memory (try --jobs 1)")
            ) from error

    def _with_threshold(self, block: TextBlock) -> TextBlock:
        if not self.below:
            return block
        return replace(block, below=self.below)

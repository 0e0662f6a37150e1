"""Result store: the newest result files of a folder, each parsed once; uploaded files; the sample."""

from __future__ import annotations

import re
from dataclasses import dataclass
from functools import lru_cache
from hashlib import sha256
from pathlib import Path
from typing import Final

from costing.serving.benchmark_result import BenchResult, read
from i18n.errors import CrossoverError
from i18n.message import Message, message

MAX_FILES: Final = 40
MAX_BYTES: Final = 64 * 2**20
"""Limit for the page to stay fast; use `python -m bench report` for larger results."""

SAMPLE: Final = Path(__file__).with_name("sample.json")
"""Result of a simulated server, shown while there is no other; tools/sample_benchmark.py writes it."""


@dataclass(frozen=True, slots=True)
class ResultStore:
    """Results, newest first, and an error for each file that could not be read."""

    results: dict[str, BenchResult]
    """File name -> result."""
    errors: tuple[Message, ...] = ()
    left_out: int = 0
    """Number of older files that are not shown."""
    is_sample: bool = False
    """The only result is the sample."""


def stored_results(folder: Path) -> ResultStore:
    """Results that are in the folder now; none if it does not exist."""
    try:
        paths = sorted(
            ((path, path.stat()) for path in folder.glob("*.json") if path.is_file()),
            key=lambda file: (file[1].st_mtime_ns, file[0].name),
            reverse=True,
        )
    except OSError:  # a file was removed meanwhile: the next call returns the rest
        paths = []
    results: dict[str, BenchResult] = {}
    errors: list[Message] = []
    for path, about in paths[:MAX_FILES]:
        try:
            results[path.name] = _read(path, about.st_mtime_ns, about.st_size)
        except CrossoverError as error:
            errors += error.errors
    newest = sorted(results.items(), key=lambda item: item[1].started_at, reverse=True)
    return ResultStore(dict(newest), tuple(errors), max(0, len(paths) - MAX_FILES))


def with_sample(store: ResultStore) -> ResultStore:
    """The store, or the sample if it holds no result."""
    if store.results:
        return store
    about = SAMPLE.stat()
    sample = _read(SAMPLE, about.st_mtime_ns, about.st_size)
    return ResultStore({SAMPLE.name: sample}, store.errors, is_sample=True)


def keep_upload(folder: Path, name: str, data: bytes) -> str:
    """Write an uploaded result into the folder; returns its file name, the same for the same content.

    Raises CrossoverError if it is no result, or if the folder cannot be written.
    """
    if len(data) > MAX_BYTES:
        raise _too_large(name)
    read(data, name)
    plain = re.sub(r"[^a-z0-9]+", "-", Path(name).stem.lower()).strip("-")[:40] or "result"
    target = folder / f"{plain}-{sha256(data).hexdigest()[:8]}.json"
    partial = target.with_suffix(".partial")
    try:
        folder.mkdir(parents=True, exist_ok=True)
        partial.write_bytes(data)
        partial.replace(target)
    except OSError as error:
        raise CrossoverError(
            message(
                "{name}: cannot be kept in {folder}: {problem} (look at its permissions and space)",
                name=name,
                folder=str(folder),
                problem=error.strerror or str(error),
            )
        ) from error
    return target.name


def _too_large(name: str) -> CrossoverError:
    return CrossoverError(
        message(
            "{name}: larger than {most} MiB (read it with: python -m bench report)",
            name=name,
            most=MAX_BYTES // 2**20,
        )
    )


@lru_cache(maxsize=2 * MAX_FILES)
def _read(path: Path, changed_ns: int, size: int) -> BenchResult:
    if size > MAX_BYTES:
        raise _too_large(path.name)
    try:
        data = path.read_bytes()
    except OSError as error:
        raise CrossoverError(
            message(
                "{name}: cannot be read: {problem} (look at its permissions)",
                name=path.name,
                problem=error.strerror or str(error),
            )
        ) from error
    return read(data, path.name)

"""The results that are kept: the newest files of the folder, each read once."""

from __future__ import annotations

from dataclasses import dataclass
from functools import lru_cache
from pathlib import Path
from typing import Final

from costing.serving.benchmark_result import BenchResult, read
from i18n.errors import CrossoverError
from i18n.message import Message, message

MAX_FILES: Final = 40
MAX_BYTES: Final = 64 * 2**20
"""A page must stay quick; larger results are for `python -m bench report`."""


@dataclass(frozen=True, slots=True)
class ResultStore:
    """What could be read, newest first, and a line for each file that could not."""

    results: dict[str, BenchResult]
    """By the file's name."""
    errors: tuple[Message, ...] = ()
    left_out: int = 0
    """Older files that are not shown."""


def shelf(folder: Path) -> ResultStore:
    """Of this moment; a folder that is not there is empty."""
    try:
        paths = sorted(
            ((path, path.stat()) for path in folder.glob("*.json") if path.is_file()),
            key=lambda file: (file[1].st_mtime_ns, file[0].name),
            reverse=True,
        )
    except OSError:  # a file went away meanwhile: the next look finds the rest
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


@lru_cache(maxsize=2 * MAX_FILES)
def _read(path: Path, changed_ns: int, size: int) -> BenchResult:
    if size > MAX_BYTES:
        raise CrossoverError(
            message(
                "{name}: larger than {most} MiB (read it with: python -m bench report)",
                name=path.name,
                most=MAX_BYTES // 2**20,
            )
        )
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

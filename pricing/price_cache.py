"""Price-book cache: reloads a company's tables when they change; keeps the last valid version."""

from __future__ import annotations

import os
from collections.abc import Mapping
from dataclasses import dataclass
from pathlib import Path
from threading import Lock

from i18n.errors import CrossoverError
from i18n.message import Message

from .book import PriceBook
from .company_tables import company_files, company_folder, company_texts, layer_of, layered
from .load import shipped_book

_Print = tuple[tuple[str, int, int, int], ...]


@dataclass(frozen=True, slots=True)
class PriceSnapshot:
    """The current prices, and the faults of the company's files if they are newer and invalid."""

    book: PriceBook
    errors: tuple[Message, ...] = ()
    has_company_prices: bool = False
    """Whether the book contains a company's rows, possibly those of the last valid files."""


class PriceCache:
    """Reloads a company's folder when a file changes; thread-safe."""

    def __init__(self) -> None:
        self._lock = Lock()
        self._seen: tuple[PriceBook, Path | None, _Print | None] | None = None
        self._kept: PriceSnapshot | None = None
        self._good: tuple[Path, Mapping[str, bytes]] | None = None

    def kept(self) -> PriceSnapshot:
        """The current prices; raises CrossoverError only if the shipped tables are invalid."""
        shipped, folder = shipped_book(), company_folder()
        if folder is None:
            return PriceSnapshot(shipped)
        with self._lock:
            # Fingerprint before reading: a change in between is noticed next time.
            seen = (shipped, folder, _print_of(folder))
            if self._kept is None or self._seen != seen or seen[2] is None:
                self._kept = self._read(shipped, folder)
                self._seen = seen
            return self._kept

    def _read(self, shipped: PriceBook, folder: Path) -> PriceSnapshot:
        try:
            texts = company_texts(folder)
            book = layered(shipped, texts, layer_of(folder))
        except CrossoverError as error:
            return self._last_good(shipped, folder, error.errors)
        self._good = (folder, texts)
        return PriceSnapshot(book, has_company_prices=True)

    def _last_good(self, shipped: PriceBook, folder: Path, errors: tuple[Message, ...]) -> PriceSnapshot:
        if self._good is None or self._good[0] != folder:
            return PriceSnapshot(shipped, errors)
        try:
            book = layered(shipped, self._good[1], layer_of(folder))
        except CrossoverError as error:  # valid only over the previous shipped tables
            return PriceSnapshot(shipped, (*errors, *error.errors))
        return PriceSnapshot(book, errors, has_company_prices=True)


def _print_of(folder: Path) -> _Print | None:
    """Fingerprint of a folder's files; None if it cannot be read."""
    try:
        return tuple(_file_print(entry) for entry in company_files(folder))
    except (CrossoverError, OSError):
        return None


def _file_print(entry: os.DirEntry[str]) -> tuple[str, int, int, int]:
    status = entry.stat()
    return entry.name, status.st_mtime_ns, status.st_size, status.st_ino

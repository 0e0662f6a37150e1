"""Company price folder layered over the shipped tables: its rows replace or add, its discounts apply."""

from __future__ import annotations

import argparse
import os
from collections.abc import Mapping
from datetime import date
from pathlib import Path
from typing import Final, cast

from i18n.errors import CrossoverError
from i18n.message import Message, message

from .book import PriceBook, suggestion
from .discounts import Discount, discounted
from .lifecycle_references import check_lifecycles
from .load import DISCOUNTS, check_references, key_of, read_tables, shipped_book, texts_of
from .rows import SHIPPED_LAYER, TABLES, Fact

VARIABLE: Final = "CROSSOVER_PRICES"
"""The environment variable that names a company's folder."""

FILES: Final = (*TABLES, DISCOUNTS)
"""What a company's folder may hold, each with the ending .yaml."""

_DISCOUNT_FILE: Final = f"{DISCOUNTS}.yaml"

BESIDE: Final = (".bak", ".tmp", ".md")
"""Endings of files that may lie in a company's folder and are not read."""


def prices_option(parser: argparse.ArgumentParser, *commands: argparse.ArgumentParser) -> None:
    """`--prices DIR`, before the command or after it."""
    for place, default in ((parser, None), *((command, argparse.SUPPRESS) for command in commands)):
        place.add_argument(
            "--prices",
            type=Path,
            default=default,
            metavar="DIR",
            help=f"a company's own tables over the shipped ones; default: {VARIABLE}, if set",
        )


def company_folder(chosen: Path | None = None) -> Path | None:
    """The folder with a company's own prices: the one chosen, or else the environment's, or none."""
    named = os.environ.get(VARIABLE, "").strip()
    return chosen or (Path(named) if named else None)


def current_book(chosen: Path | None = None) -> PriceBook:
    """The shipped tables, with a company's prices over them where a folder is chosen or named."""
    folder = company_folder(chosen)
    return shipped_book() if folder is None else company_book(shipped_book(), folder)


def company_book(base: PriceBook, folder: Path) -> PriceBook:
    """A book with the prices of a company's folder over it."""
    return layered(base, company_texts(folder), layer_of(folder))


def layer_of(folder: Path) -> str:
    """Layer name of a company's rows: the folder's name."""
    path = folder.resolve()
    if path.name == SHIPPED_LAYER:
        raise CrossoverError(
            message("{place}: another layer has this name (rename the folder)", place=str(folder))
        )
    return path.name or str(path)


def company_files(folder: Path) -> list[os.DirEntry[str]]:
    """Files of a company's folder, without hidden files, backups and folders."""
    try:
        with os.scandir(folder) as entries:
            visible = [e for e in entries if not e.name.startswith(".") and not e.name.endswith(BESIDE)]
    except OSError as error:
        raise CrossoverError(
            message(
                "{place}: cannot be read: {problem} (check the path)",
                place=str(folder),
                problem=error.strerror or str(error),
            )
        ) from error
    return sorted((entry for entry in visible if not entry.is_dir()), key=lambda entry: entry.name)


def company_texts(folder: Path) -> dict[str, bytes]:
    """File name -> text of a company's folder; raises CrossoverError for other files or an empty folder."""
    files = company_files(folder)
    known = [f"{name}.yaml" for name in FILES]
    errors: list[Message] = [
        message("{place}: no such table{hint}", place=entry.path, hint=suggestion(entry.name, known))
        for entry in files
        if entry.name not in known
    ]
    if not files:
        errors.append(
            message(
                "{place}: holds no table (put a models.yaml or a discounts.yaml in it)", place=str(folder)
            )
        )
    if errors:
        raise CrossoverError(*errors)
    return texts_of(Path(entry.path) for entry in files)


def layered(
    base: PriceBook, texts: Mapping[str, str | bytes], layer: str, today: date | None = None
) -> PriceBook:
    """A company's tables over those of a book, then its discounts taken off; checked together.

    A row of the same id and day replaces the one below it; any other is added.
    """
    errors: list[Message] = []
    prefix = f"{layer}/"
    rows = read_tables({k: v for k, v in texts.items() if k != _DISCOUNT_FILE}, TABLES, prefix, today, errors)
    below = base.tables()
    check_references(rows, below, errors)
    check_lifecycles(rows, below, errors)
    merged: dict[str, list[Fact]] = {}
    for table, shipped_rows in below.items():
        above = {key_of(row): row.in_layer(layer) for row, _ in rows[table]}
        merged[table] = [row for row in shipped_rows if key_of(row) not in above] + list(above.values())
    are_tables_good = not errors
    agreed = read_tables(
        {k: v for k, v in texts.items() if k == _DISCOUNT_FILE}, {DISCOUNTS: Discount}, prefix, today, errors
    )
    if are_tables_good:  # a faulty table lacks rows that a discount may refer to
        try:
            merged = discounted(
                merged, [(cast(Discount, row.in_layer(layer)), place) for row, place in agreed[DISCOUNTS]]
            )
        except CrossoverError as error:
            errors += error.errors
    if errors:
        raise CrossoverError(*errors)
    return PriceBook(merged)

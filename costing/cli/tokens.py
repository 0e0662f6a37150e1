"""The commands that count and price texts: tokens, image, rank."""

from __future__ import annotations

import argparse
import json
import sys
from collections.abc import Callable
from dataclasses import asdict
from pathlib import Path
from typing import Any

import pandas as pd

from frames.frame import records
from frames.json import json_records
from i18n.command_line import day
from i18n.errors import CrossoverError
from i18n.message import Message, listed, message
from pricing.book import PriceBook
from pricing.catalogue import catalogue
from pricing.company_tables import current_book
from pricing.load import shipped_book, today
from pricing.names.suggest import product_hint
from pricing.rows import TABLES, EmbeddingPrice, ModelPrice, OpenModel, Tokenizer, TunedPrice

from ..ranking.text_costs import of_text, text_prices
from ..tokenization.bulk import OPENAI, engine, is_by_ratio
from ..tokenization.chat_format import FRAME, is_checked
from ..tokenization.file_blocks import Settings
from ..tokenization.file_counts import FileTokens, Total, count_files
from ..tokenization.images import DETAILS, image_tokens
from ..tokenization.tokens import ENCODINGS, REFERENCE_ENCODING, encoding, exact_tokens

PROGRESS_BYTES = 4_000_000
DEFAULT_OUTPUT_TOKENS = 300

ReadText = Callable[[str], str]
Write = Callable[[Path, pd.DataFrame], None]


def add_commands(commands: Any, text_from: ReadText, write: Write) -> list[argparse.ArgumentParser]:
    """Add the commands; returns the parsers of those that read price tables. `text_from` reads one file."""
    parser = commands.add_parser("tokens", help="count the tokens of files, folders or standard input")
    parser.add_argument(
        "files", nargs="+", metavar="PATH", help="text, JSONL or a folder; - is standard input"
    )
    vocabulary_options(parser)
    parser.add_argument("--field", default="", metavar="NAME", help="count this field of every JSONL record")
    parser.add_argument("--jsonl", action="store_true", help="take every file for JSONL, whatever its name")
    parser.add_argument(
        "--jobs", type=whole_number(64), metavar="N", help="processes; as many as there are cores"
    )
    parser.add_argument(
        "--sample",
        type=whole_number(1_000_000),
        default=0,
        metavar="N",
        help=f"count N records only, all in {REFERENCE_ENCODING}, and print the interval",
    )
    parser.add_argument("--seed", type=int, default=0, metavar="N", help="which records a sample takes")
    parser.add_argument("--json", action="store_true", help="print one JSON object")
    parser.set_defaults(run=_tokens)
    priced = [parser]

    parser = commands.add_parser("image", help="tokens of an image, by its size and the model")
    parser.add_argument("size", type=_size, metavar="WIDTHxHEIGHT")
    parser.add_argument("--model", required=True, metavar="ID")
    parser.add_argument("--detail", choices=DETAILS, default="high")
    parser.set_defaults(run=_image)

    parser = commands.add_parser("rank", help="what a text or a workload costs with every model")
    parser.add_argument(
        "file", metavar="FILE", nargs="?", help="text, Markdown or JSONL; - is standard input"
    )
    parser.add_argument(
        "--output-tokens",
        type=whole_number(10_000_000, least=0),
        default=DEFAULT_OUTPUT_TOKENS,
        metavar="N",
        help=f"of an answer, in {REFERENCE_ENCODING}; default {DEFAULT_OUTPUT_TOKENS}",
    )
    parser.add_argument("--on", type=day, metavar="DATE", help="price on another day, as 2026-11-22")
    parser.add_argument("--csv", type=Path, metavar="FILE", help="write every row and column")
    parser.add_argument("--json", action="store_true", help="print one JSON object")
    parser.set_defaults(run=lambda options: _rank(options, text_from, write))
    return [*priced, parser]


def vocabulary_options(parser: argparse.ArgumentParser) -> None:
    """Add the options --encoding and --model."""
    parser.add_argument("--encoding", metavar="E", help=f"one of {', '.join(ENCODINGS)}")
    parser.add_argument("--model", default="", metavar="ID", help="count as this model of the price tables")


def whole_number(most: int, least: int = 1) -> Callable[[str], int]:
    """Converter for an argument: a whole number within limits."""

    def parse(text: str) -> int:
        if not (text.isascii() and text.isdecimal() and len(text) < 12 and least <= int(text) <= most):
            raise argparse.ArgumentTypeError(f"'{text}' is not a whole number from {least} to {most:,}")
        return int(text)

    return parse


def _size(text: str) -> tuple[int, int]:
    width, _, height = text.lower().partition("x")
    if not (text.isascii() and width.isdecimal() and height.isdecimal() and len(text) < 20):
        raise argparse.ArgumentTypeError(f"'{text}' is not a size in pixels (write 1024x768)")
    return int(width), int(height)


def tokenizer_of(book: PriceBook, model: str) -> Tokenizer:
    """The tokenizer of a model of any table or of the catalogue, however its name is written.

    Raises CrossoverError with an id of the same product, where there is one.
    """
    shapes = {row_id.lower(): row_id for table, row_id in book.ids() if TABLES[table] is OpenModel}
    if model.lower() in shapes:
        shape = book.history(OpenModel, shapes[model.lower()])[-1]
        return book.history(Tokenizer, shape.tokenizer)[-1]
    row_id = book.names.find(model)
    if isinstance(row_id, Message):
        raise CrossoverError(row_id)
    if row_id is None:
        hint = book.names.hint(model)
        if not str(hint):
            hint = product_hint(model, shapes.values())
        raise CrossoverError(
            message(
                "no model '{id}' in the price tables{hint} (see python -m pricing models)",
                id=model,
                hint=hint,
            )
        )
    history = book.history(book.quoted[row_id], row_id) if row_id in book.quoted else ()
    row = (history or catalogue().histories[row_id])[-1]
    if not isinstance(row, ModelPrice | TunedPrice | EmbeddingPrice):
        raise TypeError(f"{row_id} has no tokenizer")
    return book.history(Tokenizer, row.tokenizer)[-1]


def chosen_tokenizer(options: argparse.Namespace) -> Tokenizer:
    """The tokenizer that --encoding or --model names; by default the reference encoding."""
    if options.model and options.encoding:
        raise CrossoverError(message("--encoding and --model both given (give one of them)"))
    book = current_book(options.prices)
    if options.model:
        return tokenizer_of(book, options.model)
    name = options.encoding or REFERENCE_ENCODING
    encoding(name)
    rows = (book.history(Tokenizer, row_id)[-1] for table, row_id in book.ids() if table == "tokenizers")
    return next(row for row in rows if row.encoding == name)


def _tokens(options: argparse.Namespace) -> int:
    tokenizer = chosen_tokenizer(options)
    if options.sample and is_by_ratio(tokenizer):
        raise CrossoverError(
            message(
                "--sample: '{id}' has no counter here, only a ratio (leave --sample out)", id=tokenizer.id
            )
        )
    warning = engine(tokenizer.encoding if tokenizer.encoding in OPENAI else REFERENCE_ENCODING).warning
    if warning is not None:
        print(warning, file=sys.stderr)
    progress = CountProgress()
    total = count_files(
        options.files,
        Settings(tokenizer, options.field, options.seed),
        jsonl=options.jsonl,
        jobs=options.jobs,
        sample=options.sample,
        progress=progress,
    )
    progress.end()
    if options.json:
        print(json.dumps(_json(total, tokenizer, _row_id(options.model)), ensure_ascii=False, indent=2))
    else:
        _print(total, tokenizer)
    if total.errors:
        raise CrossoverError(*total.errors)
    return 0


class CountProgress:
    """Progress line of counted megabytes; shown only on a terminal."""

    def __init__(self) -> None:
        self._next = PROGRESS_BYTES if sys.stderr.isatty() else sys.maxsize
        self._shown = False

    def __call__(self, done: int) -> None:
        if done >= self._next:
            self._next = done + PROGRESS_BYTES
            self._shown = True
            print(f"\r{done / 1e6:,.0f} MB", end="", file=sys.stderr, flush=True)

    def end(self) -> None:
        """Clear the progress line."""
        if self._shown:
            print("\r" + " " * 20, end="\r", file=sys.stderr, flush=True)


def _print(total: Total, tokenizer: Tokenizer) -> None:
    for file in total.files:
        print(f"{file.tokens:>12.0f}  {file.name}{_band(file)}")
    if len(total.files) > 1:
        print(f"{total.total.tokens:>12.0f}  total ({total_in(total, tokenizer)}){_band(total.total)}")
    if total.total.chats:
        print(f"{total.total.chats} chats, each with its {FRAME}")
    if total.sampled is not None:
        sampled = total.sampled
        print(
            f"{sampled.tokens:.0f} in {tokenizer.name} [95 %: {sampled.low:.0f} to {sampled.high:.0f}], "
            f"from {sampled.sample} of {sampled.records} records"
        )
    if total.sampled is None and len(total.files) == 1 and is_by_ratio(tokenizer):
        print(f"by ratio: {tokenizer.name}")


def total_in(total: Total, tokenizer: Tokenizer) -> str:
    """Name of the unit of the total: tokenizer or encoding."""
    return tokenizer.id if total.sampled is None else REFERENCE_ENCODING


def _band(file: FileTokens) -> str:
    return "" if file.low == file.high else f"  [{file.low:.0f} to {file.high:.0f}]"


def _json(total: Total, tokenizer: Tokenizer, model: str) -> dict[str, Any]:
    estimated = is_by_ratio(tokenizer) or (total.total.chats > 0 and not is_checked(model))
    return {
        "tokenizer": total_in(total, tokenizer),
        "evidence": "estimated" if estimated else "measured",
        "files": [_file_json(file) for file in total.files],
        "total": _file_json(total.total),
        "sampled": None if total.sampled is None else {"tokenizer": tokenizer.id, **asdict(total.sampled)},
        "faults": [str(error) for error in total.errors],
    }


def _file_json(file: FileTokens) -> dict[str, Any]:
    values = asdict(file)
    values.pop("counted")
    return values


def _image(options: argparse.Namespace) -> int:
    width, height = options.size
    tokens = image_tokens(_row_id(options.model), width, height, options.detail)
    print(f"{tokens.tokens:.0f} tokens ({tokens.evidence}: {listed(tokens.counting_methods)})")
    return 0


def _row_id(model: str) -> str:
    """The id of a model's row, by which the rules of chats and images are listed; else the name itself."""
    row_id = shipped_book().names.find(model)
    return row_id if isinstance(row_id, str) else model


def _rank(options: argparse.Namespace, text_from: ReadText, write: Write) -> int:
    book = current_book(options.prices)
    text = text_from(options.file)
    if not text.strip():
        raise CrossoverError(message("{place}: nothing but blanks in it (choose a text)", place=options.file))
    prices = book.on(options.on or today())
    table = text_prices(of_text(text, options.output_tokens), prices, len(text))
    if options.csv is not None:
        write(options.csv, table)
    if options.json:
        print(json.dumps({"on": prices.day.isoformat(), "rows": json_records(table)}, indent=2))
        return 0
    print(f"{exact_tokens(text):,} tokens ({REFERENCE_ENCODING}) in, {options.output_tokens:,} out;", end=" ")
    print(f"prices of {prices.day}; USD per 1,000 requests")
    print(f"{'rank':>4} {'list':>4}  {'USD':>12}  {'tokens':>9}  model")
    for row in records(table):
        usd, low, high = (row[f"usd_per_1k_requests{end}"] for end in ("", "_low", "_high"))
        amount = "does not fit" if usd is None else f"{usd:,.6f}"
        band = "" if low == high else f"  [{low:,.6f} to {high:,.6f}]"
        print(
            f"{row['rank'] or '-':>4} {row['rank_per_mtok'] or '-':>4}  {amount:>12}  "
            f"{row['input_tokens']:>9,.0f}  {row['model']}{band}"
        )
    return 0

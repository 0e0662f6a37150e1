"""Prices a CSV of usage in order and in bounded memory; the output is written only when complete."""

from __future__ import annotations

import os
import tempfile
from collections import Counter
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from dataclasses import dataclass, field
from decimal import Decimal
from pathlib import Path
from typing import Any, Final

import numpy as np
import pyarrow as pa
import pyarrow.compute as pc
import pyarrow.csv as pcsv

from i18n.errors import CrossoverError
from i18n.message import Message, message

from .model_names import Resolver
from .moments import moments
from .quote import QuoteAmounts, Requests, quote_many
from .rate_card import STANDARD, Ints, RateCard
from .usage_header import ADDED, COUNTS, INSTEAD, NEEDED, TIER, UsageHeader, checked_header, separator_of

BLOCK_BYTES: Final = 16 * 2**20
HEADER_BYTES: Final = 2**20

_COUNT: Final = r"^-?\d{1,15}$"

NOT_A_COUNT: Final = message("a number of tokens that is not a whole number (write digits only)")
NOT_A_MOMENT: Final = message("a date that is not ISO 8601 (write 2026-11-22T12:00:00Z)")
SINCE_1970: Final = message("seconds since 1970 in place of a date (write it as 2026-11-22T12:00:00Z)")


@dataclass(slots=True)
class QuoteTotals:
    """Result of pricing a file."""

    rows: int = 0
    units: int = 0
    digits: int = 12
    refused: Counter[str] = field(default_factory=Counter)
    unread: tuple[str, ...] = ()
    """Columns that look like numbers of tokens and are in no amount."""

    @property
    def usd(self) -> Decimal:
        return Decimal(self.units).scaleb(-self.digits)


def quote_file(
    resolver: Resolver, source: Path, target: Path, progress: Callable[[int], None] = lambda rows: None
) -> QuoteTotals:
    """Price every row of `source` into `target`, with `amount_usd`, `price_ref` and `refused` added.

    Columns: provider, model, date, input_tokens (the inclusive total), output_tokens; where there are any,
    cached_tokens, cache_write_tokens, cache_write_1h_tokens, reasoning_tokens, tier. Others are passed on.
    uncached_input_tokens may stand for input_tokens, answer_tokens (without reasoning) for output_tokens.
    A row that cannot be priced keeps its place, with a blank amount and the reason. Raises CrossoverError
    where the file cannot be read; `target` is then left as it was.
    """
    with _readable(source):
        header = _header(source)
    summary = QuoteTotals(unread=header.unread)
    keys = _Keys(resolver)
    folder = target.parent
    try:
        handle, name = tempfile.mkstemp(dir=folder, prefix=f".{target.name}.", suffix=".part")
        os.close(handle)
    except OSError as error:
        raise _unwritable(target, error) from error
    part = Path(name)
    try:
        writer: Any = None
        for block in _blocks(source, header):
            priced = _priced(block, keys, summary).rename_columns([*header.names, *ADDED])
            if writer is None:  # the first block
                options = pcsv.WriteOptions(
                    quoting_style="needed", quoting_header="needed", delimiter=header.separator
                )
                writer = pcsv.CSVWriter(part, priced.schema, write_options=options)
            writer.write_table(priced)
            progress(summary.rows)
        writer.close()
        part.chmod(0o644)
        part.replace(target)
    except OSError as error:
        raise _unwritable(target, error) from error
    finally:
        part.unlink(missing_ok=True)
    return summary


def _unwritable(target: Path, error: OSError) -> CrossoverError:
    return CrossoverError(
        message(
            "{place}: cannot be written: {problem} (choose another path)",
            place=str(target),
            problem=error.strerror or str(error),
        )
    )


class _Keys:
    """The models seen so far, as one rate card that grows when a block brings new ones."""

    def __init__(self, resolver: Resolver) -> None:
        self._resolver = resolver
        self._numbers: dict[tuple[str, str, str], int] = {}
        self._resolved: list[Any] = []
        self.card = RateCard([])

    def of(self, names: list[tuple[str, str, str]]) -> list[int]:
        new = [name for name in names if name not in self._numbers]
        for provider, model, tier in new:
            self._numbers[provider, model, tier] = len(self._resolved)
            self._resolved.append(self._resolver.key(provider, model, tier))
        if new:
            self.card = RateCard(self._resolved)
        return [self._numbers[name] for name in names]


def _header(source: Path) -> UsageHeader:
    with pa.OSFile(str(source)) as file:
        separator = separator_of(file.read(HEADER_BYTES).partition(b"\n")[0])
    names = pcsv.open_csv(
        source,
        read_options=pcsv.ReadOptions(block_size=HEADER_BYTES),
        parse_options=pcsv.ParseOptions(delimiter=separator),
    ).schema.names
    return checked_header(source, separator, names)


def _blocks(source: Path, header: UsageHeader) -> Iterator[pa.Table]:
    """Tables of text columns, whatever the values look like, under the names to read them by."""
    columns = header.columns
    with _readable(source):
        reader = pcsv.open_csv(
            source,
            read_options=pcsv.ReadOptions(block_size=BLOCK_BYTES, use_threads=False),
            parse_options=pcsv.ParseOptions(newlines_in_values=True, delimiter=header.separator),
            convert_options=pcsv.ConvertOptions(
                column_types=dict.fromkeys(header.names, pa.string()), strings_can_be_null=False
            ),
        )
        is_empty = True
        for batch in reader:
            yield pa.Table.from_batches([batch]).rename_columns(columns)
            is_empty = False
        if is_empty:  # only a header line
            yield pa.table({name: pa.array([], pa.string()) for name in columns})


@contextmanager
def _readable(source: Path) -> Iterator[None]:
    """Raises CrossoverError where the file cannot be read, or is no table."""
    try:
        yield
    except OSError as error:
        raise CrossoverError(
            message(
                "{place}: cannot be read: {problem} (check the path)",
                place=str(source),
                problem=error.strerror or str(error),
            )
        ) from error
    except pa.ArrowInvalid as error:
        raise CrossoverError(
            message(
                "{place}: not a table of comma-separated values in UTF-8: {problem} (correct the file)",
                place=str(source),
                problem=str(error).splitlines()[0][:200],
            )
        ) from error


def _priced(block: pa.Table, keys: _Keys, summary: QuoteTotals) -> pa.Table:
    wrong = np.zeros(block.num_rows, dtype=np.int64)
    counts = {name: _counts(block, name, wrong) for name in (*COUNTS, *INSTEAD.values())}
    _to_totals(counts)
    at = _moments(block, wrong)
    card_keys = _card_keys(block, keys)
    requests = Requests(
        keys=card_keys,
        at=at,
        **{name: values for name, values in counts.items() if values is not None},
    )
    amounts = quote_many(keys.card, requests)
    reasons = [*amounts.reasons, NOT_A_COUNT, NOT_A_MOMENT, SINCE_1970]
    refused = np.where(wrong > 0, len(amounts.reasons) + wrong, amounts.refused)
    units = np.where(refused > 0, 0, amounts.units)
    _add_up(summary, amounts, units, refused, reasons)
    span = keys.card.span_of(card_keys, at)
    texts = pa.array(["", *(str(reason) for reason in reasons)])
    refs = pa.array(["" if row is None else row.ref for row in keys.card.rows])
    priced = block.append_column("amount_usd", _decimal_text(units, refused, amounts.digits))
    priced = priced.append_column(
        "price_ref", pc.if_else(pa.array(refused > 0), "", refs.take(pa.array(span)))
    )
    return priced.append_column("refused", texts.take(pa.array(refused)))


def _add_up(
    summary: QuoteTotals, amounts: QuoteAmounts, units: Ints, refused: Ints, reasons: list[Message]
) -> None:
    summary.rows += len(units)
    if amounts.digits > summary.digits:
        summary.units *= 10 ** (amounts.digits - summary.digits)
        summary.digits = amounts.digits
    sum_here = (int((units >> 32).sum()) << 32) + int((units & 0xFFFFFFFF).sum())
    summary.units += sum_here * 10 ** (summary.digits - amounts.digits)
    for number, count in zip(*np.unique(refused[refused > 0], return_counts=True), strict=True):
        summary.refused[str(reasons[int(number) - 1])] += int(count)


def _card_keys(block: pa.Table, keys: _Keys) -> Ints:
    """The number of each row's model on the rate card; a name is looked up once."""
    names = [block["provider"], block["model"]]
    if TIER in block.column_names:
        names.append(pc.if_else(pc.equal(block[TIER], ""), STANDARD, block[TIER]))
    joined = pc.binary_join_element_wise(*names, "\x1f").combine_chunks().dictionary_encode()
    key_texts = [(*text.split("\x1f"), STANDARD)[:3] for text in joined.dictionary.to_pylist()]
    numbers = np.array(keys.of(key_texts), dtype=np.int64)
    card_keys: Ints = numbers[joined.indices.to_numpy()]
    return card_keys


def _to_totals(counts: dict[str, Ints | None]) -> None:
    """Put the inclusive totals in the place of the columns that leave out cached or reasoning tokens."""
    for total, parts in (
        ("input_tokens", ("cached_tokens", "cache_write_tokens", "cache_write_1h_tokens")),
        ("output_tokens", ("reasoning_tokens",)),
    ):
        rest = counts.pop(INSTEAD[total])
        if rest is not None:
            listed = [values for part in parts if (values := counts[part]) is not None]
            counts[total] = np.where(rest < 0, rest, sum(listed, rest))  # a negative number stays one


def _counts(block: pa.Table, name: str, wrong: Ints) -> Ints | None:
    if name not in block.column_names:
        return None
    text = pc.utf8_trim_whitespace(block[name])
    if name not in (*NEEDED, *INSTEAD.values()):
        text = pc.if_else(pc.equal(text, ""), "0", text)
    good = pc.match_substring_regex(text, _COUNT)
    _mark(wrong, good, 1)
    return np.asarray(pc.if_else(good, text, "0").cast(pa.int64()).combine_chunks().to_numpy())


def _moments(block: pa.Table, wrong: Ints) -> Ints:
    """Seconds since 1970 of the column "date"."""
    seconds, good, epoch = moments(block["date"])
    _mark(wrong, pc.or_(good, epoch), 2)
    _mark(wrong, good, 3)
    return seconds


def _mark(wrong: Ints, good: pa.ChunkedArray, reason: int) -> None:
    bad = ~np.asarray(good.combine_chunks().to_numpy(zero_copy_only=False))
    wrong[bad & (wrong == 0)] = reason


def _decimal_text(units: Ints, refused: Ints, digits: int) -> pa.Array:
    """Exact amounts as text without needless zeros; blank where refused."""
    wide = pa.array(units).cast(pa.decimal128(38, 0))
    exact = pa.Array.from_buffers(pa.decimal128(38, digits), len(wide), wide.buffers())
    text = pc.replace_substring_regex(exact.cast(pa.string()), r"(\.\d*?)0+$", r"\1")
    return pc.if_else(pa.array(refused > 0), "", pc.utf8_rtrim(text, "."))

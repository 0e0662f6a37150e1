"""The command `quote`: one request, or a CSV of them."""

from __future__ import annotations

import argparse
import json
import sys
from datetime import datetime
from pathlib import Path
from typing import Any

from i18n.errors import CrossoverError
from i18n.message import message

from ..book import PriceBook
from .model_names import Resolver
from .moment_forms import moment
from .quote import Quote, Usage, quote
from .rate_card import STANDARD, TIERS


def add_to(commands: Any) -> argparse.ArgumentParser:
    """Add the command and its options; the caller sets the function to run."""
    command: argparse.ArgumentParser = commands.add_parser(
        "quote", help="what a request costs, exactly; or every row of a CSV"
    )
    command.add_argument(
        "--model", metavar="ID", help="a model of the tables, or of the catalogue behind them"
    )
    command.add_argument("--at", type=_moment, metavar="ISO8601", help="when; without a zone it is UTC")
    prompt = command.add_mutually_exclusive_group()
    prompt.add_argument(
        "--input", type=int, default=0, metavar="N", help="prompt tokens, cached ones included"
    )
    prompt.add_argument(
        "--uncached-input", type=int, metavar="N", help="without those read from and written to the cache"
    )
    command.add_argument("--cached", type=int, default=0, metavar="N", help="of these, read from the cache")
    command.add_argument(
        "--cache-write", type=int, default=0, metavar="N", help="of these, written to the cache"
    )
    command.add_argument(
        "--cache-write-1h", type=int, default=0, metavar="N", help="of these, kept for an hour"
    )
    answer = command.add_mutually_exclusive_group()
    answer.add_argument(
        "--output", type=int, default=0, metavar="N", help="tokens answered, reasoning included"
    )
    answer.add_argument("--answer", type=int, metavar="N", help="tokens answered, without reasoning")
    command.add_argument("--reasoning", type=int, default=0, metavar="N", help="of these, reasoning")
    command.add_argument("--tier", default=STANDARD, metavar="TIER", help=", ".join(TIERS))
    command.add_argument("--json", action="store_true", help="as JSON, amounts as exact text")
    command.add_argument("--batch", type=Path, metavar="IN.csv", help="price every row of a file instead")
    command.add_argument("--out", type=Path, metavar="OUT.csv", help="where the priced rows go")
    return command


def run_quote(options: argparse.Namespace, book: PriceBook, now: datetime) -> int:
    """Print a quote, or price a file."""
    resolver = Resolver(book)
    if options.batch is not None:
        return _batch(options, resolver)
    if options.model is None:
        raise CrossoverError(message("no --model (name one, or a file with --batch IN.csv --out OUT.csv)"))
    written = options.cache_write + options.cache_write_1h
    rest, answer = options.uncached_input, options.answer
    usage = Usage(
        input_tokens=options.input if rest is None else rest + options.cached + written,
        cached_tokens=options.cached,
        cache_write_tokens=options.cache_write,
        cache_write_1h_tokens=options.cache_write_1h,
        output_tokens=options.output if answer is None else answer + options.reasoning,
        reasoning_tokens=options.reasoning,
    )
    at = options.at or now
    priced = quote(resolver, options.model, usage, at, options.tier)
    print(
        json.dumps(_as_json(priced, at), indent=2, ensure_ascii=False) if options.json else _as_text(priced)
    )
    return 0


def _batch(options: argparse.Namespace, resolver: Resolver) -> int:
    from .csv_file import quote_file  # Arrow is not needed, nor loaded, for one request

    if options.out is None:
        raise CrossoverError(message("no --out (name the file for the priced rows)"))

    def progress(rows: int) -> None:
        if sys.stderr.isatty():
            print(f"\r{rows:,} rows", end="", file=sys.stderr, flush=True)

    summary = quote_file(resolver, options.batch, options.out, progress)
    if sys.stderr.isatty():
        print(file=sys.stderr)
    print(f"{summary.rows:,} rows, {sum(summary.refused.values()):,} refused: {summary.usd:f} USD")
    for reason, count in summary.refused.most_common():
        print(f"  {count:,} refused: {reason}")
    for name in summary.unread:
        what = message(
            "{place}: column '{name}' is not read: its tokens are in no amount (add text tokens to "
            "input_tokens or output_tokens; audio and images have prices of their own)",
            place=str(options.batch),
            name=name,
        )
        print(message("warning: {what}", what=what), file=sys.stderr)
    return 0


def _as_text(priced: Quote) -> str:
    rows = [
        (line.component, f"{line.quantity:,}", f"{line.usd_per_mtok:f}", f"{_short(line.usd)}")
        for line in priced.lines
    ]
    rows.insert(0, ("", "tokens", "USD per Mtok", "USD"))
    rows.append(("total", "", "", _short(priced.usd)))
    widths = [max(len(row[i]) for row in rows) for i in range(4)]
    table = [
        row[0].ljust(widths[0]) + "".join("  " + row[i].rjust(widths[i]) for i in range(1, 4)) for row in rows
    ]
    where = f"{priced.row.ref} ({priced.row.layer}, {priced.tier})"
    return "\n".join([where, *table, f"source: {priced.row.source}, checked on {priced.row.checked_on}"])


def _as_json(priced: Quote, at: datetime) -> dict[str, object]:
    return {
        "model": priced.row.id,
        "at": at.isoformat(),
        "tier": priced.tier,
        "usd": _short(priced.usd),
        "lines": [
            {
                "component": line.component,
                "quantity": line.quantity,
                "usd_per_mtok": f"{line.usd_per_mtok:f}",
                "usd": _short(line.usd),
            }
            for line in priced.lines
        ],
        "price_ref": priced.row.ref,
        "layer": priced.row.layer,
        "evidence": priced.row.evidence,
        "source": priced.row.source,
        "checked_on": priced.row.checked_on.isoformat(),
    }


def _short(usd: Any) -> str:
    """All significant digits, without an exponent."""
    return f"{usd.normalize():f}"


def _moment(text: str) -> datetime:
    try:
        return moment(text)
    except ValueError as error:
        raise argparse.ArgumentTypeError(
            f"'{text}' is no date and time (write 2026-11-22T12:00:00Z)"
        ) from error

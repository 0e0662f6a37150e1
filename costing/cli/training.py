"""The command `training`: checks a fine-tuning file and prints what training on it costs and saves."""

from __future__ import annotations

import argparse
import json
import sys
from collections.abc import Callable, Sequence
from dataclasses import asdict
from datetime import date
from decimal import Decimal
from pathlib import Path
from typing import Any, Final

import pandas as pd

from frames.csv import frame_csv
from frames.frame import records
from i18n.command_line import day
from i18n.errors import CrossoverError
from i18n.message import listed, message
from pricing.company_tables import current_book
from pricing.load import today
from pricing.rows import Tokenizer, TunedPrice

from ..currency import DOLLAR, Currency, currency_on
from ..fine_tuning.cost import Job, jobs, tokenizers, training_costs
from ..fine_tuning.lengths import length_counts, lengths
from ..fine_tuning.one_vocabulary import in_one_vocabulary
from ..fine_tuning.savings import Savings, assumed_epochs, savings
from ..fine_tuning.tokens import TrainingData, measured
from ..fine_tuning.training_file import TrainingFile
from ..reports.fine_tuning import tuning_savings
from ..scenario.library import load_scenario
from ..scenario.row_ids import with_row_ids
from ..scenario.scenario import Scenario
from ..tokenization.file_counts import opened
from ..tokenization.tokens import REFERENCE_ENCODING
from .tokens import CountProgress, chosen_tokenizer, vocabulary_options, whole_number

MAX_SAID: Final = 100
"""How many errors, and how many warnings, are printed; the others are only counted."""
DEFAULT_EXAMPLE_TOKENS: Final = 65_536
"""Token limit of a training example for GPT-4o and GPT-4.1 (https://platform.openai.com/docs/guides/fine-tuning)."""

Write = Callable[[Path, bytes], None]


def add_options(parser: argparse.ArgumentParser) -> None:
    """Options of the command."""
    parser.add_argument("file", metavar="FILE.jsonl", help="an example on each line; - is standard input")
    parser.add_argument("--scenario", metavar="SCENARIO.yaml", help="compare with its prompt, at its volume")
    parser.add_argument("--on", type=day, metavar="DATE", help="price on another day, as 2026-11-22")
    parser.add_argument(
        "--epochs", type=whole_number(100), metavar="N", help="default: as OpenAI chooses; for others 3"
    )
    parser.add_argument("--csv", type=Path, metavar="FILE", help="write the cost of every offer")
    parser.add_argument("--savings-csv", type=Path, metavar="FILE", help="write what every offer saves")
    parser.add_argument("--json", action="store_true", help="print one JSON object")
    vocabulary_options(parser)
    parser.add_argument(
        "--max-example-tokens",
        type=whole_number(10_000_000),
        metavar="N",
        help="count for one model or encoding only, the rest of an example being cut",
    )


def run(options: argparse.Namespace, write: Write) -> int:
    """Run the command. Returns 0; raises CrossoverError with every error of the file."""
    if options.encoding or options.model or options.max_example_tokens:
        return _one_family(options)
    book = current_book(options.prices)
    scenario = with_row_ids(load_scenario(options.scenario), book) if options.scenario else None
    prices = book.on(options.on or (scenario.on if scenario else today()))
    data = _read(options.file, tokenizers(prices))
    if data.file.errors:
        raise data.file.as_error(MAX_SAID)
    training_jobs = jobs(data, prices, epochs=options.epochs, assumed_epochs=assumed_epochs(scenario))
    saved = savings(data, training_jobs, scenario, prices) if scenario else None
    currency = currency_on(scenario.currency, prices) if scenario else DOLLAR
    table = training_costs(training_jobs, currency=currency)
    if options.csv is not None:
        write(options.csv, frame_csv(table))
    if options.savings_csv is not None and saved is not None:
        write(options.savings_csv, frame_csv(tuning_savings(saved, currency=currency)))
    if options.json:
        print(json.dumps(_json(data, prices.day, table, saved, currency), ensure_ascii=False, indent=2))
    else:
        print("\n".join(_lines(data, prices.day, table, training_jobs, scenario, saved, currency)))
    return 0


def _read(name: str, tokenizers: Sequence[Tokenizer]) -> TrainingData:
    """The file, counted in these tokenizers; its warnings are printed."""
    progress = CountProgress()
    with opened(name) as stream:
        data = measured(stream, name, tokenizers, progress)
    progress.end()
    _warn(data.file)
    return data


def _warn(file: TrainingFile) -> None:
    warnings = [warning for warning in file.kept if warning.is_warning][:MAX_SAID]
    for warning in warnings:
        print(f"warning: {file.located(warning)}", file=sys.stderr)
    if file.warnings > len(warnings):
        print(f"warning: and {file.warnings - len(warnings):,} more", file=sys.stderr)


def _lines(
    data: TrainingData,
    on: date,
    table: pd.DataFrame,
    training_jobs: Sequence[Job],
    scenario: Scenario | None,
    saved: Savings | None,
    currency: Currency,
) -> list[str]:
    spread = lengths(data)
    lines = [
        f"{data.file.name}: {data.examples:,} examples without a fault, {data.lengths.sum():,.0f} tokens "
        "(o200k_base with the chat's frame)",
        f"tokens of an example: median {spread.p50:,.0f}, 95 % up to {spread.p95:,.0f}, longest "
        f"{spread.longest:,.0f}",
        f"of them on the mean: system message {data.mean.system:,.0f}, question {data.mean.question:,.0f}, "
        f"answer {data.mean.answer:,.0f}",
        "",
        f"Training once, at the prices of {on.isoformat()}:",
        f"{currency.code:>12} {'tokens':>12} x {'epochs':<22} {'too long':>8}  offer",
    ]
    for row, job in zip(records(table), training_jobs, strict=True):
        amount = "unknown" if row["training"] is None else f"{row['training']:,.4f}"
        over = "unknown" if job.billed.over_limit is None else f"{job.billed.over_limit:,}"
        band = (
            ""
            if job.usd_low == job.usd_high
            else f"  [{row['training_low']:,.4f} to {row['training_high']:,.4f}]"
        )
        note = "".join(f"  ({note})" for note in job.notes)
        epochs = f"{job.epochs} ({job.epochs_from})"
        lines.append(
            f"{amount:>12} {job.billed.dataset.tokens:>12,.0f} x {epochs:<22} {over:>8}  {job.offer.id}"
            f"{band}{note}"
        )
    if saved is not None and scenario is not None:
        lines += ["", *_saving_lines(saved, scenario, currency)]
    rate = currency.rate(on)
    return lines if rate is None else [*lines, "", str(rate)]


def _saving_lines(saved: Savings, scenario: Scenario, currency: Currency) -> list[str]:
    kept = saved.kept
    whose = "as the fine-tuned strategy says" if kept.is_own else "as the examples show"
    lines = [
        f"Against {saved.compared_with} at {scenario.requests_per_day:,.0f} requests per day: "
        f"{saved.prompt_tokens:,.0f} prompt tokens per request, {saved.short_prompt_tokens:,.0f} of them "
        f"still "
        "needed",
        f"no longer sent: examples {saved.dropped.examples:,.0f} tokens, instructions "
        f"{saved.dropped.instructions:,.0f}, knowledge {saved.dropped.knowledge:,.0f}",
        f"still sent, {whose}: instructions {kept.instruction:.0%}, examples {kept.example:.0%}, knowledge "
        f"{kept.knowledge:.0%}",
        f"{f'{currency.code} saved':>12} {f'{currency.code} training':>12}  per month; offer",
    ]
    for row in records(tuning_savings(saved, currency=currency)):
        amount = "unknown" if row["saved"] is None else f"{row['saved']:,.2f}"
        training = "unknown" if row["training"] is None else f"{row['training']:,.4f}"
        lines.append(f"{amount:>12} {training:>12}  {row['offer']}: {row['verdict']}")
    return lines


def _json(
    data: TrainingData, on: date, table: pd.DataFrame, saved: Savings | None, currency: Currency
) -> dict[str, Any]:
    values: dict[str, Any] = {
        "file": data.file.name,
        "on": on.isoformat(),
        "examples": data.examples,
        "warnings": [str(data.file.located(warning)) for warning in data.file.kept if warning.is_warning],
        "mean_tokens": asdict(data.mean),
        "lengths": {**asdict(lengths(data)), "rows": records(length_counts(data))},
        "training": [_plain(row) for row in records(table)],
    }
    if saved is not None:
        values["savings"] = {
            "compared_with": str(saved.compared_with),
            "kept": asdict(saved.kept),
            "prompt_tokens": saved.prompt_tokens,
            "short_prompt_tokens": saved.short_prompt_tokens,
            "dropped_tokens": asdict(saved.dropped),
            "rows": [_plain(row) for row in records(tuning_savings(saved, currency=currency))],
        }
    return values


def _plain(row: dict[str, Any]) -> dict[str, Any]:
    return {key: str(value) if isinstance(value, Decimal | date) else value for key, value in row.items()}


def _one_family(options: argparse.Namespace) -> int:
    """Billed tokens of the data set in one vocabulary, without prices; the same reader and the same faults.

    A file with fewer examples than OpenAI takes is counted, for no vendor is asked.
    """
    for name in ("scenario", "csv", "savings_csv"):
        if getattr(options, name) is not None:
            raise CrossoverError(
                message(
                    "--{option}: not together with --encoding, --model or --max-example-tokens, which count "
                    "without prices (leave it out)",
                    option=name.replace("_", "-"),
                )
            )
    book = current_book(options.prices)
    tokenizer = chosen_tokenizer(options)
    reference = book.on(today()).tokenizer(REFERENCE_ENCODING)
    data = _read(options.file, [reference, tokenizer] if tokenizer.id != reference.id else [reference])
    if data.file.errors and not data.file.is_only_short:
        raise data.file.as_error(MAX_SAID)
    tuned = book.history(TunedPrice, options.model)
    limit = options.max_example_tokens or DEFAULT_EXAMPLE_TOKENS
    tokens = in_one_vocabulary(
        data,
        tokenizer.id,
        limit=limit,
        epochs=options.epochs,
        assumed_epochs=assumed_epochs(None),
        model=tuned[-1].base_model if tuned else options.model,
    )
    dataset, over = tokens.billed.dataset, tokens.billed.over_limit or 0
    if options.json:
        values = {
            "file": data.file.name,
            "examples": data.examples,
            "over_limit": over,
            "max_example_tokens": limit,
            "dataset_tokens": dataset.tokens,
            "dataset_tokens_low": dataset.low,
            "dataset_tokens_high": dataset.high,
            "epochs": tokens.epochs,
            "trained_tokens": tokens.trained_tokens,
            "media_left_out": tokens.left_out,
            "evidence": tokens.evidence,
            "counting_method": str(listed(dataset.counting_methods)),
        }
        print(json.dumps(values, ensure_ascii=False, indent=2))
        return 0
    band = "" if dataset.low == dataset.high else f" [{dataset.low:,.0f} to {dataset.high:,.0f}]"
    print(f"{data.examples:,} examples, {over:,} of them cut at {limit:,} tokens")
    print(
        f"{dataset.tokens:,.0f} tokens{band} x {tokens.epochs} epochs = {tokens.trained_tokens:,.0f} billed"
    )
    if data.file.errors:
        print(data.file.shortage)
    if tokens.left_out:
        print(f"of the text alone: {tokens.left_out:,} images or other media are left out (try --model)")
    print(f"{tokens.evidence}: {listed(dataset.counting_methods)}")
    return 0

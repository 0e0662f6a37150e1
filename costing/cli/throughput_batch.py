"""Throughput of many setups: a CSV file in, the same rows with prediction and evidence, or an error, out."""

from __future__ import annotations

import csv
import io
import math
from collections import Counter
from collections.abc import Callable, Iterator, Mapping
from typing import Final

from frames.csv import safe_text
from i18n.errors import CrossoverError
from i18n.message import Message, message

from ..serving.predictor import Prediction, Question

NEEDED: Final = (
    *("model_key", "gpu", "precision", "gpu_count", "tp"),
    *("engine", "input_len", "output_len", "concurrency"),
)
ADDED: Final = ("predicted_output_tok_s_total", "evidence", "sigma_log", "how", "warnings", "refused")

_LARGEST: Final = 10_000_000
"""Largest number accepted in the file; a larger one is taken for a typing error."""


def question(row: Mapping[str, str]) -> Question:
    """The setup of a row; raises CrossoverError that names the column. Blank concurrency: as many as fit."""
    for name in ("model_key", "gpu", "precision"):
        if not row[name].strip():
            raise CrossoverError(message("{name}: missing (fill it in)", name=name))
    return Question(
        model=row["model_key"].strip(),
        gpu=row["gpu"].strip(),
        precision=row["precision"].strip(),
        gpu_count=_whole(row, "gpu_count"),
        parallel=row["tp"].strip(),
        engine=row["engine"].strip(),
        input_tokens=_number(row, "input_len"),
        output_tokens=_number(row, "output_len"),
        concurrency=_number(row, "concurrency") if row["concurrency"].strip() else None,
        speculative=row.get("spec_decode", "").strip().lower() not in ("", "none"),
    )


def _number(row: Mapping[str, str], name: str) -> float:
    text = row[name].strip()
    try:
        value = float(text)
    except ValueError:
        value = math.nan
    if not text:
        raise CrossoverError(message("{name}: missing (fill it in)", name=name))
    if not 1 <= value <= _LARGEST:
        raise CrossoverError(
            message(
                "{name}: '{text}' is no number from 1 to {most:,} (correct it)",
                name=name,
                text=text[:40],
                most=_LARGEST,
            )
        )
    return value


def _whole(row: Mapping[str, str], name: str) -> int:
    value = _number(row, name)
    if value != int(value):
        raise CrossoverError(
            message("{name}: {value} is not a whole number (correct it)", name=name, value=value)
        )
    return int(value)


def answered(text: str, place: str, answer: Callable[[Question], Prediction]) -> tuple[str, Counter[str]]:
    """The file with `ADDED` columns, and the errors of the rejected rows with their row numbers.

    Raises CrossoverError where the header line is wrong.
    """
    lines = csv.reader(io.StringIO(text.removeprefix("\ufeff"), newline=""), strict=True)
    rows = _rows(lines, place)
    header = next(rows, [])
    _check(header, place)
    out = io.StringIO(newline="")
    writer = csv.writer(out, lineterminator="\n")
    writer.writerow([*map(safe_text, header), *ADDED])
    refused: Counter[str] = Counter()
    for cells in rows:
        if not cells:
            continue
        try:
            if len(cells) != len(header):
                raise CrossoverError(
                    message("{n} values for {m} columns (correct the row)", n=len(cells), m=len(header))
                )
            prediction = answer(question(dict(zip(header, cells, strict=True))))
        except CrossoverError as error:
            reason = str(error.errors[0])
            refused[reason] += 1
            added = ["", "", "", "", "", reason]
        else:
            warnings = "; ".join(str(warning) for warning in prediction.warnings)
            speed, sigma = f"{prediction.output_tokens_per_s:.6g}", f"{prediction.sigma_log:.3f}"
            added = [speed, prediction.evidence, sigma, str(prediction.method), warnings, ""]
        cells = (cells + [""] * len(header))[: len(header)]
        writer.writerow([*map(safe_text, cells), *map(safe_text, added)])
    return out.getvalue(), refused


def _rows(lines: Iterator[list[str]], place: str) -> Iterator[list[str]]:
    try:
        yield from lines
    except csv.Error as error:
        raise CrossoverError(_unreadable(place, str(error))) from error


def _unreadable(place: str, problem: str) -> Message:
    return message("{place}: not a CSV file: {problem} (save it as CSV, UTF-8)", place=place, problem=problem)


def _check(header: list[str], place: str) -> None:
    for name in NEEDED:
        if name not in header:
            raise CrossoverError(
                message(
                    "{place}:1: no column '{name}' (name the columns {needed} in the first line)",
                    place=place,
                    name=name,
                    needed=", ".join(NEEDED),
                )
            )
    twice = next((name for name, count in Counter(header).items() if count > 1), None)
    if twice is not None:
        raise CrossoverError(
            message("{place}:1: column '{name}' stands twice (keep one)", place=place, name=twice)
        )
    taken = next((name for name in ADDED if name in header), None)
    if taken is not None:
        raise CrossoverError(
            message(
                "{place}:1: column '{name}' is what this command adds (rename yours)", place=place, name=taken
            )
        )

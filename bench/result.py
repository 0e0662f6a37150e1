"""Result file of a run: settings, machine, every request and the summary; CSV of the summary."""

from __future__ import annotations

import csv
import json
import os
from collections.abc import Iterable, Sequence
from dataclasses import dataclass, fields, replace
from pathlib import Path
from typing import Any, Literal

from pydantic import TypeAdapter, ValidationError

from i18n.errors import CrossoverError
from i18n.message import message

from .fingerprint import Fingerprint
from .load_patterns import LoadLevel
from .measures import LevelSummary, Slo
from .request_record import RequestRecord

SCHEMA_VERSION = 1
MAX_BYTES = 512 * 2**20
SPREADS = ("ttft_s", "itl_s", "tpot_s", "e2e_s")
FIGURES = ("mean", "p50", "p90", "p95", "p99")


@dataclass(frozen=True, slots=True)
class Request:
    """A record and the level it belongs to; instants count from the start of the run."""

    level: int
    """Index of the level in the summary."""
    repeat: int
    record: RequestRecord


@dataclass(frozen=True, slots=True)
class Sweep:
    """Result of a sweep; None: not reached within its limits."""

    saturation_concurrency: int | None
    """Number of streams from which more streams bring no more tokens."""
    ceiling_output_tokens_per_s: float | None
    """Maximum throughput of the closed loop, without an SLO."""
    largest_rate_per_s: float | None
    """The largest Poisson rate whose SLO attainment held."""
    capacity_output_tokens_per_s: float | None
    """Output at that rate."""


@dataclass(frozen=True, slots=True)
class Result:
    """A whole run."""

    schema_version: int
    kind: Literal["run", "sweep", "demo"]
    started_at: str
    partial: bool
    url: str
    model: str
    api: str
    input_tokens: int | None
    """Input tokens of every synthetic prompt by the server's count."""
    output_tokens: int | None
    """Requested output tokens."""
    shared_prefix_share: float
    settings: dict[str, Any]
    slo: Slo
    fingerprint: Fingerprint
    summary: tuple[LevelSummary, ...]
    requests: tuple[Request, ...]
    warnings: tuple[str, ...] = ()
    sweep: Sweep | None = None

    def records(self, level: int) -> list[RequestRecord]:
        """A level's requests, warm-up left out."""
        return [r.record for r in self.requests if r.level == level and not r.record.warmup]


_ADAPTER: TypeAdapter[Result] = TypeAdapter(Result)


def requests_of(levels: Iterable[Sequence[LoadLevel]], origin_s: float) -> tuple[Request, ...]:
    """Every request of every level's repeats, with times relative to the start of the run."""
    return tuple(
        Request(number, repeat, _moved(record, origin_s))
        for number, repeats in enumerate(levels)
        for repeat, level in enumerate(repeats)
        for record in level.records
    )


def _moved(record: RequestRecord, origin_s: float) -> RequestRecord:
    def at(value: float) -> float:
        return round(value - origin_s, 7)

    return replace(
        record,
        due_s=at(record.due_s),
        start_s=at(record.start_s),
        end_s=at(record.end_s),
        connected_s=None if record.connected_s is None else at(record.connected_s),
        first_byte_s=None if record.first_byte_s is None else at(record.first_byte_s),
        chunk_s=tuple(at(value) for value in record.chunk_s),
    )


def to_json(result: Result) -> str:
    """The file's text; a level has either a concurrency or a rate, not an empty field for the other."""
    document = _ADAPTER.dump_python(result, mode="json")
    for level in document["summary"]:
        for name in ("concurrency", "rate_per_s", "arrivals"):
            if level[name] is None:
                del level[name]
    return json.dumps(document, ensure_ascii=False, allow_nan=False) + "\n"


def write(result: Result, path: Path) -> None:
    """Whole or not at all."""
    write_text(path, to_json(result))


def write_text(path: Path, text: str) -> None:
    """Whole or not at all; raises CrossoverError where the place cannot be written."""
    partial = path.with_name(path.name + ".partial")
    try:
        path.parent.mkdir(parents=True, exist_ok=True)
        with partial.open("w", encoding="utf-8", newline="") as file:
            file.write(text)
            file.flush()
            os.fsync(file.fileno())
        partial.replace(path)
    except OSError as error:
        raise CrossoverError(
            message(
                "{path}: cannot be written: {problem} (choose another place)",
                path=str(path),
                problem=error.strerror or str(error),
            )
        ) from error


def read(path: Path) -> Result:
    """A result's file; raises CrossoverError with one line of what is wrong with it."""
    try:
        if path.stat().st_size > MAX_BYTES:
            raise OSError(0, f"larger than {MAX_BYTES // 2**20} MiB")
        data = path.read_bytes()
    except OSError as error:
        raise CrossoverError(
            message(
                "{path}: cannot be read: {problem} (give a result that 'run --json' wrote)",
                path=str(path),
                problem=error.strerror or str(error),
            )
        ) from error
    try:
        document = json.loads(data)
    except (ValueError, RecursionError):
        document = None
    version = document.get("schema_version") if isinstance(document, dict) else None
    if version != SCHEMA_VERSION:
        raise CrossoverError(
            message(
                "{path}: no result of schema version {known}: found {version} (run the benchmark again)",
                path=str(path),
                known=SCHEMA_VERSION,
                version="none" if version is None else str(version)[:20],
            )
        )
    try:
        return _ADAPTER.validate_json(data)
    except ValidationError as error:
        first = error.errors()[0]
        raise CrossoverError(
            message(
                "{path}: {where}: {problem} (the file was changed; run the benchmark again)",
                path=str(path),
                where=".".join(str(part) for part in first["loc"]),
                problem=first["msg"],
            )
        ) from error


def check_joinable(results: Sequence[Result], paths: Sequence[Path]) -> None:
    """Raises CrossoverError if results to be compared are of different machines."""
    first = results[0]
    for result, path in zip(results[1:], paths[1:], strict=True):
        if result.fingerprint.machine != first.fingerprint.machine:
            raise CrossoverError(
                message(
                    "{a} and {b}: different machines: {first} / {second} (measure both on one)",
                    a=paths[0].name,
                    b=path.name,
                    first=str(first.fingerprint),
                    second=str(result.fingerprint),
                )
            )


def join(results: Sequence[Result], paths: Sequence[Path]) -> Result:
    """One result with the levels of all; raises CrossoverError for other machines, models or SLOs."""
    check_joinable(results, paths)
    first = results[0]
    for result, path in zip(results[1:], paths[1:], strict=True):
        if (result.model, result.url, result.slo) != (first.model, first.url, first.slo):
            raise CrossoverError(
                message(
                    "{a} and {b}: another endpoint, model or SLO (report them one by one)",
                    a=paths[0].name,
                    b=path.name,
                )
            )
    summary: list[LevelSummary] = []
    requests: list[Request] = []
    for result in results:
        requests += [replace(r, level=r.level + len(summary)) for r in result.requests]
        summary += result.summary
    return replace(
        first,
        summary=tuple(summary),
        requests=tuple(requests),
        partial=any(result.partial for result in results),
        warnings=tuple(dict.fromkeys(w for result in results for w in result.warnings)),
    )


def csv_rows(result: Result) -> list[list[object]]:
    """The summary as a table: one row per level, the unit in the column's name."""
    plain = [
        field.name
        for field in fields(LevelSummary)
        if field.name not in SPREADS
        and not field.name.endswith(("_intervals", "_interval", "_error", "_kind"))
    ]
    spreads = [f"{name.removesuffix('_s')}_{figure}_s" for name in SPREADS for figure in FIGURES]
    rows: list[list[object]] = [["url", "model", *plain, *spreads, "errors_by_kind"]]
    for level in result.summary:
        figures = []
        for name in SPREADS:
            spread = getattr(level, name)
            figures += [getattr(spread, figure) if spread else None for figure in FIGURES]
        kinds = "; ".join(f"{kind}: {many}" for kind, many in level.errors_by_kind.items())
        rows.append([result.url, result.model, *(getattr(level, name) for name in plain), *figures, kinds])
    return rows


def to_csv(result: Result) -> str:
    """The summary's table as CSV text; a text that a spreadsheet would evaluate as a formula is escaped."""
    lines: list[str] = []

    class _Lines:
        def write(self, text: str) -> None:
            lines.append(text)

    writer = csv.writer(_Lines())
    for row in csv_rows(result):
        writer.writerow([_safe(cell) for cell in row])
    return "\ufeff" + "".join(lines)


def _safe(cell: object) -> object:
    if isinstance(cell, str) and cell.lstrip("\ufeff \t\r\n")[:1] in (
        "=",
        "+",
        "-",
        "@",
        "＝",
        "＋",
        "－",
        "＠",
    ):
        return "'" + cell
    return "" if cell is None else cell

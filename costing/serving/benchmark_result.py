"""Reads a result file of the benchmark: load levels, SLO attainment, and latencies of each request.

The format belongs to bench; only the fields declared in this file are read, and those strictly.
"""

from __future__ import annotations

import json
from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime
from typing import Annotated, Final, Literal

from pydantic import BaseModel, ConfigDict, Field, TypeAdapter, ValidationError

from i18n.errors import CrossoverError
from i18n.message import message

SCHEMA_VERSION: Final = 1
MAX_POINTS: Final = 200
"""Points of a distribution; more cannot be told apart on a screen."""

Measure = Literal["ttft_s", "tpot_s", "e2e_s"]
_Seconds = Annotated[float, Field(ge=0)]
_Count = Annotated[int, Field(ge=0)]


class _Read(BaseModel):
    """Other fields of the file are ignored."""

    model_config = ConfigDict(frozen=True, extra="ignore", strict=True, allow_inf_nan=False)


class MeasuredPercentiles(_Read):
    """Quantiles of a latency, in seconds."""

    p50: _Seconds
    p95: _Seconds
    p99: _Seconds


class _Summary(_Read):
    requests: _Count
    errors: _Count
    ttft_s: MeasuredPercentiles | None
    tpot_s: MeasuredPercentiles | None
    e2e_s: MeasuredPercentiles | None
    output_tokens_per_s: _Seconds | None
    requests_per_s: _Seconds | None
    partial: bool
    client_limited: bool | None = None
    input_tokens_per_s: _Seconds | None = None
    concurrency: Annotated[int, Field(gt=0)] | None = None
    rate_per_s: Annotated[float, Field(gt=0)] | None = None
    arrivals: str | None = None


class _Record(_Read):
    due_s: float
    start_s: float
    end_s: float
    chunk_s: list[float]
    chunk_tokens: list[_Count]
    usage_output_tokens: _Count | None
    fault: str | None
    warmup: bool


class _Request(_Read):
    level: _Count
    record: _Record


class _Fingerprint(_Read):
    cpu: str
    cores: int
    memory_gib: float | None
    gpus: list[str]
    os: str
    local: bool


class _Slo(_Read):
    ttft_s: Annotated[float, Field(gt=0)] | None
    tpot_s: Annotated[float, Field(gt=0)] | None
    attainment_share: Annotated[float, Field(ge=0, le=1)]


class _File(_Read):
    kind: Literal["run", "sweep", "demo"]
    started_at: str
    partial: bool
    url: str
    model: str
    input_tokens: int | None
    output_tokens: int | None
    slo: _Slo
    fingerprint: _Fingerprint
    summary: list[_Summary]
    requests: list[_Request]
    warnings: list[str]


@dataclass(frozen=True, slots=True)
class ResultSlo:
    """Latency limits of a request, and the share of requests that must keep them."""

    ttft_s: float | None
    tpot_s: float | None
    share: float

    @property
    def given(self) -> bool:
        return self.ttft_s is not None or self.tpot_s is not None


@dataclass(frozen=True, slots=True)
class Timing:
    """One measured request; None: it failed before that point."""

    ok: bool
    ttft_s: float | None
    tpot_s: float | None
    e2e_s: float


@dataclass(frozen=True, slots=True)
class MeasuredLevel:
    """Measurements at one load; the requests of the warm-up are left out."""

    concurrency: int | None
    rate_per_s: float | None
    arrivals: str | None
    requests: int
    errors: int
    ttft_s: MeasuredPercentiles | None
    tpot_s: MeasuredPercentiles | None
    e2e_s: MeasuredPercentiles | None
    output_tokens_per_s: float | None
    requests_per_s: float | None
    partial: bool
    client_limited: bool | None
    timings: tuple[Timing, ...]
    input_tokens_per_s: float | None = None

    @property
    def load(self) -> tuple[str, float]:
        """Kind and size of the load; two levels with the same load are compared."""
        if self.concurrency is not None:
            return "closed", float(self.concurrency)
        return self.arrivals or "", self.rate_per_s or 0.0


@dataclass(frozen=True, slots=True)
class BenchResult:
    """One run of the benchmark."""

    kind: str
    started_at: datetime
    partial: bool
    url: str
    model: str
    input_tokens: int | None
    output_tokens: int | None
    slo: ResultSlo
    machine: str
    machine_key: tuple[object, ...]
    """Equal only for results of one machine."""
    has_gpu: bool
    levels: tuple[MeasuredLevel, ...]
    warnings: tuple[str, ...]


_FILE: TypeAdapter[_File] = TypeAdapter(_File)


def read(data: bytes, name: str) -> BenchResult:
    """The result of a file's bytes; raises CrossoverError with one line of what is wrong with it."""
    try:
        content = json.loads(data)
    except (ValueError, RecursionError):
        content = None
    version = content.get("schema_version") if isinstance(content, dict) else None
    if version != SCHEMA_VERSION:
        raise CrossoverError(
            message(
                "{name}: no benchmark result, schema version {known} (run it again, or remove the file)",
                name=name,
                known=SCHEMA_VERSION,
            )
        )
    try:
        return _result(_FILE.validate_json(data), name)
    except ValidationError as error:
        first = error.errors()[0]
        raise _changed(name, ".".join(str(part) for part in first["loc"]), first["msg"]) from error


def _changed(name: str, where: str, problem: str) -> CrossoverError:
    return CrossoverError(
        message(
            "{name}: {where}: {problem} (the file was changed; run the benchmark again)",
            name=name,
            where=where,
            problem=problem,
        )
    )


def _result(file: _File, name: str) -> BenchResult:
    try:
        started = datetime.fromisoformat(file.started_at)
    except ValueError as error:
        raise _changed(name, "started_at", "no date") from error
    if started.tzinfo is None:
        raise _changed(name, "started_at", "no time zone")
    timings: list[list[Timing]] = [[] for _ in file.summary]
    for i, request in enumerate(file.requests):
        if request.level >= len(timings):
            raise _changed(name, f"requests.{i}.level", "no such level")
        if not request.record.warmup:
            open_loop = file.summary[request.level].concurrency is None
            timings[request.level].append(_timing(request.record, open_loop))
    for i, summary in enumerate(file.summary):
        if (summary.concurrency is None) == (summary.rate_per_s is None):
            raise _changed(name, f"summary.{i}", "neither or both of concurrency and rate_per_s")
    at = file.fingerprint
    memory = [] if at.memory_gib is None else [f"{at.memory_gib:g} GiB"]
    return BenchResult(
        kind=file.kind,
        started_at=started,
        partial=file.partial,
        url=file.url,
        model=file.model,
        input_tokens=file.input_tokens,
        output_tokens=file.output_tokens,
        slo=ResultSlo(file.slo.ttft_s, file.slo.tpot_s, file.slo.attainment_share),
        machine=", ".join([at.cpu, f"{at.cores} cores", *memory, *at.gpus, at.os]),
        machine_key=(at.cpu, at.cores, at.memory_gib, tuple(at.gpus), at.local),
        has_gpu=bool(at.gpus),
        levels=tuple(
            MeasuredLevel(**dict(summary), timings=tuple(own))
            for summary, own in zip(file.summary, timings, strict=True)
        ),
        warnings=tuple(file.warnings),
    )


def _timing(record: _Record, open_loop: bool) -> Timing:
    """As docs/benchmark.md defines: times of an open loop are counted from when the request was due."""
    base = record.due_s if open_loop else record.start_s
    tokens = sum(record.chunk_tokens) if record.usage_output_tokens is None else record.usage_output_tokens
    chunks = record.chunk_s
    return Timing(
        ok=record.fault is None,
        ttft_s=chunks[0] - base if chunks else None,
        tpot_s=(chunks[-1] - chunks[0]) / (tokens - 1) if len(chunks) > 1 and tokens > 1 else None,
        e2e_s=record.end_s - base,
    )


def attainment(level: MeasuredLevel, slo: ResultSlo) -> float | None:
    """Share of a level's requests that succeed within the limits; None without requests or limits."""
    if not level.timings or not slo.given:
        return None
    within = sum(
        timing.ok
        and (slo.ttft_s is None or (timing.ttft_s is not None and timing.ttft_s <= slo.ttft_s))
        and (slo.tpot_s is None or timing.tpot_s is None or timing.tpot_s <= slo.tpot_s)
        for timing in level.timings
    )
    return within / len(level.timings)


def largest_within(levels: Sequence[MeasuredLevel], slo: ResultSlo) -> MeasuredLevel | None:
    """The largest of these loads that keeps the SLO; None where none does, or the SLO has no limit."""
    passing = [
        level
        for level in levels
        if (share := attainment(level, slo)) is not None and share >= slo.share and not level.partial
    ]
    return max(passing, key=lambda level: level.load[1], default=None)


def share_within(level: MeasuredLevel, measure: Measure) -> list[tuple[float, float]]:
    """Cumulative distribution without failed requests: (seconds, share of the requests no slower)."""
    values = sorted(
        value for timing in level.timings if timing.ok and (value := getattr(timing, measure)) is not None
    )
    n = len(values)
    ranks = sorted({-(-n * i // MAX_POINTS) for i in range(1, MAX_POINTS + 1)}) if n else []
    return [(values[rank - 1], rank / n) for rank in ranks]

"""Published throughput measurements, read from their compact table and mapped to ids of our tables."""

from __future__ import annotations

import csv
from dataclasses import dataclass
from functools import lru_cache
from pathlib import Path
from typing import Final, get_args

from i18n.errors import CrossoverError
from i18n.message import Message, message

from .rows.base import Precision

FOLDER: Final = Path(__file__).parent / "measurements"
MEASUREMENTS: Final = FOLDER / "throughput.csv"
SOURCES: Final = FOLDER / "sources.csv"

MODEL_IDS: Final = {
    "deepseek-r1": "deepseek-v3",  # the same shape
    "llama-3.1-70b": "llama-3.3-70b",
    "llama-4-maverick": "llama-4-maverick-17b-128e",
    "llama-4-scout": "llama-4-scout-17b-16e",
    "qwen3-480b-a35b": "qwen3-coder-480b-a35b",
    "glm-4.6": "glm-4.5",
}
"""A model's name in the measurements -> its id in `open_models`, where they differ."""

GPU_IDS: Final = {
    "a100-40gb": "a100-40",
    "a100-80gb pcie": "a100-80-pcie",
    "h100": "h100-sxm",
    "h100-sxm-80gb": "h100-sxm",
    "h200": "h200-sxm",
    "h200-sxm-141gb": "h200-sxm",
    "virtualized h200-sxm-141gb": "h200-sxm",
    "b200-sxm-180gb": "b200",
    "mi300x 192gb hbm3": "mi300x",
    "mi325x 256gb hbm3e": "mi325x",
    "rtx pro 6000 blackwell": "rtx-pro-6000",
    "rtx pro 6000 blackwell se": "rtx-pro-6000",
    "rtx pro 6000 blackwell server edition": "rtx-pro-6000",
}
"""A GPU's name as measured, in small letters -> its id in `gpus`, where more than a hyphen differs."""

PRECISIONS: Final[dict[str, Precision]] = {
    **{name: name for name in get_args(Precision)},
    "fp16": "bf16",
    "nvfp4": "fp4",
    "mxfp4": "fp4",
    "awq-int4": "int4",
    "w4a16": "int4",
    "uint4": "int4",
}
"""A precision as measured -> what it takes in memory and arithmetic."""


def model_id(name: str) -> str:
    """The id in `open_models` that a measured model would have."""
    name = name.strip().lower()
    return MODEL_IDS.get(name, name)


def gpu_id(name: str) -> str:
    """The id in `gpus` that a measured GPU would have."""
    name = name.strip().lower()
    return GPU_IDS.get(name, name.replace(" ", "-"))


@dataclass(frozen=True, slots=True)
class Measurement:
    """One published figure. What the source leaves out is None."""

    model: str
    gpu: str
    precision: Precision | None
    gpu_count: int
    parallel: str
    """Parallelism of one replica as published: a number of GPUs, or such as DEP4."""
    engine: str
    input_tokens: float | None
    output_tokens: float | None
    concurrency: float | None
    """None too where all requests were queued at once."""
    output_tokens_per_s: float | None
    """Output of all GPUs together."""
    first_token_p50_ms: float | None
    load: str
    speculative: bool
    day: str
    source: str

    @property
    def is_offline(self) -> bool:
        """Whether every request was queued from the start: the largest batch of the engine."""
        return self.load == "offline max throughput"


_COLUMNS: Final = (
    *("model_key", "gpu", "precision", "gpu_count", "tp", "engine", "input_len", "output_len"),
    *("concurrency", "output_tok_s_total", "output_tok_s_per_gpu", "ttft_ms_p50", "load", "spec_decode"),
    *("date", "source"),
)


@lru_cache(maxsize=1)
def published() -> tuple[Measurement, ...]:
    """Every published measurement in the table's order; raises CrossoverError with all faults."""
    return read(_text(MEASUREMENTS), set(sources()))


@lru_cache(maxsize=1)
def sources() -> dict[str, str]:
    """Short code of a source -> address of its figures."""
    rows = csv.DictReader(_text(SOURCES).splitlines())
    return {row["source"]: f"{row['data_set']}: {row['page']}" for row in rows}


def _text(path: Path) -> str:
    try:
        return path.read_text(encoding="utf-8")
    except (OSError, UnicodeDecodeError) as error:
        raise CrossoverError(
            message(
                "{place}: cannot be read: {problem} (restore the file)", place=path.name, problem=str(error)
            )
        ) from error


def read(text: str, known_sources: set[str]) -> tuple[Measurement, ...]:
    """Measurements from the table's text."""
    lines = csv.reader(text.splitlines())
    if tuple(next(lines, ())) != _COLUMNS:
        raise CrossoverError(
            message(
                "{place}:1: the columns are not {columns} (restore the first line)",
                place=MEASUREMENTS.name,
                columns=", ".join(_COLUMNS),
            )
        )
    errors: list[Message] = []
    measurements: list[Measurement] = []
    for number, cells in enumerate(lines, 2):
        try:
            measurements.append(_measurement(cells, known_sources))
        except ValueError as error:
            errors.append(
                message(
                    "{place}:{line}: {problem} (correct the row)",
                    place=MEASUREMENTS.name,
                    line=number,
                    problem=str(error),
                )
            )
    if errors:
        raise CrossoverError(*errors)
    return tuple(measurements)


def _measurement(cells: list[str], known_sources: set[str]) -> Measurement:
    if len(cells) != len(_COLUMNS):
        raise ValueError(f"{len(cells)} values for {len(_COLUMNS)} columns")
    row = dict(zip(_COLUMNS, cells, strict=True))
    precision = row["precision"].lower()
    if precision and precision not in PRECISIONS:
        raise ValueError(f"precision: unknown '{precision}'")
    if row["source"] not in known_sources:
        raise ValueError(f"source: unknown '{row['source']}'")
    return Measurement(
        model=model_id(row["model_key"]),
        gpu=gpu_id(row["gpu"]),
        precision=PRECISIONS[precision] if precision else None,
        gpu_count=int(row["gpu_count"]),
        parallel=row["tp"],
        engine=row["engine"],
        input_tokens=_positive(row, "input_len"),
        output_tokens=_positive(row, "output_len"),
        concurrency=_positive(row, "concurrency"),
        output_tokens_per_s=_positive(row, "output_tok_s_total"),
        first_token_p50_ms=_positive(row, "ttft_ms_p50"),
        load=row["load"],
        speculative=bool(row["spec_decode"]),
        day=row["date"],
        source=row["source"],
    )


def _positive(row: dict[str, str], name: str) -> float | None:
    if not row[name]:
        return None
    value = float(row[name])
    if not 0 < value < 1e12:
        raise ValueError(f"{name}: {row[name]} is no positive number")
    return value

"""Labels of the benchmark page: loads, figures, marks; frames of levels as they are shown."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any, Final

import pandas as pd

from costing.serving.benchmark_frames import REQUESTS_FOR_P95
from costing.serving.benchmark_result import BenchResult, MeasuredLevel
from frames.frame import frame, records
from frames.registry import columns
from i18n.message import N_

from ..language import t

KINDS: Final = {"run": N_("chosen loads"), "sweep": N_("maximum load"), "demo": N_("demo")}

MEASURES: Final = {
    "ttft_s": N_("TTFT: to the first token"),
    "tpot_s": N_("TPOT: per further token"),
    "e2e_s": N_("The whole answer"),
}

FIGURES: Final = {
    "ttft_p50_s": N_("TTFT p50, ms"),
    "ttft_p95_s": N_("TTFT p95, ms"),
    "tpot_p50_s": N_("TPOT p50, ms"),
    "tpot_p95_s": N_("TPOT p95, ms"),
    "output_tokens_per_s": N_("Output tokens/s"),
}
"""Figure of two compared runs -> its name and the unit in which it is shown."""
IN_TOKENS_PER_S: Final = "output_tokens_per_s"

ARRIVALS: Final = {"poisson": N_("Poisson"), "constant": N_("constant")}

SHOWN_LEVELS: Final = columns(
    "load requests errors ttft_p50_ms ttft_p95_ms tpot_p50_ms tpot_p95_ms output_tokens_per_s requests_per_s "
    "slo_attainment_share concurrency rate_per_s"
)
"""Columns of the levels as they are shown: in milliseconds, p95 missing where there are too few answers."""


def load_name(concurrency: int | None, rate_per_s: float | None, arrivals: str | None) -> str:
    """Translated name of a load."""
    if concurrency is not None:
        return t("{many} at once").format(many=concurrency)
    return t("{rate:.3g}/s {arrivals}").format(
        rate=rate_per_s or 0.0, arrivals=t(ARRIVALS.get(arrivals or "", arrivals or ""))
    )


def name_of(level: MeasuredLevel) -> str:
    return load_name(level.concurrency, level.rate_per_s, level.arrivals)


def name_of_row(row: Mapping[str, Any]) -> str:
    """Name of the load of a row with the columns concurrency, rate_per_s and arrivals."""
    return load_name(row["concurrency"], row["rate_per_s"], row["arrivals"])


def with_load(table: pd.DataFrame) -> pd.DataFrame:
    """A frame with the name of its load first, in place of concurrency, rate_per_s and arrivals."""
    names = pd.array([name_of_row(row) for row in records(table)], dtype="str")
    rest = table.drop(columns=["concurrency", "rate_per_s", "arrivals"])
    rest.insert(0, "load", names)
    return rest


def shown_levels(levels: pd.DataFrame) -> pd.DataFrame:
    """Levels of a run as they are shown."""

    def ms(row: Mapping[str, Any], name: str) -> float | None:
        seconds = row[f"{name}_s"]
        too_few = name.endswith("p95") and row["requests"] - row["errors"] < REQUESTS_FOR_P95
        return None if seconds is None or too_few else seconds * 1000

    return frame(
        SHOWN_LEVELS,
        (
            {
                "load": name_of_row(row),
                **{f"{name}_ms": ms(row, name) for name in ("ttft_p50", "ttft_p95", "tpot_p50", "tpot_p95")},
                **{column.name: row[column.name] for column in SHOWN_LEVELS if column.name in row},
            }
            for row in records(levels)
        ),
    )


def fewest_answers(levels: pd.DataFrame) -> int | None:
    """Answers of the level with the fewest, if p95 cannot be shown for it; None: p95 is shown everywhere."""
    fewest = min((row["requests"] - row["errors"] for row in records(levels)), default=REQUESTS_FOR_P95)
    return None if fewest >= REQUESTS_FOR_P95 else int(fewest)


def marks_of(result: BenchResult) -> str:
    """Names of the marks of a result, as the files have them."""
    marks = ["partial"] if result.partial or any(level.partial for level in result.levels) else []
    if any(level.client_limited for level in result.levels):
        marks.append("client_limited")
    return ", ".join(marks)


def title_of(result: BenchResult) -> str:
    """Title of a result in a list: time, model, machine."""
    when = f"{result.started_at:%Y-%m-%d %H:%M}"
    return f"{when} · {result.model} · {result.machine.split(',')[0]}"

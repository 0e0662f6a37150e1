"""Labels of the benchmark page: columns, loads, figures."""

from __future__ import annotations

from typing import Final

from costing.serving.benchmark_result import BenchResult, MeasuredLevel
from i18n.message import N_

from ..language import t

HEADINGS: Final = {
    "started_at": N_("Started"),
    "machine": N_("Machine"),
    "model": N_("Model"),
    "kind": N_("Kind"),
    "loads": N_("Loads"),
    "marks": N_("Marks"),
    "load": N_("Load"),
    "requests": N_("Requests"),
    "errors": N_("Errors"),
    "ttft_p50_s": N_("TTFT p50, ms"),
    "ttft_p95_s": N_("TTFT p95, ms"),
    "tpot_p50_s": N_("TPOT p50, ms"),
    "tpot_p95_s": N_("TPOT p95, ms"),
    "output_tokens_per_s": N_("Output tokens/s"),
    "requests_per_s": N_("Requests/s"),
    "slo_attainment_share": N_("SLO kept by"),
    "figure": N_("Figure"),
    "before": N_("First run"),
    "after": N_("Second run"),
    "change_share": N_("Change"),
}

KINDS: Final = {"run": N_("chosen loads"), "sweep": N_("search of the limits"), "demo": N_("demo")}

MEASURES: Final = {
    "ttft_s": N_("TTFT: to the first token"),
    "tpot_s": N_("TPOT: per further token"),
    "e2e_s": N_("The whole answer"),
}

ARRIVALS: Final = {"poisson": N_("Poisson"), "constant": N_("constant")}


def load_name(concurrency: int | None, rate_per_s: float | None, arrivals: str | None) -> str:
    """Translated name of a load."""
    if concurrency is not None:
        return t("{many} at once").format(many=concurrency)
    return t("{rate:.3g}/s {arrivals}").format(
        rate=rate_per_s or 0.0, arrivals=t(ARRIVALS.get(arrivals or "", arrivals or ""))
    )


def name_of(level: MeasuredLevel) -> str:
    return load_name(level.concurrency, level.rate_per_s, level.arrivals)


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

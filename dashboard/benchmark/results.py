"""Results of the benchmark page: charts, table and CSV of one stored result."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import replace
from typing import Final

import pandas as pd
import streamlit as st

from costing.serving.benchmark_frames import REQUESTS_FOR_P95, levels
from costing.serving.benchmark_frames import distribution as latency_distribution
from costing.serving.benchmark_result import (
    BenchResult,
    Measure,
    MeasuredLevel,
    ResultSlo,
    largest_within,
)
from frames.frame import frame
from frames.registry import columns

from .. import session as state
from ..components.downloads import frame_button
from ..components.figure import figure
from ..components.frame_table import frame_table
from ..figures import benchmark as charts
from ..figures.palette import palette
from ..language import markdown_safe, t
from .labels import KINDS, MEASURES, fewest_answers, marks_of, name_of, shown_levels, with_load

MAX_NOTES: Final = 5
_OVERVIEW: Final = columns("started_at model machine kind loads marks")


def overview(results: dict[str, BenchResult]) -> None:
    """Render a table of every stored result: time, model, machine."""
    frame_table(
        frame(
            _OVERVIEW,
            (
                {
                    "started_at": f"{r.started_at:%Y-%m-%d %H:%M}",
                    "model": r.model,
                    "machine": r.machine,
                    "kind": KINDS[r.kind],
                    "loads": len(r.levels),
                    "marks": marks_of(r),
                }
                for r in results.values()
            ),
        ),
        "bench_list",
    )


def warn(result: BenchResult) -> None:
    """Render the warnings that a reader needs before the figures."""
    if result.partial or any(level.partial for level in result.levels):
        st.warning(
            t("Partial: the run was interrupted; the last load holds fewer requests than requested."),
            icon=":material/warning:",
        )
    limited = [name_of(level) for level in result.levels if level.client_limited]
    if limited:
        st.warning(
            t(
                "Client-limited at {loads}: the measuring client added too much there; these figures are not "
                "the endpoint's. Reduce the concurrency, or measure from a machine with less load."
            ).format(loads=markdown_safe(", ".join(limited))),
            icon=":material/warning:",
        )
    if any(level.client_limited is None for level in result.levels):
        st.caption(t("The measuring client itself was not checked in this run."))
    for warning in result.warnings[:MAX_NOTES]:
        st.caption(markdown_safe(warning))


def slo_of(result: BenchResult, name: str) -> ResultSlo:
    """SLO limits for the charts, set by the user; initially those of the run."""
    a, b = st.columns(2)
    first = a.number_input(
        t("SLO: TTFT, ms"),
        0.1,
        1e6,
        None if result.slo.ttft_s is None else result.slo.ttft_s * 1000,
        key=f"bench_slo_ttft_{name}",
    )
    each = b.number_input(
        t("SLO: TPOT, ms"),
        0.1,
        1e6,
        None if result.slo.tpot_s is None else result.slo.tpot_s * 1000,
        key=f"bench_slo_tpot_{name}",
    )
    return replace(
        result.slo,
        ttft_s=None if first is None else first / 1000,
        tpot_s=None if each is None else each / 1000,
    )


def against_load(result: BenchResult, slo: ResultSlo) -> None:
    """Render TTFT, TPOT and throughput against concurrency and against arrival rate, and the table."""
    rows = levels(result, slo)
    shown = shown_levels(rows)
    closed = [level for level in result.levels if level.concurrency is not None]
    timed = [level for level in result.levels if level.concurrency is None]
    if closed:
        _curves(shown, closed, slo, "concurrency", t("Concurrency"))
    if timed:
        _curves(shown, timed, slo, "rate_per_s", t("requests per second"))
    _say_few_answers(rows)
    if slo.given:
        _verdict(timed or closed, slo)
    frame_table(shown, "bench_levels", hidden=("concurrency", "rate_per_s"))
    frame_button("benchmark", lambda: rows, "csv_bench")


def _say_few_answers(rows: pd.DataFrame) -> None:
    fewest = fewest_answers(rows)
    if fewest is not None:
        st.caption(
            t(
                "p95 is not shown where there are too few requests: n = {fewest} at the smallest load, and "
                "p95 needs {needed}."
            ).format(fewest=fewest, needed=REQUESTS_FOR_P95)
        )


def _verdict(levels: Sequence[MeasuredLevel], slo: ResultSlo) -> None:
    held = largest_within(levels, slo)
    if held is None:
        st.caption(
            t("No measured load meets the SLO for {share:.0%} of its requests.").format(share=slo.share)
        )
    else:
        st.caption(
            t("{load}: the largest measured load that meets the SLO for {share:.0%} of its requests.").format(
                load=markdown_safe(name_of(held)), share=slo.share
            )
        )


def _curves(shown: pd.DataFrame, of: Sequence[MeasuredLevel], slo: ResultSlo, x: str, x_title: str) -> None:
    held = largest_within(of, slo)
    loads = shown[shown[x].notna()]
    kind = x.removesuffix("_per_s")
    left, right = st.columns(2)
    for place, name, limit_s in ((left, "ttft", slo.ttft_s), (right, "tpot", slo.tpot_s)):
        with place:
            figure(
                charts.against_load(
                    loads,
                    {f"{name}_{quantile}_ms": f"{name.upper()} {quantile}" for quantile in ("p50", "p95")},
                    palette(),
                    x=x,
                    x_title=x_title,
                    unit="ms",
                    limit=None if limit_s is None else limit_s * 1000,
                ),
                key=f"chart_bench_{name}_{kind}",
                height=charts.HEIGHT,
                alt=t("Lines: latency at the median and the 95th percentile against the load"),
            )
    figure(
        charts.against_load(
            loads,
            {"output_tokens_per_s": t("Output tokens/s")},
            palette(),
            x=x,
            x_title=x_title,
            unit="tok/s",
            held_until=None if held is None else held.load[1],
        ),
        key=f"chart_bench_output_{kind}",
        height=charts.HEIGHT,
        alt=t("Line: output tokens per second against the load"),
    )


def distribution(result: BenchResult, slo: ResultSlo) -> None:
    """Render the latency distribution of the requests."""
    measures: list[Measure] = ["ttft_s", "tpot_s", "e2e_s"]
    which, _ = st.columns([3, 2])
    with which:
        measure = st.selectbox(
            t("Latency"),
            measures,
            format_func=lambda name: t(MEASURES[name]),
            key=state.key("bench_measure"),
            persist_state="session",
        )
    shares = with_load(latency_distribution(result, measure))
    if shares.empty:
        st.info(t("No request ended well, so there is no chart."))
        return
    limit_s = {"ttft_s": slo.ttft_s, "tpot_s": slo.tpot_s, "e2e_s": None}[measure]
    figure(
        charts.distribution(shares, palette(), limit_ms=None if limit_s is None else limit_s * 1000),
        key="chart_bench_distribution",
        height=charts.TALL,
        alt=t("Lines: the share of requests within each latency, one for each load"),
    )

"""Results of the benchmark page: charts, table and CSV of one stored result."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import replace
from typing import Any, Final

import streamlit as st

from costing.serving.benchmark_result import (
    BenchResult,
    LevelRow,
    Measure,
    MeasuredLevel,
    MeasuredPercentiles,
    ResultSlo,
    largest_within,
    level_rows,
    share_within,
)

from .. import session as state
from ..components.downloads import csv_button
from ..figures import benchmark as charts
from ..language import label_of, markdown_safe, t
from .labels import HEADINGS, KINDS, MEASURES, load_name, marks_of, name_of

MAX_NOTES: Final = 5
_MS: Final = ("ttft_p50_s", "ttft_p95_s", "tpot_p50_s", "tpot_p95_s")


def overview(results: dict[str, BenchResult]) -> None:
    """Render a table of every stored result: time, model, machine."""
    rows = {
        "started_at": [f"{r.started_at:%Y-%m-%d %H:%M}" for r in results.values()],
        "model": [r.model for r in results.values()],
        "machine": [r.machine for r in results.values()],
        "kind": [t(KINDS[r.kind]) for r in results.values()],
        "loads": [len(r.levels) for r in results.values()],
        "marks": [marks_of(r) for r in results.values()],
    }
    st.dataframe(
        rows,
        hide_index=True,
        column_config={name: st.column_config.Column(label_of(HEADINGS, name)) for name in rows},
        key="bench_list",
    )


def warn(result: BenchResult) -> None:
    """Render the warnings that a reader needs before the figures."""
    if result.partial or any(level.partial for level in result.levels):
        st.warning(
            t("Partial: the run was interrupted; the last load holds fewer requests than asked for."),
            icon=":material/warning:",
        )
    limited = [name_of(level) for level in result.levels if level.client_limited]
    if limited:
        st.warning(
            t(
                "Client-limited at {loads}: the measuring client added too much there; these figures are not "
                "the endpoint's. Use fewer streams, or a machine with less to do."
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
    closed = [level for level in result.levels if level.concurrency is not None]
    timed = [level for level in result.levels if level.concurrency is None]
    if closed:
        _curves(closed, slo, t("streams at once"), "concurrency")
    if timed:
        _curves(timed, slo, t("requests per second"), "rate")
    if slo.given:
        _verdict(timed or closed, slo)
    table(level_rows(result, slo))
    csv_button("benchmark", LevelRow, lambda: level_rows(result, slo), "csv_bench")


def _verdict(levels: Sequence[MeasuredLevel], slo: ResultSlo) -> None:
    held = largest_within(levels, slo)
    if held is None:
        st.caption(
            t("No measured load keeps the SLO for {share:.0%} of its requests.").format(share=slo.share)
        )
    else:
        st.caption(
            t("{load}: the largest measured load that keeps the SLO for {share:.0%} of its requests.").format(
                load=markdown_safe(name_of(held)), share=slo.share
            )
        )


def _curves(levels: Sequence[MeasuredLevel], slo: ResultSlo, load: str, key: str) -> None:
    ordered = sorted(levels, key=lambda level: level.load[1])

    def curve(measure: str, figure: str) -> charts.Points:
        points: list[tuple[float, float | None]] = []
        for level in ordered:
            spread: MeasuredPercentiles | None = getattr(level, measure)
            points.append((level.load[1], None if spread is None else getattr(spread, figure) * 1000))
        return points

    held = largest_within(ordered, slo)
    until = None if held is None else held.load[1]
    left, right = st.columns(2)
    for place, measure, name, limit in (
        (left, "ttft_s", "TTFT", slo.ttft_s),
        (right, "tpot_s", "TPOT", slo.tpot_s),
    ):
        with place:
            st.echarts_chart(
                charts.against_load(
                    {f"{name} {figure}": curve(measure, figure) for figure in ("p50", "p95")},
                    load,
                    "ms",
                    limit=None if limit is None else limit * 1000,
                ),
                key=f"chart_bench_{name.lower()}_{key}",
                height=300,
                alt=t("Lines: latency at the median and the 95th percentile against the load"),
            )
    st.echarts_chart(
        charts.against_load(
            {t("Output tokens/s"): [(level.load[1], level.output_tokens_per_s) for level in ordered]},
            load,
            "tok/s",
            held_until=until,
        ),
        key=f"chart_bench_output_{key}",
        height=300,
        alt=t("Line: output tokens a second against the load"),
    )


def table(rows: Sequence[LevelRow]) -> None:
    """Render the table of levels, times in milliseconds; the CSV has them in seconds."""
    shown: dict[str, list[Any]] = {
        "load": [load_name(row.concurrency, row.rate_per_s, row.arrivals) for row in rows],
        "requests": [row.requests for row in rows],
        "errors": [row.errors for row in rows],
    }
    for name in _MS:
        values = [getattr(row, name) for row in rows]
        shown[name] = [None if value is None else value * 1000 for value in values]
    shown["output_tokens_per_s"] = [row.output_tokens_per_s for row in rows]
    shown["requests_per_s"] = [row.requests_per_s for row in rows]
    shown["slo_attainment_share"] = [row.slo_attainment_share for row in rows]
    formats = {
        **dict.fromkeys(_MS, "%,.1f"),
        "output_tokens_per_s": "%,.1f",
        "requests_per_s": "%,.2f",
        "slo_attainment_share": "percent",
    }
    config: dict[str, Any] = {
        name: st.column_config.NumberColumn(label_of(HEADINGS, name), format=formats[name])
        if name in formats
        else st.column_config.Column(label_of(HEADINGS, name))
        for name in shown
    }
    st.dataframe(shown, hide_index=True, column_config=config, key="bench_levels")


def distribution(result: BenchResult, slo: ResultSlo) -> None:
    """Render the latency distribution of the requests."""
    measures: list[Measure] = ["ttft_s", "tpot_s", "e2e_s"]
    which, scale = st.columns([3, 2], vertical_alignment="bottom")
    with which:
        measure = st.selectbox(
            t("Latency"),
            measures,
            format_func=lambda name: t(MEASURES[name]),
            key=state.key("bench_measure"),
            persist_state="session",
        )
    with scale:
        logarithmic = st.toggle(t("Logarithmic"), key="bench_log", persist_state="session")
    lines = {
        name_of(level): [(seconds * 1000, share) for seconds, share in share_within(level, measure)]
        for level in result.levels
    }
    drawn = {name: points for name, points in lines.items() if points}
    if not drawn:
        st.info(t("No request ended well, so there is nothing to draw."))
        return
    limit = {"ttft_s": slo.ttft_s, "tpot_s": slo.tpot_s, "e2e_s": None}[measure]
    st.echarts_chart(
        charts.distribution(drawn, logarithmic, None if limit is None else limit * 1000),
        key="chart_bench_distribution",
        height=360,
        alt=t("Lines: the share of requests within each latency, one for each load"),
    )

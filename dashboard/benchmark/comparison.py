"""Comparison of two results; changes are computed only if one machine measured both."""

from __future__ import annotations

from pathlib import Path
from typing import Final

import pandas as pd
import streamlit as st

from costing.serving.benchmark_frames import REQUESTS_FOR_P95, changes, levels, same_machine
from costing.serving.benchmark_result import BenchResult
from i18n.errors import CrossoverError

from .. import session as state
from ..components.downloads import frame_button
from ..components.frame_table import frame_table
from ..components.page_frame import say_errors
from ..language import markdown_safe, t
from .labels import FIGURES, IN_TOKENS_PER_S, fewest_answers, title_of, with_load
from .run_process import call

_COMPARED: Final = "bench_compared"
"""Session key: pair of files, and the output or error of the harness for it."""


def show(name: str, results: dict[str, BenchResult], folder: Path) -> None:
    """Render the choice of the second run, and the comparison."""
    others = [other for other in results if other != name]
    if not others:
        st.info(t("There is only one result; measure again to compare."))
        return
    other = st.selectbox(
        t("Compare with the earlier or other run"),
        others,
        format_func=lambda file: title_of(results[file]),
        key=state.key("bench_other"),
        persist_state="session",
    )
    first, second = results[other], results[name]
    joined = same_machine(first, second)
    st.caption(
        t("First run: {first}. Second run: {second}.").format(
            first=markdown_safe(title_of(first)), second=markdown_safe(title_of(second))
        )
    )
    if not joined:
        st.warning(
            t(
                "Different machines: {first} / {second}. The figures are shown side by side without a "
                "change: measure both on one machine."
            ).format(first=markdown_safe(first.machine), second=markdown_safe(second.machine)),
            icon=":material/warning:",
        )
    elif (first.model, first.url) != (second.model, second.url):
        st.warning(t("The runs measured different models or endpoints."), icon=":material/warning:")
    if (first.input_tokens, first.output_tokens) != (second.input_tokens, second.output_tokens):
        st.warning(t("The runs had prompts or answers of different length."), icon=":material/warning:")
    rows = changes(first, second)
    if rows.empty:
        st.info(t("The two runs have no load in common."))
        return
    if any(fewest_answers(levels(run, run.slo)) is not None for run in (first, second)):
        rows = rows[~rows["figure"].str.contains("_p95_")]
        st.caption(
            t("p95 is not compared: it needs {needed} requests at every load.").format(
                needed=REQUESTS_FOR_P95
            )
        )
    _table(rows, joined)
    frame_button("benchmark-compared", lambda: rows, "csv_bench_compared")
    if joined:
        _beyond_chance(folder / other, folder / name)


def _table(rows: pd.DataFrame, joined: bool) -> None:
    """Render the figures of both runs, latencies in milliseconds."""
    scale = [1.0 if name == IN_TOKENS_PER_S else 1000.0 for name in rows["figure"]]
    shown = with_load(rows).assign(
        figure=[FIGURES[name] for name in rows["figure"]],
        before=rows["before"] * scale,
        after=rows["after"] * scale,
    )
    frame_table(shown, "bench_changes", hidden=() if joined else ("change_share",))


def _beyond_chance(before: Path, after: Path) -> None:
    """Confidence intervals of the differences, computed by the harness from the requests."""
    st.button(
        t("Test for significance"),
        key="bench_beyond_chance",
        icon=":material/query_stats:",
        on_click=_compare,
        args=(before, after),
        help=t("Each difference with its 95% interval, by python -m bench compare."),
    )
    outcome: tuple[Path, Path, str | CrossoverError] | None = st.session_state.get(_COMPARED)
    if outcome is None or outcome[:2] != (before, after):
        return
    if isinstance(outcome[2], CrossoverError):
        say_errors(outcome[2])
    else:
        st.code(outcome[2], language=None)


def _compare(before: Path, after: Path) -> None:
    answer: str | CrossoverError
    try:
        _, answer = call(["compare", str(before), str(after)])
    except CrossoverError as error:
        answer = error
    st.session_state[_COMPARED] = (before, after, answer)

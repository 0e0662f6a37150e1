"""Comparison of two results; changes are computed only if one machine measured both."""

from __future__ import annotations

from pathlib import Path
from typing import Any, Final

import streamlit as st

from costing.serving.benchmark_result import BenchResult, ChangeRow, changes, same_machine
from i18n.errors import CrossoverError

from .. import session as state
from ..components.downloads import csv_button
from ..components.page_frame import say_errors
from ..language import label_of, markdown_safe, t
from .labels import HEADINGS, load_name, title_of
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
                "Different machines: {first} / {second}. The figures stand side by side, but no change is "
                "computed: measure both on one machine."
            ).format(first=markdown_safe(first.machine), second=markdown_safe(second.machine)),
            icon=":material/warning:",
        )
    elif (first.model, first.url) != (second.model, second.url):
        st.warning(t("The runs measured different models or endpoints."), icon=":material/warning:")
    if (first.input_tokens, first.output_tokens) != (second.input_tokens, second.output_tokens):
        st.warning(t("The runs had prompts or answers of different length."), icon=":material/warning:")
    rows = changes(first, second)
    if not rows:
        st.info(t("The two runs have no load in common."))
        return
    _table(rows, joined)
    csv_button("benchmark-compared", ChangeRow, lambda: rows, "csv_bench_compared")
    if joined:
        _beyond_chance(folder / other, folder / name)


def _table(rows: list[ChangeRow], joined: bool) -> None:
    def plain(row: ChangeRow, value: float | None) -> float | None:
        return (
            value if value is None or not row.figure.endswith("_s") or row.figure == _PER_S else value * 1000
        )

    shown: dict[str, list[Any]] = {
        "load": [load_name(row.concurrency, row.rate_per_s, row.arrivals) for row in rows],
        "figure": [label_of(HEADINGS, row.figure) for row in rows],
        "before": [plain(row, row.before) for row in rows],
        "after": [plain(row, row.after) for row in rows],
    }
    if joined:
        shown["change_share"] = [row.change_share for row in rows]
    formats = {"before": "%,.1f", "after": "%,.1f", "change_share": "percent"}
    config: dict[str, Any] = {
        name: st.column_config.NumberColumn(label_of(HEADINGS, name), format=formats[name])
        if name in formats
        else st.column_config.Column(label_of(HEADINGS, name))
        for name in shown
    }
    st.dataframe(shown, hide_index=True, column_config=config, key="bench_changes")


_PER_S: Final = "output_tokens_per_s"


def _beyond_chance(before: Path, after: Path) -> None:
    """Confidence intervals of the differences, computed by the harness from the requests."""
    st.button(
        t("What is beyond chance?"),
        key="bench_beyond_chance",
        icon=":material/query_stats:",
        on_click=_compare,
        args=(before, after),
        help=t("Each difference with its 95 % interval, by python -m bench compare."),
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

"""Benchmark page: measure a model server, and read the results."""

from __future__ import annotations

from typing import Final

import streamlit as st

from i18n.errors import CrossoverError
from i18n.message import N_, counted

from .. import session as state
from ..benchmark import comparison, deployment_row, machine_cost, results, run_form, upload
from ..benchmark.labels import title_of
from ..benchmark.result_store import ResultStore, stored_results, with_sample
from ..benchmark.run_process import RUNS, results_folder
from ..components.page_frame import MAX_FAULTS, say_errors
from ..components.section import section
from ..components.view_choice import view_choice
from ..language import render, t

TITLE: Final = N_("Benchmark")
PATH: Final = "benchmark"
VIEWS: Final = {
    "load": N_("Against load"),
    "distribution": N_("Distribution"),
    "side-by-side": N_("Side by side"),
    "cost": N_("USD per Mtok"),
    "use": N_("Use in comparison"),
}
"""Titles of its views by their names in the address, in the order shown."""
_SELECTED: Final = "bench_taken"


def show() -> None:
    """Render the page; it needs no scenario."""
    run_form.show()
    folder = results_folder()
    section(t("Results"))
    upload.show(folder)
    store = with_sample(stored_results(folder))
    for error in store.errors[:MAX_FAULTS]:
        say_errors(CrossoverError(error))
    if store.is_sample:
        st.info(
            t(
                "Sample: a simulated server, to show what a measurement tells you. It disappears with your "
                "first result."
            ),
            icon=":material/science:",
        )
    if store.left_out:
        st.caption(
            render(
                counted("{n} older result is not shown.", "{n} older results are not shown.", store.left_out)
            )
        )
    if not store.is_sample:
        with st.expander(t("All results"), key="bench_all"):
            results.overview(store.results)
    _select_new_result(store)
    name = _shown_result(store)
    result = store.results[name]
    results.warn(result)
    slo = results.slo_of(result, name)
    match view_choice(PATH, VIEWS):
        case "distribution":
            results.distribution(result, slo)
        case "side-by-side":
            comparison.show(name, store.results, folder)
        case "cost":
            machine_cost.show(result, slo)
        case "use" if store.is_sample:
            st.info(t("The sample cannot be used in a comparison: measure a server, or upload a result."))
        case "use":
            deployment_row.show(folder / name, result, state.book())
        case _:
            results.against_load(result, slo)


def _shown_result(store: ResultStore) -> str:
    """File of the result to show. The sample is the only one, so there is nothing to select."""
    if store.is_sample:
        (sample,) = store.results
        st.markdown(f"**{title_of(store.results[sample])}**")
        return sample
    return st.selectbox(
        t("Result"),
        list(store.results),
        format_func=lambda file: title_of(store.results[file]),
        key=state.key("bench_result"),
        persist_state="session",
    )


def _select_new_result(store: ResultStore) -> None:
    """Select the result of a run that has ended since the last rerun, once."""
    run = RUNS.latest()
    if run is None or not run.has_result or run.result.name not in store.results:
        return
    if st.session_state.get(_SELECTED) != run.result.name:
        st.session_state[_SELECTED] = run.result.name
        st.session_state[state.key("bench_result")] = run.result.name

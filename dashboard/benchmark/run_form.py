"""Run form of the benchmark page: choose a target and its loads and start, or watch and cancel the run."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Final

import streamlit as st

from costing.serving.benchmark_frames import REQUESTS_FOR_P95
from i18n.errors import CrossoverError

from .. import session as state
from ..components.page_frame import MAX_FAULTS, say_errors
from ..components.section import section
from ..language import markdown_safe, t
from .local_servers import LOCAL_SERVERS, LocalServers
from .run_process import RUNS
from .run_request import MAX_REQUESTS, MAX_TOKENS, RunRequest, concurrencies, rates
from .targets import VARIABLE, BenchmarkTarget, choices

POLL_S: Final = 1.0
DEMO: Final = ""
"""Option for the demo server in the list of targets; no target of the file has an empty name."""

USUAL_CONCURRENCIES: Final = (1, 2, 4)
USUAL_REQUESTS: Final = 80
"""Enough for p95."""
_FAULT: Final = "bench_fault"


def show() -> None:
    """Render the form, or the run in progress: a server measures one thing at a time."""
    section(
        t("Measure a model server"),
        t(
            "How many requests your own model server answers, how fast, and what a token costs on it. One "
            "measurement at a time, for all who look at this page; leave the server alone while it runs."
        ),
    )
    if RUNS.is_running():
        _say_error()
        st.fragment(_progress, run_every=POLL_S)()
        return
    _outcome()
    _order()


def _say_error() -> None:
    """Show the error of the last start, once, beside its button."""
    error: CrossoverError | None = st.session_state.pop(_FAULT, None)
    if error is not None:
        say_errors(error)


def _progress() -> None:
    run = RUNS.latest()
    if run is None or not RUNS.is_running():
        st.rerun()  # the whole page: there is a result now
    with st.container(border=True, key="bench_running"):
        st.markdown(
            t("**{name}** is being measured; started at {when}").format(
                name=markdown_safe(_shown(run.name)), when=f"{run.started_at:%H:%M:%S} UTC"
            )
        )
        names = run.order.level_names
        if names:
            text = t("Load {begun} of {all}: {step}").format(
                begun=run.levels_begun, all=len(names), step=markdown_safe(run.step)
            )
            st.progress(run.levels_done_share, text=text)
        else:
            st.progress(0.0, text=t("Finding the maximum load: {step}").format(step=markdown_safe(run.step)))
        st.button(
            t("Cancel") if not run.cancels else t("Cancel at once"),
            key=state.key("bench_cancel"),
            icon=":material/cancel:",
            on_click=RUNS.cancel,
            help=t("What was measured until then is kept, marked partial."),
        )


def _outcome() -> None:
    """Render how the last run ended."""
    run = RUNS.latest()
    if run is None or run.status is None:
        return
    name = markdown_safe(_shown(run.name))
    if run.status == 0 and run.has_result:
        st.success(t("{name} is measured; the result is below.").format(name=name), icon=":material/check:")
    elif run.has_result:
        st.warning(t("{name} was cancelled; what was measured is below.").format(name=name))
    elif run.cancels:
        st.warning(t("{name} was cancelled before anything was measured.").format(name=name))
    else:
        st.error(
            t("{name} could not be measured: {problem}").format(
                name=name, problem=markdown_safe(run.step or f"status {run.status}")
            ),
            icon=":material/error:",
        )


def _shown(name: str) -> str:
    return name or t("Demo: Gemma 3 270M on this server")


def _order() -> None:
    targets = choices()
    for error in targets.errors[:MAX_FAULTS]:
        say_errors(CrossoverError(error))
    local = LOCAL_SERVERS.servers()
    names = {target.name: target for target in (*local.targets, *targets.targets)}
    _local(local, names)
    listed = [*names, *([DEMO] if targets.has_demo else [])]
    if not listed:
        _say_error()
        return
    with st.container(border=True, key="bench_order"):
        chosen = st.selectbox(
            t("Server and model"),
            listed,
            format_func=_shown,
            key=state.key("bench_target"),
            persist_state="session",
            help=t(
                "Servers on this machine, and the list of the server's administrator (the file named by "
                "{variable})."
            ).format(variable=VARIABLE),
        )
        target = names.get(chosen)
        if target is not None:
            st.text(f"{target.model} · {target.host}")
        _form(chosen, target)


def _local(local: LocalServers, names: Mapping[str, BenchmarkTarget]) -> None:
    """Render the servers on this machine, each with a button that measures it with the usual settings."""
    for target in local.targets:
        if names[target.name] is not target:  # the administrator's list has one of this name
            continue
        with st.container(horizontal=True, vertical_alignment="center"):
            st.button(
                t("Measure"),
                key=f"bench_measure_{target.name}",
                icon=":material/play_arrow:",
                type="primary",
                on_click=_start_usual,
                args=(target,),
                help=t("Loads {loads}, {requests} requests each; the form below has all settings.").format(
                    loads=", ".join(map(str, USUAL_CONCURRENCIES)), requests=USUAL_REQUESTS
                ),
            )
            st.markdown(f"**{markdown_safe(target.name)}** · {markdown_safe(target.host)}")
    if local.needing_key:
        st.caption(
            t("These servers ask for a key: {servers}. Name the key in the administrator's list.").format(
                servers=markdown_safe(", ".join(local.needing_key))
            )
        )
    with st.container(horizontal=True, vertical_alignment="center"):
        if not local.targets:
            st.caption(
                t(
                    "No model server answers on this machine. Start Ollama, llama.cpp, vLLM, LM Studio or "
                    "SGLang with its usual port, then look again. Or upload a result below."
                )
            )
        st.button(
            t("Look again"),
            key="bench_look_again",
            icon=":material/refresh:",
            type="tertiary",
            on_click=LOCAL_SERVERS.forget,
        )
    if not names:
        st.caption(
            t(
                "Servers on other machines come from a list of the administrator; the documentation of the "
                "benchmark describes its file."
            )
        )


def _form(name: str, target: BenchmarkTarget | None) -> None:
    sweep = st.toggle(
        t("Find maximum load"),
        key="bench_sweep",
        persist_state="session",
        help=t(
            "Finds where the server is full, and the largest Poisson rate that meets the SLO. Needs an SLO."
        ),
    )
    with st.form("bench_form", border=False):
        if not sweep:
            left, right = st.columns(2)
            left.text_input(
                t("Concurrency"),
                value=", ".join(map(str, USUAL_CONCURRENCIES)),
                key="bench_concurrencies",
                persist_state="session",
                help=t("Closed loop: a fixed number of concurrent requests; one load for each number."),
            )
            right.text_input(
                t("Requests per second"),
                value="",
                key="bench_rates",
                persist_state="session",
                help=t("Poisson arrivals: a load for each rate. The cost is taken from these."),
            )
        a, b, c = st.columns(3)
        a.number_input(
            t("Requests per load"),
            1,
            MAX_REQUESTS,
            USUAL_REQUESTS,
            key="bench_requests",
            persist_state="session",
            help=t("p95 is shown from {needed} answers on.").format(needed=REQUESTS_FOR_P95),
        )
        b.number_input(
            t("Input tokens"), 1, MAX_TOKENS, 64, key="bench_input_tokens", persist_state="session"
        )
        c.number_input(
            t("Output tokens"), 1, MAX_TOKENS, 32, key="bench_output_tokens", persist_state="session"
        )
        d, e = st.columns(2)
        d.number_input(t("SLO: TTFT, ms"), 0.1, 1e6, None, key="bench_order_ttft_ms", persist_state="session")
        e.number_input(t("SLO: TPOT, ms"), 0.1, 1e6, None, key="bench_order_tpot_ms", persist_state="session")
        st.form_submit_button(
            t("Measure"),
            key="bench_start",
            type="primary",
            icon=":material/play_arrow:",
            on_click=_start,
            args=(name, target, sweep),
        )
    _say_error()


def _start_usual(target: BenchmarkTarget) -> None:
    """Start a run with the usual settings."""
    _run(
        target.name,
        RunRequest(target, concurrencies=USUAL_CONCURRENCIES, requests=USUAL_REQUESTS, output_tokens=32),
    )


def _run(name: str, order: RunRequest) -> None:
    try:
        RUNS.start(name, order)
    except CrossoverError as error:
        st.session_state[_FAULT] = error


def _start(name: str, target: BenchmarkTarget | None, sweep: bool) -> None:
    try:
        order = RunRequest(
            target=target,
            sweep=sweep,
            concurrencies=() if sweep else concurrencies(state.value("bench_concurrencies")),
            rates_per_s=() if sweep else rates(state.value("bench_rates")),
            requests=state.value("bench_requests"),
            input_tokens=state.value("bench_input_tokens"),
            output_tokens=state.value("bench_output_tokens"),
            slo_ttft_ms=state.value("bench_order_ttft_ms"),
            slo_tpot_ms=state.value("bench_order_tpot_ms"),
        )
    except CrossoverError as error:
        st.session_state[_FAULT] = error
    else:
        _run(name, order)

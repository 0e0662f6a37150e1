"""Form that turns a benchmark result into a row of the deployments table, for the user's own prices."""

from __future__ import annotations

import re
from dataclasses import dataclass
from pathlib import Path
from typing import Final

import streamlit as st
from streamlit.delta_generator import DeltaGenerator

from costing.serving.benchmark_result import BenchResult
from i18n.errors import CrossoverError
from pricing.book import PriceBook
from pricing.rows import Gpu, OpenModel

from .. import session as state
from ..components.page_frame import say_errors
from ..language import t
from .run_process import call

PRECISIONS: Final = ("bf16", "fp8", "fp4", "int4")
_ROW: Final = "bench_row"
OWN_CPU: Final = "own-cpu"
"""Id of a machine without a GPU; its row of the GPUs table is made with that of the deployment."""


@dataclass(frozen=True, slots=True)
class _Made:
    """Output of the harness for a result file."""

    path: Path
    row: str = ""
    hardware: str = ""
    """The machine's own row; blank unless it was requested."""
    error: CrossoverError | None = None
    missing: tuple[str, ...] = ()
    """Options of the harness that were not chosen."""


def show(path: Path, result: BenchResult, book: PriceBook) -> None:
    """Render the form for facts that the harness cannot measure, and the row that it makes."""
    st.caption(
        t(
            "Turns this result into a row of deployments.yaml in your own price folder. Then choose it as "
            "the deployment of a self-hosted option: what was measured replaces the estimate."
        )
    )
    made: _Made | None = st.session_state.get(_ROW)
    if made is not None and made.path != path:
        made = None
    missing = made.missing if made is not None else ()
    with st.form("bench_calibrate", border=True):
        a, b = st.columns(2)
        a.text_input(t("Id of the row"), value=_id(result.model), key="bench_row_id")
        b.selectbox(t("Open model"), _ids(book, OpenModel), index=None, key="bench_row_model")
        _mark(a, "--id", missing)
        _mark(b, "--open-model", missing)
        c, d, e = st.columns(3)
        gpus = _ids(book, Gpu)
        c.selectbox(
            t("GPU"),
            gpus if result.has_gpu or OWN_CPU in gpus else [OWN_CPU, *gpus],
            index=None,
            key="bench_row_gpu",
            help=t("own-cpu: the measured machine itself, which has no GPU; its row is made, too."),
        )
        d.number_input(t("GPUs per replica"), 1, 64, 1, key="bench_row_gpus")
        e.selectbox(t("Precision"), PRECISIONS, index=None, key="bench_row_precision")
        _mark(c, "--gpu", missing)
        _mark(e, "--precision", missing)
        if not result.has_gpu:
            st.number_input(
                t("Power of the machine at full load, kW"),
                0.0,
                10.0,
                None,
                0.01,
                key="bench_row_kw",
                help=t("For the row of own-cpu; blank where you do not know it."),
            )
        st.checkbox(
            t("Use the closed loop's ceiling if no Poisson rate meets the SLO"), key="bench_row_closed"
        )
        st.form_submit_button(
            t("Make the row"),
            key="bench_row_make",
            icon=":material/add_notes:",
            on_click=_make,
            args=(path, book),
        )
    if made is None or made.missing:
        return
    if made.error is not None:
        say_errors(made.error)
        return
    st.code(made.row, language="yaml")
    st.download_button(
        t("deployments.yaml"),
        data=made.row,
        file_name="deployments.yaml",
        mime="application/yaml",
        key="bench_row_download",
        on_click="ignore",
        icon=":material/download:",
    )
    if made.hardware:
        st.caption(t("And the machine itself, for gpus.yaml of the same folder:"))
        st.code(made.hardware, language="yaml")
        st.download_button(
            t("gpus.yaml"),
            data=made.hardware,
            file_name="gpus.yaml",
            mime="application/yaml",
            key="bench_hardware_download",
            on_click="ignore",
            icon=":material/download:",
        )


def _mark(place: DeltaGenerator, option: str, missing: tuple[str, ...]) -> None:
    """Mark a field that the last try lacked, below it."""
    if option in missing:
        required = t("Required")
        place.caption(f":orange[{required}]")


def _ids(book: PriceBook, kind: type[OpenModel] | type[Gpu]) -> list[str]:
    return sorted(book.on(state.today()).rows(kind))


def _id(model: str) -> str:
    """Proposed id of the row."""
    return "own-" + (re.sub(r"[^a-z0-9.]+", "-", model.lower()).strip("-.")[:60] or "model")


def _make(path: Path, book: PriceBook) -> None:
    settings = {
        "--id": str(state.value("bench_row_id")).strip(),
        "--open-model": state.value("bench_row_model") or "",
        "--gpu": state.value("bench_row_gpu") or "",
        "--gpus-per-replica": str(state.value("bench_row_gpus")),
        "--precision": state.value("bench_row_precision") or "",
    }
    missing = tuple(name for name, value in settings.items() if not value)
    if missing:
        st.session_state[_ROW] = _Made(path, missing=missing)
        return
    try:
        options = [f"{name}={value}" for name, value in settings.items()]
        if state.value("bench_row_closed"):
            options.append("--closed-loop")
        _, row = call(["calibrate", str(path), *options])
        made = _Made(path, row, _hardware(path, book) if settings["--gpu"] == OWN_CPU else "")
    except CrossoverError as error:
        made = _Made(path, error=error)
    st.session_state[_ROW] = made


def _hardware(path: Path, book: PriceBook) -> str:
    """The machine's own row; blank if the tables already have it."""
    if OWN_CPU in _ids(book, Gpu):
        return ""
    kw = st.session_state.get("bench_row_kw")
    _, row = call(["hardware", str(path), f"--id={OWN_CPU}", *([f"--kw={kw:g}"] if kw else [])])
    return row

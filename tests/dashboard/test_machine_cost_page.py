"""The price of a measured machine on the benchmark page, and the rows of a machine without a GPU."""

from __future__ import annotations

import re
from dataclasses import replace
from datetime import date
from pathlib import Path
from typing import Any

import pytest
from streamlit.testing.v1 import AppTest

from bench.result import Result, write
from dashboard.benchmark.local_servers import LOCAL_SERVERS
from pricing.company_tables import company_book
from tests.support.app import (
    choose_view,
    errors,
    go,
    open_app,
    page_text,
    table,
)
from tests.support.bench_results import MACHINE, closed_level, poisson_level, result_of
from tests.support.factories import frozen_book
from tests.support.plotly_figures import figure_on_page, lines_of


@pytest.fixture
def place(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Path:
    monkeypatch.setenv("CROSSOVER_BENCH_RESULTS", str(tmp_path / "results"))
    monkeypatch.delenv("CROSSOVER_BENCH_TARGETS", raising=False)
    monkeypatch.setattr(LOCAL_SERVERS, "ports", ())
    return tmp_path


def opened(place: Path, tab: str, result: Result | None = None) -> AppTest:
    write(result or result_of(closed_level(), poisson_level(1.0)), place / "results" / "a.json")
    app = go(open_app(), "benchmark")
    choose_view(app, "benchmark", tab)
    return app.run()


def metrics(app: AppTest) -> dict[str, float]:
    return {metric.label: float(metric.value.replace(",", "")) for metric in app.metric}


def test_a_machine_whose_cost_is_unknown_has_no_price(place: Path) -> None:
    app = opened(place, "USD per Mtok")
    assert not app.exception
    assert errors(app) == []
    assert "Fill in the marked fields" in page_text(app)
    assert page_text(app).count("Required") == 1
    assert not app.metric


def test_a_rent_typed_in_gives_the_price_at_the_slo(place: Path) -> None:
    app = opened(place, "USD per Mtok")
    app.number_input(key="bench_price_rent").set_value(3.6).run()
    frame = table(app, "usd_per_mtok_output")
    # USD per hour over the Mtok of an hour, at the Poisson load: the last row.
    speed = frame["output_tokens_per_s"].iloc[-1]
    expected = 3.6 / (speed * 3600 / 1e6)
    assert frame["usd_per_mtok_output"].iloc[-1] == pytest.approx(expected)
    assert metrics(app)["USD per Mtok of output at the SLO"] == pytest.approx(expected, abs=0.01)
    assert "Cost of the machine: assumed." in page_text(app)
    assert lines_of(figure_on_page(app, "chart_bench_price_rate"))["Output"] == [
        (1.0, pytest.approx(expected))
    ]


def test_half_the_hours_cost_twice_a_token(place: Path) -> None:
    app = opened(place, "USD per Mtok")
    app.number_input(key="bench_price_rent").set_value(3.6).run()
    whole = metrics(app)["USD per Mtok of output at the SLO"]
    app.number_input(key="bench_price_busy").set_value(50.0).run()
    assert metrics(app)["USD per Mtok of output at the SLO"] == pytest.approx(2 * whole, abs=0.02)


def test_a_bought_machine_is_priced_from_its_purchase_and_its_power(place: Path) -> None:
    app = opened(place, "USD per Mtok")
    app.session_state["bench_price_tenure"] = "owned"
    app.run()
    app.number_input(key="bench_price_purchase").set_value(800.0).run()
    assert page_text(app).count("Required") == 1  # the power
    app.number_input(key="bench_price_kw").set_value(0.1).run()
    lines = table(app, "usd_per_month")
    assert list(lines["name"]) == ["GPUs, capital recovered", "Maintenance", "Electricity"]
    assert set(lines["evidence"]) == {"assumed"}
    assert metrics(app)["USD per hour"] == pytest.approx(lines["usd_per_month"].sum() / 730.5, rel=0.01)


def test_a_gpu_of_the_tables_brings_its_published_price(place: Path) -> None:
    app = opened(place, "USD per Mtok")
    app.selectbox(key="bench_price_gpu").set_value("h100-sxm").run()
    rent = frozen_book().on(date(2026, 11, 22)).gpu_rent("h100-sxm")
    assert metrics(app)["USD per hour"] == pytest.approx(float(rent.usd_per_gpu_hour), abs=0.01)


def test_a_closed_loop_alone_is_called_a_ceiling(place: Path) -> None:
    app = opened(place, "USD per Mtok", result_of(closed_level()))
    app.number_input(key="bench_price_rent").set_value(3.6).run()
    assert "closed loop's ceiling" in "\n".join(warning.value for warning in app.warning)


def test_a_machine_without_a_gpu_is_taken_into_the_price_folder_with_its_speed(place: Path) -> None:
    app = opened(place, "Use in comparison")
    app.selectbox(key="bench_row_model").set_value("gemma-3-270m")
    app.selectbox(key="bench_row_gpu").set_value("own-cpu")
    app.selectbox(key="bench_row_precision").set_value("int4")
    app.number_input(key="bench_row_kw").set_value(0.1)
    app.button(key="bench_row_make").click().run()
    assert not app.exception
    deployment, hardware = (code.value for code in app.code)
    folder = place / "acme"
    folder.mkdir()
    (folder / "deployments.yaml").write_text(deployment, encoding="utf-8")
    (folder / "gpus.yaml").write_text(hardware, encoding="utf-8")
    prices = company_book(frozen_book(), folder).on(date(2026, 11, 22))
    row = prices.deployment(re.search(r'id: "?([a-z0-9.-]+)', deployment)[1])  # type: ignore[index]
    assert row.gpu == "own-cpu"
    assert prices.gpu(row.gpu).is_cpu
    assert float(prices.gpu(row.gpu).all_in_kw or 0) == 0.1


def test_a_machine_with_a_gpu_is_not_called_a_cpu(place: Path) -> None:
    machine: Any = replace(MACHINE, gpus=("NVIDIA H100, 81559 MiB, 580",))
    app = opened(place, "Use in comparison", result_of(closed_level(), fingerprint=machine))
    assert "own-cpu" not in app.selectbox(key="bench_row_gpu").options
    assert "bench_row_kw" not in {box.key for box in app.number_input}

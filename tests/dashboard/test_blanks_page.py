"""Unknown figures on the pages: shown as unknown in both languages; the rest of the page works."""

from __future__ import annotations

import pytest
from streamlit.testing.v1 import AppTest

from frames.csv import frame_csv
from frames.frame import records
from pricing.survey.machines import machines, open_models

from ..support.app import choose_prices, errors, pick_tab, table
from ..support.factories import DAY, book, frozen_prices, gpu, gpu_purchase, open_model
from ..support.live_panel import figures


def test_a_fleet_of_kimi_k3_is_one_clear_line_and_the_others_stay(app: AppTest) -> None:
    pick_tab(app, "Options", "strategy_3")
    before = figures(app)
    app.selectbox(key="pick_3_deployment").set_value("").run()
    assert "Kimi-K3" in app.selectbox(key="pick_3_open_model").options
    app.selectbox(key="pick_3_open_model").set_value("kimi-k3").run()
    assert not app.exception
    assert errors(app) == []
    warnings = [warning.value.replace("\\", "") for warning in app.warning if "Kimi-K3" in warning.value]
    assert len(warnings) == 1
    assert "Kimi-K3: active_params_b is unknown (add it to its row of open_models" in warnings[0]
    assert figures(app).items() < before.items()  # all but the fleet, unmoved
    assert len(figures(app)) == len(before) - 1
    app.selectbox(key="pick_3_open_model").set_value("mistral-small-3.2-24b").run()
    assert not app.exception
    assert any("Mistral-Small-3.2-24B" in who for who in figures(app))
    app.selectbox(key="pick_3_gpu").set_value("rtx-6000-ada").run()
    assert not app.exception
    assert any(
        "RTX 6000 Ada: bf16_tflops is unknown" in warning.value.replace("\\", "") for warning in app.warning
    )


def test_the_machines_tab_shows_every_gpu_and_model_and_no_nought_for_a_blank(prices_page: AppTest) -> None:
    choose_prices(prices_page, tab="Machines")
    assert not prices_page.exception
    gpus, models = table(prices_page, "bf16_tflops"), table(prices_page, "active_params_b")
    assert len(gpus) == len(machines(frozen_prices()))
    ada = gpus[gpus["name"] == "RTX 6000 Ada"].iloc[0]
    assert ada["bf16_tflops"] != ada["bf16_tflops"]  # nothing, which the table shows as unknown
    assert (ada["memory_gib"], ada["tdp_w"], ada["usd_per_gpu_hour"]) == (48, 300, 0.826)
    # Others of its generation have FP8, none FP4; of Ampere none has either.
    assert (ada["fp8_tflops"], ada["fp4_tflops"]) == ("unknown", "–")
    assert gpus[gpus["name"] == "A10G"].iloc[0]["fp8_tflops"] == "–"
    kimi = models[models["name"] == "Kimi-K3"].iloc[0]
    assert kimi["active_params_b"] != kimi["active_params_b"]
    assert (kimi["experts"], kimi["kv_bytes_per_token"]) == ("16 / 896", 27648)
    large = models[models["name"] == "Mistral-Large-3"].iloc[0]
    assert large["experts"] == "unknown"
    blanks = [frame.proto.placeholder for frame in prices_page.dataframe]
    assert blanks == ["–", "unknown", "unknown"]  # of the market, the GPUs and the models


def test_a_row_in_full_says_unknown_for_the_price_that_nobody_verified(prices_page: AppTest) -> None:
    choose_prices(prices_page, ("training", "mistral/all@sft-classifier-factory"), tab="Details")
    assert not prices_page.exception
    fields = table(prices_page, "field").set_index("field")["value"]
    assert fields["Training, USD per Mtok"] == "unknown"
    assert fields["Minimum, USD per job"] == "4"


def test_the_rows_of_the_machines_are_those_of_the_tables() -> None:
    prices = book(gpu(bf16_tflops=None, tdp_w=350), gpu(id="g2", name="G2"), gpu_purchase()).on(DAY)
    rows = machines(prices)
    first, second = records(rows)
    assert [first["bf16_tflops"], first["tdp_w"], first["usd_per_gpu"], first["usd_per_gpu_hour"]] == [
        None,
        350,
        30_000,
        2,
    ]
    assert [second["usd_per_gpu"], second["usd_per_gpu_hour"], second["tdp_w"]] == [None, None, None]
    text = frame_csv(rows[1:]).decode("utf-8-sig").splitlines()
    cells = dict(zip(text[0].split(","), text[1].split(","), strict=True))
    assert (cells["usd_per_gpu"], cells["tdp_w"], cells["memory_gib"]) == ("", "", "100")


@pytest.mark.parametrize(
    ("changes", "experts"),
    [
        ({}, "dense"),
        ({"active_params_b": 2, "routed_experts": 8, "experts_per_token": 2}, "2 / 8"),
        ({"active_params_b": 2}, "unknown"),
    ],
)
def test_experts_are_counted_or_unknown_or_there_are_none(changes: dict[str, int], experts: str) -> None:
    assert list(open_models(book(open_model(**changes)).on(DAY))["experts"]) == [experts]

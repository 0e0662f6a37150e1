"""Rows of a self-hosted fleet: size, utilisation, idle cost, latency, energy and emissions."""

from __future__ import annotations

import csv
from decimal import Decimal

import pytest

from costing.cli.compare import comparison_json
from costing.comparison.compare import compare
from costing.reports.fleet import fleet as report_fleet
from frames.csv import frame_csv
from tests.support.rows import rows_of

from ...support.factories import STUFFED, book, choice, estimated_tokenizer, gpu, open_model, scenario
from ...support.fleet import GRID, PLAIN, TWD, tariff

OWNED = {**PLAIN, "tenure": "owned", "wacc_share": 0, "maintenance_share": 0, "host_usd_per_gpu": 6000}


def test_a_rented_fleet_row_by_hand() -> None:
    # 43,200 a day are half of what a replica answers; at a peak of 2 one is full, and one is spare.
    own = choice("self_hosted", **{**PLAIN, "spare_replicas": 1})
    (row,) = rows_of(
        report_fleet(compare(scenario(STUFFED, own, requests_per_day=43_200, peak_to_average=2), book()))
    )
    assert (row.replicas_needed, row.replicas, row.servers, row.gpus) == (1, 2, 2, 2)
    assert (row.average_busy_share, row.peak_busy_share) == (0.25, 0.5)
    # 2 x 730.5 h x 2 USD = 2,922; three quarters idle
    assert row.machines_usd_per_month == Decimal("2922.000000")
    assert row.idle_usd_per_month == Decimal("2191.500000")
    # 10 at once, 100 tokens a second together
    assert row.ms_per_token == pytest.approx(100)
    assert row.first_token_evidence == "estimated"
    assert row.tenure == "rented"
    assert row.kwh_per_month is None
    assert row.kg_co2e_per_month is None
    assert row.share_of_requests == 1


def test_a_bought_fleet_has_its_energy_and_what_it_emits_with_the_source() -> None:
    own = choice("self_hosted", **OWNED, grid="taiwan", pue=1.5, load_share=1.0)
    comparison = compare(scenario(own, requests_per_day=43_200, currency="TWD"), book(GRID, TWD))
    (row,) = rows_of(report_fleet(comparison))
    # 1 kW x 1.5 x 8,760 h / 12 = 1,095 kWh; x 0.5 kg = 547.5
    assert row.kwh_per_month == pytest.approx(1095)
    assert row.kg_co2e_per_month == pytest.approx(547.5)
    assert row.grid_ref.startswith("taiwan")
    assert row.grid_source == GRID.source
    assert row.energy_evidence == "estimated"
    # 36,000 over 36 months, 1,095 kWh at 0.15: 1,000 + 164.25; 32 TWD each
    assert row.machines_usd_per_month == Decimal("1164.250000")
    assert row.machines_amount_per_month == Decimal("1164.25") * 32
    assert row.idle_amount_per_month == row.machines_amount_per_month / 2


def test_energy_without_a_grid_has_no_emissions() -> None:
    (row,) = rows_of(report_fleet(compare(scenario(choice("self_hosted", **OWNED)), book())))
    assert row.kwh_per_month is not None
    assert row.kg_co2e_per_month is None
    assert row.grid_ref == ""


def test_a_hosted_strategy_has_no_fleet_row_and_null_in_json() -> None:
    comparison = compare(scenario(STUFFED, choice("self_hosted", **PLAIN)), book())
    assert len(rows_of(report_fleet(comparison))) == 1
    by_name = {
        strategy["strategy"]: strategy["fleet"] for strategy in comparison_json(comparison)["strategies"]
    }
    assert by_name["Prompt stuffing · large (Acme)"] is None
    fleet = by_name["Self-hosted · Open 10B (G1, rented)"]
    assert fleet["gpus"] == 1
    assert fleet["idle_usd_per_month"] == pytest.approx(1461 * (1 - 1000 / 86_400))


def test_an_overflow_at_percentile_0_has_no_fleet() -> None:
    mixed = choice("overflow", **PLAIN, model="acme/large", percentile=0)
    assert rows_of(report_fleet(compare(scenario(mixed), book()))) == []


def test_an_overflow_says_what_it_answers() -> None:
    mixed = choice("overflow", **PLAIN, model="acme/large", percentile=50)
    (row,) = rows_of(report_fleet(compare(scenario(mixed, peak_to_average=3), book())))
    assert 0 < row.share_of_requests < 1


def test_the_sizes_at_both_ends_of_the_tokens_are_there_or_empty() -> None:
    rows = (estimated_tokenizer(), open_model(tokenizer="guess", context_window_tokens=1650))
    comparison = compare(scenario(choice("self_hosted", **PLAIN), requests_per_day=500_000.0), book(*rows))
    (row,) = rows_of(report_fleet(comparison))
    assert row.gpus_low is not None
    assert row.gpus_low < row.gpus
    assert row.gpus_high is None


def test_a_cpu_has_no_time_to_the_first_token() -> None:
    cpu = gpu(kind="CPU", bf16_tflops=None, fp8_tflops=None, bandwidth_gb_per_s=None)
    (row,) = rows_of(report_fleet(compare(scenario(choice("self_hosted", **PLAIN)), book(cpu))))
    assert row.first_token_ms is None
    assert row.first_token_evidence == ""


def test_unknown_cells_of_the_csv_are_empty() -> None:
    table = report_fleet(compare(scenario(choice("self_hosted", **PLAIN)), book(tariff("USD"))))
    (cells,) = csv.DictReader(frame_csv(table).decode("utf-8-sig").splitlines())
    assert cells["kwh_per_month"] == cells["kg_co2e_per_month"] == cells["grid_ref"] == ""
    assert cells["gpus"] == "1"

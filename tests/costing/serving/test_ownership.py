"""What owning a GPU costs a month."""

from __future__ import annotations

from typing import Any

import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st

from costing.cost_lines import CostLine, PriceRef
from costing.serving.ownership import GpuOwnership, annual_capital_share, kwh_per_month
from pricing.rows import Evidence

from ...support.factories import DAY


def ownership(**changes: Any) -> GpuOwnership:
    """The H100 of the 25 M claim: 30,000 + 10,000 USD, 3 years at 10 %, 5 % maintenance, 1 kW."""
    values: dict[str, Any] = {
        "gpu_usd": 30_000.0,
        "host_usd_per_gpu": 10_000.0,
        "life_years": 3.0,
        "wacc_share": 0.10,
        "residual_share": 0.0,
        "maintenance_share": 0.05,
        "kw_per_gpu": 1.0,
        "load_share": 0.5,
        "pue": 1.4,
        "usd_per_kwh": 0.15,
        **changes,
    }
    return GpuOwnership(
        gpu_price=PriceRef("g1 @ 2026-01-01", "https://example.com", DAY, Evidence.PUBLISHED),
        kw_evidence=Evidence.PUBLISHED,
        **values,
    )


def month(owned: GpuOwnership, gpus: float) -> dict[str, CostLine]:
    return {str(line.name): line for line in owned.lines(gpus, Evidence.MEASURED)}


def test_three_years_at_ten_per_cent_recover_0_402115_a_year() -> None:
    # 0.1 / (1 - 1.1^-3) = 0.1 / (1 - 1 / 1.331) = 0.1331 / 0.331 = 0.402115
    assert annual_capital_share(3, 0.10, 0) == pytest.approx(0.402115, abs=5e-7)


def test_without_a_cost_of_capital_it_is_straight_line_depreciation() -> None:
    assert annual_capital_share(4, 0, 0) == 0.25
    assert annual_capital_share(4, 0, 0.2) == 0.2  # (1 - 0.2) / 4


def test_what_a_sale_brings_back_is_discounted() -> None:
    # 0.331 in 3 years is worth 0.331 / 1.331 = 0.248685 now; (1 - 0.248685) x 0.402115 = 0.302115
    assert annual_capital_share(3, 0.10, 0.331) == pytest.approx(0.302115, abs=5e-7)


def test_a_machine_kept_for_one_year_costs_its_price_and_a_years_interest() -> None:
    assert annual_capital_share(1, 0.10, 0) == pytest.approx(1.10, rel=1e-12)


@given(life=st.floats(1, 10), wacc=st.floats(1e-6, 0.5), residual=st.floats(0, 0.9))
def test_the_payments_are_worth_what_was_paid(life: float, wacc: float, residual: float) -> None:
    # Present value of the yearly share over the life, plus that of the residual, is the one USD paid.
    annuity = (1 - (1 + wacc) ** -life) / wacc
    worth = annual_capital_share(life, wacc, residual) * annuity + residual / (1 + wacc) ** life
    assert worth == pytest.approx(1, rel=1e-6)


@given(life=st.floats(1, 10), residual=st.floats(0, 0.9))
def test_a_tiny_cost_of_capital_costs_what_none_costs(life: float, residual: float) -> None:
    # 1e-6 a year of interest over 10 years moves it by about a part in 100,000.
    assert annual_capital_share(life, 1e-6, residual) == pytest.approx(
        annual_capital_share(life, 0, residual), rel=1e-4
    )


@pytest.mark.parametrize(
    ("load", "kwh"),
    [
        (0.0, 255.5),  # 1 kW x 0.35 x 730 h
        (0.5, 492.75),  # 1 kW x (0.35 + 0.65 x 0.5) x 730 h
        (1.0, 730.0),
    ],
)
def test_an_idle_server_still_draws_power(load: float, kwh: float) -> None:
    assert kwh_per_month(1, load, 1) == pytest.approx(kwh, rel=1e-12)


def test_the_data_centre_draws_its_share_too() -> None:
    # 2 kW x 0.675 x 1.4 x 8,760 / 12 = 1,379.7 kWh
    assert kwh_per_month(2, 0.5, 1.4) == pytest.approx(1379.7, rel=1e-12)


def test_two_owned_h100_cost_3_221_usd_a_month() -> None:
    lines = month(ownership(), 2)
    # 60,000 x 0.402115 / 12 = 2,010.57 and 20,000 x 0.402115 / 12 = 670.19
    assert lines["GPUs, capital recovered"].usd == pytest.approx(2010.57, abs=0.01)
    assert lines["Host and network, capital recovered"].usd == pytest.approx(670.19, abs=0.01)
    # 80,000 x 0.05 / 12 = 333.33
    assert lines["Maintenance"].usd == pytest.approx(333.33, abs=0.01)
    # 1,379.7 kWh x 0.15 = 206.96
    assert lines["Electricity"].usd == pytest.approx(206.955, rel=1e-12)
    assert sum(float(line.usd) for line in lines.values()) == pytest.approx(3221.05, abs=0.01)


def test_a_host_that_costs_nothing_has_no_line() -> None:
    assert set(month(ownership(host_usd_per_gpu=0), 1)) == {
        "GPUs, capital recovered",
        "Maintenance",
        "Electricity",
    }


def test_a_users_figure_is_an_assumption_and_the_tables_price_is_not() -> None:
    lines = month(ownership(), 1)
    assert lines["GPUs, capital recovered"].price.ref == "g1 @ 2026-01-01"
    assert lines["Electricity"].price.ref == "input: usd_per_kwh"
    assert lines["Electricity"].evidence == Evidence.ASSUMED


def test_an_array_of_gpus_gives_an_array_of_costs() -> None:
    at_once = month(ownership(), np.array([1.0, 2.0, 7.0]))  # type: ignore[arg-type]
    for index, gpus in enumerate([1, 2, 7]):
        for name, line in month(ownership(), gpus).items():
            assert np.asarray(at_once[name].usd)[index] == pytest.approx(float(line.usd), rel=1e-12)


@pytest.mark.parametrize("wacc", [1e-17, 1e-15, 1e-9])
def test_a_tiny_cost_of_capital_is_almost_straight_line(wacc: float) -> None:
    # 1 / 3 a year
    assert annual_capital_share(3, wacc, 0) == pytest.approx(1 / 3, rel=1e-6)

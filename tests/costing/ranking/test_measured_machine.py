"""USD per Mtok of a measured machine, by hand; the command; messages for missing inputs."""

from __future__ import annotations

import csv
import json
import math
import subprocess
import sys
from dataclasses import replace
from datetime import date
from pathlib import Path
from typing import Any

import pytest
from hypothesis import given
from hypothesis import strategies as st

from bench.result import to_json, write
from costing.ranking.measured_machine import MachinePrice, Terms, machine_bill, machine_price, month
from costing.serving.benchmark_result import BenchResult, ResultSlo, read
from i18n.errors import CrossoverError
from pricing.book import PricesOnDay
from pricing.rows import Evidence
from tests.support.bench_results import closed_level, poisson_level, result_of
from tests.support.factories import frozen_book
from tests.support.time_limit import HANG_S

PRICES = frozen_book().on(date(2026, 11, 22))
HOURLY = Terms(rent_usd_per_gpu_hour=3.6)
SLO = ResultSlo(1.0, 0.2, 0.95)


def bench(**speed: Any) -> tuple[BenchResult, ResultSlo]:
    """A closed-loop and a Poisson level, each with the given speed."""
    result = read(to_json(result_of(closed_level(), poisson_level(1.0))).encode(), "a.json")
    return replace(result, levels=tuple(replace(level, **speed) for level in result.levels)), SLO


def priced(terms: Terms = HOURLY, prices: PricesOnDay = PRICES, **speed: Any) -> MachinePrice:
    return machine_price(
        *bench(**{"output_tokens_per_s": 100.0, "input_tokens_per_s": 300.0} | speed), terms, prices
    )


def test_a_rented_machine_costs_its_hour_over_the_tokens_of_an_hour() -> None:
    # 100 tokens/s are 0.36 Mtok an hour; 3.60 USD / 0.36 = 10. With 300 of input: 3.60 / 1.44 = 2.50.
    at_slo = priced().at_slo
    assert at_slo is not None
    assert at_slo["usd_per_mtok_output"] == pytest.approx(10.0)
    assert at_slo["usd_per_mtok"] == pytest.approx(2.5)
    assert at_slo["evidence"] == Evidence.ASSUMED


def test_a_machine_of_ones_own_costs_its_capital_and_its_power() -> None:
    # 876.60 USD over 3 years without interest: 292.20 a year, 24.35 a month. 0.1 kW x 730 h x PUE 1 x
    # 0.20 = 14.60. Together 38.95 a month of 730.5 hours.
    terms = Terms(
        tenure="owned",
        purchase_usd_per_gpu=876.6,
        wacc_share=0.0,
        maintenance_share=0.0,
        kw_per_gpu=0.1,
        pue=1.0,
        usd_per_kwh=0.2,
    )
    machine = priced(terms)
    assert machine.usd_per_hour == pytest.approx(38.95 / 730.5)
    assert sum(machine_bill(machine)["usd_per_month"]) == pytest.approx(38.95)


def test_arrivals_go_before_the_closed_loop_and_a_ceiling_says_so() -> None:
    result, slo = bench(output_tokens_per_s=100.0)
    machine = machine_price(result, slo, HOURLY, PRICES)
    assert machine.at_slo is not None
    assert machine.at_slo["rate_per_s"] == 1.0
    assert not machine.is_ceiling
    closed = machine_price(replace(result, levels=result.levels[:1]), slo, HOURLY, PRICES)
    assert closed.at_slo is not None
    assert closed.is_ceiling


def test_where_arrivals_break_the_slo_the_ceiling_does_not_stand_in() -> None:
    result, _ = bench(output_tokens_per_s=100.0)
    broken = replace(result, levels=(result.levels[0], replace(result.levels[1], timings=())))
    assert machine_price(broken, ResultSlo(1.0, 0.2, 0.95), HOURLY, PRICES).at_slo is None


def test_a_load_without_throughput_has_no_price_not_zero() -> None:
    result, slo = bench()
    unknown = replace(
        result, levels=tuple(replace(level, output_tokens_per_s=None) for level in result.levels)
    )
    machine = machine_price(unknown, slo, HOURLY, PRICES)
    assert list(machine.loads["usd_per_mtok_output"].isna()) == [True, True]
    assert machine.at_slo is None


def test_the_price_of_a_known_gpu_is_the_tables() -> None:
    line = month(Terms(gpu="h100-sxm", gpus=2), PRICES)[0]
    row = PRICES.gpu_rent("h100-sxm")
    assert float(line.usd) == pytest.approx(2 * 730.5 * float(row.usd_per_gpu_hour))
    assert line.price.ref == row.ref


@pytest.mark.parametrize(
    ("terms", "message"),
    [
        (Terms(), "rent of this machine is not known"),
        (Terms(tenure="owned"), "What this machine cost is not known"),
        (Terms(tenure="owned", purchase_usd_per_gpu=500.0), "power of this machine is not known"),
        (Terms(gpu="h100-smx"), "did you mean"),
    ],
)
def test_what_is_missing_is_said_in_one_line(terms: Terms, message: str) -> None:
    with pytest.raises(CrossoverError, match=message) as raised:
        month(terms, PRICES)
    assert "\n" not in str(raised.value)


@given(st.floats(0.05, 1.0), st.floats(0.05, 1.0))
def test_a_machine_used_less_never_has_cheaper_tokens(first: float, second: float) -> None:
    def usd(busy: float) -> float:
        owned = Terms(tenure="owned", purchase_usd_per_gpu=500.0, kw_per_gpu=0.1, busy_share=busy)
        usd_per_mtok = priced(owned).loads["usd_per_mtok_output"].iloc[0]
        assert not math.isnan(usd_per_mtok)
        return float(usd_per_mtok)

    low, high = sorted((first, second))
    assert usd(low) >= usd(high) * (1 - 1e-12)


def test_a_busy_share_of_nothing_is_refused() -> None:
    with pytest.raises(CrossoverError, match="busy share 0"):
        Terms(busy_share=0.0)


def call(*arguments: str) -> subprocess.CompletedProcess[str]:
    command = [sys.executable, "-m", "costing", "measured", *arguments]
    return subprocess.run(command, capture_output=True, text=True, timeout=HANG_S)


def test_the_command_prices_a_result_and_writes_its_csv(tmp_path: Path) -> None:
    write(result_of(closed_level(), poisson_level(1.0)), tmp_path / "a.json")
    out = tmp_path / "a.csv"
    done = call(str(tmp_path / "a.json"), "--rent-usd-per-gpu-hour", "3.6", "--json", "--csv", str(out))
    assert done.returncode == 0, done.stderr
    printout = json.loads(done.stdout)
    rows = list(csv.DictReader(out.open(encoding="utf-8-sig")))
    assert printout["usd_per_hour"] == pytest.approx(3.6)
    assert printout["at_slo"]["rate_per_s"] == 1.0
    assert [float(row["usd_per_mtok_output"]) for row in rows] == pytest.approx(
        [load["usd_per_mtok_output"] for load in printout["loads"]]
    )


@pytest.mark.parametrize(
    ("arguments", "message"),
    [
        (["none.json", "--gpu", "h100-sxm"], "none.json: cannot be read"),
        (["README.md", "--gpu", "h100-sxm"], "README.md: no benchmark result"),
        (["README.md", "--kw-per-gpu", "-1"], "'-1' is not a number from 0 on"),
        (["README.md", "--gpus", "0"], "--gpus 0"),
    ],
)
def test_the_command_refuses_in_one_line(arguments: list[str], message: str) -> None:
    done = call(*arguments)
    assert done.returncode == 2
    assert message in done.stderr
    assert len(done.stderr.strip().splitlines()) == 1

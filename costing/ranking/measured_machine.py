"""USD per Mtok of a measured machine: its monthly cost, rented or bought, over its measured throughput."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from typing import Any, Final, Literal

import pandas as pd

from frames.frame import frame, records
from frames.registry import columns
from i18n.errors import CrossoverError
from i18n.message import message
from pricing.book import PricesOnDay
from pricing.rows import Evidence, Gpu

from ..cost_lines import Cadence, CostCategory, CostLine, PriceRef, total_usd, weakest
from ..serving.benchmark_frames import levels
from ..serving.benchmark_result import (
    BenchResult,
    MeasuredLevel,
    ResultSlo,
    largest_within,
)
from ..serving.ownership import TYPED_TARIFF, GpuOwnership
from ..units import HOURS_PER_MONTH, SECONDS_PER_HOUR, TOKENS_PER_MTOK, Unit

Tenure = Literal["rented", "owned"]


@dataclass(frozen=True, slots=True, kw_only=True)
class Terms:
    """Cost inputs of the machine; a blank price is the tables' price of its GPU."""

    gpu: str = ""
    """Id of a row of gpus; blank: prices and power are given by the user."""
    gpus: int = 1
    tenure: Tenure = "rented"
    busy_share: float = 1.0
    """Share of all hours at the measured load; the machine is paid for in the other hours too."""
    rent_usd_per_gpu_hour: float | None = None
    purchase_usd_per_gpu: float | None = None
    host_usd_per_gpu: float = 0.0
    life_years: float = 3.0
    wacc_share: float = 0.10
    residual_share: float = 0.0
    maintenance_share: float = 0.05
    kw_per_gpu: float | None = None
    """At full load, with its share of the server."""
    pue: float = 1.4
    usd_per_kwh: float = 0.15

    def __post_init__(self) -> None:
        if not 0 < self.busy_share <= 1:
            raise CrossoverError(
                message("busy share {value:g}: not above 0 and at most 1 (write 0.5)", value=self.busy_share)
            )


BILL: Final = columns("name quantity unit usd_per_unit usd_per_month price_ref source evidence formula")
"""Columns of the machine's cost lines, per month."""
MACHINE_PRICES: Final = columns(
    "started_at machine model concurrency rate_per_s arrivals slo_attainment_share keeps_slo "
    "output_tokens_per_s input_tokens_per_s busy_share usd_per_hour usd_per_mtok_output usd_per_mtok evidence"
)
"""Columns of the measured loads with the cost of a token at each; `usd_per_mtok` is of input and output.

`keeps_slo` is missing where there is no SLO or the load was cut short.
"""


@dataclass(frozen=True, slots=True)
class MachinePrice:
    """Prices of all loads of a benchmark result."""

    bill: tuple[CostLine, ...]
    usd_per_hour: float
    loads: pd.DataFrame
    """A row for each level, in the result's order; columns MACHINE_PRICES."""
    at_slo: Mapping[str, Any] | None
    """Row of the largest measured load that keeps the SLO, Poisson arrivals first; None: none does."""
    is_ceiling: bool
    """It is a closed loop's: expect a lower throughput under arrivals, so more expensive tokens."""


def machine_price(result: BenchResult, slo: ResultSlo, terms: Terms, prices: PricesOnDay) -> MachinePrice:
    """Price every load of a result; raises CrossoverError where a price is missing."""
    bill = month(terms, prices)
    usd_per_hour = float(total_usd(bill, Cadence.MONTHLY)) / HOURS_PER_MONTH
    evidence = weakest(Evidence.MEASURED, *(line.evidence for line in bill))
    rows: list[dict[str, Any]] = []
    for level, shown in zip(result.levels, records(levels(result, slo)), strict=True):
        share = shown["slo_attainment_share"]
        rows.append(
            {
                **{column.name: shown[column.name] for column in MACHINE_PRICES if column.name in shown},
                "keeps_slo": None if share is None or level.partial else share >= slo.share,
                "input_tokens_per_s": level.input_tokens_per_s,
                "busy_share": terms.busy_share,
                "usd_per_hour": usd_per_hour,
                "usd_per_mtok_output": _usd_per_mtok(
                    usd_per_hour, level.output_tokens_per_s, terms.busy_share
                ),
                "usd_per_mtok": _usd_per_mtok(usd_per_hour, _both(level), terms.busy_share),
                "evidence": evidence,
            }
        )
    chosen, is_ceiling = _at_slo(result.levels, slo)
    at_slo = None if chosen is None else rows[result.levels.index(chosen)]
    return MachinePrice(bill, usd_per_hour, frame(MACHINE_PRICES, rows), at_slo, is_ceiling)


def _at_slo(levels: Sequence[MeasuredLevel], slo: ResultSlo) -> tuple[MeasuredLevel | None, bool]:
    """The level that gives the price, and whether it is only a ceiling."""
    sound = [level for level in levels if level.output_tokens_per_s and not level.client_limited]
    timed = largest_within([level for level in sound if level.concurrency is None], slo)
    if timed is not None:
        return timed, False
    if any(level.concurrency is None for level in levels):
        return None, False  # arrivals were tried and none kept it: a ceiling would hide that
    return largest_within(sound, slo), True


def _both(level: MeasuredLevel) -> float | None:
    if level.output_tokens_per_s is None or level.input_tokens_per_s is None:
        return None
    return level.output_tokens_per_s + level.input_tokens_per_s


def _usd_per_mtok(usd_per_hour: float, tokens_per_s: float | None, busy_share: float) -> float | None:
    if not tokens_per_s:
        return None
    return usd_per_hour / (tokens_per_s * SECONDS_PER_HOUR * busy_share / TOKENS_PER_MTOK)


def missing_inputs(terms: Terms, prices: PricesOnDay) -> tuple[str, ...]:
    """Fields of `terms` that must be filled in before the machine has a price; empty: none."""
    gpu = prices.gpu(terms.gpu) if terms.gpu else None
    has_price = gpu is not None and not gpu.is_cpu
    if terms.tenure == "rented":
        return () if has_price or terms.rent_usd_per_gpu_hour is not None else ("rent_usd_per_gpu_hour",)
    missing = [] if has_price or terms.purchase_usd_per_gpu is not None else ["purchase_usd_per_gpu"]
    if terms.kw_per_gpu is None and (gpu is None or gpu.all_in_kw is None):
        missing.append("kw_per_gpu")
    return tuple(missing)


def month(terms: Terms, prices: PricesOnDay) -> tuple[CostLine, ...]:
    """Monthly cost lines of the machine, used or idle; raises CrossoverError where a price is missing."""
    gpu = prices.gpu(terms.gpu) if terms.gpu else None
    if terms.tenure == "rented":
        usd, price = _rent(terms, gpu, prices)
        hours = terms.gpus * HOURS_PER_MONTH
        return (
            CostLine(
                message("Machine rent"),
                CostCategory.HARDWARE,
                hours,
                Unit.GPU_HOUR,
                usd,
                Cadence.MONTHLY,
                price,
                Evidence.MEASURED,
            ),
        )
    usd, price = _purchase(terms, gpu, prices)
    kw, kw_evidence = _kw(terms, gpu)
    owned = GpuOwnership(
        gpu_usd=usd,
        gpu_price=price,
        host_usd_per_gpu=terms.host_usd_per_gpu,
        life_years=terms.life_years,
        wacc_share=terms.wacc_share,
        residual_share=terms.residual_share,
        maintenance_share=terms.maintenance_share,
        kw_per_gpu=kw,
        kw_evidence=kw_evidence,
        load_share=terms.busy_share,
        pue=terms.pue,
        usd_per_kwh=terms.usd_per_kwh,
        tariff=TYPED_TARIFF,
    )
    return tuple(owned.lines(float(terms.gpus), Evidence.MEASURED))


def _rent(terms: Terms, gpu: Gpu | None, prices: PricesOnDay) -> tuple[float, PriceRef]:
    if terms.rent_usd_per_gpu_hour is not None:
        return terms.rent_usd_per_gpu_hour, PriceRef.assumed("rent_usd_per_gpu_hour")
    if gpu is None or gpu.is_cpu:
        raise CrossoverError(message("The rent of this machine is not known (fill in USD per hour)"))
    row = prices.gpu_rent(gpu.id)
    return float(row.usd_per_gpu_hour), PriceRef.of(row)


def _purchase(terms: Terms, gpu: Gpu | None, prices: PricesOnDay) -> tuple[float, PriceRef]:
    if terms.purchase_usd_per_gpu is not None:
        return terms.purchase_usd_per_gpu, PriceRef.assumed("purchase_usd_per_gpu")
    if gpu is None or gpu.is_cpu:
        raise CrossoverError(message("What this machine cost is not known (fill in its purchase price)"))
    row = prices.gpu_purchase(gpu.id)
    return float(row.usd_per_gpu), PriceRef.of(row)


def _kw(terms: Terms, gpu: Gpu | None) -> tuple[float, Evidence]:
    if terms.kw_per_gpu is not None:
        return terms.kw_per_gpu, Evidence.ASSUMED
    if gpu is None or gpu.all_in_kw is None:
        raise CrossoverError(message("The power of this machine is not known (fill in kW at full load)"))
    return float(gpu.all_in_kw), gpu.evidence


def machine_bill(price: MachinePrice) -> pd.DataFrame:
    """Monthly cost lines of the machine."""
    return frame(
        BILL,
        (
            {
                "name": str(line.name),
                "quantity": float(line.quantity),
                "unit": line.unit,
                "usd_per_unit": float(line.usd_per_unit),
                "usd_per_month": float(line.usd),
                "price_ref": line.price.ref,
                "source": line.price.source,
                "evidence": line.evidence,
                "formula": line.formula,
            }
            for line in price.bill
        ),
    )

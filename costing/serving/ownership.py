"""Monthly cost of owning GPUs: capital recovery, maintenance, power, colocation and carbon price."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass

import numpy as np

from i18n.message import message
from pricing.rows import Evidence

from ..cost_lines import Cadence, CostCategory, CostLine, PriceRef, weakest
from ..units import HOURS_PER_MONTH, HOURS_PER_YEAR, MONTHS_PER_YEAR, Quantity, Unit

IDLE_POWER_SHARE = 0.35
"""Power at no load, as a share of full-load power, where nothing else is known."""


def annual_capital_share(life_years: float, wacc: float, residual_share: float) -> float:
    """Equivalent annual cost of 1 USD of capital: (1 - residual/(1+w)^N) w / (1 - (1+w)^-N).

    At a WACC of 0 it is straight-line depreciation.

    >>> annual_capital_share(life_years=4, wacc=0, residual_share=0.2)  # (1 - 0.2) / 4
    0.2
    """
    if wacc == 0:
        return (1 - residual_share) / life_years
    recovery: float = wacc / -np.expm1(-life_years * np.log1p(wacc))
    residual_now: float = residual_share / (1 + wacc) ** life_years
    return (1 - residual_now) * recovery


def kwh_per_month(
    it_kw: float, load_share: float, pue: float, idle_power_share: float = IDLE_POWER_SHARE
) -> float:
    """Energy in a month: IT power x (idle share + (1 - idle share) x load) x PUE x hours of a month.

    >>> kwh_per_month(it_kw=1.0, load_share=1.0, pue=1.2)  # 1 kW x 1.2 x 730 h
    876.0
    """
    running_kw = it_kw * (idle_power_share + (1 - idle_power_share) * load_share) * pue
    return running_kw * HOURS_PER_YEAR / MONTHS_PER_YEAR


KG_PER_TONNE = 1000
TYPED_TARIFF = PriceRef.assumed("usd_per_kwh")


@dataclass(frozen=True, slots=True)
class GpuOwnership:
    """Terms of buying and running one GPU; names end in their units."""

    gpu_usd: float
    gpu_price: PriceRef
    host_usd_per_gpu: float
    life_years: float
    wacc_share: float
    residual_share: float
    maintenance_share: float
    kw_per_gpu: float
    kw_evidence: Evidence
    load_share: float
    pue: float
    usd_per_kwh: float
    tariff: PriceRef = TYPED_TARIFF
    idle_power_share: float = IDLE_POWER_SHARE
    colocation_usd_per_kw_month: float = 0.0
    kg_co2e_per_kwh: float | None = None
    """None: the grid is not known."""
    grid: PriceRef | None = None
    carbon_usd_per_tonne: float = 0.0

    @property
    def capital_usd_per_gpu(self) -> float:
        """Purchase of one GPU with its share of servers and network."""
        return self.gpu_usd + self.host_usd_per_gpu

    def kwh_per_gpu_month(self, load_share: float | None = None) -> float:
        """Energy of one GPU in a month, at its average load or at another one."""
        load = self.load_share if load_share is None else load_share
        return kwh_per_month(self.kw_per_gpu, load, self.pue, self.idle_power_share)

    def usd_per_gpu_hour(self) -> float:
        """At full load: a month of capital, maintenance, room and energy / hours of a month."""
        annual_share = annual_capital_share(self.life_years, self.wacc_share, self.residual_share)
        capital = self.capital_usd_per_gpu * (annual_share + self.maintenance_share) / MONTHS_PER_YEAR
        housing = self.colocation_usd_per_kw_month * self.kw_per_gpu
        energy = self.kwh_per_gpu_month(1.0) * self.usd_per_kwh
        return (capital + housing + energy) / HOURS_PER_MONTH

    def lines(self, gpus: Quantity, evidence: Evidence) -> Iterator[CostLine]:
        """A month of that many GPUs; `evidence` is that of their number."""
        annual_share = annual_capital_share(self.life_years, self.wacc_share, self.residual_share)
        monthly_share = annual_share / MONTHS_PER_YEAR
        terms = f"{self.life_years:g} years, WACC {self.wacc_share:g}, residual {self.residual_share:g}"
        host = PriceRef.assumed("host_usd_per_gpu")
        for name, usd, price in (
            (message("GPUs, capital recovered"), self.gpu_usd, self.gpu_price),
            (message("Host and network, capital recovered"), self.host_usd_per_gpu, host),
        ):
            if usd:
                yield CostLine(
                    name,
                    CostCategory.HARDWARE,
                    gpus,
                    Unit.GPU_MONTH,
                    usd * monthly_share,
                    Cadence.MONTHLY,
                    price,
                    weakest(evidence, Evidence.ESTIMATED),
                    formula=f"{usd:g} USD x {annual_share:.6f} per year ({terms}) / 12",
                )
        yield CostLine(
            message("Maintenance"),
            CostCategory.MAINTENANCE,
            gpus * self.capital_usd_per_gpu,
            Unit.CAPITAL_USD,
            self.maintenance_share / MONTHS_PER_YEAR,
            Cadence.MONTHLY,
            PriceRef.assumed("maintenance_share"),
            evidence,
            formula=f"{self.maintenance_share:g} of the purchase a year / 12",
        )
        yield CostLine(
            message("Electricity"),
            CostCategory.POWER,
            gpus * self.kwh_per_gpu_month(),
            Unit.KWH,
            self.usd_per_kwh,
            Cadence.MONTHLY,
            self.tariff,
            weakest(evidence, self.kw_evidence),
            formula=(
                f"kWh = GPUs x {self.kw_per_gpu:g} kW x ({self.idle_power_share:g} + "
                f"{1 - self.idle_power_share:g} x {self.load_share:g}) x {self.pue:g} x "
                f"{HOURS_PER_YEAR} h / 12"
            ),
        )
        if self.colocation_usd_per_kw_month:
            yield CostLine(
                message("Colocation"),
                CostCategory.COLOCATION,
                gpus * self.kw_per_gpu,
                Unit.KW,
                self.colocation_usd_per_kw_month,
                Cadence.MONTHLY,
                PriceRef.assumed("colocation_usd_per_kw_month"),
                weakest(evidence, self.kw_evidence),
                formula=f"GPUs x {self.kw_per_gpu:g} kW",
            )
        if self.carbon_usd_per_tonne and self.kg_co2e_per_kwh is not None and self.grid is not None:
            yield CostLine(
                message("Carbon price"),
                CostCategory.POWER,
                gpus * self.kwh_per_gpu_month() * self.kg_co2e_per_kwh / KG_PER_TONNE,
                Unit.TONNE_CO2E,
                self.carbon_usd_per_tonne,
                Cadence.MONTHLY,
                PriceRef.assumed("carbon_usd_per_tonne"),
                weakest(evidence, self.kw_evidence, self.grid.evidence),
                formula=f"kWh x {self.kg_co2e_per_kwh:g} kg / 1000 ({self.grid.ref}; {self.grid.source})",
            )

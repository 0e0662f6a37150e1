"""What the machines of a fleet cost: rent by the hour, or capital, maintenance, power and room."""

from __future__ import annotations

from dataclasses import dataclass

from i18n.message import N_, message
from pricing.rows import Electricity, Evidence, Gpu, GpuOffer, GridFactor

from ..cost_lines import Cadence, CostCategory, CostLine, PriceRef
from ..currency import currency_on
from ..serving.ownership import IDLE_POWER_SHARE, TYPED_TARIFF, GpuOwnership
from ..strategy.base import Infeasible, choice, knob, optional_pick, share
from ..strategy.configurable import Configurable
from ..strategy.declarations import SettingGroup
from ..strategy.profile import OwnedHardware, PickRole
from ..units import HOURS_PER_MONTH, Quantity, Unit
from .replica import ServedReplica
from .sizing import OWNED, RENTED


@dataclass(frozen=True, kw_only=True)
class FleetOwnership(Configurable):
    """Terms on which the GPUs are had. Rented: USD a month = GPUs x hours x rate.

    Bought: equivalent annual cost of the capital + maintenance + energy + room, a twelfth each month; the
    capital of a GPU = its price + its share of servers and network.
    """

    host_usd_per_replica: float = knob(
        0.0,
        label=N_("Host and network per replica"),
        group=SettingGroup.OWNERSHIP,
        unit=Unit.USD,
        low=0,
        high=10_000_000,
        step=1000,
        help=N_("A server's price whatever the number of its GPUs, on top of the share of each GPU."),
        when=OWNED,
    )
    it_kw_per_replica: float = knob(
        0.0,
        label=N_("Power per replica beside its GPUs"),
        group=SettingGroup.POWER,
        unit=Unit.KW,
        low=0,
        high=100,
        step=0.1,
        help=N_("A server's power at full load whatever the number of its GPUs, on top of theirs."),
        when=OWNED,
    )
    rent_offer: GpuOffer | None = optional_pick(
        GpuOffer,
        role=PickRole.SUPPLIES,
        label=N_("Offer of a GPU"),
        help=N_("A vendor's price, on demand or reserved; reserved hours are paid for around the clock."),
        when=RENTED,
    )
    rent_usd_per_gpu_hour: float | None = knob(
        None,
        label=N_("Rent per GPU and hour"),
        unit=Unit.USD,
        low=0,
        high=1000,
        step=0.05,
        help=N_("Blank: the on-demand price of the tables."),
        when=RENTED,
    )
    purchase_usd_per_gpu: float | None = knob(
        None,
        label=N_("Purchase price per GPU"),
        unit=Unit.USD,
        low=0,
        high=1_000_000,
        step=500,
        help=N_("Blank: the typical price of the tables."),
        when=OWNED,
    )
    host_usd_per_gpu: float = knob(
        10_000.0,
        label=N_("Host and network per GPU"),
        group=SettingGroup.OWNERSHIP,
        unit=Unit.USD,
        low=0,
        high=1_000_000,
        step=500,
        help=N_("A GPU's share of servers, network and racks, when bought."),
        when=OWNED,
    )
    life_years: float = knob(
        3.0,
        label=N_("Useful life"),
        group=SettingGroup.OWNERSHIP,
        unit=Unit.YEARS,
        low=1,
        high=10,
        step=0.5,
        help=N_("Years over which the purchase is recovered."),
        when=OWNED,
    )
    wacc_share: float = knob(
        0.10,
        label=N_("Cost of capital (WACC)"),
        group=SettingGroup.OWNERSHIP,
        unit=Unit.SHARE_PER_YEAR,
        low=0,
        high=0.5,
        step=0.01,
        help=N_("Yearly return that the company expects of its capital."),
        when=OWNED,
    )
    residual_share: float = knob(
        0.0,
        label=N_("Residual value"),
        group=SettingGroup.OWNERSHIP,
        unit=Unit.SHARE,
        low=0,
        high=0.9,
        step=0.05,
        help=N_("Share of the purchase price that a sale brings back at the end."),
        when=OWNED,
    )
    depreciation: str = choice(
        "straight line",
        {"straight line": N_("Straight line"), "declining balance": N_("Declining balance")},
        label=N_("Depreciation in the books"),
        group=SettingGroup.OWNERSHIP,
        help=N_("For the view by year under 'What to know'; the monthly cost is the same with both."),
        when=OWNED,
    )
    maintenance_share: float = knob(
        0.05,
        label=N_("Maintenance"),
        group=SettingGroup.OWNERSHIP,
        unit=Unit.SHARE_PER_YEAR,
        low=0,
        high=0.5,
        step=0.01,
        help=N_("Yearly maintenance and support, as a share of the purchase."),
        when=OWNED,
    )
    it_kw_per_gpu: float | None = knob(
        None,
        label=N_("Power per GPU with its server"),
        group=SettingGroup.POWER,
        unit=Unit.KW,
        low=0,
        high=10,
        step=0.1,
        help=N_("At full load. Blank: as the GPU's row says."),
        when=OWNED,
    )
    load_share: float = share(
        0.5,
        label=N_("Average load for power"),
        group=SettingGroup.POWER,
        help=N_("Average load of the servers; it moves power between idle and full."),
        when=OWNED,
    )
    idle_power_share: float = share(
        IDLE_POWER_SHARE,
        label=N_("Power when idle"),
        group=SettingGroup.POWER,
        help=N_("As a share of the power at full load."),
        when=OWNED,
    )
    pue: float = knob(
        1.4,
        label=N_("PUE"),
        group=SettingGroup.POWER,
        unit=Unit.RATIO,
        low=1,
        high=3,
        step=0.05,
        help=N_("Power usage effectiveness: the data centre's power over that of its servers."),
        when=OWNED,
    )
    tariff: Electricity | None = optional_pick(
        Electricity,
        role=PickRole.SUPPLIES,
        label=N_("Tariff of the tables"),
        help=N_("In place of the tariff typed in; converted at the rate of the scenario's day."),
        when=OWNED,
    )
    usd_per_kwh: float = knob(
        0.15,
        label=N_("Electricity"),
        group=SettingGroup.POWER,
        unit=Unit.USD_PER_KWH,
        low=0,
        high=2,
        step=0.01,
        help=N_("Your tariff; not used where one of the tables is chosen."),
        when=OWNED,
    )
    grid: GridFactor | None = optional_pick(
        GridFactor,
        role=PickRole.SUPPLIES,
        label=N_("Grid, for its emissions"),
        help=N_("What a kilowatt-hour emits there, for the CO2e of the fleet."),
        when=OWNED,
    )
    carbon_usd_per_tonne: float = knob(
        0.0,
        label=N_("Carbon price"),
        group=SettingGroup.POWER,
        unit=Unit.USD_PER_TONNE_CO2E,
        low=0,
        high=10_000,
        step=5,
        help=N_("A carbon fee, or a price of the company's own; it needs a grid."),
        when=OWNED,
    )
    colocation_usd_per_kw_month: float = knob(
        0.0,
        label=N_("Colocation"),
        group=SettingGroup.POWER,
        unit=Unit.USD_PER_KW_MONTH,
        low=0,
        high=5000,
        step=10,
        help=N_("Rent of room, racks and cooling, by the servers' power at full load."),
        when=OWNED,
    )

    @property
    def hardware(self) -> OwnedHardware:
        """Terms of bought machines, for the profile of a strategy."""
        return OwnedHardware(self.life_years, self.residual_share, self.wacc_share)

    def paid_hours_share(self, on_share: float) -> float:
        """Hours that are paid for / all hours, where the fleet runs for `on_share` of them.

        Reserved GPUs are paid for when they are off, too.
        """
        reserved = self.rent_offer is not None and self.rent_offer.commitment
        return 1.0 if reserved and self.rent_usd_per_gpu_hour is None else on_share

    def rent(self, gpu: Gpu) -> tuple[float, PriceRef]:
        """USD per GPU-hour: as typed in, of the offer, or the tables' on-demand price, in this order.

        Raises Infeasible for an offer of another GPU.
        """
        if self.rent_usd_per_gpu_hour is not None:
            return self.rent_usd_per_gpu_hour, PriceRef.assumed("rent_usd_per_gpu_hour")
        if self.rent_offer is None:
            row = self.prices.gpu_rent(gpu.id)
            return float(row.usd_per_gpu_hour), PriceRef.of(row)
        if self.rent_offer.gpu != gpu.id:
            raise Infeasible(
                message(
                    "{offer} is for {offered}, and the deployment runs on {gpu} (choose an offer for it, or "
                    "leave it blank)",
                    offer=self.rent_offer.id,
                    offered=self.rent_offer.gpu,
                    gpu=gpu.id,
                )
            )
        return float(self.rent_offer.usd_per_gpu_hour), PriceRef.of(self.rent_offer)

    def rent_line(
        self, rent: tuple[float, PriceRef], gpus: Quantity, on_share: float, evidence: Evidence
    ) -> CostLine:
        """A month of rent; `evidence` is that of the number of GPUs."""
        usd, price = rent
        hours = HOURS_PER_MONTH * self.paid_hours_share(on_share)
        return CostLine(
            message("GPU rent"),
            CostCategory.HARDWARE,
            gpus * hours,
            Unit.GPU_HOUR,
            usd,
            Cadence.MONTHLY,
            price,
            evidence,
        )

    def of_gpu(self, served: ServedReplica) -> GpuOwnership:
        """Terms of one bought GPU, with its part of the replica's server.

        Raises Infeasible where its power is unknown, or a carbon price lacks a grid.
        """
        if self.purchase_usd_per_gpu is None:
            row = self.prices.gpu_purchase(served.gpu.id)
            gpu_usd, gpu_price = float(row.usd_per_gpu), PriceRef.of(row)
        else:
            gpu_usd, gpu_price = self.purchase_usd_per_gpu, PriceRef.assumed("purchase_usd_per_gpu")
        kw, kw_evidence = self._kw_per_gpu(served.gpu)
        usd_per_kwh, tariff = self._tariff()
        if self.carbon_usd_per_tonne and self.grid is None:
            raise Infeasible(
                message("a carbon price needs the emissions of a grid (choose one, or set the price to 0)")
            )
        return GpuOwnership(
            gpu_usd=gpu_usd,
            gpu_price=gpu_price,
            host_usd_per_gpu=self.host_usd_per_gpu + self.host_usd_per_replica / served.gpus,
            life_years=self.life_years,
            wacc_share=self.wacc_share,
            residual_share=self.residual_share,
            maintenance_share=self.maintenance_share,
            kw_per_gpu=kw + self.it_kw_per_replica / served.gpus,
            kw_evidence=kw_evidence,
            load_share=self.load_share,
            pue=self.pue,
            usd_per_kwh=usd_per_kwh,
            tariff=tariff,
            idle_power_share=self.idle_power_share,
            colocation_usd_per_kw_month=self.colocation_usd_per_kw_month,
            kg_co2e_per_kwh=None if self.grid is None else float(self.grid.kg_co2e_per_kwh),
            grid=None if self.grid is None else PriceRef.of(self.grid),
            carbon_usd_per_tonne=self.carbon_usd_per_tonne,
        )

    def _tariff(self) -> tuple[float, PriceRef]:
        """USD per kWh: of the tables' tariff at the rate of the day, else as typed in."""
        if self.tariff is None:
            return self.usd_per_kwh, TYPED_TARIFF
        rate = currency_on(self.tariff.currency, self.prices)
        return float(self.tariff.price_per_kwh / rate.per_usd), PriceRef.of(self.tariff)

    def _kw_per_gpu(self, gpu: Gpu) -> tuple[float, Evidence]:
        """Power of one GPU with its share of the server at full load, in kW."""
        if self.it_kw_per_gpu is not None:
            return self.it_kw_per_gpu, Evidence.ASSUMED
        if gpu.all_in_kw is None:
            raise Infeasible(
                message(
                    "{gpu}: power is not in the tables (fill in 'Power per GPU with its server')",
                    gpu=gpu.name,
                )
            )
        return float(gpu.all_in_kw), gpu.evidence

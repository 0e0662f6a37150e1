"""What a fleet costs beside its machines: software licences, staff and set-up."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass

from i18n.message import N_, message
from pricing.rows import Evidence

from ..cost_lines import Cadence, CostCategory, CostLine, PriceRef
from ..strategy.base import knob
from ..strategy.configurable import Configurable
from ..strategy.declarations import SettingGroup
from ..units import MONTHS_PER_YEAR, Quantity, Unit


@dataclass(frozen=True, kw_only=True)
class FleetOverheads(Configurable):
    """USD a month = GPUs x licence / 12 + staff + full-time equivalents x cost of one / 12; set-up once."""

    licence_usd_per_gpu_year: float = knob(
        0.0,
        label=N_("Software licences per GPU"),
        group=SettingGroup.STAFF,
        unit=Unit.USD_PER_YEAR,
        low=0,
        high=100_000,
        step=100,
        help=N_("Of the serving software, drivers and support, for every GPU that is paid for."),
    )
    staff_usd_per_month: float = knob(
        0.0,
        label=N_("Staff"),
        group=SettingGroup.STAFF,
        unit=Unit.USD_PER_MONTH,
        low=0,
        high=1_000_000,
        step=500,
        help=N_("People who keep the fleet running."),
    )
    staff_fte: float = knob(
        0.0,
        label=N_("Staff in full-time equivalents"),
        unit=Unit.FTE,
        low=0,
        high=1000,
        step=0.1,
        help=N_("In place of an amount, or beside it: number of people times the yearly cost of one."),
    )
    usd_per_fte_year: float = knob(
        150_000.0,
        label=N_("Cost of a full-time equivalent"),
        group=SettingGroup.STAFF,
        unit=Unit.USD_PER_YEAR,
        low=0,
        high=2_000_000,
        step=5000,
        help=N_("With all that an employer pays. An assumption: fill in your own."),
    )
    setup_usd: float = knob(
        0.0,
        label=N_("Set-up"),
        group=SettingGroup.STAFF,
        unit=Unit.USD,
        low=0,
        high=100_000_000,
        step=1000,
        help=N_("Paid once: installation, integration, security review."),
    )

    def licence_lines(self, gpus: Quantity, evidence: Evidence) -> Iterator[CostLine]:
        """A month of licences; `evidence` is that of the number of GPUs."""
        if self.licence_usd_per_gpu_year:
            yield CostLine(
                message("Software licences"),
                CostCategory.LICENCES,
                gpus,
                Unit.GPU_MONTH,
                self.licence_usd_per_gpu_year / MONTHS_PER_YEAR,
                Cadence.MONTHLY,
                PriceRef.assumed("licence_usd_per_gpu_year"),
                evidence,
            )

    def staff_lines(self) -> Iterator[CostLine]:
        """A month of staff, and the set-up."""
        if self.staff_usd_per_month:
            yield CostLine(
                message("Staff"),
                CostCategory.STAFF,
                1.0,
                Unit.MONTH,
                self.staff_usd_per_month,
                Cadence.MONTHLY,
                PriceRef.assumed("staff_usd_per_month"),
            )
        if self.staff_fte and self.usd_per_fte_year:
            yield CostLine(
                message("Staff, full-time equivalents"),
                CostCategory.STAFF,
                self.staff_fte,
                Unit.FTE_MONTH,
                self.usd_per_fte_year / MONTHS_PER_YEAR,
                Cadence.MONTHLY,
                PriceRef.assumed("usd_per_fte_year"),
                Evidence.ASSUMED,
            )
        if self.setup_usd:
            yield CostLine(
                message("Set-up"),
                CostCategory.SETUP,
                1.0,
                Unit.SETUP,
                self.setup_usd,
                Cadence.ONCE,
                PriceRef.assumed("setup_usd"),
            )

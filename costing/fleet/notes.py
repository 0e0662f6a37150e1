"""What to know of a fleet: how busy it is, what idles, how long requests wait, its energy and its books."""

from __future__ import annotations

import math
from collections.abc import Iterator
from dataclasses import dataclass, replace
from datetime import date
from typing import Final, Literal

import numpy as np

from i18n.errors import CrossoverError
from i18n.message import Message, message
from pricing.rows import Evidence

from ..cost_lines import CERTAIN, Cadence, CostLine, PriceRef, total_usd, weakest
from ..currency import USD
from ..currency_notes import NoteAmounts
from ..serving.depreciation import yearly
from ..serving.ownership import KG_PER_TONNE
from ..serving.queueing import mean_wait_s, waiting_share
from ..serving.ttft import SIGMA_LOG
from ..units import MONTHS_PER_YEAR, Quantity
from ..workload.load_profile import share_in_quietest
from ..workload.workload import Workload
from .training import TrainedFleet

_LOAD_APART: Final = 0.1
ENDS: Final[tuple[Literal["low", "high"], ...]] = ("low", "high")


@dataclass(frozen=True, slots=True)
class Energy:
    """What machines take from the grid in a month, and what it emits there."""

    kwh_per_month: float
    """PUE included."""
    evidence: Evidence
    kg_co2e_per_kwh: float | None
    """None: the grid is not known."""
    grid: PriceRef | None

    @property
    def kg_co2e_per_month(self) -> float | None:
        return None if self.kg_co2e_per_kwh is None else self.kwh_per_month * self.kg_co2e_per_kwh


@dataclass(frozen=True, kw_only=True)
class OwnFleet(TrainedFleet):
    """A fleet with its lines and what to know of it."""

    def own_lines(self, workload: Workload) -> Iterator[CostLine]:
        """All of the fleet: machines, people, training."""
        yield from self.fleet_lines(workload)
        yield from self.training_lines(workload)

    def banded_lines(self, workload: Workload) -> Iterator[CostLine]:
        """A fleet is sized from tokens, so at both ends of their counts it is sized anew."""
        if self.fleet_prompt(workload).band == CERTAIN:
            yield from self.lines(workload)
            return
        low, high = (self._quantities(workload.at_end(end)) for end in ENDS)
        for line in self.lines(workload):
            own = (line.name, line.cadence)
            if (low is None or own in low) and (high is None or own in high) and line.band == CERTAIN:
                ends = None if low is None else low[own], None if high is None else high[own]
                line = replace(line, ends=ends)
            yield line

    def _quantities(self, workload: Workload) -> dict[tuple[Message, str], Quantity] | None:
        """Of the fleet's own lines; None where it cannot answer."""
        try:
            return {(line.name, line.cadence): line.quantity for line in self.own_lines(workload)}
        except CrossoverError:
            return None

    def _band_note(self, workload: Workload) -> Iterator[Message]:
        """What the fleet is where tokens are fewer or more than they are taken to be."""
        if self.fleet_prompt(workload).band == CERTAIN:
            return
        gpus: list[Message] = []
        for end in ENDS:
            try:
                size = self.fleet_size(workload.at_end(end))
                gpus.append(message("{n:,.0f} GPUs", n=float(np.max(size.gpus))))
            except CrossoverError as error:
                gpus.append(error.errors[0])
        yield message(
            "Fleet with every token count at the low end of its band (5 %): {low}; at the high end (95 %): "
            "{high}.",
            low=gpus[0],
            high=gpus[1],
        )

    def idle_usd_per_month(self, workload: Workload) -> float:
        """Of the machines' monthly cost: what pays for capacity that waits."""
        size = self.fleet_size(workload)
        used = float(np.max(size.replicas)) * self.served.gpus / float(np.max(size.gpus))
        paid = self.paid_hours_share if self.tenure == "rented" else 1.0
        busy = used * self.average_busy_share(workload) * self.on_share / paid
        return self.machines_usd_per_month(workload) * max(0.0, 1 - busy)

    def machines_usd_per_month(self, workload: Workload) -> float:
        """Rent, or capital, maintenance, power and room; with licences, without people."""
        gpus = float(np.max(self.fleet_size(workload).gpus))
        return float(total_usd(self.machine_lines(gpus, Evidence.ESTIMATED), Cadence.MONTHLY))

    def energy(self, gpus: float) -> Energy | None:
        """Of so many bought machines in a month; None of rented ones, whose rent has it in."""
        if self.tenure != "owned":
            return None
        owned = self.ownership
        return Energy(
            gpus * owned.kwh_per_gpu_month(),
            weakest(Evidence.ESTIMATED, owned.kw_evidence),
            owned.kg_co2e_per_kwh,
            owned.grid,
        )

    def notes(self, workload: Workload, on: date, until: date) -> Iterator[Message]:
        speed, size = self.speed(workload), self.fleet_size(workload)
        yield message(
            "Fleet: {replicas:,.0f} × {gpus} GPU. A replica gives {speed:,.0f} output tokens/s at these "
            "lengths ({evidence}); the fleet is {busy:.1%} busy on average, {peak:.1%} at the peak.",
            replicas=float(np.max(size.replicas)),
            gpus=self.served.gpus,
            speed=speed.output_tokens_per_s,
            evidence=message(speed.evidence),
            busy=self.average_busy_share(workload),
            peak=self.peak_busy_share(workload),
        )
        yield from self._band_note(workload)
        yield from self._speed_notes(workload)
        if self.gpus_per_server > 1:
            yield message(
                "{servers:,.0f} whole servers of {each} GPUs: {paid:,.0f} GPUs are paid for, {used:,.0f} "
                "used.",
                servers=float(np.max(size.servers)),
                each=self.gpus_per_server,
                paid=float(np.max(size.gpus)),
                used=float(np.max(size.replicas)) * self.served.gpus,
            )
        yield from self._spare_notes()
        yield message(
            "Idle capacity: {idle:,.0f} of the machines' {all:,.0f} {currency} a month.",
            idle=NoteAmounts((self.idle_usd_per_month(workload),)),
            all=NoteAmounts((self.machines_usd_per_month(workload),)),
            currency=USD,
        )
        yield self._waiting(workload)
        yield from self._first_token_note(workload)
        if self.tenure == "rented" and self.hours_on_share < self.paid_hours_share:
            yield message("Reserved GPUs are paid for around the clock, whatever the hours switched on.")
        if workload.hour_shares and self.on_share < 1:
            yield message(
                "At least {share:.1%} of the requests come in hours when the fleet is off. They are taken to "
                "wait for it, and it is not sized for what has piled up then.",
                share=share_in_quietest(1 - self.on_share, workload.hour_shares),
            )
        if self.tenure == "owned":
            yield from self._owner_notes(float(np.max(size.gpus)))
            busy = self.average_busy_share(workload)
            if abs(busy - self.load_share) > _LOAD_APART:
                yield message(
                    "Power is counted at a load of {load:.0%}, as set; the fleet is {busy:.0%} busy on "
                    "average.",
                    load=self.load_share,
                    busy=busy,
                )
        if self.served.note:
            yield message("Measured speed: {note}.", note=self.served.note)

    def _spare_notes(self) -> Iterator[Message]:
        """What spares and adapters leave out."""
        together = self.gpus_per_server // self.served.gpus
        if self.redundancy == "spares" and 0 < self.spare_replicas < together:
            yield message(
                "A server holds {together} replicas: {spares} to spare do not make up for the loss of a "
                "whole server.",
                together=together,
                spares=self.spare_replicas,
            )
        if self.adapters:
            yield message(
                "Adapters take memory here; that answers of several adapters slow each other down is not "
                "modelled."
            )

    def _speed_notes(self, workload: Workload) -> Iterator[Message]:
        """What the speed rests on, how far off it may be, and what makes it less sure."""
        pace = self.pace(workload)
        if pace.how is not None:
            yield message(
                "Speed of a replica ({evidence}): {how}; ± {spread:.0%} (1 sigma).",
                evidence=message(pace.full.evidence),
                how=pace.how,
                spread=math.expm1(pace.sigma_log),
            )
        for warning in pace.warnings:
            yield message("Speed of a replica: {warning}.", warning=warning)

    def _waiting(self, workload: Workload) -> Message:
        """Requests at random over the slots of the replicas, spares left out."""
        slots, rate, service_s = self.queue(workload)
        token_ms = 1000 * self.speed(workload).concurrency / self.speed(workload).output_tokens_per_s
        if rate * service_s >= slots:
            return message(
                "At the peak, without spares, all {slots:,} places are taken: requests queue up until it is "
                "over (plan for a lower utilisation).",
                slots=slots,
            )
        return message(
            "At the peak, without spares, {share:.1%} of requests wait for one of {slots:,} places, "
            "{wait:,.0f} ms on average over all (random arrivals, M/M/c). While all places are taken a token "
            "comes every {token:,.0f} ms, sooner while they are not.",
            share=waiting_share(slots, rate * service_s),
            slots=slots,
            wait=1000 * mean_wait_s(slots, rate, service_s),
            token=token_ms,
        )

    def _first_token_note(self, workload: Workload) -> Iterator[Message]:
        found = self.first_token(workload)
        if found is None:
            yield message(
                "Time to the first token: unknown, for nothing tells its prefill from its steps (measure it "
                "with 'bench sweep')."
            )
            if self.slo_ttft_ms:
                yield message(
                    "The limit of {allowed:g} ms to the first token is not checked.", allowed=self.slo_ttft_ms
                )
        elif math.isfinite(found.waiting_s):
            yield message(
                "Time to the first token of a typical request at the peak: {total:,.0f} ms, {waiting:,.0f} "
                "of them waiting for a place ({evidence}; ± {spread:.0%}, 1 sigma). Tails are longer.",
                total=1000 * found.total_s,
                waiting=1000 * found.waiting_s,
                evidence=message("estimated"),
                spread=math.expm1(SIGMA_LOG),
            )

    def _owner_notes(self, gpus: float) -> Iterator[Message]:
        owned = self.ownership
        kwh = gpus * owned.kwh_per_gpu_month()
        if owned.kg_co2e_per_kwh is None or self.grid is None:
            yield message("Energy: {kwh:,.0f} kWh a month (choose a grid for its CO2e).", kwh=kwh)
        else:
            yield message(
                "Energy: {kwh:,.0f} kWh a month, {tonnes:,.2f} t CO2e a year at {factor:g} kg per kWh "
                "({region}).",
                kwh=kwh,
                tonnes=kwh * MONTHS_PER_YEAR * owned.kg_co2e_per_kwh / KG_PER_TONNE,
                factor=owned.kg_co2e_per_kwh,
                region=self.grid.region,
            )
        capital = gpus * owned.capital_usd_per_gpu
        if capital:
            years = yearly(capital, self.life_years, self.residual_share, self.depreciation)
            yield message(
                "In the books: {capital:,.0f} {currency} of purchase, {residual:,.0f} left at the end; "
                "depreciation by year ({how}): {years:,.0f} {currency}.",
                capital=NoteAmounts((capital,)),
                residual=NoteAmounts((capital * self.residual_share,)),
                how=message(self.depreciation),
                years=NoteAmounts(tuple(years)),
                currency=USD,
            )

    def badge(self, workload: Workload) -> Message | None:
        return message("{n:,.0f} GPUs in all", n=float(np.max(self.fleet_size(workload).gpus)))

"""Notes on a fleet: utilisation, idle cost, queueing, time to the first token, energy and depreciation."""

from __future__ import annotations

import math
from collections.abc import Iterator
from typing import Final

import numpy as np

from i18n.errors import CrossoverError
from i18n.message import Message, message
from pricing.rows import Evidence

from ..cost_lines import CERTAIN
from ..currency import USD
from ..currency_notes import NoteAmounts
from ..serving.depreciation import yearly
from ..serving.ownership import KG_PER_TONNE
from ..serving.queueing import mean_wait_s, waiting_share
from ..serving.ttft import SIGMA_LOG
from ..units import MONTHS_PER_YEAR
from ..workload.load_profile import share_in_quietest
from ..workload.workload import Workload
from .fleet import Fleet
from .token_bands import ENDS

_LOAD_APART: Final = 0.1
"""Difference between the load set for power and the average utilisation from which on a note says so."""


def fleet_badge(fleet: Fleet, workload: Workload) -> Message:
    """The number of GPUs, for the card of a strategy."""
    return message("{n:,.0f} GPUs in total", n=float(np.max(fleet.size(workload).gpus)))


def fleet_notes(fleet: Fleet, workload: Workload) -> Iterator[Message]:
    """What a reader must know of the fleet besides its figures."""
    speed, size = fleet.speed(workload), fleet.size(workload)
    yield message(
        "Fleet: {replicas:,.0f} × {gpus} GPU. A replica gives {speed:,.0f} output tokens/s at these "
        "lengths ({evidence}); the fleet is {busy:.1%} busy on average, {peak:.1%} at the peak.",
        replicas=float(np.max(size.replicas)),
        gpus=fleet.served.gpus,
        speed=speed.output_tokens_per_s,
        evidence=message(speed.evidence),
        busy=fleet.average_busy_share(workload),
        peak=fleet.peak_busy_share(workload),
    )
    yield from _band_note(fleet, workload)
    yield from _speed_notes(fleet, workload)
    if fleet.sizing.gpus_per_server > 1:
        yield message(
            "{servers:,.0f} whole servers of {each} GPUs: {paid:,.0f} GPUs are paid for, {used:,.0f} used.",
            servers=float(np.max(size.servers)),
            each=fleet.sizing.gpus_per_server,
            paid=float(np.max(size.gpus)),
            used=float(np.max(size.replicas)) * fleet.served.gpus,
        )
    yield from _spare_notes(fleet)
    yield message(
        "Idle capacity: {idle:,.0f} of the machines' {all:,.0f} {currency} per month.",
        idle=NoteAmounts((fleet.idle_usd_per_month(workload),)),
        all=NoteAmounts((fleet.machines_usd_per_month(workload),)),
        currency=USD,
    )
    yield _queue_note(fleet, workload)
    yield from _first_token_note(fleet, workload)
    if not fleet.is_owned and fleet.sizing.hours_on_share < fleet.paid_hours_share:
        yield message("Reserved GPUs are paid for around the clock, whatever the hours switched on.")
    if workload.hour_shares and fleet.on_share < 1:
        yield message(
            "At least {share:.1%} of the requests come in hours when the fleet is off. They are taken to "
            "wait for it, and it is not sized for what has piled up then.",
            share=share_in_quietest(1 - fleet.on_share, workload.hour_shares),
        )
    if fleet.is_owned:
        yield from _owner_notes(fleet, float(np.max(size.gpus)))
        busy = fleet.average_busy_share(workload)
        if abs(busy - fleet.ownership.load_share) > _LOAD_APART:
            yield message(
                "Power is counted at a load of {load:.0%}, as set; the fleet is {busy:.0%} busy on average.",
                load=fleet.ownership.load_share,
                busy=busy,
            )
    if fleet.served.note:
        yield message("Measured speed: {note}.", note=fleet.served.note)


def _band_note(fleet: Fleet, workload: Workload) -> Iterator[Message]:
    """Size of the fleet at both ends of the token counts."""
    if fleet.prompt(workload).band == CERTAIN:
        return
    gpus: list[Message] = []
    for end in ENDS:
        try:
            size = fleet.size(workload.at_end(end))
            gpus.append(message("{n:,.0f} GPUs", n=float(np.max(size.gpus))))
        except CrossoverError as error:
            gpus.append(error.errors[0])
    yield message(
        "Fleet with every token count at the low end of its band (5 %): {low}; at the high end (95 %): "
        "{high}.",
        low=gpus[0],
        high=gpus[1],
    )


def _spare_notes(fleet: Fleet) -> Iterator[Message]:
    """Limits of spares and of the model of adapters."""
    together = fleet.sizing.gpus_per_server // fleet.served.gpus
    if fleet.sizing.redundancy == "spares" and 0 < fleet.sizing.spare_replicas < together:
        yield message(
            "A server holds {together} replicas: {spares} to spare do not make up for the loss of a "
            "whole server.",
            together=together,
            spares=fleet.sizing.spare_replicas,
        )
    if fleet.service.adapters:
        yield message(
            "Adapters take memory here; that answers of several adapters slow each other down is not "
            "modelled."
        )


def _speed_notes(fleet: Fleet, workload: Workload) -> Iterator[Message]:
    """What the speed of a replica rests on, its spread, and warnings."""
    speed = fleet.replica_speed(workload)
    if speed.method is not None:
        yield message(
            "Speed of a replica ({evidence}): {how}; ± {spread:.0%} (1 sigma).",
            evidence=message(speed.full.evidence),
            how=speed.method,
            spread=math.expm1(speed.sigma_log),
        )
    for warning in speed.warnings:
        yield message("Speed of a replica: {warning}.", warning=warning)


def _queue_note(fleet: Fleet, workload: Workload) -> Message:
    """Queueing at the peak, without spares: random arrivals at the slots of the replicas."""
    slots, calls_per_s, service_s = fleet.queue(workload)
    token_ms = 1000 * fleet.speed(workload).concurrency / fleet.speed(workload).output_tokens_per_s
    if calls_per_s * service_s >= slots:
        return message(
            "At the peak, without spares, all {slots:,} places are taken: requests queue up until it is "
            "over (plan for a lower utilisation).",
            slots=slots,
        )
    return message(
        "At the peak, without spares, {share:.1%} of requests wait for one of {slots:,} places, "
        "{wait:,.0f} ms on average over all (random arrivals, M/M/c). While all places are taken a token "
        "comes every {token:,.0f} ms, sooner while they are not.",
        share=waiting_share(slots, calls_per_s * service_s),
        slots=slots,
        wait=1000 * mean_wait_s(slots, calls_per_s, service_s),
        token=token_ms,
    )


def _first_token_note(fleet: Fleet, workload: Workload) -> Iterator[Message]:
    first = fleet.first_token(workload)
    if first is None:
        yield message(
            "Time to the first token: unknown, for nothing tells its prefill from its steps (measure it "
            "with 'bench sweep')."
        )
        if fleet.service.slo_ttft_ms:
            yield message(
                "The limit of {allowed:g} ms to the first token is not checked.",
                allowed=fleet.service.slo_ttft_ms,
            )
    elif math.isfinite(first.waiting_s):
        yield message(
            "Time to the first token of a typical request at the peak: {total:,.0f} ms, {waiting:,.0f} "
            "of them waiting for a place ({evidence}; ± {spread:.0%}, 1 sigma). Tails are longer.",
            total=1000 * first.total_s,
            waiting=1000 * first.waiting_s,
            evidence=message(Evidence.ESTIMATED),
            spread=math.expm1(SIGMA_LOG),
        )


def _owner_notes(fleet: Fleet, gpus: float) -> Iterator[Message]:
    ownership, terms = fleet.ownership, fleet.owned_gpu
    kwh = gpus * terms.kwh_per_gpu_month()
    if terms.kg_co2e_per_kwh is None or ownership.grid is None:
        yield message("Energy: {kwh:,.0f} kWh per month (choose a grid for its CO2e).", kwh=kwh)
    else:
        yield message(
            "Energy: {kwh:,.0f} kWh per month, {tonnes:,.2f} t CO2e per year at {factor:g} kg per kWh "
            "({region}).",
            kwh=kwh,
            tonnes=kwh * MONTHS_PER_YEAR * terms.kg_co2e_per_kwh / KG_PER_TONNE,
            factor=terms.kg_co2e_per_kwh,
            region=ownership.grid.region,
        )
    capital = gpus * terms.capital_usd_per_gpu
    if capital:
        years = yearly(capital, ownership.life_years, ownership.residual_share, ownership.depreciation)
        yield message(
            "In the books: {capital:,.0f} {currency} of purchase, {residual:,.0f} left at the end; "
            "depreciation by year ({how}): {years:,.0f} {currency}.",
            capital=NoteAmounts((capital,)),
            residual=NoteAmounts((capital * ownership.residual_share,)),
            how=message(ownership.depreciation),
            years=NoteAmounts(tuple(years)),
            currency=USD,
        )

"""Rows of a self-hosted fleet: size, utilisation, idle cost, latency, energy and emissions."""

from __future__ import annotations

from dataclasses import dataclass, fields
from datetime import date
from decimal import Decimal
from typing import Any, Final

import numpy as np

from i18n.errors import CrossoverError
from i18n.message import Translate, message

from ..comparison.compare import Comparison, Outcome
from ..cost_lines import rounded_usd
from ..fleet import Fleet
from ..workload.workload import Workload
from .comparison import plain, rate_columns


@dataclass(frozen=True, slots=True)
class FleetRow:
    """The fleet of one strategy at the scenario's volume. Empty: unknown, or not requested."""

    strategy: str
    open_model: str
    gpu: str
    precision: str
    tenure: str
    share_of_requests: float
    """Share of requests that the fleet answers; the rest goes to an API."""
    gpus_per_replica: int
    replicas_needed: float
    replicas: float
    """Spares included."""
    servers: float
    gpus: float
    """GPUs that are paid for, in whole servers."""
    gpus_low: float | None
    """With every token count at the low end of its band."""
    gpus_high: float | None
    requests_at_once: float
    """Planned concurrency of one replica."""
    output_tokens_per_s: float
    """Throughput of one replica at full load."""
    speed_evidence: str
    speed_sigma_log: float | None
    target_utilisation_share: float
    average_busy_share: float
    peak_busy_share: float
    hours_on_share: float
    ms_per_token: float
    """Mean time between tokens of a full replica (TPOT)."""
    first_token_ms: float | None
    """Time to first token (TTFT) of a typical request at the peak, with queueing."""
    first_token_evidence: str
    machines_usd_per_month: Decimal
    idle_usd_per_month: Decimal
    """The part of the machines' cost that pays for idle capacity."""
    kwh_per_month: float | None
    """Energy of bought machines, with PUE; a rent includes it."""
    energy_evidence: str
    kg_co2e_per_month: float | None
    kg_co2e_per_kwh: float | None
    grid_ref: str
    grid_source: str
    machines_amount_per_month: Decimal
    idle_amount_per_month: Decimal
    currency: str
    fx_per_usd: Decimal
    fx_date: date | None
    fx_source: str


_FIELDS_OF_STRATEGY: Final = frozenset({"strategy", "currency", "fx_per_usd", "fx_date", "fx_source"})
"""Fields that the JSON object of the strategy already has."""


def fleet_rows(comparison: Comparison, translate: Translate = plain) -> list[FleetRow]:
    """A row for each feasible strategy with a fleet, cheapest first."""
    fleets = ((outcome, outcome.strategy.part(Fleet)) for outcome in comparison.feasible)
    return [
        _row(comparison, outcome, fleet, translate)
        for outcome, fleet in fleets
        if fleet is not None and fleet.is_used(comparison.workload)
    ]


def fleet_json(comparison: Comparison, outcome: Outcome) -> dict[str, Any] | None:
    """The row of one strategy for `compare --json`; null without a fleet."""
    fleet = outcome.strategy.part(Fleet)
    if fleet is None or not fleet.is_used(comparison.workload):
        return None
    row = _row(comparison, outcome, fleet, plain)
    named = ((field.name, getattr(row, field.name)) for field in fields(row))
    return {name: _plain_value(value) for name, value in named if name not in _FIELDS_OF_STRATEGY}


def _plain_value(value: Any) -> Any:
    return float(value) if isinstance(value, Decimal) else value


def _row(comparison: Comparison, outcome: Outcome, fleet: Fleet, translate: Translate) -> FleetRow:
    load, currency = comparison.workload, comparison.currency
    size, pace, served = fleet.size(load), fleet.replica_speed(load), fleet.served
    first = fleet.first_token(load)
    tenure = message("bought") if fleet.is_owned else message("rented")
    gpus = float(np.max(size.gpus))
    machines = rounded_usd(fleet.machines_usd_per_month(load))
    idle = rounded_usd(fleet.idle_usd_per_month(load))
    energy = fleet.energy(gpus)
    return FleetRow(
        strategy=outcome.name.render(translate),
        open_model=served.model.id,
        gpu=served.gpu.id,
        precision=served.precision,
        tenure=tenure.render(translate),
        share_of_requests=fleet.share(load).of_requests,
        gpus_per_replica=served.gpus,
        replicas_needed=float(np.max(size.needed_replicas)),
        replicas=float(np.max(size.replicas)),
        servers=float(np.max(size.servers)),
        gpus=gpus,
        gpus_low=_gpus(fleet, load.at_end("low")),
        gpus_high=_gpus(fleet, load.at_end("high")),
        requests_at_once=pace.full.concurrency,
        output_tokens_per_s=pace.full.output_tokens_per_s,
        speed_evidence=pace.full.evidence,
        speed_sigma_log=pace.sigma_log or None,
        target_utilisation_share=fleet.sizing.target_utilisation_share,
        average_busy_share=fleet.average_busy_share(load),
        peak_busy_share=fleet.peak_busy_share(load),
        hours_on_share=fleet.on_share,
        ms_per_token=1000 * pace.full.concurrency / pace.full.output_tokens_per_s,
        first_token_ms=None if first is None else _finite(1000 * first.total_s),
        first_token_evidence="" if first is None else "estimated",
        machines_usd_per_month=machines,
        idle_usd_per_month=idle,
        kwh_per_month=None if energy is None else energy.kwh_per_month,
        energy_evidence="" if energy is None else energy.evidence,
        kg_co2e_per_month=None if energy is None else energy.kg_co2e_per_month,
        kg_co2e_per_kwh=None if energy is None else energy.kg_co2e_per_kwh,
        grid_ref="" if energy is None or energy.grid is None else energy.grid.ref,
        grid_source="" if energy is None or energy.grid is None else energy.grid.source,
        machines_amount_per_month=currency.of(machines),
        idle_amount_per_month=currency.of(idle),
        **rate_columns(comparison),
    )


def _gpus(fleet: Fleet, load: Workload) -> float | None:
    try:
        return float(np.max(fleet.size(load).gpus))
    except CrossoverError:
        return None


def _finite(value: float) -> float | None:
    """None where the queue grows without limit."""
    return value if np.isfinite(value) else None

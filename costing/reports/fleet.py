"""Frame of self-hosted fleets: size, utilisation, idle cost, latency, energy and emissions."""

from __future__ import annotations

from decimal import Decimal
from typing import Any, Final

import numpy as np
import pandas as pd

from frames.frame import frame
from frames.registry import columns
from i18n.errors import CrossoverError
from i18n.message import Translate, message

from ..comparison.compare import Comparison, Outcome
from ..cost_lines import rounded_usd
from ..fleet import Fleet
from ..workload.workload import Workload
from .comparison import plain, rate_columns

FLEET_COLUMNS: Final = columns(
    "strategy open_model gpu precision tenure share_of_requests gpus_per_replica replicas_needed replicas "
    "servers gpus gpus_low gpus_high requests_at_once output_tokens_per_s speed_evidence speed_sigma_log "
    "target_utilisation_share average_busy_share peak_busy_share hours_on_share ms_per_token first_token_ms "
    "first_token_evidence machines_usd_per_month idle_usd_per_month kwh_per_month energy_evidence "
    "kg_co2e_per_month kg_co2e_per_kwh grid_ref grid_source machines_amount_per_month idle_amount_per_month "
    "currency fx_per_usd fx_date fx_source"
)
_OF_STRATEGY: Final = frozenset({"strategy", "currency", "fx_per_usd", "fx_date", "fx_source"})
"""Columns that the JSON object of the option already has."""


def fleet(comparison: Comparison, translate: Translate = plain) -> pd.DataFrame:
    """The fleet of each feasible option that has one, cheapest first; missing: unknown, or not asked for.

    `replicas` includes spares; `gpus` are those that are paid for, in whole servers; `gpus_low` and
    `gpus_high` with every token count at the ends of its band. `requests_at_once` is the planned
    concurrency of a replica, `output_tokens_per_s` its throughput at full load, `ms_per_token` the mean time
    between tokens then, `first_token_ms` of a typical request at the peak, with queueing. `kwh_per_month`
    is that of bought machines, with PUE; a rent includes it.
    """
    fleets = ((outcome, outcome.strategy.part(Fleet)) for outcome in comparison.feasible)
    return frame(
        FLEET_COLUMNS,
        (
            _record(comparison, outcome, fleet, translate)
            for outcome, fleet in fleets
            if fleet is not None and fleet.is_used(comparison.workload)
        ),
    )


def fleet_json(comparison: Comparison, outcome: Outcome) -> dict[str, Any] | None:
    """The fleet of one option for `compare --json`; null without a fleet."""
    fleet = outcome.strategy.part(Fleet)
    if fleet is None or not fleet.is_used(comparison.workload):
        return None
    record = _record(comparison, outcome, fleet, plain)
    return {
        column.name: float(value) if isinstance(value := record[column.name], Decimal) else value
        for column in FLEET_COLUMNS
        if column.name not in _OF_STRATEGY
    }


def _record(comparison: Comparison, outcome: Outcome, fleet: Fleet, translate: Translate) -> dict[str, Any]:
    load, currency = comparison.workload, comparison.currency
    size, pace, served = fleet.size(load), fleet.replica_speed(load), fleet.served
    first = fleet.first_token(load)
    tenure = message("bought") if fleet.is_owned else message("rented")
    gpus = float(np.max(size.gpus))
    machines = rounded_usd(fleet.machines_usd_per_month(load))
    idle = rounded_usd(fleet.idle_usd_per_month(load))
    energy = fleet.energy(gpus)
    return {
        "strategy": outcome.name.render(translate),
        "open_model": served.model.id,
        "gpu": served.gpu.id,
        "precision": served.precision,
        "tenure": tenure.render(translate),
        "share_of_requests": fleet.share(load).of_requests,
        "gpus_per_replica": served.gpus,
        "replicas_needed": float(np.max(size.needed_replicas)),
        "replicas": float(np.max(size.replicas)),
        "servers": float(np.max(size.servers)),
        "gpus": gpus,
        "gpus_low": _gpus(fleet, load.at_end("low")),
        "gpus_high": _gpus(fleet, load.at_end("high")),
        "requests_at_once": pace.full.concurrency,
        "output_tokens_per_s": pace.full.output_tokens_per_s,
        "speed_evidence": pace.full.evidence,
        "speed_sigma_log": pace.sigma_log or None,
        "target_utilisation_share": fleet.sizing.target_utilisation_share,
        "average_busy_share": fleet.average_busy_share(load),
        "peak_busy_share": fleet.peak_busy_share(load),
        "hours_on_share": fleet.on_share,
        "ms_per_token": 1000 * pace.full.concurrency / pace.full.output_tokens_per_s,
        "first_token_ms": None if first is None else _finite(1000 * first.total_s),
        "first_token_evidence": "" if first is None else "estimated",
        "machines_usd_per_month": machines,
        "idle_usd_per_month": idle,
        "kwh_per_month": None if energy is None else energy.kwh_per_month,
        "energy_evidence": "" if energy is None else energy.evidence,
        "kg_co2e_per_month": None if energy is None else energy.kg_co2e_per_month,
        "kg_co2e_per_kwh": None if energy is None else energy.kg_co2e_per_kwh,
        "grid_ref": "" if energy is None or energy.grid is None else energy.grid.ref,
        "grid_source": "" if energy is None or energy.grid is None else energy.grid.source,
        "machines_amount_per_month": currency.of(machines),
        "idle_amount_per_month": currency.of(idle),
        **rate_columns(comparison),
    }


def _gpus(fleet: Fleet, load: Workload) -> float | None:
    try:
        return float(np.max(fleet.size(load).gpus))
    except CrossoverError:
        return None


def _finite(value: float) -> float | None:
    """None where the queue grows without limit."""
    return value if np.isfinite(value) else None

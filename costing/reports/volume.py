"""Rows of what volume changes: cost curves, crossings, winners, long-run costs."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import date
from decimal import Decimal
from typing import Final

import numpy as np
import numpy.typing as npt

from i18n.message import Translate

from ..comparison.breakeven import Breakeven, api_side
from ..comparison.compare import Comparison
from ..cost_lines import rounded_usd, weakest
from .comparison import how_counted, plain, rate_columns

AXIS_POINTS = 120
AXIS_STEPS = 40
"""Points of the volume axis, and steps of a fleet that are drawn as steps."""
ROUND_STEPS: Final = (1.0, 1.2, 1.5, 2.0, 2.5, 3.0, 4.0, 5.0, 6.0, 8.0)
"""Round volumes of a decade; they keep the axis stable while the volume changes."""


def round_volumes(low_power: int, high_power: int) -> list[float]:
    """Round volumes from one power of ten up to another, both included."""
    powers = range(low_power, high_power)
    return [round(step * 10.0**power, 6) for power in powers for step in ROUND_STEPS] + [10.0**high_power]


@dataclass(frozen=True, slots=True)
class VolumeRow:
    """Monthly cost of a strategy at one volume."""

    strategy: str
    requests_per_day: float
    usd_per_month: float
    evidence: str
    tokens: str
    amount_per_month: float
    currency: str
    fx_per_usd: Decimal
    fx_date: date | None
    fx_source: str


def volume_rows(
    comparison: Comparison, volumes: Sequence[float] | npt.NDArray[np.float64], translate: Translate = plain
) -> list[VolumeRow]:
    """Cost by volume, a row for each strategy and volume."""
    axis = np.asarray(volumes, dtype=np.float64)
    rows: list[VolumeRow] = []
    currency, rate = comparison.currency, rate_columns(comparison)
    for outcome in comparison.feasible:
        name, evidence = outcome.name.render(translate), outcome.evidence
        tokens = how_counted(comparison, outcome, translate)
        curve = np.round(comparison.usd_at(outcome, axis), 6).tolist()
        rows += [
            VolumeRow(name, volume, usd, evidence, tokens, currency.of_float(usd), **rate)
            for volume, usd in zip(axis.tolist(), curve, strict=True)
        ]
    return rows


def volume_axis(comparison: Comparison, result: Breakeven) -> npt.NDArray[np.float64]:
    """Volumes of the axis: whole decades around the current volume, extended to all changes of the winner,
    with both sides of each step of a fleet."""
    scenario_volume = comparison.scenario.requests_per_day
    changes = [volume for volume, _ in result.winners[1:]]
    low = max(1.0, min([scenario_volume / 100, *(volume / 3 for volume in changes)]))
    high = max([scenario_volume * 100, *(volume * 3 for volume in changes)])
    powers = int(np.floor(np.log10(low))), int(np.ceil(np.log10(high)))
    low, high = 10.0 ** powers[0], 10.0 ** powers[1]
    axis = [
        np.geomspace(low, high, AXIS_POINTS),
        np.array([*round_volumes(*powers), scenario_volume, *changes]),
    ]
    for outcome in comparison.feasible:
        steps = outcome.strategy.step_requests_per_day(comparison.workload, AXIS_STEPS)
        steps = steps[(steps > low) & (steps < high)]
        axis += [steps, steps * (1 + 1e-6)]
    return np.unique(np.concatenate(axis))


@dataclass(frozen=True, slots=True)
class CrossingRow:
    """A crossing, for the screen, the CSV and the JSON."""

    first: str
    second: str
    requests_per_day: float
    tokens_per_day: float
    usd_per_month: Decimal
    cheaper_below: str
    cheaper_above: str
    is_jump: bool
    evidence: str
    tokens: str
    """How the tokens of the hosted side were counted."""
    tokens_per_month: float
    amount_per_month: Decimal
    currency: str
    fx_per_usd: Decimal
    fx_date: date | None
    fx_source: str


def crossing_rows(
    comparison: Comparison, result: Breakeven, translate: Translate = plain
) -> list[CrossingRow]:
    """Every crossing of every pair, in order of volume within a pair."""
    rate = rate_columns(comparison)
    return [
        CrossingRow(
            first=c.first.render(translate),
            second=c.second.render(translate),
            requests_per_day=c.requests_per_day,
            tokens_per_day=c.tokens_per_day,
            usd_per_month=rounded_usd(c.usd_per_month),
            cheaper_below=c.cheaper_below.render(translate),
            cheaper_above=c.cheaper_above.render(translate),
            is_jump=c.is_jump,
            evidence=weakest(pair.first.evidence, pair.second.evidence),
            tokens=how_counted(comparison, api_side(pair.first, pair.second), translate),
            tokens_per_month=c.tokens_per_month,
            amount_per_month=comparison.currency.of(rounded_usd(c.usd_per_month)),
            **rate,
        )
        for pair in result.pairs
        for c in pair.crossings
    ]


@dataclass(frozen=True, slots=True)
class WinnerRow:
    """The cheapest strategy from a volume on."""

    from_requests_per_day: float
    strategy: str
    evidence: str
    tokens: str


def winner_rows(comparison: Comparison, result: Breakeven, translate: Translate = plain) -> list[WinnerRow]:
    """The cheapest strategy by volume, rising."""
    by_name = {outcome.name: outcome for outcome in comparison.feasible}
    return [
        WinnerRow(
            volume,
            name.render(translate),
            by_name[name].evidence,
            how_counted(comparison, by_name[name], translate),
        )
        for volume, name in result.winners
    ]


@dataclass(frozen=True, slots=True)
class MarginalRow:
    """Long-run marginal cost of a million tokens, in the tokens of the first hosted strategy."""

    strategy: str
    usd_per_mtok: float
    evidence: str
    tokens: str
    amount_per_mtok: float
    currency: str
    fx_per_usd: Decimal
    fx_date: date | None
    fx_source: str


def marginal_rows(
    comparison: Comparison, result: Breakeven, translate: Translate = plain
) -> list[MarginalRow]:
    """Long-run marginal cost of each strategy: the second condition of the claim."""
    return [
        MarginalRow(
            outcome.name.render(translate),
            usd,
            outcome.evidence,
            how_counted(comparison, outcome, translate),
            comparison.currency.of_float(usd),
            **rate_columns(comparison),
        )
        for outcome, usd in result.marginal_usd_per_mtok
    ]

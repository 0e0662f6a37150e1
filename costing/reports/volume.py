"""Frames of what volume changes: cost curves, break-even points, cheapest options, long-run costs."""

from __future__ import annotations

from collections.abc import Sequence
from typing import Any, Final

import numpy as np
import numpy.typing as npt
import pandas as pd

from frames.frame import frame, frame_of
from frames.registry import columns
from i18n.message import Translate

from ..comparison.breakeven import Breakeven, api_side
from ..comparison.compare import Comparison, Outcome
from ..cost_lines import rounded_usd, weakest
from .comparison import counting_method, plain, rate_columns

VOLUME_COLUMNS: Final = columns(
    "strategy requests_per_day usd_per_month evidence counting_method amount_per_month currency fx_per_usd "
    "fx_date fx_source"
)
CROSSING_COLUMNS: Final = columns(
    "first second requests_per_day tokens_per_day usd_per_month cheaper_below cheaper_above is_jump evidence "
    "counting_method tokens_per_month amount_per_month currency fx_per_usd fx_date fx_source"
)
WINNER_COLUMNS: Final = columns("from_requests_per_day strategy evidence counting_method")
MARGINAL_COLUMNS: Final = columns(
    "strategy usd_per_mtok evidence counting_method amount_per_mtok currency fx_per_usd fx_date fx_source"
)
AXIS_POINTS = 120
AXIS_STEPS = 40
"""Points of the volume axis, and steps of a fleet that are drawn as steps."""
ROUND_STEPS: Final = (1.0, 1.2, 1.5, 2.0, 2.5, 3.0, 4.0, 5.0, 6.0, 8.0)
"""Round volumes of a decade; they keep the axis stable while the volume changes."""


def round_volumes(low_power: int, high_power: int) -> list[float]:
    """Round volumes from one power of ten up to another, both included."""
    powers = range(low_power, high_power)
    return [round(step * 10.0**power, 6) for power in powers for step in ROUND_STEPS] + [10.0**high_power]


def volume(
    comparison: Comparison, volumes: Sequence[float] | npt.NDArray[np.float64], translate: Translate = plain
) -> pd.DataFrame:
    """Monthly cost of each feasible option at each volume, as float64; cheapest option first."""
    axis = np.asarray(volumes, dtype=np.float64)
    outcomes = comparison.feasible
    names = [outcome.name.render(translate) for outcome in outcomes]
    methods = [counting_method(comparison, outcome, translate) for outcome in outcomes]
    curves = [np.round(comparison.usd_at(outcome, axis), 6) for outcome in outcomes]
    usd = np.concatenate(curves) if curves else np.empty(0)
    return frame_of(
        VOLUME_COLUMNS,
        usd.size,
        {
            "strategy": np.repeat(np.array(names, dtype=object), axis.size),
            "requests_per_day": np.tile(axis, len(outcomes)),
            "usd_per_month": usd,
            "evidence": np.repeat(np.array([str(o.evidence) for o in outcomes], dtype=object), axis.size),
            "counting_method": np.repeat(np.array(methods, dtype=object), axis.size),
            "amount_per_month": usd * float(comparison.currency.per_usd),
        },
        rate_columns(comparison),
    )


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


def crossings(comparison: Comparison, result: Breakeven, translate: Translate = plain) -> pd.DataFrame:
    """Every break-even point of every pair, in order of volume within a pair.

    `counting_method` is that of the tokens of the hosted side.
    """
    rate = rate_columns(comparison)
    return frame(
        CROSSING_COLUMNS,
        (
            {
                "first": c.first.render(translate),
                "second": c.second.render(translate),
                "requests_per_day": c.requests_per_day,
                "tokens_per_day": c.tokens_per_day,
                "usd_per_month": rounded_usd(c.usd_per_month),
                "cheaper_below": c.cheaper_below.render(translate),
                "cheaper_above": c.cheaper_above.render(translate),
                "is_jump": c.is_jump,
                "evidence": weakest(pair.first.evidence, pair.second.evidence),
                "counting_method": counting_method(comparison, api_side(pair.first, pair.second), translate),
                "tokens_per_month": c.tokens_per_month,
                "amount_per_month": comparison.currency.of(rounded_usd(c.usd_per_month)),
                **rate,
            }
            for pair in result.pairs
            for c in pair.crossings
        ),
    )


def winners(comparison: Comparison, result: Breakeven, translate: Translate = plain) -> pd.DataFrame:
    """The cheapest option from each volume on, rising."""
    by_name = {outcome.name: outcome for outcome in comparison.feasible}
    return frame(
        WINNER_COLUMNS,
        (
            {"from_requests_per_day": volume, **_option(comparison, by_name[name], translate)}
            for volume, name in result.winners
        ),
    )


def marginal(comparison: Comparison, result: Breakeven, translate: Translate = plain) -> pd.DataFrame:
    """Long-run marginal cost of a million tokens, in the tokens of the first hosted option."""
    rate = rate_columns(comparison)
    return frame(
        MARGINAL_COLUMNS,
        (
            {
                **_option(comparison, outcome, translate),
                "usd_per_mtok": usd,
                "amount_per_mtok": comparison.currency.of_float(usd),
                **rate,
            }
            for outcome, usd in result.marginal_usd_per_mtok
        ),
    )


def _option(comparison: Comparison, outcome: Outcome, translate: Translate) -> dict[str, Any]:
    return {
        "strategy": outcome.name.render(translate),
        "evidence": outcome.evidence,
        "counting_method": counting_method(comparison, outcome, translate),
    }

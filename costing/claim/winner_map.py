"""Cheapest strategy by volume and API price, and cost curves of the fleet (a step function) and the API."""

from __future__ import annotations

from typing import Final

import numpy as np
import pandas as pd

from frames.frame import frame
from frames.registry import columns
from i18n.errors import CrossoverError

from ..numerics.crossings import JUST_ABOVE
from ..units import DAYS_PER_MONTH, TOKENS_PER_MTOK
from .reconstruction import CLAIMED_TOKENS_PER_DAY, Array, Claim

MAP_TOKENS_PER_DAY: Final = (1e6, 1e10)
MAP_USD_PER_MTOK: Final = (0.1, 100.0)
CELLS_A_DECADE: Final = (14, 12)
"""Columns and rows of the map."""
_STAIRS: Final = 12
"""Steps of the fleet that the cost curve shows."""


COST_MAP: Final = columns("tokens_per_day api_usd_per_mtok cheapest usd_per_month")
"""A row for each volume and API price; `cheapest` is api, owned or rented."""
COST_CURVES: Final = columns("tokens_per_day api_usd_per_month own_usd_per_month")
"""Monthly cost of both options at a volume."""


def cost_map(claims: tuple[Claim, ...]) -> pd.DataFrame:
    """COST_MAP; volumes and API prices are in logarithmic steps."""
    volumes = _decades(*MAP_TOKENS_PER_DAY, CELLS_A_DECADE[0])
    sides: dict[str, list[float]] = {}
    for claim in claims:
        try:
            usd = claim.usd_per_month_of(claim.own, volumes / claim.tokens_per_request)
        except CrossoverError:  # it does not fit its GPUs: the others are compared without it
            continue
        sides[claim.tenure] = usd.tolist()
    rows = []
    for price in _decades(*MAP_USD_PER_MTOK, CELLS_A_DECADE[1]).tolist():
        for i, tokens in enumerate(volumes.tolist()):
            usd_by = {"api": price * tokens / TOKENS_PER_MTOK * DAYS_PER_MONTH}
            usd_by |= {tenure: usd[i] for tenure, usd in sides.items()}
            best = min(usd_by, key=usd_by.__getitem__)
            rows.append(
                {
                    "tokens_per_day": tokens,
                    "api_usd_per_mtok": price,
                    "cheapest": best,
                    "usd_per_month": usd_by[best],
                }
            )
    return frame(COST_MAP, rows)


def _decades(low: float, high: float, a_decade: int) -> Array:
    """Logarithmic steps, `a_decade` a decade, both ends included."""
    cells = round(float(np.log10(high / low)) * a_decade)
    return np.geomspace(low, high, cells + 1)


def cost_curves(claim: Claim) -> pd.DataFrame:
    """COST_CURVES of the API and the fleet, with a point on both sides of every step of the fleet.

    Raises CrossoverError where the servers cannot hold the workload.
    """
    per_request = claim.tokens_per_request
    steps = claim.own.step_requests_per_day(claim.workload, _STAIRS)
    meets = claim.break_even.tokens_per_day
    lowest = min(float(steps[0]), (meets or CLAIMED_TOKENS_PER_DAY) / per_request) / 10
    volumes = np.unique(
        np.concatenate(
            [
                np.geomspace(lowest, float(steps[-1]), 120),
                steps,
                steps[:-1] * JUST_ABOVE,
                [] if meets is None else [meets / per_request],
            ]
        )
    )
    volumes = volumes[volumes <= float(steps[-1])]
    api, own = claim.usd_per_month_of(claim.api, volumes), claim.usd_per_month_of(claim.own, volumes)
    return frame(
        COST_CURVES,
        [
            {"tokens_per_day": volume * per_request, "api_usd_per_month": a, "own_usd_per_month": o}
            for volume, a, o in zip(volumes.tolist(), api.tolist(), own.tolist(), strict=True)
        ],
    )

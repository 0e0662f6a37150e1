"""Cheapest strategy by volume and API price, and cost curves of the fleet (a step function) and the API."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from typing import Final

import numpy as np

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


@dataclass(frozen=True, slots=True)
class MapRow:
    """The cheapest strategy at one volume and one API price."""

    tokens_per_day: float
    api_usd_per_mtok: float
    cheapest: str
    """api, owned or rented."""
    usd_per_month: float


def map_rows(claims: tuple[Claim, ...]) -> list[MapRow]:
    """A cell for each volume and API price, both in logarithmic steps."""
    volumes = _decades(*MAP_TOKENS_PER_DAY, CELLS_A_DECADE[0])
    sides: dict[str, list[float]] = {}
    for claim in claims:
        try:
            usd = claim.usd_a_month(claim.own, volumes / claim.tokens_per_request)
        except CrossoverError:  # it does not fit its GPUs: the others are compared without it
            continue
        sides[claim.tenure] = usd.tolist()
    rows = []
    for price in _decades(*MAP_USD_PER_MTOK, CELLS_A_DECADE[1]).tolist():
        for i, tokens in enumerate(volumes.tolist()):
            usd_by = {"api": price * tokens / TOKENS_PER_MTOK * DAYS_PER_MONTH}
            usd_by |= {tenure: usd[i] for tenure, usd in sides.items()}
            best = min(usd_by, key=usd_by.__getitem__)
            rows.append(MapRow(tokens, price, best, usd_by[best]))
    return rows


def _decades(low: float, high: float, a_decade: int) -> Array:
    """Logarithmic steps, `a_decade` a decade, both ends included."""
    cells = round(float(np.log10(high / low)) * a_decade)
    return np.geomspace(low, high, cells + 1)


def nearest_cell(value: float, cells: Sequence[float]) -> int | None:
    """Index of the nearest of rising cells on a logarithmic axis; None outside of them."""
    if not cells or not cells[0] <= value <= cells[-1]:
        return None
    return min(range(len(cells)), key=lambda i: abs(np.log(cells[i] / value)))


@dataclass(frozen=True, slots=True)
class StairRow:
    """Monthly cost of both strategies at one volume."""

    tokens_per_day: float
    api_usd_per_month: float
    own_usd_per_month: float


def stair_rows(claim: Claim) -> list[StairRow]:
    """Costs of the API and the fleet over volume, with a point on both sides of every step of the fleet.

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
    api, own = claim.usd_a_month(claim.api, volumes), claim.usd_a_month(claim.own, volumes)
    return [
        StairRow(volume * per_request, a, o)
        for volume, a, o in zip(volumes.tolist(), api.tolist(), own.tolist(), strict=True)
    ]

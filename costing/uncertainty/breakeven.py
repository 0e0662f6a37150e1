"""Break-even volume in each Monte Carlo draw: from which a self-hosted fleet is cheaper."""

from __future__ import annotations

from collections.abc import Sequence
from typing import Final

import numpy as np
import numpy.typing as npt

from ..fleet import Fleet
from .samples import Array, DrawIndices
from .strategy_costs import SampledStrategy

GridIndices = npt.NDArray[np.intp]
"""Indices into a grid of volumes with even steps of the logarithm."""

DECADES: Final = 9
STEPS: Final = (5, 4)
"""Pieces into which a decade is cut, and then each piece that may hold the answer."""
_FINE: Final = 20
"""Grid points per decade; between two of them the volume is interpolated."""
_VOLUMES: Final = 10.0 ** (np.arange(DECADES * _FINE + 1) / _FINE)
"""Requests a day at each grid point."""
_SLACK: Final = 1.25
"""Factor by which a bill may fall as traffic grows, since caches are hit more often."""


def hosted_and_own(
    strategies: Sequence[SampledStrategy],
) -> tuple[list[SampledStrategy], list[SampledStrategy]] | None:
    """The hosted strategies and the self-hosted fleets; None where there are none of either."""
    usable = [sampled for sampled in strategies if not sampled.strategy.is_reference]
    own = [sampled for sampled in usable if sampled.strategy.is_self_hosted]
    hosted = [sampled for sampled in usable if sampled.strategy.part(Fleet) is None]
    return (hosted, own) if hosted and own else None


def first_volumes(hosted: Sequence[SampledStrategy], own: Sequence[SampledStrategy], draws: int) -> Array:
    """The lowest requests a day (draws,) at which the cheapest self-hosted fleet costs less than the cheapest
    hosted strategy; NaN where it never does.

    Costs rise with volume. So a fleet cannot be cheaper between two volumes if the hosted bill at the upper
    one is below the fleet's at the lower one; only the other pieces are cut further.
    """

    def lowest_usd(strategies: Sequence[SampledStrategy], points: GridIndices, rows: DrawIndices) -> Array:
        volumes = _VOLUMES[points]
        usd = strategies[0].usd_per_month_at(volumes, rows)
        for sampled in strategies[1:]:
            np.minimum(usd, sampled.usd_per_month_at(volumes, rows), out=usd)
        return usd

    rows = np.arange(draws)
    step = _FINE
    points = np.broadcast_to(np.arange(0, DECADES * _FINE + 1, step)[:, None], (DECADES + 1, draws))
    best, gap, gap_before = np.full(draws, np.inf), np.full(draws, np.nan), np.full(draws, np.nan)
    for pieces in (*STEPS, 0):
        api, fleet = lowest_usd(hosted, points, rows), lowest_usd(own, points, rows)
        with np.errstate(invalid="ignore"):
            ratio = fleet / api
        _update_lowest(points, ratio, rows, best, gap, gap_before)
        if not pieces:
            break
        may_cross = _SLACK * np.maximum(api[:-1], api[1:]) > np.minimum(fleet[:-1], fleet[1:])
        may_cross &= points[:-1] < best[rows]
        column, row = np.nonzero(may_cross)
        if not len(row):
            break
        starts, rows, step = points[column, row], rows[row], step // pieces
        points = starts + (np.arange(pieces + 1) * step)[:, None]
    return _interpolated(best, gap, gap_before, step)


def _update_lowest(
    points: GridIndices, ratio: Array, rows: DrawIndices, best: Array, gap: Array, gap_before: Array
) -> None:
    """Keep the lowest grid point of each draw at which the ratio is below 1, with the log ratio there (`gap`)
    and at the point before."""
    under = ratio < 1
    column = under.argmax(axis=0)
    crossing_draws = np.flatnonzero(under.any(axis=0))
    crossing_points = points[column[crossing_draws], crossing_draws]
    order = crossing_draws[np.argsort(-crossing_points, kind="stable")]  # the lowest is written last
    first, before = column[order], np.maximum(column[order] - 1, 0)
    lower = points[first, order] <= best[rows[order]]
    order, first, before = order[lower], first[lower], before[lower]
    best[rows[order]] = points[first, order]
    gap[rows[order]] = np.log(ratio[first, order])
    gap_before[rows[order]] = np.where(first > 0, np.log(ratio[before, order]), np.nan)


def _interpolated(best: Array, gap: Array, gap_before: Array, step: int) -> Array:
    """The volume (draws,) at which both cost the same, linear in the log ratio between two grid points."""
    with np.errstate(invalid="ignore"):
        fraction = gap_before / (gap_before - gap)
    point = np.where(np.isfinite(fraction), best - step * (1 - fraction), best)
    return np.where(np.isfinite(best), 10.0 ** (point / _FINE), np.nan)

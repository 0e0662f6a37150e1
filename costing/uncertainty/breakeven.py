"""The volume from which own servers are cheaper, in each of many draws."""

from __future__ import annotations

from collections.abc import Sequence
from typing import Final

import numpy as np
import numpy.typing as npt

from ..fleet import OwnFleet
from .samples import Array, DrawIndices
from .strategy_costs import SampledStrategy

Places = npt.NDArray[np.intp]
"""On a grid of volumes, even in their logarithm."""

DECADES: Final = 9
STEPS: Final = (5, 4)
"""Into how many pieces a decade is cut, and each piece again, where the answer may lie."""
_FINE: Final = 20
"""Points a decade: between two of them the volume is interpolated."""
_VOLUMES: Final = 10.0 ** (np.arange(DECADES * _FINE + 1) / _FINE)
"""Requests a day, by place."""
_SLACK: Final = 1.25
"""By how much a bill may fall as traffic grows: caches warm up."""


def sides(drawn: Sequence[SampledStrategy]) -> tuple[list[SampledStrategy], list[SampledStrategy]] | None:
    """The hosted strategies and those on own servers; None where one side is missing."""
    usable = [one for one in drawn if not one.strategy.is_reference]
    own = [one for one in usable if one.strategy.is_self_hosted]
    hosted = [one for one in usable if one.strategy.part(OwnFleet) is None]
    return (hosted, own) if hosted and own else None


def first_volumes(
    hosted: Sequence[SampledStrategy], own: Sequence[SampledStrategy], draws: int, horizon_months: int
) -> Array:
    """By draw the lowest volume, in requests a day, at which the cheapest own fleet undercuts the cheapest
    hosted strategy; NaN where it never does.

    Costs rise with volume, so that between two volumes no fleet undercuts if at the upper one the hosted
    bill is still below the fleet's at the lower one: only the other pieces are cut further.
    """

    def usd(side: Sequence[SampledStrategy], places: Places, rows: DrawIndices) -> Array:
        volumes = _VOLUMES[places]
        found = side[0].usd_per_month_at(volumes, rows)
        for one in side[1:]:
            np.minimum(found, one.usd_per_month_at(volumes, rows), out=found)
        return found

    rows = np.arange(draws)
    step = _FINE
    places = np.broadcast_to(np.arange(0, DECADES * _FINE + 1, step)[:, None], (DECADES + 1, draws))
    best, gap, gap_before = np.full(draws, np.inf), np.full(draws, np.nan), np.full(draws, np.nan)
    for pieces in (*STEPS, 0):
        api, fleet = usd(hosted, places, rows), usd(own, places, rows)
        with np.errstate(invalid="ignore"):
            ratio = fleet / api
        _note(places, ratio, rows, best, gap, gap_before)
        if not pieces:
            break
        may = _SLACK * np.maximum(api[:-1], api[1:]) > np.minimum(fleet[:-1], fleet[1:])
        may &= places[:-1] < best[rows]
        column, row = np.nonzero(may)
        if not len(row):
            break
        starts, rows, step = places[column, row], rows[row], step // pieces
        places = starts + (np.arange(pieces + 1) * step)[:, None]
    return _between(best, gap, gap_before, step)


def _note(
    places: Places, ratio: Array, rows: DrawIndices, best: Array, gap: Array, gap_before: Array
) -> None:
    """Keep the lowest place of each draw at which the ratio is below 1, with the ratio there and before."""
    under = ratio < 1
    column = under.argmax(axis=0)
    hits = np.flatnonzero(under.any(axis=0))
    order = hits[np.argsort(-places[column[hits], hits], kind="stable")]  # the lowest is written last
    here, before = column[order], np.maximum(column[order] - 1, 0)
    lower = places[here, order] <= best[rows[order]]
    order, here, before = order[lower], here[lower], before[lower]
    best[rows[order]] = places[here, order]
    gap[rows[order]] = np.log(ratio[here, order])
    gap_before[rows[order]] = np.where(here > 0, np.log(ratio[before, order]), np.nan)


def _between(best: Array, gap: Array, gap_before: Array, step: int) -> Array:
    """The volume at which the two cost the same, by the ratio's logarithm on either side."""
    with np.errstate(invalid="ignore"):
        part = gap_before / (gap_before - gap)
    place = np.where(np.isfinite(part), best - step * (1 - part), best)
    return np.where(np.isfinite(best), 10.0 ** (place / _FINE), np.nan)

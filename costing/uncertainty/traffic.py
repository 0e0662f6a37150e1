"""Traffic of each month in all draws, as multiples of what is asked for."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, replace
from functools import cached_property
from typing import Any

import numpy as np
import numpy.typing as npt

from ..comparison.compare import Comparison
from ..scenario.traffic import COMPOUND, GIVEN, MONTH_NAMES, Traffic
from ..scenario.uncertain_fields import CURVE, GROWTH, SEASON
from .samples import Array, Selection


@dataclass(frozen=True)
class SampledTraffic:
    """By the formulas of `Traffic`, asked for months and draws at once. Not slotted: `usual` is kept."""

    comparison: Comparison
    values: Mapping[str, Array]

    @cached_property
    def usual(self) -> Array:
        """Of each month, where nothing of it is drawn."""
        multiples: Array = self.comparison.requests_per_day / self.comparison.scenario.requests_per_day
        return multiples

    @cached_property
    def _drawn(self) -> tuple[str, ...]:
        """What moves the months' traffic in the scenario's shape of it."""
        scenario = self.comparison.scenario
        if scenario.traffic.shape == GIVEN:
            return ()
        own = (GROWTH,) if scenario.traffic.shape == COMPOUND else CURVE
        return tuple(path for path in self.values if path in own or path.startswith(SEASON))

    def is_steady(self, months: npt.NDArray[np.int64]) -> bool:
        """Whether these months have the same traffic in every draw."""
        return not self._drawn and bool((self.usual[months] == self.usual[months[0]]).all())

    @property
    def may_fall(self) -> bool:
        """Whether a month may have less traffic than the one before it, in some draw."""
        if bool((np.diff(self.usual) < 0).any()) or any(path != GROWTH for path in self._drawn):
            return True
        falls = GROWTH in self._drawn and bool((self.values[GROWTH] < 0).any())
        return falls or bool(self._drawn and self.comparison.scenario.traffic.season_factors)

    def multiples(self, months: npt.NDArray[np.int64], here: Selection) -> Array:
        """(months, draws), or (months, 1) where they are the same in all draws."""
        if not self._drawn:
            return self.usual[months][:, None]
        scenario, days = self.comparison.scenario, self.comparison.months
        drawn = {path: self.values[path][here] for path in self._drawn}
        traffic = self._traffic_at(drawn)
        growth: Any = drawn.get(GROWTH, scenario.growth_share_per_month)
        found = traffic.multiple(months[:, None].astype(np.float64), growth)
        if traffic.season_factors:
            seasons = {days[month].month: traffic.season(days[month]) for month in months}
            each = [np.atleast_1d(seasons[days[month].month]) for month in months]
            found = found * np.array(np.broadcast_arrays(*each))
        return np.asarray(found)

    def _traffic_at(self, drawn: Mapping[str, Array]) -> Traffic:
        traffic = self.comparison.scenario.traffic
        factors: list[Any] = list(traffic.season_factors) or [1.0] * len(MONTH_NAMES)
        seasons = {path: column for path, column in drawn.items() if path.startswith(SEASON)}
        for path, column in seasons.items():
            factors[int(path.removeprefix(SEASON)) - 1] = column
        curve: dict[str, Any] = {path: column for path, column in drawn.items() if path in CURVE}
        kept = tuple(factors) if seasons else traffic.season_factors
        return replace(traffic, season_factors=kept, **curve)

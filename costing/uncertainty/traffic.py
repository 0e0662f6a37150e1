"""Traffic of each month in all draws, as multiples of the scenario's requests a day."""

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
    """The formulas of `Traffic`, for months and draws at once. Not slotted: `usual` is cached."""

    comparison: Comparison
    values: Mapping[str, Array]

    @cached_property
    def usual(self) -> Array:
        """Multiple of each month (months,) at the scenario's own figures."""
        multiples: Array = self.comparison.requests_per_day / self.comparison.scenario.requests_per_day
        return multiples

    @cached_property
    def _sampled_paths(self) -> tuple[str, ...]:
        """The uncertain inputs that move traffic, given the shape that the scenario chooses."""
        scenario = self.comparison.scenario
        if scenario.traffic.shape == GIVEN:
            return ()
        own = (GROWTH,) if scenario.traffic.shape == COMPOUND else CURVE
        return tuple(path for path in self.values if path in own or path.startswith(SEASON))

    def is_steady(self, months: npt.NDArray[np.int64]) -> bool:
        """Whether these months have the same traffic in every draw."""
        return not self._sampled_paths and bool((self.usual[months] == self.usual[months[0]]).all())

    @property
    def may_fall(self) -> bool:
        """Whether a month may have less traffic than the one before it, in some draw."""
        if bool((np.diff(self.usual) < 0).any()) or any(path != GROWTH for path in self._sampled_paths):
            return True
        falls = GROWTH in self._sampled_paths and bool((self.values[GROWTH] < 0).any())
        return falls or bool(self._sampled_paths and self.comparison.scenario.traffic.season_factors)

    def multiples(self, months: npt.NDArray[np.int64], selection: Selection) -> Array:
        """Multiples (months, draws), or (months, 1) where they are the same in all draws."""
        if not self._sampled_paths:
            return self.usual[months][:, None]
        scenario, days = self.comparison.scenario, self.comparison.months
        samples = {path: self.values[path][selection] for path in self._sampled_paths}
        traffic = self._traffic_at(samples)
        growth: Any = samples.get(GROWTH, scenario.growth_share_per_month)
        multiples = traffic.multiple(months[:, None].astype(np.float64), growth)
        if traffic.season_factors:
            seasons = {days[month].month: traffic.season(days[month]) for month in months}
            factors = [np.atleast_1d(seasons[days[month].month]) for month in months]
            multiples = multiples * np.array(np.broadcast_arrays(*factors))
        return np.asarray(multiples)

    def _traffic_at(self, samples: Mapping[str, Array]) -> Traffic:
        traffic = self.comparison.scenario.traffic
        factors: list[Any] = list(traffic.season_factors) or [1.0] * len(MONTH_NAMES)
        seasons = {path: column for path, column in samples.items() if path.startswith(SEASON)}
        for path, column in seasons.items():
            factors[int(path.removeprefix(SEASON)) - 1] = column
        curve: dict[str, Any] = {path: column for path, column in samples.items() if path in CURVE}
        season_factors = tuple(factors) if seasons else traffic.season_factors
        return replace(traffic, season_factors=season_factors, **curve)

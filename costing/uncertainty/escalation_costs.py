"""People in draws: what those cost who take the requests that a model leaves, where they count at all."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from typing import Any

import numpy as np

from ..comparison.compare import Comparison
from ..comparison.resolution import counts_people, people_usd_per_month
from ..scenario.uncertain_fields import ESCALATION
from ..units import DAYS_PER_MONTH
from .samples import Array


@dataclass(frozen=True, slots=True)
class SampledEscalation:
    """Of one strategy; a share and a cost of a request, each a number or a column of draws."""

    resolved_share: Any
    """NaN: nobody said, so what it costs with people is not known; it is not none."""
    escalation_usd: Any

    @classmethod
    def of(cls, comparison: Comparison, index: int, values: Mapping[str, Array]) -> SampledEscalation | None:
        """None where people do not count, or for a reference of which nobody said how much it resolves.

        A strategy that no figure of the scenario makes possible needs no share there, but does in draws in
        which it is possible.
        """
        strategy = comparison.outcomes[index].strategy
        share = values.get(f"strategies.{index + 1}.resolved_share")
        stated = strategy.resolved_share
        if not counts_people(comparison) or (stated is None and share is None and strategy.is_reference):
            return None
        return cls(
            (np.nan if stated is None else stated) if share is None else np.clip(share, 0.0, 1.0),
            values.get(ESCALATION, comparison.scenario.needs.escalation_usd),
        )

    def usd_per_month(self, requests_per_day: Array) -> Array:
        """At (..., draws) volumes; not rounded."""
        month = requests_per_day * DAYS_PER_MONTH
        return np.asarray(people_usd_per_month(month, self.resolved_share, self.escalation_usd))

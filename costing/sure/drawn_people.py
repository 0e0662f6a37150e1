"""People in draws: what those cost who take the requests that a model leaves, where they count at all."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from typing import Any

import numpy as np

from ..compare import Comparison
from ..deciding.resolved import counts_people, people_usd_per_month
from ..units import DAYS_PER_MONTH
from .drawn import Array
from .scenario_inputs import ESCALATION


@dataclass(frozen=True, slots=True)
class DrawnPeople:
    """Of one strategy; a share and a cost of a request, each a number or a column of draws."""

    resolved_share: Any
    escalation_usd: Any

    @classmethod
    def of(cls, comparison: Comparison, index: int, values: Mapping[str, Array]) -> DrawnPeople | None:
        """None where people do not count, or nobody said how much the strategy resolves."""
        stated = comparison.outcomes[index].strategy.resolved_share
        if not counts_people(comparison) or stated is None:
            return None
        share = values.get(f"strategies.{index + 1}.resolved_share")
        return cls(
            stated if share is None else np.clip(share, 0.0, 1.0),
            values.get(ESCALATION, comparison.scenario.needs.escalation_usd),
        )

    def usd_per_month(self, requests_per_day: Array) -> Array:
        """At (..., draws) volumes; not rounded."""
        month = requests_per_day * DAYS_PER_MONTH
        return np.asarray(people_usd_per_month(month, self.resolved_share, self.escalation_usd))

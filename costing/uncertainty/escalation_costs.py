"""Sampled human-escalation cost: people who handle the requests that a model does not resolve."""

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
    """Escalation of one strategy; each figure is a number or an array (draws,)."""

    resolved_share: Any
    """NaN: not stated, so the cost with people is not known; it is not zero."""
    escalation_usd: Any
    """USD for each request that goes to people."""

    @classmethod
    def of(cls, comparison: Comparison, index: int, values: Mapping[str, Array]) -> SampledEscalation | None:
        """None where people do not count, or for a reference without a stated share.

        A strategy that is infeasible at the scenario's own figures may lack a share there; in draws in which
        it is feasible its cost is then NaN.
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
        """USD a month at (..., draws) requests a day; not rounded."""
        month = requests_per_day * DAYS_PER_MONTH
        return np.asarray(people_usd_per_month(month, self.resolved_share, self.escalation_usd))

"""What the fleet of a strategy adds to the strategy's profile."""

from __future__ import annotations

from dataclasses import replace

from ..strategy.profile import StrategyProfile
from .fleet import Fleet


def with_fleet(profile: StrategyProfile, fleet: Fleet) -> StrategyProfile:
    """The profile of a strategy whose requests the fleet answers, up to the percentile of its load."""
    percentile = fleet.load.percentile
    return replace(
        profile,
        hosted=profile.hosted if percentile < 100 else (),
        has_serving_fleet=percentile > 0,
        knowledge=fleet.training.knowledge_use(fleet.model_prompt),
        training=fleet.training.plan,
        paid_hours_share=fleet.paid_hours_share,
    )

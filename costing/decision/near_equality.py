"""Whether the costs of two options are about equal: by the bands of their tokens, or in a simulation."""

from __future__ import annotations

from typing import Final

from ..comparison.compare import Outcome
from ..cost_lines import usd_per_month_at_ends
from ..uncertainty.confidence import Confidence

CLEAR_SHARE: Final = 2 / 3
"""Two options cost about the same if the cheaper one is ahead in fewer of the draws than that."""


def token_bands_overlap(first: Outcome, second: Outcome) -> bool:
    """Whether the uncertainty of token counts alone could turn the order of two options around.

    Not where both count in the same vocabulary: their errors are the same.
    """
    if first.strategy.tokenizers == second.strategy.tokenizers:
        return False
    _, high = usd_per_month_at_ends(first.lines, first.horizon_months)
    low, _ = usd_per_month_at_ends(second.lines, second.horizon_months)
    return first.usd_per_month <= second.usd_per_month and high > low


def about_equal(best: Outcome, other: Outcome, simulation: Confidence | None) -> bool:
    """Whether the cheaper of the two is not known."""
    if token_bands_overlap(best, other):
        return True
    return simulation is not None and simulation.ahead_share(best, other) < CLEAR_SHARE

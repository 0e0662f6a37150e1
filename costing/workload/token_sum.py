"""Sum of token counts with their bands, evidence and counting methods."""

from __future__ import annotations

from collections.abc import Iterable

from ..cost_lines import weakest
from ..tokenization.tokens import MADE, TokenCount, merge_methods
from .workload import NOTHING


def summed(counts: Iterable[TokenCount]) -> TokenCount:
    """The sum of the counts that are not empty; it is as exact as the least exact of them.

    The ends of the band are the sums of the ends, as of counts that err in the same direction.
    """
    parts = [count for count in counts if count.tokens]
    if len(parts) < 2:
        return parts[0] if parts else NOTHING
    return TokenCount(
        sum(part.tokens for part in parts),
        sum(part.low for part in parts),
        sum(part.high for part in parts),
        weakest(*(part.evidence for part in parts)),
        merge_methods(*(part.counting_methods for part in parts)),
        max((part.made for part in parts), key=MADE.index),
    )

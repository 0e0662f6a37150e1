"""Frame of the pairwise comparison: the first break-even point of each pair of options."""

from __future__ import annotations

from typing import Final

import pandas as pd

from frames.frame import frame
from frames.registry import columns
from i18n.message import Translate, plain

from ..comparison.breakeven import Breakeven

PAIR_COLUMNS: Final = columns(
    "first second requests_per_day tokens_per_day cheaper_below cheaper_above break_even_points explanation"
)
"""`requests_per_day`, `tokens_per_day` and the two after them belong to the first break-even point; they are
missing where there is none. Tokens are those of the hosted option, input and output."""


def pairs(result: Breakeven, translate: Translate = plain) -> pd.DataFrame:
    """PAIR_COLUMNS: a row for each pair of feasible options."""
    rows = []
    for pair in result.pairs:
        point = pair.crossings[0] if pair.crossings else None
        rows.append(
            {
                "first": pair.first.name.render(translate),
                "second": pair.second.name.render(translate),
                "requests_per_day": point and point.requests_per_day,
                "tokens_per_day": point and point.tokens_per_day,
                "cheaper_below": point and point.cheaper_below.render(translate),
                "cheaper_above": point and point.cheaper_above.render(translate),
                "break_even_points": len(pair.crossings),
                "explanation": pair.explanation.render(translate),
            }
        )
    return frame(PAIR_COLUMNS, rows)

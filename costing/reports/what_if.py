"""What-if analyses as frames: the cheapest option over two inputs, and the curve of a goal seek."""

from __future__ import annotations

from collections.abc import Iterator
from typing import Any, Final

import numpy as np
import pandas as pd

from frames.frame import frame
from frames.registry import columns
from i18n.message import N_, Translate, plain

from ..comparison.compare import Comparison
from ..comparison.resolution import counts_people
from ..uncertainty.what_if import GoalSeekResult, WinnerMap
from .cost_basis import basis_columns

CHEAPEST_COLUMNS: Final = columns(
    "across across_value up up_value cheapest usd_per_month amount_per_month same_as_now includes_people "
    "currency fx_per_usd fx_date fx_source"
)
GOAL_SEEK_COLUMNS: Final = columns("input input_value first_value second_value unit")


def cheapest_by_inputs(
    comparison: Comparison, winners: WinnerMap, translate: Translate = plain
) -> pd.DataFrame:
    """The cheapest option at each pair of values (CHEAPEST_COLUMNS), the lowest row of the map first.

    `cheapest` is missing where no option is feasible; `same_as_now`: it is also the cheapest at the
    scenario's own values.
    """
    return frame(CHEAPEST_COLUMNS, _cells(comparison, winners, translate))


def _cells(comparison: Comparison, winners: WinnerMap, translate: Translate) -> Iterator[dict[str, Any]]:
    names = [outcome.name.render(translate) for outcome in comparison.outcomes]
    currency, basis = comparison.currency, basis_columns(comparison)
    for i, y in enumerate(winners.up_values.tolist()):
        for j, x in enumerate(winners.across_values.tolist()):
            place, usd = int(winners.winner[i, j]), float(winners.usd[i, j])
            yield {
                "across": winners.across.path,
                "across_value": x,
                "up": winners.up.path,
                "up_value": y,
                "cheapest": names[place] if place >= 0 else None,
                "usd_per_month": usd if place >= 0 else None,
                "amount_per_month": currency.of_float(usd) if place >= 0 else None,
                "same_as_now": place == winners.current,
                **basis,
            }


def goal_seek_curve(comparison: Comparison, result: GoalSeekResult) -> pd.DataFrame:
    """Both sides of the goal at each value of the input (GOAL_SEEK_COLUMNS).

    `first_value` and `second_value` are USD per month of the two options, or the break-even and the wanted
    break-even in tokens per day; missing where there is none.
    """
    unit = N_("tokens per day")
    if result.first is not None:
        unit = N_("USD per month, with people") if counts_people(comparison) else N_("USD per month")
    curve = result.curve
    return frame(
        GOAL_SEEK_COLUMNS,
        (
            {
                "input": result.lever.path,
                "input_value": value,
                "first_value": first if np.isfinite(first) else None,
                "second_value": second if np.isfinite(second) else None,
                "unit": unit,
            }
            for value, first, second in zip(
                curve.values.tolist(), curve.first.tolist(), curve.second.tolist(), strict=True
            )
        ),
    )

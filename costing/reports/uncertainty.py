"""Results of a Monte Carlo simulation as frames: distributions, sensitivities, EVPI, ranges of inputs."""

from __future__ import annotations

import math
from typing import Any, Final

import pandas as pd

from frames.frame import frame
from frames.registry import columns
from i18n.message import Translate, message, plain

from ..comparison.compare import Comparison
from ..comparison.resolution import ranked_usd
from ..uncertainty.inputs import label_of
from ..uncertainty.monte_carlo import StrategyDistribution, Swing, Uncertainty
from .cost_basis import basis_columns

_BASIS: Final = "includes_people currency fx_per_usd fx_date fx_source"

DISTRIBUTION_COLUMNS: Final = columns(
    "strategy usd_per_month usd_p5 usd_p50 usd_p95 cheapest_share cheapest_share_low cheapest_share_high "
    f"possible_share amount_per_month amount_p5 amount_p50 amount_p95 draws seed {_BASIS}"
)
SWING_COLUMNS: Final = columns(
    "input path strategy input_low input_likely input_high shape origin usd_at_low usd_at_high amount_at_low "
    f"amount_at_high cheapest_at_low cheapest_at_high {_BASIS}"
)
EVPI_COLUMNS: Final = columns(f"input path worth_usd_per_month worth_amount_per_month draws seed {_BASIS}")
CORRELATION_COLUMNS: Final = columns("first second rank_correlation")
INPUT_COLUMNS: Final = columns("input path input_low input_likely input_high shape origin")


def distributions(result: Uncertainty, translate: Translate = plain) -> pd.DataFrame:
    """Cost of each strategy over all simulations (DISTRIBUTION_COLUMNS), in the order of the scenario.

    `usd_per_month` is the cost at the scenario's own values; amounts are missing where it is infeasible.
    """
    return frame(
        DISTRIBUTION_COLUMNS, (_distribution(result, strategy, translate) for strategy in result.strategies)
    )


def _distribution(
    result: Uncertainty, strategy: StrategyDistribution, translate: Translate
) -> dict[str, Any]:
    currency, usd = result.comparison.currency, strategy.usd_per_month
    usual = float(ranked_usd(result.comparison, strategy.outcome)) if strategy.outcome.is_feasible else None
    p5, p50, p95 = (None, None, None) if usd is None else (usd.p5, usd.p50, usd.p95)

    def amount(figure: float | None) -> float | None:
        return None if figure is None else currency.of_float(figure)

    return {
        "strategy": strategy.outcome.name.render(translate),
        "usd_per_month": usual,
        "usd_p5": p5,
        "usd_p50": p50,
        "usd_p95": p95,
        "cheapest_share": strategy.cheapest.share,
        "cheapest_share_low": strategy.cheapest.low,
        "cheapest_share_high": strategy.cheapest.high,
        "possible_share": strategy.possible_share,
        "amount_per_month": amount(usual),
        "amount_p5": amount(p5),
        "amount_p50": amount(p50),
        "amount_p95": amount(p95),
        "draws": result.draws,
        "seed": result.seed,
        **basis_columns(result.comparison, strategy.outcome),
    }


def swings(result: Uncertainty, translate: Translate = plain) -> pd.DataFrame:
    """Cost of each strategy at both ends of each input's range (SWING_COLUMNS), the longest swing first."""
    return frame(SWING_COLUMNS, (_swing(result, swing, translate) for swing in result.swings))


def _swing(result: Uncertainty, swing: Swing, translate: Translate) -> dict[str, Any]:
    def amount(usd: float) -> float | None:
        return None if math.isnan(usd) else result.comparison.currency.of_float(usd)

    span = swing.input.range
    outcome = next(o for o in result.comparison.outcomes if o.name == swing.strategy)
    low, high = swing.cheapest_at_low, swing.cheapest_at_high
    return {
        "input": swing.input.label.render(translate),
        "path": swing.input.path,
        "strategy": swing.strategy.render(translate),
        "input_low": span.low,
        "input_likely": span.likely,
        "input_high": span.high,
        "shape": span.shape,
        "origin": swing.input.origin,
        "usd_at_low": swing.low_usd,
        "usd_at_high": swing.high_usd,
        "amount_at_low": amount(swing.low_usd),
        "amount_at_high": amount(swing.high_usd),
        "cheapest_at_low": None if low is None else low.render(translate),
        "cheapest_at_high": None if high is None else high.render(translate),
        **basis_columns(result.comparison, outcome),
    }


def evpi_by_input(result: Uncertainty, translate: Translate = plain) -> pd.DataFrame:
    """Expected value of perfect information (EVPI_COLUMNS) of all inputs, then of each, largest first.

    Empty where there is only one strategy to choose. `path` is missing in the row of all inputs.
    """
    if result.evpi is None:
        return frame(EVPI_COLUMNS, ())
    currency, basis = result.comparison.currency, basis_columns(result.comparison)
    every = (message("All inputs together"), None, result.evpi.everything_usd_per_month)
    each = ((item.input.label, item.input.path, item.usd_per_month) for item in result.evpi.inputs)
    return frame(
        EVPI_COLUMNS,
        (
            {
                "input": label.render(translate),
                "path": path,
                "worth_usd_per_month": usd,
                "worth_amount_per_month": currency.of_float(usd),
                "draws": result.draws,
                "seed": result.seed,
                **basis,
            }
            for label, path, usd in (every, *each)
        ),
    )


def input_ranges(result: Uncertainty, translate: Translate = plain) -> pd.DataFrame:
    """Range of each uncertain input (INPUT_COLUMNS): the scenario's own, then the proposed ones."""
    return frame(
        INPUT_COLUMNS,
        (
            {
                "input": item.label.render(translate),
                "path": item.path,
                "input_low": item.range.low,
                "input_likely": item.range.likely,
                "input_high": item.range.high,
                "shape": item.range.shape,
                "origin": item.origin,
            }
            for item in result.inputs
        ),
    )


def correlated_inputs(comparison: Comparison, translate: Translate = plain) -> pd.DataFrame:
    """Rank correlation of each pair of inputs that the scenario correlates (CORRELATION_COLUMNS)."""
    return frame(
        CORRELATION_COLUMNS,
        (
            {
                "first": label_of(comparison, pair.first).render(translate),
                "second": label_of(comparison, pair.second).render(translate),
                "rank_correlation": pair.rank,
            }
            for pair in comparison.scenario.correlations
        ),
    )

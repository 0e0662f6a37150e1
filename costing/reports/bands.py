"""Percentile bands over the months and over volumes, as frames."""

from __future__ import annotations

import math
from typing import Any, Final

import pandas as pd

from frames.frame import frame
from frames.registry import columns
from i18n.message import Translate, plain

from ..uncertainty.monte_carlo import Bands, Uncertainty
from .cost_basis import basis_columns

_PERCENTILES: Final = (
    "usd_p5 usd_p50 usd_p95 amount_p5 amount_p50 amount_p95 draws seed "
    "includes_people currency fx_per_usd fx_date fx_source"
)
MONTH_BAND_COLUMNS: Final = columns(f"strategy month {_PERCENTILES}")
VOLUME_BAND_COLUMNS: Final = columns(f"strategy requests_per_day {_PERCENTILES}")


def month_bands(result: Uncertainty, translate: Translate = plain) -> pd.DataFrame:
    """Cumulative cost of each strategy at the end of each month (MONTH_BAND_COLUMNS).

    Amounts are missing where a strategy is infeasible in all simulations.
    """
    days = [day.isoformat() for day in result.comparison.months]
    return frame(
        MONTH_BAND_COLUMNS,
        (
            {
                "strategy": strategy.outcome.name.render(translate),
                "month": day,
                **_percentiles(result, strategy.months, place),
                "draws": result.draws,
                "seed": result.seed,
                **basis_columns(result.comparison, strategy.outcome),
            }
            for strategy in result.strategies
            for place, day in enumerate(days)
        ),
    )


def volume_bands(result: Uncertainty, translate: Translate = plain) -> pd.DataFrame:
    """Monthly cost of each strategy at other volumes, all other inputs sampled (VOLUME_BAND_COLUMNS)."""
    return frame(
        VOLUME_BAND_COLUMNS,
        (
            {
                "strategy": strategy.outcome.name.render(translate),
                "requests_per_day": volume,
                **_percentiles(result, strategy.volumes, place),
                "draws": result.draws,
                "seed": result.seed,
                **basis_columns(result.comparison, strategy.outcome),
            }
            for strategy in result.strategies
            for place, volume in enumerate(strategy.volumes.at.tolist())
        ),
    )


def _percentiles(result: Uncertainty, bands: Bands, place: int) -> dict[str, Any]:
    usd = {
        name: float(values[place])
        for name, values in (("p5", bands.p5), ("p50", bands.p50), ("p95", bands.p95))
    }
    is_known, of_usd = not math.isnan(usd["p50"]), result.comparison.currency.of_float
    return {f"usd_{name}": value if is_known else None for name, value in usd.items()} | {
        f"amount_{name}": of_usd(value) if is_known else None for name, value in usd.items()
    }

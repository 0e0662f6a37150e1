"""Percentile bands over the months and over volumes, as rows for tables and CSV."""

from __future__ import annotations

import math
from dataclasses import dataclass
from datetime import date
from decimal import Decimal

from i18n.message import Translate

from ..uncertainty.monte_carlo import Bands, Uncertainty
from .comparison import plain
from .cost_basis import basis_columns


@dataclass(frozen=True, slots=True)
class MonthBandRow:
    """Percentiles of the cost of a strategy up to the end of a month."""

    strategy: str
    month: str
    usd_p5: float | None
    """None: infeasible in all samples."""
    usd_p50: float | None
    usd_p95: float | None
    amount_p5: float | None
    amount_p50: float | None
    amount_p95: float | None
    draws: int
    seed: int
    includes_people: bool
    currency: str
    fx_per_usd: Decimal
    fx_date: date | None
    fx_source: str


@dataclass(frozen=True, slots=True)
class VolumeBandRow:
    """Percentiles of the monthly cost of a strategy at one volume, with all other inputs sampled."""

    strategy: str
    requests_per_day: float
    usd_p5: float | None
    usd_p50: float | None
    usd_p95: float | None
    amount_p5: float | None
    amount_p50: float | None
    amount_p95: float | None
    draws: int
    seed: int
    includes_people: bool
    currency: str
    fx_per_usd: Decimal
    fx_date: date | None
    fx_source: str


def month_band_rows(result: Uncertainty, translate: Translate = plain) -> list[MonthBandRow]:
    """A row for each strategy and month, in the order of the scenario."""
    days = [day.isoformat() for day in result.comparison.months]
    return [
        MonthBandRow(
            strategy.outcome.name.render(translate),
            days[place],
            *_figures(result, strategy.months, place),
            result.draws,
            result.seed,
            **basis_columns(result.comparison, strategy.outcome),
        )
        for strategy in result.strategies
        for place in range(len(days))
    ]


def volume_band_rows(result: Uncertainty, translate: Translate = plain) -> list[VolumeBandRow]:
    """A row for each strategy and volume, in the order of the scenario."""
    return [
        VolumeBandRow(
            strategy.outcome.name.render(translate),
            volume,
            *_figures(result, strategy.volumes, place),
            result.draws,
            result.seed,
            **basis_columns(result.comparison, strategy.outcome),
        )
        for strategy in result.strategies
        for place, volume in enumerate(strategy.volumes.at.tolist())
    ]


_Figures = tuple[float | None, float | None, float | None, float | None, float | None, float | None]


def _figures(result: Uncertainty, bands: Bands, place: int) -> _Figures:
    p5, p50, p95 = (float(column[place]) for column in (bands.p5, bands.p50, bands.p95))
    if math.isnan(p50):
        return None, None, None, None, None, None
    of = result.comparison.currency.of_float
    return p5, p50, p95, of(p5), of(p50), of(p95)

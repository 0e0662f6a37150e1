"""Purchase cohorts: hardware bought as demand grows and retired at end of life."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass

import numpy as np
import numpy.typing as npt

_LEAST = 1e-9


@dataclass(frozen=True, slots=True)
class Cohort:
    """Units bought in one month, and the month at whose start they are worn out and sold."""

    month: int
    units: float
    sold_in_month: float
    """May lie beyond the horizon."""


def cohorts(needed: Sequence[float], life_months: float) -> tuple[Cohort, ...]:
    """At the start of each month worn-out units are retired and missing ones bought.

    Falling demand sells nothing: machines stay in service until the end of their life.
    """
    bought: list[Cohort] = []
    for month, units_needed in enumerate(needed):
        missing = units_needed - sum(cohort.units for cohort in in_service(bought, month))
        if missing > _LEAST:
            bought.append(Cohort(month, missing, month + life_months))
    return tuple(bought)


def in_service(bought: Sequence[Cohort], month: float) -> list[Cohort]:
    """Cohorts in service at the start of a month."""
    return [cohort for cohort in bought if cohort.month <= month < cohort.sold_in_month]


def mean_factor(
    needed: Sequence[float], life_months: float, at_purchase: npt.NDArray[np.float64]
) -> npt.NDArray[np.float64]:
    """Mean purchase price factor of the machines in service in each month."""
    bought = cohorts(needed, life_months)
    means: list[float] = []
    for month in range(len(needed)):
        standing = in_service(bought, month)
        units = sum(cohort.units for cohort in standing)
        worth = sum(cohort.units * at_purchase[cohort.month] for cohort in standing)
        means.append(float(worth / units if units else at_purchase[month]))
    return np.array(means)


def mean_price_factor(
    needed: npt.NDArray[np.float64],
    life_months: npt.NDArray[np.float64],
    at_purchase: npt.NDArray[np.float64] | None,
) -> npt.NDArray[np.float64]:
    """Factor of a bought machine's cost line for many samples at once: (months, samples).

    Units that stand over those needed, times the mean price factor at which they were bought (1: no drift);
    the same as `cohorts`, `in_service` and `mean_factor` of each column of `needed`. `at_purchase` is
    (months, draws) too, or (months, 1).
    """
    months = len(needed)
    at = np.ones((months, 1)) if at_purchase is None else at_purchase
    bought, factors = np.zeros(needed.shape), np.empty(needed.shape)
    for month in range(months):
        stands = np.arange(month)[:, None] + life_months > month
        units = (bought[:month] * stands).sum(axis=0)
        missing = needed[month] - units
        bought[month] = np.where(missing > _LEAST, missing, 0.0)
        units = units + bought[month]
        worth = (bought[:month] * stands * at[:month]).sum(axis=0) + bought[month] * at[month]
        with np.errstate(invalid="ignore", divide="ignore"):
            factors[month] = np.where(needed[month] > 0, worth / needed[month], at[month])
    return factors

"""Machines bought in lots: when how many are bought as the need grows, and when they are worn out."""

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
    """At the start of each month: what is worn out goes, and what is then missing is bought.

    A need that falls sells nothing: the machines stand until they are worn out.
    """
    bought: list[Cohort] = []
    for month, units_needed in enumerate(needed):
        missing = units_needed - sum(cohort.units for cohort in in_service(bought, month))
        if missing > _LEAST:
            bought.append(Cohort(month, missing, month + life_months))
    return tuple(bought)


def in_service(bought: Sequence[Cohort], month: float) -> list[Cohort]:
    """Those that are not worn out at the start of a month."""
    return [cohort for cohort in bought if cohort.month <= month < cohort.sold_in_month]


def mean_factor(
    needed: Sequence[float], life_months: float, at_purchase: npt.NDArray[np.float64]
) -> npt.NDArray[np.float64]:
    """Of each month: the price factor at which the machines that stand were bought, on average."""
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
    """What a bought machine's line is multiplied by, for many draws at once: (months, draws).

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

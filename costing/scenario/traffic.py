"""Traffic of the months ahead: compound growth, an S-curve or given months, and seasons."""

from __future__ import annotations

import re
from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field
from datetime import date
from typing import Final

import numpy as np
import numpy.typing as npt

from i18n.errors import CrossoverError
from i18n.message import N_, Message, message

from ..units import Quantity

COMPOUND: Final = "compound"
S_CURVE: Final = "s_curve"
GIVEN: Final = "months"
SHAPES: Final[Mapping[str, str]] = {
    COMPOUND: N_("the same share every month"),
    S_CURVE: N_("an S-curve up to a ceiling"),
    GIVEN: N_("months given one by one"),
}
"""Shape of growth -> its label."""

LIMITS: Final[Mapping[str, tuple[float, float]]] = {
    "ceiling_multiple": (0.01, 10_000),
    "midpoint_month": (0, 120),
    "steepness_per_month": (0.01, 5),
    "season_factor": (0.01, 100),
    "given_requests_per_day": (1, 1e9),
}
MONTH_NAMES: Final = (
    N_("January"),
    N_("February"),
    N_("March"),
    N_("April"),
    N_("May"),
    N_("June"),
    N_("July"),
    N_("August"),
    N_("September"),
    N_("October"),
    N_("November"),
    N_("December"),
)
MONTHS_OF_A_YEAR: Final = len(MONTH_NAMES)
MONTH: Final = re.compile(r"\d{4}-(0[1-9]|1[0-2])")
MAX_MONTHS: Final = 240


@dataclass(frozen=True, slots=True)
class Traffic:
    """How the requests per day of the first month develop."""

    shape: str = COMPOUND
    ceiling_multiple: float = 3.0
    """S-curve: its limit as a multiple of the first month; below 1 traffic falls."""
    midpoint_month: float = 12.0
    """S-curve: months until its steepest point."""
    steepness_per_month: float = 0.3
    """S-curve: the growth rate of the logistic function."""
    given: Mapping[str, float] = field(default_factory=dict)
    """Month, as 2026-11 -> requests per day; later months have the value of the last."""
    season_factors: tuple[float, ...] = ()
    """January to December, or empty; only their ratios matter, and not for given months."""

    def multiple(self, month: Quantity, growth_share_per_month: float) -> Quantity:
        """Traffic after `month` months over that of the first month, without seasons.

        S-curve: 1 + (ceiling - 1) x (L(m) - L(0)) / (1 - L(0)), with L(m) = 1 / (1 + e^(-k (m - midpoint))):
        1 at the start, and the ceiling as its limit.
        """
        if self.shape != S_CURVE:
            growth: Quantity = (1 + growth_share_per_month) ** month
            return growth
        start = self._logistic(0.0)
        return 1 + (self.ceiling_multiple - 1) * (self._logistic(month) - start) / (1 - start)

    def _logistic(self, month: Quantity) -> Quantity:
        rate: Quantity = 1 / (1 + np.exp(-self.steepness_per_month * (month - self.midpoint_month)))
        return rate

    def season(self, day: date) -> float:
        """Traffic of that calendar month over the mean of the year."""
        if not self.season_factors:
            return 1.0
        return self.season_factors[day.month - 1] * MONTHS_OF_A_YEAR / sum(self.season_factors)

    def requests_per_day(
        self, first_requests_per_day: float, growth_share_per_month: float, days: Sequence[date]
    ) -> npt.NDArray[np.float64]:
        """In the months that start on those days; raises CrossoverError before the first given month."""
        if self.shape == GIVEN:
            return np.array([self._given_in(day) for day in days])
        months = np.arange(len(days), dtype=np.float64)
        volumes = first_requests_per_day * self.multiple(months, growth_share_per_month)
        if self.season_factors:
            volumes = volumes * np.array([self.season(day) for day in days])
        return np.asarray(volumes, dtype=np.float64)

    def _given_in(self, day: date) -> float:
        name = month_name(day)
        if name in self.given:
            return self.given[name]
        before = [month for month in self.given if month < name]
        if not before:
            raise CrossoverError(
                message(
                    "traffic: no requests for {month} (the first month given is {first}: add it, or choose a "
                    "later day)",
                    month=name,
                    first=min(self.given, default="-"),
                )
            )
        return self.given[max(before)]

    @property
    def last_given(self) -> str:
        """The last given month; blank where none is given."""
        return max(self.given, default="") if self.shape == GIVEN else ""


def month_name(day: date) -> str:
    """As reports write a month: 2026-11."""
    return f"{day:%Y-%m}"


def gaps(given: Mapping[str, float]) -> list[str]:
    """Months that are missing between the first and the last given one."""
    if not given:
        return []
    first, last = (int(month[:4]) * 12 + int(month[5:]) - 1 for month in (min(given), max(given)))
    every = [f"{number // 12:04d}-{number % 12 + 1:02d}" for number in range(first, last + 1)][:MAX_MONTHS]
    return [month for month in every if month not in given]


def outside(value: float, limits: tuple[float, float]) -> Message | None:
    """What is wrong with a number outside its limits, or None."""
    low, high = limits
    if low <= value <= high:
        return None
    return message("{value:g} is outside {low:g} to {high:g}", value=value, low=low, high=high)

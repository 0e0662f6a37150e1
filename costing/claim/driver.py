"""A driver of the 25 M claim: unit, range, the positions of its slider, and the check of a value."""

from __future__ import annotations

import math
from dataclasses import dataclass
from typing import Final

from i18n.errors import CrossoverError
from i18n.message import message

from ..units import Unit

_PERCENT_UNITS: Final = frozenset({Unit.SHARE, Unit.SHARE_PER_YEAR})
_LOGARITHMIC_FROM: Final = 100
"""Ratio of the ends of a range from which its scale is logarithmic."""
_MOST_STEPS: Final = 200
"""Number of steps of a range from 0 from which its slider is logarithmic."""
_MANTISSAS: Final = (1, 1.2, 1.5, 1.8, 2, 2.2, 2.5, 3, 3.5, 4, 4.5, 5, 6, 7, 8, 9)


@dataclass(frozen=True, slots=True)
class Driver:
    """One input of the claim that a reader may change."""

    id: str
    group: str
    label: str
    unit: Unit
    low: float
    high: float
    step: float
    usual_low: float
    """Plausible low and high value, the ends of the bar in the tornado chart. Our assumption."""
    usual_high: float
    help: str
    tenure: str = ""
    """"owned" or "rented": the only tenure for which the driver matters; blank: both."""
    whole: bool = False
    is_main: bool = False
    """Shown first: a choice of ours, those that usually move the break-even most."""

    @property
    def is_percent(self) -> bool:
        """A share: 0 to 1 here, a percentage on the screen."""
        return self.unit in _PERCENT_UNITS

    @property
    def is_logarithmic(self) -> bool:
        """Whether the range spans decades, so that its scale is logarithmic."""
        return not self.whole and self.low > 0 and self.high / self.low >= _LOGARITHMIC_FROM

    @property
    def positions(self) -> tuple[float, ...]:
        """Values of a slider with a logarithmic scale; none where the scale is linear.

        A range from 0 that spans decades starts at 0, then at its step.
        """
        if not self.is_logarithmic and (self.whole or self.low or self.high / self.step < _MOST_STEPS):
            return ()
        first = self.low or self.step
        power = math.floor(math.log10(first))
        decades = range(power, math.ceil(math.log10(self.high)) + 1)
        values = {float(f"{mantissa}e{decade}") for decade in decades for mantissa in _MANTISSAS}
        inner = sorted(value for value in values if first < value < self.high)
        return (*([0.0] if not self.low else []), float(first), *inner, float(self.high))

    def matters(self, tenure: str) -> bool:
        return self.tenure in ("", tenure)

    def check(self, value: float) -> None:
        """Raises CrossoverError for a value outside the range."""
        if not self.low <= value <= self.high:
            raise CrossoverError(
                message(
                    "{driver}: {value:g} is outside {low:g} to {high:g} (choose a value in between)",
                    driver=message(self.label),
                    value=value,
                    low=self.low,
                    high=self.high,
                )
            )
        if self.whole and value != int(value):
            raise CrossoverError(
                message("{driver}: {value:g} is not a whole number", driver=message(self.label), value=value)
            )

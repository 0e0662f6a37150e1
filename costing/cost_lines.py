"""A cost is a tuple of lines: quantity x unit price, each with where the price came from."""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass
from datetime import date
from decimal import Decimal
from typing import Final, Literal

import numpy as np
import numpy.typing as npt

from i18n.errors import CrossoverError
from i18n.message import Message, message
from pricing.rows import SHIPPED_LAYER, Evidence, Fact

from .units import Quantity

Cadence = Literal["once", "monthly"]

_STRENGTH: Final[tuple[Evidence, ...]] = ("measured", "published", "estimated", "assumed")
_MICRO_PER_USD: Final = 1e6
SCENARIO_LAYER: Final = "scenario"
"""Where a figure that the user typed in came from."""
MAX_USD: Final = 1e12
"""The largest amount of one line that is rounded exactly."""


def weakest(*evidence: Evidence) -> Evidence:
    """The least sure of several kinds of evidence; a product is no surer than its weakest factor."""
    return max(evidence, key=_STRENGTH.index, default="measured")


@dataclass(frozen=True, slots=True)
class Band:
    """How far a quantity may lie from what is stated: its low and high end, as multiples of it."""

    low: float = 1.0
    high: float = 1.0

    @property
    def share(self) -> float:
        """The farther end, as a share either side; 0 where nothing is uncertain."""
        return max(1 - self.low, self.high - 1)


CERTAIN: Final = Band()


@dataclass(frozen=True, slots=True)
class PriceRef:
    """Where a unit price came from."""

    ref: str
    source: str
    checked_on: date | None
    evidence: Evidence
    layer: str = SHIPPED_LAYER
    """The shipped tables, a company's folder by its name, or the scenario."""

    @classmethod
    def of(cls, row: Fact) -> PriceRef:
        return cls(row.ref, row.source, row.checked_on, row.evidence, row.layer)

    @classmethod
    def assumed(cls, knob: str) -> PriceRef:
        """A figure that the user typed in, or left at its default."""
        return cls(f"input: {knob}", "scenario input", None, "assumed", SCENARIO_LAYER)


@dataclass(frozen=True, slots=True)
class CostLine:
    """One line of a bill. `quantity` and `usd_per_unit` may be arrays of the same volumes."""

    name: Message
    category: str
    quantity: Quantity
    unit: str
    usd_per_unit: Quantity
    cadence: Cadence
    price: PriceRef
    quantity_evidence: Evidence = "measured"
    quantity_note: tuple[Message, ...] = ()
    """How tokens were counted."""
    formula: str = ""
    """What the quantity or the unit price was worked out from, in figures."""
    band: Band = CERTAIN
    """How sure the number of tokens in the quantity is."""
    ends: tuple[Quantity | None, Quantity | None] | None = None
    """The quantity at both ends of the token counts where it is not in proportion to them, as a fleet in
    whole replicas is not; None at an end: not possible there."""

    @property
    def usd(self) -> Quantity:
        """Not rounded."""
        return self.quantity * self.usd_per_unit

    @property
    def quantity_low(self) -> Quantity | None:
        """Where every token count is at its 5th percentile; None where that cannot be answered."""
        return self.quantity * self.band.low if self.ends is None else self.ends[0]

    @property
    def quantity_high(self) -> Quantity | None:
        """Where every token count is at its 95th percentile; None where that cannot be answered."""
        return self.quantity * self.band.high if self.ends is None else self.ends[1]

    @property
    def evidence(self) -> Evidence:
        return weakest(self.quantity_evidence, self.price.evidence)


def total_usd(lines: Iterable[CostLine], cadence: Cadence) -> Quantity:
    """Sum of the lines of one cadence, not rounded."""
    return sum((line.usd for line in lines if line.cadence == cadence), 0.0)


def usd_per_month(lines: Iterable[CostLine], horizon_months: int) -> Quantity:
    """A month's recurring cost with its share of what is paid once, spread over the horizon."""
    lines = tuple(lines)
    return total_usd(lines, "monthly") + total_usd(lines, "once") / horizon_months


def micro_usd(usd: Quantity) -> npt.NDArray[np.int64]:
    """Where amounts are rounded: to a whole number of millionths of a USD.

    Raises CrossoverError for an amount that 64 bits cannot hold.
    """
    amounts = np.asarray(usd, dtype=np.float64)
    _check_usd(float(np.fmax.reduce(np.abs(amounts), axis=None, initial=0.0)))
    return np.rint(amounts * _MICRO_PER_USD).astype(np.int64)


def rounded_usd(usd: float) -> Decimal:
    """An amount as a report shows it, exact in its six decimals; as `micro_usd`, for a single one."""
    _check_usd(abs(usd))
    return exact_usd(round(usd * _MICRO_PER_USD))


def _check_usd(usd: float) -> None:
    if usd > MAX_USD:
        raise CrossoverError(
            message(
                "a cost line of {usd:,.0f} USD a month is beyond {limit:,.0f} (check volume, growth and "
                "prices)",
                usd=usd,
                limit=MAX_USD,
            )
        )


def exact_usd(micro: int) -> Decimal:
    """Millionths of a USD as USD."""
    return Decimal(micro).scaleb(-6)

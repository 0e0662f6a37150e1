"""A cost is a tuple of lines: quantity x unit price, each with where the price came from."""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass
from datetime import date
from decimal import Decimal
from enum import StrEnum
from typing import Final

import numpy as np
import numpy.typing as npt

from i18n.errors import CrossoverError
from i18n.message import N_, Message, message
from pricing.rows import SHIPPED_LAYER, Evidence, Fact

from .units import Quantity, Unit


class Cadence(StrEnum):
    """How often a cost line is paid. A value is its label, too."""

    ONCE = N_("once")
    MONTHLY = N_("monthly")


class CostCategory(StrEnum):
    """What a cost line pays for. A value is its label, too; its colours are in `dashboard/figures`."""

    INPUT = N_("input")
    OUTPUT = N_("output")
    TRAINING = N_("training")
    HOSTING = N_("hosting")
    HARDWARE = N_("hardware")
    MAINTENANCE = N_("maintenance")
    POWER = N_("power")
    STAFF = N_("staff")
    COLOCATION = N_("colocation")
    LICENCES = N_("licences")
    SETUP = N_("setup")
    RETRIEVAL = N_("retrieval")


_EVIDENCE: Final = tuple(Evidence)
_CADENCES: Final = frozenset(Cadence)
_MICRO_PER_USD: Final = 1e6
SCENARIO_LAYER: Final = N_("scenario")
"""Where a figure that the user typed in came from."""
MAX_USD: Final = 1e12
"""The largest amount of one line that is rounded exactly."""


def weakest(*evidence: Evidence) -> Evidence:
    """The least sure of several kinds of evidence; a product is no surer than its weakest factor."""
    return max(evidence, key=_EVIDENCE.index, default=Evidence.MEASURED)


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
        return cls(f"input: {knob}", "scenario input", None, Evidence.ASSUMED, SCENARIO_LAYER)


@dataclass(frozen=True, slots=True)
class CostLine:
    """One line of a bill. `quantity` and `usd_per_unit` may be arrays of the same volumes.

    A company's own strategy may name a category or a unit of its own: such a text is its own label, and
    charts draw the category in grey. Raises CrossoverError for a cadence or an evidence that does not exist.
    """

    name: Message
    category: CostCategory | str
    quantity: Quantity
    unit: Unit | str
    usd_per_unit: Quantity
    cadence: Cadence
    price: PriceRef
    quantity_evidence: Evidence = Evidence.MEASURED
    quantity_note: tuple[Message, ...] = ()
    """How tokens were counted."""
    formula: str = ""
    """What the quantity or the unit price was worked out from, in figures."""
    band: Band = CERTAIN
    """How sure the number of tokens in the quantity is."""
    ends: tuple[Quantity | None, Quantity | None] | None = None
    """The quantity at both ends of the token counts where it is not in proportion to them, as a fleet in
    whole replicas is not; None at an end: not possible there."""

    def __post_init__(self) -> None:
        if self.cadence not in _CADENCES:
            raise _unknown(self.name, self.cadence, Cadence)
        if self.quantity_evidence not in _EVIDENCE:
            raise _unknown(self.name, self.quantity_evidence, Evidence)

    @property
    def usd(self) -> Quantity:
        """Not rounded."""
        return self.quantity * self.usd_per_unit

    def usd_per_month(self, horizon_months: int) -> Quantity:
        """Not rounded; what is paid once is spread over the horizon."""
        return self.usd / horizon_months if self.cadence == Cadence.ONCE else self.usd

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


def _unknown(line: Message, value: str, known: type[StrEnum]) -> CrossoverError:
    return CrossoverError(
        message(
            "cost line '{line}': '{value}' is not one of {known}",
            line=line,
            value=value,
            known=", ".join(known),
        )
    )


def total_usd(lines: Iterable[CostLine], cadence: Cadence) -> Quantity:
    """Sum of the lines of one cadence, not rounded."""
    return sum((line.usd for line in lines if line.cadence == cadence), 0.0)


def usd_per_month(lines: Iterable[CostLine], horizon_months: int) -> Quantity:
    """A month's recurring cost with its share of what is paid once, spread over the horizon."""
    lines = tuple(lines)
    return total_usd(lines, Cadence.MONTHLY) + total_usd(lines, Cadence.ONCE) / horizon_months


def usd_per_month_at_ends(lines: Iterable[CostLine], horizon_months: int) -> tuple[float, float]:
    """`usd_per_month` with every token count at the 5th and at the 95th percentile of its band.

    A line whose quantity is not known at an end counts as stated. For single volumes.
    """
    low = high = 0.0
    for line in lines:
        usd_per_unit = float(line.usd_per_unit) / (horizon_months if line.cadence == Cadence.ONCE else 1)
        low += float(line.quantity if line.quantity_low is None else line.quantity_low) * usd_per_unit
        high += float(line.quantity if line.quantity_high is None else line.quantity_high) * usd_per_unit
    return low, high


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
                "a cost line of {usd:,.0f} USD per month is beyond {limit:,.0f} (check volume, growth and "
                "prices)",
                usd=usd,
                limit=MAX_USD,
            )
        )


def exact_usd(micro: int) -> Decimal:
    """Millionths of a USD as USD."""
    return Decimal(micro).scaleb(-6)

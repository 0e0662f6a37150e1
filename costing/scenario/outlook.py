"""Assumptions about the years ahead: price drifts, the discount rate, successors of retired models."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, field
from typing import Final

from ..units import MONTHS_PER_YEAR

LIMITS: Final[Mapping[str, tuple[float, float]]] = {
    "api_price_drift_share_per_year": (-0.95, 5),
    "rent_drift_share_per_year": (-0.95, 5),
    "purchase_drift_share_per_year": (-0.95, 5),
    "staff_drift_share_per_year": (-0.95, 5),
    "electricity_drift_share_per_year": (-0.95, 5),
    "room_drift_share_per_year": (-0.95, 5),
    "licence_drift_share_per_year": (-0.95, 5),
    "discount_rate_share_per_year": (0, 1),
}
DRIFTS: Final = tuple(name for name in LIMITS if "_drift_" in name)


@dataclass(frozen=True, slots=True)
class Outlook:
    """The user's assumptions; announced prices need none."""

    api_price_drift_share_per_year: float = 0.0
    """Change of all prices of hosted models. Drifts can be negative."""
    rent_drift_share_per_year: float = 0.0
    """Change of GPU rents."""
    purchase_drift_share_per_year: float = 0.0
    """Change of the prices of servers that are bought later; those already bought keep their price."""
    staff_drift_share_per_year: float = 0.0
    discount_rate_share_per_year: float = 0.10
    """The company's discount rate, the same for the cash flow of every strategy."""
    successors: Mapping[str, str] = field(default_factory=dict)
    """Id of a price row that retires -> id of its successor in the same table."""
    electricity_drift_share_per_year: float = 0.0
    """Change of the price of a kilowatt-hour, from a setting or a table; not of a carbon price."""
    room_drift_share_per_year: float = 0.0
    """Change of the cost of colocation."""
    licence_drift_share_per_year: float = 0.0

    @property
    def has_drift(self) -> bool:
        return any(getattr(self, name) for name in DRIFTS)


def present_value_factor(discount_rate_share_per_year: float, months: float) -> float:
    """Present value of 1 USD in that many months: (1 + rate)^(-months / 12)."""
    factor: float = (1 + discount_rate_share_per_year) ** (-months / MONTHS_PER_YEAR)
    return factor

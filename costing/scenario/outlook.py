"""What is expected of the years ahead: how prices drift, what money costs, what follows a retired model."""

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
    """Assumptions of the user's own, all of them; prices that are announced need none."""

    api_price_drift_share_per_year: float = 0.0
    """Of all that hosted models cost; may have either sign, as all drifts."""
    rent_drift_share_per_year: float = 0.0
    """Of rented GPUs."""
    purchase_drift_share_per_year: float = 0.0
    """Of servers yet to be bought; those that stand keep the price they were bought at."""
    staff_drift_share_per_year: float = 0.0
    discount_rate_share_per_year: float = 0.10
    """What a company expects of its money: discounts the cash of every strategy alike."""
    successors: Mapping[str, str] = field(default_factory=dict)
    """Id of a price row that retires -> id of the row of the same table to move to."""
    electricity_drift_share_per_year: float = 0.0
    """Of every kilowatt-hour, typed in or of the tables; a carbon price stays what it is."""
    room_drift_share_per_year: float = 0.0
    """Of colocation."""
    licence_drift_share_per_year: float = 0.0

    @property
    def has_drift(self) -> bool:
        return any(getattr(self, name) for name in DRIFTS)


def present_value_factor(discount_rate_share_per_year: float, months: float) -> float:
    """What 1 USD that many months away is worth now: (1 + rate)^(-months / 12)."""
    factor: float = (1 + discount_rate_share_per_year) ** (-months / MONTHS_PER_YEAR)
    return factor

"""Drift of prices over the months, where no dated price is known."""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from datetime import date
from typing import Final

import numpy as np
import numpy.typing as npt

from pricing.book import PriceBook
from pricing.rows import (
    DatedFact,
    Electricity,
    EmbeddingPrice,
    GpuOffer,
    GpuPurchase,
    GpuRent,
    ModelPrice,
    ProvisionedPrice,
    ToolFee,
    TrainingPrice,
    TunedPrice,
)

from ..cost_lines import SCENARIO_LAYER, CostCategory, CostLine
from ..scenario.outlook import Outlook
from ..units import MONTHS_PER_YEAR, Quantity, Unit

Factors = npt.NDArray[np.float64]

API: Final = "api_price_drift_share_per_year"
RENT: Final = "rent_drift_share_per_year"
PURCHASE: Final = "purchase_drift_share_per_year"
STAFF: Final = "staff_drift_share_per_year"
ELECTRICITY: Final = "electricity_drift_share_per_year"
ROOM: Final = "room_drift_share_per_year"
LICENCE: Final = "licence_drift_share_per_year"

_KINDS: Final[dict[str, tuple[type[DatedFact], ...]]] = {
    API: (ModelPrice, TunedPrice, TrainingPrice, EmbeddingPrice, ToolFee, ProvisionedPrice),
    RENT: (GpuRent, GpuOffer),
    PURCHASE: (GpuPurchase,),
    STAFF: (),
    ELECTRICITY: (Electricity,),
    ROOM: (),
    LICENCE: (),
}
_TYPED_IN: Final = {
    "input: rent_usd_per_gpu_hour": RENT,
    "input: purchase_usd_per_gpu": PURCHASE,
    "input: host_usd_per_gpu": PURCHASE,
    "input: maintenance_share": PURCHASE,
    "input: staff_usd_per_month": STAFF,
    "input: usd_per_fte_year": STAFF,
    "input: usd_per_kwh": ELECTRICITY,
    "input: colocation_usd_per_kw_month": ROOM,
    "input: licence_usd_per_gpu_year": LICENCE,
}
"""Knob of the scenario -> the drift that it follows."""


def drift_of(line: CostLine, *, owned: bool) -> str | None:
    """Which drift of the outlook a line follows; None: none, as a carbon price and a set-up."""
    if line.price.layer == SCENARIO_LAYER:
        return _TYPED_IN.get(line.price.ref)
    if line.category == CostCategory.POWER:
        return ELECTRICITY
    if line.category == CostCategory.HARDWARE or line.unit == Unit.GPU_HOUR:
        return PURCHASE if owned or line.unit == Unit.GPU_MONTH else RENT
    return API if " @ " in line.price.ref else None


def factors(
    line: CostLine, outlook: Outlook, book: PriceBook, months: Sequence[date], *, owned: bool
) -> Factors | None:
    """Price factors by month; None where the price does not drift."""
    name = drift_of(line, owned=owned)
    share = getattr(outlook, name) if name else 0.0
    if not name or not share:
        return None
    return drifted(share, first_month(line, name, book, months), np.arange(len(months)))


def drifted(share_per_year: Quantity, first: int, months: npt.NDArray[np.int64]) -> Factors:
    """(1 + share)^(months / 12), counted from the first month at the newest dated price of a row: until
    then, and where a later price is announced, the dated prices stand as they are."""
    passed = np.maximum(months - first, 0)
    return np.asarray((1 + share_per_year) ** (passed / MONTHS_PER_YEAR), dtype=np.float64)


def first_month(line: CostLine, drift: str, book: PriceBook, months: Sequence[date]) -> int:
    """The first of the months at the newest dated price of the line's row; their number: none."""
    newest = max(_first_days(line, drift, book), default=date.min)
    return next((index for index, day in enumerate(months) if day >= newest), len(months))


def _first_days(line: CostLine, drift: str, book: PriceBook) -> Iterator[date]:
    row_id = line.price.ref.split(" @ ")[0]
    for kind in _KINDS[drift]:
        for row in book.history(kind, row_id):
            yield row.effective_from

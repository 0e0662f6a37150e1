"""What drawn amounts consist of: the model's cost alone, or with the people who take what it leaves."""

from __future__ import annotations

from typing import Any

from pricing.message import Message, message

from ..compare import Comparison
from ..deciding.resolved import counts_people
from ..report import rate_columns


def basis_columns(comparison: Comparison) -> dict[str, Any]:
    """The last columns of every row with a drawn amount: whether people are in it, its currency and rate."""
    return {"includes_people": counts_people(comparison), **rate_columns(comparison)}


def with_people(comparison: Comparison) -> Message | None:
    """That people are in every amount that is drawn; None where they are not."""
    if not counts_people(comparison):
        return None
    return message(
        "People are counted: every amount here is a month's cost with that of the people who take what the "
        "model leaves. Only the break-even knows the model's cost alone."
    )

"""A reversal: one change after which another option is recommended."""

from __future__ import annotations

from dataclasses import dataclass
from typing import Final, Literal

from i18n.message import N_, Message, message

Kind = Literal["volume", "horizon", "cost", "people", "need", "rule"]

KINDS: Final[dict[Kind, str]] = {
    "volume": N_("another volume"),
    "horizon": N_("whole horizon"),
    "cost": N_("another price"),
    "people": N_("another resolution rate"),
    "need": N_("another requirement"),
    "rule": N_("another rule"),
}
NOTHING: Final = message("no recommendation")


@dataclass(frozen=True, slots=True)
class Reversal:
    """One change, and what would be recommended then."""

    kind: Kind
    text: Message
    instead: Message
    at: float | None = None
    """Requests a day, a cost a month in USD, or a share: where it changes; None where it is no number."""

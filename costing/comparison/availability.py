"""Availability of the offers that an option uses: who can buy them, and their announced ends."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass
from datetime import date, timedelta
from enum import StrEnum

from i18n.message import Message, listed, message
from pricing.rows import DatedFact, TunedPrice

from ..strategy.base import Strategy
from ..strategy.profile import LASTING_ROLES
from .compare import Comparison, Outcome, add_months


class EndKind(StrEnum):
    """What ends."""

    OFFER = "offer"
    """The vendor retires it, or sells it at no price any more."""
    TRAINING = "training"
    """The vendor starts no new training, so that the tuned model cannot be renewed."""
    PROMOTION = "promotion"
    """The vendor guarantees the price no longer."""


@dataclass(frozen=True, slots=True)
class DatedEnd:
    """An end that a vendor has announced for an offer."""

    kind: EndKind
    offer: str
    """Id of the price row."""
    on: date
    """The first day on which the offer, the training or the price is not available."""

    @property
    def text(self) -> Message:
        """A clause, without a full stop."""
        last = (self.on - timedelta(days=1)).isoformat()
        match self.kind:
            case EndKind.OFFER:
                return message("{offer} ends on {day}", offer=self.offer, day=self.on.isoformat())
            case EndKind.TRAINING:
                return message("no new training of {offer} after {day}", offer=self.offer, day=last)
            case EndKind.PROMOTION:
                return message("promotional price of {offer} until {day}", offer=self.offer, day=last)


def horizon_end(comparison: Comparison) -> date:
    """The first day after the horizon."""
    return add_months(comparison.scenario.on, comparison.scenario.horizon_months)


def dated_ends(comparison: Comparison, outcome: Outcome) -> tuple[DatedEnd, ...]:
    """Announced ends within the horizon of the offers that it needs in every month, the earliest first.

    Empty does not mean that an offer stays: vendors announce few ends.
    """
    on, until = comparison.scenario.on, horizon_end(comparison)
    ends = {
        end
        for row in outcome.strategy.picked(*LASTING_ROLES)
        if isinstance(row, DatedFact)
        for end in _ends_of(comparison, row)
        if on <= end.on < until
    }
    return tuple(sorted(ends, key=lambda end: (end.on, end.kind, end.offer)))


def _ends_of(comparison: Comparison, row: DatedFact) -> Iterator[DatedEnd]:
    retires_on: date | None = getattr(row, "retires_on", None)
    last = _last_sold(comparison, row)
    offer_ends = [day for day in (retires_on, last and last + timedelta(days=1)) if day is not None]
    if offer_ends:
        yield DatedEnd(EndKind.OFFER, row.id, min(offer_ends))
    if isinstance(row, TunedPrice) and row.new_jobs_until is not None:
        yield DatedEnd(EndKind.TRAINING, row.id, row.new_jobs_until + timedelta(days=1))
    if row.guaranteed_until is not None:
        yield DatedEnd(EndKind.PROMOTION, row.id, row.guaranteed_until + timedelta(days=1))


def _last_sold(comparison: Comparison, row: DatedFact) -> date | None:
    """The last day on which the newest row of its id holds; None: until further notice."""
    history = comparison.book.history(type(row), row.id)
    last = history[-1].effective_to if history else row.effective_to
    return None if last == date.max else last


def is_open(strategy: Strategy) -> bool:
    """Whether any company may start to use all of its offers."""
    rows = strategy.picked(*LASTING_ROLES)
    return strategy.is_open_to_all and all(getattr(row, "lifecycle", "open") == "open" for row in rows)


def limits(comparison: Comparison, outcome: Outcome) -> Message | None:
    """Clauses on what limits its availability within the horizon; None where no limit is known."""
    clauses = [] if is_open(outcome.strategy) else [message("existing customers only")]
    clauses += [end.text for end in dated_ends(comparison, outcome)]
    return listed(clauses) if clauses else None


def lasts(comparison: Comparison, outcome: Outcome) -> bool:
    """Whether any company may start it and no end of its offers or prices is known within the horizon."""
    return limits(comparison, outcome) is None


def needs_replacement(comparison: Comparison, outcome: Outcome) -> bool:
    """Whether some companies cannot start it, or an offer that it needs ends within the horizon."""
    ends = dated_ends(comparison, outcome)
    return not is_open(outcome.strategy) or any(end.kind is EndKind.OFFER for end in ends)

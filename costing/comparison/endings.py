"""What ends for an option within the horizon, who can start it, and what is not known of both."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass
from datetime import date, timedelta
from typing import Final

from i18n.dates import dated
from i18n.message import COMMA, Message, listed, literal, message
from pricing.rows import DatedFact, EmbeddingPrice, Fact, Gpu, LifecycleState, Offer, lifecycle_of
from pricing.rows.names import model_label
from pricing.survey.market import ends_of

from ..fleet import Fleet
from .compare import Comparison, Outcome, add_months

RETIRES: Final = "retires_on"
SOON_DAYS: Final = 183
"""A model that ends sooner is not recommended while another option lasts."""


@dataclass(frozen=True, slots=True)
class Ending:
    """One dated end of a row that an option needs."""

    outcome: Outcome
    row: Fact
    field: str
    """Field of the row that holds the day."""
    day: date

    @property
    def name(self) -> str:
        """The row as a reader knows it."""
        return model_label(str(getattr(self.row, "name", "") or self.row.id))

    @property
    def text(self) -> Message:
        """What happens, for a badge or a line after a date."""
        name = literal(self.name)
        match self.field:
            case "retires_on":
                return message("{name} retires", name=name)
            case "guaranteed_until":
                return message("the price guarantee of {name} ends", name=name)
            case "new_jobs_until":
                return message("last day to train {name}", name=name)
            case "closed_to_new_customers_on":
                return message("{name} closes to new customers", name=name)
        return message("the price of {name} ends", name=name)


def endings(comparison: Comparison, outcome: Outcome) -> tuple[Ending, ...]:
    """Ends within the horizon, the earliest first. An end that only starts an announced price is none."""
    scenario = comparison.scenario
    until = add_months(scenario.on, scenario.horizon_months)
    return tuple(
        sorted(
            (
                Ending(outcome, row, field, day)
                for row in _needed_rows(outcome)
                for field, day in ends_of(row).items()
                if scenario.on < day < until and not _goes_on(comparison, row, field, day)
            ),
            key=lambda ending: (ending.day, ending.field),
        )
    )


def retires_on(comparison: Comparison, outcome: Outcome) -> date | None:
    """The first day of the horizon on which a model that it needs is gone; None: it lasts."""
    days = [
        ending.day for ending in endings(comparison, outcome) if ending.field in (RETIRES, "effective_to")
    ]
    return min(days, default=None)


def is_closed(comparison: Comparison, outcome: Outcome) -> bool:
    """Whether new customers cannot choose it on the scenario's day."""
    return not outcome.strategy.is_open_to_all or any(
        lifecycle_of(row).is_closed_on(comparison.scenario.on) for row in _needed_rows(outcome)
    )


def option_in_use(comparison: Comparison) -> Outcome | None:
    """The option that the scenario marks as in use today, where it can be used."""
    marked = zip(comparison.scenario.strategies, comparison.outcomes, strict=True)
    return next((outcome for choice, outcome in marked if choice.is_today and outcome.is_feasible), None)


def is_in_use(comparison: Comparison, outcome: Outcome) -> bool:
    """Whether it is the option in use today."""
    in_use = option_in_use(comparison)
    return in_use is not None and in_use.name == outcome.name


def can_be_started(comparison: Comparison, outcome: Outcome, *, is_customer: bool | None = None) -> bool:
    """Whether the company can start it today and it does not end soon.

    An option in use today counts as open, and so does every offer of a vendor for its customers. Without
    `is_customer` the company is a customer if the scenario's requirements say so.
    """
    if is_customer is None:
        is_customer = comparison.scenario.needs.existing_customer == "yes"
    ends = retires_on(comparison, outcome)
    ends_soon = ends is not None and ends < comparison.scenario.on + timedelta(days=SOON_DAYS)
    is_shut = is_closed(comparison, outcome) and not is_customer and not is_in_use(comparison, outcome)
    return not ends_soon and not is_shut


def unknown_lifecycle(comparison: Comparison, outcome: Outcome) -> Message | None:
    """That it is not known who can start it, and how long its offers last; None where it is known."""
    unknown = [
        literal(model_label(row.name))
        for row in _needed_rows(outcome)
        if isinstance(row, Offer | EmbeddingPrice)
        and not lifecycle_of(row).is_known_on(comparison.scenario.on)
    ]
    if not unknown:
        return None
    names = listed(list({str(name): name for name in unknown}.values()), COMMA)
    if is_in_use(comparison, outcome):
        return message("Unknown: until when {names} is offered.", names=names)
    return message("Unknown: whether new customers can choose {names}, and until when.", names=names)


def uncertain_offers(comparison: Comparison, outcome: Outcome) -> tuple[Message, ...]:
    """Clauses on offers that may end or change any day: previews, and announced ends without a day."""
    clauses: list[Message] = []
    for row in _needed_rows(outcome):
        lifecycle = lifecycle_of(row)
        name = literal(model_label(str(getattr(row, "name", "") or row.id)))
        match lifecycle.state_on(comparison.scenario.on):
            case LifecycleState.PREVIEW:
                clauses.append(message("{name} is a preview", name=name))
            case LifecycleState.DEPRECATED if lifecycle.retires_on is None:
                clauses.append(message("the end of {name} is announced, its day is not known", name=name))
    return tuple(clauses)


def limits(comparison: Comparison, outcome: Outcome) -> Message | None:
    """Clauses on who can choose it and what ends within the horizon; None where no limit is known."""
    clauses: list[Message] = []
    if is_closed(comparison, outcome) and not is_in_use(comparison, outcome):
        clauses.append(message("closed to new customers"))
    clauses += [
        message("{what} on {day}", what=ending.text, day=dated(ending.day))
        for ending in endings(comparison, outcome)
    ]
    clauses += uncertain_offers(comparison, outcome)
    return listed(clauses) if clauses else None


def lasts(comparison: Comparison, outcome: Outcome) -> bool:
    """Whether no limit is known: of who may start it, or of its offers and prices within the horizon."""
    return limits(comparison, outcome) is None


def _needed_rows(outcome: Outcome) -> Iterator[Fact]:
    """Rows that it needs while it answers; of a bought GPU no end is an end of the machine."""
    lasting, values = outcome.strategy.profile().lasting_picks, outcome.strategy.values()
    fleet = outcome.strategy.part(Fleet) if outcome.strategy.profile().has_serving_fleet else None
    for name in sorted(lasting):
        row = values.get(name)
        if isinstance(row, Fact) and not isinstance(row, Gpu):
            yield row
    if fleet is not None and outcome.is_feasible and not fleet.is_owned:
        yield fleet.served.gpu


def _goes_on(comparison: Comparison, row: Fact, field: str, day: date) -> bool:
    """Whether the next price of the same row is announced, so that nothing ends."""
    if field not in ("effective_to", "guaranteed_until") or not isinstance(row, DatedFact):
        return False
    history = comparison.book.history(type(row), row.id)
    return any(later.effective_from == day + timedelta(days=1) for later in history)

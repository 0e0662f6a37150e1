"""Lifecycle of an offer: state, dates, successor; a row of its own, or the fields of a price row."""

from __future__ import annotations

from datetime import date
from enum import StrEnum
from itertools import pairwise
from typing import Annotated, Any, Final, Self

from pydantic import BaseModel, BeforeValidator, Field, WithJsonSchema, model_validator

from i18n.message import N_

from .base import Fact, Text


class LifecycleState(StrEnum):
    """What a vendor does with an offer. A value is its label, too; no value: not known."""

    OPEN = N_("open")
    PREVIEW = N_("preview")
    EXISTING_CUSTOMERS_ONLY = N_("existing customers only")
    NO_NEW_JOBS = N_("no new jobs")
    DEPRECATED = N_("deprecated")
    """Its end is announced; until then it can be started."""
    SHUT_DOWN = N_("shut down")


NOT_KNOWN: Final = N_("not known")
"""Label of a state that no row has."""

CLOSED_STATES: Final = frozenset({LifecycleState.EXISTING_CUSTOMERS_ONLY, LifecycleState.NO_NEW_JOBS})
"""States in which a new customer cannot start, and existing ones go on."""

_RETIRED: Final = "retired"
"""An earlier spelling of SHUT_DOWN in files."""


def _state(value: Any) -> Any:
    return LifecycleState.SHUT_DOWN if value == _RETIRED else value


WrittenState = Annotated[
    LifecycleState,
    Field(strict=False),
    BeforeValidator(_state),
    WithJsonSchema(
        {"enum": [*map(str, LifecycleState), _RETIRED], "title": "LifecycleState", "type": "string"}
    ),
]
"""A state in a file: its value as text, although rows are strict."""

_IN_ORDER: Final = ("announced_on", "closed_to_new_customers_on", "new_jobs_until", "retires_on")


class LifecycleDates(BaseModel):
    """Days of a lifecycle; a blank one is not known."""

    closed_to_new_customers_on: date | None = None
    """The first day on which a new customer cannot start."""
    new_jobs_until: date | None = None
    """The last day on which training of a tuned model starts."""
    retires_on: date | None = None
    """The first day on which nobody can use it."""

    @model_validator(mode="after")
    def _in_order(self) -> Self:
        days = [(name, getattr(self, name)) for name in _IN_ORDER if getattr(self, name, None) is not None]
        for (earlier, first), (later, second) in pairwise(days):
            if second < first:
                raise ValueError(
                    f"{later}: {second.isoformat()} is before {earlier}, {first.isoformat()} (swap them?)"
                )
        return self


class OwnLifecycle(Fact, LifecycleDates):
    """The lifecycle fields that a price row may have; a row of lifecycles.yaml says more."""

    lifecycle: WrittenState | None = None
    """Blank: not known here."""


class Lifecycle(Fact, LifecycleDates):
    """The lifecycle of the rows of one id: models, tuned models, deployments, GPUs."""

    state: WrittenState | None = None
    """As it was on `checked_on`; blank: not known."""
    announced_on: date | None = None
    """The day on which the vendor announced the end."""
    successor: Text | None = None
    """Id of the row that the vendor names in its place, in the same table."""
    billed_as_successor_from: date | None = None
    """From this day on the vendor answers with the successor and bills at its rates."""

    @model_validator(mode="after")
    def _successor_is_named(self) -> Self:
        if self.billed_as_successor_from is not None and self.successor is None:
            raise ValueError("successor: missing (billed_as_successor_from needs it)")
        return self

    def state_on(self, day: date) -> LifecycleState | None:
        """The state on a day, from the dates and the state that was written; None: not known."""
        if self.retires_on is not None and self.retires_on <= day:
            return LifecycleState.SHUT_DOWN
        if self.new_jobs_until is not None and self.new_jobs_until < day:
            return LifecycleState.NO_NEW_JOBS
        if self.closed_to_new_customers_on is not None and self.closed_to_new_customers_on <= day:
            return LifecycleState.EXISTING_CUSTOMERS_ONLY
        is_announced = self.announced_on is not None and self.announced_on <= day
        written = self._before_its_day()
        if is_announced and written in (None, LifecycleState.OPEN):
            return LifecycleState.DEPRECATED
        return written

    def _before_its_day(self) -> LifecycleState | None:
        """The written state, or what held before it where the day of the change is yet to come."""
        match self.state:
            case LifecycleState.EXISTING_CUSTOMERS_ONLY if self.closed_to_new_customers_on is not None:
                return LifecycleState.OPEN
            case LifecycleState.NO_NEW_JOBS if self.new_jobs_until is not None:
                return None
            case LifecycleState.SHUT_DOWN if self.retires_on is not None:
                return None
        return self.state

    def is_closed_on(self, day: date) -> bool:
        """Whether it is known that a new customer cannot start on that day."""
        return self.state_on(day) in CLOSED_STATES

    def is_shut_down_on(self, day: date) -> bool:
        """Whether it is known that nobody can use it on that day."""
        return self.state_on(day) == LifecycleState.SHUT_DOWN

    def is_known_on(self, day: date) -> bool:
        """Whether it is known who can start it on that day."""
        return self.state_on(day) is not None


def lifecycle_of(row: Fact) -> Lifecycle:
    """What is known of the lifecycle of a row: its row of lifecycles.yaml, or else its own fields."""
    if isinstance(row.lifecycle_row, Lifecycle):
        return row.lifecycle_row
    own: dict[str, Any] = {}
    if isinstance(row, OwnLifecycle):
        own = {"state": row.lifecycle, **{name: getattr(row, name) for name in LifecycleDates.model_fields}}
    return Lifecycle.model_construct(
        id=row.id,
        source=row.source,
        checked_on=row.checked_on,
        evidence=row.evidence,
        **own,
    )


def writes_own(row: Fact) -> bool:
    """Whether a price row has lifecycle fields of its own."""
    return isinstance(row, OwnLifecycle) and any(
        value is not None
        for value in (row.lifecycle, row.closed_to_new_customers_on, row.new_jobs_until, row.retires_on)
    )


def state_label(state: LifecycleState | None) -> str:
    """The state as a table shows it, untranslated."""
    return NOT_KNOWN if state is None else str(state)

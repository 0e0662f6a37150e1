"""The lifecycle of a vendor's offer in a strategy: whether it can be started, and what follows its end."""

from __future__ import annotations

from collections.abc import Iterator
from datetime import date

from i18n.message import Message, message
from pricing.rows import LifecycleState, ModelPrice, TrainingPrice, TunedPrice, lifecycle_of
from pricing.rows.names import full_name

from .base import Infeasible


def check_on_sale(model: ModelPrice, on: date) -> None:
    """Raises Infeasible if the model was retired by that day."""
    lifecycle = lifecycle_of(model)
    retires_on, billed = lifecycle.retires_on, lifecycle.billed_as_successor_from
    if retires_on is not None and retires_on <= on and billed is not None and billed <= on:
        raise Infeasible(
            message(
                "{model} was retired on {day}; its vendor answers with {successor} and bills at its rates "
                "(choose that model)",
                model=model.id,
                day=retires_on.isoformat(),
                successor=lifecycle.successor or "",
            )
        )
    if retires_on is not None and retires_on <= on:
        raise Infeasible(
            message(
                "{model} was retired on {day} (choose another model)",
                model=model.id,
                day=retires_on.isoformat(),
            )
        )
    if lifecycle.is_shut_down_on(on):
        raise Infeasible(message("{model} was retired (choose another model)", model=model.id))


def check_trains(offer: TunedPrice | TrainingPrice, on: date) -> None:
    """Raises Infeasible where the vendor starts no training of it on that day."""
    lifecycle = lifecycle_of(offer)
    last = lifecycle.new_jobs_until
    if lifecycle.retires_on is not None and lifecycle.retires_on <= on:
        raise Infeasible(
            message(
                "{offer} was shut down on {day} (choose another offer)",
                offer=offer.id,
                day=lifecycle.retires_on.isoformat(),
            )
        )
    if lifecycle.is_shut_down_on(on):
        raise Infeasible(message("{offer} was shut down (choose another offer)", offer=offer.id))
    if last is None and lifecycle.state_on(on) == LifecycleState.NO_NEW_JOBS:
        raise Infeasible(message("{offer} takes no new training jobs (choose another offer)", offer=offer.id))
    if last is not None and last < on:
        raise Infeasible(
            message(
                "{offer} takes no new training jobs after {day} (choose another offer)",
                offer=offer.id,
                day=last.isoformat(),
            )
        )


def retirement_notes(price: ModelPrice | TunedPrice, on: date, until: date) -> Iterator[Message]:
    """That it retires after `on` and before `until`, and what follows it."""
    lifecycle = lifecycle_of(price)
    retires_on = lifecycle.retires_on
    ends = retires_on is not None and on < retires_on < until
    if retires_on is not None and ends and lifecycle.billed_as_successor_from is not None:
        yield message(
            "{ref} retires on {day}, within the horizon: from then on its vendor answers with {successor} "
            "and bills at its rates.",
            ref=full_name(price),
            day=retires_on.isoformat(),
            successor=lifecycle.successor or "",
        )
    elif retires_on is not None and ends:
        yield message(
            "{ref} retires on {day}, within the horizon: plan a successor. Its price is assumed to go on.",
            ref=full_name(price),
            day=retires_on.isoformat(),
        )

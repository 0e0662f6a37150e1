"""Who can start an option and how long it lasts, as facts of a decision; what is not known is None."""

from __future__ import annotations

from collections.abc import Iterable
from datetime import date
from typing import Final

from i18n.message import Message, listed, message
from pricing.rows import LifecycleState, TunedPrice, lifecycle_of, state_label

from ..comparison.compare import Comparison
from ..strategy.base import Strategy
from ..strategy.profile import HostedModel
from .strategy_fact import StrategyFact, serving_fleet, unknown, yes_no


def lifecycle(strategy: Strategy) -> StrategyFact:
    """The most limited of its offers on the day of its prices; its state is None where it is not known."""
    name, offers, on = "lifecycle", strategy.profile().hosted, strategy.prices.day
    if not offers:
        fleet = serving_fleet(strategy)
        if fleet is None:
            return unknown(name)
        model = fleet.served.model
        licence = model.licence or message("unknown")
        text = message("open weights ({licence}): cannot be withdrawn", licence=licence)
        return StrategyFact(
            name, listed([text, *_machine_ends(strategy, on)]), "open", model.evidence, model.source
        )
    row = min(offers, key=lambda offer: _most_limited_first(offer, on))
    known = lifecycle_of(row)
    state = known.state_on(on)
    parts = [message(state_label(state))]
    if known.closed_to_new_customers_on is not None:
        day = known.closed_to_new_customers_on
        if day > on:
            parts.append(message("closes to new customers on {day}", day=day.isoformat()))
        elif state != LifecycleState.OPEN:
            parts.append(message("since {day}", day=day.isoformat()))
    if isinstance(row, TunedPrice) and known.new_jobs_until is not None:
        parts.append(message("new training until {day}", day=known.new_jobs_until.isoformat()))
    if known.retires_on is not None:
        parts.append(message("retires on {day}", day=known.retires_on.isoformat()))
    if known.successor is not None:
        parts.append(message("successor: {id}", id=known.successor))
    if row.effective_to is not None and row.effective_to != date.max:
        parts.append(message("price valid until {day}", day=row.effective_to.isoformat()))
    if row.guaranteed_until is not None:
        parts.append(message("promotional price until {day}", day=row.guaranteed_until.isoformat()))
    parts += _machine_ends(strategy, on)
    if state is None:
        return unknown(name, listed(parts))
    return StrategyFact(name, listed(parts), str(state), known.evidence, known.source)


def _machine_ends(strategy: Strategy, on: date) -> list[Message]:
    """Known ends of the deployment that it runs, and of a GPU that it rents."""
    fleet = serving_fleet(strategy)
    if fleet is None:
        return []
    rows = [fleet.replica.deployment, None if fleet.is_owned else fleet.served.gpu]
    days = {row.name: lifecycle_of(row).retires_on for row in rows if row is not None}
    return [
        message("{name} retires on {day}", name=name, day=day.isoformat())
        for name, day in days.items()
        if day is not None and day > on
    ]


_LIMITED: Final = (
    LifecycleState.SHUT_DOWN,
    LifecycleState.NO_NEW_JOBS,
    LifecycleState.EXISTING_CUSTOMERS_ONLY,
    None,
    LifecycleState.DEPRECATED,
    LifecycleState.PREVIEW,
    LifecycleState.OPEN,
)
"""The states, the most limited first; one that is not known stands behind those that rule out."""


def _most_limited_first(row: HostedModel, on: date) -> tuple[int, date]:
    known = lifecycle_of(row)
    return _LIMITED.index(known.state_on(on)), known.retires_on or date.max


def last_training_days(rows: Iterable[HostedModel]) -> list[date]:
    """Days on which the vendors of tuned models start their last training, where known."""
    days = [lifecycle_of(row).new_jobs_until for row in rows if isinstance(row, TunedPrice)]
    return [day for day in days if day is not None]


def known_yes(value: bool, comparison: Comparison, rows: Iterable[HostedModel]) -> str | None:
    """Yes, or no where the lifecycle of every row is known; None: not known."""
    is_known = all(lifecycle_of(row).is_known_on(comparison.scenario.on) for row in rows)
    return yes_no(value) if value or is_known else None

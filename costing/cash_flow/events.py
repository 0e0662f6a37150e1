"""Events of the horizon: price changes, retirements, growth of fleets, trainings."""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from typing import Final

from i18n.message import N_, Message, message
from pricing.survey.market import name_of

from ..comparison.compare import Comparison, MonthLine, Outcome
from ..comparison.endings import RETIRES, endings
from ..comparison.model_retirement import Retirement
from ..cost_lines import SCENARIO_LAYER, Cadence, CostCategory
from ..currency import Currency
from ..scenario.traffic import month_name
from ..units import HOURS_PER_MONTH, MONTHS_PER_YEAR, Unit
from .cash_flow import CashFlow

EVENTS: Final = (
    N_("price change"),
    N_("retirement"),
    N_("fleet grows"),
    N_("replacement"),
    N_("retraining"),
    N_("training ends"),
    N_("traffic"),
)


@dataclass(frozen=True, slots=True)
class CashEvent:
    """Something that moves the cash of a month (0 is the first)."""

    month: int
    strategy: Message | None
    """None: all of them."""
    kind: str
    what: Message


def events(comparison: Comparison, flows: Sequence[CashFlow]) -> tuple[CashEvent, ...]:
    """In the order of the months, then of the strategies."""
    all_events = [*_traffic(comparison)]
    for flow in flows:
        outcome = flow.outcome
        index = comparison.outcomes.index(outcome)
        ended = [retirement for retirement in comparison.retirements if retirement.strategy_index == index]
        items = list(comparison.month_lines(outcome))
        all_events += [
            CashEvent(retirement.month, outcome.name, "retirement", _retires(comparison, retirement))
            for retirement in ended
        ]
        all_events += _machines_that_end(comparison, outcome, {retirement.row_id for retirement in ended})
        all_events += _prices(outcome, items, {retirement.month for retirement in ended})
        all_events += _fleet(outcome, items)
        all_events += _replaced(flow)
        all_events += _trainings(flow, comparison.currency)
        all_events += _training_ends(outcome, items)
    return tuple(sorted(all_events, key=lambda event: event.month))


def _retires(comparison: Comparison, retirement: Retirement) -> Message:
    row, successor, named = (
        name_of(comparison.book, row_id, comparison.scenario.on) if row_id else ""
        for row_id in (retirement.row_id, retirement.successor, retirement.lifecycle.successor)
    )
    if retirement.is_billed_as_successor:
        return message(
            "{row} retires on {day}; its vendor answers with {successor} and bills at its rates.",
            row=row,
            day=retirement.on.isoformat(),
            successor=successor,
        )
    if retirement.successor and retirement.is_tuned:
        return message(
            "{row} retires on {day}; {successor} replaces it and is trained.",
            row=row,
            day=retirement.on.isoformat(),
            successor=successor,
        )
    if retirement.successor:
        return message(
            "{row} retires on {day}; {successor} replaces it.",
            row=row,
            day=retirement.on.isoformat(),
            successor=successor,
        )
    if retirement.has_no_vendor_successor and retirement.is_tuned:
        return message(
            "{row} retires on {day}; its vendor has no successor for it. Assumed: another vendor's offer at "
            "the same prices, trained once.",
            row=row,
            day=retirement.on.isoformat(),
        )
    if retirement.has_no_vendor_successor:
        return message(
            "{row} retires on {day}; its vendor has no successor for it. Assumed: another vendor's offer at "
            "the same price.",
            row=row,
            day=retirement.on.isoformat(),
        )
    if retirement.lifecycle.successor is not None:
        return message(
            "{row} retires on {day}; its vendor names {successor}. Assumed: a successor at the same price.",
            row=row,
            day=retirement.on.isoformat(),
            successor=named,
        )
    if retirement.is_tuned:
        return message(
            "{row} retires on {day}; assumed: a successor at the same prices, trained once.",
            row=row,
            day=retirement.on.isoformat(),
        )
    return message(
        "{row} retires on {day}; assumed: a successor at the same price.",
        row=row,
        day=retirement.on.isoformat(),
    )


def _machines_that_end(comparison: Comparison, outcome: Outcome, reported: set[str]) -> Iterator[CashEvent]:
    """Deployments and rented GPUs that end within the horizon; their price goes on."""
    for ending in endings(comparison, outcome):
        month = next((month for month, day in enumerate(comparison.months) if day >= ending.day), None)
        if ending.field != RETIRES or ending.row.id in reported or month is None:
            continue
        what = message(
            "{row} retires on {day}; assumed: a successor at the same price.",
            row=ending.name,
            day=ending.day.isoformat(),
        )
        yield CashEvent(month, outcome.name, "retirement", what)


def _traffic(comparison: Comparison) -> Iterator[CashEvent]:
    last = comparison.scenario.traffic.last_given
    for month, day in enumerate(comparison.months):
        if last and month_name(day) > last:
            what = message(
                "Traffic is given up to {month}; later months have the traffic of that month.", month=last
            )
            yield CashEvent(month, None, "traffic", what)
            return


def _prices(outcome: Outcome, items: Sequence[MonthLine], moved: set[int]) -> Iterator[CashEvent]:
    """A row whose next dated price begins, by the first of its lines that moves."""
    before: dict[str, MonthLine] = {}
    reported: set[tuple[int, str]] = set()
    for item in items:
        name, ref = str(item.line.name), item.line.price.ref
        last = before.get(name)
        before[name] = item
        if last is None or last.line.price.ref == ref or item.line.price.layer == SCENARIO_LAYER:
            continue
        was, now = last.usd_per_unit / last.drift_factor, item.usd_per_unit / item.drift_factor
        if was == now or item.month in moved or (item.month, ref) in reported:
            continue
        reported.add((item.month, ref))
        yield CashEvent(
            item.month,
            outcome.name,
            "price change",
            message(
                "{row}: {line} from {before:,.6g} to {after:,.6g} USD per {unit}.",
                row=ref.split(" @ ")[0],
                line=item.line.name,
                before=was,
                after=now,
                unit=message(item.line.unit),
            ),
        )


def _fleet(outcome: Outcome, items: Sequence[MonthLine]) -> Iterator[CashEvent]:
    """Months in which more GPUs are needed than in any before."""
    most: float | None = None
    hours = HOURS_PER_MONTH * outcome.strategy.profile().paid_hours_share
    seen = -1
    for item in items:
        if (
            item.line.category != CostCategory.HARDWARE
            or item.month == seen
            or item.line.unit not in (Unit.GPU_MONTH, Unit.GPU_HOUR)
        ):
            continue
        seen = item.month
        gpus = round(item.quantity / (hours if item.line.unit == Unit.GPU_HOUR else 1), 6)
        if most is not None and gpus > most:
            what = message(
                "More GPUs are needed: {after:,.0f} instead of {before:,.0f}.", before=most, after=gpus
            )
            yield CashEvent(item.month, outcome.name, "fleet grows", what)
        most = gpus if most is None else max(most, gpus)


def _replaced(flow: CashFlow) -> Iterator[CashEvent]:
    """Machines that are worn out, where new ones take their place."""
    hardware = flow.outcome.strategy.owned_hardware()
    if hardware is None:
        return
    ends = set()
    life = float(hardware.life_years) * MONTHS_PER_YEAR
    months = {line.month for line in flow.lines if line.kind == "bought"}
    for month in sorted(months):
        worn = month + life
        if worn in months and worn not in ends:
            ends.add(worn)
            units = sum(line.quantity for line in flow.lines if line.kind == "bought" and line.month == worn)
            lines = len({str(x.name) for x in flow.lines if x.kind == "bought" and x.month == worn})
            yield CashEvent(
                int(worn),
                flow.outcome.name,
                "replacement",
                message(
                    "Worn-out machines are replaced; GPUs bought: {units:,.0f}.", units=units / max(1, lines)
                ),
            )


def _trainings(flow: CashFlow, currency: Currency) -> Iterator[CashEvent]:
    for line in flow.lines:
        if line.kind == "retraining":
            yield CashEvent(
                line.month,
                flow.outcome.name,
                "retraining",
                message(
                    "{line}: {amount:,.2f} {currency}.",
                    line=line.name,
                    amount=currency.of_float(float(line.usd)),
                    currency=currency.code,
                ),
            )


def _training_ends(outcome: Outcome, items: Sequence[MonthLine]) -> Iterator[CashEvent]:
    trained = {
        x.month
        for x in items
        if x.line.category == CostCategory.TRAINING and x.line.cadence == Cadence.MONTHLY
    }
    last = max((item.month for item in items), default=-1)
    if trained and max(trained) < last:
        what = message("The vendor accepts no new training jobs; there is no more retraining.")
        yield CashEvent(max(trained) + 1, outcome.name, "training ends", what)

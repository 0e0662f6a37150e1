"""Model retirements within the horizon and their configured successors."""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from dataclasses import dataclass, replace
from datetime import date, timedelta

from i18n.errors import CrossoverError
from i18n.message import message
from pricing.book import PriceBook, PricesOnDay
from pricing.rows import TABLES, DatedFact, Lifecycle, lifecycle_of

from ..scenario.scenario import Scenario, StrategyChoice
from ..strategies import registered
from ..strategy.base import Pick, Strategy


@dataclass(frozen=True, slots=True)
class Retirement:
    """A row that a strategy uses and that is no longer sold from a day on."""

    strategy_index: int
    pick: str
    row_id: str
    on: date
    month: int
    """The first month of the horizon that starts without it."""
    successor: str
    """Id of the row to move to: the scenario's choice, or what the vendor bills in its place; blank: none,
    and its price is assumed to go on."""
    is_tuned: bool
    """Then something must be trained once more."""
    is_needed: bool
    """Whether the strategy still needs it then: a teacher that was used once, it does not."""
    lifecycle: Lifecycle
    """What is known of its lifecycle."""

    @property
    def is_billed_as_successor(self) -> bool:
        """Whether its vendor answers with that successor and bills at its rates."""
        billed = self.lifecycle.billed_as_successor_from
        return billed is not None and self.successor == self.lifecycle.successor

    @property
    def has_no_vendor_successor(self) -> bool:
        """Whether its vendor closed it to new customers or new training before, and names no other."""
        is_closed = self.lifecycle.is_closed_on(self.on - timedelta(days=1))
        return is_closed and self.lifecycle.successor is None


def _end(newest: DatedFact, day: date) -> date | None:
    """The first day after `day` on which nobody can buy it any more, as its newest row says."""
    retires_on, last = lifecycle_of(newest).retires_on, newest.effective_to
    after = None if last is None or last == date.max else last + timedelta(days=1)
    return min((end for end in (retires_on, after) if end is not None and end > day), default=None)


def _dated_picks(choice: StrategyChoice) -> Iterator[tuple[str, Pick, type[DatedFact], str]]:
    for name, pick in registered()[choice.strategy].picks().items():
        row_id = choice.settings.get(name)
        if isinstance(row_id, str) and row_id and pick.dated_kind is not None:
            yield name, pick, pick.dated_kind, row_id


def retirements(
    scenario: Scenario, strategies: tuple[Strategy, ...], book: PriceBook, months: tuple[date, ...]
) -> tuple[Retirement, ...]:
    """Rows that end in the horizon, strategy by strategy; a successor may retire in its turn.

    `strategies` are the scenario's, built on its day: what one does not need any more has no successor.
    Raises CrossoverError for a successor that is not in the table on that day, or that is itself ended.
    """
    ended: list[Retirement] = []
    for index, (choice, strategy) in enumerate(zip(scenario.strategies, strategies, strict=True)):
        lasting = strategy.profile().lasting_picks
        for name, pick, kind, first_id in _dated_picks(choice):
            row_id, day, is_needed = first_id, scenario.on, name in lasting
            while history := book.history(kind, row_id):
                ends, lifecycle = _end(history[-1], day), lifecycle_of(history[-1])
                month = next((number for number, at in enumerate(months) if ends and at >= ends), None)
                if ends is None or month is None:
                    break
                chosen = scenario.outlook.successors.get(row_id, "") if is_needed else ""
                if chosen:
                    _check_successor(book, kind, row_id, chosen, months[month])
                successor = chosen or (_billed_as(book, kind, lifecycle, months[month]) if is_needed else "")
                is_tuned = is_needed and pick.is_tuned_model
                ended.append(
                    Retirement(index, name, row_id, ends, month, successor, is_tuned, is_needed, lifecycle)
                )
                if not successor:
                    break
                row_id, day = successor, months[month]
    return tuple(ended)


def _billed_as(book: PriceBook, kind: type[DatedFact], lifecycle: Lifecycle, day: date) -> str:
    """Id of the row at whose rates its vendor bills it on that day; blank: it does not."""
    billed, successor = lifecycle.billed_as_successor_from, lifecycle.successor
    if successor is None or billed is None or billed > day or successor not in book.on(day).rows(kind):
        return ""
    return successor


def _check_successor(book: PriceBook, kind: type[DatedFact], row_id: str, successor: str, day: date) -> None:
    try:
        row = book.on(day).get(kind, successor)
    except CrossoverError as error:
        raise CrossoverError(
            *(
                message("outlook.successors.{row}: {what}", row=row_id, what=problem)
                for problem in error.errors
            )
        ) from error
    retired = lifecycle_of(row).retires_on
    if retired is not None and retired <= day:
        raise CrossoverError(
            message(
                "outlook.successors.{row}: {successor} itself retires on {day} (choose one that stays)",
                row=row_id,
                successor=successor,
                day=retired.isoformat(),
            )
        )


def in_month(scenario: Scenario, ended: tuple[Retirement, ...], month: int) -> Scenario:
    """The scenario with every successor in the place of what has retired by that month."""
    strategies = list(scenario.strategies)
    for retirement in ended:
        if retirement.month <= month and retirement.successor:
            choice = strategies[retirement.strategy_index]
            settings = {**choice.settings, retirement.pick: retirement.successor}
            strategies[retirement.strategy_index] = replace(choice, settings=settings)
    return replace(scenario, strategies=tuple(strategies))


def prices_on(
    scenario: Scenario, book: PriceBook, ended: tuple[Retirement, ...], month: int, day: date
) -> PricesOnDay:
    """The prices of a day, with the last price of what has ended and has no successor."""
    prices = book.on(day)
    tables: dict[str, Mapping[str, object]] = {}
    for retirement in ended:
        if retirement.month > month or retirement.successor:
            continue
        pick = registered()[scenario.strategies[retirement.strategy_index].strategy].picks()[retirement.pick]
        if retirement.row_id in prices.rows(pick.kind):
            continue
        table = next(name for name, kind in TABLES.items() if kind is pick.kind)
        last = book.on(retirement.on - timedelta(days=1)).rows(pick.kind).get(retirement.row_id)
        if last is not None:
            tables[table] = {**tables.get(table, prices.tables[table]), retirement.row_id: last}
    return replace(prices, tables={**prices.tables, **tables}) if tables else prices  # type: ignore[dict-item]

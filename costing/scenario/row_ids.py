"""A scenario's price rows by their ids, however its file writes the names of models."""

from __future__ import annotations

from dataclasses import replace

from i18n.errors import CrossoverError
from pricing.book import PriceBook, PricesOnDay

from ..strategies import registered
from .scenario import Scenario, StrategyChoice


def with_row_ids(scenario: Scenario, book: PriceBook) -> Scenario:
    """The scenario with every row that is picked, replaces one, or has a range for its price, by its id.

    A name that means no row stays: building the strategy says what is wrong with it.
    """
    prices = book.on(scenario.on)
    strategies = tuple(_choice(choice, prices) for choice in scenario.strategies)
    successors = {
        _id(ends, prices): _id(follows, prices) for ends, follows in scenario.outlook.successors.items()
    }
    named = replace(
        scenario,
        strategies=strategies,
        outlook=replace(scenario.outlook, successors=successors),
        ranges=tuple(replace(given, path=_path(given.path, prices)) for given in scenario.ranges),
        correlations=tuple(
            replace(pair, first=_path(pair.first, prices), second=_path(pair.second, prices))
            for pair in scenario.correlations
        ),
    )
    return scenario if named == scenario else named


def _choice(choice: StrategyChoice, prices: PricesOnDay) -> StrategyChoice:
    changed = {}
    for name, pick in registered()[choice.strategy].picks().items():
        written = choice.settings.get(name)
        if not isinstance(written, str) or not written:
            continue
        try:
            row_id = prices.id_of(pick.kind, written)
        except CrossoverError:
            continue
        if row_id != written:
            changed[name] = row_id
    return replace(choice, settings={**choice.settings, **changed}) if changed else choice


def _path(path: str, prices: PricesOnDay) -> str:
    """The path of an input; `prices.ROW` with the id of the row."""
    group, dot, row = path.partition(".")
    return f"{group}.{_id(row, prices)}" if dot and group == "prices" else path


def _id(written: str, prices: PricesOnDay) -> str:
    row_id = prices.names.find(written) if written else None
    return row_id if isinstance(row_id, str) else written

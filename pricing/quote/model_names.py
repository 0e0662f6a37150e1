"""Histories of price rows by model name: our rows first, the catalogue's before them."""

from __future__ import annotations

from datetime import date, timedelta

from i18n.errors import CrossoverError
from i18n.message import Message, message

from ..book import PriceBook
from ..catalogue import catalogue, first_days
from ..names.model_names import shown
from ..rows import TABLES, DatedFact, Launch, TunedPrice
from .billed_as import as_billed
from .rate_card import TIERS


class Resolver:
    """Finds the history of a model by provider and name, cached by name."""

    def __init__(self, book: PriceBook, with_catalogue: bool = True) -> None:
        self._book = book
        self._with_catalogue = with_catalogue
        self._names = book.names if with_catalogue else book.own_names
        self._own = book.quoted
        self._launches = {
            row.id: row.first_seen_on
            for table, row_id in book.ids()
            if TABLES[table] is Launch
            for row in book.history(Launch, row_id)
        }
        self._histories: dict[tuple[str, str], tuple[DatedFact, ...] | Message] = {}

    def key(self, provider: str, model: str, tier: str) -> tuple[tuple[DatedFact, ...], str] | Message:
        """Key of a RateCard: a history with a service tier, or the reason why there is none."""
        if tier not in TIERS:
            return message(
                "'{tier}' is no tier of service (one of {known})", tier=tier, known=", ".join(TIERS)
            )
        name = (provider, model)
        if name not in self._histories:
            history = self._history(*name)
            self._histories[name] = (
                history if isinstance(history, Message) else as_billed(history, self._book)
            )
        history = self._histories[name]
        return history if isinstance(history, Message) else (history, tier)

    def history(self, model: str) -> tuple[DatedFact, ...]:
        """All rows of a model, the catalogue's before ours; raises CrossoverError with the nearest name."""
        key = self.key("", model, TIERS[0])
        if isinstance(key, Message):
            raise CrossoverError(key)
        return key[0]

    def _history(self, provider: str, model: str) -> tuple[DatedFact, ...] | Message:
        row_id = self._names.find(model, provider)
        if row_id is None:
            provider, model = provider.strip(), model.strip()
            return message(
                "no model '{model}'{hint} (see python -m pricing models)",
                model=shown(f"{provider}/{model}" if provider else model),
                hint=self._names.hint(model, provider),
            )
        if isinstance(row_id, Message):
            return row_id
        own = self._book.history(self._own[row_id], row_id) if row_id in self._own else ()
        if not self._with_catalogue or (own and issubclass(self._own[row_id], TunedPrice)):
            return own
        behind = catalogue().histories.get(row_id, ())
        return _behind(own, first_days(self._launches, behind) if behind else ())


def _behind(own: tuple[DatedFact, ...], behind: tuple[DatedFact, ...]) -> tuple[DatedFact, ...]:
    """Our rows, and before the first of them the catalogue's, which end where ours begin."""
    if not own:
        return behind
    first = own[0].effective_from
    earlier = [row for row in behind if row.effective_from < first]
    if earlier:
        earlier[-1] = earlier[-1].model_copy(update={"effective_to": _day_before(first)})
    return (*earlier, *own)


def _day_before(day: date) -> date:
    return day - timedelta(days=1)

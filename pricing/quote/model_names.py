"""Maps model names in usage logs to price rows: our tables first, then the catalogue."""

from __future__ import annotations

import re
from datetime import date, timedelta
from typing import Final

from i18n.errors import CrossoverError
from i18n.message import Message, message

from ..book import PriceBook, suggestion
from ..catalogue import PREFIX, catalogue, first_days
from ..rows import TABLES, DatedFact, EmbeddingPrice, Launch, ModelPrice, TunedPrice
from .billed_as import as_billed
from .rate_card import TIERS

QUOTED: Final = (ModelPrice, TunedPrice, EmbeddingPrice)
"""The tables whose rows price tokens."""

_SNAPSHOT: Final = re.compile(r"-\d{4}-\d{2}-\d{2}$")


class Resolver:
    """Finds the history of a model by provider and name, cached by name."""

    def __init__(self, book: PriceBook, with_catalogue: bool = True) -> None:
        self._book = book
        self._with_catalogue = with_catalogue
        self._own = {
            row_id: kind for kind in reversed(QUOTED) for table, row_id in book.ids() if TABLES[table] is kind
        }
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
        name = (provider.strip().lower(), model.strip())
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
        row_id = self._own_id(provider, model)
        if row_id is None and self._with_catalogue:
            row_id = self._catalogue_id(provider, model)
        if row_id is None:
            return message(
                "no model '{model}'{hint} (see python -m pricing models)",
                model=f"{provider}/{model}" if provider else model,
                hint=suggestion(f"{provider}/{model}" if provider else model, self._own),
            )
        own = self._book.history(self._own[row_id], row_id) if row_id in self._own else ()
        if not self._with_catalogue or (own and issubclass(self._own[row_id], TunedPrice)):
            return own
        behind = catalogue().histories.get(row_id, ())
        return _behind(own, first_days(self._launches, behind) if behind else ())

    def _own_id(self, provider: str, model: str) -> str | None:
        if model.startswith("ft:"):
            return self._tuned_id(model)
        prefix = PREFIX.get(provider, provider)
        for candidate in (f"{prefix}/{model}", model) if provider else (model,):
            if candidate in self._own:
                return candidate
        return None

    def _tuned_id(self, model: str) -> str | None:
        """The row of a fine-tune's id as OpenAI writes it: ft:BASE:ORGANISATION:NAME:ID."""
        base = model.split(":")[1]
        for row_id, kind in self._own.items():
            if issubclass(kind, TunedPrice) and row_id.startswith("openai/"):
                known = self._book.history(TunedPrice, row_id)[-1].base_model
                if base in (known, _SNAPSHOT.sub("", known)):
                    return row_id
        return None

    def _catalogue_id(self, provider: str, model: str) -> str | None:
        if model.startswith("ft:"):
            return None
        known = catalogue()
        if not provider:
            if model in known.histories:
                return model
            head, _, tail = model.partition("/")
            return (known.find(head, tail) if tail else None) or known.find_anywhere(model)
        return known.find(provider, model)


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

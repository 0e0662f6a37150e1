"""One resolver of model names, for every command: as written in a log or a scenario -> id of a price row."""

from __future__ import annotations

import re
from collections.abc import Mapping
from functools import cached_property
from typing import Final

from i18n.message import Message, literal, message

from ..catalogue import catalogue
from .catalogue_names import CatalogueNames
from .forms import GOVCLOUD, WrittenName, other_snapshots, readings
from .sellers import CATALOGUE_ID, FALLBACKS, MAKERS
from .suggest import Products
from .tuned import tuned_row

_GEOGRAPHY: Final = re.compile(r"^(?!global\.|us-gov\.)(?:[a-z-]{2,8}\.(?=[a-z0-9]+\.))?")
"""Bedrock's geography, or none: all but `global.` and GovCloud have the regional price."""
_NEW_CLAUDE: Final = re.compile(r"claude-(?:[a-z]+-)?(?:4-[5-9]|[5-9])(?!\d{3})")
"""Claude 4.5 and later cost more in a region of Vertex AI than globally:
https://docs.claude.com/en/docs/about-claude/pricing (third-party platform pricing)."""


_MAKERS: Final = tuple(sorted(CATALOGUE_ID.get(maker, maker) for maker in MAKERS))

LONGEST: Final = 400
"""Characters of a name that is looked at; an ARN has at most some 200."""


def shown(name: str) -> str:
    """A name for a message: in one line, and cut where it is too long to be one."""
    line = " ".join(name.split())
    return line if len(line) <= LONGEST else f"{line[:60]}…"


class ModelNames:
    """Names of our rows and of the catalogue's behind them."""

    def __init__(self, bases: Mapping[str, str], with_catalogue: bool = True) -> None:
        """`bases`: id of each row that prices tokens -> the model that was tuned, blank for other rows."""
        self._with_catalogue = with_catalogue
        self._own = {row_id.lower(): row_id for row_id in bases}
        self._bases = {row_id: base for row_id, base in bases.items() if base}
        self._row_ids: dict[tuple[str, str], str | Message | None] = {}

    def find(self, model: str, provider: str = "") -> str | Message | None:
        """Id of the row that prices it; the reason where it is known and has no price; None if unknown."""
        key = (provider, model)
        if len(model) + len(provider) > LONGEST:
            return None
        if key not in self._row_ids:
            self._row_ids[key] = self._find(" ".join(provider.split()), " ".join(model.split()))
        return self._row_ids[key]

    def hint(self, model: str, provider: str = "") -> Message:
        """ "; did you mean 'x'?" with an id of the same product, or nothing."""
        if len(model) + len(provider) > LONGEST:
            return literal("")
        provider, model = provider.strip(), model.strip()
        return self._products.hint(f"{provider}/{model}" if provider else model)

    @cached_property
    def _products(self) -> Products:
        return Products([*self._own.values(), *(catalogue().histories if self._with_catalogue else ())])

    def _find(self, provider: str, model: str) -> str | Message | None:
        own = self._own.get((f"{provider}/{model}" if provider else model).lower())
        if own is not None:
            return own
        if not provider and self._with_catalogue:
            known = model if model in catalogue().histories else self._catalogue_ids.get(model.lower())
            if known is not None:
                return known
        written = readings(provider, model)
        if isinstance(written, Message):
            return written
        for reading in written:
            row_id = self._row(reading)
            if row_id is not None:
                return row_id
        return None

    def _row(self, name: WrittenName) -> str | Message | None:
        tuned = tuned_row(name.seller, name.model, self._bases)
        if tuned is not None:
            return tuned
        row_id = self._any_snapshot(name.seller, name.model)
        if row_id is None and name.model.startswith(GOVCLOUD):
            row_id = self._any_snapshot(name.seller, name.model.removeprefix(GOVCLOUD))
            return _no_price_in(name, row_id) if isinstance(row_id, str) else row_id
        if isinstance(row_id, str) and _is_more_expensive_there(name, row_id):
            return _no_price_in(name, row_id)
        return row_id

    def _any_snapshot(self, seller: str, model: str) -> str | Message | None:
        for snapshot in (model, *other_snapshots(seller, model)):
            row_id = self._at(seller, snapshot)
            if row_id is not None:
                return row_id
        return None

    def _at(self, seller: str, model: str) -> str | Message | None:
        """The row of a model's exact name at a seller, or at its maker where no seller is written."""
        own = self._own_at(seller, model.lower())
        if own is not None or not self._with_catalogue:
            return own
        row_id = None
        if seller:
            owner = CATALOGUE_ID.get(seller, seller)
            row_id = self._catalogue.find(owner, model)
            if row_id is None and seller == "bedrock":
                row_id = self._catalogue.find(owner, _GEOGRAPHY.sub("us.", model.lower(), count=1))
        elif "/" not in model or model.startswith("@"):
            row_id = self._catalogue.find_anywhere(model) or self._catalogue.exactly(model, _MAKERS)
        if row_id is None:
            return next(
                (own for prefix in FALLBACKS.get(seller, ()) if (own := self._own_at(prefix, model.lower()))),
                None,
            )
        if row_id.lower() in self._own:
            return self._own[row_id.lower()]
        return row_id if row_id in catalogue().histories else catalogue().why_unpriced(row_id)

    def _own_at(self, seller: str, name: str) -> str | None:
        if seller:
            return self._own.get(f"{seller}/{name}")
        rows = [row for maker in MAKERS if (row := self._own.get(f"{maker}/{name}")) is not None]
        return rows[0] if len(rows) == 1 else None

    @cached_property
    def _catalogue(self) -> CatalogueNames:
        return CatalogueNames(catalogue())

    @cached_property
    def _catalogue_ids(self) -> Mapping[str, str]:
        return {row_id.lower(): row_id for row_id in reversed(list(catalogue().histories))}


def _is_more_expensive_there(name: WrittenName, row_id: str) -> bool:
    """Whether the price in the name's region is another one, which no row holds."""
    if not name.location:
        return False
    return name.seller == "azure" or (
        name.seller == "vertex" and _NEW_CLAUDE.search(row_id.lower()) is not None
    )


def _no_price_in(name: WrittenName, row_id: str) -> Message:
    return message(
        "no price for '{id}' in {region}, where it may cost more than globally (add a row of your own)",
        id=row_id,
        region=name.location,
    )

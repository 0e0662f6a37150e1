"""Prices page: market table, price history, sources and age of the prices."""

from __future__ import annotations

from collections.abc import Callable, Mapping
from typing import Final

from i18n.errors import CrossoverError
from i18n.message import N_
from pricing.book import PriceBook

from .. import session as state
from ..components.page_frame import say_errors, say_price_errors
from ..components.section import section
from ..components.view_choice import view_choice
from ..language import t
from ..prices import editor, expiring, history, machines, market, prompt_length, row_detail
from ..prices.selection import chosen

TITLE: Final = N_("Prices")


PATH: Final = "prices"
_EDIT: Final = "edit"
_VIEWS: Final[Mapping[str, tuple[str, Callable[[PriceBook], None]]]] = {
    "over-time": (N_("Over time"), lambda book: history.show(book, chosen(book))),
    "prompt-length": (N_("By prompt length"), lambda book: prompt_length.show(book, chosen(book))),
    "expiring": (N_("Expiring"), expiring.show),
    "details": (N_("Details"), lambda book: row_detail.show(book, chosen(book))),
    "machines": (N_("Machines"), machines.show),
    _EDIT: (N_("Edit"), lambda _: editor.show()),
}
"""Name in the address -> title and view, in the order shown. Only the open view runs."""
VIEWS: Final = {name: title for name, (title, _) in _VIEWS.items()}


def show() -> None:
    """Render the market table and the open view; the page needs no scenario."""
    say_price_errors()
    try:
        book = state.book()
    except CrossoverError as error:
        say_errors(error)
        if editor.is_on():  # the error can be fixed in the editor
            editor.show()
        return
    section(t("Prices on {day}").format(day=state.today().isoformat()))
    market.show(book)
    shown = {name: title for name, title in VIEWS.items() if name != _EDIT or editor.is_on()}
    _VIEWS[view_choice(PATH, shown)][1](book)

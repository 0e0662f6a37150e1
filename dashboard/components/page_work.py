"""What a page holds besides the scenario: its undo history, its saved form, and its part of the address."""

from __future__ import annotations

from collections.abc import Callable, Mapping
from dataclasses import dataclass
from typing import Any, Generic, TypeVar

from i18n.errors import CrossoverError
from i18n.message import message

from ..history import History

V = TypeVar("V")


@dataclass(frozen=True, slots=True)
class PageWork(Generic[V]):
    """How the work of one page is kept. The functions know no session."""

    title: str
    """Title of the page, in English."""
    history: Callable[[], History[V]]
    """The work of this session."""
    first: V
    """The work of a page that nobody has changed. It is not kept."""
    document: Callable[[V], Any]
    """JSON values with all that was entered."""
    read: Callable[[Any], V]
    """The reverse; raises CrossoverError for values that are not valid."""
    link: Callable[[V], str]
    """A word for the address; blank if there is nothing to hold."""
    read_link: Callable[[str, V], V]
    """The work with what a word holds; raises CrossoverError with one sentence."""
    not_in_link: Callable[[V], str] = lambda _: ""
    """English sentence on what the link leaves out; blank if it holds everything."""

    def saved(self) -> Any:
        """JSON values of this session's work; None while nothing has been entered."""
        value = self.history().value
        return None if value == self.first else self.document(value)

    def restore(self, document: Any) -> None:
        """Start with saved work; raises CrossoverError if it cannot be read."""
        try:
            self.history().value = self.read(document)
        except CrossoverError as error:
            raise CrossoverError(
                message(
                    "The work saved for the page “{page}” cannot be read: {problem}",
                    page=message(self.title),
                    problem=error.errors[0],
                )
            ) from error

    def open_link(self, word: str) -> bool:
        """Take what a link holds as an undo step; returns whether that changes anything."""
        history = self.history()
        before = history.value
        history.put(self.read_link(word, before))
        return history.value != before

    def link_word(self) -> str:
        """This session's part of the address."""
        return self.link(self.history().value)

    def omission(self) -> str:
        """English sentence on what the link of this session leaves out."""
        return self.not_in_link(self.history().value)


Works = Mapping[str, PageWork[Any]]
"""Path of a page -> how its work is kept, for the pages that hold some."""


def saved_pages(works: Works) -> dict[str, Any]:
    """JSON values of all pages on which something was entered."""
    saved = {path: work.saved() for path, work in works.items()}
    return {path: document for path, document in saved.items() if document is not None}


def values_of(works: Works) -> tuple[object, ...]:
    """The work of all pages. The values are immutable: a change is another object."""
    return tuple(work.history().value for work in works.values())

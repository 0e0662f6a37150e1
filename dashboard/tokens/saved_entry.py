"""The entry of the tokens page as JSON, and its settings as a word of the address."""

from __future__ import annotations

from dataclasses import replace
from typing import Any, Final

from pydantic import TypeAdapter, ValidationError

from costing.scenario.packed_link import packed, unpacked
from i18n.errors import CrossoverError
from i18n.message import N_, message
from pricing.validation import invalid

from .page_state import PromptEntry

FORMAT: Final = 1
"""Version of the word."""
_TEXTS: Final = {"texts", "stated"}
_ADAPTER: Final = TypeAdapter(PromptEntry)


def document_of(entry: PromptEntry) -> Any:
    """JSON values with the texts."""
    return _ADAPTER.dump_python(entry, mode="json")


def entry_of(document: Any) -> PromptEntry:
    """The entry of JSON values; raises CrossoverError with every fault."""
    try:
        return _ADAPTER.validate_python(document)
    except ValidationError as error:
        raise invalid(error, "prompt") from error


def link_of(entry: PromptEntry) -> str:
    """The settings without the texts; blank if none was changed."""
    settings = _without_texts(entry)
    if settings == PromptEntry():
        return ""
    return packed(_ADAPTER.dump_python(settings, mode="json", exclude=_TEXTS), FORMAT)


def with_link(word: str, entry: PromptEntry) -> PromptEntry:
    """The texts of an entry with the settings of a link; raises CrossoverError for a bad link."""
    values = unpacked(word, FORMAT)
    try:
        settings = _without_texts(entry_of(values))
    except CrossoverError as error:
        raise CrossoverError(
            message("The settings in this link cannot be used: {problem}", problem=error.errors[0])
        ) from error
    return replace(settings, texts=entry.texts, stated=entry.stated)


def omission(entry: PromptEntry) -> str:
    """What the link leaves out, in English."""
    if _without_texts(entry) == entry:
        return ""
    return N_("The link holds the settings of this page, not its prompt.")


def _without_texts(entry: PromptEntry) -> PromptEntry:
    return replace(entry, texts={}, stated={})

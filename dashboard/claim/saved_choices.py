"""The changed assumptions of the break-even page as JSON, and as a word of the address."""

from __future__ import annotations

from typing import Any, Final

from pydantic import TypeAdapter, ValidationError

from costing.scenario.packed_link import packed, unpacked
from i18n.errors import CrossoverError
from i18n.message import message
from pricing.validation import invalid

from .state import Choices, claims_of

FORMAT: Final = 1
"""Version of the word."""
_ADAPTER: Final = TypeAdapter(Choices)


def document_of(choices: Choices) -> dict[str, Any]:
    """JSON values of what differs from the baseline."""
    document: dict[str, Any] = _ADAPTER.dump_python(choices, mode="json", exclude_defaults=True)
    return document


def choices_of(document: Any) -> Choices:
    """The choices of JSON values; raises CrossoverError for an unknown name or a value out of its range."""
    try:
        choices = _ADAPTER.validate_python(document)
    except ValidationError as error:
        raise invalid(error, "assumptions") from error
    for claim in claims_of(choices).values():
        assert claim.start  # builds the claim: a model that is gone raises CrossoverError
    return choices


def link_of(choices: Choices) -> str:
    """The choices as a word; blank for the baseline."""
    return "" if choices == Choices() else packed(document_of(choices), FORMAT)


def read_link(word: str, _: Choices) -> Choices:
    """The choices of a link; raises CrossoverError for a bad link."""
    values = unpacked(word, FORMAT)
    try:
        return choices_of(values)
    except CrossoverError as error:
        raise CrossoverError(
            message("The assumptions in this link cannot be used: {problem}", problem=error.errors[0])
        ) from error

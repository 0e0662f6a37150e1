"""Finds the catalogue's model of a name by the published patterns, and accepts no other product's name.

Many patterns of genai-prices are a beginning or a part of a name: `claude-sonnet-4-6` also matches
`claude-sonnet-4-6-ultra`. Here what a pattern leaves open must be a date, a version of the API or a word that
does not change the price.
"""

from __future__ import annotations

import re
from collections.abc import Iterable, Iterator
from typing import Any, Final

from ..catalogue import Catalogue, our_id

_DATE: Final = r"20[2-3]\d-?[01]\d-?[0-3]\d|[01]\d-[0-3]\d|[01]\d-20[2-3]\d|\d{4}|00\d"
_AFTER: Final = re.compile(
    rf"(?:[-@._]*(?:{_DATE}|preview|exp|experimental|latest|default|stable|v\d(?:[.:]\d)?)(?![a-z0-9])"
    r"|:\d{1,4}k?|\[1m\]|[-@])*",
    re.IGNORECASE,
)
"""`:300k` is a length of Bedrock's window, `[1m]` Claude Code's mark of a long one."""
_BEFORE: Final = re.compile(r"(?!us-gov\.)(?:[a-z][a-z-]*\.){0,2}", re.IGNORECASE)
"""Bedrock's geography and maker: `us.anthropic.`. GovCloud has prices of its own."""
_EARLIER_VERSIONS: Final = {"claude-2": re.compile(r"[.][01]")}
"""Patterns that stand for several versions at one price."""


class CatalogueNames:
    """Index of the catalogue's names: exact ones in a dictionary, patterns in the catalogue's order."""

    def __init__(self, known: Catalogue) -> None:
        self._known = known
        self._providers = {provider.id: provider for provider in known.providers}
        self._exact: dict[str, dict[str, Any]] = {}
        self._patterns: dict[str, list[tuple[Any, Any]]] = {}
        for provider in known.providers:
            exact = self._exact[provider.id] = {}
            patterns = self._patterns[provider.id] = []
            for model in provider.models:
                for clause in _alternatives(model.match):
                    if hasattr(clause, "equals"):
                        exact.setdefault(clause.equals.lower(), model)
                    else:
                        patterns.append((clause, model))
            exact |= {model.id.lower(): model for model in reversed(provider.models)}

    def find(self, provider: str, model: str) -> str | None:
        """Our id of a model's name at a provider of the catalogue; it may be of a model without rows."""
        first = self._providers.get(provider)
        if first is None:
            return None
        name = model.lower()
        for owner in (provider, *(first.fallback_model_providers or ())):
            row_id = self._at(owner, name)
            if row_id is not None:
                return row_id
        return None

    def find_anywhere(self, model: str) -> str | None:
        """As `find`, for a name alone: at the provider whose names look like it."""
        name = model.lower()
        for provider in self._known.providers:
            if provider.model_match is not None and provider.model_match.is_match(name):
                row_id = self._at(provider.id, name)
                if row_id is not None:
                    return row_id
        return None

    def exactly(self, model: str, providers: Iterable[str]) -> str | None:
        """The id of an exact name that one of these providers alone has."""
        ids = [
            our_id(provider, exact.id)
            for provider in providers
            if (exact := self._exact.get(provider, {}).get(model.lower())) is not None
        ]
        return ids[0] if len(ids) == 1 else None

    def _at(self, provider: str, name: str) -> str | None:
        model = self._exact[provider].get(name)
        if model is not None:
            return our_id(provider, model.id)
        unpriced = None
        for clause, candidate in self._patterns[provider]:
            if not clause.is_match(name):
                continue
            row_id = our_id(provider, candidate.id)
            if _explains(clause, name):
                return row_id
            if unpriced is None and row_id not in self._known.histories:
                unpriced = row_id
        return unpriced


def _alternatives(clause: Any) -> Iterator[Any]:
    for alternative in getattr(clause, "or_", None) or [clause]:
        if alternative is clause:
            yield clause
        else:
            yield from _alternatives(alternative)


def _explains(clause: Any, name: str) -> bool:
    """Whether a pattern that matches leaves nothing open that could change the price."""
    parts = getattr(clause, "and_", None)
    if parts is not None:
        return any(_explains(part, name) for part in parts)
    pattern = getattr(clause, "regex", None)
    if pattern is not None:
        matched = re.search(pattern, name)
        if matched is None or pattern.endswith("$"):
            return matched is not None
        begun = re.search(r"(?:[-@._]\d+)?$", matched[0])  # ...-flash-\\d: the beginning of a date
        return _is_open_end("", (begun[0] if begun else "") + name[matched.end() :])
    literal = (
        clause.__dict__.get("starts_with") or clause.__dict__.get("ends_with") or clause.contains
    ).lower()
    start = name.rindex(literal) if hasattr(clause, "ends_with") else name.index(literal)
    return _BEFORE.fullmatch(name[:start]) is not None and _is_open_end(literal, name[start + len(literal) :])


def _is_open_end(literal: str, rest: str) -> bool:
    earlier = _EARLIER_VERSIONS.get(literal)
    if earlier is not None and earlier.fullmatch(rest):
        return True
    cut = re.search(r"[-@._]\d+$", literal) if rest[:1].isdigit() else None  # a date's beginning: -2025
    return _AFTER.fullmatch(rest if cut is None else cut[0] + rest) is not None

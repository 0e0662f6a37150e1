"""A scenario in a link: compressed, typed, versioned, with token counts in place of long texts."""

from __future__ import annotations

import base64
import binascii
import hashlib
import json
import zlib
from collections.abc import Callable, Mapping
from dataclasses import dataclass
from datetime import date
from typing import Any, Final

from i18n.errors import CrossoverError
from i18n.message import literal, message

from ..tokenization.text_language import text_kind
from . import library
from .scenario import Part, Scenario
from .scenario_json import document_of, scenario_of

FORMAT: Final = 1
"""Version of the link format."""
MAX_TEXT: Final = 200
"""Characters of a text that a link holds as it is. Of a longer one it holds the number of tokens."""
MAX_DOCUMENT_BYTES: Final = 1_000_000
"""Limit of an unpacked link; a longer one is refused, which bounds the memory for a hostile link."""

_DAMAGED: Final = message("This link is damaged or incomplete (copy it again from where it was made)")


@dataclass(frozen=True, slots=True)
class LinkedScenario:
    """What a link holds."""

    scenario: Scenario
    on: date
    """The day of the prices with which the link was made."""
    prices: str
    """Content hash of the price book with which the link was made."""
    usd_per_month: tuple[float | None, ...]
    """Cost of each option when the link was made; None where it had none."""
    counted_parts: tuple[str, ...]
    """Parts of the request that are token counts in place of their texts."""


def link_text(
    scenario: Scenario,
    prices: str,
    usd_per_month: tuple[float | None, ...],
    tokens: Callable[[str], float],
) -> str:
    """The scenario as one word of an address; `tokens` counts a part of the request by its name.

    A text of a shipped scenario is held by reference, so that a link to an example has its texts.
    """
    document = document_of(scenario)
    parts = document["workload"]["parts"]
    references: dict[str, list[str]] = {}
    for name, part in scenario.parts.items():
        if len(part.text) <= MAX_TEXT:
            continue
        parts[name] = {"tokens": round(tokens(name)), "kind": text_kind(part.text)}
        references[name] = [_shipped_with(name, part.text), _digest(part.text)]
    values = {
        "format": FORMAT,
        "prices": prices,
        "usd": list(usd_per_month),
        "on": scenario.on.isoformat(),
        "texts": references,
        "scenario": document,
    }
    packed = zlib.compress(json.dumps(values, ensure_ascii=False, separators=(",", ":")).encode(), 9)
    return base64.urlsafe_b64encode(packed).decode().rstrip("=")


def read_link(text: str) -> LinkedScenario:
    """The scenario of a link; raises CrossoverError with one clear sentence."""
    values = _unpacked(text)
    if values.get("format") != FORMAT:
        raise CrossoverError(
            message(
                "This link was made with another version of Crossover (its format is {found}, and this "
                "version reads {known}): open it there, or ask for the scenario as a file",
                found=literal(str(values.get("format"))[:20]),
                known=FORMAT,
            )
        )
    prices, usd, texts = values.get("prices"), values.get("usd"), values.get("texts")
    if not isinstance(prices, str) or not isinstance(usd, list) or not isinstance(texts, dict):
        raise CrossoverError(_DAMAGED)
    if not all(each is None or (isinstance(each, int | float) and each >= 0) for each in usd):
        raise CrossoverError(_DAMAGED)
    try:
        on = date.fromisoformat(str(values.get("on")))
    except ValueError as error:
        raise CrossoverError(_DAMAGED) from error
    try:
        scenario = scenario_of(values.get("scenario"))
    except CrossoverError as error:
        raise CrossoverError(
            message("This link cannot be opened in this version: {problem}", problem=error.errors[0])
        ) from error
    counted = []
    for name in scenario.parts.keys() & texts.keys():
        shipped_text = _shipped_text(name, texts[name])
        if shipped_text:
            scenario = scenario.with_part(name, Part(text=shipped_text))
        else:
            counted.append(name)
    costs = tuple(None if each is None else float(each) for each in usd)
    return LinkedScenario(scenario, on, prices, costs, tuple(sorted(counted)))


def _unpacked(text: str) -> Mapping[str, Any]:
    try:
        packed = base64.b64decode(text + "=" * (-len(text) % 4), altchars=b"-_", validate=True)
        unpacker = zlib.decompressobj()
        content = unpacker.decompress(packed, MAX_DOCUMENT_BYTES)
        if not unpacker.eof:  # cut off, or beyond the limit
            raise CrossoverError(_DAMAGED)
        values = json.loads(content)
    except (binascii.Error, zlib.error, ValueError, RecursionError) as error:
        if isinstance(error, CrossoverError):
            raise
        raise CrossoverError(_DAMAGED) from error
    if not isinstance(values, dict):
        raise CrossoverError(_DAMAGED)
    return values


def _shipped_with(part: str, text: str) -> str:
    """Id of a shipped scenario that has this text; blank if none has."""
    ready, _ = library.ready()
    return next((key for key, scenario in ready.items() if scenario.parts[part].text == text), "")


def _shipped_text(part: str, reference: object) -> str:
    """The text of a shipped scenario, if it is still the one that the link was made with; else blank."""
    if not isinstance(reference, list) or len(reference) != 2:
        return ""
    ready, _ = library.ready()
    scenario = ready.get(str(reference[0]))
    text = scenario.parts[part].text if scenario else ""
    return text if text and _digest(text) == reference[1] else ""


def _digest(text: str) -> str:
    return hashlib.sha256(text.encode("utf-8", "surrogatepass")).hexdigest()[:12]

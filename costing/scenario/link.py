"""A scenario in a link: compressed, typed, versioned, with token counts in place of long texts."""

from __future__ import annotations

import hashlib
from collections.abc import Callable, Mapping
from dataclasses import dataclass
from datetime import date
from typing import Final

from i18n.errors import CrossoverError
from i18n.message import message

from ..tokenization.stated_count import StatedCount
from ..tokenization.text_language import text_kind
from ..tokenization.tokens import REFERENCE_ENCODING, TokenCount
from . import library
from .packed_link import DAMAGED, packed, unpacked
from .scenario import Part, Scenario
from .scenario_json import document_of, scenario_of
from .workload_yaml import PartEntry

FORMAT: Final = 2
"""Version of the link format."""
_WITHOUT_COUNTS: Final = 1
"""Version whose long texts are their tokens in the reference encoding only. It is read, not written."""
MAX_TEXT: Final = 200
"""Characters of a text that a link holds as it is. Of a longer one it holds the token counts."""

CountPart = Callable[[str], Mapping[str, TokenCount]]
"""Name of a part of the request -> its count by tokenizer, the reference encoding among them."""


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
    count: CountPart,
) -> str:
    """The scenario as one word of an address, with the counts of long texts in place of the texts.

    A text of a shipped scenario is held by reference, so that a link to an example has its texts.
    """
    document = document_of(scenario)
    parts = document["workload"]["parts"]
    references: dict[str, list[str]] = {}
    for name, part in scenario.parts.items():
        if len(part.text) <= MAX_TEXT:
            continue
        parts[name] = PartEntry.of(_counted(part, count(name))).model_dump(exclude_unset=True, mode="json")
        references[name] = [_shipped_with(name, part.text), _digest(part.text)]
    values = {
        "prices": prices,
        "usd": list(usd_per_month),
        "on": scenario.on.isoformat(),
        "texts": references,
        "scenario": document,
    }
    return packed(values, FORMAT)


def read_link(text: str) -> LinkedScenario:
    """The scenario of a link; raises CrossoverError with one clear sentence."""
    values = unpacked(text, FORMAT, _WITHOUT_COUNTS)
    prices, usd, texts = values.get("prices"), values.get("usd"), values.get("texts")
    if not isinstance(prices, str) or not isinstance(usd, list) or not isinstance(texts, dict):
        raise CrossoverError(DAMAGED)
    if not all(each is None or (isinstance(each, int | float) and each >= 0) for each in usd):
        raise CrossoverError(DAMAGED)
    try:
        on = date.fromisoformat(str(values.get("on")))
    except ValueError as error:
        raise CrossoverError(DAMAGED) from error
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


def _counted(part: Part, counts: Mapping[str, TokenCount]) -> Part:
    """The counts of a text in place of the text."""
    return Part(
        tokens=round(counts[REFERENCE_ENCODING].tokens),
        kind=text_kind(part.text),
        counts={tokenizer: StatedCount.of(tokens) for tokenizer, tokens in counts.items()},
    )


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

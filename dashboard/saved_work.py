"""Saved work: the form in which a browser's local storage holds the scenario and what other pages hold."""

from __future__ import annotations

import json
from collections.abc import Mapping
from dataclasses import dataclass, field
from typing import Any, Final

from costing.scenario.scenario import Scenario
from costing.scenario.scenario_json import document_of, scenario_of
from i18n.errors import CrossoverError
from i18n.message import message

FORMAT: Final = 2
"""Version of the stored form."""
_SCENARIO_ONLY: Final = 1
"""Version without the work of other pages."""


@dataclass(frozen=True, slots=True)
class SavedWork:
    """A scenario with all its texts, and the link that stood for it in the address."""

    scenario: Scenario
    link: str = ""
    pages: Mapping[str, Any] = field(default_factory=dict)
    """JSON values of the work of other pages, by their paths. Each page reads its own."""

    def text(self) -> str:
        """JSON that `read_saved` takes back."""
        values = {
            "format": FORMAT,
            "link": self.link,
            "scenario": document_of(self.scenario),
            "pages": dict(self.pages),
        }
        return json.dumps(values, ensure_ascii=False, separators=(",", ":"), allow_nan=False)


def read_saved(text: str) -> SavedWork:
    """The saved work, also that of the version before; raises CrossoverError if it cannot be read."""
    try:
        values: Any = json.loads(text)
    except (ValueError, RecursionError) as error:
        raise CrossoverError(message("The work saved in this browser is damaged")) from error
    if not isinstance(values, dict) or not isinstance(values.get("link"), str):
        raise CrossoverError(message("The work saved in this browser is damaged"))
    if values.get("format") not in (_SCENARIO_ONLY, FORMAT):
        raise CrossoverError(message("The work saved in this browser is from another version of Crossover"))
    pages = values.get("pages") if values["format"] == FORMAT else {}
    if not isinstance(pages, dict):
        raise CrossoverError(message("The work saved in this browser is damaged"))
    try:
        return SavedWork(scenario_of(values.get("scenario")), values["link"], pages)
    except CrossoverError as error:
        raise CrossoverError(
            message("The work saved in this browser cannot be read: {problem}", problem=error.errors[0])
        ) from error

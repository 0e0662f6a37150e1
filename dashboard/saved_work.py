"""Saved work: the form in which a browser's local storage holds the scenario."""

from __future__ import annotations

import json
from dataclasses import dataclass
from typing import Any, Final

from costing.scenario.scenario import Scenario
from costing.scenario.scenario_json import document_of, scenario_of
from i18n.errors import CrossoverError
from i18n.message import message

FORMAT: Final = 1
"""Version of the stored form."""


@dataclass(frozen=True, slots=True)
class SavedWork:
    """A scenario with all its texts, and the link that stood for it in the address."""

    scenario: Scenario
    link: str = ""

    def text(self) -> str:
        """JSON that `read_saved` takes back."""
        values = {"format": FORMAT, "link": self.link, "scenario": document_of(self.scenario)}
        return json.dumps(values, ensure_ascii=False, separators=(",", ":"), allow_nan=False)


def read_saved(text: str) -> SavedWork:
    """The saved work; raises CrossoverError with one sentence if it cannot be read."""
    try:
        values: Any = json.loads(text)
    except (ValueError, RecursionError) as error:
        raise CrossoverError(message("The work saved in this browser is damaged")) from error
    if not isinstance(values, dict) or not isinstance(values.get("link"), str):
        raise CrossoverError(message("The work saved in this browser is damaged"))
    if values.get("format") != FORMAT:
        raise CrossoverError(message("The work saved in this browser is from another version of Crossover"))
    try:
        return SavedWork(scenario_of(values.get("scenario")), values["link"])
    except CrossoverError as error:
        raise CrossoverError(
            message("The work saved in this browser cannot be read: {problem}", problem=error.errors[0])
        ) from error

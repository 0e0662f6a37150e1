"""State of the tokens page in a session: the prompt, how it is used, and its counts."""

from __future__ import annotations

from collections.abc import Callable, Mapping
from dataclasses import dataclass, field
from typing import Annotated, Any, ClassVar, Final

import streamlit as st
from pydantic import ConfigDict, Field

from costing.ranking.prompt_use import Counts, PromptUse, count_prompt
from costing.scenario.scenario import Part
from costing.tokenization.images import MAX_SIDE_PX, Detail, Images
from costing.tokenization.tokens import exact_tokens
from pricing.book import PricesOnDay

from .. import session as state
from ..history import History

KEY: Final = "tokens_page"
LONG_CHARACTERS: Final = 200_000
"""Counts of a longer text are kept in the session only, not in the process's cache of texts."""


LIMITS: Final[Mapping[str, tuple[float, float]]] = {
    "answer_tokens": (0, 1_000_000),
    "calls_per_day": (1, 1e9),
    "cached_percent": (0, 100),
    "images_per_call": (0, 100),
    "image_width_px": (1, MAX_SIDE_PX),
    "image_height_px": (1, MAX_SIDE_PX),
}
"""Lowest and highest value of each number of an entry."""
TextPart = Annotated[str, Field(pattern=r"^(instruction|example|knowledge|question|tools)$")]


def _within(name: str) -> Any:
    low, high = LIMITS[name]
    return Field(ge=low, le=high, allow_inf_nan=False)


@dataclass(frozen=True, slots=True)
class PromptEntry:
    """What a reader entered on the tokens page."""

    __pydantic_config__: ClassVar[ConfigDict] = ConfigDict(extra="forbid")

    texts: Mapping[TextPart, str] = field(default_factory=dict)
    """By part of the request; not the answer."""
    stated: Mapping[TextPart, Part] = field(default_factory=dict)
    """Parts of which only the number of tokens is known, as in some scenarios."""
    answer_tokens: Annotated[int, _within("answer_tokens")] = 300
    calls_per_day: Annotated[float, _within("calls_per_day")] = 1_000.0
    cached_percent: Annotated[float, _within("cached_percent")] = 0.0
    images_per_call: Annotated[float, _within("images_per_call")] = 0.0
    image_width_px: Annotated[int, _within("image_width_px")] = 1024
    image_height_px: Annotated[int, _within("image_height_px")] = 1024
    image_detail: Detail = "high"
    tokenizer: str = "o200k_base"
    """The one whose tokens are shown."""
    models: tuple[str, ...] = ()
    """Models whose cost is shown by part; empty: a choice by price."""

    def use(self) -> PromptUse:
        """The prompt as the cost functions take it."""
        parts = dict(self.stated)
        parts.update((name, Part(text=text)) for name, text in self.texts.items() if text.strip())
        parts["answer"] = Part(tokens=self.answer_tokens)
        images = None
        if self.images_per_call:
            size = self.image_width_px, self.image_height_px
            images = Images(self.images_per_call, *size, self.image_detail)
        return PromptUse(parts, self.calls_per_day, self.cached_percent / 100, images)


@dataclass(slots=True)
class PromptWork:
    """The entry of a session with its undo history, and its counts."""

    history: History[PromptEntry] = field(default_factory=lambda: History(PromptEntry()))
    counts_for: tuple[object, ...] | None = None
    counts: Counts | None = None


def work() -> PromptWork:
    """The work of this session on the tokens page."""
    if KEY not in st.session_state:
        st.session_state[KEY] = PromptWork()
    current: PromptWork = st.session_state[KEY]
    return current


def entry() -> PromptEntry:
    """The entry of this session."""
    return work().history.value


def put(changed: PromptEntry) -> None:
    """Replace the entry as an undo step."""
    work().history.put(changed)


def prices() -> PricesOnDay:
    """Prices of today."""
    return state.book().on(state.today())


def counted(on_progress: Callable[[float], None] = lambda _: None) -> Counts:
    """Counts of the entry in every tokenizer, kept until a text or the length of the answer changes.

    Raises CrossoverError for a text that cannot be counted.
    """
    current = work()
    if needs_counting():
        current.counts = count_prompt(current.history.value.use(), prices(), on_progress)
        current.counts_for = _counted_for(current.history.value)
        if max(map(len, current.history.value.texts.values()), default=0) > LONG_CHARACTERS:
            exact_tokens.cache_clear()
    assert current.counts is not None
    return current.counts


def needs_counting() -> bool:
    """Whether `counted` would have to count."""
    current = work()
    return current.counts is None or current.counts_for != _counted_for(current.history.value)


def _counted_for(current: PromptEntry) -> tuple[object, ...]:
    return (state.book(), state.today(), dict(current.texts), dict(current.stated), current.answer_tokens)

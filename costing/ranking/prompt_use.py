"""A prompt and how it is used: its parts, the length of the answer, calls per day, cached share, images."""

from __future__ import annotations

from collections.abc import Callable, Mapping
from dataclasses import dataclass, replace
from typing import Final

from i18n.message import N_
from pricing.book import PricesOnDay
from pricing.rows import Evidence, Tokenizer

from ..scenario.scenario import Part, Scenario, part_tokens
from ..tokenization.chat_format import framed
from ..tokenization.images import Images
from ..tokenization.tokens import TokenCount, count
from ..tokenization.tool_schema import COOKBOOK, FRAMED
from ..workload.token_sum import summed
from ..workload.workload import PARTS, RequestTokens, Workload

CHAT_FORMAT: Final = "chat_format"
IMAGES: Final = "images"
FEES: Final = "fees"
PROMPT_PARTS: Final = {
    "instruction": N_("System prompt"),
    "example": N_("Examples"),
    "knowledge": N_("Knowledge"),
    "question": N_("Question"),
    "tools": N_("Tool definitions"),
    CHAT_FORMAT: N_("Chat format"),
    IMAGES: N_("Images"),
    "answer": N_("Answer"),
    FEES: N_("Fees per request"),
}
"""Part of a call -> its label."""


@dataclass(frozen=True, slots=True)
class PromptUse:
    """A prompt and how it is used."""

    parts: Mapping[str, Part]
    """By the names of PARTS; a part that is missing is empty. The answer is its number of tokens."""
    calls_per_day: float
    cached_input_share: float = 0.0
    """Share of the input tokens that is read from the vendor's prompt cache."""
    images: Images | None = None

    def part(self, name: str) -> Part:
        return self.parts.get(name, Part())

    @property
    def is_empty(self) -> bool:
        """Whether there is no input: no text, no stated tokens and no image."""
        texts = (self.part(name) for name in PARTS if name != "answer")
        return self.images is None and all(part.is_empty for part in texts)


@dataclass(frozen=True, slots=True)
class CallTokens:
    """Tokens of one call in one tokenizer."""

    parts: Mapping[str, TokenCount]
    """By the names of PARTS; all but the answer are input."""
    chat_format: TokenCount | None
    """Tokens around the messages; None where the vendor does not publish them."""

    def request_tokens(self, scale: float = 1.0) -> RequestTokens:
        """As a workload takes them, the input parts times `scale`; the chat format is not scaled."""
        parts = {name: part if name == "answer" else part.times(scale) for name, part in self.parts.items()}
        if self.chat_format is not None:
            parts["instruction"] = summed((parts["instruction"], self.chat_format))
        return RequestTokens(**parts)

    @property
    def text(self) -> TokenCount:
        """The input without chat format and images."""
        return summed(part for name, part in self.parts.items() if name != "answer")


Counts = Mapping[str, CallTokens]
"""Tokenizer id -> tokens of a call."""


def count_prompt(
    use: PromptUse, prices: PricesOnDay, on_progress: Callable[[float], None] = lambda _: None
) -> Counts:
    """Tokens of a call in every tokenizer of the price tables; `on_progress` receives the share done.

    Raises CrossoverError for a text that cannot be counted and for tools that are no JSON.
    """
    ids = list(prices.rows(Tokenizer))
    counts: dict[str, CallTokens] = {}
    for place, tokenizer in enumerate(ids):
        on_progress(place / len(ids))
        counts[tokenizer] = _count(use, prices.tokenizer(tokenizer), prices)
    on_progress(1.0)
    return counts


def _count(use: PromptUse, tokenizer: Tokenizer, prices: PricesOnDay) -> CallTokens:
    parts = {name: part_tokens(use.part(name), tokenizer.id, prices, name) for name in PARTS}
    system = any(parts[name].tokens for name in ("instruction", "example", "knowledge"))
    return CallTokens(parts, chat_format(system, bool(parts["question"].tokens), tokenizer))


def chat_format(has_system: bool, has_question: bool, tokenizer: Tokenizer) -> TokenCount | None:
    """Tokens around a system message and a user's message; None where no rule is published."""
    if tokenizer.encoding not in FRAMED:
        return None
    roles = [role for role, there in (("system", has_system), ("user", has_question)) if there]
    frame = framed([{"role": role} for role in roles])
    tokens = frame.frame_tokens + sum(count(text, tokenizer).tokens for text in frame.texts)
    return TokenCount(tokens, tokens, tokens, Evidence.ESTIMATED, (COOKBOOK,), "exact")


def workload(use: PromptUse, counts: Counts, scale: float = 1.0) -> Workload:
    """The workload of single calls, with the input texts times `scale`."""
    tokens = {tokenizer: counted.request_tokens(scale) for tokenizer, counted in counts.items()}
    return Workload(use.calls_per_day, 1.0, 1, tokens, images=use.images)


def with_prompt(scenario: Scenario, use: PromptUse) -> Scenario:
    """The scenario with this prompt, volume and images instead of its own.

    A comparison needs a question: a prompt without one gets a question of 1 token.
    """
    parts = {name: use.part(name) for name in PARTS}
    if parts["question"].is_empty:
        parts["question"] = Part(tokens=1)
    if parts["answer"].is_empty:
        parts["answer"] = Part(tokens=1)
    images = use.images
    return replace(
        scenario,
        parts=parts,
        requests_per_day=use.calls_per_day,
        images_per_request=0.0 if images is None else images.per_request,
        image_width_px=scenario.image_width_px if images is None else images.width_px,
        image_height_px=scenario.image_height_px if images is None else images.height_px,
        image_detail=scenario.image_detail if images is None else images.detail,
    )

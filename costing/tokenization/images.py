"""Tokens of an image by its size, by each vendor's published rule; a model without a rule is refused."""

from __future__ import annotations

import math
import re
from abc import ABC, abstractmethod
from dataclasses import dataclass
from functools import lru_cache
from typing import Any, Final, Literal

import numpy as np

from i18n.errors import CrossoverError
from i18n.message import listed, literal, message
from pricing.names.suggest import product_hint
from pricing.rows import Evidence

from ..numerics.elementwise import each_distinct
from .tokens import TokenCount

Detail = Literal["low", "high", "auto"]
DETAILS: Final[tuple[Detail, ...]] = ("low", "high", "auto")
MAX_SIDE_PX = 100_000

OPENAI = "https://platform.openai.com/docs/guides/images-vision"
ANTHROPIC = "https://platform.claude.com/docs/en/build-with-claude/vision"
GOOGLE = "https://cloud.google.com/vertex-ai/generative-ai/docs/multimodal/image-understanding"
GOOGLE_3 = "https://ai.google.dev/gemini-api/docs/media-resolution"
MEASURED = "https://huggingface.co/datasets/JOHNISKING/image-token-cost"
"""Counts that the APIs gave for ten sizes, where a vendor's own page says too little."""

_HAIR = 1e-9
"""Subtracted before rounding up, so that rounding errors do not add a tile."""


class ImageRule(ABC):
    """How a family turns width and height into tokens."""

    source: str
    evidence: Evidence

    @abstractmethod
    def tokens(self, width: int, height: int, detail: Detail) -> int | None:
        """None where no rule is published for that size or detail."""


@dataclass(frozen=True, slots=True)
class Tiles(ImageRule):
    """OpenAI: fit into 2,048 x 2,048, shrink the shorter side to 768, then base + tiles of 512 px."""

    base: int
    tile: int
    source: str = OPENAI
    evidence: Evidence = Evidence.PUBLISHED

    def tokens(self, width: int, height: int, detail: Detail) -> int | None:
        if detail == "low":
            return self.base
        scale = min(1.0, 2048 / max(width, height))
        scale = min(scale, 768 / min(width, height))
        across, down = (math.ceil(side * scale / 512 - _HAIR) for side in (width, height))
        return self.base + self.tile * across * down


@dataclass(frozen=True, slots=True)
class Patches(ImageRule):
    """OpenAI: patches of 32 px, the image shrunk until they are within the budget, times a multiplier."""

    multiplier: float
    budget: int
    auto_budget: int | None = None
    """Patch budget of `auto` where it differs from `high`; 0: none was observed."""
    source: str = OPENAI
    evidence: Evidence = Evidence.PUBLISHED

    def tokens(self, width: int, height: int, detail: Detail) -> int | None:
        if detail == "low":
            return None
        budget = self.auto_budget if detail == "auto" and self.auto_budget is not None else self.budget
        return math.ceil(patches(width, height, budget) * self.multiplier - _HAIR)


def patches(width: int, height: int, budget: int) -> int:
    """Patches of 32 px that cover the image, shrunk to be within the budget; a budget of 0 is none."""
    across, down = (math.ceil(side / 32) for side in (width, height))
    if not budget or across * down <= budget:
        return across * down
    shrink = math.sqrt(budget * 32**2 / (width * height))
    wide, high = width * shrink / 32, height * shrink / 32
    # A second, smaller shrink, so that one side is a whole number of patches and both fit.
    fit = min(max(1, math.floor(wide)) / wide, max(1, math.floor(high)) / high)
    return math.ceil(wide * fit - _HAIR) * math.ceil(high * fit - _HAIR)


@dataclass(frozen=True, slots=True)
class ClaudePatches(ImageRule):
    """Anthropic: patches of 28 px, of the largest size within the longest side and the patches allowed.

    Older pages say width x height / 750, which is the same within a few per cent. `resizes` is False
    where larger images were measured to follow another rule, which is not published.
    """

    longest_px: int
    most_patches: int
    resizes: bool = True
    source: str = ANTHROPIC
    evidence: Evidence = Evidence.PUBLISHED

    def tokens(self, width: int, height: int, detail: Detail) -> int | None:
        longest = max(width, height)
        if longest > self.longest_px and not self.resizes:
            return None
        for side in range(min(longest, self.longest_px), 0, -1):
            scale = side / longest
            patches = math.ceil(width * scale / 28 - _HAIR) * math.ceil(height * scale / 28 - _HAIR)
            if patches <= self.most_patches:
                return patches
        return 1


@dataclass(frozen=True, slots=True)
class GeminiTiles(ImageRule):
    """Google, Gemini 2: 258 up to 384 px; else tiles of the shorter side / 1.5, 256 to 768 px, 258 each."""

    source: str = GOOGLE
    evidence: Evidence = Evidence.PUBLISHED

    def tokens(self, width: int, height: int, detail: Detail) -> int | None:
        if max(width, height) <= 384:
            return 258
        tile = min(768, max(256, math.floor(min(width, height) / 1.5)))
        return 258 * math.ceil(width / tile) * math.ceil(height / tile)


@dataclass(frozen=True, slots=True)
class GeminiBudget(ImageRule):
    """Google, Gemini 3: a number of tokens for the media resolution, whatever the size."""

    low: int = 280
    high: int = 1120
    source: str = GOOGLE_3
    evidence: Evidence = Evidence.ESTIMATED

    def tokens(self, width: int, height: int, detail: Detail) -> int | None:
        return self.low if detail == "low" else self.high


RULES: Final[dict[str, ImageRule]] = {
    "gpt-4o": Tiles(85, 170),
    "gpt-4.1": Tiles(85, 170),
    "gpt-4.5": Tiles(85, 170),
    "gpt-4o-mini": Tiles(2833, 5667),
    "o1": Tiles(75, 150),
    "o3": Tiles(75, 150),
    "gpt-4.1-mini": Patches(1.62, 1536),
    "gpt-4.1-nano": Patches(2.46, 1536),
    "o4-mini": Patches(1.72, 1536),
    "gpt-5.5": Patches(1.2, 2500, 10_000, MEASURED, Evidence.ESTIMATED),
    "gpt-6-astra": Patches(1.2, 2500, 0, MEASURED, Evidence.ESTIMATED),
    "claude-haiku-4-5": ClaudePatches(1568, 1568),
    "claude-sonnet-4-6": ClaudePatches(1568, 1568),
    "claude-opus-4-8": ClaudePatches(2576, 4784),
    "claude-opus-5-5": ClaudePatches(1920, 4784, False, MEASURED, Evidence.ESTIMATED),
    "claude-sonnet-5-5": ClaudePatches(1920, 4784, False, MEASURED, Evidence.ESTIMATED),
    "gemini-2.5-pro": GeminiTiles(),
    "gemini-2.5-flash": GeminiTiles(),
    "gemini-2.5-flash-lite": GeminiTiles(),
    "gemini-3.1-pro-preview": GeminiBudget(),
    "gemini-3.1-flash-lite": GeminiBudget(),
    "gemini-3.5-flash-lite": GeminiBudget(),
    "gemini-3.8-flash": GeminiBudget(),
}
"""Model, without its vendor -> rule."""


def image_tokens(model: str, width: int, height: int, detail: Detail = "high") -> TokenCount:
    """Tokens of one image for a model, as the price book writes it or without its vendor.

    Raises CrossoverError for an invalid size and where no rule is known: an image is never free.
    """
    if not (0 < width <= MAX_SIDE_PX and 0 < height <= MAX_SIDE_PX):
        raise CrossoverError(
            message(
                "an image of {width} x {height} pixels (each side 1 to {limit:,})",
                width=width,
                height=height,
                limit=MAX_SIDE_PX,
            )
        )
    name = model.rsplit("/", 1)[-1]
    if name not in RULES:
        raise CrossoverError(
            message(
                "'{model}': no published rule for the tokens of its images{hint} (read them off a bill)",
                model=model,
                hint=product_hint(name, RULES),
            )
        )
    rule = RULES[name]
    tokens = rule.tokens(width, height, detail)
    if tokens is None:
        raise CrossoverError(
            message(
                "'{model}': no published rule for an image of {width} x {height} pixels at detail '{detail}' "
                "(resize it, or choose another detail)",
                model=model,
                width=width,
                height=height,
                detail=detail,
            )
        )
    return TokenCount(tokens, tokens, tokens, rule.evidence, (literal(rule.source),))


_cached_image_tokens = lru_cache(maxsize=16_384)(image_tokens)
"""Monte Carlo draws repeat the same sizes."""


def _tokens_of_sizes(model: str, width: Any, height: Any, detail: Detail) -> TokenCount:
    """As `image_tokens`; width and height may be arrays (draws,) of whole pixels.

    Raises its CrossoverError where no draw has a rule. Where some have, the draws are split.
    """
    if not np.ndim(width) and not np.ndim(height):
        return image_tokens(model, width, height, detail)

    def tokens_or_nan(wide: float, high: float) -> float:
        try:
            return _cached_image_tokens(model, int(wide), int(high), detail).tokens
        except CrossoverError:
            return np.nan

    tokens = each_distinct(tokens_or_nan, width, height)
    if np.isnan(tokens):
        image_tokens(model, int(np.ravel(width)[0]), int(np.ravel(height)[0]), detail)
    rule = RULES[model.rsplit("/", 1)[-1]]
    return TokenCount(tokens, tokens, tokens, rule.evidence, (literal(rule.source),))


def low_detail_tokens(model: str) -> int | None:
    """Tokens of an image of any size at detail low, for a model or one of its editions; None where no
    number is published."""
    rule = RULES.get(_EDITION.sub("", model).rsplit("/", 1)[-1])
    return rule.base if isinstance(rule, Tiles) else None


_EDITION = re.compile(r"@.*$|-\d{4}-\d{2}-\d{2}$")
"""A region or date suffix of a model name; the rule does not depend on it."""


@dataclass(frozen=True, slots=True)
class Images:
    """The images of a mean question, all of one size."""

    per_request: float
    width_px: int
    height_px: int
    detail: Detail

    def has_rule(self, model: str) -> bool:
        """Whether the tokens of its images are published or measured, for some sizes at least."""
        return _EDITION.sub("", model).rsplit("/", 1)[-1] in RULES

    def tokens(self, model: str) -> TokenCount:
        """Tokens of all images of a request; raises CrossoverError where no rule is known."""
        image = _tokens_of_sizes(_EDITION.sub("", model), self.width_px, self.height_px, self.detail)
        tokens = image.tokens * self.per_request
        return TokenCount(
            tokens,
            tokens,
            tokens,
            image.evidence,
            (message("images by {rule}", rule=listed(image.counting_methods)),),
        )

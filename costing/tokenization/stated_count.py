"""Token count of a text that is not available: it was counted where the text is, and handed on without it."""

from __future__ import annotations

from dataclasses import dataclass

from i18n.message import message
from pricing.rows import Evidence

from .tokens import Made, TokenCount


@dataclass(frozen=True, slots=True)
class StatedCount:
    """Tokens of a text in one tokenizer; `low` and `high` are the ends of its band."""

    tokens: float
    low: float
    high: float
    evidence: Evidence
    made: Made

    @classmethod
    def of(cls, count: TokenCount) -> StatedCount:
        return cls(count.tokens, count.low, count.high, count.evidence, count.made)

    def token_count(self) -> TokenCount:
        """The count, whose method says that the text itself is missing."""
        how = message("counted from a text that was not passed on ({made})", made=message(self.made))
        return TokenCount(self.tokens, self.low, self.high, self.evidence, (how,), self.made)

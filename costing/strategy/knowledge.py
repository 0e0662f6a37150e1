"""What a strategy declares beside its cost: where its knowledge sits, and how new knowledge reaches it."""

from __future__ import annotations

from dataclasses import dataclass


@dataclass(frozen=True, slots=True)
class KnowledgeUse:
    """Shares of the knowledge by where they sit; what is neither sent nor searched is in the weights."""

    prompt_share: float = 1.0
    """Sent with every request: new knowledge is used at once."""
    is_searched: bool = False
    """Found by a search: new knowledge is used once it is indexed."""
    renewed_share_per_month: float = 0.0
    """Of a search's index; 0: it is never renewed."""
    is_tuned: bool = False
    """Whether any training of one's own is behind it."""
    retrainings_per_year: float = 0.0

    @property
    def learns_by(self) -> str:
        """The slowest way by which any part of the knowledge gets in."""
        if self.is_searched:
            return "search"
        return "prompt" if self.prompt_share >= 1 else "weights"

"""Profile of a strategy: what analyses may know of it besides its cost lines."""

from __future__ import annotations

from dataclasses import dataclass
from enum import StrEnum
from typing import Final

from pricing.rows import ModelPrice, TunedPrice

from ..units import Quantity

HostedModel = ModelPrice | TunedPrice


class PickRole(StrEnum):
    """What a strategy uses a picked price row for."""

    SERVES = "serves"
    """Answers requests: a hosted model, or the model, GPU or deployment of the strategy's own servers."""
    TRAINS = "trains"
    """Helps to make the model that serves, before the first request: a teacher, a training service."""
    EMBEDS = "embeds"
    """Turns texts into vectors for a search."""
    SUPPLIES = "supplies"
    """Supplies servers that serve, or their energy: a rent offer, a tariff, a grid."""
    REFERENCE = "reference"
    """Is compared with only: the strategy sends it nothing."""


LASTING_ROLES: Final = frozenset({PickRole.SERVES, PickRole.EMBEDS, PickRole.SUPPLIES})
"""Roles of rows that are needed as long as requests are answered; see `StrategyProfile.lasting_picks`."""


@dataclass(frozen=True, slots=True)
class KnowledgeUse:
    """Shares of the knowledge by where they sit; what is neither sent nor searched is in the weights."""

    prompt_share: float = 1.0
    """Sent with every request: new knowledge is used at once."""
    is_searched: bool = False
    """Found by a search: new knowledge is used once it is indexed."""
    renewed_share_per_month: float = 0.0
    """Share of the search index that is renewed; 0: never."""
    corpus_mtok: float | None = None
    """Size of the searched corpus, in the reference tokenizer; None: the knowledge of the workload."""
    is_tuned: bool = False
    """Whether the model was tuned for the task, by this strategy or before it."""

    @property
    def learns_by(self) -> str:
        """The slowest way by which any part of the knowledge reaches an answer."""
        if self.is_searched:
            return "search"
        return "prompt" if self.prompt_share >= 1 else "weights"


@dataclass(frozen=True, slots=True)
class TrainingPlan:
    """A training that the strategy plans and pays."""

    examples: int
    retrainings_per_year: float
    """After the first training."""


@dataclass(frozen=True, slots=True)
class OwnedHardware:
    """Terms on which bought hardware is paid for; sample arrays where a term is a range."""

    life_years: Quantity
    residual_share: Quantity
    """Share of the purchase price that a sale brings back at the end of life."""
    wacc_share: Quantity
    """Cost of capital a year."""


@dataclass(frozen=True, slots=True, kw_only=True)
class StrategyProfile:
    """What a strategy declares of itself, with its settings as they are."""

    hosted: tuple[HostedModel, ...] = ()
    """Rows of the hosted models that answer requests."""
    has_serving_fleet: bool = False
    """Whether servers of its own, rented or bought, answer requests."""
    knowledge: KnowledgeUse = KnowledgeUse()
    training: TrainingPlan | None = None
    """None: no training is planned and paid."""
    owned_hardware: OwnedHardware | None = None
    """None: none is bought."""
    paid_hours_share: float = 1.0
    """Share of all hours in which rented servers are paid for."""
    lasting_picks: frozenset[str] = frozenset()
    """Names of picks that are needed after the start, so that a successor must follow one that retires.
    The cost lines of the others are not repeated when the model is trained again."""

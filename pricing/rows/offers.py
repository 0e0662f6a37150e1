"""Rows priced by the token, the call or the hour of capacity: models, tuned models, embeddings, tools."""

from __future__ import annotations

from datetime import date
from typing import ClassVar, Literal, Self

from pydantic import BaseModel, ConfigDict, model_validator

from .base import WEEKDAYS, ClockTime, DatedFact, Fact, Number, Positive, Text, Tokens, Weekday
from .lifecycle import OwnLifecycle


class Rates(BaseModel):
    """USD per million tokens of one request, by what the tokens are."""

    model_config = ConfigDict(frozen=True, extra="forbid", strict=True)

    input_usd_per_mtok: Number
    cached_input_usd_per_mtok: Number | None = None
    """Absent: no discount for cached input is known, and none is given."""
    cache_write_usd_per_mtok: Number | None = None
    """Writes of a cache entry with a lifetime of minutes. Absent: a miss is billed as plain input."""
    cache_write_1h_usd_per_mtok: Number | None = None
    """Writes of a cache entry with a lifetime of an hour. Absent: as the short one."""
    output_usd_per_mtok: Number
    reasoning_usd_per_mtok: Number | None = None
    """Absent: reasoning is billed as output."""


class ContextTier(Rates):
    """The prices of *every* token of a request whose prompt is longer than `above_prompt_tokens`."""

    above_prompt_tokens: Tokens


class Tiered(Rates):
    """Rates with their context cliffs."""

    context_tiers: tuple[ContextTier, ...] = ()

    @model_validator(mode="after")
    def _tiers_rise(self) -> Self:
        edges = [tier.above_prompt_tokens for tier in self.context_tiers]
        if edges != sorted(set(edges)):
            raise ValueError("context_tiers: thresholds must rise (sort them, remove doubles)")
        return self


class Window(Tiered):
    """Other rates at hours of the day, UTC: from `from_utc` on, until before `to_utc`."""

    from_utc: ClockTime
    to_utc: ClockTime
    weekdays: tuple[Weekday, ...] = WEEKDAYS

    @model_validator(mode="after")
    def _forward(self) -> Self:
        if self.to_utc <= self.from_utc:
            raise ValueError("to_utc: not after from_utc (write two windows to pass midnight)")
        return self

    @property
    def hours_per_week(self) -> float:
        start, end = (60 * int(at[:2]) + int(at[3:]) for at in (self.from_utc, self.to_utc))
        return (end - start) * len(self.weekdays) / 60


class ServiceTiers(BaseModel):
    """What the vendor charges for slower, cheaper or faster service of the same model."""

    model_config = ConfigDict(frozen=True, extra="forbid", strict=True)

    batch: Tiered | None = None
    flex: Tiered | None = None
    priority: Tiered | None = None
    fast: Tiered | None = None


class Offer(DatedFact, Tiered, OwnLifecycle):
    """A dated price that a vendor may stop selling."""

    vendor: Text
    name: Text
    region: str = ""
    """Where or how it is deployed, if that decides the price."""
    tokenizer: Text
    context_window_tokens: Tokens | None = None
    usd_per_1k_requests: Number | None = None
    """A fee for each request beside its tokens; absent: none."""
    service_tiers: ServiceTiers = ServiceTiers()
    windows: tuple[Window, ...] = ()
    min_cacheable_tokens: Tokens | None = None
    cache_ttl_s: Tokens | None = None
    """Seconds that a cached prefix lives after its last use; absent: not published."""
    cache_source: str = ""

    unknown_where_blank: ClassVar[frozenset[str]] = frozenset({"context_window_tokens"})


class ModelPrice(Offer):
    """Standard prices of a hosted model, per million tokens."""


class TunedPrice(Offer):
    """A hosted fine-tune: training, inference of the tuned model, and what hosting it costs."""

    base_model: Text
    method: Text
    training_usd_per_mtok: Number | None = None
    """Per million tokens trained on: dataset tokens times epochs. Absent: unknown, or by the hour."""
    training_usd_per_hour: Number | None = None
    minimum_usd_per_job: Number | None = None
    hosting_usd_per_hour: Number | None = None
    """0 where the vendor charges none; absent: unknown."""
    storage_usd_per_month: Number | None = None
    """Storage of one tuned model by the vendor; absent: none is known."""
    max_training_example_tokens: Tokens | None = None
    """The longest example that is trained on whole; absent: not known."""
    longer_examples: Literal["cut", "dropped"] | None = None
    """What the vendor does to a longer one; absent: not known."""
    min_training_examples: Tokens | None = None
    training_source: str = ""
    """A page that shows these limits."""

    unknown_where_blank: ClassVar[frozenset[str]] = frozenset(
        {"context_window_tokens", "hosting_usd_per_hour", "training_usd_per_mtok"}
    )

    @property
    def unknown_fields(self) -> tuple[str, ...]:
        return _unless_by_the_hour(self, super().unknown_fields)


class TrainingPrice(DatedFact, OwnLifecycle):
    """Training alone, where the vendor prices it by class of model and serves the result on rented GPUs."""

    vendor: Text
    base_model: Text
    """A model, or a class of sizes."""
    method: Text
    training_usd_per_mtok: Number | None = None
    training_usd_per_hour: Number | None = None
    minimum_usd_per_job: Number | None = None
    storage_usd_per_month: Number | None = None
    """Storage of one tuned model by the vendor."""

    unknown_where_blank: ClassVar[frozenset[str]] = frozenset({"training_usd_per_mtok"})

    @property
    def unknown_fields(self) -> tuple[str, ...]:
        return _unless_by_the_hour(self, super().unknown_fields)


def _unless_by_the_hour(row: TunedPrice | TrainingPrice, blank: tuple[str, ...]) -> tuple[str, ...]:
    """A price by the hour leaves none per token to be known."""
    if row.training_usd_per_hour is None:
        return blank
    return tuple(name for name in blank if name != "training_usd_per_mtok")


class EmbeddingPrice(DatedFact, OwnLifecycle):
    """What it costs to embed text."""

    vendor: Text
    name: Text
    tokenizer: Text
    context_window_tokens: Tokens | None = None
    input_usd_per_mtok: Number
    batch_input_usd_per_mtok: Number | None = None

    unknown_where_blank: ClassVar[frozenset[str]] = frozenset({"context_window_tokens"})


class ToolFee(DatedFact):
    """A fee beside the tokens: a search, a file look-up."""

    vendor: Text
    name: Text
    usd_per_1k_calls: Number


class ProvisionedPrice(DatedFact):
    """Capacity bought by the hour: a provisioned throughput unit, a model unit."""

    vendor: Text
    name: Text
    region: str = ""
    unit: Text
    """What one of them is called: PTU, model unit."""
    usd_per_unit_hour: Positive
    commitment: str = ""
    """How long it is bought for; blank: by the hour."""


class Launch(Fact):
    """The first day on which a model was seen for sale; the id is the model's."""

    first_seen_on: date


class Milestone(Fact):
    """From which day a model was its vendor's offer of a kind: what a buyer of that day would have paid."""

    line: Literal["flagship", "small", "sonnet", "flash", "open"]
    """Which of the lines that are followed over the years."""
    model: Text
    """Id of its price row: of our tables, or of the catalogue behind them."""
    launched_on: date

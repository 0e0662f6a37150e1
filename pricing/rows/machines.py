"""Rows of one's own machines: GPUs and their prices, open models, their speed, electricity, grids."""

from __future__ import annotations

from decimal import Decimal
from typing import Annotated, Any, ClassVar, Literal, Self

from pydantic import BaseModel, BeforeValidator, ConfigDict, model_validator

from .base import Currency, DatedFact, Fact, Number, Positive, Precision, Text, Tokens, known_figure


class Gpu(Fact):
    """What a GPU is: memory, bandwidth, arithmetic, power. A whole machine without one is of kind CPU."""

    name: Text
    vendor: Text
    kind: Literal["datacentre", "consumer or PCIe", "CPU"]
    architecture: str = ""
    """The generation, as Hopper: GPUs of one are taken to be alike where nothing better is known."""
    memory_gib: Positive
    bandwidth_gb_per_s: Positive | None = None
    bf16_tflops: Positive | None = None
    """Blank, as for the bandwidth: unknown. Only measured speeds are used then, no roofline."""
    fp8_tflops: Positive | None = None
    """Blank, as below: it has no such arithmetic, or it is not known."""
    fp4_tflops: Positive | None = None
    tdp_w: Positive | None = None
    """Rated power of the GPU alone."""
    all_in_kw: Positive | None = None
    """Power of one GPU with its share of the server, at full load."""

    unknown_where_blank: ClassVar[frozenset[str]] = frozenset(
        {"bandwidth_gb_per_s", "bf16_tflops", "tdp_w", "all_in_kw"}
    )

    @property
    def is_cpu(self) -> bool:
        return self.kind == "CPU"

    def known(self, name: Literal["bandwidth_gb_per_s", "bf16_tflops"]) -> Decimal:
        """That figure; raises UnknownFigure if it is blank."""
        return known_figure(self, "gpus", self.name, name)


class GpuPurchase(DatedFact):
    """What one GPU costs to buy; the id is the GPU's."""

    usd_per_gpu: Positive


class GpuRent(DatedFact):
    """What one GPU costs to rent, on demand; the id is the GPU's."""

    usd_per_gpu_hour: Positive


ModelFigure = Literal[
    "total_params_b",
    "active_params_b",
    "layers",
    "hidden",
    "attention_layers",
    "routed_experts",
    "experts_per_token",
    "kv_bytes_per_token",
]
"""A figure of an open model that its row may leave blank."""


class OpenModel(Fact):
    """An open model as a server must hold and run it."""

    name: Text
    tokenizer: Text
    total_params_b: Positive | None = None
    active_params_b: Positive | None = None
    layers: Tokens | None = None
    hidden: Tokens | None = None
    attention_layers: Tokens | None = None
    """Blank, as the figures above and the KV bytes below: unknown."""
    routed_experts: Tokens | None = None
    """Blank: the model is dense, or, where fewer parameters are active than there are, unknown."""
    experts_per_token: Tokens | None = None
    kv_bytes_per_token: Tokens | None = None
    shipped_weights_gb: Positive | None = None
    """Size of the weights as released, where they are quantised already; no precision makes them larger."""
    kv_window_bytes_per_sequence: int = 0
    context_window_tokens: Tokens
    licence: Text | None = None
    """Blank: unknown."""

    unknown_where_blank: ClassVar[frozenset[str]] = frozenset(
        {
            *("total_params_b", "active_params_b", "layers", "hidden", "attention_layers"),
            *("kv_bytes_per_token", "licence"),
        }
    )

    @property
    def has_experts(self) -> bool:
        """Whether a token passes only some of the parameters, as far as the row says."""
        if self.routed_experts is not None:
            return True
        total, active = self.total_params_b, self.active_params_b
        return total is not None and active is not None and active < total

    @property
    def unknown_fields(self) -> tuple[str, ...]:
        blank = super().unknown_fields
        if self.has_experts:
            blank += tuple(x for x in ("routed_experts", "experts_per_token") if getattr(self, x) is None)
        if self.kv_bytes_per_token is None and not self.kv_window_bytes_per_sequence:
            blank += ("kv_window_bytes_per_sequence",)
        return blank

    def known(self, name: ModelFigure) -> Decimal:
        """That figure; raises UnknownFigure if it is blank."""
        return known_figure(self, "open_models", self.name, name)


class CurvePoint(BaseModel):
    """One point of a measured curve: how many requests ran at once, and the output of the whole replica."""

    model_config = ConfigDict(frozen=True, extra="forbid", strict=True)

    concurrency: Tokens
    output_tokens_per_s: Positive


def _points(value: Any) -> Any:
    return tuple(value) if isinstance(value, list) else value


class Deployment(Fact):
    """A measured way to serve an open model: what one replica is and how fast it was."""

    name: Text
    open_model: Text
    gpu: Text
    gpus_per_replica: Tokens
    precision: Precision
    engine: Text
    load: Text
    input_tokens: Tokens
    output_tokens: Tokens
    concurrency: Tokens | None = None
    output_tokens_per_s: Positive
    """Output of one whole replica at those lengths and that load."""
    curve: Annotated[tuple[CurvePoint, ...], BeforeValidator(_points)] = ()
    """Further points at the same lengths; with evidence `measured` they are one's own and take precedence."""
    first_token_p50_ms: Positive | None = None
    """Median time to the first token at those lengths and that load; absent: not measured."""
    token_p50_ms: Positive | None = None
    """Median time per output token after the first, likewise."""

    @property
    def is_open_loop(self) -> bool:
        """Whether the speed was measured in an open loop, not at a fixed concurrency."""
        return self.load.lower().replace("-", " ").startswith("open loop")

    @model_validator(mode="after")
    def _curve_rises(self) -> Self:
        at = [point.concurrency for point in self.curve]
        if at != sorted(set(at)):
            raise ValueError("curve: a concurrency twice, or out of order (write them rising)")
        return self


class ThroughputPrior(Fact):
    """Efficiency of a class of hardware and model, fitted to published measurements."""

    gpu_vendor: Text
    gpu_kind: Text
    mixture_of_experts: bool
    mbu: Positive
    mfu_decode: Positive
    mfu_prefill: Positive
    step_overhead_ms: Number
    layer_overhead_us: Number
    sigma_log: Positive


class GpuOffer(DatedFact):
    """One vendor's price of a GPU for an hour, on demand or reserved."""

    vendor: Text
    gpu: Text
    usd_per_gpu_hour: Positive
    commitment: str = ""
    """How long it is reserved for; blank: on demand."""


class Electricity(DatedFact):
    """A tariff."""

    region: Text
    currency: Currency
    price_per_kwh: Positive


class GridFactor(DatedFact):
    """What a kilowatt-hour of a grid emits, from the day on which the figure was published."""

    region: Text
    kg_co2e_per_kwh: Positive

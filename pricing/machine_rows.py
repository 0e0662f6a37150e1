"""Rows of one's own machines: GPUs and their prices, open models, their speed, electricity, grids."""

from __future__ import annotations

from decimal import Decimal
from typing import Annotated, Any, Literal, Self

from pydantic import BaseModel, BeforeValidator, ConfigDict, model_validator

from .message import CrossoverError, message
from .row_base import Currency, DatedFact, Fact, Number, Positive, Precision, Text, Tokens


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
    """A CPU may leave out both: no roofline is drawn for it, and its speed is measured."""
    fp8_tflops: Positive | None = None
    fp4_tflops: Positive | None = None
    all_in_kw: Positive | None = None
    """Power of one GPU with its share of the server, at full load."""

    @model_validator(mode="after")
    def _has_a_roofline(self) -> Self:
        for name in ("bandwidth_gb_per_s", "bf16_tflops"):
            if self.kind != "CPU" and getattr(self, name) is None:
                raise ValueError(f"{name}: missing (add it; only a CPU may leave it out)")
        return self

    @property
    def is_cpu(self) -> bool:
        return self.kind == "CPU"

    def known(self, name: Literal["bandwidth_gb_per_s", "bf16_tflops"]) -> Decimal:
        """That figure; raises CrossoverError where a CPU's row leaves it out."""
        value: Decimal | None = getattr(self, name)
        if value is None:
            raise CrossoverError(
                message("{gpu}: {name} is not in its row of gpus (add it)", gpu=self.name, name=name)
            )
        return value


class GpuPurchase(DatedFact):
    """What one GPU costs to buy; the id is the GPU's."""

    usd_per_gpu: Positive


class GpuRent(DatedFact):
    """What one GPU costs to rent, on demand; the id is the GPU's."""

    usd_per_gpu_hour: Positive


class OpenModel(Fact):
    """An open model as a server must hold and run it."""

    name: Text
    tokenizer: Text
    total_params_b: Positive
    active_params_b: Positive
    layers: Tokens
    hidden: Tokens
    attention_layers: Tokens
    routed_experts: Tokens | None = None
    experts_per_token: Tokens | None = None
    kv_bytes_per_token: Tokens
    shipped_weights_gb: Positive | None = None
    """Size of the weights as released, where they are quantised already; no precision makes them larger."""
    kv_window_bytes_per_sequence: int = 0
    context_window_tokens: Tokens
    licence: Text


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
    """Of one whole replica, at those lengths and that load."""
    curve: Annotated[tuple[CurvePoint, ...], BeforeValidator(_points)] = ()
    """Further points at the same lengths; with evidence `measured` one's own, which go before all else."""
    first_token_p50_ms: Positive | None = None
    """Median time to the first token at those lengths and that load; absent: not measured."""
    token_p50_ms: Positive | None = None
    """Median time per output token after the first, likewise."""

    @property
    def is_open_loop(self) -> bool:
        """Whether its speed is that of requests which arrived by a clock, not of so many at once."""
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

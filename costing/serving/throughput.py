"""Throughput of a replica: a published measurement, scaled to other lengths by the roofline's ratio."""

from __future__ import annotations

import math
from dataclasses import dataclass

from pricing.rows import Deployment, Evidence, Gpu, OpenModel, ThroughputPrior

BYTES_PER_PARAMETER = {"bf16": 2.0, "fp8": 1.0, "fp4": 0.53125, "int4": 0.53125}
"""Weights only; 4-bit formats carry their scales (4.25 bits a parameter)."""

CACHE_HEADROOM = 0.9
"""Share of the usable memory that weights and KV cache may fill; the rest is activations."""


@dataclass(frozen=True, slots=True)
class ReplicaRoofline:
    """Roofline model of one replica; SI units, over all its GPUs."""

    gpus: int
    memory_bytes: float
    bandwidth_bytes_per_s: float
    flops: float
    weight_bytes: float
    always_read_bytes: float
    expert_bytes: float
    expert_share: float
    """Experts used per token over all experts; 1 for a dense model."""
    active_params: float
    layers: int
    attention_layers: int
    hidden: int
    kv_bytes_per_token: float
    kv_bytes_per_sequence: float
    prior: ThroughputPrior

    @classmethod
    def of(
        cls, deployment: Deployment, model: OpenModel, gpu: Gpu, prior: ThroughputPrior
    ) -> ReplicaRoofline:
        """Raises UnknownFigure where a row leaves a figure of the roofline blank."""
        gpus = deployment.gpus_per_replica
        total = float(model.known("total_params_b")) * 1e9
        active = float(model.known("active_params_b")) * 1e9
        per_param = BYTES_PER_PARAMETER[deployment.precision]
        share = 1.0
        if model.has_experts:
            share = float(model.known("experts_per_token")) / float(model.known("routed_experts"))
        expert_params = (total - active) / (1 - share) if share < 1 else 0.0
        tflops = gpu.known("bf16_tflops")
        if deployment.precision == "fp8" and gpu.fp8_tflops:
            tflops = gpu.fp8_tflops
        if deployment.precision == "fp4" and gpu.fp4_tflops:
            tflops = gpu.fp4_tflops
        return cls(
            gpus=gpus,
            memory_bytes=gpus * float(gpu.memory_gib) * 2**30,
            bandwidth_bytes_per_s=gpus * float(gpu.known("bandwidth_gb_per_s")) * 1e9,
            flops=gpus * float(tflops) * 1e12,
            weight_bytes=total * per_param,
            always_read_bytes=(total - expert_params) * per_param,
            expert_bytes=expert_params * per_param,
            expert_share=share,
            active_params=active,
            layers=int(model.known("layers")),
            attention_layers=int(model.known("attention_layers")),
            hidden=int(model.known("hidden")),
            kv_bytes_per_token=float(model.known("kv_bytes_per_token")),
            kv_bytes_per_sequence=float(model.kv_window_bytes_per_sequence),
            prior=prior,
        )

    def largest_concurrency(self, input_tokens: float, output_tokens: float) -> float:
        """Sequences whose KV cache fits beside the weights, each with half of its answer on average."""
        free = self.memory_bytes * CACHE_HEADROOM - self.weight_bytes
        per_sequence = (
            self.kv_bytes_per_token * (input_tokens + output_tokens / 2) + self.kv_bytes_per_sequence
        )
        return free / per_sequence

    def gpus_that_hold(self, sequence_tokens: float) -> int:
        """The fewest GPUs of this kind that hold the weights and one sequence of that length."""
        need = self.weight_bytes + self.kv_bytes_per_token * sequence_tokens + self.kv_bytes_per_sequence
        return math.ceil(need / (self.memory_bytes / self.gpus * CACHE_HEADROOM))

    def output_tokens_per_s(self, input_tokens: float, output_tokens: float, concurrency: float) -> float:
        """Output tokens per second: C O / (O t_step + C t_prefill), with the class's efficiencies.

        t_step = bytes read / (bandwidth x MBU) + 2 P_active C / (FLOPS x MFU_decode) + overheads;
        t_prefill = (2 P_active I + attention) / (FLOPS x MFU_prefill). Good to a factor of about
        e^sigma of the class; used here only as a ratio of two lengths on the same hardware.
        """
        prior = self.prior
        sequence = self.kv_bytes_per_token * (input_tokens + output_tokens / 2) + self.kv_bytes_per_sequence
        experts_read: float = 1 - (1 - self.expert_share) ** concurrency
        bytes_read = self.always_read_bytes + self.expert_bytes * experts_read + concurrency * sequence
        overhead_s = float(prior.step_overhead_ms) * 1e-3
        if self.gpus > 1:
            overhead_s += self.layers * float(prior.layer_overhead_us) * 1e-6
        step_s = (
            bytes_read / (self.bandwidth_bytes_per_s * float(prior.mbu))
            + 2 * self.active_params * concurrency / (self.flops * float(prior.mfu_decode))
            + overhead_s
        )
        attention = 2 * input_tokens**2 * self.hidden * self.attention_layers
        prefill_s = (2 * self.active_params * input_tokens + attention) / (
            self.flops * float(prior.mfu_prefill)
        )
        seconds: float = output_tokens * step_s + concurrency * prefill_s
        return concurrency * output_tokens / seconds


@dataclass(frozen=True, slots=True)
class Throughput:
    """Speed of one replica at given lengths and concurrency, with its evidence."""

    output_tokens_per_s: float
    concurrency: float
    evidence: Evidence


def throughput(
    deployment: Deployment, roofline: ReplicaRoofline, input_tokens: float, output_tokens: float
) -> Throughput:
    """The deployment's measurement, times the roofline's ratio of these lengths to the measured ones.

    At the measured lengths it is the measurement itself. The concurrency is the measured one where it
    is known, and never more than fits; callers check that at least one sequence fits.
    """
    i0, o0 = float(deployment.input_tokens), float(deployment.output_tokens)
    fits0 = max(1.0, roofline.largest_concurrency(i0, o0))
    fits = max(1.0, roofline.largest_concurrency(input_tokens, output_tokens))
    measured_at = float(deployment.concurrency or fits0)
    concurrency = min(measured_at, fits)
    if (input_tokens, output_tokens) == (i0, o0):
        return Throughput(float(deployment.output_tokens_per_s), concurrency, deployment.evidence)
    ratio = roofline.output_tokens_per_s(
        input_tokens, output_tokens, concurrency
    ) / roofline.output_tokens_per_s(i0, o0, min(measured_at, fits0))
    return Throughput(float(deployment.output_tokens_per_s) * ratio, concurrency, Evidence.ESTIMATED)

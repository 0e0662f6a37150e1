"""GPU memory of a replica: weights, KV cache, activations, and the concurrency that fits."""

from __future__ import annotations

import math
from dataclasses import dataclass

from i18n.errors import CrossoverError
from i18n.message import Message, message
from pricing.rows import Gpu, OpenModel, Precision

from .throughput import BYTES_PER_PARAMETER, CACHE_HEADROOM


def weight_bytes(model: OpenModel, precision: Precision) -> float:
    """Bytes of all weights = parameters x bytes of the precision, at most those of a quantised release.

    Raises UnknownFigure where the number of parameters is unknown.
    """
    chosen = float(model.known("total_params_b")) * 1e9 * BYTES_PER_PARAMETER[precision]
    if model.shipped_weights_gb is None:
        return chosen
    return min(chosen, float(model.shipped_weights_gb) * 1e9)


@dataclass(frozen=True, slots=True)
class MemoryPart:
    """One use of the memory of a replica, in GiB over all its GPUs."""

    name: Message
    gib: float


@dataclass(frozen=True, slots=True)
class Memory:
    """Memory of one replica and the needs of its model, in bytes over all its GPUs."""

    gpus: int
    usable_bytes: float
    weight_bytes: float
    kv_bytes_per_token: float
    kv_bytes_per_sequence: float
    """Constant state of a sliding window or of linear attention."""

    @classmethod
    def of(cls, model: OpenModel, gpu: Gpu, precision: Precision, gpus: int) -> Memory:
        """Raises UnknownFigure where the model's row leaves blank what it takes."""
        return cls(
            gpus=gpus,
            usable_bytes=gpus * float(gpu.memory_gib) * 2**30,
            weight_bytes=weight_bytes(model, precision),
            kv_bytes_per_token=float(model.known("kv_bytes_per_token")),
            kv_bytes_per_sequence=float(model.kv_window_bytes_per_sequence),
        )

    @property
    def activation_bytes(self) -> float:
        """Reserved for activations and the engine."""
        return (1 - CACHE_HEADROOM) * self.usable_bytes

    def cache_bytes(self, tokens: float) -> float:
        """KV cache of one sequence of that length."""
        return self.kv_bytes_per_token * tokens + self.kv_bytes_per_sequence

    def largest_concurrency(self, input_tokens: float, output_tokens: float) -> int:
        """Sequences that fit beside the weights, each with half of its answer; 0 where none fits."""
        free = self.usable_bytes - self.activation_bytes - self.weight_bytes
        return max(0, math.floor(free / self.cache_bytes(input_tokens + output_tokens / 2)))

    def gpus_that_hold(self, sequence_tokens: float) -> int:
        """The fewest GPUs of this kind that hold the weights and one sequence."""
        need = self.weight_bytes + self.cache_bytes(sequence_tokens)
        return math.ceil(need / (self.usable_bytes / self.gpus * CACHE_HEADROOM))

    def parts(self, input_tokens: float, output_tokens: float, concurrency: float) -> tuple[MemoryPart, ...]:
        """Weights, KV cache, activations and what is free: their sum is the usable memory.

        Raises CrossoverError, which says how many GPUs would do, where they do not fit.
        """
        cache = concurrency * self.cache_bytes(input_tokens + output_tokens / 2)
        free = self.usable_bytes - self.weight_bytes - cache - self.activation_bytes
        if free < 0:
            need = (self.weight_bytes + cache) / (self.usable_bytes / self.gpus * CACHE_HEADROOM)
            raise CrossoverError(
                message(
                    "weights and cache of {n:,.0f} requests at once do not fit {have} GPU (take {need})",
                    n=concurrency,
                    have=self.gpus,
                    need=math.ceil(need),
                )
            )
        return (
            MemoryPart(message("Weights"), self.weight_bytes / 2**30),
            MemoryPart(message("KV cache"), cache / 2**30),
            MemoryPart(message("Activations"), self.activation_bytes / 2**30),
            MemoryPart(message("Free"), free / 2**30),
        )

"""Roofline model of many setups at once: seconds by component, and the fit of its efficiencies."""

from __future__ import annotations

import re
from collections.abc import Sequence
from dataclasses import dataclass, fields
from typing import Final

import numpy as np
import numpy.typing as npt

from pricing.rows import Gpu, OpenModel, Precision

from .gpu_memory import Memory, weight_bytes

Floats = npt.NDArray[np.float64]

ENGINE_MAX_SEQUENCES: Final = 2048
"""Requests beyond this concurrency wait inside the engine."""

COMPONENTS: Final = ("memory", "decode arithmetic", "prefill arithmetic", "each step", "each layer")

USUAL: Final[Floats] = np.log(np.array([0.6, 0.2, 0.4, 1e-3, 1e-4]))
"""Logs of the prior efficiencies: MBU, MFU of decode and of prefill, seconds per step and per layer."""
_SPREAD: Final = np.array([0.4, 0.8, 0.7, 1.2, 1.2])
_OUTLIER: Final = 0.35
"""Log error from which on a measurement has less weight."""


@dataclass(frozen=True, slots=True)
class Setup:
    """A model on GPUs under a load, as numbers of one replica."""

    replicas: float
    gpus: float
    stages: float
    """Pipeline stages: GPUs of a replica over those that share every layer."""
    spread_experts: float
    """1 where attention is data-parallel and the experts are spread (DEP), else 0."""
    bandwidth: float
    flops: float
    always_read: float
    experts: float
    expert_share: float
    active_params: float
    layers: float
    hidden: float
    attention_layers: float
    cache_per_token: float
    cache_per_sequence: float
    input_tokens: float
    output_tokens: float
    concurrency: float
    """Requests that run at once: those that fit the memory and the engine."""
    waiting: float
    """log(requested concurrency / running requests): 0 where all of them run."""

    @classmethod
    def of(
        cls,
        model: OpenModel,
        gpu: Gpu,
        precision: Precision,
        *,
        gpu_count: int,
        parallel: str,
        input_tokens: float,
        output_tokens: float,
        concurrency: float | None,
    ) -> Setup:
        """`parallel` as published: the GPUs that share a layer, as 4, TP4 or DEP4; blank: all of them.

        `concurrency` None: as many requests as run at once. Raises UnknownFigure where a row leaves a figure
        blank.
        """
        tensor = tensor_parallel(parallel, gpu_count)
        gpus = tensor
        weights = weight_bytes(model, precision)
        while weights > Memory.of(model, gpu, precision, gpus).usable_bytes * 0.92 and gpus < gpu_count:
            gpus *= 2
        gpus = min(gpus, gpu_count)
        replicas = gpu_count / gpus
        fits = max(1, Memory.of(model, gpu, precision, gpus).largest_concurrency(input_tokens, output_tokens))
        running = 1.0 * min(fits, ENGINE_MAX_SEQUENCES)
        requested = running if concurrency is None else concurrency / replicas
        share, experts = 1.0, 0.0
        total, active = float(model.known("total_params_b")), float(model.known("active_params_b"))
        if model.has_experts:
            share = float(model.known("experts_per_token")) / float(model.known("routed_experts"))
            experts = weights * (total - active) / (1 - share) / total
        return cls(
            replicas=replicas,
            gpus=gpus,
            stages=gpus / tensor,
            spread_experts=float("DEP" in parallel.upper()),
            bandwidth=gpus * float(gpu.known("bandwidth_gb_per_s")) * 1e9,
            flops=gpus * _tflops(gpu, precision) * 1e12,
            always_read=weights - experts,
            experts=experts,
            expert_share=share,
            active_params=active * 1e9,
            layers=float(model.known("layers")),
            hidden=float(model.known("hidden")),
            attention_layers=float(model.known("attention_layers")),
            cache_per_token=float(model.known("kv_bytes_per_token")),
            cache_per_sequence=float(model.kv_window_bytes_per_sequence),
            input_tokens=input_tokens,
            output_tokens=output_tokens,
            concurrency=min(requested, running),
            waiting=np.log(requested / min(requested, running)),
        )


def check_known(model: OpenModel, gpu: Gpu) -> None:
    """Raises UnknownFigure with the first figure of the roofline that a row leaves blank."""
    model.known("total_params_b")
    model.known("active_params_b")
    if model.has_experts:
        model.known("experts_per_token")
        model.known("routed_experts")
    model.known("layers")
    model.known("hidden")
    model.known("attention_layers")
    model.known("kv_bytes_per_token")
    gpu.known("bandwidth_gb_per_s")
    gpu.known("bf16_tflops")


def tensor_parallel(parallel: str, gpu_count: int) -> int:
    """Number of GPUs that share every layer."""
    number = re.search(r"\d+", parallel)
    return min(int(number[0]), gpu_count) if number and int(number[0]) else gpu_count


def _tflops(gpu: Gpu, precision: Precision) -> float:
    """Peak TFLOPS of the narrowest arithmetic for the precision; 4-bit integers compute in 16 bits."""
    wide = gpu.known("bf16_tflops")
    if precision == "fp8":
        return float(gpu.fp8_tflops or wide)
    if precision == "fp4":
        return float(gpu.fp4_tflops or gpu.fp8_tflops or wide)
    return float(wide)


@dataclass(frozen=True, slots=True)
class Setups:
    """Many setups as a table: one row per setup, one column per field of `Setup`."""

    table: Floats

    @classmethod
    def of(cls, rows: Sequence[Setup]) -> Setups:
        names = [field.name for field in fields(Setup)]
        return cls(np.array([[getattr(row, name) for name in names] for row in rows]).reshape(-1, len(names)))

    @classmethod
    def of_draws(cls, setup: Setup) -> Setups:
        """One setup of which a figure may be a Monte Carlo sample array: a row for each draw."""
        columns = [np.asarray(getattr(setup, field.name)) for field in fields(Setup)]
        return cls(np.stack([np.atleast_1d(column) for column in np.broadcast_arrays(*columns)], axis=-1))

    def column(self, name: str) -> Floats:
        return self.table[:, _PLACE[name]]

    def some(self, which: npt.NDArray[np.intp] | npt.NDArray[np.bool_]) -> Setups:
        return Setups(self.table[which])


_PLACE: Final = {field.name: place for place, field in enumerate(fields(Setup))}


def seconds(setups: Setups, efficiencies: Floats) -> Floats:
    """Seconds of a batch by `COMPONENTS` (columns); `efficiencies` are logs as `USUAL`, one row per setup.

    X = C O / sum, with t_step = bytes / (bandwidth x MBU) + 2 P C / (FLOPS x MFU decode) + t0
    + L tau [TP > 1] and t_prefill = (2 P I + attention) / (FLOPS x MFU prefill).
    """
    get = setups.column
    n, out = get("concurrency"), get("output_tokens")
    sequence = get("cache_per_token") * (get("input_tokens") + out / 2) + get("cache_per_sequence")
    touched = 1 - (1 - get("expert_share")) ** n
    read = get("always_read") + get("experts") * touched + n * sequence
    attention = 2 * get("input_tokens") ** 2 * get("hidden") * get("attention_layers")
    ideal = np.stack(
        [
            out * read / get("bandwidth"),
            out * 2 * get("active_params") * n / get("flops"),
            n * (2 * get("active_params") * get("input_tokens") + attention) / get("flops"),
            out,
            out * get("layers") * (get("gpus") > 1),
        ],
        axis=1,
    )
    spent: Floats = ideal * np.exp(np.atleast_2d(efficiencies) * np.array([-1.0, -1.0, -1.0, 1.0, 1.0]))
    return spent


def log_speed(setups: Setups, efficiencies: Floats) -> Floats:
    """Log of output tokens per second of one replica."""
    spent = seconds(setups, efficiencies).sum(axis=1)
    speeds: Floats = np.log(setups.column("concurrency") * setups.column("output_tokens") / spent)
    return speeds


def fitted(setups: Setups, measured: Floats) -> Floats:
    """Efficiencies fitted to measured log speeds, with `USUAL` as the prior; outliers have less weight.

    Gauss-Newton with the exact derivative: the log speed falls by each component's share of the time.
    """
    efficiencies = USUAL.copy()
    if not len(measured):
        return efficiencies
    sign = np.array([1.0, 1.0, 1.0, -1.0, -1.0])
    for _ in range(60):
        spent = seconds(setups, efficiencies)
        slope = sign * spent / spent.sum(axis=1, keepdims=True)
        error = (measured - log_speed(setups, efficiencies)) / _OUTLIER
        weight = 1 / np.sqrt(1 + error**2)
        left = np.concatenate([slope / _OUTLIER * np.sqrt(weight)[:, None], np.diag(1 / _SPREAD)])
        right = np.concatenate([error * np.sqrt(weight), (USUAL - efficiencies) / _SPREAD])
        step = np.clip(np.linalg.lstsq(left, right, rcond=None)[0], -0.5, 0.5)
        efficiencies = efficiencies + step
        if np.abs(step).max() < 1e-5:
            break
    return efficiencies

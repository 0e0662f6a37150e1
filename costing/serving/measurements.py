"""Measurements that can be learnt from: published ones, and one's own deployments."""

from __future__ import annotations

import math
from dataclasses import dataclass

from pricing.book import PricesOnDay
from pricing.published_throughput import Measurement
from pricing.rows import Deployment, Evidence, Gpu, OpenModel, UnknownFigure

from .gaussian_process import Traits
from .roofline import Setup


@dataclass(frozen=True, slots=True)
class Known:
    """A measurement that can be learnt from."""

    setup: Setup
    traits: Traits
    gpu_count: int
    log_concurrency: float | None
    log_speed: float
    """Of one replica."""
    group_class: str
    is_own: bool


def class_of(gpu: Gpu, model: OpenModel) -> str:
    experts = "mixture of experts" if model.has_experts else "dense"
    return f"{gpu.vendor} {gpu.kind}, {experts}"


def traits_of(model: OpenModel, gpu: Gpu, precision: str, engine: str) -> Traits:
    made = gpu.architecture or gpu.id
    return Traits(engine, gpu.id, made, precision, model.id, model.has_experts)


def learnt(prices: PricesOnDay, row: Measurement) -> Known | None:
    """What can be learnt from a measurement; None where its lengths, load or parts are not known, or a figure
    of its parts."""
    model, gpu = prices.rows(OpenModel).get(row.model), prices.rows(Gpu).get(row.gpu)
    if model is None or gpu is None or gpu.is_cpu or row.precision is None or row.speculative:
        return None
    if row.input_tokens is None or row.output_tokens is None or row.output_tokens_per_s is None:
        return None
    if row.concurrency is None and not row.is_offline:
        return None
    try:
        setup = Setup.of(
            model,
            gpu,
            row.precision,
            gpu_count=row.gpu_count,
            parallel=row.parallel,
            input_tokens=row.input_tokens,
            output_tokens=row.output_tokens,
            concurrency=row.concurrency,
        )
    except UnknownFigure:
        return None
    return Known(
        setup,
        traits_of(model, gpu, row.precision, row.engine),
        row.gpu_count,
        None if row.concurrency is None else math.log(row.concurrency),
        math.log(row.output_tokens_per_s / setup.replicas),
        class_of(gpu, model),
        False,
    )


def own_points(prices: PricesOnDay, row: Deployment) -> list[Known]:
    """The points of one's own measured deployment; those of a CPU teach nothing about others, nor do those of
    a model or GPU whose row leaves blank what a roofline takes."""
    model, gpu = prices.open_model(row.open_model), prices.gpu(row.gpu)
    if row.evidence != Evidence.MEASURED or gpu.is_cpu:
        return []
    points = [(float(at.concurrency), float(at.output_tokens_per_s)) for at in row.curve]
    points_and_offline: list[tuple[float | None, float]]
    if row.is_open_loop:
        points_and_offline = list(points)
    elif row.concurrency is None:
        points_and_offline = [(None, float(row.output_tokens_per_s)), *points]
    else:
        own = {float(row.concurrency): float(row.output_tokens_per_s)}
        points_and_offline = list({**own, **dict(points)}.items())
    found = []
    for concurrency, speed in points_and_offline:
        try:
            setup = Setup.of(
                model,
                gpu,
                row.precision,
                gpu_count=row.gpus_per_replica,
                parallel="",
                input_tokens=row.input_tokens,
                output_tokens=row.output_tokens,
                concurrency=concurrency,
            )
        except UnknownFigure:
            return []
        at = None if concurrency is None else math.log(concurrency)
        traits = traits_of(model, gpu, row.precision, row.engine)
        kind = class_of(gpu, model)
        found.append(Known(setup, traits, row.gpus_per_replica, at, math.log(speed), kind, True))
    return found

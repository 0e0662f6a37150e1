"""Measurements to which the predictor is fitted: published ones, and the user's own deployments."""

from __future__ import annotations

import math
from dataclasses import dataclass

from pricing.book import PricesOnDay
from pricing.published_throughput import Measurement
from pricing.rows import Deployment, Evidence, Gpu, OpenModel, UnknownFigure

from .gaussian_process import Traits
from .roofline import Setup


@dataclass(frozen=True, slots=True)
class TrainingPoint:
    """A measurement to which the predictor is fitted."""

    setup: Setup
    traits: Traits
    gpu_count: int
    log_concurrency: float | None
    log_speed: float
    """Log of output tokens per second of one replica."""
    group_class: str
    is_own: bool


def class_of(gpu: Gpu, model: OpenModel) -> str:
    """Class of hardware and model that shares the efficiencies of the roofline."""
    experts = "mixture of experts" if model.has_experts else "dense"
    return f"{gpu.vendor} {gpu.kind}, {experts}"


def traits_of(model: OpenModel, gpu: Gpu, precision: str, engine: str) -> Traits:
    architecture = gpu.architecture or gpu.id
    return Traits(engine, gpu.id, architecture, precision, model.id, model.has_experts)


def training_point(prices: PricesOnDay, row: Measurement) -> TrainingPoint | None:
    """A published measurement as a training point; None where its setup, lengths or load are unknown."""
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
    return TrainingPoint(
        setup,
        traits_of(model, gpu, row.precision, row.engine),
        row.gpu_count,
        None if row.concurrency is None else math.log(row.concurrency),
        math.log(row.output_tokens_per_s / setup.replicas),
        class_of(gpu, model),
        False,
    )


def own_points(prices: PricesOnDay, row: Deployment) -> list[TrainingPoint]:
    """Training points of the user's own measured deployment.

    None of a CPU, and none where the row of the model or GPU leaves blank what the roofline needs.
    """
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
    training_points = []
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
        training_points.append(
            TrainingPoint(setup, traits, row.gpus_per_replica, at, math.log(speed), kind, True)
        )
    return training_points

"""Predicted throughput of an open model on GPUs: measured, published or estimated, best evidence first."""

from __future__ import annotations

import math
from collections.abc import Callable, Iterable, Sequence
from dataclasses import dataclass
from typing import Final

import numpy as np

from i18n.errors import CrossoverError
from i18n.message import Message, message
from pricing.book import PricesOnDay, suggestion
from pricing.published_throughput import (
    GPU_IDS,
    MODEL_IDS,
    PRECISIONS,
    Measurement,
    gpu_id,
    model_id,
    published,
)
from pricing.rows import Deployment, Evidence, Gpu, OpenModel

from .gaussian_process import Points, SimilarityModel, Traits
from .gpu_memory import Memory
from .measured_curve import CURVE_SIGMA_LOG, SAME_LENGTH, MeasuredCurve
from .measurements import TrainingPoint, class_of, own_points, training_point, traits_of
from .roofline import USUAL, Floats, Setup, Setups, fitted, log_speed, seconds, tensor_parallel

SPREAD_FACTOR: Final = 0.6
"""Factor on the spread of the process, too wide for unseen groups; measured by `perf/throughput.py`."""

_LONG_CONTEXT: Final = 10_000
_LARGEST_NODE: Final = 8
_FULLEST: Final = 0.97
"""Share of the memory beyond which a setup is refused; measured engines fill more than 0.9."""


@dataclass(frozen=True, slots=True)
class Question:
    """A setup whose speed is wanted, by the names of the tables or of the measurements."""

    model: str
    gpu: str
    precision: str
    gpu_count: int
    parallel: str
    engine: str
    input_tokens: float
    output_tokens: float
    concurrency: float | None = None
    """None: offline, all requests are there from the start."""
    speculative: bool = False
    prefix_caching: bool = False


@dataclass(frozen=True, slots=True)
class Prediction:
    """Predicted speed, its evidence and its spread."""

    output_tokens_per_s: float
    """Over all GPUs."""
    evidence: Evidence
    sigma_log: float
    """Standard deviation of the log: two predictions of three lie within a factor of e to this power."""
    method: Message
    warnings: tuple[Message, ...]


class Predictor:
    """Roofline with fitted efficiencies, corrected by a Gaussian process over the measurements."""

    def __init__(self, prices: PricesOnDay, known: Sequence[TrainingPoint]) -> None:
        self._prices = prices
        self._known = tuple(known)
        setups = Setups.of([row.setup for row in known])
        self._speeds = np.array([row.log_speed for row in known])
        self._classes = np.array([row.group_class for row in known], dtype=object)
        self._efficiencies = {
            name: fitted(setups.some(self._classes == name), self._speeds[self._classes == name])
            for name in sorted({row.group_class for row in known})
        }
        self._usual = fitted(setups, self._speeds) if known else USUAL
        roof = self._roof(setups, self._classes) if known else self._speeds
        self._errors: Floats = self._speeds - roof
        points = self._points(setups, [row.traits for row in known])
        self._similar = SimilarityModel(points, self._errors)
        self._engines = sorted({row.traits.engine for row in known})
        self._groups: dict[tuple[str, ...], list[int]] = {}
        for i, row in enumerate(known):
            self._groups.setdefault(row.traits.group, []).append(i)

    @classmethod
    def of(
        cls,
        prices: PricesOnDay,
        measurements: Iterable[Measurement] | None = None,
        keep: Callable[[TrainingPoint], bool] = lambda row: True,
    ) -> Predictor:
        """Fitted to published measurements (by default all) and own deployments, filtered by `keep`."""
        shipped = published() if measurements is None else measurements
        points = (training_point(prices, measurement) for measurement in shipped)
        rows = [point for point in points if point is not None]
        for deployment in prices.rows(Deployment).values():
            rows += own_points(prices, deployment)
        return cls(prices, [row for row in rows if keep(row)])

    @property
    def known(self) -> tuple[TrainingPoint, ...]:
        return self._known

    @property
    def efficiencies(self) -> dict[str, Floats]:
        """Class of GPU and model -> logs of its efficiencies, as `roofline.USUAL`."""
        return self._efficiencies

    def _roof(self, setups: Setups, classes: Iterable[str]) -> Floats:
        """Log speed by the roofline: mean of those with the class's and with the overall efficiencies."""
        rows = np.array([self._efficiencies.get(name, self._usual) for name in classes])
        return (log_speed(setups, rows) + log_speed(setups, self._usual)) / 2

    def _points(self, setups: Setups, traits: Sequence[Traits]) -> Points:
        if not traits:
            return Points((), np.zeros((0, 5)), np.zeros((0, 7)), np.zeros((0, 2)))
        spent = seconds(setups, self._usual)
        place = [np.log(setups.column(name)) for name in ("concurrency", "input_tokens", "output_tokens")]
        place += [np.log(setups.column("gpus")), setups.column("waiting")]
        place += [setups.column("stages") - 1, setups.column("spread_experts")]
        weights = (setups.column("always_read") + setups.column("experts")) / setups.column("gpus")
        size = [np.log(setups.column("active_params")), np.log(weights)]
        shares = spent / spent.sum(axis=1, keepdims=True)
        return Points(tuple(traits), shares, np.stack(place, axis=1), np.stack(size, axis=1))

    def predict(self, question: Question) -> Prediction:
        """Prediction from the best available evidence; raises CrossoverError where there is none."""
        machine = self._prices.rows(Gpu).get(gpu_id(question.gpu))
        if machine is not None and machine.is_cpu:
            return self._on_cpu(question, machine)
        model, gpu, traits, setup = _resolve(self._prices, question, self._engines)
        same = [
            i for i in self._groups.get(traits.group, []) if self._known[i].gpu_count == question.gpu_count
        ]
        if not same:
            _check_fit(model, gpu, question)
        setups = Setups.of([setup])
        kind = class_of(gpu, model)
        roof = float(self._roof(setups, [kind])[0])
        warnings = list(_warnings(question, setup))
        on_curve = self._on_curve(setup, question, same)
        evidence: Evidence
        if on_curve is not None:
            error, is_own = on_curve
            sigma = CURVE_SIGMA_LOG
            evidence, method = _curve_evidence(is_own)
        else:
            means, spreads = self._similar.expected(self._points(setups, [traits]))
            error, sigma = float(means[0]), float(spreads[0]) * SPREAD_FACTOR
            group = self._groups.get(traits.group, [])
            warnings += self._range_warnings(question, group)
            evidence, method = self._group_evidence(group, traits)
        speed = math.exp(roof + error) * setup.replicas
        return Prediction(speed, evidence, sigma, method, tuple(warnings))

    def _on_cpu(self, question: Question, machine: Gpu) -> Prediction:
        """Only where it was measured: there is no roofline of a CPU."""
        for row in self._prices.rows(Deployment).values():
            if row.evidence != Evidence.MEASURED or (row.open_model, row.gpu) != (
                model_id(question.model),
                machine.id,
            ):
                continue
            if (row.precision, row.gpus_per_replica) != (
                PRECISIONS.get(question.precision.strip().lower()),
                question.gpu_count,
            ):
                continue
            curve = MeasuredCurve.of(row)
            if curve.is_near(question.input_tokens, question.output_tokens) and curve.reaches(
                question.concurrency
            ):
                speed = curve.capacity if question.concurrency is None else curve.at(question.concurrency)
                evidence, method = _curve_evidence(True)
                return Prediction(speed, evidence, CURVE_SIGMA_LOG, method, ())
        raise CrossoverError(
            message(
                "{gpu} is a CPU: its speed is known only where it was measured, and {model} in {precision} "
                "was not at these lengths and this load (run 'bench sweep' there, then 'bench calibrate')",
                gpu=machine.name,
                model=question.model,
                precision=question.precision,
            )
        )

    def group_of(self, question: Question) -> tuple[str, ...]:
        """Group (model, GPU, engine, precision) of the measurements of the same setup."""
        return _resolve(self._prices, question, self._engines)[2].group

    def unseen(self, rows: Sequence[TrainingPoint]) -> tuple[Floats, Floats, Floats]:
        """Log speeds of one replica by the roofline, corrected, and their spread; no curve is used."""
        setups = Setups.of([row.setup for row in rows])
        roof = self._roof(setups, [row.group_class for row in rows])
        errors, spreads = self._similar.expected(self._points(setups, [row.traits for row in rows]))
        return roof, roof + errors, spreads * SPREAD_FACTOR

    def _on_curve(self, setup: Setup, question: Question, same: Sequence[int]) -> tuple[float, bool] | None:
        """Log error interpolated on a measured curve at these lengths, and whether the curve is own."""
        for own in (True, False):
            curve: dict[float | None, list[float]] = {}
            for i in same:
                row = self._known[i]
                if row.is_own is own and _same_shape(row.setup, setup):
                    curve.setdefault(row.log_concurrency, []).append(float(self._errors[i]))
            if question.concurrency is None:
                if None in curve:
                    return float(np.mean(curve[None])), own
                continue
            at = math.log(question.concurrency)
            points = sorted((place, float(np.mean(e))) for place, e in curve.items() if place is not None)
            if points and points[0][0] - 1e-9 <= at <= points[-1][0] + 1e-9:
                places, errors = zip(*points, strict=True)
                return float(np.interp(at, places, errors)), own
        return None

    def _range_warnings(self, question: Question, group: Sequence[int]) -> list[Message]:
        at = [c for i in group if (c := self._known[i].log_concurrency) is not None]
        if not at or question.concurrency is None:
            return []
        low, high = math.exp(min(at)), math.exp(max(at))
        if low * 0.99 <= question.concurrency <= high * 1.01:
            return []
        return [
            message(
                "{n:,.0f} requests at once are outside what was measured: {low:,.0f} to {high:,.0f}",
                n=question.concurrency,
                low=low,
                high=high,
            )
        ]

    def _group_evidence(self, group: Sequence[int], traits: Traits) -> tuple[Evidence, Message]:
        if any(self._known[i].is_own for i in group):
            return Evidence.MEASURED, message("your own measurement, carried to these lengths and this load")
        if group:
            return Evidence.PUBLISHED, message(
                "published measurements of the same setup ({n}), carried to these lengths and this load",
                n=len(group),
            )
        alike = sum(
            (row.traits.model == traits.model) + (row.traits.gpu == traits.gpu) > 0 for row in self._known
        )
        return Evidence.ESTIMATED, message(
            "roofline, corrected by {n} measurements of the same model or GPU", n=alike
        )


def _curve_evidence(is_own: bool) -> tuple[Evidence, Message]:
    if is_own:
        return Evidence.MEASURED, message("your own measured curve")
    return Evidence.PUBLISHED, message("published measurement of the same setup")


def _same_shape(setup: Setup, other: Setup) -> bool:
    near = (
        abs(math.log(setup.input_tokens / other.input_tokens)) < SAME_LENGTH
        and abs(math.log(setup.output_tokens / other.output_tokens)) < SAME_LENGTH
    )
    return near and (setup.gpus, setup.stages, setup.spread_experts) == (
        other.gpus,
        other.stages,
        other.spread_experts,
    )


def _resolve(
    prices: PricesOnDay, question: Question, engines: Sequence[str]
) -> tuple[OpenModel, Gpu, Traits, Setup]:
    """Rows, traits and setup of a question; raises CrossoverError with what is unknown."""
    models, gpus = prices.rows(OpenModel), prices.rows(Gpu)
    model = models.get(model_id(question.model))
    if model is None:
        hint = suggestion(question.model, [*models, *MODEL_IDS])
        raise CrossoverError(
            message("model '{name}' is not in open_models{hint} (add a row)", name=question.model, hint=hint)
        )
    gpu = gpus.get(gpu_id(question.gpu))
    if gpu is None:
        hint = suggestion(question.gpu, [*gpus, *GPU_IDS])
        raise CrossoverError(
            message("GPU '{name}' is not in gpus{hint} (add a row)", name=question.gpu, hint=hint)
        )
    precision = PRECISIONS.get(question.precision.strip().lower())
    if precision is None:
        raise CrossoverError(
            message(
                "precision '{name}' is unknown{hint} (one of {known})",
                name=question.precision,
                hint=suggestion(question.precision, PRECISIONS),
                known=", ".join(PRECISIONS),
            )
        )
    setup = Setup.of(
        model,
        gpu,
        precision,
        gpu_count=question.gpu_count,
        parallel=question.parallel,
        input_tokens=question.input_tokens,
        output_tokens=question.output_tokens,
        concurrency=question.concurrency,
    )
    return model, gpu, traits_of(model, gpu, precision, _engine(question.engine, engines)), setup


def _engine(name: str, known: Sequence[str]) -> str:
    """Name of the engine as in the measurements: the same name, or the one with the same first word."""
    name = name.strip()
    if name in known or not name:
        return name
    lower = {engine.lower(): engine for engine in known}
    first = name.lower().split()[0]
    return lower.get(name.lower()) or lower.get(first) or name


def _check_fit(model: OpenModel, gpu: Gpu, question: Question) -> None:
    precision = PRECISIONS[question.precision.strip().lower()]
    memory = Memory.of(model, gpu, precision, question.gpu_count)
    tokens = question.input_tokens + question.output_tokens
    if memory.weight_bytes + memory.cache_bytes(tokens) > _FULLEST * memory.usable_bytes:
        raise CrossoverError(
            message(
                "{model} in {precision} with {tokens:,.0f} tokens does not fit {n} × {gpu} (take {need})",
                model=model.name,
                precision=precision,
                tokens=tokens,
                n=question.gpu_count,
                gpu=gpu.name,
                need=memory.gpus_that_hold(tokens),
            )
        )


def _warnings(question: Question, setup: Setup) -> Iterable[Message]:
    if question.input_tokens + question.output_tokens > _LONG_CONTEXT:
        yield message("context beyond 10,000 tokens: few measurements, expect more error")
    tensor = tensor_parallel(question.parallel, question.gpu_count)
    if tensor > _LARGEST_NODE and not gpu_id(question.gpu).startswith("gb"):
        yield message(
            "more than 8 GPUs share a layer, so several servers do: no measurement covers their links"
        )
    if question.speculative:
        yield message("speculative decoding is not modelled: it may be faster")
    if question.prefix_caching:
        yield message("prefix caching is not modelled: shared prompts may be faster")
    if setup.waiting > 0.01 and question.concurrency is not None:
        yield message(
            "only {n:,.0f} requests at once run beside the weights; the others wait",
            n=setup.concurrency * setup.replicas,
        )

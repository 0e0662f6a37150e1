"""Throughput of one replica, from the best available evidence."""

from __future__ import annotations

import math
from collections.abc import Callable
from dataclasses import dataclass, replace
from functools import lru_cache
from threading import Lock

import numpy as np

from i18n.message import Message, message
from pricing.book import PricesOnDay
from pricing.rows import Deployment, Evidence, Gpu, OpenModel, UnknownFigure

from ..cost_lines import weakest
from ..numerics.elementwise import each_distinct
from ..serving.measured_curve import CURVE_SIGMA_LOG, MeasuredCurve
from ..serving.predictor import Prediction, Predictor, Question
from ..serving.throughput import ReplicaRoofline, Throughput, throughput
from ..strategy.base import Infeasible
from .interpolation import interpolated_speed
from .replica import FleetReplica

Predict = Callable[[float, float, float], Prediction]
"""Input tokens, output tokens and concurrency -> prediction."""

_MAX_FITTED = 4
"""Predictors kept."""


@dataclass(frozen=True, slots=True)
class ReplicaSpeed:
    """Output tokens per second of one replica at given lengths, as a function of the concurrency."""

    full: Throughput
    """At the planned concurrency."""
    at: Callable[[float], float]
    """Output tokens per second at a concurrency up to the planned one."""
    evidence_below: Evidence
    """Evidence of the speed below the planned concurrency."""
    method: Message | None = None
    """What the speed rests on; None where its spread is not known."""
    sigma_log: float = 0.0
    """Standard deviation of the logarithm of the speed; 0 where it is not known."""
    warnings: tuple[Message, ...] = ()
    prefill: Callable[[], float | None] = lambda: None
    """Computes `prefill_s` on demand: most plans never need it."""

    @property
    def prefill_s(self) -> float | None:
        """Seconds of the prefill of one request alone; None where it cannot be told from the decode steps."""
        return self.prefill()

    def times(self, factor: float) -> ReplicaSpeed:
        """Scaled by a factor that the user gives: the evidence becomes *assumed*."""
        if factor == 1:
            return self
        at, full = self.at, self.full
        faster = Throughput(
            full.output_tokens_per_s * factor, full.concurrency, weakest(full.evidence, Evidence.ASSUMED)
        )
        return replace(self, full=faster, at=lambda concurrency: at(concurrency) * factor)


def replica_speed(
    replica: FleetReplica, input_tokens: float, output_tokens: float, max_concurrency: float
) -> ReplicaSpeed:
    """Speed at these lengths, where at most `max_concurrency` requests at once fit the memory.

    Raises Infeasible, or CrossoverError for what is unknown.
    """
    row = replica.deployment
    if row is None:
        return _predicted(replica, input_tokens, output_tokens, max_concurrency)
    if replica.has_measured_curve:
        return _measured(replica, row, input_tokens, output_tokens, max_concurrency)
    try:
        roofline = replica.roofline
    except UnknownFigure as blank:
        return _without_roofline(row, input_tokens, output_tokens, max_concurrency, blank)
    return _scaled_by_roofline(row, roofline, input_tokens, output_tokens)


def _without_roofline(
    row: Deployment, input_tokens: float, output_tokens: float, max_concurrency: float, blank: UnknownFigure
) -> ReplicaSpeed:
    """The row's one figure at its own lengths and load: without a roofline it cannot be scaled to others.

    Raises UnknownFigure at other lengths, and where fewer requests fit than were measured together.
    """
    measured_at = max_concurrency if row.concurrency is None else float(row.concurrency)
    if not MeasuredCurve.of(row).is_near(input_tokens, output_tokens) or measured_at > max_concurrency:
        raise blank
    speed = float(row.output_tokens_per_s)

    def at(concurrency: float) -> float:
        if concurrency != measured_at:
            raise blank
        return speed

    return ReplicaSpeed(Throughput(speed, measured_at, row.evidence), at, row.evidence)


def _scaled_by_roofline(
    row: Deployment, roofline: ReplicaRoofline, input_tokens: float, output_tokens: float
) -> ReplicaSpeed:
    """The row's one figure, times the roofline's ratio at other lengths and loads."""
    lengths = (input_tokens, output_tokens)
    full = throughput(row, roofline, *lengths)

    def at(concurrency: float) -> float:
        if concurrency == full.concurrency:
            return full.output_tokens_per_s
        return (
            full.output_tokens_per_s
            * roofline.output_tokens_per_s(*lengths, concurrency)
            / roofline.output_tokens_per_s(*lengths, full.concurrency)
        )

    return ReplicaSpeed(full, at, Evidence.ESTIMATED)


def _measured(
    replica: FleetReplica,
    row: Deployment,
    input_tokens: float,
    output_tokens: float,
    max_concurrency: float,
) -> ReplicaSpeed:
    """The user's own curve; other lengths by the roofline's ratio, which a CPU does not have."""
    curve = MeasuredCurve.of(row)
    planned = max_concurrency if curve.planned is None else min(curve.planned, max_concurrency)
    if curve.is_near(input_tokens, output_tokens):
        full = Throughput(curve.at(planned), planned, row.evidence)
        if row.evidence != Evidence.MEASURED:
            return ReplicaSpeed(full, curve.at, row.evidence)
        method = message("your own measured curve")
        return ReplicaSpeed(full, curve.at, row.evidence, method, CURVE_SIGMA_LOG)
    if replica.served.gpu.is_cpu:
        raise Infeasible(
            message(
                "{deployment} was measured at {input:,.0f} tokens in and {output:,.0f} out, and nothing "
                "carries that to {new_input:,.0f} and {new_output:,.0f} on a CPU (measure at these lengths)",
                deployment=row.name,
                input=curve.input_tokens,
                output=curve.output_tokens,
                new_input=input_tokens,
                new_output=output_tokens,
            )
        )
    roofline = replica.roofline

    def at(concurrency: float) -> float:
        wanted = roofline.output_tokens_per_s(input_tokens, output_tokens, concurrency)
        measured = roofline.output_tokens_per_s(curve.input_tokens, curve.output_tokens, concurrency)
        return curve.at(concurrency) * wanted / measured

    return ReplicaSpeed(Throughput(at(planned), planned, Evidence.ESTIMATED), at, Evidence.ESTIMATED)


def _predicted(
    replica: FleetReplica, input_tokens: float, output_tokens: float, max_concurrency: float
) -> ReplicaSpeed:
    """Prediction for a setup without a measurement of its own, from measurements of similar ones."""
    predict = _predictions(replica)
    planned = min(float(replica.requests_at_once), max_concurrency)
    if np.ndim(input_tokens) or np.ndim(output_tokens) or np.ndim(planned):
        return _interpolated(predict, input_tokens, output_tokens, planned)

    def at(concurrency: float) -> float:
        """Between the powers of two on either side, in log concurrency."""
        speed: float = each_distinct(speed_at, concurrency)
        return speed

    def speed_at(concurrency: float) -> float:
        low = 2.0 ** math.floor(math.log2(concurrency))
        high = min(2 * low, planned)
        if concurrency >= planned or high <= low:
            return predict(input_tokens, output_tokens, min(concurrency, planned)).output_tokens_per_s
        part = math.log(concurrency / low) / math.log(high / low)
        slow, fast = (predict(input_tokens, output_tokens, end).output_tokens_per_s for end in (low, high))
        return slow + (fast - slow) * part

    best = predict(input_tokens, output_tokens, planned)
    full = Throughput(best.output_tokens_per_s, planned, best.evidence)
    return ReplicaSpeed(full, at, best.evidence, best.method, best.sigma_log, best.warnings)


def _interpolated(
    predict: Predict, input_tokens: float, output_tokens: float, planned: float
) -> ReplicaSpeed:
    """Prediction for sample arrays; evidence and spread are those of the first sample."""

    def at(concurrency: float) -> float:
        speeds: float = interpolated_speed(
            lambda *point: predict(*point).output_tokens_per_s, input_tokens, output_tokens, concurrency
        )
        return speeds

    first = predict(*(float(np.ravel(samples)[0]) for samples in (input_tokens, output_tokens, planned)))
    full = Throughput(at(planned), planned, first.evidence)
    return ReplicaSpeed(full, at, first.evidence, first.method, first.sigma_log, first.warnings)


def _predictions(replica: FleetReplica) -> Predict:
    """Predictions for a replica, by input tokens, output tokens and concurrency."""
    served, predictor = replica.served, predictor_of(replica.prices)

    def predict(input_tokens: float, output_tokens: float, concurrency: float) -> Prediction:
        question = Question(
            served.model.id,
            served.gpu.id,
            served.precision,
            served.gpus,
            "",
            replica.engine,
            input_tokens,
            output_tokens,
            concurrency,
        )
        return _prediction(predictor, question)

    return predict


@lru_cache(maxsize=4096)
def _prediction(predictor: Predictor, question: Question) -> Prediction:
    """Cached: months, percentiles and volumes need the same prediction again."""
    return predictor.predict(question)


_FITTING = Lock()
"""Sessions share the fitted predictors."""
_FITTED: dict[tuple[int, ...], tuple[PricesOnDay, Predictor]] = {}


def predictor_of(prices: PricesOnDay) -> Predictor:
    """Fitted once for the same models, GPUs and deployments, whatever else changes from day to day.

    The key is the identity of the row objects; the rows are kept with it, so that no identity is used again.
    """
    rows = [row for kind in (OpenModel, Gpu, Deployment) for row in prices.rows(kind).values()]
    key = tuple(id(row) for row in rows)
    with _FITTING:
        if key not in _FITTED:
            while len(_FITTED) >= _MAX_FITTED:
                del _FITTED[next(iter(_FITTED))]
            _FITTED[key] = (prices, Predictor.of(prices))
        return _FITTED[key][1]

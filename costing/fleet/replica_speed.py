"""How fast one replica answers, from the best evidence that its choice allows."""

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
from ..serving.measured_curve import CURVE_SIGMA_LOG, OwnCurve
from ..serving.predictor import Prediction, Predictor, Question
from ..serving.throughput import Replica, Throughput, throughput
from ..strategy.base import Infeasible
from .interpolation import interpolated_speed
from .replica import ServedFleet

_KEPT = 4


@dataclass(frozen=True, slots=True)
class ReplicaSpeed:
    """Output tokens a second of one replica at one pair of lengths, over how many requests share it."""

    full: Throughput
    """At the load that is planned for."""
    at: Callable[[float], float]
    """At another number of requests at once, not above that load's."""
    evidence_below: Evidence
    """Of the speed at fewer requests at once than planned."""
    how: Message | None = None
    """What it rests on; None where its spread is not known."""
    sigma_log: float = 0.0
    warnings: tuple[Message, ...] = ()
    prefill: Callable[[], float | None] = lambda: None
    """Works out `prefill_s` when it is asked for: most plans never do."""

    @property
    def prefill_s(self) -> float | None:
        """Of one request alone; None where nothing tells it from the steps."""
        return self.prefill()

    def times(self, factor: float) -> ReplicaSpeed:
        """So many times as fast, on the word of whoever says so."""
        if factor == 1:
            return self
        at, full = self.at, self.full
        faster = Throughput(
            full.output_tokens_per_s * factor, full.concurrency, weakest(full.evidence, Evidence.ASSUMED)
        )
        return replace(self, full=faster, at=lambda together: at(together) * factor)


def replica_speed(fleet: ServedFleet, input_tokens: float, output_tokens: float, fits: float) -> ReplicaSpeed:
    """At these lengths, where `fits` requests at once fit the memory; raises Infeasible or CrossoverError."""
    row = fleet.deployment
    if row is None:
        return _predicted(fleet, input_tokens, output_tokens, fits)
    if fleet.is_own_curve:
        return _measured(fleet, row, input_tokens, output_tokens, fits)
    try:
        replica = fleet.replica
    except UnknownFigure as blank:
        return _as_rated(row, input_tokens, output_tokens, fits, blank)
    return _rated(row, replica, input_tokens, output_tokens)


def _as_rated(
    row: Deployment, input_tokens: float, output_tokens: float, fits: float, blank: UnknownFigure
) -> ReplicaSpeed:
    """The row's one figure at its own lengths and load: without a roofline nothing carries it to others.

    Raises UnknownFigure at other lengths, and where fewer requests fit than were measured together.
    """
    at_once = fits if row.concurrency is None else float(row.concurrency)
    if not OwnCurve.of(row).is_near(input_tokens, output_tokens) or at_once > fits:
        raise blank
    speed = float(row.output_tokens_per_s)

    def at(concurrency: float) -> float:
        if concurrency != at_once:
            raise blank
        return speed

    return ReplicaSpeed(Throughput(speed, at_once, row.evidence), at, row.evidence)


def _rated(row: Deployment, replica: Replica, input_tokens: float, output_tokens: float) -> ReplicaSpeed:
    """The row's one figure; other lengths and loads by the roofline's ratio."""
    lengths = (input_tokens, output_tokens)
    full = throughput(row, replica, *lengths)

    def at(concurrency: float) -> float:
        if concurrency == full.concurrency:
            return full.output_tokens_per_s
        return (
            full.output_tokens_per_s
            * replica.roofline_output_tokens_per_s(*lengths, concurrency)
            / replica.roofline_output_tokens_per_s(*lengths, full.concurrency)
        )

    return ReplicaSpeed(full, at, Evidence.ESTIMATED)


def _measured(
    fleet: ServedFleet, row: Deployment, input_tokens: float, output_tokens: float, fits: float
) -> ReplicaSpeed:
    """One's own curve; other lengths by the roofline's ratio, which a CPU does not have."""
    curve = OwnCurve.of(row)
    planned = fits if curve.planned is None else min(curve.planned, fits)
    if curve.is_near(input_tokens, output_tokens):
        full = Throughput(curve.at(planned), planned, row.evidence)
        if row.evidence != Evidence.MEASURED:
            return ReplicaSpeed(full, curve.at, row.evidence)
        how = message("your own measured curve")
        return ReplicaSpeed(full, curve.at, row.evidence, how, CURVE_SIGMA_LOG)
    if fleet.served.gpu.is_cpu:
        raise Infeasible(
            message(
                "{deployment} was measured at {input:,.0f} tokens in and {output:,.0f} out, and nothing "
                "carries that to {asked:,.0f} and {answer:,.0f} on a CPU (measure at these lengths)",
                deployment=row.name,
                input=curve.input_tokens,
                output=curve.output_tokens,
                asked=input_tokens,
                answer=output_tokens,
            )
        )
    replica = fleet.replica

    def at(concurrency: float) -> float:
        here = replica.roofline_output_tokens_per_s(input_tokens, output_tokens, concurrency)
        there = replica.roofline_output_tokens_per_s(curve.input_tokens, curve.output_tokens, concurrency)
        return curve.at(concurrency) * here / there

    return ReplicaSpeed(Throughput(at(planned), planned, Evidence.ESTIMATED), at, Evidence.ESTIMATED)


def _predicted(fleet: ServedFleet, input_tokens: float, output_tokens: float, fits: float) -> ReplicaSpeed:
    """Of a setup that nobody measured for us: by measurements of similar ones."""
    served = fleet.served
    predictor = predictor_of(fleet.prices)
    planned = min(float(fleet.requests_at_once), fits)

    def predicted(concurrency: float) -> Prediction:
        return _prediction(
            predictor,
            Question(
                served.model.id,
                served.gpu.id,
                served.precision,
                served.gpus,
                "",
                fleet.engine,
                input_tokens,
                output_tokens,
                concurrency,
            ),
        )

    def at(concurrency: float) -> float:
        """Between the powers of two on either side, in log concurrency."""
        speed: float = each_distinct(speed_at, concurrency)
        return speed

    def speed_at(concurrency: float) -> float:
        low = 2.0 ** math.floor(math.log2(concurrency))
        high = min(2 * low, planned)
        if concurrency >= planned or high <= low:
            return predicted(min(concurrency, planned)).output_tokens_per_s
        part = math.log(concurrency / low) / math.log(high / low)
        slow, fast = predicted(low).output_tokens_per_s, predicted(high).output_tokens_per_s
        return slow + (fast - slow) * part

    if np.ndim(input_tokens) or np.ndim(output_tokens) or np.ndim(planned):
        return _predicted_between(fleet, input_tokens, output_tokens, planned)
    best = predicted(planned)
    full = Throughput(best.output_tokens_per_s, planned, best.evidence)
    return ReplicaSpeed(full, at, best.evidence, best.how, best.sigma_log, best.warnings)


def _predicted_between(
    fleet: ServedFleet, input_tokens: float, output_tokens: float, planned: float
) -> ReplicaSpeed:
    """For columns of draws; what it rests on is that of the first."""
    served, predictor = fleet.served, predictor_of(fleet.prices)

    def asked(i: float, o: float, together: float) -> Prediction:
        question = Question(
            served.model.id, served.gpu.id, served.precision, served.gpus, "", fleet.engine, i, o, together
        )
        return _prediction(predictor, question)

    def at(concurrency: float) -> float:
        found: float = interpolated_speed(
            lambda *place: asked(*place).output_tokens_per_s, input_tokens, output_tokens, concurrency
        )
        return found

    middle = asked(*(float(np.ravel(place)[0]) for place in (input_tokens, output_tokens, planned)))
    full = Throughput(at(planned), planned, middle.evidence)
    return ReplicaSpeed(full, at, middle.evidence, middle.how, middle.sigma_log, middle.warnings)


@lru_cache(maxsize=4096)
def _prediction(predictor: Predictor, asked: Question) -> Prediction:
    """Asked once: months, percentiles and volumes ask the same again."""
    return predictor.predict(asked)


_FITTING = Lock()
"""Sessions share what is fitted."""
_FITTED: dict[tuple[int, ...], tuple[PricesOnDay, Predictor]] = {}


def predictor_of(prices: PricesOnDay) -> Predictor:
    """Fitted once for the same models, GPUs and deployments, whatever else changes from day to day.

    Told apart by which row objects they are; the rows are kept with it, so no identity comes back.
    """
    rows = [row for kind in (OpenModel, Gpu, Deployment) for row in prices.rows(kind).values()]
    key = tuple(id(row) for row in rows)
    with _FITTING:
        if key not in _FITTED:
            while len(_FITTED) >= _KEPT:
                del _FITTED[next(iter(_FITTED))]
            _FITTED[key] = (prices, Predictor.of(prices))
        return _FITTED[key][1]
